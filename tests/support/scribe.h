// Writes a ledger command by command: signs, decides, records.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/registry/decide.h"
#include "core/registry/state/state.h"
#include "dataip/registry/v1/command.pb.h"
#include "tests/support/ledger_book.h"

namespace dataip::test {

class Scribe {
 public:
  // The first entry gets `first_time_ms`, each later one 50 ms more.
  Scribe(std::string origin, int64_t first_time_ms);

  // A fresh key under a name.
  absl::Status AddKey(const std::string& name, crypto::Algorithm algorithm);
  v1::PublicKey PublicKeyOf(const std::string& name) const;
  const std::string& KeyIdOf(const std::string& name) const;

  // The time at which the next command is decided.
  int64_t NowMs(const v1::Command& command) const;

  // Completes `command` (id, issued_at, expires_at, actor), signs it by the
  // named keys, decides it and appends the entry. FAILED_PRECONDITION with
  // the refusal's message when Decide refuses it.
  absl::StatusOr<registry::Events> Do(const std::string& actor,
                                      const std::vector<std::string>& signers,
                                      v1::Command command);
  void Seal();

  const registry::State& state() const { return state_; }
  const KeyRing& keys() const { return keys_; }
  const std::map<std::string, std::string>& key_ids() const { return key_ids_; }
  const std::vector<Draft>& drafts() const { return drafts_; }

 private:
  int64_t NextTimeMs() const;

  std::string origin_;
  int64_t first_time_ms_;
  registry::State state_;
  KeyRing keys_;
  std::map<std::string, std::string> key_ids_;
  std::vector<Draft> drafts_;
};

}  // namespace dataip::test
