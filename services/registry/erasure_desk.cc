#include "services/registry/erasure_desk.h"

#include <algorithm>
#include <string>
#include <utility>

#include "services/common/error.h"
#include "services/common/logging.h"
#include "services/registry/refusals.h"

namespace dataip::registryd {
namespace {

using services::Log;
using services::Severity;

}  // namespace

ErasureDesk::ErasureDesk(Ask ask, ErasurePauses pauses)
    : ask_(std::move(ask)), pauses_(pauses), thread_([this] { Run(); }) {}

ErasureDesk::~ErasureDesk() { Stop(); }

void ErasureDesk::Take(const ErasureToDo& order) {
  base::MutexLock lock(mutex_);
  orders_.emplace(order.order_index(),
                  Waiting{order, Clock::now(), pauses_.first});
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

// Waits until an order is due; nothing when the thread has to end.
std::optional<ErasureToDo> ErasureDesk::NextToAsk() {
  base::MutexLock lock(mutex_);
  while (!stopping_) {
    const auto next = std::min_element(
        orders_.begin(), orders_.end(), [](const auto& one, const auto& other) {
          return one.second.ask_at < other.second.ask_at;
        });
    if (next == orders_.end()) {
      changed_.Wait(mutex_);
    } else if (next->second.ask_at <= Clock::now()) {
      return next->second.order;
    } else {
      changed_.WaitUntil(mutex_, next->second.ask_at);
    }
  }
  return std::nullopt;
}

void ErasureDesk::Settle(uint64_t order_index, const absl::Status& erased) {
  base::MutexLock lock(mutex_);
  const auto order = orders_.find(order_index);
  if (!erased.ok()) {
    PutOff(order->second, erased);
    return;
  }
  orders_.erase(order);
  Log(Severity::kInfo, "order to erase carried out",
      {{"order", std::to_string(order_index)}});
}

// A refusal is told once, and again when it becomes another.
void ErasureDesk::PutOff(Waiting& waiting, const absl::Status& why) {
  const bool refused = !MayPass(why);
  if (refused) waiting.pause = pauses_.last;
  waiting.ask_at = Clock::now() + waiting.pause;
  waiting.pause = std::min(waiting.pause * 2, pauses_.last);
  if (!refused || waiting.refused == why.code()) return;
  waiting.refused = why.code();
  Log(Severity::kError, "the ledger refuses an order to erase",
      {{"order", std::to_string(waiting.order.order_index())},
       {"status", services::LogText(why)}});
}

void ErasureDesk::Run() {
  while (const auto order = NextToAsk()) {
    Settle(order->order_index(), ask_(*order));
  }
}

}  // namespace dataip::registryd
