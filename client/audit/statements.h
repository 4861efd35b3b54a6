// What was seen of the ledger elsewhere and must agree with the export:
// checkpoints, receipts, bundles.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "client/audit/audit.h"
#include "core/hash/hash.h"
#include "core/verify/replay.h"
#include "core/verify/trust.h"

namespace dataip::client {

// Reads statements before the replay, listens while entries go by, and
// compares at the end.
class Statements {
 public:
  // `trust` and `replayer` outlive this.
  Statements(const verify::Trust& trust, verify::Replayer& replayer);

  // A statement that does not hold by itself is a finding at once.
  void AddSince(const Statement& since);
  void AddSeen(const Statement& seen);

  // Every header, in order.
  void TakeHeader(uint64_t index, const std::string& header);

  // After the last entry.
  void Compare();

 private:
  struct Root {
    std::string name;
    std::string rule;
    uint64_t size = 0;
    hash::Hash root;
  };
  struct Header {
    std::string name;
    uint64_t index = 0;
    std::string bytes;
    bool found = false;
  };

  void Broken(const Statement& statement, const std::string& rule,
              const std::string& zh, const std::string& en);
  void Undecided(const Statement& statement, const std::string& rule,
                 const std::string& zh, const std::string& en);
  // Whether the note is a checkpoint of this ledger; remembers its root.
  bool AddCheckpoint(const Statement& statement, const std::string& note,
                     const std::string& rule);
  bool AddReceipt(const Statement& statement);
  bool AddBundle(const Statement& statement);

  const verify::Trust& trust_;
  verify::Replayer& replayer_;
  std::vector<Root> roots_;
  std::vector<Header> headers_;
};

}  // namespace dataip::client
