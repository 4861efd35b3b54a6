// How much memory the answers to readers hold on their way, so that readers
// who do not read take neither the memory of the ledger nor the turns of those
// who do. Knows no network.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "core/base/limits.h"
#include "core/base/mutex.h"

namespace dataip::ledger {

// Room for answers, given in the order it was asked for among readers of a
// kind. A part of it is kept for each kind, so that none can starve another:
// what a kind has not taken of its part stays free for it. Thread safe.
class Answers {
 public:
  enum Kind : size_t {
    kSingle,  // a call with one answer: the first to get what is free for all
    kNew,     // a stream that has taken no answer yet
    kProven,  // a stream that has
    kKinds,
  };
  struct Limits {
    size_t bytes = 0;
    std::array<size_t, kKinds> kept_bytes{};  // of these, for each kind
    size_t calls = 0;
    size_t threads = 1;
    std::chrono::milliseconds patience{limits::kStalledAnswerMs};
  };
  class Place;

  explicit Answers(const Limits& limits);
  // Every place is gone.
  ~Answers();

  // A call's place, of kSingle or kNew; null when there are too many calls.
  // `cut` is called at most once, when others wait and the call has not taken
  // its answer for as long as there is patience; it may come after the place
  // is gone.
  std::shared_ptr<Place> Enter(Kind kind, std::function<void()> cut);

  // Those who wait, now and later, get `status`.
  void Close(const absl::Status& status);

 private:
  using Then = std::function<void(absl::Status)>;
  using Time = std::chrono::steady_clock::time_point;

  bool Fits(Kind kind, size_t bytes) const DATAIP_REQUIRES(mutex_);
  void Charge(Place& place, size_t bytes) DATAIP_REQUIRES(mutex_);
  void Discharge(Place& place) DATAIP_REQUIRES(mutex_);
  void Admit() DATAIP_REQUIRES(mutex_);
  size_t CountWaiting() const DATAIP_REQUIRES(mutex_);
  std::vector<std::function<void()>> TakeStalled() DATAIP_REQUIRES(mutex_);
  // When there is something to do without being told; none: the far future.
  Time NextLook() const DATAIP_REQUIRES(mutex_);
  std::chrono::milliseconds Patience() const DATAIP_REQUIRES(mutex_);
  bool IsCrowded() const DATAIP_REQUIRES(mutex_);
  void DropKept() DATAIP_REQUIRES(mutex_);
  void Run();

  const Limits limits_;
  base::Mutex mutex_;
  base::CondVar changed_;
  std::set<Place*> places_ DATAIP_GUARDED_BY(mutex_);
  std::array<std::list<Place*>, kKinds> waiting_ DATAIP_GUARDED_BY(mutex_);
  std::deque<std::function<void()>> jobs_ DATAIP_GUARDED_BY(mutex_);
  struct Kept {
    Time until;
    Kind kind = kSingle;
    size_t bytes = 0;
  };
  std::deque<Kept> kept_ DATAIP_GUARDED_BY(mutex_);  // of calls that were cut
  std::array<size_t, kKinds> used_bytes_ DATAIP_GUARDED_BY(mutex_){};
  Time next_look_ DATAIP_GUARDED_BY(mutex_) = Time::min();  // for the stalled
  Time crowded_until_ DATAIP_GUARDED_BY(mutex_) = Time::min();
  absl::Status closed_ DATAIP_GUARDED_BY(mutex_);
  bool stopping_ DATAIP_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

// One call's, with room for one answer at a time. Thread safe.
class Answers::Place {
 public:
  Place(Answers& answers, Kind kind, std::function<void()> cut)
      : answers_(answers), kind_(kind), cut_(std::move(cut)) {}
  // Gives back what it holds. Nothing waits.
  ~Place();
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  // Room for an answer, unless others wait for it.
  bool TryReserve(size_t bytes);
  // Calls `then` exactly once, in a thread of ours: with OK when there is
  // room, which it has then; or, perhaps at once, with the status of Leave or
  // Close.
  void Await(size_t bytes, std::function<void(absl::Status)> then);

  // The answer is made, of so many bytes in truth, and on its way. True when
  // a quarter of the room is taken: to be released only when the network has
  // it, not when gRPC has.
  bool Sending(size_t bytes);
  // It was taken, which proves a stream, or there was none.
  void Release();

  // Ends waiting, now and later.
  void Leave(absl::Status status);

 private:
  friend class Answers;

  // All but the first under the mutex of answers_.
  Answers& answers_;
  Kind kind_;
  std::function<void()> cut_;
  size_t held_bytes_ = 0;
  size_t wanted_bytes_ = 0;
  std::function<void(absl::Status)> then_;  // while it waits
  Time sent_at_ = Time::max();              // while it is on its way
  absl::Status left_;
};

// RESOURCE_EXHAUSTED (OVERLOADED) with when to come again.
absl::Status TooManyReaders();
// The same, of a call that was cut.
absl::Status StalledReader();

}  // namespace dataip::ledger
