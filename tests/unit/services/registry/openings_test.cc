#include "services/registry/openings.h"

#include "client/status.h"
#include "core/base/limits.h"
#include "core/crypto/command_signature.h"
#include "gtest/gtest.h"
#include "services/registry/ordered_openings.h"
#include "tests/support/process.h"
#include "tests/support/status_matchers.h"

namespace dataip::registryd {
namespace {

using ::dataip::testing::StatusIs;

v1::Opening OpeningOf(const std::string& value) {
  v1::Opening opening;
  opening.set_salt(std::string(32, 's'));
  opening.set_value(value);
  return opening;
}

void CommitTo(const std::string& value, v1::Commitment& commitment) {
  const v1::Opening opening = OpeningOf(value);
  commitment.set_digest(
      std::string(crypto::OpeningCommitment(hash::AsBytes(opening.salt()),
                                            hash::AsBytes(opening.value()))
                      .text()));
}

class OpeningsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    files_ = *FileStore::Open(dir_ / "files");
    sha256_ = std::string(hash::Sha256(hash::AsBytes("sample")).text());
    v1::ApplicationForm& form =
        *command_.mutable_submit_application()->mutable_form();
    form.add_sources();
    CommitTo(sha256_,
             *form.add_sources()->mutable_contract()->mutable_sha256());
    form.mutable_sources(1)->mutable_contract()->set_byte_size(6);
    form.mutable_sources(1)->mutable_contract()->set_kind("contract");
    CommitTo("0571", *form.mutable_contact()->mutable_phone());
    *request_.add_openings() = OpeningOf(sha256_);
    *request_.add_openings() = OpeningOf("0571");
  }

  void Upload() {
    const auto upload =
        files_->Begin({hash::Sha256(hash::AsBytes("sample")), 6});
    ASSERT_OK(upload);
    ASSERT_OK((*upload)->Append(hash::AsBytes("sample")));
    ASSERT_OK((*upload)->Finish());
  }

  absl::StatusOr<std::vector<StoredOpening>> Check() {
    const std::function<bool(const Hash&)> uploaded = [this](const Hash&) {
      return by_sender_;
    };
    return CheckOpenings({request_, command_, known_, uploaded}, *files_);
  }

  // Field path of the first violation.
  std::string FieldAtFault() {
    const auto detail = client::ErrorDetailOf(Check().status());
    if (!detail.has_value() || detail->field_violations().empty()) return "";
    return detail->field_violations(0).field();
  }

  const test::TempDir dir_;
  std::unique_ptr<FileStore> files_;
  std::string sha256_;
  v1::Command command_;
  v1::SubmitCommandRequest request_;
  std::set<std::string> known_;
  bool by_sender_ = true;
};

// The same words whether somebody else uploaded it or nobody did.
TEST_F(OpeningsTest, NameFilesOfTheSenderOnly) {
  by_sender_ = false;
  const absl::Status nobody = Check().status();
  EXPECT_EQ(FieldAtFault(), "sources[1].contract.sha256");
  Upload();
  EXPECT_EQ(Check().status(), nobody);
  command_.mutable_submit_application()
      ->mutable_form()
      ->mutable_sources(1)
      ->mutable_contract()
      ->set_byte_size(7);
  EXPECT_EQ(Check().status(), nobody);
  by_sender_ = true;
  EXPECT_NE(Check().status(), nobody);
}

TEST_F(OpeningsTest, OfSealedValuesStandInNoPublicText) {
  v1::ApplicationForm& form =
      *command_.mutable_submit_application()->mutable_form();
  v1::SealedField* sealed = form.add_sealed();
  sealed->set_field("sources[0].method");
  CommitTo("瓯海供热公司", *sealed->mutable_value());
  const Hash digest = *Hash::From(hash::AsBytes(sealed->value().digest()));
  const std::vector<StoredOpening> openings = {
      {digest, std::string(32, 's'), "瓯海供热公司"}};
  EXPECT_OK(CheckSealedStaySealed(command_, nullptr, openings));
  form.set_name("瓯海供热公司用能数据集");
  const absl::Status found = CheckSealedStaySealed(command_, nullptr, openings);
  const auto detail = client::ErrorDetailOf(found);
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->field_violations(0).field(), "name");
  EXPECT_EQ(detail->field_violations(0).rule(), "B23");
  EXPECT_OK(CheckSealedStaySealed(v1::Command(), nullptr, openings));
}

TEST_F(OpeningsTest, MustComeForEveryCommitment) {
  Upload();
  request_.mutable_openings()->RemoveLast();
  EXPECT_EQ(FieldAtFault(), "contact.phone");
  request_.clear_openings();
  EXPECT_EQ(FieldAtFault(), "sources[1].contract.sha256");
}

TEST_F(OpeningsTest, MustOpenSomething) {
  Upload();
  *request_.add_openings() = OpeningOf("nothing");
  EXPECT_EQ(FieldAtFault(), "openings");
}

TEST_F(OpeningsTest, MustHaveSaltsOfFullLength) {
  request_.mutable_openings(1)->set_salt(std::string(31, 's'));
  EXPECT_EQ(FieldAtFault(), "openings[1].salt");
}

TEST_F(OpeningsTest, MustStayWithinLimits) {
  request_.mutable_openings(1)->set_value(
      std::string(limits::kOpeningValueBytes + 1, 'x'));
  EXPECT_THAT(Check().status(), StatusIs(absl::StatusCode::kInvalidArgument));
  for (size_t i = 0; i < limits::kOpeningsPerCommand; ++i) {
    *request_.add_openings() = OpeningOf("0571");
  }
  EXPECT_THAT(Check().status(), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(OpeningsTest, NeedTheFileUnlessOnlyValidating) {
  EXPECT_EQ(FieldAtFault(), "sources[1].contract.sha256");
  request_.set_validate_only(true);
  EXPECT_OK(Check());
}

TEST_F(OpeningsTest, NeedTheFilesSize) {
  Upload();
  command_.mutable_submit_application()
      ->mutable_form()
      ->mutable_sources(1)
      ->mutable_contract()
      ->set_byte_size(7);
  EXPECT_EQ(FieldAtFault(), "sources[1].contract.sha256");
}

TEST_F(OpeningsTest, AreThoseOfTheCommand) {
  Upload();
  const auto openings = Check();
  ASSERT_OK(openings);
  ASSERT_EQ(openings->size(), 2u);
  EXPECT_EQ((*openings)[0].value, sha256_);
  EXPECT_EQ((*openings)[1].value, "0571");
}

TEST_F(OpeningsTest, MayBeMissingForWhatIsKnown) {
  Upload();
  known_.insert(
      command_.submit_application().form().contact().phone().digest());
  request_.mutable_openings()->RemoveLast();
  const auto openings = Check();
  ASSERT_OK(openings);
  EXPECT_EQ(openings->size(), 1u);
}

TEST(CommitmentsIn, FindsThoseOfAnIdentity) {
  v1::Command command;
  CommitTo("name", *command.mutable_register_party()
                        ->mutable_identity()
                        ->mutable_name_commitment());
  const auto found = CommitmentsIn(command);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].path, "identity.name_commitment");
  EXPECT_FALSE(found[0].is_file);
  EXPECT_TRUE(CommitmentsIn(v1::Command()).empty());
}

// The disk forgets as soon as the order stands, and not for what was only
// validated.
TEST(OrdersPurge, IsSoOfAnOrderOnTheLedger) {
  Outcome outcome;
  outcome.events.emplace_back().mutable_openings_erased();
  EXPECT_FALSE(OrdersPurge(outcome));
  outcome.header = "a header";
  EXPECT_TRUE(OrdersPurge(outcome));
  outcome.events[0].mutable_payload_erased();
  EXPECT_FALSE(OrdersPurge(outcome));
}

}  // namespace
}  // namespace dataip::registryd
