// A registry in memory whose decisions are timed, each kind of command by
// itself, beside what the same command's bytes cost to parse, to serialise and
// to hash.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/registry/decide.h"
#include "core/registry/state/state.h"

namespace dataip::bench {

using Seconds = std::chrono::duration<double>;

struct Cost {
  uint64_t commands = 0;
  uint64_t cases = 0;  // as commands, but the items of a batch each
  Seconds decide{0};
  Seconds fold{0};   // context, Evolve and remembering the command
  Seconds floor{0};  // canonical parse, serialise, SHA-256
};

class TimedRegistry {
 public:
  explicit TimedRegistry(registry::State state) : state_(std::move(state)) {}

  const registry::State& state() const { return state_; }
  int64_t now_ms() const { return state_.clock_ms; }

  // From now on the cost is counted.
  void StartCounting() { counting_ = true; }
  const std::map<std::string, Cost>& costs() const { return costs_; }

  // Issued now, under a new id.
  registry::v1::Command NewCommand(const std::string& actor, uint64_t version);

  // Decides and folds it, after what the clock owes. Ends the program on a
  // refusal.
  registry::Events Run(const registry::v1::Command& command,
                       const std::vector<std::string>& signer_key_ids);

  void set_clock_key_id(std::string key_id) { clock_ = {std::move(key_id)}; }

 private:
  void RunOverdue();
  registry::Events RunOne(const registry::v1::Command& command,
                          const std::vector<std::string>& signer_key_ids);

  registry::State state_;
  std::vector<std::string> clock_;
  bool counting_ = false;
  uint64_t commands_ = 0;
  std::map<std::string, Cost> costs_;
};

}  // namespace dataip::bench
