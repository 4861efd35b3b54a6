// Readers that ask for everything and read nothing.
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>

#include <fstream>
#include <string>
#include <vector>

#include "core/base/mutex.h"
#include "dataip/ledger/v1/ledger_service.grpc.pb.h"
#include "gtest/gtest.h"
#include "tests/integration/ledger/ledger_process.h"

namespace dataip::test {
namespace {

using Stub = ledger::v1::LedgerService::Stub;

constexpr int kConnections = 8;
constexpr int kStreams = 128;  // of one connection
constexpr int kProofs = 400;
constexpr int kMessages = 8;
constexpr size_t kPayloadBytes = size_t{1} << 20;
// Without a bound these readers take more than a gigabyte.
constexpr size_t kMostMib = 400;

size_t ResidentMib(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  std::string word;
  while (status >> word) {
    if (word != "VmRSS:") continue;
    size_t kib = 0;
    status >> kib;
    return kib >> 10;
  }
  return 0;
}

class LedgerReaders : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(ledger.Start());
    client = std::make_unique<client::LedgerClient>(ledger.Connect());
    epoch = OpenAtTail(*client).epoch();
    for (int i = 0; i < kMessages; ++i) ASSERT_GE(Append(kPayloadBytes), 0);
  }

  // The index; -1 when it failed or took long.
  int64_t Append(size_t payload_bytes) {
    const auto appended =
        client->AppendOne(MessageOf(epoch, sequence++, 1, payload_bytes));
    EXPECT_TRUE(appended.ok()) << appended.status();
    return appended.ok() ? static_cast<int64_t>(appended->first_index()) : -1;
  }

  // A connection of its own, which takes whatever is sent to it.
  std::unique_ptr<Stub> Greedy() {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return ledger::v1::LedgerService::NewStub(grpc::CreateCustomChannel(
        ledger.address, grpc::InsecureChannelCredentials(), arguments));
  }

  LedgerProcess ledger;
  std::unique_ptr<client::LedgerClient> client;
  uint64_t epoch = 0;
  uint64_t sequence = 0;
};

TEST_F(LedgerReaders, WhoDoNotReadTakeNeitherMemoryNorTurns) {
  ledger::v1::ReadEntriesRequest tail;
  tail.set_start_index(static_cast<uint64_t>(Append(1)));
  tail.set_follow(true);
  const auto follower = client->ReadEntries(tail);
  ASSERT_TRUE(follower->Next().ok());
  struct Unread {
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<ledger::v1::ReadEntriesResponse>> call;
  };
  ledger::v1::ReadEntriesRequest everything;
  everything.set_with_payloads(true);
  everything.set_follow(true);
  std::vector<std::unique_ptr<Stub>> stubs;
  std::vector<std::unique_ptr<Unread>> all;
  for (int i = 0; i < kConnections * kStreams; ++i) {
    if (i % kStreams == 0) stubs.push_back(Greedy());
    all.push_back(std::make_unique<Unread>());
    all.back()->call =
        stubs.back()->ReadEntries(&all.back()->context, everything);
  }
  for (int i = 0; i < 5; ++i) {
    const int64_t last = Append(100);
    uint64_t seen = 0;
    while (seen < static_cast<uint64_t>(last)) {
      const auto next = follower->Next();
      ASSERT_TRUE(next.ok() && next->has_value()) << next.status();
      seen = (*next)->entries().rbegin()->index();
    }
  }
  EXPECT_LT(ResidentMib(ledger.process->pid()), kMostMib);
  follower->Cancel();
  for (const auto& unread : all) unread->context.TryCancel();
  for (const auto& unread : all) (void)unread->call->Finish();
}

TEST_F(LedgerReaders, WhoAskForProofsDoNotHoldUpWriters) {
  struct Proof {
    grpc::ClientContext context;
    ledger::v1::GetStateProofResponse response;
  };
  ASSERT_TRUE(client->GetCheckpoint(1, std::chrono::seconds(10)).ok());
  ledger::v1::GetStateProofRequest request;
  for (uint64_t i = 0; i < 256; ++i) {
    request.add_keys("key" + std::to_string(i));
    request.add_indices(0);
  }
  const auto stub = Greedy();
  std::vector<std::unique_ptr<Proof>> proofs;
  base::Mutex mutex;
  base::CondVar changed;
  int answered = 0;
  int refused = 0;
  for (int i = 0; i < kProofs; ++i) {
    proofs.push_back(std::make_unique<Proof>());
    stub->async()->GetStateProof(
        &proofs.back()->context, &request, &proofs.back()->response,
        [&](const grpc::Status& status) {
          base::MutexLock lock(mutex);
          if (status.ok()) ++answered;
          if (!status.ok()) ++refused;
          EXPECT_TRUE(status.ok() || status.error_code() ==
                                         grpc::StatusCode::RESOURCE_EXHAUSTED)
              << status.error_message();
          changed.NotifyOne();
        });
  }
  client::LedgerClient other(ledger.Connect());
  epoch = OpenAtTail(other).epoch();
  sequence = 0;
  EXPECT_GE(Append(100), 0);
  base::MutexLock lock(mutex);
  while (answered + refused < kProofs) changed.Wait(mutex);
  EXPECT_GT(answered, 0);
}

}  // namespace
}  // namespace dataip::test
