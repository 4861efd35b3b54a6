#include "services/ledger/answers.h"

#include <algorithm>
#include <utility>

#include "core/base/limits.h"
#include "services/common/error.h"

namespace dataip::ledger {
namespace {

using std::chrono::steady_clock;

}  // namespace

absl::Status TooManyReaders() {
  return services::Overloaded({"too many reads at once; try again later",
                               "同时读取的调用过多，请稍后重试"});
}

absl::Status StalledReader() {
  return services::Overloaded(
      {"an answer was not read while others waited; read faster, or go on from "
       "the next entry later",
       "其他读取者等待时，应答长时间未被接收；请加快接收，或稍后从下一条继续"});
}

Answers::Answers(const Limits& limits) : limits_(limits) {
  for (size_t i = 0; i < limits.threads; ++i) {
    threads_.emplace_back([this] { Run(); });
  }
}

Answers::~Answers() {
  {
    base::MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.NotifyAll();
  for (std::thread& thread : threads_) thread.join();
}

std::shared_ptr<Answers::Place> Answers::Enter(Kind kind,
                                               std::function<void()> cut) {
  auto place = std::make_shared<Place>(*this, kind, std::move(cut));
  base::MutexLock lock(mutex_);
  if (places_.size() >= limits_.calls) {
    crowded_until_ = steady_clock::now() + 2 * limits_.patience;
    changed_.NotifyAll();
    return nullptr;
  }
  places_.insert(place.get());
  return place;
}

void Answers::Close(const absl::Status& status) {
  std::vector<Then> waiting;
  {
    base::MutexLock lock(mutex_);
    closed_ = status;
    for (std::list<Place*>& queue : waiting_) {
      for (Place* place : queue)
        waiting.push_back(std::exchange(place->then_, nullptr));
      queue.clear();
    }
  }
  for (const Then& then : waiting) then(status);
}

// Of the parts of the other kinds, what they have not taken stays free. An
// answer that is larger than all of the room goes when nothing is on its way.
bool Answers::Fits(Kind kind, size_t bytes) const {
  size_t used = 0;
  size_t kept = 0;
  for (size_t each = 0; each < kKinds; ++each) {
    used += used_bytes_[each];
    const size_t part = each == kind ? 0 : limits_.kept_bytes[each];
    kept += part - std::min(part, used_bytes_[each]);
  }
  return used == 0 || used + kept + bytes <= limits_.bytes;
}

void Answers::Charge(Place& place, size_t bytes) {
  place.held_bytes_ += bytes;
  used_bytes_[place.kind_] += bytes;
}

void Answers::Discharge(Place& place) {
  const size_t bytes = std::exchange(place.held_bytes_, 0);
  if (place.cut_ == nullptr && bytes > 0) {
    const std::chrono::milliseconds kept{limits::kCutAnswerKeptMs};
    kept_.push_back({steady_clock::now() + kept, place.kind_, bytes});
    changed_.NotifyOne();
  } else {
    used_bytes_[place.kind_] -= bytes;
  }
  place.sent_at_ = Time::max();
  Admit();
}

void Answers::Admit() {
  for (std::list<Place*>& queue : waiting_) {
    while (!queue.empty()) {
      Place& place = *queue.front();
      if (!Fits(place.kind_, place.wanted_bytes_)) break;
      queue.pop_front();
      Charge(place, place.wanted_bytes_);
      jobs_.emplace_back([then = std::exchange(place.then_, nullptr)] {
        then(absl::OkStatus());
      });
      changed_.NotifyOne();
    }
  }
}

size_t Answers::CountWaiting() const {
  size_t count = 0;
  for (const std::list<Place*>& queue : waiting_) count += queue.size();
  return count;
}

bool Answers::IsCrowded() const {
  return CountWaiting() > 0 || steady_clock::now() < crowded_until_;
}

std::chrono::milliseconds Answers::Patience() const {
  const auto waiting = static_cast<int64_t>(CountWaiting());
  const int64_t scale =
      1 + waiting / static_cast<int64_t>(limits::kImpatientCalls);
  const std::chrono::milliseconds least{limits::kLeastStalledAnswerMs};
  return std::min(limits_.patience, std::max(least, limits_.patience / scale));
}

std::vector<std::function<void()>> Answers::TakeStalled() {
  std::vector<std::function<void()>> stalled;
  if (!IsCrowded()) return stalled;
  const Time since = steady_clock::now() - Patience();
  for (Place* place : places_) {
    if (place->sent_at_ <= since && place->cut_ != nullptr) {
      stalled.push_back(std::exchange(place->cut_, nullptr));
    }
  }
  return stalled;
}

Answers::Time Answers::NextLook() const {
  Time next = Time::max();
  if (!kept_.empty()) next = std::min(next, kept_.front().until);
  if (!IsCrowded()) return next;
  for (const Place* place : places_) {
    if (place->sent_at_ == Time::max() || place->cut_ == nullptr) continue;
    next = std::min(next, place->sent_at_ + Patience());
  }
  // Answers that leave from now on are looked at in their time too.
  return std::min(next, steady_clock::now() + Patience());
}

void Answers::DropKept() {
  bool dropped = false;
  while (!kept_.empty() && kept_.front().until <= steady_clock::now()) {
    used_bytes_[kept_.front().kind] -= kept_.front().bytes;
    kept_.pop_front();
    dropped = true;
  }
  if (dropped) Admit();
}

void Answers::Run() {
  mutex_.Lock();
  while (true) {
    std::vector<std::function<void()>> work;
    DropKept();
    // However many jobs there are: the stalled may be what they wait for.
    if (jobs_.empty() || next_look_ <= steady_clock::now()) {
      work = TakeStalled();
      next_look_ = steady_clock::now() +
                   std::chrono::milliseconds(limits::kLeastStalledAnswerMs);
    }
    if (work.empty() && !jobs_.empty()) {
      work.push_back(std::move(jobs_.front()));
      jobs_.pop_front();
    }
    if (work.empty()) {
      if (stopping_) break;
      const Time next = NextLook();
      if (next == Time::max()) {
        changed_.Wait(mutex_);
      } else {
        changed_.WaitUntil(mutex_, next);
      }
      continue;
    }
    mutex_.Unlock();
    for (const auto& job : work) job();
    work.clear();
    mutex_.Lock();
  }
  mutex_.Unlock();
}

Answers::Place::~Place() {
  base::MutexLock lock(answers_.mutex_);
  if (answers_.places_.erase(this) != 0) answers_.Discharge(*this);
}

bool Answers::Place::TryReserve(size_t bytes) {
  base::MutexLock lock(answers_.mutex_);
  if (!left_.ok() || !answers_.closed_.ok()) return false;
  if (!answers_.waiting_[kind_].empty() || !answers_.Fits(kind_, bytes)) {
    return false;
  }
  answers_.Charge(*this, bytes);
  return true;
}

void Answers::Place::Await(size_t bytes,
                           std::function<void(absl::Status)> then) {
  absl::Status ended;
  {
    base::MutexLock lock(answers_.mutex_);
    ended = left_.ok() ? answers_.closed_ : left_;
    if (ended.ok()) {
      wanted_bytes_ = bytes;
      then_ = std::move(then);
      answers_.waiting_[kind_].push_back(this);
      answers_.Admit();
      answers_.changed_.NotifyOne();
      return;
    }
  }
  then(ended);
}

bool Answers::Place::Sending(size_t bytes) {
  base::MutexLock lock(answers_.mutex_);
  answers_.used_bytes_[kind_] -= std::exchange(held_bytes_, 0);
  answers_.Charge(*this, bytes);
  sent_at_ = steady_clock::now();
  answers_.Admit();
  size_t used = 0;
  for (const size_t bytes_of_kind : answers_.used_bytes_) used += bytes_of_kind;
  return used > answers_.limits_.bytes / 4;
}

void Answers::Place::Release() {
  base::MutexLock lock(answers_.mutex_);
  const bool taken = sent_at_ != Time::max();
  answers_.Discharge(*this);
  if (taken && kind_ == kNew) kind_ = kProven;
}

void Answers::Place::Leave(absl::Status status) {
  std::function<void(absl::Status)> then;
  {
    base::MutexLock lock(answers_.mutex_);
    left_ = status;
    if (then_ != nullptr) {
      then = std::exchange(then_, nullptr);
      answers_.waiting_[kind_].remove(this);
      answers_.Admit();
    }
  }
  if (then != nullptr) then(std::move(status));
}

}  // namespace dataip::ledger
