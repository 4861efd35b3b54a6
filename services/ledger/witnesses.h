// The witnesses that a ledger asks, all at once and the newest checkpoint
// only: one request in flight a witness.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/limits.h"
#include "core/base/mutex.h"
#include "services/common/metrics.h"
#include "services/common/worker.h"
#include "services/ledger/witness_client.h"

namespace dataip::ledger {

// What is published when fewer than the quorum have cosigned in time.
enum class WitnessPolicy {
  kPublish,  // the checkpoint, unwitnessed
  kHold,     // nothing: the last witnessed one stays the newest
};

struct WitnessOptions {
  std::vector<WitnessSetting> witnesses;  // none: nobody is asked
  size_t quorum = 0;                      // 1 to their number
  WitnessPolicy policy = WitnessPolicy::kPublish;
  WitnessTransport transport;
  std::chrono::milliseconds interval{limits::kWitnessIntervalMs};

  // From the settings' text: lines "<vkey> <url>", "publish" or "hold".
  // INVALID_FIELD names the setting.
  static absl::StatusOr<WitnessOptions> From(
      const std::vector<std::string>& lines, uint64_t quorum,
      const std::string& policy);
};

// What the round that began last has brought so far.
struct Gathered {
  std::string lines;  // of those who cosigned, in the configured order
  size_t cosigned = 0;
  size_t waiting = 0;  // answers that may still come
  // What is found when a witness claims to have seen what this ledger did not
  // sign; OK once all that claimed it have cosigned.
  absl::Status claim;
  // The same once it is confirmed: by limits::kConflictClaims answers of one
  // witness without a cosignature between, or by the quorum, of two at least.
  // Stays.
  absl::Status conflict;
};

// Thread safe.
class Witnesses {
 public:
  // `changed` is called from threads of this object after every answer; it
  // must not wait. `metrics` may be null and outlives this.
  Witnesses(const WitnessOptions& options,
            const WitnessClient::ReaderOf& reader_of,
            std::function<void()> changed, services::Metrics* metrics);
  // Waits for requests in flight, at most the transport's timeout.
  ~Witnesses();

  size_t count() const { return each_.size(); }

  // No witness can have seen anything: the ledger has signed nothing yet.
  void ExpectNothing();

  // The ledger has signed up to this size.
  void Signed(uint64_t size);

  // Begins a round: asks every witness that has no request in flight. Answers
  // of the round before are dropped from now on.
  void Begin(const SignedCheckpoint& checkpoint);

  Gathered Look() const;

 private:
  struct Each {
    explicit Each(WitnessClient witness_client)
        : client(std::move(witness_client)), worker(1) {}
    WitnessClient client;  // its worker's thread only
    std::atomic<uint64_t> cosigned_size = 0;
    bool busy = false;    // under mutex_
    bool reached = true;  // what was logged last; its worker's thread only
    uint64_t round = 0;   // that was asked; under mutex_
    std::string line;     // of that round; under mutex_
    std::atomic<int> claims = 0;  // since it cosigned; written under mutex_
    absl::Status claim;           // the last one; under mutex_
    services::Worker worker;
  };

  void AddMetrics(Each& each);
  void Weigh(Each& each, const WitnessAnswer& answer) DATAIP_REQUIRES(mutex_);
  void Report(Each& each, const WitnessAnswer& answer);
  static void LogAnswer(Each& each, const WitnessAnswer& answer);

  const size_t quorum_;
  const std::function<void()> changed_;
  services::Metrics* const metrics_;
  std::atomic<uint64_t> largest_signed_ = 0;
  mutable base::Mutex mutex_;
  uint64_t round_ DATAIP_GUARDED_BY(mutex_) = 0;
  absl::Status conflict_ DATAIP_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<Each>> each_;
};

}  // namespace dataip::ledger
