// The calls of LedgerService over a real connection.
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>

#include <csignal>

#include "client/status.h"
#include "core/base/limits.h"
#include "core/proof/map.h"
#include "core/proof/note.h"
#include "core/proof/seal.h"
#include "core/proof/tree.h"
#include "dataip/ledger/v1/ledger_service.grpc.pb.h"
#include "gtest/gtest.h"
#include "tests/integration/ledger/ledger_process.h"

namespace dataip::test {
namespace {

using client::LedgerClient;
using client::ReasonOf;

class LedgerCalls : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(ledger.Start());
    client = std::make_unique<LedgerClient>(ledger.Connect());
    epoch = OpenAtTail(*client).epoch();
  }

  ledger::v1::AppendResponse MustAppend(
      const ledger::v1::AppendRequest& request) {
    const auto response = client->AppendOne(request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.value_or(ledger::v1::AppendResponse());
  }

  LedgerProcess ledger;
  std::unique_ptr<LedgerClient> client;
  uint64_t epoch = 0;
};

TEST_F(LedgerCalls, AnswerNotFoundOnAnEmptyLedger) {
  EXPECT_TRUE(absl::IsNotFound(client->GetCheckpoint().status()));
  EXPECT_TRUE(absl::IsNotFound(client->GetEntry(0, true).status()));
  EXPECT_TRUE(absl::IsNotFound(client->GetStateProof({}).status()));
  ledger::v1::ReadEntriesRequest past;
  past.set_start_index(1);
  const absl::Status refused = client->ReadEntries(past)->Next().status();
  EXPECT_EQ(ReasonOf(refused), rpc::v1::NOT_FOUND) << refused;
  EXPECT_NE(client::ErrorDetailOf(refused)->message_zh(), "");
}

std::string TrailingRequestId(const grpc::ClientContext& context) {
  const auto& trailing = context.GetServerTrailingMetadata();
  const auto found = trailing.find("x-request-id");
  return found == trailing.end()
             ? ""
             : std::string(found->second.data(), found->second.size());
}

// Bytes that are no request, in a unary call or one that streams its answer.
absl::Status CallWith(LedgerProcess& ledger, const std::string& method,
                      const std::string& bytes) {
  grpc::GenericStub stub(ledger.Connect());
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const grpc::Slice slice(bytes);
  const grpc::ByteBuffer request(&slice, 1);
  const auto call = stub.PrepareUnaryCall(
      &context, "/dataip.ledger.v1.LedgerService/" + method, request, &queue);
  call->StartCall();
  grpc::ByteBuffer response;
  grpc::Status status;
  call->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  EXPECT_TRUE(queue.Next(&tag, &ok));
  return client::FromGrpcStatus(status);
}

TEST_F(LedgerCalls, RefuseBytesThatAreNoRequestAsTheCallersFault) {
  for (const char* method : {"GetEntry", "GetStateProof", "ReadEntries"}) {
    for (const char* bytes : {"\xff\xff", "\x0a\xff", "\x0a\x05x"}) {
      const absl::Status refused = CallWith(ledger, method, bytes);
      EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument) << method;
      EXPECT_EQ(ReasonOf(refused), rpc::v1::MALFORMED) << refused;
      const auto detail = client::ErrorDetailOf(refused);
      EXPECT_NE(detail.value_or(rpc::v1::ErrorDetail()).message_zh(), "");
    }
  }
  EXPECT_TRUE(absl::IsNotFound(CallWith(ledger, "GetEntry", "")));
}

// The request id that a refused call goes back with.
std::string IdOfRefusal(LedgerProcess& ledger, const std::string& asked) {
  const auto stub = ledger::v1::LedgerService::NewStub(
      std::shared_ptr<grpc::ChannelInterface>(ledger.Connect()));
  grpc::ClientContext context;
  if (!asked.empty()) context.AddMetadata("x-request-id", asked);
  ledger::v1::GetEntryRequest request;
  request.set_index(99);
  ledger::v1::GetEntryResponse response;
  EXPECT_EQ(stub->GetEntry(&context, request, &response).error_code(),
            grpc::StatusCode::NOT_FOUND);
  return TrailingRequestId(context);
}

TEST_F(LedgerCalls, ARefusalNamesItsRequestHereAndInTheLog) {
  EXPECT_EQ(IdOfRefusal(ledger, "asked-7"), "asked-7");
  const std::string ours = IdOfRefusal(ledger, "");
  EXPECT_EQ(ours.size(), 16u);
  // One that could break a log line, or fill the log, is not taken.
  EXPECT_EQ(IdOfRefusal(ledger, std::string(65, 'a')).size(), 16u);
  EXPECT_EQ(IdOfRefusal(ledger, "two words").size(), 16u);
  ledger.process->Signal(SIGTERM);
  EXPECT_EQ(ledger.process->WaitForExit().value_or(-1), 0);
  for (const std::string& id : {std::string("asked-7"), ours}) {
    EXPECT_NE(ledger.process->err().find("\"request_id\":\"" + id + "\""),
              std::string::npos)
        << id;
  }
}

// The request id that the answer to a writer's opening goes back with.
std::string IdOfOpening(LedgerProcess& ledger, const std::string& asked) {
  const auto stub = ledger::v1::LedgerService::NewStub(
      std::shared_ptr<grpc::ChannelInterface>(ledger.Connect()));
  grpc::ClientContext context;
  if (!asked.empty()) context.AddMetadata("x-request-id", asked);
  ledger::v1::OpenWriterRequest request;
  request.set_instance_id("another");
  ledger::v1::OpenWriterResponse response;
  const grpc::Status status = stub->OpenWriter(&context, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return TrailingRequestId(context);
}

TEST_F(LedgerCalls, AnOpenedWriterHasOneRequestIdHereAndInTheLog) {
  EXPECT_EQ(IdOfOpening(ledger, "asked-8"), "");  // as the caller knows it
  std::vector<std::string> ids = {"asked-8"};
  for (const char* asked : {"", "two words"}) {
    ids.push_back(IdOfOpening(ledger, asked));
    EXPECT_EQ(ids.back().size(), 16u);
  }
  ledger.process->Signal(SIGTERM);
  EXPECT_EQ(ledger.process->WaitForExit().value_or(-1), 0);
  for (const std::string& id : ids) {
    EXPECT_NE(ledger.process->err().find("\"request_id\":\"" + id + "\""),
              std::string::npos)
        << id;
  }
  EXPECT_EQ(ledger.process->err().find("two words"), std::string::npos);
}

TEST_F(LedgerCalls, RefuseAPayloadOverTheLimitAndAMessageOverTheLimit) {
  const auto entry =
      client->AppendOne(MessageOf(epoch, 0, 1, limits::kPayloadBytes + 1));
  EXPECT_TRUE(absl::IsInvalidArgument(entry.status())) << entry.status();
  const auto message =
      client->AppendOne(MessageOf(epoch, 0, 3, limits::kPayloadBytes));
  EXPECT_TRUE(absl::IsResourceExhausted(message.status())) << message.status();
  EXPECT_EQ(MustAppend(MessageOf(epoch, 0)).first_index(), 0u);
}

TEST_F(LedgerCalls, TakeAndGiveBackALargePayload) {
  constexpr size_t kLarge = 6u << 20;
  MustAppend(MessageOf(epoch, 0, 2, kLarge));
  const auto entry = client->GetEntry(1, true);
  ASSERT_TRUE(entry.ok()) << entry.status();
  EXPECT_EQ(entry->payload().size(), kLarge);
  EXPECT_EQ(entry->payload_status(), ledger::v1::PRESENT);
  ledger::v1::ReadEntriesRequest request;
  request.set_with_payloads(true);
  request.set_count(2);
  const auto entries = client->ReadEntries(request);
  const auto first = entries->Next();
  ASSERT_TRUE(first.ok() && first->has_value()) << first.status();
  EXPECT_EQ((*first)->entries_size(), 1);
  const auto second = entries->Next();
  ASSERT_TRUE(second.ok() && second->has_value()) << second.status();
  const auto end = entries->Next();
  EXPECT_TRUE(end.ok() && !end->has_value());
}

TEST_F(LedgerCalls, EndTheStreamOfAFencedWriter) {
  const auto stream = client->Append();
  ASSERT_TRUE(stream->Send(MessageOf(epoch, 0)));
  ASSERT_TRUE(stream->Next().ok());
  OpenAtTail(*client);
  const auto ended = stream->Next();
  EXPECT_EQ(ReasonOf(ended.status()), rpc::v1::FENCED) << ended.status();
}

TEST_F(LedgerCalls, AcknowledgeInOrderBeforeTheRefusalThatEndsTheStream) {
  const auto stream = client->Append();
  for (uint64_t i = 0; i < 50; ++i) {
    ASSERT_TRUE(stream->Send(MessageOf(epoch, i, 2)));
  }
  stream->Send(MessageOf(epoch, 60));
  for (uint64_t i = 0; i < 50; ++i) {
    const auto next = stream->Next();
    ASSERT_TRUE(next.ok() && next->has_value()) << next.status();
    EXPECT_EQ((*next)->sequence(), i);
    EXPECT_EQ((*next)->headers_size(), 2);
  }
  const auto ended = stream->Next();
  EXPECT_EQ(ReasonOf(ended.status()), rpc::v1::UNEXPECTED_POSITION);
  EXPECT_EQ(client::ErrorDetailOf(ended.status())->expected_sequence(), 50u);
  // The epoch lives.
  MustAppend(MessageOf(epoch, 50));
}

TEST_F(LedgerCalls, EndAStreamThatWasClosedWithOk) {
  const auto stream = client->Append();
  ASSERT_TRUE(stream->Send(MessageOf(epoch, 0)));
  stream->CloseSend();
  EXPECT_TRUE(stream->Next().ok());
  const auto end = stream->Next();
  ASSERT_TRUE(end.ok()) << end.status();
  EXPECT_FALSE(end->has_value());
}

TEST_F(LedgerCalls, FollowWhatIsAppendedLater) {
  ledger::v1::ReadEntriesRequest request;
  request.set_follow(true);
  request.set_with_payloads(true);
  const auto entries = client->ReadEntries(request);
  uint64_t next_index = 0;
  for (uint64_t i = 0; i < 5; ++i) {
    const uint64_t index = MustAppend(MessageOf(epoch, i)).first_index();
    while (next_index <= index) {
      const auto next = entries->Next();
      ASSERT_TRUE(next.ok() && next->has_value()) << next.status();
      for (const auto& entry : (*next)->entries()) {
        EXPECT_EQ(entry.index(), next_index++);
        EXPECT_EQ(entry.payload_status(), ledger::v1::PRESENT);
      }
    }
  }
  entries->Cancel();
  auto next = entries->Next();
  while (next.ok() && next->has_value()) next = entries->Next();
  EXPECT_TRUE(absl::IsCancelled(next.status())) << next.status();
}

TEST_F(LedgerCalls, WaitForACheckpointWithinTheDeadline) {
  const auto late = client->GetCheckpoint(1, std::chrono::milliseconds(50));
  EXPECT_TRUE(absl::IsDeadlineExceeded(late.status())) << late.status();
  const auto response = MustAppend(MessageOf(epoch, 0, 3));
  const auto checkpoint = client->GetCheckpoint(response.first_index() + 3);
  ASSERT_TRUE(checkpoint.ok()) << checkpoint.status();
  EXPECT_GE(checkpoint->size(), 4u);
  EXPECT_GT(checkpoint->seal_time_ms(), 0);
}

proof::Path PathOf(
    const google::protobuf::RepeatedPtrField<std::string>& hashes) {
  proof::Path path;
  for (const std::string& bytes : hashes) {
    path.push_back(*hash::Hash::From(hash::AsBytes(bytes)));
  }
  return path;
}

hash::Hash RootOf(const ledger::v1::Checkpoint& checkpoint) {
  const auto note = proof::ParseNote(checkpoint.note());
  EXPECT_TRUE(note.ok());
  const auto parsed = proof::ParseCheckpoint(note->text);
  EXPECT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->size, checkpoint.size());
  return parsed->root;
}

hash::Hash SetKey(const std::string& key, const std::string& value,
                  ledger::v1::AppendRequest& request) {
  const hash::Hash digest = hash::Sha256(hash::AsBytes(value));
  auto* update = request.mutable_entries(0)->add_updates();
  update->set_key(key);
  update->mutable_value_sha256()->assign(digest.text());
  return digest;
}

TEST_F(LedgerCalls, ProveStateAtTheNewestAndAtAnOlderSize) {
  auto message = MessageOf(epoch, 0);
  const hash::Hash old_value = SetKey("certificates/1", "one", message);
  const uint64_t index = MustAppend(message).first_index();
  const auto old = client->GetCheckpoint(index + 1);
  ASSERT_TRUE(old.ok()) << old.status();
  message = MessageOf(epoch, 1);
  const hash::Hash new_value = SetKey("certificates/1", "two", message);
  const auto newest =
      client->GetCheckpoint(MustAppend(message).first_index() + 1);
  ASSERT_TRUE(newest.ok()) << newest.status();

  for (const auto& [size, value] :
       {std::pair{old->size(), old_value}, {newest->size(), new_value}}) {
    ledger::v1::GetStateProofRequest request;
    request.add_keys("certificates/1");
    request.add_keys("certificates/2");
    request.add_indices(index);
    request.set_size(size);
    const auto proof = client->GetStateProof(request);
    ASSERT_TRUE(proof.ok()) << proof.status();
    const hash::Hash root = RootOf(proof->checkpoint());
    const auto header = client->GetEntry(index, false)->header();
    EXPECT_TRUE(proof::VerifyInclusion(
        hash::LeafHash(hash::AsBytes(header)), index, size,
        PathOf(proof->inclusions(0).path()), root));
    const auto& seal_bytes = proof->seal();
    EXPECT_TRUE(proof::VerifyInclusion(
        hash::LeafHash(hash::AsBytes(seal_bytes.header())), size - 1, size,
        PathOf(seal_bytes.path()), root));
    const auto seal = proof::CheckSeal(
        *proof::DecodeHeader(hash::AsBytes(seal_bytes.header())),
        hash::AsBytes(seal_bytes.payload()));
    ASSERT_TRUE(seal.ok());
    for (const auto& map_proof : proof->map_proofs()) {
      proof::MapProof read{PathOf(map_proof.siblings()), std::nullopt};
      if (map_proof.has_terminal()) {
        const auto& terminal = map_proof.terminal();
        read.terminal = {*hash::Hash::From(hash::AsBytes(terminal.key_hash())),
                         *hash::Hash::From(hash::AsBytes(terminal.value()))};
      }
      EXPECT_TRUE(
          map_proof.key() == "certificates/1"
              ? proof::VerifyPresence(map_proof.key(), value, read,
                                      seal->map_root)
              : proof::VerifyAbsence(map_proof.key(), read, seal->map_root));
    }
  }
  const auto path = client->GetConsistencyProof({old->size(), newest->size()});
  ASSERT_TRUE(path.ok()) << path.status();
  EXPECT_TRUE(proof::VerifyConsistency(old->size(), newest->size(),
                                       RootOf(*old), RootOf(*newest),
                                       PathOf(path->path())));
}

TEST_F(LedgerCalls, RebuildAnOlderSizeAfterARestart) {
  auto message = MessageOf(epoch, 0);
  SetKey("k", "one", message);
  const auto old = client->GetCheckpoint(MustAppend(message).first_index() + 1);
  message = MessageOf(epoch, 1);
  SetKey("k", "two", message);
  ASSERT_TRUE(
      client->GetCheckpoint(MustAppend(message).first_index() + 1).ok());
  EXPECT_EQ(ledger.process->Stop(), 0);
  ASSERT_NO_FATAL_FAILURE(ledger.Start());
  LedgerClient again(ledger.Connect());
  ledger::v1::GetStateProofRequest request;
  request.add_keys("k");
  request.set_size(old->size());
  const auto proof = again.GetStateProof(request);
  ASSERT_TRUE(proof.ok()) << proof.status();
  EXPECT_EQ(proof->checkpoint().note(), old->note());
  request.set_size(old->size() + 1'000);
  EXPECT_TRUE(absl::IsNotFound(again.GetStateProof(request).status()));
}

}  // namespace
}  // namespace dataip::test
