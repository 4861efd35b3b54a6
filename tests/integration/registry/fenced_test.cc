// A registry that another one has replaced: it answers from what it has, says
// when that was true, and calls itself out of service.
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include "client/status.h"
#include "core/registry/values/civil_date.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "dataip/registry/v1/registry_service.grpc.pb.h"
#include "tests/integration/registry/bureau.h"
#include "tests/support/health.h"
#include "tests/support/status_matchers.h"

namespace dataip::test {
namespace {

constexpr char kService[] = "dataip.registry.v1.RegistryService";

class FencedRegistry : public ::testing::Test {
 protected:
  void SetUp() override {
    bureau_.Open();
    bureau_.UploadShared();
    certificate_ = Certificate();
    first_channel_ =
        *client::MakeChannel(bureau_.registry_address, bureau_.TlsOf("root"));
    first_ = std::make_unique<client::RegistryClient>(first_channel_);
  }

  std::string Certificate() {
    const auto number = bureau_.File("a");
    EXPECT_OK(number);
    EXPECT_OK(bureau_.OpenNotice(*number));
    EXPECT_OK(bureau_.AdvanceTo(kClockStartMs + 15 * kDayMs));
    const Answer answer = bureau_.Register(*number);
    EXPECT_OK(answer);
    return answer->events(0).application_registered().certificate_number();
  }

  // Another takes over, and the first has noticed.
  void StartSecond() {
    second_ = bureau_.StartRegistryOn(bureau_.dir / "second", &address_);
    other_ = std::make_unique<client::RegistryClient>(
        *client::MakeChannel(address_, bureau_.TlsOf("root")));
    EXPECT_EQ(
        ReasonIn(client::RegistryClient(first_channel_, std::chrono::seconds(1))
                     .Submit(bureau_.Filing("noticed"))),
        rpc::v1::NOT_SERVING);
  }

  // The second changes the certificate's status; the first never hears of it.
  void FileLicence() {
    v1::Command command;
    const auto found = other_->GetCertificate(certificate_);
    ASSERT_OK(found);
    command.set_version(found->certificate().status().version());
    v1::FileLicence& body = *command.mutable_file_licence();
    body.set_certificate_number(certificate_);
    body.set_licensee(kLicensee);
    body.set_kind(v1::ORDINARY);
    body.set_valid_from("2024-07-10");
    body.set_valid_to("2025-06-30");
    body.mutable_price()->mutable_per_unit()->set_currency("CNY");
    body.mutable_price()->mutable_per_unit()->set_fen(25);
    body.mutable_price()->set_unit("次");
    body.set_salt(std::string(32, 's'));
    const Answer filed =
        other_->Submit(bureau_.Sign(kEnterprise, {"enterprise"}, command));
    ASSERT_OK(filed);
    ASSERT_FALSE(filed->receipt().checkpoint().empty());
  }

  Bureau bureau_;
  std::string certificate_;
  std::shared_ptr<grpc::Channel> first_channel_;
  std::unique_ptr<client::RegistryClient> first_;
  std::string address_ = "127.0.0.1:0";
  std::unique_ptr<Process> second_;
  std::unique_ptr<client::RegistryClient> other_;
};

TEST_F(FencedRegistry, SaysThatItDoesNotServe) {
  EXPECT_EQ(HealthOf(first_channel_, kService), Health::kServing);
  StartSecond();
  EXPECT_EQ(HealthOf(first_channel_, kService), Health::kNotServing);
  EXPECT_EQ(HealthOf(first_channel_, ""), Health::kNotServing);
  EXPECT_EQ(
      HealthOf(*client::MakeChannel(address_, bureau_.TlsOf("root")), kService),
      Health::kServing);
}

TEST_F(FencedRegistry, AnswersWithTheCheckpointOfItsState) {
  StartSecond();
  const auto before = first_->GetRegistry();
  ASSERT_OK(before);
  ASSERT_GT(before->position().checkpoint_size(), 0u);
  FileLicence();
  // Its own checkpoints go on: one after the other's entry is known to it.
  ASSERT_OK(bureau_.ledger().GetCheckpoint(
      other_->GetRegistry()->position().index() + 1));
  const auto after = first_->GetRegistry();
  ASSERT_OK(after);
  EXPECT_EQ(after->position().index(), before->position().index());
  EXPECT_LE(after->position().checkpoint_size(), after->position().index() + 2);
  const auto newest = other_->GetRegistry();
  ASSERT_OK(newest);
  EXPECT_GT(newest->position().checkpoint_size(),
            after->position().checkpoint_size());
}

TEST_F(FencedRegistry, MakesNoBundleOfAStatusThatItDoesNotKnow) {
  StartSecond();
  EXPECT_OK(first_->GetBundle(certificate_));
  FileLicence();
  // One call: the client would ask again and again.
  const auto stub = v1::RegistryService::NewStub(first_channel_);
  grpc::ClientContext context;
  v1::GetBundleRequest request;
  request.set_number(certificate_);
  v1::GetBundleResponse response;
  const absl::Status stale =
      client::FromGrpcStatus(stub->GetBundle(&context, request, &response));
  EXPECT_EQ(client::ReasonOf(stale), rpc::v1::NOT_SERVING) << stale;
  EXPECT_OK(other_->GetBundle(certificate_));
}

}  // namespace
}  // namespace dataip::test
