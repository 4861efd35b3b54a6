// A witness as C2SP tlog-witness has it: signs a log's checkpoint when it is
// consistent with the one it signed before, and never forgets which that was.
// Knows no network.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/mutex.h"
#include "core/crypto/cosigner.h"
#include "services/common/line_budget.h"
#include "services/common/metrics.h"
#include "services/witness/memory.h"
#include "services/witness/watched_log.h"

namespace dataip::witness {

struct WitnessOptions {
  crypto::Cosigner key;
  std::string data_dir;
  std::vector<WatchedLog> logs;  // of different origins
  std::function<uint64_t()> time_s;
};

// Lines of evidence about one log, of each kind, that are kept in a span.
inline constexpr int kEvidenceLines = 20;
inline constexpr std::chrono::hours kEvidenceSpan{1};

// What is said over HTTP.
struct Answer {
  int status = 200;
  std::string content_type;
  std::string body;
};

// Thread safe. Two requests about one log are answered one after the other,
// so that never both win.
class Witness {
 public:
  // Fails as Memory::Open does. `metrics` outlives the witness.
  static absl::StatusOr<std::unique_ptr<Witness>> Open(
      WitnessOptions options, services::Metrics& metrics);

  // add-checkpoint, in the order of the specification:
  //   400 not a request, or old size > size   404 not a log of ours
  //   403 not signed by the log               409 another old size than ours,
  //   422 no proof of consistency                 or our size with another root
  //   200 with our line: the checkpoint is on the disk before
  //   503 nothing could be written now
  // A write that fails half way ends the process.
  Answer AddCheckpoint(const std::string& body);

  const std::string& vkey() const { return vkey_; }

 private:
  // Of one kind, about one log.
  struct Evidence {
    std::string_view what;
    std::string text = {};  // of the checkpoint that was logged last
    services::LineBudget lines{kEvidenceLines, kEvidenceSpan};
  };
  struct Log {
    Log(WatchedLog watched_log, SeenFile& seen_file)
        : watched(std::move(watched_log)), file(seen_file) {}
    const WatchedLog watched;
    base::Mutex mutex;
    SeenFile& file DATAIP_GUARDED_BY(mutex);
    // Apart: anybody can send a public checkpoint without a proof, and must
    // not keep two roots out of the log by it.
    Evidence two_roots DATAIP_GUARDED_BY(mutex){
        "two roots of one size are signed by the log"};
    Evidence no_proof DATAIP_GUARDED_BY(mutex){
        "a checkpoint without a proof of consistency"};
  };

  Witness(WitnessOptions options, std::string vkey,
          std::unique_ptr<Memory> memory, services::Metrics& metrics);

  Answer Decide(const std::string& body);
  Answer Advance(const proof::AddCheckpoint& request, Log& log)
      DATAIP_EXCLUDES(log.mutex);
  static void KeepEvidence(const proof::AddCheckpoint& request,
                           const Seen& seen, Evidence& evidence);
  Answer Sign(const proof::AddCheckpoint& request, Log& log)
      DATAIP_REQUIRES(log.mutex);

  const crypto::Cosigner key_;
  const std::string vkey_;
  const std::function<uint64_t()> time_s_;
  const std::unique_ptr<Memory> memory_;
  services::Metrics& metrics_;
  std::map<std::string, std::unique_ptr<Log>, std::less<>> logs_;  // by origin
};

}  // namespace dataip::witness
