// Groups of pieces in line: every thread that works on it does whatever step
// is ready, so that no core waits while there is anything to read, hash,
// verify or decide.
//
//   read      in order, by one thread at a time
//   prepare   by any
//   list      in order, by one thread at a time
//   verify    a signature each, by any
//   take      in order, by one thread at a time
//
// Few groups are in line at a time, however long the export: memory does not
// grow with it.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "client/audit/piece_group.h"
#include "core/base/mutex.h"

namespace dataip::client {

class PieceLine {
 public:
  struct Steps {
    // Null behind the last group.
    std::function<std::unique_ptr<PieceGroup>()> read;
    std::function<void(PieceGroup&)> prepare;
    std::function<void(PieceGroup&)> list;
    // False when what follows is of no interest.
    std::function<bool(PieceGroup&)> take;
  };

  // `threads` is how many will call Work.
  PieceLine(Steps steps, size_t threads);

  // From any number of threads; returns when all is taken, or a step to take
  // said no. One thread alone does everything.
  void Work();

 private:
  enum class Step { kRead, kPrepare, kList, kVerify, kTake };
  enum class State { kRead, kPreparing, kPrepared, kListed, kVerified };

  struct Group {
    std::unique_ptr<PieceGroup> pieces;
    State state = State::kRead;
    size_t signatures_begun = 0;
    size_t signatures_open = 0;
  };

  struct Job {
    Step step = Step::kRead;
    Group* group = nullptr;  // null to read
    size_t signature = 0;
  };

  // Waits for something to do; nothing when all is done.
  std::optional<Job> Next();
  std::optional<Job> Ready() DATAIP_REQUIRES(mutex_);
  std::optional<Job> ReadyToList() DATAIP_REQUIRES(mutex_);
  std::optional<Job> ReadyToVerify() DATAIP_REQUIRES(mutex_);
  std::optional<Job> ReadyToPrepare() DATAIP_REQUIRES(mutex_);
  bool ReadyToRead() const DATAIP_REQUIRES(mutex_);

  void Do(const Job& job);
  void Read();
  void Take(Group& group);
  void Enter(Group& group, State state);

  const Steps steps_;
  const size_t max_groups_;

  base::Mutex mutex_;
  base::CondVar changed_;
  std::deque<std::unique_ptr<Group>> line_ DATAIP_GUARDED_BY(mutex_);
  uint64_t bytes_ DATAIP_GUARDED_BY(mutex_) = 0;
  bool reading_ DATAIP_GUARDED_BY(mutex_) = false;
  bool all_read_ DATAIP_GUARDED_BY(mutex_) = false;
  bool listing_ DATAIP_GUARDED_BY(mutex_) = false;
  bool taking_ DATAIP_GUARDED_BY(mutex_) = false;
  bool ended_ DATAIP_GUARDED_BY(mutex_) = false;
};

}  // namespace dataip::client
