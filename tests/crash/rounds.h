// Rounds of killing a ledger and taking its power away; each begins with a
// start and a check of all that the ledger ever acknowledged.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <random>
#include <string>

#include "absl/status/status.h"
#include "tests/support/recording_writer.h"
#include "tests/support/shimmed_ledger.h"
#include "tests/support/whole_ledger.h"

namespace dataip::test {

// When the program dies.
enum class Death {
  kAfterAcknowledgements,  // so many
  kAfterTime,              // so many milliseconds of appending
  kAtCall,                 // at one of its calls on files while it appends
  kAtStart,                // at one of those while it starts
  kAtStop,                 // after SIGTERM
};
inline constexpr int kDeaths = 5;
const char* NameOf(Death death);

struct Tally {
  std::array<uint64_t, kDeaths> deaths{};
  uint64_t acknowledged = 0;
  uint64_t lost = 0;     // acknowledged and not there after a start
  uint64_t unknown = 0;  // messages without an answer when the ledger died
  uint64_t cut_bytes = 0;
  uint64_t cut_names = 0;
  uint64_t syncs = 0;
  uint64_t audits = 0;

  void Add(const Tally& other);
};

// One ledger and its writer, through many deaths. One thread.
class LedgerLife {
 public:
  // In a fresh folder below `folder`, which exists.
  LedgerLife(const std::string& folder, uint64_t seed, bool no_sync);
  ~LedgerLife();

  // Start, check, append, death, loss of power. DATA_LOSS when the check
  // fails, but for lost entries, which the tally counts.
  absl::Status Round();

  // Start, check, audit of an export with dataip-audit, clean stop.
  absl::Status Finish();

  const Tally& tally() const { return tally_; }
  // How the round under way began, for the report.
  const std::string& story() const { return story_; }

 private:
  absl::Status StartAndCheck();
  absl::Status DieAtStart();
  absl::Status AppendAndDie(Death death);
  absl::Status Stop(bool killed);
  absl::Status LosePower();
  absl::Status Audit();
  void Await(Death death);

  const bool no_sync_;
  std::mt19937_64 random_;
  ShimmedLedger ledger_;
  RecordingWriter writer_;
  Contents contents_;
  Tally tally_;
  std::string story_;
};

}  // namespace dataip::test
