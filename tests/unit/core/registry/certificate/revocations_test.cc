// Revocation with hearing, expiry.
#include "core/registry/certificate/certificate_content.h"
#include "core/registry/certificate/status_on.h"
#include "tests/unit/core/registry/certificate/order_fixture.h"
#include "tests/unit/core/registry/matchers.h"

namespace dataip::registry {
namespace {

using namespace ::dataip::rpc::v1;  // NOLINT: the reasons
using ::dataip::testing::Allows;
using ::dataip::testing::DocumentFile;
using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::dataip::testing::OrderFixture;
using ::dataip::testing::Refuses;

class Revocations : public OrderFixture {};

// A ground of the profile's list, not of a code that the rule knows.
TEST_F(Revocations, HearHoldersAndTheirAgentsInTime) {
  const std::string revocation_no = Opened(fixture_.Register("R-1"));
  EXPECT_THAT(
      fixture_.Decide(Statement("V1", fixture_.enterprise), {"enterprise"}),
      Refuses(NOT_FOUND, "EXISTS", "revocation_no"));
  EXPECT_THAT(fixture_.Decide(Statement(revocation_no, fixture_.licensee),
                              {"licensee"}),
              Refuses(NOT_ALLOWED, "C7", "actor"));
  v1::Command command = Statement(revocation_no, fixture_.enterprise);
  command.set_version(2);
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(VERSION_CONFLICT, "VERSION", "version"));
  command = Statement(revocation_no, fixture_.enterprise);
  command.mutable_state_in_revocation()->set_statement("");
  EXPECT_THAT(
      fixture_.Decide(command, {"enterprise"}),
      Refuses(INVALID_FIELD, "REASON", "state_in_revocation.statement"));
  command = Statement(revocation_no, fixture_.enterprise);
  command.mutable_state_in_revocation()->mutable_files(0)->clear_byte_size();
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(INVALID_FIELD, "FILE", "state_in_revocation.files[0]"));
  command = Statement(revocation_no, fixture_.enterprise);
  for (int i = 0; i < 20; ++i) {
    *command.mutable_state_in_revocation()->add_files() = DocumentFile();
  }
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(INVALID_FIELD, "FILE", "state_in_revocation.files"));

  v1::PowerOfAttorney& power = fixture_.state().attorneys["A1"];
  power.add_acts(v1::ACT_ANSWER);
  power.set_valid_from("2024-01-01");
  power.set_valid_to("2024-12-31");
  fixture_.state()
      .attorneys_between[{fixture_.enterprise, fixture_.licensee}]
      .push_back("A1");
  EXPECT_THAT(fixture_.Decide(Statement(revocation_no, fixture_.licensee),
                              {"licensee"}),
              Allows());
  power.set_acts(0, v1::ACT_FILE);
  EXPECT_THAT(fixture_.Decide(Statement(revocation_no, fixture_.licensee),
                              {"licensee"}),
              Refuses(NOT_ALLOWED, "B22", "actor"));

  fixture_.AdvanceTo(EndOfDayMs({2024, 7, 12}));
  EXPECT_THAT(fixture_.Decide(Statement(revocation_no, fixture_.enterprise),
                              {"enterprise"}),
              Allows());
  fixture_.AdvanceTo(EndOfDayMs({2024, 7, 12}) + 1);
  EXPECT_THAT(fixture_.Decide(Statement(revocation_no, fixture_.enterprise),
                              {"enterprise"}),
              Refuses(RULE_REFUSES, "C7", "revocation_no"));
}

TEST_F(Revocations, WaitForTheHearingOrItsDeadline) {
  const std::string number = fixture_.Register("R-1");
  const std::string revocation_no = Opened(number);
  EXPECT_THAT(fixture_.Decide(Revoke(revocation_no), {kExaminer, kApprover}),
              Refuses(RULE_REFUSES, "C7", "revocation_no"));
  fixture_.AdvanceTo(EndOfDayMs({2024, 7, 12}) + 1);
  EXPECT_THAT(fixture_.Decide(Revoke(revocation_no), {kExaminer}),
              Refuses(NOT_ALLOWED, "TWO_OFFICERS", "actor"));
  EXPECT_THAT(
      fixture_.Decide(Revoke(revocation_no, v1::REVOCATION_EFFECT_UNSPECIFIED),
                      {kExaminer, kApprover}),
      Refuses(INVALID_FIELD, "C7", "revoke_certificate.effect"));
  v1::Command command = Revoke(revocation_no);
  command.mutable_revoke_certificate()->set_reason("");
  EXPECT_THAT(fixture_.Decide(command, {kExaminer, kApprover}),
              Refuses(INVALID_FIELD, "REASON", "revoke_certificate.reason"));
  fixture_.Do(Revoke(revocation_no), {kExaminer, kApprover});
  EXPECT_EQ(Get(number).status().state(), v1::REVOKED);
  EXPECT_TRUE(Get(number).status().overlays().empty());
  EXPECT_TRUE(Get(number).open_revocation().empty());
}

TEST_F(Revocations, HearEachOfSeveralHoldersUntilTheDeadline) {
  const std::string number = fixture_.Register("R-1");
  fixture_.state()
      .certificates[number]
      .mutable_content()
      ->add_holders()
      ->set_party_number(fixture_.licensee);
  const std::string revocation_no = Opened(number);
  v1::Command command = Statement(revocation_no, fixture_.licensee);
  // Does not pass for the other holder's.
  command.mutable_state_in_revocation()->set_statement(
      "没有异议\n" + fixture_.enterprise + ": 没有异议");
  fixture_.Do(command, {"licensee"});
  const v1::Revocation& now = *FindRevocation(fixture_.state(), revocation_no);
  EXPECT_EQ(now.state(), v1::REVOCATION_HEARING);
  EXPECT_EQ(now.heard_at_ms(), fixture_.now_ms());
  EXPECT_THAT(fixture_.Decide(Revoke(revocation_no), {kExaminer, kApprover}),
              Refuses(RULE_REFUSES, "C7", "revocation_no"));
  EXPECT_THAT(fixture_.Decide(Statement(revocation_no, fixture_.licensee),
                              {"licensee"}),
              Refuses(RULE_REFUSES, "C7", "revocation_no"));
  fixture_.Do(Statement(revocation_no, fixture_.enterprise), {"enterprise"});
  EXPECT_EQ(now.statement(), fixture_.licensee + ": 没有异议\n  " +
                                 fixture_.enterprise + ": 没有异议\n" +
                                 fixture_.enterprise + ": 材料真实,见附件");
  EXPECT_EQ(now.statement_files_size(), 2);
  EXPECT_EQ(now.version(), 3u);
  EXPECT_THAT(fixture_.Decide(Statement(revocation_no, fixture_.enterprise),
                              {"enterprise"}),
              Refuses(RULE_REFUSES, "C7", "revocation_no"));
  EXPECT_THAT(fixture_.Decide(Revoke(revocation_no), {kExaminer, kApprover}),
              Refuses(RULE_REFUSES, "C7", "revocation_no"));
  fixture_.AdvanceTo(EndOfDayMs({2024, 7, 12}) + 1);
  EXPECT_THAT(fixture_.Decide(Revoke(revocation_no), {kExaminer, kApprover}),
              Allows());
}

TEST_F(Revocations, AfterTheHearingAreDecidedOnce) {
  const std::string number = fixture_.Register("R-1");
  const std::string revocation_no = Opened(number);
  fixture_.Do(Statement(revocation_no, fixture_.enterprise), {"enterprise"});
  const v1::Revocation& now = *FindRevocation(fixture_.state(), revocation_no);
  EXPECT_EQ(now.state(), v1::REVOCATION_HEARD);
  EXPECT_EQ(now.heard_at_ms(), fixture_.now_ms());
  EXPECT_EQ(now.version(), 2u);
  EXPECT_EQ(now.statement_files_size(), 1);
  EXPECT_THAT(fixture_.Decide(Statement(revocation_no, fixture_.enterprise),
                              {"enterprise"}),
              Refuses(RULE_REFUSES, "C7", "revocation_no"));
  fixture_.Do(Revoke(revocation_no), {kExaminer, kApprover});
  EXPECT_EQ(now.state(), v1::REVOCATION_DECIDED);
  EXPECT_EQ(fixture_.state().due.count(ExpiryOf(fixture_.state(), Get(number))),
            0u);
  for (const v1::Command& command :
       {Revoke(revocation_no), Drop(revocation_no)}) {
    EXPECT_THAT(fixture_.Decide(command, {kExaminer, kApprover}),
                Refuses(RULE_REFUSES, "C7", "revocation_no"));
  }
  EXPECT_THAT(fixture_.Decide(Statement(revocation_no, fixture_.enterprise),
                              {"enterprise"}),
              Refuses(RULE_REFUSES, "C7", "revocation_no"));
  EXPECT_THAT(
      fixture_.Decide(OpenRevocation(number), {kExaminer}),
      Refuses(RULE_REFUSES, "C7", "open_revocation.certificate_number"));
}

TEST_F(Revocations, ThatAreDroppedLeaveTheCertificateAsItWas) {
  const std::string number = fixture_.Register("R-1");
  const std::string revocation_no = Opened(number);
  EXPECT_THAT(fixture_.Decide(Drop(revocation_no), {kExaminer}),
              Refuses(NOT_ALLOWED, "TWO_OFFICERS", "actor"));
  v1::Command command = Drop(revocation_no);
  command.mutable_drop_revocation()->set_reason("");
  EXPECT_THAT(fixture_.Decide(command, {kExaminer, kApprover}),
              Refuses(INVALID_FIELD, "REASON", "drop_revocation.reason"));
  fixture_.Do(Drop(revocation_no), {kExaminer, kApprover});
  EXPECT_EQ(Get(number).status().state(), v1::VALID);
  EXPECT_TRUE(Get(number).status().overlays().empty());
  EXPECT_EQ(Opened(number), "V20240000002");
}

TEST_F(Revocations, OfExpiredCertificatesCountFromRegistration) {
  const std::string number = fixture_.Register("R-1");
  fixture_.AdvanceTo(EndOfDayMs({2027, 7, 4}));
  const std::string revocation_no = Opened(number);
  fixture_.AdvanceTo(EndOfDayMs({2027, 7, 4}) + 1);
  fixture_.Do(Expire(number), {"clock"});
  fixture_.AdvanceTo(StartOfDayMs({2027, 9, 1}));
  EXPECT_THAT(fixture_.Decide(Revoke(revocation_no), {kExaminer, kApprover}),
              Refuses(RULE_REFUSES, "C7", "revocation_no"));
  fixture_.Do(Revoke(revocation_no, v1::FROM_REGISTRATION),
              {kExaminer, kApprover});
  EXPECT_EQ(Get(number).status().state(), v1::REVOKED);
}

// The ground comes to light when the term is over.
TEST_F(Revocations, OpenOnExpiredCertificatesToo) {
  const std::string number = fixture_.Register("R-1");
  fixture_.AdvanceTo(EndOfDayMs({2027, 7, 4}) + 1);
  fixture_.Do(Expire(number), {"clock"});
  const std::string dropped = Opened(number);
  EXPECT_EQ(Get(number).status().state(), v1::EXPIRED);
  ASSERT_EQ(Get(number).status().overlays_size(), 1);
  EXPECT_EQ(Get(number).status().overlays(0).kind(), v1::DISPUTE);
  fixture_.Do(Drop(dropped), {kExaminer, kApprover});
  EXPECT_EQ(Get(number).status().state(), v1::EXPIRED);
  EXPECT_TRUE(Get(number).status().overlays().empty());
  EXPECT_EQ(StatusOn(fixture_.state(), number, {2027, 7, 1})->state(),
            v1::VALID);

  fixture_.AdvanceTo(StartOfDayMs({2027, 9, 1}));
  const std::string revocation_no = Opened(number);
  fixture_.Do(Statement(revocation_no, fixture_.enterprise), {"enterprise"});
  EXPECT_THAT(fixture_.Decide(Revoke(revocation_no), {kExaminer, kApprover}),
              Refuses(RULE_REFUSES, "C7", "revocation_no"));
  fixture_.Do(Revoke(revocation_no, v1::FROM_REGISTRATION),
              {kExaminer, kApprover});
  EXPECT_EQ(Get(number).status().state(), v1::REVOKED);
  EXPECT_TRUE(Get(number).status().overlays().empty());
  EXPECT_TRUE(fixture_.state().due.empty());
  // On every day of it.
  for (const CivilDate& day : {CivilDate{2024, 7, 5}, CivilDate{2027, 7, 4},
                               CivilDate{2027, 8, 1}, CivilDate{2027, 9, 1}}) {
    EXPECT_EQ(StatusOn(fixture_.state(), number, day)->state(), v1::REVOKED);
  }
  EXPECT_THAT(
      fixture_.Decide(OpenRevocation(number), {kExaminer}),
      Refuses(RULE_REFUSES, "C7", "open_revocation.certificate_number"));
}

TEST_F(Revocations, TermsEndByTheClockAndNotBefore) {
  const std::string number = fixture_.Register("R-1");
  EXPECT_THAT(fixture_.Decide(Expire("1"), {"clock"}),
              Refuses(NOT_FOUND, "EXISTS", "certificate_number"));
  fixture_.AdvanceTo(EndOfDayMs({2027, 7, 4}));
  EXPECT_THAT(fixture_.Decide(Expire(number), {"clock"}),
              Refuses(RULE_REFUSES, "C8", "certificate_number"));
  fixture_.AdvanceTo(EndOfDayMs({2027, 7, 4}) + 5'000);
  v1::Command command = Expire(number);
  command.set_actor(kExaminer);
  EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
              Refuses(NOT_ALLOWED, "ACTOR", "actor"));
  const Events events = fixture_.Do(Expire(number), {"clock"});
  EXPECT_EQ(*ToUnixMs(events.at(0).certificate_expired().effective_at()),
            EndOfDayMs({2027, 7, 4}));
  EXPECT_EQ(Get(number).status().state(), v1::EXPIRED);
  EXPECT_TRUE(fixture_.state().due.empty());
  EXPECT_THAT(fixture_.Decide(Expire(number), {"clock"}),
              Refuses(RULE_REFUSES, "C8", "certificate_number"));
}

}  // namespace
}  // namespace dataip::registry
