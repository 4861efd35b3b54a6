// Revocation with hearing, expiry.
#include <memory>

#include "core/crypto/command_signature.h"
#include "core/registry/certificate/certificate_content.h"
#include "tests/unit/core/registry/certificate/order_fixture.h"
#include "tests/unit/core/registry/matchers.h"

namespace dataip::registry {
namespace {

using namespace ::dataip::rpc::v1;  // NOLINT: the reasons
using ::dataip::testing::Allows;
using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::dataip::testing::OrderFixture;
using ::dataip::testing::Refuses;

class Revocations : public OrderFixture {};

TEST_F(Revocations, NameACertificateThatIsThereAsItIs) {
  const std::string number = fixture_.Register("R-1");
  v1::Command command = OpenRevocation(number);
  command.mutable_open_revocation()->set_certificate_number("1");
  EXPECT_THAT(
      fixture_.Decide(command, {kExaminer}),
      Refuses(NOT_FOUND, "EXISTS", "open_revocation.certificate_number"));
  command = OpenRevocation(number);
  command.set_version(7);
  EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
              Refuses(VERSION_CONFLICT, "VERSION", "version"));
  command = OpenRevocation(number);
  command.set_actor(fixture_.enterprise);
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(NOT_ALLOWED, "ACTOR", "actor"));
}

TEST_F(Revocations, NeedGroundsOfTheProfileAndAReason) {
  const std::string number = fixture_.Register("R-1");
  const auto with = [&](const std::vector<std::string>& grounds) {
    v1::Command command = OpenRevocation(number);
    command.mutable_open_revocation()->clear_grounds();
    for (const std::string& ground : grounds) {
      command.mutable_open_revocation()->add_grounds(ground);
    }
    return fixture_.Decide(command, {kExaminer});
  };
  EXPECT_THAT(with({}),
              Refuses(INVALID_FIELD, "C7", "open_revocation.grounds"));
  EXPECT_THAT(with({"R09"}),
              Refuses(INVALID_FIELD, "C7", "open_revocation.grounds[0]"));
  EXPECT_THAT(with({"R08", "R01"}),
              Refuses(INVALID_FIELD, "C7", "open_revocation.grounds[1]"));
  EXPECT_THAT(with({"R01", "V01"}), Allows());
  v1::Command command = OpenRevocation(number);
  command.mutable_open_revocation()->set_reason(" ");
  EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
              Refuses(INVALID_FIELD, "REASON", "open_revocation.reason"));
}

TEST_F(Revocations, SayWhatTheyGoBackTo) {
  const std::string number = fixture_.Register("R-1");
  const auto with = [&](v1::RevocationOccasion occasion,
                        const std::string& document_no) {
    v1::Command command = OpenRevocation(number);
    command.mutable_open_revocation()->set_occasion(occasion);
    command.mutable_open_revocation()->set_document_no(document_no);
    return fixture_.Decide(command, {kExaminer});
  };
  EXPECT_THAT(with(v1::REVOCATION_OCCASION_UNSPECIFIED, ""),
              Refuses(INVALID_FIELD, "C7", "open_revocation.occasion"));
  EXPECT_THAT(with(v1::EX_OFFICIO, "举报2024-3"),
              Refuses(INVALID_FIELD, "C7", "open_revocation.document_no"));
  for (v1::RevocationOccasion occasion : {v1::ON_REPORT, v1::ON_JUDGMENT}) {
    EXPECT_THAT(with(occasion, ""),
                Refuses(INVALID_FIELD, "C7", "open_revocation.document_no"));
    EXPECT_THAT(with(occasion, std::string(101, '1')),
                Refuses(INVALID_FIELD, "C7", "open_revocation.document_no"));
    const Decision opened = with(occasion, std::string(100, '1'));
    ASSERT_THAT(opened, Allows());
    const v1::Revocation& told =
        std::get<Events>(opened)[0].revocation_opened().revocation();
    EXPECT_EQ(told.occasion(), occasion);
    EXPECT_EQ(told.document_no(), std::string(100, '1'));
  }
}

TEST_F(Revocations, NeedASaltForTheirOverlay) {
  v1::Command command = OpenRevocation(fixture_.Register("R-1"));
  for (const std::string& salt : {std::string(), std::string(31, 's')}) {
    command.mutable_open_revocation()->set_salt(salt);
    EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
                Refuses(INVALID_FIELD, "C7", "open_revocation.salt"));
  }
}

TEST_F(Revocations, NeedATimeForTheHearingInTheProfile) {
  const std::string number = fixture_.Register("R-1");
  // No table without it is loaded; the rule assumes no days all the same.
  for (auto& [sha256, values] : fixture_.state().profiles) {
    values = std::make_shared<const Profile>();
  }
  EXPECT_THAT(fixture_.Decide(OpenRevocation(number), {kExaminer}),
              Refuses(RULE_REFUSES, "C7", "open_revocation"));
}

TEST_F(Revocations, OpenWithADisputeAndADeadline) {
  const std::string number = fixture_.Register("R-1");
  const v1::Command command = OpenRevocation(number);
  const Events events = fixture_.Do(command, {kExaminer});
  ASSERT_EQ(events.size(), 2u);
  const v1::Revocation& opened = events[0].revocation_opened().revocation();
  EXPECT_EQ(opened.revocation_no(), "V20240000001");
  EXPECT_EQ(opened.heard_at_ms(), 0);
  EXPECT_EQ(opened.hearing_deadline().rule(), "revocation.hearing");
  EXPECT_EQ(opened.hearing_deadline().due_date(), "2024-07-12");
  const v1::Certificate& sheet = Get(number);
  EXPECT_EQ(sheet.open_revocation(), opened.revocation_no());
  EXPECT_EQ(sheet.status().state(), v1::VALID);
  EXPECT_EQ(sheet.status().version(), 2u);
  ASSERT_EQ(sheet.status().overlays_size(), 1);
  EXPECT_EQ(sheet.status().overlays(0).kind(), v1::DISPUTE);
  EXPECT_EQ(sheet.status().overlays(0).commitment(),
            crypto::OpeningCommitment(hash::AsBytes(opened.salt()),
                                      hash::AsBytes(SerializeCanonical(opened)))
                .text());
  EXPECT_THAT(
      fixture_.Decide(OpenRevocation(number), {kExaminer}),
      Refuses(RULE_REFUSES, "C7", "open_revocation.certificate_number"));
}

TEST_F(Revocations, ReachIntoAYearWithoutCalendarProvisionally) {
  fixture_.AdvanceTo(StartOfDayMs({2026, 11, 30}));
  const std::string number = fixture_.Register("R-1");
  fixture_.AdvanceTo(StartOfDayMs({2026, 12, 30}));
  const std::string revocation_no = Opened(number);
  EXPECT_EQ(fixture_.state().provisional.count(revocation_no), 1u);
  fixture_.Do(Statement(revocation_no, fixture_.enterprise), {"enterprise"});
  EXPECT_EQ(fixture_.state().provisional.count(revocation_no), 0u);
}

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
    *command.mutable_state_in_revocation()->add_files() =
        testing::DocumentFile();
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
