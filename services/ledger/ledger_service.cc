#include "services/ledger/ledger_service.h"

#include <grpcpp/server_context.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/status.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "dataip/ledger/v1/ledger_service.grpc.pb.h"
#include "services/common/error.h"
#include "services/common/logging.h"
#include "services/ledger/append_service.h"
#include "services/ledger/read_service.h"

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

bool IsPlainName(const std::string& text, size_t max_bytes) {
  return !text.empty() && text.size() <= max_bytes &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= 0x21 && c <= 0x7e; });
}

absl::StatusOr<ExpectedTail> ReadExpected(
    const v1::OpenWriterRequest& request) {
  if (!IsPlainName(request.instance_id(), limits::kInstanceIdBytes)) {
    return services::InvalidField(
        "instance_id",
        {"1 to 64 visible ASCII characters", "须为 1 至 64 个可见 ASCII 字符"});
  }
  ExpectedTail expected;
  if (!request.has_expected()) return expected;
  const auto hash = Hash::From(hash::AsBytes(request.expected_leaf_hash()));
  if (!hash.has_value()) {
    return services::InvalidField("expected_leaf_hash",
                                  {"must be 32 bytes", "须为 32 字节"});
  }
  expected.index = request.expected_index();
  expected.leaf_hash = *hash;
  return expected;
}

absl::StatusOr<ProofsWanted> ReadWanted(
    const v1::GetStateProofRequest& request) {
  if (static_cast<size_t>(request.keys_size()) > limits::kProofKeys ||
      static_cast<size_t>(request.indices_size()) > limits::kProofIndices) {
    return services::InvalidField(
        request.keys_size() > request.indices_size() ? "keys" : "indices",
        {absl::StrCat("at most ", limits::kProofKeys, " in one call"),
         absl::StrCat("每次最多 ", limits::kProofKeys, " 个")});
  }
  ProofsWanted wanted;
  for (const std::string& key : request.keys()) {
    if (!IsPlainName(key, limits::kMapKeyBytes)) {
      return services::InvalidField(
          absl::StrCat("keys[", wanted.keys.size(), "]"),
          {"1 to 255 visible ASCII characters",
           "须为 1 至 255 个可见 ASCII 字符"});
    }
    wanted.keys.push_back(key);
  }
  wanted.indices.assign(request.indices().begin(), request.indices().end());
  return wanted;
}

template <typename Field>
void AddPath(const proof::Path& path, Field* field) {
  for (const Hash& hash : path) {
    field->Add()->assign(hash.text());
  }
}

void FillMapProof(const std::string& key, const proof::MapProof& proof,
                  v1::MapProof* to) {
  to->set_key(key);
  AddPath(proof.siblings, to->mutable_siblings());
  if (!proof.terminal.has_value()) return;
  to->mutable_terminal()->mutable_key_hash()->assign(
      proof.terminal->key_hash.text());
  to->mutable_terminal()->mutable_value()->assign(proof.terminal->value.text());
}

absl::Status FillStateProof(const Proofs& proofs, const State& state,
                            const ProofsWanted& wanted,
                            v1::GetStateProofResponse* response) {
  ASSIGN_OR_RETURN(const StateProofs made, proofs.Prove(state, wanted));
  FillCheckpoint(state, response->mutable_checkpoint());
  v1::SealProof* seal = response->mutable_seal();
  seal->set_header(state.seal_header);
  seal->set_payload(state.seal_payload);
  AddPath(made.seal, seal->mutable_path());
  for (size_t i = 0; i < wanted.indices.size(); ++i) {
    v1::InclusionProof* inclusion = response->add_inclusions();
    inclusion->set_index(wanted.indices[i]);
    AddPath(made.inclusions[i], inclusion->mutable_path());
  }
  for (size_t i = 0; i < wanted.keys.size(); ++i) {
    FillMapProof(wanted.keys[i], made.map_proofs[i],
                 response->add_map_proofs());
  }
  return absl::OkStatus();
}

absl::Status NoEntry(uint64_t index) {
  return services::MakeStatus(
      rpc::v1::NOT_FOUND, {absl::StrCat("there is no entry ", index, " yet"),
                           absl::StrCat("尚无条目 ", index)});
}

absl::Status TooManyRebuilds() {
  rpc::v1::ErrorDetail detail;
  detail.set_reason(rpc::v1::OVERLOADED);
  detail.set_retry_after_ms(limits::kOverloadRetryMs);
  detail.set_message_zh("同时重建的历史状态过多，请稍后重试");
  return services::MakeStatus(
      detail, "too many old states are being rebuilt; try again later");
}

}  // namespace

class LedgerService::Calls final : public v1::LedgerService::CallbackService {
 public:
  Calls(Ledger& ledger, Access access)
      : ledger_(ledger),
        access_(std::move(access)),
        appends_(ledger.sequencer()) {}

  void Drain() {
    appends_.Drain();
    ledger_.durable().Close(StoppingStatus());
    ledger_.published().Close(StoppingStatus());
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
                    instance = request->instance_id()](
                       const absl::StatusOr<OpenedWriter>& opened) {
          if (opened.ok()) {
            appends_.Fence(opened->epoch);
            response->set_epoch(opened->epoch);
            response->set_origin(ledger_.origin());
            response->set_size(opened->size);
            services::Log(services::Severity::kInfo, "writer opened",
                          {{"instance", instance},
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
    ledger_.sequencer().Append(
        *std::move(message),
        [reactor, response, sequence](absl::StatusOr<Receipt> receipt) {
          const absl::Status status = receipt.status();
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
    return Answer(context,
                  FillEntryResponse(*request, access_.MayReadPayloads(*context),
                                    response->mutable_entry()));
  }

  ReadEntriesReactor* ReadEntries(
      CallbackServerContext* context,
      const v1::ReadEntriesRequest* request) override {
    return StartReading(ledger_, *request, access_.MayReadPayloads(*context));
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
    const auto state = ledger_.proofs().Find(request->size());
    if (!state.ok()) return Answer(context, state.status());
    if (*state != nullptr) {
      return Answer(context, FillStateProof(ledger_.proofs(), **state, *wanted,
                                            response));
    }
    return ProveRebuilt(context, request->size(), *std::move(wanted), response);
  }

  ServerUnaryReactor* GetConsistencyProof(
      CallbackServerContext* context,
      const v1::GetConsistencyProofRequest* request,
      v1::GetConsistencyProofResponse* response) override {
    const auto path = ledger_.proofs().Consistency(
        {request->old_size(), request->new_size()});
    if (path.ok()) AddPath(*path, response->mutable_path());
    return Answer(context, path.status());
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
    std::string payload;
    if (may_read) {
      ASSIGN_OR_RETURN(payload, ledger_.store().ReadPayload(index));
    }
    FillPayload(payload, may_read, entry);
    return absl::OkStatus();
  }

  // A state that is not in memory takes long: not in gRPC's threads.
  ServerUnaryReactor* ProveRebuilt(CallbackServerContext* context,
                                   uint64_t size, ProofsWanted wanted,
                                   v1::GetStateProofResponse* response) {
    ServerUnaryReactor* reactor = context->DefaultReactor();
    const bool posted = ledger_.rebuilds().Post(
        [this, reactor, response, size, wanted = std::move(wanted)] {
          const auto state = ledger_.proofs().Rebuild(size);
          const absl::Status status =
              state.ok()
                  ? FillStateProof(ledger_.proofs(), **state, wanted, response)
                  : state.status();
          reactor->Finish(client::ToGrpcStatus(status));
        });
    if (!posted) reactor->Finish(client::ToGrpcStatus(TooManyRebuilds()));
    return reactor;
  }

  Ledger& ledger_;
  const Access access_;
  AppendCalls appends_;
};

LedgerService::LedgerService(Ledger& ledger, Access access)
    : calls_(std::make_unique<Calls>(ledger, std::move(access))) {}

LedgerService::~LedgerService() = default;

grpc::Service& LedgerService::service() { return *calls_; }

void LedgerService::Drain() { calls_->Drain(); }

}  // namespace dataip::ledger
