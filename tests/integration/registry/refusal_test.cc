// What a registry must not take.
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <chrono>

#include "absl/strings/str_cat.h"
#include "client/status.h"
#include "core/base/limits.h"
#include "core/crypto/random.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "dataip/registry/v1/registry_service.grpc.pb.h"
#include "tests/integration/registry/bureau.h"
#include "tests/support/status_matchers.h"

namespace dataip::test {
namespace {

using ::dataip::testing::StatusIs;
using rpc::v1::Reason;

// A command that is good as it stands, to be spoilt.
v1::SubmitCommandRequest Good(Bureau& bureau) {
  v1::Command command;
  *command.mutable_advance_clock()->mutable_to() =
      registry::FromUnixMs(bureau.NowMs() + 1'000);
  return bureau.Sign("root", {"root"}, command);
}

// The same with other bytes of the command, signed again.
v1::SubmitCommandRequest Changed(
    Bureau& bureau, const v1::SubmitCommandRequest& request,
    const std::function<void(v1::Command&)>& change) {
  v1::Command command;
  command.ParseFromString(request.command().command());
  change(command);
  return bureau.SignBytes(registry::SerializeCanonical(command), {"root"});
}

TEST(RegistryOpening, IsForTheConfiguredRootOnly) {
  Bureau bureau;
  v1::Command stranger = bureau.OpenCommand(true);
  *stranger.mutable_open_registry()->mutable_root_key() =
      bureau.PublicKeyOf("stranger");
  auto request = bureau.Sign("root", {"stranger"}, stranger);
  const Answer refused = bureau.As("stranger").Submit(request);
  EXPECT_EQ(ReasonIn(refused), rpc::v1::NOT_ALLOWED) << refused.status();
  request.set_validate_only(true);
  EXPECT_EQ(ReasonIn(bureau.As("stranger").Submit(request)),
            rpc::v1::NOT_ALLOWED);
  EXPECT_OK(bureau.Do("root", {"root"}, bureau.OpenCommand(true)));
}

TEST(RegistryOpening, NeedsARootInTheConfiguration) {
  Bureau bureau;
  bureau.root_key = "";
  ASSERT_EQ(bureau.registry_process->Stop(), 0);
  bureau.StartRegistry();
  EXPECT_EQ(ReasonIn(bureau.Do("root", {"root"}, bureau.OpenCommand(true))),
            rpc::v1::NOT_ALLOWED);
}

class RefusalTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    bureau_ = new Bureau();
    bureau_->Open();
  }
  static void TearDownTestSuite() {
    delete bureau_;
    bureau_ = nullptr;
  }

  // Nothing of a refused command is on the ledger.
  void ExpectRefused(const v1::SubmitCommandRequest& request, Reason reason) {
    const uint64_t before = bureau_->CountTransitions();
    const Answer answer = bureau_->Submit(request);
    EXPECT_EQ(ReasonIn(answer), reason) << answer.status();
    const auto detail = client::ErrorDetailOf(answer.status());
    ASSERT_TRUE(detail.has_value());
    EXPECT_NE(detail->message_zh(), "");
    EXPECT_EQ(bureau_->CountTransitions(), before);
  }

  static Bureau* bureau_;
};

Bureau* RefusalTest::bureau_ = nullptr;

TEST_F(RefusalTest, OfASignatureThatDoesNotVerify) {
  auto request = Good(*bureau_);
  (*request.mutable_command()
        ->mutable_signatures(0)
        ->mutable_signature())[20] ^= 1;
  ExpectRefused(request, rpc::v1::BAD_SIGNATURE);
}

TEST_F(RefusalTest, OfAnotherLedgersSignature) {
  const auto good = Good(*bureau_);
  const std::string origin = std::exchange(bureau_->origin, "another.ledger/1");
  const auto request = bureau_->SignBytes(good.command().command(), {"root"});
  bureau_->origin = origin;
  ExpectRefused(request, rpc::v1::BAD_SIGNATURE);
}

TEST_F(RefusalTest, OfAKeyThatIsNotTheActors) {
  const auto good = Good(*bureau_);
  ExpectRefused(bureau_->SignBytes(good.command().command(), {"enterprise"}),
                rpc::v1::BAD_SIGNATURE);
  ExpectRefused(bureau_->SignBytes(good.command().command(), {"stranger"}),
                rpc::v1::BAD_SIGNATURE);
  ExpectRefused(bureau_->Sign("root", {"root", "enterprise"},
                              bureau_->TableCommands()[2]),
                rpc::v1::BAD_SIGNATURE);
}

TEST_F(RefusalTest, OfWhatHasExpired) {
  v1::Command command = bureau_->TableCommands()[2];
  *command.mutable_issued_at() = registry::FromUnixMs(kClockStartMs - 2000);
  *command.mutable_expires_at() = registry::FromUnixMs(kClockStartMs - 1000);
  ExpectRefused(bureau_->Sign("root", {"root"}, command), rpc::v1::EXPIRED);
}

TEST_F(RefusalTest, OfAUsedIdWithOtherBytes) {
  const auto request = Good(*bureau_);
  ASSERT_OK(bureau_->Submit(request));
  const auto other = Changed(*bureau_, request, [](v1::Command& command) {
    command.set_version(command.version() + 1);
  });
  ExpectRefused(other, rpc::v1::ALREADY_EXISTS);
  // Even when it has expired: the id is asked first.
  const auto expired = Changed(*bureau_, request, [](v1::Command& command) {
    *command.mutable_issued_at() = registry::FromUnixMs(kClockStartMs - 2000);
    *command.mutable_expires_at() = registry::FromUnixMs(kClockStartMs - 1000);
  });
  ExpectRefused(expired, rpc::v1::ALREADY_EXISTS);
}

TEST_F(RefusalTest, OfUnknownFieldsAndOtherSpellings) {
  const auto good = Good(*bureau_);
  const std::string bytes = good.command().command();
  // Field 999, varint 1.
  ExpectRefused(bureau_->SignBytes(bytes + "\xb8\x3e\x01", {"root"}),
                rpc::v1::MALFORMED);
  // The actor once more at the end.
  ExpectRefused(bureau_->SignBytes(bytes + "\x22\x04root", {"root"}),
                rpc::v1::MALFORMED);
  ExpectRefused(bureau_->SignBytes(bytes.substr(0, bytes.size() - 1), {"root"}),
                rpc::v1::MALFORMED);
  auto beside = good;
  beside.mutable_command()
      ->GetReflection()
      ->MutableUnknownFields(beside.mutable_command())
      ->AddVarint(999, 1);
  ExpectRefused(beside, rpc::v1::MALFORMED);
}

TEST_F(RefusalTest, OfSignaturesOutOfForm) {
  auto none = Good(*bureau_);
  none.mutable_command()->clear_signatures();
  ExpectRefused(none, rpc::v1::MALFORMED);
  auto twice = Good(*bureau_);
  *twice.mutable_command()->add_signatures() = twice.command().signatures(0);
  ExpectRefused(twice, rpc::v1::MALFORMED);
  auto upper = Good(*bureau_);
  upper.mutable_command()->mutable_signatures(0)->set_key_id(
      std::string(64, 'A'));
  ExpectRefused(upper, rpc::v1::MALFORMED);
}

TEST_F(RefusalTest, OfFiveMegabytes) {
  auto request = Good(*bureau_);
  request.mutable_command()->set_command(std::string(5'000'000, 'x'));
  ExpectRefused(request, rpc::v1::TOO_LARGE);
}

TEST_F(RefusalTest, OfASecondOpening) {
  ExpectRefused(bureau_->Sign("root", {"root"}, bureau_->OpenCommand(true)),
                rpc::v1::ALREADY_EXISTS);
}

TEST_F(RefusalTest, OfAClockAheadOfTheRealOne) {
  v1::Command command;
  const int64_t now = std::chrono::duration_cast<std::chrono::milliseconds>(
                          std::chrono::system_clock::now().time_since_epoch())
                          .count();
  *command.mutable_advance_clock()->mutable_to() =
      registry::FromUnixMs(now + 60'000);
  ExpectRefused(bureau_->Sign("root", {"root"}, command),
                rpc::v1::RULE_REFUSES);
}

TEST_F(RefusalTest, OfAFormWithoutOpeningsOrFile) {
  PreparedForm prepared = bureau_->Form("no-file");
  v1::Command command;
  *command.mutable_submit_application()->mutable_form() = prepared.form;
  *command.mutable_issued_at() = prepared.form.evidence(0).time();
  *command.mutable_expires_at() =
      registry::FromUnixMs(kClockStartMs + 3'600'000);
  const Answer no_file =
      bureau_->Do(kEnterprise, {"enterprise"}, command, prepared.openings);
  EXPECT_EQ(ReasonIn(no_file), rpc::v1::INVALID_FIELD);
  EXPECT_EQ(FieldIn(no_file), "sample.file.sha256");
  const Answer no_opening =
      bureau_->Do(kEnterprise, {"enterprise"}, command, {prepared.openings[0]});
  EXPECT_EQ(ReasonIn(no_opening), rpc::v1::INVALID_FIELD);
  auto too_many = prepared.openings;
  too_many.push_back(too_many[0]);
  too_many.back().set_value("of nothing");
  ASSERT_OK(bureau_->As(kEnterprise).Upload(hash::AsBytes(prepared.sample)));
  const Answer of_nothing =
      bureau_->Do(kEnterprise, {"enterprise"}, command, too_many);
  EXPECT_EQ(ReasonIn(of_nothing), rpc::v1::INVALID_FIELD);
  EXPECT_OK(
      bureau_->Do(kEnterprise, {"enterprise"}, command, prepared.openings));
}

TEST_F(RefusalTest, OfAFileThatIsTooLarge) {
  const std::string content(limits::kFileBytes + 1, 'x');
  EXPECT_THAT(bureau_->As(kEnterprise).Upload(hash::AsBytes(content)).status(),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(RefusalTest, OfAFileFromACertificateWithoutAnActor) {
  EXPECT_THAT(bureau_->Connect("")->Upload(hash::AsBytes("x")).status(),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(RefusalTest, ToSayWhetherAnotherUploadedAFile) {
  const std::string content = "only the enterprise has this";
  const auto bytes = hash::AsBytes(content);
  ASSERT_OK(bureau_->As(kEnterprise).Upload(bytes));
  // Whoever has the digest only gets no answer by it.
  v1::UploadFileRequest piece;
  piece.set_sha256(std::string(hash::Sha256(bytes).text()));
  piece.set_byte_size(content.size());
  const auto channel = *client::MakeChannel(bureau_->registry_address,
                                            bureau_->TlsOf(kLicensee));
  const auto stub = v1::RegistryService::NewStub(channel);
  grpc::ClientContext context;
  v1::UploadFileResponse response;
  const auto pieces = stub->UploadFile(&context, &response);
  pieces->Write(piece);
  pieces->WritesDone();
  EXPECT_EQ(pieces->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

// The digest of a file gives nobody the file, whoever has uploaded it.
TEST_F(RefusalTest, OfAFileThatAnotherUploaded) {
  const PreparedForm prepared = bureau_->Form("another's");
  const auto file = [&](const std::string& party, const std::string& key) {
    v1::Command command;
    v1::ApplicationForm& form =
        *command.mutable_submit_application()->mutable_form();
    form = prepared.form;
    form.mutable_applicants(0)->set_party_number(party);
    *command.mutable_issued_at() = form.evidence(0).time();
    *command.mutable_expires_at() =
        registry::FromUnixMs(kClockStartMs + 3'600'000);
    return bureau_->Do(party, {key}, command, prepared.openings);
  };
  const Answer before = file(kLicensee, "licensee");
  EXPECT_EQ(FieldIn(before), "sample.file.sha256");
  ASSERT_OK(bureau_->As(kEnterprise).Upload(hash::AsBytes(prepared.sample)));
  EXPECT_EQ(file(kLicensee, "licensee").status(), before.status());
  EXPECT_OK(file(kEnterprise, "enterprise"));
  EXPECT_EQ(file(kLicensee, "licensee").status(), before.status());
}

TEST_F(RefusalTest, OfForeignPageTokens) {
  ASSERT_OK(bureau_->File("page-1"));
  ASSERT_OK(bureau_->File("page-2"));
  v1::ListApplicationsRequest request;
  request.set_page_token("Z2FyYmFnZQ==");
  EXPECT_THAT(bureau_->As(kExaminer).ListApplications(request).status(),
              StatusIs(absl::StatusCode::kInvalidArgument));
  v1::ListPartiesRequest parties;
  parties.set_page_size(-1);
  EXPECT_THAT(bureau_->As(kExaminer).ListParties(parties).status(),
              StatusIs(absl::StatusCode::kInvalidArgument));
  // One line a page gives the same list.
  v1::ListApplicationsRequest whole;
  v1::ListApplicationsRequest paged;
  paged.set_page_size(1);
  const auto at_once = bureau_->As(kExaminer).ListApplications(whole);
  const auto by_page = bureau_->As(kExaminer).ListApplications(paged);
  ASSERT_OK(at_once);
  ASSERT_OK(by_page);
  ASSERT_GE(at_once->size(), 2u);
  ASSERT_EQ(at_once->size(), by_page->size());
  for (size_t i = 0; i < at_once->size(); ++i) {
    EXPECT_EQ((*at_once)[i].application_no(), (*by_page)[i].application_no());
  }
}

TEST_F(RefusalTest, OfNothingWhenTheSameBytesComeAgain) {
  const auto request = Good(*bureau_);
  const Answer first = bureau_->Submit(request);
  ASSERT_OK(first);
  const uint64_t before = bureau_->CountTransitions();
  for (int i = 0; i < 3; ++i) {
    const Answer again = bureau_->Submit(request);
    ASSERT_OK(again);
    EXPECT_EQ(again->receipt().index(), first->receipt().index());
    EXPECT_EQ(again->receipt().header(), first->receipt().header());
    EXPECT_EQ(again->events_size(), first->events_size());
  }
  EXPECT_EQ(bureau_->CountTransitions(), before);
}

}  // namespace
}  // namespace dataip::test
