#include "services/ledger/read_service.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/status.h"
#include "core/base/limits.h"
#include "core/base/mutex.h"
#include "core/base/status_macros.h"
#include "services/common/error.h"
#include "services/ledger/answer_service.h"
#include "services/ledger/wire.h"

namespace dataip::ledger {
namespace {

static_assert(limits::kRunBytes <= limits::kReadResponseBytes);
// How long an answer took whose reader gets more at a time, or less.
constexpr std::chrono::milliseconds kQuick{250};
constexpr std::chrono::milliseconds kSlow{1'000};

absl::Status NoCheckpoint() {
  return services::MakeStatus(rpc::v1::NOT_FOUND,
                              {"no checkpoint yet: the ledger has no entries",
                               "尚无检查点：账本还没有条目"});
}

absl::Status NoSuchStart(uint64_t end) {
  return services::MakeStatus(
      rpc::v1::NOT_FOUND,
      {absl::StrCat("start_index: the ledger has ", end,
                    " entries; start there at the latest"),
       absl::StrCat("start_index：账本共有 ", end, " 条，起点不得晚于此")});
}

// A wait at a milestone that the end of the call may cut short. The waiter
// shares it, so that the call may go first.
class Wait : public std::enable_shared_from_this<Wait> {
 public:
  using Then = std::function<void(absl::Status)>;

  Wait(Milestone& milestone, Then then)
      : milestone_(milestone), then_(std::move(then)) {}

  void Start(uint64_t at_least) {
    const Milestone::Ticket ticket = milestone_.Await(
        at_least, [self = shared_from_this()](absl::Status status) {
          self->Run(std::move(status));
        });
    base::MutexLock lock(mutex_);
    ticket_ = ticket;
    if (ran_) milestone_.Cancel(ticket);
  }

  // Runs `then` with `status`, unless it runs already.
  void Cut(absl::Status status) {
    {
      base::MutexLock lock(mutex_);
      milestone_.Cancel(ticket_);
    }
    Run(std::move(status));
  }

 private:
  void Run(absl::Status status) {
    {
      base::MutexLock lock(mutex_);
      if (ran_) return;
      ran_ = true;
    }
    then_(std::move(status));
  }

  Milestone& milestone_;
  const Then then_;
  base::Mutex mutex_;
  Milestone::Ticket ticket_ DATAIP_GUARDED_BY(mutex_);
  bool ran_ DATAIP_GUARDED_BY(mutex_) = false;
};

// One step at a time: read and write, or wait. Each step starts the next, so
// only OnCancel runs beside it.
class ReadCall final : public ReadEntriesReactor {
 public:
  ReadCall(grpc::CallbackServerContext& context, const ReadPlan& plan,
           const v1::ReadEntriesRequest& request)
      : ledger_(plan.ledger),
        cutter_(std::make_shared<CallCutter>(context)),
        place_(plan.answers.Enter(Answers::kNew,
                                  [cutter = cutter_] { cutter->Cut(); })),
        next_(request.start_index()),
        left_(request.count() == 0 ? limits::kIndex : request.count()),
        with_payloads_(request.with_payloads()),
        may_read_payloads_(plan.may_read_payloads),
        follow_(request.follow()),
        end_(ledger_.durable().value()) {}

  void Begin() {
    if (place_ == nullptr) return End(TooManyReaders());
    if (next_ > end_) {
      return End(NoSuchStart(end_));
    }
    Step();
  }

  void OnWriteDone(bool ok) override {
    place_->Release();
    if (!ok) return End(absl::CancelledError("the stream is broken"));
    const auto took = std::chrono::steady_clock::now() - sent_at_;
    if (took < kQuick) {
      run_bytes_ = std::min(2 * run_bytes_, limits::kRunBytes);
    }
    if (took > kSlow) {
      run_bytes_ = std::max(run_bytes_ / 2, limits::kFirstRunBytes);
    }
    Step();
  }

  void OnCancel() override {
    std::shared_ptr<Wait> wait;
    {
      base::MutexLock lock(mutex_);
      cancelled_ = true;
      wait = wait_;
    }
    const std::shared_ptr<Answers::Place> place = place_;
    if (place != nullptr) place->Leave(absl::CancelledError("cancelled"));
    if (wait != nullptr) wait->Cut(absl::CancelledError("cancelled"));
  }

  void OnDone() override {
    cutter_->Forget();
    delete this;
  }

 private:
  void Step() {
    if (follow_) end_ = ledger_.durable().value();
    if (left_ == 0 || (next_ >= end_ && !follow_)) {
      return End(absl::OkStatus());
    }
    if (next_ >= end_) return WaitForMore();
    if (place_->TryReserve(kAnswerCopies * run_bytes_)) return Send();
    AwaitRoom();
  }

  // Goes on in a thread that may read.
  void AwaitRoom() {
    v1::ReadEntriesResponse().Swap(&response_);
    // The wait may end the call: keep the place.
    const std::shared_ptr<Answers::Place> place = place_;
    place->Await(kAnswerCopies * run_bytes_,
                 [this](const absl::Status& status) {
                   if (!status.ok()) return End(status);
                   Send();
                 });
  }

  void Send() {
    const auto bytes = Fill();
    if (!bytes.ok()) return End(bytes.status());
    sent_at_ = std::chrono::steady_clock::now();
    grpc::WriteOptions options;
    if (place_->Sending(kAnswerCopies * *bytes)) options.set_write_through();
    StartWrite(&response_, options);
  }

  void WaitForMore() {
    // A follower may wait for long.
    v1::ReadEntriesResponse().Swap(&response_);
    auto wait = std::make_shared<Wait>(ledger_.durable(),
                                       [this](const absl::Status& status) {
                                         if (!status.ok()) return End(status);
                                         end_ = ledger_.durable().value();
                                         AwaitRoom();
                                       });
    const uint64_t at_least = next_ + 1;
    bool cancelled = false;
    {
      base::MutexLock lock(mutex_);
      cancelled = cancelled_;
      wait_ = wait;
    }
    // From here on OnCancel may end the call, and `this` be gone.
    if (cancelled) return wait->Cut(absl::CancelledError("cancelled"));
    wait->Start(at_least);
  }

  // How many bytes the answer has.
  absl::StatusOr<size_t> Fill() {
    response_.Clear();
    size_t bytes = 0;
    const uint64_t end =
        next_ +
        std::min({end_ - next_, left_, uint64_t{limits::kReadResponseEntries}});
    const auto add = [&](const EntryView& stored) {
      const size_t size = stored.header.size() + stored.payload.size();
      if (bytes > 0 && bytes + size > run_bytes_) return false;
      bytes += size;
      v1::Entry* entry = response_.add_entries();
      FillEntry(stored.index, stored.header, entry);
      if (with_payloads_) FillPayload(stored, may_read_payloads_, entry);
      return true;
    };
    const Store& store = ledger_.store();
    const absl::Status status =
        with_payloads_ && may_read_payloads_
            ? store.ForEachEntry({next_, end}, add)
            : store.ForEachHeader({next_, end},
                                  [&](uint64_t index, std::string_view header) {
                                    return add({index, header, {}, {}});
                                  });
    const auto count = static_cast<uint64_t>(response_.entries_size());
    next_ += count;
    left_ -= count;
    RETURN_IF_ERROR(status);
    return bytes;
  }

  void End(const absl::Status& status) { Finish(client::ToGrpcStatus(status)); }

  Ledger& ledger_;
  const std::shared_ptr<CallCutter> cutter_;
  const std::shared_ptr<Answers::Place> place_;
  uint64_t next_;
  uint64_t left_;
  const bool with_payloads_;
  const bool may_read_payloads_;
  const bool follow_;
  uint64_t end_;
  size_t run_bytes_ = limits::kFirstRunBytes;
  std::chrono::steady_clock::time_point sent_at_;
  v1::ReadEntriesResponse response_;

  base::Mutex mutex_;
  std::shared_ptr<Wait> wait_ DATAIP_GUARDED_BY(mutex_);
  bool cancelled_ DATAIP_GUARDED_BY(mutex_) = false;
};

class CheckpointCall final : public grpc::ServerUnaryReactor {
 public:
  CheckpointCall(Ledger& ledger, v1::GetCheckpointResponse* response)
      : ledger_(ledger),
        response_(response),
        wait_(std::make_shared<Wait>(
            ledger.published(),
            [this](const absl::Status& status) { Answer(status); })) {}

  void Begin(uint64_t min_size) {
    // The answer may come at once and end the call: keep the wait.
    const std::shared_ptr<Wait> wait = wait_;
    wait->Start(min_size);
  }

  void OnCancel() override {
    const std::shared_ptr<Wait> wait = wait_;
    wait->Cut(absl::CancelledError("cancelled"));
  }

  void OnDone() override { delete this; }

 private:
  void Answer(absl::Status status) {
    const auto newest = ledger_.states().Newest();
    if (status.ok() && newest == nullptr) status = NoCheckpoint();
    if (status.ok()) FillCheckpoint(*newest, response_->mutable_checkpoint());
    Finish(client::ToGrpcStatus(status));
  }

  Ledger& ledger_;
  v1::GetCheckpointResponse* response_;
  std::shared_ptr<Wait> wait_;
};

}  // namespace

ReadEntriesReactor* StartReading(grpc::CallbackServerContext& context,
                                 const ReadPlan& plan,
                                 const v1::ReadEntriesRequest& request) {
  auto* call = new ReadCall(context, plan, request);
  call->Begin();
  return call;
}

grpc::ServerUnaryReactor* StartWaiting(Ledger& ledger, uint64_t min_size,
                                       v1::GetCheckpointResponse* response) {
  auto* call = new CheckpointCall(ledger, response);
  call->Begin(min_size);
  return call;
}

}  // namespace dataip::ledger
