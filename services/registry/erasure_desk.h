// Has the ledger carry out orders to erase: asks until it has.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <thread>

#include "absl/status/status.h"
#include "core/base/mutex.h"
#include "services/registry/erasures.h"

namespace dataip::registryd {

// How long an order waits after a failure: `first`, then twice as long each
// time, up to `last`; `last` at once when the ledger refuses. Each order by
// itself: one that the ledger cannot carry out keeps no other waiting.
struct ErasurePauses {
  std::chrono::milliseconds first{1'000};
  std::chrono::milliseconds last{60'000};
};

// Thread safe.
class ErasureDesk {
 public:
  // Has the ledger carry out one order; waits limits::kErasureAnswerMs at most.
  using Ask = std::function<absl::Status(const ErasureToDo& order)>;

  explicit ErasureDesk(Ask ask, ErasurePauses pauses = {});
  // Stop().
  ~ErasureDesk();

  // The ledger is asked in the desk's own thread, again and again until it has
  // carried the order out. A refusal is told in the log and changes nothing
  // else: an order is given up by nobody, and what refuses it (the ledger's
  // configuration, a damaged database) may be mended without our knowing.
  void Take(const ErasureToDo& order);
  // How many orders the ledger has not yet carried out.
  size_t waiting() const;

  // What is not carried out comes again with the next start.
  void Stop();

 private:
  using Clock = std::chrono::steady_clock;
  struct Waiting {
    ErasureToDo order;
    Clock::time_point ask_at;
    std::chrono::milliseconds pause;                   // after the next failure
    absl::StatusCode refused = absl::StatusCode::kOk;  // as the log was told
  };
  using Orders = std::map<uint64_t, Waiting>;

  void Run();
  std::optional<ErasureToDo> NextToAsk() DATAIP_EXCLUDES(mutex_);
  void Settle(uint64_t order_index, const absl::Status& erased)
      DATAIP_EXCLUDES(mutex_);
  void PutOff(Waiting& waiting, const absl::Status& why)
      DATAIP_REQUIRES(mutex_);

  const Ask ask_;
  const ErasurePauses pauses_;
  mutable base::Mutex mutex_;
  base::CondVar changed_;
  Orders orders_ DATAIP_GUARDED_BY(mutex_);
  bool stopping_ DATAIP_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dataip::registryd
