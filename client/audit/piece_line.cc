#include "client/audit/piece_line.h"

#include <utility>

#include "core/base/limits.h"

namespace dataip::client {
namespace {

using base::MutexLock;

// One that is taken, and one that was read, beside those that are worked on.
constexpr size_t kGroupsBesideThreads = 2;

}  // namespace

PieceLine::PieceLine(Steps steps, size_t threads)
    : steps_(std::move(steps)), max_groups_(threads + kGroupsBesideThreads) {}

void PieceLine::Work() {
  while (const auto job = Next()) Do(*job);
}

std::optional<PieceLine::Job> PieceLine::Next() {
  MutexLock lock(mutex_);
  while (!ended_) {
    if (auto job = Ready()) return job;
    changed_.Wait(mutex_);
  }
  return std::nullopt;
}

// What others wait for comes first.
std::optional<PieceLine::Job> PieceLine::Ready() {
  if (!taking_ && !line_.empty() && line_[0]->state == State::kVerified) {
    taking_ = true;
    return Job{Step::kTake, line_[0].get()};
  }
  if (auto job = ReadyToList()) return job;
  if (auto job = ReadyToVerify()) return job;
  if (auto job = ReadyToPrepare()) return job;
  if (!ReadyToRead()) return std::nullopt;
  reading_ = true;
  return Job{Step::kRead};
}

std::optional<PieceLine::Job> PieceLine::ReadyToList() {
  if (listing_) return std::nullopt;
  for (const auto& group : line_) {
    if (group->state == State::kListed || group->state == State::kVerified) {
      continue;
    }
    if (group->state != State::kPrepared) return std::nullopt;
    listing_ = true;
    return Job{Step::kList, group.get()};
  }
  return std::nullopt;
}

std::optional<PieceLine::Job> PieceLine::ReadyToVerify() {
  for (const auto& group : line_) {
    if (group->state == State::kListed &&
        group->signatures_begun < group->pieces->signature_count()) {
      return Job{Step::kVerify, group.get(), group->signatures_begun++};
    }
  }
  return std::nullopt;
}

std::optional<PieceLine::Job> PieceLine::ReadyToPrepare() {
  for (const auto& group : line_) {
    if (group->state != State::kRead) continue;
    group->state = State::kPreparing;
    return Job{Step::kPrepare, group.get()};
  }
  return std::nullopt;
}

bool PieceLine::ReadyToRead() const {
  return !reading_ && !all_read_ && line_.size() < max_groups_ &&
         bytes_ < limits::kAuditReadAheadBytes;
}

void PieceLine::Do(const Job& job) {
  switch (job.step) {
    case Step::kRead:
      return Read();
    case Step::kPrepare:
      steps_.prepare(*job.group->pieces);
      return Enter(*job.group, State::kPrepared);
    case Step::kList:
      steps_.list(*job.group->pieces);
      return Enter(*job.group, State::kListed);
    case Step::kVerify:
      job.group->pieces->VerifySignature(job.signature);
      return Enter(*job.group, State::kVerified);
    case Step::kTake:
      return Take(*job.group);
  }
}

void PieceLine::Read() {
  auto group = std::make_unique<Group>();
  group->pieces = steps_.read();
  MutexLock lock(mutex_);
  reading_ = false;
  if (group->pieces == nullptr) {
    all_read_ = true;
    ended_ |= line_.empty();
  } else {
    bytes_ += group->pieces->byte_size();
    line_.push_back(std::move(group));
  }
  changed_.NotifyAll();
}

// What was done of a group, until `state` is true of all of it.
void PieceLine::Enter(Group& group, State state) {
  MutexLock lock(mutex_);
  if (state == State::kListed) {
    listing_ = false;
    group.signatures_open = group.pieces->signature_count();
    if (group.signatures_open == 0) state = State::kVerified;
  } else if (state == State::kVerified && --group.signatures_open > 0) {
    return;
  }
  group.state = state;
  changed_.NotifyAll();
}

void PieceLine::Take(Group& group) {
  const bool goes_on = steps_.take(*group.pieces);
  std::unique_ptr<Group> taken;  // its memory is given back without the lock
  MutexLock lock(mutex_);
  taking_ = false;
  bytes_ -= group.pieces->byte_size();
  taken = std::move(line_.front());
  line_.pop_front();
  ended_ |= !goes_on || (line_.empty() && all_read_);
  changed_.NotifyAll();
}

}  // namespace dataip::client
