// Freezes by a court, their release and their end.
#include "core/crypto/command_signature.h"
#include "core/registry/erasure/redaction.h"
#include "tests/unit/core/registry/certificate/order_fixture.h"
#include "tests/unit/core/registry/matchers.h"

namespace dataip::registry {
namespace {

using namespace ::dataip::rpc::v1;  // NOLINT: the reasons
using ::dataip::testing::Allows;
using ::dataip::testing::Digest32;
using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::dataip::testing::OrderFixture;
using ::dataip::testing::Refuses;

class Freezes : public OrderFixture {};

TEST_F(Freezes, NameACertificateInForce) {
  const std::string number = fixture_.Register("R-1");
  v1::Command command = Freeze(number);
  command.mutable_freeze_certificate()->set_certificate_number("1");
  EXPECT_THAT(
      fixture_.Decide(command, {kExaminer, kApprover}),
      Refuses(NOT_FOUND, "EXISTS", "freeze_certificate.certificate_number"));
  command = Freeze(number);
  command.set_version(9);
  EXPECT_THAT(fixture_.Decide(command, {kExaminer, kApprover}),
              Refuses(VERSION_CONFLICT, "VERSION", "version"));
  EXPECT_THAT(fixture_.Decide(Freeze(number), {kExaminer}),
              Refuses(NOT_ALLOWED, "TWO_OFFICERS", "actor"));
  Revoked(number, v1::FROM_DECISION);
  EXPECT_THAT(
      fixture_.Decide(Freeze(number), {kExaminer, kApprover}),
      Refuses(RULE_REFUSES, "C9", "freeze_certificate.certificate_number"));
}

TEST_F(Freezes, NeedAuthorityDocumentLastDayAndSalt) {
  const std::string number = fixture_.Register("R-1");
  const auto refuses = [&](const char* field, const char* rule, auto change) {
    v1::Command command = Freeze(number);
    change(*command.mutable_freeze_certificate());
    EXPECT_THAT(fixture_.Decide(command, {kExaminer, kApprover}),
                Refuses(INVALID_FIELD, rule,
                        std::string("freeze_certificate.") + field));
  };
  refuses("authority", "C9", [](auto& body) { body.set_authority("院"); });
  refuses("document_no", "C9", [](auto& body) { body.set_document_no(""); });
  refuses("document", "FILE", [](auto& body) {
    body.mutable_document()->mutable_sha256()->clear_digest();
  });
  refuses("until", "C9", [](auto& body) { body.set_until("2024-07-04"); });
  refuses("until", "C9", [](auto& body) { body.set_until("永久"); });
  refuses("salt", "C9", [](auto& body) { body.set_salt("x"); });
  v1::Command command = Freeze(number);
  command.mutable_freeze_certificate()->set_until("2024-07-05");
  EXPECT_THAT(fixture_.Decide(command, {kExaminer, kApprover}), Allows());
}

TEST_F(Freezes, ShowAnOverlayByCommitment) {
  const std::string number = fixture_.Register("R-1");
  const Events events = fixture_.Do(Freeze(number), {kExaminer, kApprover});
  const v1::CertificateFrozen& frozen = events.at(0).certificate_frozen();
  EXPECT_EQ(frozen.freeze().freeze_no(), "F20240000001");
  ASSERT_EQ(Get(number).status().overlays_size(), 1);
  EXPECT_EQ(Get(number).status().state(), v1::VALID);
  EXPECT_EQ(Get(number).status().overlays(0).kind(), v1::FREEZE);
  EXPECT_EQ(Get(number).status().overlays(0).commitment(),
            crypto::OpeningCommitment(
                hash::AsBytes(frozen.salt()),
                hash::AsBytes(SerializeCanonical(frozen.freeze())))
                .text());
  EXPECT_THAT(fixture_.Decide(fixture_.LicenceCommand(number), {"enterprise"}),
              Refuses(RULE_REFUSES, "C4", "file_licence.certificate_number"));
}

TEST_F(Freezes, AreReleasedOneByOne) {
  const std::string number = fixture_.Register("R-1");
  const std::string first = Frozen(number, 'f');
  // By the same document once.
  EXPECT_THAT(fixture_.Decide(Freeze(number, 'f'), {kExaminer, kApprover}),
              Refuses(ALREADY_EXISTS, "C9", "freeze_certificate.document_no"));
  const std::string second = Frozen(number, 'g');
  const std::string kept = fixture_.state().freeze_overlays[second];
  EXPECT_THAT(fixture_.Decide(Release("F1", number), {kExaminer, kApprover}),
              Refuses(NOT_FOUND, "EXISTS", "freeze_no"));
  EXPECT_THAT(fixture_.Decide(Release(first, number), {kExaminer}),
              Refuses(NOT_ALLOWED, "TWO_OFFICERS", "actor"));
  v1::Command command = Release(first, number);
  command.mutable_release_freeze()->clear_document_no();
  EXPECT_THAT(fixture_.Decide(command, {kExaminer, kApprover}),
              Refuses(INVALID_FIELD, "C9", "release_freeze.document_no"));
  command = Release(first, number);
  command.mutable_release_freeze()->clear_document();
  EXPECT_THAT(fixture_.Decide(command, {kExaminer, kApprover}),
              Refuses(INVALID_FIELD, "FILE", "release_freeze.document"));
  command = Release(first, number);
  command.set_version(1);
  EXPECT_THAT(fixture_.Decide(command, {kExaminer, kApprover}),
              Refuses(VERSION_CONFLICT, "VERSION", "version"));
  const Events events =
      fixture_.Do(Release(first, number), {kExaminer, kApprover});
  EXPECT_EQ(*ToUnixMs(events.at(0).freeze_released().effective_at()),
            fixture_.now_ms());
  ASSERT_EQ(Get(number).status().overlays_size(), 1);
  EXPECT_EQ(Get(number).status().overlays(0).commitment(), kept);
  EXPECT_EQ(fixture_.state().freezes.count(first), 0u);
  EXPECT_THAT(fixture_.Decide(Release(first, number), {kExaminer, kApprover}),
              Refuses(NOT_FOUND, "EXISTS", "freeze_no"));
  fixture_.Do(Release(second, number), {kExaminer, kApprover});
  EXPECT_TRUE(Get(number).status().overlays().empty());
  EXPECT_THAT(fixture_.Decide(fixture_.LicenceCommand(number), {"enterprise"}),
              Allows());
}

TEST_F(Freezes, EndByTheClockAfterTheirLastDay) {
  const std::string number = fixture_.Register("R-1");
  const std::string freeze_no = Frozen(number);
  EXPECT_THAT(fixture_.Decide(EndFreeze("F1", number), {"clock"}),
              Refuses(NOT_FOUND, "EXISTS", "freeze_no"));
  fixture_.AdvanceTo(EndOfDayMs({2024, 12, 31}));
  EXPECT_THAT(fixture_.Decide(EndFreeze(freeze_no, number), {"clock"}),
              Refuses(RULE_REFUSES, "C9", "freeze_no"));
  fixture_.AdvanceTo(EndOfDayMs({2024, 12, 31}) + 1);
  // The clock goes before anybody else, by the command that it owes.
  EXPECT_THAT(
      fixture_.Decide(Release(freeze_no, number), {kExaminer, kApprover}),
      Refuses(RULE_REFUSES, "CLOCK", "actor"));
  const auto due = NextDue(fixture_.state(), fixture_.now_ms());
  ASSERT_TRUE(due.has_value());
  v1::Command owed = fixture_.NewCommand("clock", 0);
  SetClockCommand(fixture_.state(), *due, owed);
  const Events events = fixture_.Do(owed, {"clock"});
  EXPECT_EQ(*ToUnixMs(events.at(0).freeze_released().effective_at()),
            EndOfDayMs({2024, 12, 31}));
  EXPECT_TRUE(events.at(0).freeze_released().document_no().empty());
  EXPECT_TRUE(Get(number).status().overlays().empty());
  EXPECT_FALSE(NextDue(fixture_.state(), fixture_.now_ms()).has_value());
}

TEST_F(Freezes, OutliveARevocation) {
  const std::string number = fixture_.Register("R-1");
  const std::string freeze_no = Frozen(number);
  Revoked(number, v1::FROM_DECISION);
  ASSERT_EQ(Get(number).status().overlays_size(), 1);
  fixture_.Do(Release(freeze_no, number), {kExaminer, kApprover});
  EXPECT_EQ(Get(number).status().state(), v1::REVOKED);
  EXPECT_TRUE(Get(number).status().overlays().empty());
}

TEST_F(Freezes, KeepTheirWords) {
  Frozen(fixture_.Register("R-1"));
  const v1::Transition frozen = fixture_.SignedTransitions().back();
  EXPECT_FALSE(
      Redact(frozen, {"events[0].certificate_frozen.freeze.authority"}).ok());
}

}  // namespace
}  // namespace dataip::registry
