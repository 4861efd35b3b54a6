// Real servers and channels over sockets with certificates of client/pki.
#include "services/common/tls.h"

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <cstdio>
#include <ctime>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/channel.h"
#include "client/pki/authority.h"
#include "client/pki/key_file.h"
#include "gtest/gtest.h"
#include "tests/support/process.h"
#include "tests/support/status_matchers.h"

namespace dataip::services {
namespace {

using client::Authority;
using client::KeyUse;
using ::dataip::testing::StatusIs;
using ::testing::HasSubstr;
using Dir = test::TempDir;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr int64_t kDay = 86'400;

// Answers every call with ABORTED and who it takes the caller for.
class WhoAmI : public grpc::CallbackGenericService {
  class Answer : public grpc::ServerGenericBidiReactor {
   public:
    explicit Answer(const std::string& text) {
      Finish(grpc::Status(grpc::StatusCode::ABORTED, text));
    }
    void OnDone() override { delete this; }
  };

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    return new Answer(absl::StrCat(PeerActor(*context).value_or("nobody"),
                                   IsLocalPeer(*context) ? ", local" : ""));
  }
};

grpc::Status Ask(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::seconds(10));
  grpc::CompletionQueue queue;
  const auto call =
      stub.PrepareUnaryCall(&context, "/x/Y", grpc::ByteBuffer(), &queue);
  grpc::ByteBuffer response;
  grpc::Status status;
  call->StartCall();
  call->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  EXPECT_TRUE(queue.Next(&tag, &ok));
  return status;
}

struct LeafOptions {
  std::string actor;
  std::string ip = "127.0.0.1";
  int64_t not_after_s = std::time(nullptr) + kDay;
};

class MutualTls : public ::testing::Test {
 protected:
  MutualTls() : ours_(NewAuthority()), other_(NewAuthority()) {
    test::WriteFile(dir_ / "ca.pem", ours_.certificate_pem());
    test::WriteFile(dir_ / "other-ca.pem", other_.certificate_pem());
    server_ = Issue(ours_, "server", {.actor = "ledger-1"});
  }

  static Authority NewAuthority() {
    const int64_t now = std::time(nullptr);
    auto authority =
        Authority::Create({.algorithm = crypto::Algorithm::kP256,
                           .use = KeyUse::kTls,
                           .common_name = "TLS",
                           .validity = {now - 2 * kDay, now + 2 * kDay}});
    EXPECT_OK(authority);
    return *std::move(authority);
  }

  client::TlsFiles Issue(const Authority& authority, const std::string& name,
                         const LeafOptions& options) {
    auto key = crypto::PrivateKey::Generate(crypto::Algorithm::kP256);
    EXPECT_OK(key);
    auto pem = authority.Issue(
        key->public_key(),
        {.use = KeyUse::kTls,
         .common_name = name,
         .validity = {std::time(nullptr) - kDay, options.not_after_s},
         .ip_addresses = {options.ip},
         .actor = options.actor});
    EXPECT_OK(pem);
    // Written anew when a test replaces a certificate.
    test::WriteFile(dir_ / (name + ".key"), key->ToPem());
    test::WriteFile(dir_ / (name + ".pem"), *pem);
    return {dir_ / "ca.pem", dir_ / (name + ".pem"), dir_ / (name + ".key")};
  }

  std::string Start(const std::optional<ServerTlsFiles>& files,
                    const std::string& address = "127.0.0.1:0") {
    auto credentials = CredentialsFor(files);
    EXPECT_OK(credentials);
    grpc::ServerBuilder builder;
    running_ = {};
    service_ = std::make_unique<WhoAmI>();  // one serves one server only
    builder.RegisterCallbackGenericService(service_.get());
    auto running = StartServer(builder, address, *credentials);
    EXPECT_OK(running);
    running_ = *std::move(running);
    return absl::StrCat("127.0.0.1:", running_.port);
  }

  static grpc::Status AskWith(const std::string& address,
                              const std::optional<client::TlsFiles>& files) {
    auto channel = client::MakeChannel(address, files);
    EXPECT_OK(channel);
    return Ask(*channel);
  }

  Dir dir_;
  Authority ours_;
  Authority other_;
  client::TlsFiles server_;
  std::unique_ptr<WhoAmI> service_;
  RunningServer running_;
};

TEST_F(MutualTls, NamesThePeerByItsCertificate) {
  const std::string address = Start(server_);
  const grpc::Status status = AskWith(
      address, Issue(ours_, "client", {.actor = "officers/examiner-1"}));
  EXPECT_EQ(status.error_message(), "officers/examiner-1, local");
}

TEST_F(MutualTls, ACertificateWithoutAnActorIsNobody) {
  const std::string address = Start(server_);
  EXPECT_EQ(AskWith(address, Issue(ours_, "client", {})).error_message(),
            "nobody, local");
}

TEST_F(MutualTls, RefusesAClientOfAnotherAuthority) {
  const std::string address = Start(server_);
  EXPECT_EQ(
      AskWith(address, Issue(other_, "client", {.actor = "root"})).error_code(),
      grpc::StatusCode::UNAVAILABLE);
}

TEST_F(MutualTls, RefusesAClientWhoseCertificateIsOver) {
  const std::string address = Start(server_);
  EXPECT_EQ(AskWith(address, Issue(ours_, "client",
                                   {.actor = "root",
                                    .not_after_s = std::time(nullptr) - 1}))
                .error_code(),
            grpc::StatusCode::UNAVAILABLE);
}

TEST_F(MutualTls, RefusesAClientWithoutACertificate) {
  const std::string address = Start(server_);
  const auto channel = grpc::CreateChannel(
      address,
      grpc::SslCredentials({.pem_root_certs = ours_.certificate_pem()}));
  EXPECT_EQ(Ask(channel).error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(AskWith(address, std::nullopt).error_code(),
            grpc::StatusCode::UNAVAILABLE);
}

TEST_F(MutualTls, AClientRefusesAServerOfAnotherAuthorityOrName) {
  client::TlsFiles files = Issue(ours_, "client", {.actor = "a"});
  files.ca_path = dir_ / "other-ca.pem";
  EXPECT_EQ(AskWith(Start(server_), files).error_code(),
            grpc::StatusCode::UNAVAILABLE);
  files.ca_path = dir_ / "ca.pem";
  const auto elsewhere = Issue(ours_, "elsewhere", {.ip = "127.0.0.9"});
  EXPECT_EQ(AskWith(Start(elsewhere), files).error_code(),
            grpc::StatusCode::UNAVAILABLE);
}

TEST_F(MutualTls, TakesANewCertificateWithoutARestart) {
  const std::string address = Start(server_);
  const auto client = Issue(ours_, "client", {.actor = "a"});
  ASSERT_EQ(AskWith(address, client).error_code(), grpc::StatusCode::ABORTED);
  // Now the server trusts the other authority's clients only.
  const std::string text = other_.certificate_pem();
  test::WriteFile(dir_ / "next.pem", text);
  ASSERT_EQ(std::rename((dir_ / "next.pem").c_str(), (dir_ / "ca.pem").c_str()),
            0);
  client::TlsFiles renewed = Issue(other_, "renewed", {.actor = "renewed"});
  test::WriteFile(dir_ / "ours.pem", ours_.certificate_pem());
  renewed.ca_path = dir_ / "ours.pem";
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::seconds(20);
  grpc::Status status;
  do {
    status = AskWith(address, renewed);
  } while (status.error_code() != grpc::StatusCode::ABORTED &&
           std::chrono::steady_clock::now() < deadline);
  EXPECT_EQ(status.error_message(), "renewed, local");
}

TEST_F(MutualTls, SaysWhichFileCannotBeUsed) {
  client::TlsFiles files = server_;
  files.key_path = dir_ / "missing.key";
  EXPECT_THAT(MakeServerCredentials(files),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("missing.key")));
  EXPECT_THAT(client::MakeChannel("ledger.example:443", files),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("missing.key")));
  files = server_;
  files.key_path = Issue(ours_, "client", {}).key_path;
  EXPECT_THAT(MakeServerCredentials(files),
              StatusIs(kInvalid, HasSubstr("client.key")));
  files = server_;
  files.ca_path = files.certificate_path;
  EXPECT_THAT(MakeServerCredentials(files),
              StatusIs(kInvalid, HasSubstr("server.pem")));
  files = server_;
  files.certificate_path = files.key_path;
  EXPECT_THAT(MakeServerCredentials(files),
              StatusIs(kInvalid, HasSubstr("server.key")));
}

TEST_F(MutualTls, WithoutTlsNobodyIsNamed) {
  EXPECT_EQ(AskWith(Start(std::nullopt), std::nullopt).error_message(),
            "nobody, local");
  const std::string unix_address = "unix:" + (dir_ / "socket");
  Start(std::nullopt, unix_address);
  EXPECT_EQ(running_.port, 0);
  EXPECT_EQ(AskWith(unix_address, std::nullopt).error_message(),
            "nobody, local");
}

TEST_F(MutualTls, APortIsNeverShared) {
  const std::string address = Start(server_);
  const std::string unix_address = "unix:" + (dir_ / "socket");
  WhoAmI service;
  grpc::ServerBuilder first;
  first.RegisterCallbackGenericService(&service);
  ASSERT_OK_AND_ASSIGN(
      const RunningServer socket,
      StartServer(first, unix_address, grpc::InsecureServerCredentials()));
  for (const std::string& taken : {address, unix_address}) {
    WhoAmI again;
    grpc::ServerBuilder builder;
    builder.RegisterCallbackGenericService(&again);
    EXPECT_THAT(StartServer(builder, taken, grpc::InsecureServerCredentials()),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(taken)));
  }
}

TEST(MakeChannel, RefusesPlainConnectionsToOtherMachines) {
  for (const char* address :
       {"ledger.example:443", "10.0.0.1:7001", "127.0.0.1.example:1",
        "[2001:db8::1]:1", "localhost.example:1", "localhost", ""}) {
    EXPECT_THAT(client::MakeChannel(address, std::nullopt), StatusIs(kInvalid))
        << address;
  }
  for (const char* address : {"127.0.0.1:1", "127.9.9.9:1", "localhost:1",
                              "[::1]:1", "unix:/tmp/x", "unix-abstract:x"}) {
    EXPECT_TRUE(client::IsLocalAddress(address)) << address;
    EXPECT_OK(client::MakeChannel(address, std::nullopt)) << address;
  }
}

}  // namespace
}  // namespace dataip::services
