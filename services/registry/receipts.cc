#include "services/registry/receipts.h"

#include <algorithm>
#include <utility>

#include "core/base/limits.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "services/common/error.h"
#include "services/common/logging.h"

namespace dataip::registryd {
namespace {

constexpr uint32_t kReceiptFormat = 1;
// How long one question for the next checkpoint may last: those who wait are
// looked at in between.
constexpr std::chrono::milliseconds kPoll{250};
constexpr std::chrono::milliseconds kPause{100};
constexpr std::chrono::milliseconds kStopPatience{1'000};

// Moves the elements that `wanted` picks to the answer.
template <typename T, typename Wanted>
std::vector<T> TakeIf(std::vector<T>& from, size_t most, const Wanted& wanted) {
  std::vector<T> taken;
  std::erase_if(from, [&](T& element) {
    if (taken.size() == most || !wanted(element)) return false;
    taken.push_back(std::move(element));
    return true;
  });
  return taken;
}

}  // namespace

ReceiptDesk::ReceiptDesk(client::LedgerClient& ledger, std::string origin)
    : ledger_(ledger),
      origin_(std::move(origin)),
      thread_([this] { Follow(); }) {}

ReceiptDesk::~ReceiptDesk() { Stop(); }

v1::Receipt ReceiptDesk::Bare(const Place& place) const {
  v1::Receipt receipt;
  receipt.set_format(kReceiptFormat);
  receipt.set_origin(origin_);
  receipt.set_index(place.index);
  receipt.set_header(place.header);
  return receipt;
}

void ReceiptDesk::Await(Place place, Take take) {
  {
    base::MutexLock lock(mutex_);
    if (!stopping_) {
      const auto until = std::chrono::steady_clock::now() +
                         std::chrono::milliseconds(limits::kReceiptWaitMs);
      waiting_.push_back({std::move(place), until, std::move(take)});
      changed_.NotifyAll();
      return;
    }
  }
  take(Bare(place));
}

SeenCheckpoint ReceiptDesk::NewestAt(uint64_t last_index) const {
  base::MutexLock lock(mutex_);
  return checkpoints_.NewestAt(last_index);
}

SeenCheckpoint ReceiptDesk::Newest() const {
  base::MutexLock lock(mutex_);
  return checkpoints_.newest();
}

void ReceiptDesk::Stop() {
  const auto until = std::chrono::steady_clock::now() + kStopPatience;
  {
    base::MutexLock lock(mutex_);
    while (!stopping_ && !waiting_.empty() &&
           changed_.WaitUntil(mutex_, until)) {
    }
    stopping_ = true;
    changed_.NotifyAll();
  }
  ledger_.CancelWaits();
  if (thread_.joinable()) thread_.join();
  std::vector<Waiting> rest;
  {
    base::MutexLock lock(mutex_);
    rest = std::exchange(waiting_, {});
  }
  for (Waiting& waiting : rest) waiting.take(Bare(waiting.place));
}

std::vector<ReceiptDesk::Waiting> ReceiptDesk::TakeCovered() {
  base::MutexLock lock(mutex_);
  changed_.NotifyAll();
  const uint64_t size = checkpoints_.newest().size;
  return TakeIf(
      waiting_, limits::kProofIndices,
      [size](const Waiting& waiting) { return waiting.place.index < size; });
}

std::vector<ReceiptDesk::Waiting> ReceiptDesk::TakeExpired() {
  const auto now = std::chrono::steady_clock::now();
  base::MutexLock lock(mutex_);
  return TakeIf(waiting_, waiting_.size(),
                [&](const Waiting& waiting) { return waiting.until <= now; });
}

void ReceiptDesk::Follow() {
  for (;;) {
    uint64_t wanted = 0;
    {
      base::MutexLock lock(mutex_);
      if (stopping_) return;
      wanted = checkpoints_.newest().size + 1;
    }
    const auto checkpoint = ledger_.GetCheckpoint(wanted, kPoll);
    {
      base::MutexLock lock(mutex_);
      if (checkpoint.ok()) {
        checkpoints_.Add({checkpoint->size(), checkpoint->seal_time_ms()});
      } else if (!absl::IsDeadlineExceeded(checkpoint.status()) && !stopping_) {
        changed_.WaitFor(mutex_, kPause);
      }
    }
    for (auto covered = TakeCovered(); !covered.empty();
         covered = TakeCovered()) {
      Prove(std::move(covered));
    }
    for (Waiting& expired : TakeExpired()) expired.take(Bare(expired.place));
  }
}

void ReceiptDesk::Prove(std::vector<Waiting> covered) {
  ledger::v1::GetStateProofRequest request;
  {
    base::MutexLock lock(mutex_);
    request.set_size(checkpoints_.newest().size);
  }
  for (const Waiting& waiting : covered) {
    request.add_indices(waiting.place.index);
  }
  auto proof = ledger_.GetStateProof(request);
  const bool proved =
      proof.ok() &&
      static_cast<size_t>(proof->inclusions_size()) == covered.size();
  if (!proved) {
    services::Log(services::Severity::kWarning, "no proof for receipts",
                  {{"status", services::LogText(proof.status())}});
  }
  for (size_t i = 0; i < covered.size(); ++i) {
    v1::Receipt receipt = Bare(covered[i].place);
    if (proved) {
      receipt.set_checkpoint(proof->checkpoint().note());
      receipt.mutable_path()->Swap(
          proof->mutable_inclusions(static_cast<int>(i))->mutable_path());
    }
    covered[i].take(std::move(receipt));
  }
}

}  // namespace dataip::registryd
