#include "services/ledger/milestone.h"

#include <utility>

#include "services/common/worker.h"

namespace dataip::ledger {

uint64_t Milestone::value() const {
  base::MutexLock lock(mutex_);
  return value_;
}

Milestone::Ticket Milestone::Await(uint64_t at_least, Waiter waiter) {
  absl::Status status;
  {
    base::MutexLock lock(mutex_);
    const Ticket ticket = next_ticket_++;
    if (value_ < at_least && closed_.ok()) {
      waiting_[ticket] = {at_least, std::move(waiter)};
      return ticket;
    }
    if (value_ < at_least) status = closed_;
  }
  waiter(status);
  return 0;
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
    for (auto at = waiting_.begin(); at != waiting_.end();) {
      const bool reached = at->second.at_least <= value_;
      if (!reached && closed_.ok()) {
        ++at;
        continue;
      }
      released.emplace_back(std::move(at->second.waiter),
                            reached ? absl::OkStatus() : closed_);
      at = waiting_.erase(at);
    }
  }
  for (auto& [waiter, status] : released) waiter(std::move(status));
}

}  // namespace dataip::ledger
