// A number that only grows, and those who wait for it: the durable size and
// the published size. Waiters hold no thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "absl/status/status.h"
#include "core/base/mutex.h"

namespace dataip::services {
class Worker;
}  // namespace dataip::services

namespace dataip::ledger {

// Thread safe. Waiters are called from the worker's thread (or, when they need
// not wait, from Await), never under the lock.
class Milestone {
 public:
  // The worker has run its last job before this object is destroyed.
  Milestone(uint64_t value, services::Worker& worker)
      : value_(value), worker_(worker) {}

  uint64_t value() const;

  // OK when the number is reached, else the status that Close gave.
  using Waiter = std::function<void(absl::Status)>;
  using Ticket = uint64_t;

  // Calls `waiter` exactly once, unless Cancel gets there first.
  Ticket Await(uint64_t at_least, Waiter waiter);

  // True when the waiter will never be called now.
  bool Cancel(Ticket ticket);

  void Advance(uint64_t value);

  // Ends all waiting, present and future, with `status`.
  void Close(absl::Status status);

 private:
  struct Waiting {
    uint64_t at_least = 0;
    Waiter waiter;
  };
  // Calls those whose number is reached, or all when closed.
  void Release() DATAIP_EXCLUDES(mutex_);

  mutable base::Mutex mutex_;
  uint64_t value_ DATAIP_GUARDED_BY(mutex_);
  absl::Status closed_ DATAIP_GUARDED_BY(mutex_);
  Ticket next_ticket_ DATAIP_GUARDED_BY(mutex_) = 1;
  std::map<Ticket, Waiting> waiting_ DATAIP_GUARDED_BY(mutex_);
  bool releasing_ DATAIP_GUARDED_BY(mutex_) = false;  // Release is queued
  services::Worker& worker_;
};

}  // namespace dataip::ledger
