// FollowChanges of RegistryService.
#include <grpc/grpc.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "client/status.h"
#include "core/base/mutex.h"
#include "services/registry/refusals.h"
#include "services/registry/registry_service.h"

namespace dataip::registryd {
namespace {

// Ends a call although its message is still on its way, which gRPC's reactors
// cannot. Thread safe; may outlive the call.
class CallCutter {
 public:
  explicit CallCutter(grpc::CallbackServerContext& context)
      : call_(context.c_call()) {}

  void Cut() {
    grpc_call* call = nullptr;
    {
      base::MutexLock lock(mutex_);
      if (call_ == nullptr) return;
      call = call_;
      grpc_call_ref(call);
    }
    grpc_call_cancel_with_status(call, GRPC_STATUS_UNAVAILABLE,
                                 std::string(Stopping().message()).c_str(),
                                 nullptr);
    grpc_call_unref(call);
  }

  // The call is done.
  void Forget() {
    base::MutexLock lock(mutex_);
    call_ = nullptr;
  }

 private:
  base::Mutex mutex_;
  grpc_call* call_ DATAIP_GUARDED_BY(mutex_);
};

// One step at a time: a message, or a wait. Each step starts the next, so only
// OnCancel runs beside it. It holds one message at most.
class FeedCall final : public grpc::ServerWriteReactor<v1::Change> {
 public:
  FeedCall(grpc::CallbackServerContext& context, Feed& feed)
      : feed_(feed), cutter_(std::make_shared<CallCutter>(context)) {}

  void Begin(const Caller& caller, const v1::FollowChangesRequest& request) {
    auto place = feed_.Enter(caller, [cutter = cutter_] { cutter->Cut(); });
    if (!place.ok()) return End(place.status());
    place_ = *std::move(place);
    auto asked = feed_.Check(caller, request);
    if (!asked.ok()) return End(asked.status());
    asked_ = *std::move(asked);
    next_ = request.from_index();
    if (request.until_now()) stop_at_ = feed_.end();
    said_at_ = std::chrono::steady_clock::now();
    Step();
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return End(absl::CancelledError("the stream is broken"));
    said_at_ = std::chrono::steady_clock::now();
    if (last_) return End(absl::OkStatus());
    Step();
  }

  void OnCancel() override {
    uint64_t ticket = 0;
    {
      base::MutexLock lock(mutex_);
      cancelled_ = true;
      ticket = std::exchange(ticket_, 0);
    }
    if (ticket != 0 && feed_.Cancel(ticket)) {
      End(absl::CancelledError("cancelled"));
    }
  }

  void OnDone() override {
    cutter_->Forget();
    delete this;
  }

 private:
  void Step() {
    if (feed_.stopped()) return End(Stopping());
    const uint64_t end = stop_at_.value_or(feed_.end());
    if (next_ < end) {
      auto told = feed_.Next(asked_, next_, end);
      if (!told.ok()) return End(told.status());
      next_ = told->next;
      change_ = std::move(told->change);
      if (!told->at_end) return StartWrite(&change_);
    }
    if (!stop_at_.has_value()) return WaitForMore();
    if (next_ == 0) return End(absl::OkStatus());
    last_ = true;
    Progress();
  }

  // How far the reader is.
  void Progress() {
    v1::Change().Swap(&change_);
    if (next_ > 0) change_.set_index(next_ - 1);
    StartWrite(&change_);
  }

  void WaitForMore() {
    bool cancelled = false;
    {
      base::MutexLock lock(mutex_);
      cancelled = cancelled_;
      if (!cancelled) {
        ticket_ = feed_.Await(next_, said_at_, [this](Feed::Woken woken) {
          {
            base::MutexLock woken_lock(mutex_);
            ticket_ = 0;
          }
          Wake(woken);
        });
        // From here on the call may end, and `this` be gone.
        if (ticket_ != 0) return;
      }
    }
    End(cancelled ? absl::CancelledError("cancelled") : Stopping());
  }

  void Wake(Feed::Woken woken) {
    switch (woken) {
      case Feed::Woken::kGrown:
        return Step();
      case Feed::Woken::kHeartbeat:
        return Progress();
      case Feed::Woken::kStopped:
        return End(Stopping());
    }
  }

  void End(const absl::Status& status) { Finish(client::ToGrpcStatus(status)); }

  Feed& feed_;
  const std::shared_ptr<CallCutter> cutter_;
  std::unique_ptr<Feed::Place> place_;
  Feed::Asked asked_;
  uint64_t next_ = 0;
  std::optional<uint64_t> stop_at_;
  std::chrono::steady_clock::time_point said_at_;
  bool last_ = false;
  v1::Change change_;

  base::Mutex mutex_;
  uint64_t ticket_ DATAIP_GUARDED_BY(mutex_) = 0;
  bool cancelled_ DATAIP_GUARDED_BY(mutex_) = false;
};

}  // namespace

grpc::ServerWriteReactor<v1::Change>* RegistryService::FollowChanges(
    grpc::CallbackServerContext* context,
    const v1::FollowChangesRequest* request) {
  auto* call = new FeedCall(*context, registry_.feed());
  call->Begin(CallerOf(*context), *request);
  return call;
}

}  // namespace dataip::registryd
