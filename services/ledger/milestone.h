// A number that only grows, and those who wait for it: the durable size and
// the published size. Waiters hold no thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <tuple>

#include "absl/status/status.h"
#include "core/base/limits.h"
#include "core/base/mutex.h"

namespace dataip::services {
class Worker;
}  // namespace dataip::services

namespace dataip::ledger {

// Thread safe. Waiters are called from the worker's thread, where all that
// happens at one number happens one after another, or from Await: they must not
// wait or read. Never under the lock.
class Milestone {
 public:
  // The worker has run its last job before this object is destroyed.
  Milestone(uint64_t value, services::Worker& worker,
            size_t most_waiters = limits::kMilestoneWaits)
      : most_waiters_(most_waiters), value_(value), worker_(worker) {}

  uint64_t value() const;

  // OK when the number is reached, else the status that Close gave, or
  // RESOURCE_EXHAUSTED (OVERLOADED).
  using Waiter = std::function<void(absl::Status)>;
  struct Ticket {
    uint64_t at_least = 0;
    uint64_t number = 0;

    friend bool operator<(const Ticket& a, const Ticket& b) {
      return std::tie(a.at_least, a.number) < std::tie(b.at_least, b.number);
    }
  };

  // Calls `waiter` exactly once, unless Cancel gets there first. When too many
  // wait, the one that waits for the greatest number, maybe this one, is
  // overloaded: those who will soon be answered stay.
  Ticket Await(uint64_t at_least, Waiter waiter);

  // True when the waiter will never be called now.
  bool Cancel(Ticket ticket);

  void Advance(uint64_t value);

  // Ends all waiting, present and future, with `status`.
  void Close(absl::Status status);

 private:
  // Calls those whose number is reached, or all when closed.
  void Release() DATAIP_EXCLUDES(mutex_);

  const size_t most_waiters_;
  mutable base::Mutex mutex_;
  uint64_t value_ DATAIP_GUARDED_BY(mutex_);
  absl::Status closed_ DATAIP_GUARDED_BY(mutex_);
  uint64_t tickets_ DATAIP_GUARDED_BY(mutex_) = 0;
  std::map<Ticket, Waiter> waiting_ DATAIP_GUARDED_BY(mutex_);
  bool releasing_ DATAIP_GUARDED_BY(mutex_) = false;  // Release is queued
  services::Worker& worker_;
};

}  // namespace dataip::ledger
