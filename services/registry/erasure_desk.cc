#include "services/registry/erasure_desk.h"

#include <chrono>
#include <optional>

#include "services/common/logging.h"

namespace dataip::registryd {
namespace {

using services::Log;
using services::Severity;

// The ledger goes on when we no longer wait for it.
constexpr std::chrono::milliseconds kCallTimeout{2'000};
constexpr std::chrono::milliseconds kPause{1'000};

// Whether asking again may help.
bool MayPass(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsResourceExhausted(status) || absl::IsInternal(status) ||
         absl::IsUnknown(status) || absl::IsCancelled(status);
}

}  // namespace

ErasureDesk::ErasureDesk(client::LedgerClient& ledger)
    : ledger_(ledger), thread_([this] { Run(); }) {}

ErasureDesk::~ErasureDesk() { Stop(); }

void ErasureDesk::Take(const ErasureToDo& order) {
  base::MutexLock lock(mutex_);
  orders_.emplace(order.order_index(), order);
  changed_.NotifyAll();
}

size_t ErasureDesk::waiting() const {
  base::MutexLock lock(mutex_);
  return orders_.size();
}

void ErasureDesk::Stop() {
  {
    base::MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

// False when the ledger is to be asked again.
bool ErasureDesk::Carried(const ErasureToDo& order) {
  const auto erased = ledger_.ErasePayload(order, kCallTimeout);
  const std::string index = std::to_string(order.order_index());
  if (erased.ok()) {
    Log(Severity::kInfo, "order to erase carried out",
        {{"order", index}, {"payloads", std::to_string(erased->erased())}});
    return true;
  }
  if (MayPass(erased.status())) return false;
  Log(Severity::kError, "the ledger does not carry out an order to erase",
      {{"order", index}, {"status", erased.status().ToString()}});
  return true;
}

void ErasureDesk::Run() {
  for (;;) {
    ErasureToDo order;
    {
      base::MutexLock lock(mutex_);
      while (!stopping_ && orders_.empty()) changed_.Wait(mutex_);
      if (stopping_) return;
      order = orders_.begin()->second;
    }
    const bool carried = Carried(order);
    base::MutexLock lock(mutex_);
    if (carried) {
      orders_.erase(order.order_index());
      continue;
    }
    const auto until = std::chrono::steady_clock::now() + kPause;
    while (!stopping_ && changed_.WaitUntil(mutex_, until)) {
    }
  }
}

}  // namespace dataip::registryd
