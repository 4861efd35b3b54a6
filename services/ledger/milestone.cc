#include "services/ledger/milestone.h"

#include <iterator>
#include <utility>
#include <vector>

#include "services/common/error.h"
#include "services/common/worker.h"

namespace dataip::ledger {
namespace {

absl::Status TooManyWait() {
  return services::Overloaded(
      {"too many calls wait; try again later, or for a smaller size",
       "等待的调用过多，请稍后重试，或等待较小的规模"});
}

}  // namespace

uint64_t Milestone::value() const {
  base::MutexLock lock(mutex_);
  return value_;
}

Milestone::Ticket Milestone::Await(uint64_t at_least, Waiter waiter) {
  Ticket ticket;
  absl::Status status;
  {
    base::MutexLock lock(mutex_);
    if (value_ < at_least && closed_.ok()) {
      ticket = {at_least, ++tickets_};
      waiting_.emplace(ticket, std::move(waiter));
      if (waiting_.size() <= most_waiters_) return ticket;
      waiter = std::move(waiting_.extract(std::prev(waiting_.end())).mapped());
      status = TooManyWait();
    } else if (value_ < at_least) {
      status = closed_;
    }
  }
  waiter(std::move(status));
  return ticket;
}

bool Milestone::Cancel(Ticket ticket) {
  base::MutexLock lock(mutex_);
  return waiting_.erase(ticket) > 0;
}

void Milestone::Advance(uint64_t value) {
  {
    base::MutexLock lock(mutex_);
    if (value <= value_) return;
    value_ = value;
    if (waiting_.empty() || releasing_) return;
    releasing_ = true;
  }
  worker_.Post([this] { Release(); });
}

void Milestone::Close(absl::Status status) {
  {
    base::MutexLock lock(mutex_);
    closed_ = std::move(status);
  }
  Release();
}

void Milestone::Release() {
  std::vector<std::pair<Waiter, absl::Status>> released;
  {
    base::MutexLock lock(mutex_);
    releasing_ = false;
    while (!waiting_.empty()) {
      const auto next = waiting_.begin();
      const bool reached = next->first.at_least <= value_;
      if (!reached && closed_.ok()) break;
      released.emplace_back(std::move(next->second),
                            reached ? absl::OkStatus() : closed_);
      waiting_.erase(next);
    }
  }
  for (auto& [waiter, status] : released) waiter(std::move(status));
}

}  // namespace dataip::ledger
