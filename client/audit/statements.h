// What was seen of the ledger elsewhere and must agree with the export:
// checkpoints, receipts, bundles.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "client/audit/audit.h"
#include "core/hash/hash.h"
#include "core/verify/batch.h"
#include "core/verify/replay.h"
#include "core/verify/trust.h"

namespace dataip::client {

// Reads statements before the replay, listens while entries go by, and
// compares at the end. Only what the ledger's keys have signed can accuse it:
// such a statement that contradicts the export is broken. Bytes that are no
// statement, or whose signatures or proofs do not hold, and statements newer
// than the export cannot be decided.
class Statements {
 public:
  // `trust` and `replayer` outlive this.
  Statements(const verify::Trust& trust, verify::Replayer& replayer);

  // Before the first entry.
  void AddSince(const Statement& since);
  void AddSeen(const Statement& seen);

  // Every header, in order: those of a batch whose first has this index.
  void TakeHeaders(uint64_t first, const verify::Batch& batch);

  // After the last entry.
  void Compare();

  // Records what could not be used, all statements in one finding. Last, and
  // even when the export could not be read.
  void Report();

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
    // Led to a checkpoint that the ledger's keys have signed.
    bool proved = false;
    bool found = false;
  };
  // What cannot be decided, and why.
  struct Doubt {
    std::string rule;
    std::string zh;
    std::string en;
  };

  void Broken(const std::string& name, const std::string& rule,
              const std::string& zh, const std::string& en);
  void CannotUse(const std::string& name, const std::string& rule,
                 const std::string& zh, const std::string& en);
  void IsNewer(const std::string& name, const std::string& rule);
  // Whether the note is a checkpoint; remembers its root when the ledger's
  // keys have signed it, else why it cannot be used.
  bool AddCheckpoint(const Statement& statement, const std::string& note,
                     const std::string& rule);
  bool AddReceipt(const Statement& statement);
  bool AddBundle(const Statement& statement);

  const verify::Trust& trust_;
  verify::Replayer& replayer_;
  std::vector<Root> roots_;
  std::vector<Header> headers_;
  std::vector<Doubt> doubts_;
  uint64_t entries_ = 0;  // seen so far
};

}  // namespace dataip::client
