#include "services/ledger/committer.h"

#include <chrono>
#include <utility>

#include "services/common/error.h"
#include "services/common/logging.h"

namespace dataip::ledger {

Committer::Committer(Parts parts, std::function<void()> ready)
    : parts_(parts),
      ready_(std::move(ready)),
      written_(parts.tree.size()),
      thread_([this] { Run(); }) {}

Committer::~Committer() {
  {
    base::MutexLock lock(mutex_);
    stopping_ = true;
  }
  submitted_.NotifyOne();
  thread_.join();
}

void Committer::Submit(Commit commit) {
  {
    base::MutexLock lock(mutex_);
    while (unwritten_ >= limits::kCommitsInFlight) progressed_.Wait(mutex_);
    ++unwritten_;
    ++unfinished_;
    waiting_.push_back(std::move(commit));
  }
  submitted_.NotifyOne();
}

bool Committer::IsReady() const {
  base::MutexLock lock(mutex_);
  return unwritten_ == 0;
}

void Committer::AwaitAll() {
  base::MutexLock lock(mutex_);
  while (unfinished_ > 0) progressed_.Wait(mutex_);
}

void Committer::Run() {
  while (std::optional<Commit> commit = Take()) {
    Write(*commit);
    bool ready = false;
    {
      base::MutexLock lock(mutex_);
      ready = --unwritten_ == 0;
    }
    progressed_.NotifyOne();
    // The next batch comes while this one is acknowledged.
    if (ready) ready_();
    Follow(*commit);
    {
      base::MutexLock lock(mutex_);
      --unfinished_;
    }
    progressed_.NotifyOne();
  }
}

std::optional<Commit> Committer::Take() {
  base::MutexLock lock(mutex_);
  while (waiting_.empty() && !stopping_) submitted_.Wait(mutex_);
  if (waiting_.empty()) return std::nullopt;
  std::optional<Commit> commit(std::move(waiting_.front()));
  waiting_.pop_front();
  return commit;
}

void Committer::Write(Commit& commit) {
  const auto begun = std::chrono::steady_clock::now();
  const absl::Status status = parts_.store.Commit(commit.batch);
  if (status.ok()) {
    if (parts_.meters != nullptr) {
      parts_.meters->Committed(begun, commit.size - written_);
    }
    written_ = commit.size;
    return;
  }
  services::Fatal("write failed; the ledger ends",
                  {{"size", std::to_string(commit.size)},
                   {"error", services::LogText(status)}});
}

void Committer::Follow(Commit& commit) {
  parts_.tree.Publish(commit.nodes);
  parts_.durable.Advance(commit.size);
  for (Commit::Acknowledgement& each : commit.acknowledgements) {
    each.done(std::move(each.receipt));
  }
  if (!commit.sealed.has_value()) return;
  // The map covers the entries before the seal.
  parts_.mapper.Keep(
      commit.sealed->state.size - 1,
      [&checkpointer = parts_.checkpointer, sealed = *std::move(commit.sealed)](
          std::shared_ptr<const MapVersion> map) mutable {
        sealed.state.map = std::move(map);
        checkpointer.Submit(std::move(sealed));
      });
}

}  // namespace dataip::ledger
