#include "services/ledger/append_service.h"

#include <chrono>
#include <deque>
#include <optional>
#include <utility>

#include "client/status.h"
#include "core/base/limits.h"
#include "services/common/error.h"
#include "services/ledger/wire.h"

namespace dataip::ledger {

// One stream. Reads while little is unacknowledged; each message has a slot
// that its answer fills, and slots are answered from the front. The first
// slot that holds an error ends the stream.
class AppendCall final : public AppendReactor,
                         public std::enable_shared_from_this<AppendCall> {
 public:
  AppendCall(AppendCalls& calls, Sequencer& sequencer)
      : calls_(calls), sequencer_(sequencer) {}

  void Begin() {
    self_ = shared_from_this();
    base::MutexLock lock(mutex_);
    ReadMore();
  }

  // Ends the stream once what it accepted is answered.
  void EndWith(absl::Status status) {
    base::MutexLock lock(mutex_);
    if (ending_.ok()) ending_ = std::move(status);
    Pump();
  }

  void FenceBefore(uint64_t live_epoch) {
    {
      base::MutexLock lock(mutex_);
      if (!epoch_.has_value() || *epoch_ >= live_epoch) return;
    }
    EndWith(FencedStatus());
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      base::MutexLock lock(mutex_);
      reading_ = false;
      half_closed_ = true;
      Pump();
      return;
    }
    auto slot = std::make_shared<Slot>();
    slot->received = std::chrono::steady_clock::now();
    slot->sequence = request_.sequence();
    const uint64_t epoch = request_.epoch();
    auto message = Prepare(std::move(request_));
    request_.Clear();
    if (message.ok()) slot->bytes = message->bytes;
    {
      base::MutexLock lock(mutex_);
      epoch_ = epoch;
      slots_.push_back(slot);
      unacknowledged_bytes_ += slot->bytes;
    }
    Submit(slot, std::move(message));
    // Only now may another thread read on: messages queue in their order.
    base::MutexLock lock(mutex_);
    reading_ = false;
    ReadMore();
  }

  void OnWriteDone(bool ok) override {
    base::MutexLock lock(mutex_);
    writing_ = false;
    if (!ok) {
      slots_.clear();
      if (ending_.ok()) ending_ = absl::CancelledError("the stream is broken");
    }
    Pump();
    ReadMore();
  }

  void OnCancel() override {
    base::MutexLock lock(mutex_);
    slots_.clear();
    if (ending_.ok()) ending_ = absl::CancelledError("cancelled");
    Pump();
  }

  void OnDone() override {
    const std::shared_ptr<AppendCall> self = std::move(self_);
    calls_.Remove(self);
  }

 private:
  struct Slot {
    Meters::Time received;
    uint64_t sequence = 0;
    size_t bytes = 0;
    std::optional<absl::StatusOr<Receipt>> answer;
  };

  void Submit(const std::shared_ptr<Slot>& slot,
              absl::StatusOr<PreparedMessage> message) {
    auto done = [self = shared_from_this(),
                 slot](absl::StatusOr<Receipt> answer) {
      if (Meters* const meters = self->calls_.meters_) {
        meters->Answered(slot->received, answer.status());
      }
      base::MutexLock lock(self->mutex_);
      slot->answer = std::move(answer);
      self->Pump();
    };
    if (!message.ok()) return done(message.status());
    sequencer_.Append(*std::move(message), std::move(done));
  }

  void ReadMore() DATAIP_REQUIRES(mutex_) {
    if (reading_ || half_closed_ || finished_ || !ending_.ok() ||
        slots_.size() >= limits::kUnacknowledgedMessages ||
        unacknowledged_bytes_ >= limits::kUnacknowledgedBytes) {
      return;
    }
    reading_ = true;
    StartRead(&request_);
  }

  // Answers what stands at the front, or ends the stream.
  void Pump() DATAIP_REQUIRES(mutex_) {
    if (writing_ || finished_) return;
    if (slots_.empty()) {
      if (!ending_.ok() || half_closed_) End(ending_);
      return;
    }
    Slot& slot = *slots_.front();
    if (!slot.answer.has_value()) return;
    if (!slot.answer->ok()) return End(slot.answer->status());
    response_ = ToResponse(slot.sequence, **std::move(slot.answer));
    unacknowledged_bytes_ -= slot.bytes;
    slots_.pop_front();
    writing_ = true;
    // With the next answer at hand, both may go out in one packet.
    grpc::WriteOptions options;
    if (!slots_.empty() && slots_.front()->answer.has_value()) {
      options.set_buffer_hint();
    }
    StartWrite(&response_, options);
  }

  // By value: the status may stand in a slot.
  void End(absl::Status status) DATAIP_REQUIRES(mutex_) {
    finished_ = true;
    slots_.clear();
    Finish(client::ToGrpcStatus(status));
  }

  AppendCalls& calls_;
  Sequencer& sequencer_;
  std::shared_ptr<AppendCall> self_;  // until OnDone
  v1::AppendRequest request_;         // while reading_
  v1::AppendResponse response_;       // while writing_

  base::Mutex mutex_;
  std::deque<std::shared_ptr<Slot>> slots_ DATAIP_GUARDED_BY(mutex_);
  size_t unacknowledged_bytes_ DATAIP_GUARDED_BY(mutex_) = 0;
  std::optional<uint64_t> epoch_ DATAIP_GUARDED_BY(mutex_);
  bool reading_ DATAIP_GUARDED_BY(mutex_) = false;
  bool writing_ DATAIP_GUARDED_BY(mutex_) = false;
  bool half_closed_ DATAIP_GUARDED_BY(mutex_) = false;
  bool finished_ DATAIP_GUARDED_BY(mutex_) = false;
  absl::Status ending_ DATAIP_GUARDED_BY(mutex_);
};

namespace {

class RefusedCall final : public AppendReactor {
 public:
  explicit RefusedCall(const absl::Status& status) {
    Finish(client::ToGrpcStatus(status));
  }
  void OnDone() override { delete this; }
};

}  // namespace

AppendReactor* AppendCalls::Refuse(const absl::Status& status) {
  return new RefusedCall(status);
}

AppendReactor* AppendCalls::Start() {
  auto call = std::make_shared<AppendCall>(*this, sequencer_);
  {
    base::MutexLock lock(mutex_);
    if (draining_) return Refuse(StoppingStatus());
    calls_.insert(call);
  }
  call->Begin();
  return call.get();
}

void AppendCalls::Remove(const std::shared_ptr<AppendCall>& call) {
  base::MutexLock lock(mutex_);
  calls_.erase(call);
}

std::vector<std::shared_ptr<AppendCall>> AppendCalls::All() {
  base::MutexLock lock(mutex_);
  return {calls_.begin(), calls_.end()};
}

void AppendCalls::Fence(uint64_t live_epoch) {
  for (const auto& call : All()) call->FenceBefore(live_epoch);
}

void AppendCalls::Drain() {
  {
    base::MutexLock lock(mutex_);
    draining_ = true;
  }
  for (const auto& call : All()) call->EndWith(StoppingStatus());
}

}  // namespace dataip::ledger
