// A ledger as a C++ program sees it: one method a call of
// dataip.ledger.v1.LedgerService. The messages are those of
// dataip/ledger/v1/ledger.pb.h (include it where you use them).
//
// Every error is an absl::Status with the ledger's ErrorDetail
// (client/status.h); UNAVAILABLE or DEADLINE_EXCEEDED without a detail
// come from the connection.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace grpc {
class Channel;
}  // namespace grpc

namespace dataip::ledger::v1 {
class AppendRequest;
class AppendResponse;
class Checkpoint;
class CreateBackupResponse;
class Entry;
class ErasePayloadRequest;
class ErasePayloadResponse;
class GetConsistencyProofResponse;
class GetStateProofRequest;
class GetStateProofResponse;
class OpenWriterRequest;
class OpenWriterResponse;
class ReadEntriesRequest;
class ReadEntriesResponse;
}  // namespace dataip::ledger::v1

namespace dataip::client {

// The stream of appends of one epoch. Send and Next may run in two threads
// at once, each in one thread at a time; Cancel in any. Destroying the stream
// cancels it: what was sent and not acknowledged is then unknown, which only
// OpenWriter settles (architecture.md, "Writers are fenced").
class AppendStream {
 public:
  ~AppendStream();
  AppendStream(const AppendStream&) = delete;
  AppendStream& operator=(const AppendStream&) = delete;

  // Hands one message to the connection. Waits while the ledger takes no
  // more (it stops reading at limits::kUnacknowledgedMessages), so somebody
  // must be calling Next. False when the stream has ended: Next says why.
  bool Send(const ledger::v1::AppendRequest& request);

  // No more messages will be sent; what was sent is still acknowledged.
  void CloseSend();

  // Waits for the next acknowledgement; they come in the order of Send and
  // mean durable. Nothing after the last one once CloseSend was called. An
  // error is how the ledger (or the connection) ended the stream; every
  // later call returns it again.
  absl::StatusOr<std::optional<ledger::v1::AppendResponse>> Next();

  void Cancel();

 private:
  friend class LedgerClient;
  struct State;
  explicit AppendStream(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Entries as they come. Next in one thread at a time, Cancel in any;
// destroying cancels.
class EntryStream {
 public:
  ~EntryStream();
  EntryStream(const EntryStream&) = delete;
  EntryStream& operator=(const EntryStream&) = delete;

  // The next run of entries; nothing at the end of what was asked for. A
  // following stream ends by Cancel (CANCELLED) or with the ledger only.
  absl::StatusOr<std::optional<ledger::v1::ReadEntriesResponse>> Next();

  void Cancel();

 private:
  friend class LedgerClient;
  struct State;
  explicit EntryStream(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Thread safe. Streams may outlive the client.
class LedgerClient {
 public:
  explicit LedgerClient(std::shared_ptr<grpc::Channel> channel);
  ~LedgerClient();

  // Connects, and keeps trying until it is connected or the time is over;
  // false then. Between calls nobody tends a connection: a program that waits
  // for a ledger to come back waits here, not in a sleep.
  bool WaitUntilConnected(std::chrono::milliseconds timeout);

  // Deadline of the calls that do not name one.
  static constexpr std::chrono::milliseconds kTimeout{10'000};

  // ABORTED (UNEXPECTED_POSITION) when the tail is another: read on.
  absl::StatusOr<ledger::v1::OpenWriterResponse> OpenWriter(
      const ledger::v1::OpenWriterRequest& request);

  std::unique_ptr<AppendStream> Append();

  // One message without a stream.
  absl::StatusOr<ledger::v1::AppendResponse> AppendOne(
      const ledger::v1::AppendRequest& request);

  // NOT_FOUND past the end.
  absl::StatusOr<ledger::v1::Entry> GetEntry(
      uint64_t index, bool with_payload,
      std::chrono::milliseconds timeout = kTimeout);

  std::unique_ptr<EntryStream> ReadEntries(
      const ledger::v1::ReadEntriesRequest& request);

  // The newest published checkpoint of at least `min_size`; waits for it at
  // most `timeout` (then DEADLINE_EXCEEDED). NOT_FOUND on a ledger without
  // entries when min_size is 0.
  absl::StatusOr<ledger::v1::Checkpoint> GetCheckpoint(
      uint64_t min_size = 0, std::chrono::milliseconds timeout = kTimeout);
  // Ends every GetCheckpoint under way, and refuses later ones: for a program
  // that stops.
  void CancelWaits();

  absl::StatusOr<ledger::v1::GetStateProofResponse> GetStateProof(
      const ledger::v1::GetStateProofRequest& request);

  struct Sizes {
    uint64_t old_size = 0;  // at least 1
    uint64_t new_size = 0;  // at least old_size, at most the published size
  };
  absl::StatusOr<ledger::v1::GetConsistencyProofResponse> GetConsistencyProof(
      const Sizes& sizes);

  // For operators; waits until the backup is made.
  absl::StatusOr<ledger::v1::CreateBackupResponse> CreateBackup();

  // For writers; waits until the bytes are gone from the ledger's disk and
  // backups, at most `timeout`: the ledger goes on, and a later call waits
  // again. UNAVAILABLE when a reader still holds them: call again.
  absl::StatusOr<ledger::v1::ErasePayloadResponse> ErasePayload(
      const ledger::v1::ErasePayloadRequest& request,
      std::chrono::milliseconds timeout = kTimeout);

  struct State;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace dataip::client
