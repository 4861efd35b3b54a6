#include "services/ledger/ledger_service.h"

#include <grpcpp/server_context.h>

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/status.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "dataip/ledger/v1/ledger_service.grpc.pb.h"
#include "services/common/calls.h"
#include "services/common/error.h"
#include "services/common/logging.h"
#include "services/ledger/answer_service.h"
#include "services/ledger/answers.h"
#include "services/ledger/append_service.h"
#include "services/ledger/read_service.h"
#include "services/ledger/wire.h"

namespace dataip::ledger {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

ServerUnaryReactor* Answer(CallbackServerContext* context,
                           const absl::Status& status) {
  ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(client::ToGrpcStatus(status));
  return reactor;
}

absl::Status NoEntry(uint64_t index) {
  return services::MakeStatus(
      rpc::v1::NOT_FOUND, {absl::StrCat("there is no entry ", index, " yet"),
                           absl::StrCat("尚无条目 ", index)});
}

absl::Status TooManyRebuilds() {
  return services::Overloaded(
      {"too many old states are being rebuilt; try again later",
       "同时重建的历史状态过多，请稍后重试"});
}

absl::Status BackupUnderWay() {
  return services::Overloaded(
      {"backups are being made; try again later", "正在备份，请稍后重试"});
}

}  // namespace

class LedgerService::Calls final : public v1::LedgerService::CallbackService {
 public:
  Calls(Ledger& ledger, Access access)
      : ledger_(ledger),
        access_(std::move(access)),
        appends_(ledger.sequencer(), ledger.meters()) {}

  void Drain() {
    appends_.Drain();
    entry_answers_.Close(StoppingStatus());
    proof_answers_.Close(StoppingStatus());
    ledger_.durable().Close(StoppingStatus());
    ledger_.published().Close(StoppingStatus());
    ledger_.EndLongWork();
  }

  ServerUnaryReactor* OpenWriter(CallbackServerContext* context,
                                 const v1::OpenWriterRequest* request,
                                 v1::OpenWriterResponse* response) override {
    absl::Status allowed = access_.CheckWriter(*context);
    if (!allowed.ok()) return Answer(context, allowed);
    const auto expected = ReadExpected(*request);
    if (!expected.ok()) return Answer(context, expected.status());
    ServerUnaryReactor* reactor = context->DefaultReactor();
    ledger_.sequencer().OpenWriter(
        *expected, [this, reactor, response, peer = context->peer(),
                    instance = request->instance_id(),
                    request_id = services::RequestIdOf(*context)](
                       const absl::StatusOr<OpenedWriter>& opened) {
          if (opened.ok()) {
            appends_.Fence(opened->epoch);
            response->set_epoch(opened->epoch);
            response->set_origin(ledger_.origin());
            response->set_size(opened->size);
            services::Log(services::Severity::kInfo, "writer opened",
                          {{"request_id", request_id},
                           {"instance", instance},
                           {"peer", peer},
                           {"epoch", std::to_string(opened->epoch)},
                           {"size", std::to_string(opened->size)}});
          }
          reactor->Finish(client::ToGrpcStatus(opened.status()));
        });
    return reactor;
  }

  AppendReactor* Append(CallbackServerContext* context) override {
    absl::Status allowed = access_.CheckWriter(*context);
    if (!allowed.ok()) return AppendCalls::Refuse(allowed);
    return appends_.Start();
  }

  ServerUnaryReactor* AppendOne(CallbackServerContext* context,
                                const v1::AppendOneRequest* request,
                                v1::AppendOneResponse* response) override {
    absl::Status allowed = access_.CheckWriter(*context);
    if (!allowed.ok()) return Answer(context, allowed);
    auto message = Prepare(request->append());
    if (!message.ok()) return Answer(context, message.status());
    ServerUnaryReactor* reactor = context->DefaultReactor();
    const uint64_t sequence = message->sequence;
    const auto received = std::chrono::steady_clock::now();
    ledger_.sequencer().Append(
        *std::move(message),
        [reactor, response, sequence, received,
         meters = ledger_.meters()](absl::StatusOr<Receipt> receipt) {
          const absl::Status status = receipt.status();
          if (meters != nullptr) meters->Answered(received, status);
          if (status.ok()) {
            *response->mutable_append() =
                ToResponse(sequence, *std::move(receipt));
          }
          reactor->Finish(client::ToGrpcStatus(status));
        });
    return reactor;
  }

  ServerUnaryReactor* GetEntry(CallbackServerContext* context,
                               const v1::GetEntryRequest* request,
                               v1::GetEntryResponse* response) override {
    const bool may_read = access_.MayReadPayloads(*context);
    return StartAnswer(*context, entry_answers_,
                       {.bytes = limits::kExpectedEntryBytes,
                        .response = response,
                        .fill = [this, request, response,
                                 may_read](const AnswerPlan::Done& done) {
                          done(FillEntryResponse(*request, may_read,
                                                 response->mutable_entry()));
                        }});
  }

  ReadEntriesReactor* ReadEntries(
      CallbackServerContext* context,
      const v1::ReadEntriesRequest* request) override {
    return StartReading(
        *context, {ledger_, entry_answers_, access_.MayReadPayloads(*context)},
        *request);
  }

  ServerUnaryReactor* GetCheckpoint(
      CallbackServerContext*, const v1::GetCheckpointRequest* request,
      v1::GetCheckpointResponse* response) override {
    return StartWaiting(ledger_, request->min_size(), response);
  }

  ServerUnaryReactor* GetStateProof(
      CallbackServerContext* context, const v1::GetStateProofRequest* request,
      v1::GetStateProofResponse* response) override {
    auto wanted = ReadWanted(*request);
    if (!wanted.ok()) return Answer(context, wanted.status());
    const size_t count = wanted->keys.size() + wanted->indices.size();
    return StartAnswer(
        *context, proof_answers_,
        {.bytes = limits::kExpectedProofBytes +
                  limits::kExpectedProofBytesPerItem * count,
         .in_pool = count > limits::kQuickProofs,
         .response = response,
         .fill = [this, response, size = request->size(),
                  wanted = *std::move(wanted)](AnswerPlan::Done done) {
           Prove(size, wanted, response, std::move(done));
         }});
  }

  ServerUnaryReactor* GetConsistencyProof(
      CallbackServerContext* context,
      const v1::GetConsistencyProofRequest* request,
      v1::GetConsistencyProofResponse* response) override {
    return StartAnswer(
        *context, proof_answers_,
        {.bytes = limits::kExpectedProofBytes,
         .response = response,
         .fill = [this, request, response](const AnswerPlan::Done& done) {
           done(FillConsistencyProof(*request, response));
         }});
  }

  ServerUnaryReactor* ErasePayload(
      CallbackServerContext* context, const v1::ErasePayloadRequest* request,
      v1::ErasePayloadResponse* response) override {
    absl::Status allowed = access_.CheckWriter(*context);
    if (!allowed.ok()) return Answer(context, allowed);
    auto wanted = ReadErasure(*request);
    if (!wanted.ok()) return Answer(context, wanted.status());
    ServerUnaryReactor* reactor = context->DefaultReactor();
    ledger_.eraser().Erase(
        *std::move(wanted),
        [reactor, response](const absl::StatusOr<uint32_t>& erased) {
          if (erased.ok()) response->set_erased(*erased);
          reactor->Finish(client::ToGrpcStatus(erased.status()));
        });
    return reactor;
  }

  ServerUnaryReactor* CreateBackup(
      CallbackServerContext* context, const v1::CreateBackupRequest*,
      v1::CreateBackupResponse* response) override {
    absl::Status allowed = access_.CheckOperator(*context);
    if (!allowed.ok()) return Answer(context, allowed);
    ServerUnaryReactor* reactor = context->DefaultReactor();
    const bool posted = backup_worker_.Post([this, reactor, response] {
      const auto made = ledger_.backups().Create();
      if (made.ok()) {
        response->set_backup_id(made->id);
        response->set_size(made->size);
        response->set_folder(ledger_.backups().folder());
      }
      reactor->Finish(client::ToGrpcStatus(made.status()));
    });
    if (!posted) reactor->Finish(client::ToGrpcStatus(BackupUnderWay()));
    return reactor;
  }

 private:
  absl::Status FillEntryResponse(const v1::GetEntryRequest& request,
                                 bool may_read, v1::Entry* entry) {
    const uint64_t index = request.index();
    if (index >= ledger_.durable().value()) return NoEntry(index);
    ASSIGN_OR_RETURN(const std::string header,
                     ledger_.store().ReadHeader(index));
    FillEntry(index, header, entry);
    if (!request.with_payload()) return absl::OkStatus();
    EntryView stored{index, header, {}, std::nullopt};
    if (!may_read) {
      FillPayload(stored, may_read, entry);
      return absl::OkStatus();
    }
    const auto payload = ledger_.store().ReadPayload(index);
    if (absl::IsNotFound(payload.status())) {
      ASSIGN_OR_RETURN(stored.erased_by, ledger_.store().ErasedBy(index));
    }
    if (!stored.erased_by.has_value()) RETURN_IF_ERROR(payload.status());
    if (payload.ok()) stored.payload = *payload;
    FillPayload(stored, may_read, entry);
    return absl::OkStatus();
  }

  absl::Status FillConsistencyProof(
      const v1::GetConsistencyProofRequest& request,
      v1::GetConsistencyProofResponse* response) {
    ASSIGN_OR_RETURN(
        const proof::Path path,
        ledger_.proofs().Consistency({request.old_size(), request.new_size()}));
    AddPath(path, response->mutable_path());
    return absl::OkStatus();
  }

  void Prove(uint64_t size, const ProofsWanted& wanted,
             v1::GetStateProofResponse* response, AnswerPlan::Done done) {
    const auto state = ledger_.proofs().Find(size);
    if (!state.ok()) return done(state.status());
    if (*state != nullptr) {
      return done(FillStateProof(ledger_.proofs(), **state, wanted, response));
    }
    // A state that is not in memory takes long.
    const bool posted =
        ledger_.rebuilds().Post([this, response, size, wanted, done] {
          const auto rebuilt = ledger_.proofs().Rebuild(size);
          done(rebuilt.ok() ? FillStateProof(ledger_.proofs(), **rebuilt,
                                             wanted, response)
                            : rebuilt.status());
        });
    if (!posted) done(TooManyRebuilds());
  }

  Ledger& ledger_;
  const Access access_;
  AppendCalls appends_;
  Answers entry_answers_{
      {.bytes = limits::kEntryAnswerBytes,
       .kept_bytes = {limits::kSingleReadBytes, limits::kNewStreamBytes,
                      limits::kProvenStreamBytes},
       .calls = limits::kEntryCalls,
       .threads = limits::kEntryThreads}};
  Answers proof_answers_{{.bytes = limits::kProofAnswerBytes,
                          .calls = limits::kProofCalls,
                          .threads = limits::kProofThreads}};
  services::Worker backup_worker_{limits::kBackupsQueued};
};

LedgerService::LedgerService(Ledger& ledger, Access access)
    : calls_(std::make_unique<Calls>(ledger, std::move(access))) {}

LedgerService::~LedgerService() = default;

grpc::Service& LedgerService::service() { return *calls_; }

void LedgerService::Drain() { calls_->Drain(); }

}  // namespace dataip::ledger
