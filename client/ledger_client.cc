#include "client/ledger_client.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/sync_stream.h>

#include <atomic>
#include <set>
#include <utility>

#include "client/status.h"
#include "core/base/mutex.h"
#include "dataip/ledger/v1/ledger_service.grpc.pb.h"

namespace dataip::client {

using Stub = ledger::v1::LedgerService::Stub;

struct LedgerClient::State {
  explicit State(std::shared_ptr<grpc::Channel> channel_in)
      : channel(std::move(channel_in)),
        stub(ledger::v1::LedgerService::NewStub(channel)) {}

  // Waits for a checkpoint, so that CancelWaits can end them.
  bool Enter(grpc::ClientContext& context) {
    base::MutexLock lock(mutex);
    if (waits_cancelled) return false;
    waits.insert(&context);
    return true;
  }
  void Leave(grpc::ClientContext& context) {
    base::MutexLock lock(mutex);
    waits.erase(&context);
  }

  const std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<Stub> stub;
  base::Mutex mutex;
  std::set<grpc::ClientContext*> waits DATAIP_GUARDED_BY(mutex);
  bool waits_cancelled DATAIP_GUARDED_BY(mutex) = false;
};

namespace {

// A backup copies the whole database the first time.
constexpr std::chrono::hours kBackupTimeout{24};

void SetTimeout(std::chrono::milliseconds timeout,
                grpc::ClientContext& context) {
  context.set_deadline(std::chrono::system_clock::now() + timeout);
}

// One unary call with a deadline.
template <typename Request, typename Response>
absl::StatusOr<Response> Call(
    Stub& stub,
    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                 Response*),
    const Request& request,
    std::chrono::milliseconds timeout = LedgerClient::kTimeout) {
  grpc::ClientContext context;
  SetTimeout(timeout, context);
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) return FromUncancelledCall(status);
  return response;
}

}  // namespace

struct AppendStream::State {
  explicit State(std::shared_ptr<LedgerClient::State> client)
      : client(std::move(client)) {}

  std::shared_ptr<LedgerClient::State> client;
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientReaderWriter<ledger::v1::AppendRequest,
                                           ledger::v1::AppendResponse>>
      call;
  std::atomic<bool> cancelled{false};
  // Only Next touches it.
  std::optional<absl::Status> ended;

  void Cancel() {
    cancelled = true;
    context.TryCancel();
  }
  absl::Status Finish() {
    const grpc::Status status = call->Finish();
    return cancelled ? FromGrpcStatus(status) : FromUncancelledCall(status);
  }
};

AppendStream::AppendStream(std::unique_ptr<State> state)
    : state_(std::move(state)) {}

AppendStream::~AppendStream() {
  if (state_->ended.has_value()) return;
  state_->Cancel();
  ledger::v1::AppendResponse ignored;
  while (state_->call->Read(&ignored)) {
  }
  (void)state_->Finish();
}

bool AppendStream::Send(const ledger::v1::AppendRequest& request) {
  return state_->call->Write(request);
}

void AppendStream::CloseSend() { state_->call->WritesDone(); }

absl::StatusOr<std::optional<ledger::v1::AppendResponse>> AppendStream::Next() {
  if (!state_->ended.has_value()) {
    ledger::v1::AppendResponse response;
    if (state_->call->Read(&response)) return {std::move(response)};
    state_->ended = state_->Finish();
  }
  if (!state_->ended->ok()) return *state_->ended;
  return std::optional<ledger::v1::AppendResponse>();
}

void AppendStream::Cancel() { state_->Cancel(); }

struct EntryStream::State {
  explicit State(std::shared_ptr<LedgerClient::State> client)
      : client(std::move(client)) {}

  std::shared_ptr<LedgerClient::State> client;
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientReader<ledger::v1::ReadEntriesResponse>> call;
  std::atomic<bool> cancelled{false};
  // Only Next touches it.
  std::optional<absl::Status> ended;

  void Cancel() {
    cancelled = true;
    context.TryCancel();
  }
  absl::Status Finish() {
    const grpc::Status status = call->Finish();
    return cancelled ? FromGrpcStatus(status) : FromUncancelledCall(status);
  }
};

EntryStream::EntryStream(std::unique_ptr<State> state)
    : state_(std::move(state)) {}

EntryStream::~EntryStream() {
  if (state_->ended.has_value()) return;
  state_->Cancel();
  ledger::v1::ReadEntriesResponse ignored;
  while (state_->call->Read(&ignored)) {
  }
  (void)state_->Finish();
}

absl::StatusOr<std::optional<ledger::v1::ReadEntriesResponse>>
EntryStream::Next() {
  if (!state_->ended.has_value()) {
    ledger::v1::ReadEntriesResponse response;
    if (state_->call->Read(&response)) return {std::move(response)};
    state_->ended = state_->Finish();
  }
  if (!state_->ended->ok()) return *state_->ended;
  return std::optional<ledger::v1::ReadEntriesResponse>();
}

void EntryStream::Cancel() { state_->Cancel(); }

LedgerClient::LedgerClient(std::shared_ptr<grpc::Channel> channel)
    : state_(std::make_shared<State>(std::move(channel))) {}

LedgerClient::~LedgerClient() = default;

bool LedgerClient::WaitUntilConnected(std::chrono::milliseconds timeout) {
  return state_->channel->WaitForConnected(std::chrono::system_clock::now() +
                                           timeout);
}

absl::StatusOr<ledger::v1::OpenWriterResponse> LedgerClient::OpenWriter(
    const ledger::v1::OpenWriterRequest& request) {
  return Call<ledger::v1::OpenWriterRequest, ledger::v1::OpenWriterResponse>(
      *state_->stub, &Stub::OpenWriter, request);
}

std::unique_ptr<AppendStream> LedgerClient::Append() {
  auto state = std::make_unique<AppendStream::State>(state_);
  state->call = state_->stub->Append(&state->context);
  return std::unique_ptr<AppendStream>(new AppendStream(std::move(state)));
}

absl::StatusOr<ledger::v1::AppendResponse> LedgerClient::AppendOne(
    const ledger::v1::AppendRequest& request) {
  ledger::v1::AppendOneRequest wrapped;
  *wrapped.mutable_append() = request;
  auto response =
      Call<ledger::v1::AppendOneRequest, ledger::v1::AppendOneResponse>(
          *state_->stub, &Stub::AppendOne, wrapped);
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_append());
}

absl::StatusOr<ledger::v1::Entry> LedgerClient::GetEntry(
    uint64_t index, bool with_payload, std::chrono::milliseconds timeout) {
  ledger::v1::GetEntryRequest request;
  request.set_index(index);
  request.set_with_payload(with_payload);
  auto response =
      Call<ledger::v1::GetEntryRequest, ledger::v1::GetEntryResponse>(
          *state_->stub, &Stub::GetEntry, request, timeout);
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_entry());
}

std::unique_ptr<EntryStream> LedgerClient::ReadEntries(
    const ledger::v1::ReadEntriesRequest& request) {
  auto state = std::make_unique<EntryStream::State>(state_);
  state->call = state_->stub->ReadEntries(&state->context, request);
  return std::unique_ptr<EntryStream>(new EntryStream(std::move(state)));
}

absl::StatusOr<ledger::v1::Checkpoint> LedgerClient::GetCheckpoint(
    uint64_t min_size, std::chrono::milliseconds timeout) {
  ledger::v1::GetCheckpointRequest request;
  request.set_min_size(min_size);
  grpc::ClientContext context;
  SetTimeout(timeout, context);
  if (!state_->Enter(context)) {
    return absl::CancelledError("waits for checkpoints were cancelled");
  }
  ledger::v1::GetCheckpointResponse response;
  const grpc::Status status =
      state_->stub->GetCheckpoint(&context, request, &response);
  state_->Leave(context);
  if (!status.ok()) return FromUncancelledCall(status);
  return std::move(*response.mutable_checkpoint());
}

void LedgerClient::CancelWaits() {
  base::MutexLock lock(state_->mutex);
  state_->waits_cancelled = true;
  for (grpc::ClientContext* wait : state_->waits) wait->TryCancel();
}

absl::StatusOr<ledger::v1::GetStateProofResponse> LedgerClient::GetStateProof(
    const ledger::v1::GetStateProofRequest& request) {
  return Call<ledger::v1::GetStateProofRequest,
              ledger::v1::GetStateProofResponse>(*state_->stub,
                                                 &Stub::GetStateProof, request);
}

absl::StatusOr<ledger::v1::GetConsistencyProofResponse>
LedgerClient::GetConsistencyProof(const Sizes& sizes) {
  ledger::v1::GetConsistencyProofRequest request;
  request.set_old_size(sizes.old_size);
  request.set_new_size(sizes.new_size);
  return Call<ledger::v1::GetConsistencyProofRequest,
              ledger::v1::GetConsistencyProofResponse>(
      *state_->stub, &Stub::GetConsistencyProof, request);
}

absl::StatusOr<ledger::v1::ErasePayloadResponse> LedgerClient::ErasePayload(
    const ledger::v1::ErasePayloadRequest& request,
    std::chrono::milliseconds timeout) {
  return Call<ledger::v1::ErasePayloadRequest,
              ledger::v1::ErasePayloadResponse>(
      *state_->stub, &Stub::ErasePayload, request, timeout);
}

absl::StatusOr<ledger::v1::CreateBackupResponse> LedgerClient::CreateBackup() {
  return Call<ledger::v1::CreateBackupRequest,
              ledger::v1::CreateBackupResponse>(
      *state_->stub, &Stub::CreateBackup, ledger::v1::CreateBackupRequest(),
      kBackupTimeout);
}

}  // namespace dataip::client
