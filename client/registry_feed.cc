// The feed of changes.
#include <grpcpp/support/sync_stream.h>

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/change_follower.h"
#include "client/registry_calls.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using std::chrono::milliseconds;

constexpr milliseconds kFirstRetry{200};
constexpr milliseconds kLongestRetry{5'000};
// How soon an end is noticed while nobody answers.
constexpr milliseconds kConnectSlice{200};

absl::Status OutOfOrder(uint64_t index, uint64_t next) {
  return absl::DataLossError(
      absl::StrCat("服务器发来第 ", index, " 条的变更，而应从第 ", next,
                   " 条起 (the server told of entry ", index, " where ", next,
                   " or a later one was due)"));
}

}  // namespace

void FollowStop::Stop() {
  base::MutexLock lock(mutex_);
  came_ = true;
  if (call_ != nullptr) call_->TryCancel();
  changed_.NotifyAll();
}

bool FollowStop::came() const {
  base::MutexLock lock(mutex_);
  return came_;
}

bool FollowStop::Wait(milliseconds time) {
  const auto until = std::chrono::steady_clock::now() + time;
  base::MutexLock lock(mutex_);
  while (!came_ && changed_.WaitUntil(mutex_, until)) {
  }
  return came_;
}

bool FollowStop::SetCall(grpc::ClientContext* call) {
  base::MutexLock lock(mutex_);
  call_ = call;
  return !came_;
}

absl::Status RegistryClient::FollowOnce(v1::FollowChangesRequest& request,
                                        const Following& following,
                                        bool& done) {
  grpc::ClientContext context;
  const auto reader = state_->stub->FollowChanges(&context, request);
  if (!following.stop->SetCall(&context)) context.TryCancel();
  absl::Status wrong;
  v1::Change change;
  while (!done && wrong.ok() && reader->Read(&change)) {
    state_->answered = true;
    const bool tells = change.objects_size() > 0;
    if (tells && change.index() < request.from_index()) {
      wrong = OutOfOrder(change.index(), request.from_index());
      break;
    }
    if (change.index() + 1 >= request.from_index()) {
      request.set_from_index(change.index() + 1);
      done = !following.take(change);
    }
    change.Clear();
  }
  if (done || !wrong.ok()) context.TryCancel();
  const grpc::Status ended = reader->Finish();
  following.stop->SetCall(nullptr);
  if (done || !wrong.ok()) return wrong;
  done = ended.ok() && request.until_now();
  if (ended.ok() && !done) {
    return absl::UnavailableError("登记服务结束了连接 (the registry hung up)");
  }
  return state_->StatusOf(ended);
}

absl::Status RegistryClient::FollowChanges(v1::FollowChangesRequest request,
                                           const Following& following) {
  FollowStop nobody;
  Following mine = following;
  if (mine.stop == nullptr) mine.stop = &nobody;
  milliseconds retry = kFirstRetry;
  // Who wants what there is now does not wait for ever.
  auto patience = State::Clock::now() + state_->timeout;
  while (true) {
    const uint64_t before = request.from_index();
    bool done = false;
    absl::Status status = FollowOnce(request, mine, done);
    if (mine.stop->came()) return absl::CancelledError("stopped");
    if (done) return absl::OkStatus();
    if (!state_->IsWorthRepeating(status)) return status;
    if (request.from_index() > before) {
      retry = kFirstRetry;
      patience = State::Clock::now() + state_->timeout;
    }
    if (mine.lost) mine.lost(request.from_index());
    if (mine.stop->Wait(retry)) return absl::CancelledError("stopped");
    retry = std::min(retry * 2, kLongestRetry);
    while (!state_->channel->WaitForConnected(State::Clock::now() +
                                              kConnectSlice)) {
      if (mine.stop->came()) return absl::CancelledError("stopped");
      if (request.until_now() && State::Clock::now() > patience) return status;
    }
    if (request.until_now() && State::Clock::now() > patience) return status;
  }
}

}  // namespace dataip::client
