#include "services/ledger/answer_service.h"

#include <google/protobuf/message_lite.h>
#include <grpc/grpc.h>

#include <string>
#include <utility>

#include "client/status.h"

namespace dataip::ledger {
namespace {

class AnswerCall final : public grpc::ServerUnaryReactor {
 public:
  AnswerCall(grpc::CallbackServerContext& context, Answers& answers,
             AnswerPlan plan)
      : plan_(std::move(plan)),
        cutter_(std::make_shared<CallCutter>(context)),
        place_(answers.Enter(Answers::kSingle,
                             [cutter = cutter_] { cutter->Cut(); })) {}

  void Begin() {
    if (place_ == nullptr) {
      return Finish(client::ToGrpcStatus(TooManyReaders()));
    }
    // The answer may come at once and end the call: keep the place.
    const std::shared_ptr<Answers::Place> place = place_;
    if (!plan_.in_pool && place->TryReserve(plan_.bytes)) return Fill();
    place->Await(plan_.bytes, [this](const absl::Status& status) {
      if (!status.ok()) return Finish(client::ToGrpcStatus(status));
      Fill();
    });
  }

  void OnCancel() override {
    const std::shared_ptr<Answers::Place> place = place_;
    if (place != nullptr) place->Leave(absl::CancelledError("cancelled"));
  }

  void OnDone() override {
    cutter_->Forget();
    delete this;
  }

 private:
  void Fill() {
    // It may end the call, and this object with it, while it still runs.
    const auto fill = std::move(plan_.fill);
    fill([this](const absl::Status& status) {
      place_->Sending(
          status.ok() ? kAnswerCopies * plan_.response->ByteSizeLong() : 0);
      Finish(client::ToGrpcStatus(status));
    });
  }

  AnswerPlan plan_;
  const std::shared_ptr<CallCutter> cutter_;
  const std::shared_ptr<Answers::Place> place_;
};

}  // namespace

void CallCutter::Cut() {
  grpc_call* call = nullptr;
  {
    base::MutexLock lock(mutex_);
    if (call_ == nullptr) return;
    call = call_;
    grpc_call_ref(call);
  }
  const absl::Status status = StalledReader();
  grpc_call_cancel_with_status(call, GRPC_STATUS_RESOURCE_EXHAUSTED,
                               std::string(status.message()).c_str(), nullptr);
  grpc_call_unref(call);
}

void CallCutter::Forget() {
  base::MutexLock lock(mutex_);
  call_ = nullptr;
}

grpc::ServerUnaryReactor* StartAnswer(grpc::CallbackServerContext& context,
                                      Answers& answers, AnswerPlan plan) {
  auto* call = new AnswerCall(context, answers, std::move(plan));
  call->Begin();
  return call;
}

}  // namespace dataip::ledger
