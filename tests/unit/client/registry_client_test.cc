#include "client/registry_client.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <atomic>
#include <mutex>

#include "absl/strings/str_cat.h"
#include "client/in_flight.h"
#include "client/status.h"
#include "dataip/registry/v1/registry_service.grpc.pb.h"
#include "services/common/error.h"
#include "tests/support/status_matchers.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using ::dataip::testing::IsOk;
using ::dataip::testing::StatusIs;
using std::chrono::milliseconds;

// Answers as it is told; counts what comes.
class FakeRegistry final : public v1::RegistryService::Service {
 public:
  // Refusals for the first calls of SubmitCommand, in order.
  std::vector<rpc::v1::Reason> refusals;
  std::atomic<int> submitted{0};
  int parties = 0;
  std::atomic<int> pages{0};
  std::string file;
  std::string named_sha256;
  uint64_t named_size = 0;
  std::string uploaded;
  std::string upload_answer;

  grpc::Status SubmitCommand(grpc::ServerContext*,
                             const v1::SubmitCommandRequest* request,
                             v1::SubmitCommandResponse* response) override {
    const auto call = static_cast<size_t>(submitted++);
    if (call < refusals.size()) {
      return ToGrpcStatus(
          services::MakeStatus(refusals[call], {"not now", "现在不行"}));
    }
    response->mutable_receipt()->set_origin(request->command().command());
    return grpc::Status::OK;
  }

  grpc::Status ListParties(grpc::ServerContext*,
                           const v1::ListPartiesRequest* request,
                           v1::ListPartiesResponse* response) override {
    ++pages;
    const int from =
        request->page_token().empty() ? 0 : std::stoi(request->page_token());
    const int to = std::min(parties, from + request->page_size());
    for (int i = from; i < to; ++i) {
      response->add_parties()->set_party_number(absl::StrCat("P", i));
    }
    if (to < parties) response->set_next_page_token(absl::StrCat(to));
    return grpc::Status::OK;
  }

  grpc::Status DownloadFile(
      grpc::ServerContext*, const v1::DownloadFileRequest*,
      grpc::ServerWriter<v1::DownloadFileResponse>* writer) override {
    v1::DownloadFileResponse piece;
    piece.set_sha256(named_sha256);
    piece.set_byte_size(named_size);
    for (size_t i = 0; i < file.size(); i += 3) {
      piece.set_chunk(file.substr(i, 3));
      writer->Write(piece);
      piece.Clear();
    }
    return grpc::Status::OK;
  }

  grpc::Status UploadFile(grpc::ServerContext*,
                          grpc::ServerReader<v1::UploadFileRequest>* reader,
                          v1::UploadFileResponse* response) override {
    v1::UploadFileRequest piece;
    uploaded.clear();
    while (reader->Read(&piece)) uploaded += piece.chunk();
    const hash::Hash sha256 = hash::Sha256(hash::AsBytes(uploaded));
    response->set_sha256(upload_answer.empty() ? std::string(sha256.text())
                                               : upload_answer);
    return grpc::Status::OK;
  }
};

class RegistryClientTest : public ::testing::Test {
 protected:
  RegistryClientTest() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port);
    builder.RegisterService(&fake_);
    server_ = builder.BuildAndStart();
    address_ = absl::StrCat("127.0.0.1:", port);
    client_ = std::make_unique<RegistryClient>(Channel(), milliseconds(5'000));
  }

  std::shared_ptr<grpc::Channel> Channel() const {
    return grpc::CreateChannel(address_, grpc::InsecureChannelCredentials());
  }
  absl::StatusOr<v1::SubmitCommandResponse> Submit() {
    v1::SubmitCommandRequest request;
    request.mutable_command()->set_command("bytes");
    return client_->Submit(request);
  }
  void NameFile(const std::string& content) {
    fake_.file = content;
    fake_.named_sha256 = hash::Sha256(hash::AsBytes(content)).text();
    fake_.named_size = content.size();
  }

  FakeRegistry fake_;
  std::string address_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<RegistryClient> client_;
};

TEST_F(RegistryClientTest, NeverRepeatsACommandThatWasRefused) {
  for (const rpc::v1::Reason reason :
       {rpc::v1::VERSION_CONFLICT, rpc::v1::RULE_REFUSES,
        rpc::v1::BAD_SIGNATURE, rpc::v1::EXPIRED, rpc::v1::ALREADY_EXISTS,
        rpc::v1::INVALID_FIELD, rpc::v1::NOT_FOUND, rpc::v1::INTERNAL}) {
    fake_.submitted = 0;
    fake_.refusals = {reason};
    EXPECT_EQ(ReasonOf(Submit().status()), reason);
    EXPECT_EQ(fake_.submitted, 1) << rpc::v1::Reason_Name(reason);
  }
}

TEST_F(RegistryClientTest, SendsTheSameBytesAgainWhenThatIsSafe) {
  fake_.refusals = {rpc::v1::FENCED, rpc::v1::OVERLOADED, rpc::v1::NOT_SERVING};
  ASSERT_OK_AND_ASSIGN(const auto response, Submit());
  EXPECT_EQ(response.receipt().origin(), "bytes");
  EXPECT_EQ(fake_.submitted, 4);
}

TEST_F(RegistryClientTest, GivesUpWhenTheTimeIsOver) {
  fake_.refusals.assign(1'000, rpc::v1::OVERLOADED);
  client_ = std::make_unique<RegistryClient>(Channel(), milliseconds(300));
  EXPECT_THAT(Submit(), StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_GT(fake_.submitted, 1);
}

TEST_F(RegistryClientTest, SaysUnavailableAtOnceWhenNobodyEverAnswered) {
  server_->Shutdown();
  client_ = std::make_unique<RegistryClient>(Channel(), milliseconds(60'000));
  EXPECT_THAT(Submit(), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(RegistryClientTest, WaitsForAServerThatAnsweredBefore) {
  constexpr milliseconds kTimeout{400};
  client_ = std::make_unique<RegistryClient>(Channel(), kTimeout);
  ASSERT_THAT(Submit(), IsOk());
  server_->Shutdown();
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_THAT(Submit(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_GE(std::chrono::steady_clock::now() - begun, kTimeout / 2);
}

TEST_F(RegistryClientTest, ReadsEveryPageOfAList) {
  fake_.parties = 25;
  v1::ListPartiesRequest request;
  request.set_page_size(10);
  ASSERT_OK_AND_ASSIGN(const auto parties, client_->ListParties(request));
  ASSERT_EQ(parties.size(), 25u);
  EXPECT_EQ(parties.back().party_number(), "P24");
  EXPECT_EQ(fake_.pages, 3);
}

TEST_F(RegistryClientTest, ReadsAnEmptyList) {
  ASSERT_OK_AND_ASSIGN(const auto parties,
                       client_->ListParties(v1::ListPartiesRequest()));
  EXPECT_TRUE(parties.empty());
}

TEST_F(RegistryClientTest, RefusesAFileOfAnotherDigestOrLength) {
  NameFile("0123456789");
  fake_.file = "0123456780";
  EXPECT_THAT(client_->Download({"1", "sample", 0}),
              StatusIs(absl::StatusCode::kDataLoss));
  NameFile("0123456789");
  fake_.named_size = 9;
  EXPECT_THAT(client_->Download({"1", "sample", 0}),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(RegistryClientTest, PutsADownloadTogether) {
  NameFile("0123456789");
  ASSERT_OK_AND_ASSIGN(const auto file, client_->Download({"1", "sample", 0}));
  EXPECT_EQ(file.content, "0123456789");
}

TEST_F(RegistryClientTest, RefusesAnUploadThatIsTooLargeOrKeptOtherwise) {
  const std::string large((20 << 20) + 1, 'x');
  EXPECT_THAT(client_->Upload(hash::AsBytes(large)),
              StatusIs(absl::StatusCode::kInvalidArgument));
  fake_.upload_answer = std::string(32, 'x');
  EXPECT_THAT(client_->Upload(hash::AsBytes(std::string("abc"))),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(RegistryClientTest, UploadsInPieces) {
  std::string content((2 << 20) + 17, 'x');
  content.back() = 'y';
  ASSERT_THAT(client_->Upload(hash::AsBytes(content)), IsOk());
  EXPECT_EQ(fake_.uploaded, content);
  ASSERT_THAT(client_->Upload({}), IsOk());
  EXPECT_EQ(fake_.uploaded, "");
}

TEST(ForEachInFlight, RunsEachOnceAndAtMostSoManyAtOnce) {
  std::mutex mutex;
  std::vector<int> seen(100, 0);
  int now = 0;
  int most = 0;
  ForEachInFlight(100, 4, [&](size_t i) {
    {
      const std::lock_guard<std::mutex> lock(mutex);
      ++seen[i];
      most = std::max(most, ++now);
    }
    const std::lock_guard<std::mutex> lock(mutex);
    --now;
    return true;
  });
  EXPECT_EQ(std::count(seen.begin(), seen.end(), 1), 100);
  EXPECT_LE(most, 4);
}

TEST(ForEachInFlight, BeginsNothingAfterAStop) {
  std::atomic<int> begun{0};
  ForEachInFlight(100, 1, [&](size_t i) {
    ++begun;
    return i < 9;
  });
  EXPECT_EQ(begun, 10);
  ForEachInFlight(0, 16, [&](size_t) {
    ++begun;
    return true;
  });
  EXPECT_EQ(begun, 10);
}

}  // namespace
}  // namespace dataip::client
