// Refusal, public notice, registration.
#include "core/registry/decide.h"
#include "core/registry/state/header_of.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "core/registry/values/identifiers.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/core/registry/matchers.h"

namespace dataip::registry {
namespace {

using namespace ::dataip::rpc::v1;  // NOLINT: the reasons
using ::dataip::testing::Allows;
using ::dataip::testing::Digest32;
using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::dataip::testing::kTestOrigin;
using ::dataip::testing::Refuses;
using ::dataip::testing::RegistryFixture;

class Registrations : public ::testing::Test {
 protected:
  const v1::Application& Get(const std::string& number) {
    return *FindApplication(fixture_.state(), number);
  }

  v1::Command Refuse(const std::string& number) {
    v1::Command command = fixture_.NewCommand(kExaminer, Get(number).version());
    v1::RefuseApplication* body = command.mutable_refuse_application();
    body->set_application_no(number);
    body->add_grounds("R03");
    body->set_reason("未经加工的原始数据");
    return command;
  }

  std::string Noticed(v1::ApplicationForm form,
                      const RegistryFixture::Signers& by = {"enterprise"}) {
    const Events events =
        fixture_.Do(fixture_.SubmitCommand(std::move(form)), by);
    std::string number =
        events[0].application_submitted().application().application_no();
    fixture_.Do(fixture_.NoticeCommand(number), {kExaminer, kApprover});
    return number;
  }

  v1::CertificateContent ContentOf(const Events& events) {
    return *ParseCanonical<v1::CertificateContent>(
        events.at(1).certificate_issued().content());
  }

  RegistryFixture fixture_ = RegistryFixture::Ready();
};

TEST_F(Registrations, TakeTwoOfficers) {
  const std::string number = fixture_.Submit("R-1");
  for (const v1::Command& command :
       {fixture_.NoticeCommand(number), Refuse(number)}) {
    EXPECT_THAT(fixture_.Decide(command, {kExaminer, kApprover}), Allows());
    EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
                Refuses(NOT_ALLOWED, "TWO_OFFICERS", "actor"));
    EXPECT_THAT(fixture_.Decide(command, {kApprover}),
                Refuses(NOT_ALLOWED, "TWO_OFFICERS", "actor"));
    EXPECT_THAT(fixture_.Decide(command, {kExaminer, "enterprise"}),
                Refuses(NOT_ALLOWED, "TWO_OFFICERS", "actor"));
    EXPECT_THAT(fixture_.Decide(command, {kExaminer, kApprover, "enterprise"}),
                Refuses(NOT_ALLOWED, "TWO_OFFICERS", "actor"));
    EXPECT_THAT(fixture_.Decide(command, {kExaminer, "nobody"}),
                Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
    v1::Command by_approver = command;
    by_approver.set_actor(kApprover);
    EXPECT_THAT(fixture_.Decide(by_approver, {kExaminer, kApprover}),
                Refuses(NOT_ALLOWED, "ROLE", "actor"));
  }
}

TEST_F(Registrations, TwoKeysOfOneOfficerAreOneOfficer) {
  const std::string number = fixture_.Submit("R-1");
  v1::Command enrol = fixture_.NewCommand(kExaminer, 1);
  *enrol.mutable_enrol_key()->mutable_key() = fixture_.PublicKeyOf("desk");
  fixture_.Do(enrol, {kExaminer, "desk"});
  EXPECT_THAT(
      fixture_.Decide(fixture_.NoticeCommand(number), {kExaminer, "desk"}),
      Refuses(NOT_ALLOWED, "TWO_OFFICERS", "actor"));
}

TEST_F(Registrations, AnOfficerWithBothRolesStillNeedsAnother) {
  v1::Command officer = fixture_.NewCommand("root", 0);
  v1::RegisterOfficer* body = officer.mutable_register_officer();
  body->set_officer_id("both");
  body->add_roles(v1::EXAMINER);
  body->add_roles(v1::APPROVER);
  *body->mutable_key() = fixture_.PublicKeyOf("officers/both");
  fixture_.Do(officer, {"root", "officers/both"});
  const std::string number = fixture_.Submit("R-1");
  v1::Command command = fixture_.NoticeCommand(number);
  command.set_actor("officers/both");
  EXPECT_THAT(fixture_.Decide(command, {"officers/both"}),
              Refuses(NOT_ALLOWED, "TWO_OFFICERS", "actor"));
  EXPECT_THAT(fixture_.Decide(command, {"officers/both", kExaminer}),
              Refuses(NOT_ALLOWED, "TWO_OFFICERS", "actor"));
  EXPECT_THAT(fixture_.Decide(command, {"officers/both", kApprover}), Allows());
}

TEST_F(Registrations, AreRefusedOnGroundsOfTheProfile) {
  const std::string number = fixture_.Submit("R-1");
  const auto with = [&](const std::vector<std::string>& grounds) {
    v1::Command command = Refuse(number);
    command.mutable_refuse_application()->clear_grounds();
    for (const std::string& ground : grounds) {
      command.mutable_refuse_application()->add_grounds(ground);
    }
    return fixture_.Decide(command, {kExaminer, kApprover});
  };
  EXPECT_THAT(with({}),
              Refuses(INVALID_FIELD, "T6", "refuse_application.grounds"));
  EXPECT_THAT(with({"R13"}),
              Refuses(INVALID_FIELD, "T6", "refuse_application.grounds[0]"));
  EXPECT_THAT(with({"R03", "R01"}),
              Refuses(INVALID_FIELD, "T6", "refuse_application.grounds[1]"));
  EXPECT_THAT(with({"R03", "R03"}),
              Refuses(INVALID_FIELD, "T6", "refuse_application.grounds[1]"));
  EXPECT_THAT(with({"R01", "R03", "R99"}), Allows());
  v1::Command command = Refuse(number);
  command.mutable_refuse_application()->set_reason(" ");
  EXPECT_THAT(fixture_.Decide(command, {kExaminer, kApprover}),
              Refuses(INVALID_FIELD, "REASON", "refuse_application.reason"));
}

TEST_F(Registrations, ARefusalIsFinal) {
  const std::string number = fixture_.Submit("R-1");
  fixture_.Do(Refuse(number), {kExaminer, kApprover});
  EXPECT_EQ(Get(number).state(), v1::REFUSED);
  EXPECT_EQ(Get(number).refusal_grounds(0), "R03");
  EXPECT_THAT(
      fixture_.Decide(fixture_.NoticeCommand(number), {kExaminer, kApprover}),
      Refuses(RULE_REFUSES, "T7", "application_no"));
  EXPECT_THAT(
      fixture_.Decide(fixture_.RegisterCommand(number), {kExaminer, kApprover}),
      Refuses(RULE_REFUSES, "T14", "application_no"));
}

TEST_F(Registrations, TheNoticeNeedsTheWholeChecklist) {
  const std::string number = fixture_.Submit("R-1");
  for (const char* item : {"sample_checked", "masking_checked", "files_checked",
                           "duplicates_checked"}) {
    v1::Command command = fixture_.NoticeCommand(number);
    v1::Checklist* checklist =
        command.mutable_open_notice()->mutable_checklist();
    v1::Checklist::GetReflection()->SetBool(
        checklist, v1::Checklist::GetDescriptor()->FindFieldByName(item),
        false);
    EXPECT_THAT(fixture_.Decide(command, {kExaminer, kApprover}),
                Refuses(INVALID_FIELD, "T7", std::string("checklist.") + item));
  }
}

TEST_F(Registrations, TheNoticeFreezesAPublicSnapshot) {
  const std::string number = fixture_.Submit("R-1");
  const Events events =
      fixture_.Do(fixture_.NoticeCommand(number), {kExaminer, kApprover});
  const v1::NoticeOpened& opened = events.at(0).notice_opened();
  EXPECT_EQ(opened.deadline().due_date(), "2024-07-04");
  EXPECT_EQ(opened.deadline().rule(), "publicity");
  const std::string bytes = SerializeCanonical(opened.snapshot());
  EXPECT_EQ(opened.snapshot_sha256(),
            hash::Sha256(hash::AsBytes(bytes)).text());
  EXPECT_EQ(opened.snapshot().applicants(0), "示例智能仪表有限公司");
  EXPECT_EQ(opened.snapshot().deposit().root(), Digest32('r'));
  EXPECT_EQ(Get(number).state(), v1::PUBLICITY);
  EXPECT_EQ(Get(number).notice_snapshot_sha256(), opened.snapshot_sha256());
}

TEST_F(Registrations, TheSnapshotShowsTwoHundredCharactersOfTheSummary) {
  v1::ApplicationForm form = fixture_.GoodForm("R-1");
  std::string summary;
  for (int i = 0; i < 300; ++i) summary += "算";
  form.set_algorithm_summary(summary);
  const std::string number = Noticed(std::move(form));
  const Events events = std::get<Events>(fixture_.Decide(
      fixture_.NoticeCommand(fixture_.Submit("R-2")), {kExaminer, kApprover}));
  EXPECT_EQ(
      events[0].notice_opened().snapshot().algorithm_summary().find("先剔除"),
      0u);
  EXPECT_EQ(Get(number).form().algorithm_summary().size(), 900u);
}

TEST_F(Registrations, WaitForTheEndOfTheNotice) {
  const std::string number = Noticed(fixture_.GoodForm("R-1"));
  EXPECT_THAT(
      fixture_.Decide(fixture_.RegisterCommand(number), {kExaminer, kApprover}),
      Refuses(RULE_REFUSES, "T14", "application_no"));
  fixture_.AdvanceTo(EndOfDayMs({2024, 7, 4}));
  EXPECT_THAT(
      fixture_.Decide(fixture_.RegisterCommand(number), {kExaminer, kApprover}),
      Refuses(RULE_REFUSES, "T14", "application_no"));
  fixture_.AdvanceTo(EndOfDayMs({2024, 7, 4}) + 1);
  EXPECT_THAT(
      fixture_.Decide(fixture_.RegisterCommand(number), {kExaminer, kApprover}),
      Allows());
  EXPECT_THAT(fixture_.Decide(fixture_.RegisterCommand(number), {kExaminer}),
              Refuses(NOT_ALLOWED, "TWO_OFFICERS", "actor"));
}

TEST_F(Registrations, NeedANotice) {
  const std::string number = fixture_.Submit("R-1");
  EXPECT_THAT(
      fixture_.Decide(fixture_.RegisterCommand(number), {kExaminer, kApprover}),
      Refuses(RULE_REFUSES, "T14", "application_no"));
}

TEST_F(Registrations, IssueACertificate) {
  const std::string number = Noticed(fixture_.GoodForm("R-1"));
  fixture_.AdvancePastNotice(number);
  const Events events =
      fixture_.Do(fixture_.RegisterCommand(number), {kExaminer, kApprover});
  ASSERT_EQ(events.size(), 3u);
  const v1::CertificateContent content = ContentOf(events);
  EXPECT_EQ(content.origin(), kTestOrigin);
  EXPECT_EQ(content.number(), "20240733000000001");
  EXPECT_EQ(content.registration_number().substr(0, 15), "202421000000001");
  EXPECT_TRUE(IsValidMod3736(content.registration_number()));
  EXPECT_EQ(content.valid_from(), "2024-07-05");
  EXPECT_EQ(content.valid_to(), "2027-07-04");
  EXPECT_EQ(content.industry_name(), "供应用仪器仪表制造");
  EXPECT_EQ(content.region_name(), "乐清市");
  EXPECT_EQ(content.issuing_sm2_key_id(), fixture_.KeyId("issuing_sm2"));
  EXPECT_EQ(content.issuing_p256_key_id(), fixture_.KeyId("issuing_p256"));
  EXPECT_TRUE(content.demonstration());
  ASSERT_EQ(content.holders_size(), 1);
  EXPECT_EQ(content.holders(0).uscc(), "91330382MA00005413");
  EXPECT_EQ(events[2].certificate_announced().announced_on(), "2024-07-05");

  const v1::CertificateIssued& issued = events[1].certificate_issued();
  const auto record = ParseCanonical<v1::StatusRecord>(issued.status_record());
  ASSERT_OK(record);
  EXPECT_EQ(record->version(), 1u);
  EXPECT_EQ(record->state(), v1::VALID);
  EXPECT_EQ(record->content_sha256(),
            hash::Sha256(hash::AsBytes(issued.content())).text());
  EXPECT_TRUE(record->previous_sha256().empty());

  EXPECT_EQ(Get(number).state(), v1::REGISTERED);
  EXPECT_EQ(Get(number).certificate_number(), content.number());
  EXPECT_NE(FindCertificate(fixture_.state(), content.number()), nullptr);
  EXPECT_EQ(FindCertificate(fixture_.state(), content.registration_number())
                ->number(),
            content.number());
}

TEST_F(Registrations, UpdateTheMapWithTheFirstStatusRecord) {
  const std::string number = Noticed(fixture_.GoodForm("R-1"));
  fixture_.AdvancePastNotice(number);
  const Events events =
      fixture_.Do(fixture_.RegisterCommand(number), {kExaminer, kApprover});
  const EntryParts parts = HeaderOf(events);
  EXPECT_EQ(parts.type, "dataip.registry.v1.Transition");
  EXPECT_EQ(parts.stream, "applications/" + number);
  ASSERT_EQ(parts.updates.size(), 1u);
  EXPECT_EQ(parts.updates[0].key, "certificates/20240733000000001");
  EXPECT_EQ(parts.updates[0].value,
            hash::Sha256(
                hash::AsBytes(events[1].certificate_issued().status_record())));
}

TEST_F(Registrations, NumbersNeverRestart) {
  EXPECT_EQ(fixture_.Register("R-1"), "20240733000000001");
  EXPECT_EQ(fixture_.Register("R-2"), "20240733000000002");
  fixture_.AdvanceTo(StartOfDayMs({2025, 1, 2}));
  EXPECT_EQ(fixture_.Register("R-3"), "20250133000000003");
}

TEST_F(Registrations, EndWithTheEarliestContract) {
  v1::ApplicationForm form = fixture_.GoodForm("R-1");
  for (const char* end : {"2026-06-30", "2025-12-31"}) {
    v1::Source* source = form.add_sources();
    source->set_category(v1::PUBLIC);
    source->set_acquisition(v1::PUBLIC_AUTHORIZED_OPERATION);
    *source->mutable_contract() = form.sample().file();
    source->set_contract_end(end);
  }
  v1::Deidentification* deid = form.mutable_deidentification();
  deid->set_method("删除标识");
  deid->set_standard("GB/T 37964-2019");
  deid->set_reidentification_test("未能识别");
  deid->set_irreversible(true);
  const std::string number = Noticed(form);
  fixture_.AdvancePastNotice(number);
  const v1::CertificateContent content = ContentOf(
      fixture_.Do(fixture_.RegisterCommand(number), {kExaminer, kApprover}));
  EXPECT_EQ(content.valid_to(), "2025-12-31");
  // Enterprise and public data: several.
  EXPECT_EQ(content.registration_number()[4], '4');
  EXPECT_EQ(content.sources_size(), 2);
}

TEST_F(Registrations, NeedAContractInForce) {
  v1::ApplicationForm form = fixture_.GoodForm("R-1");
  v1::Source* source = form.mutable_sources(0);
  source->set_acquisition(v1::PURCHASED);
  *source->mutable_contract() = form.sample().file();
  source->set_contract_end("2024-07-04");
  const std::string number = Noticed(form);
  fixture_.AdvancePastNotice(number);
  EXPECT_THAT(
      fixture_.Decide(fixture_.RegisterCommand(number), {kExaminer, kApprover}),
      Refuses(RULE_REFUSES, "B07", "application_no"));
}

TEST_F(Registrations, OnLeapDayEndOn27February) {
  fixture_.AdvanceTo(StartOfDayMs({2028, 2, 1}));
  v1::ApplicationForm form = fixture_.GoodForm("R-1");
  const std::string number = Noticed(form);
  fixture_.AdvanceTo(StartOfDayMs({2028, 2, 29}));
  const v1::CertificateContent content = ContentOf(
      fixture_.Do(fixture_.RegisterCommand(number), {kExaminer, kApprover}));
  EXPECT_EQ(content.valid_from(), "2028-02-29");
  EXPECT_EQ(content.valid_to(), "2031-02-27");
  EXPECT_TRUE(Get(number).notice_deadline().provisional());
}

TEST_F(Registrations, OfPersonsShowThemMasked) {
  v1::ApplicationForm form = fixture_.GoodForm("R-1");
  v1::Applicant* person = form.add_applicants();
  person->set_party_number(fixture_.person);
  person->set_primary(true);
  form.mutable_applicants(0)->set_primary(false);
  v1::Command command = fixture_.SubmitCommand(form);
  command.set_actor(fixture_.person);
  const Events filed = fixture_.Do(command, {"enterprise", "person"});
  const std::string number =
      filed.at(0).application_submitted().application().application_no();
  const Events notice =
      fixture_.Do(fixture_.NoticeCommand(number), {kExaminer, kApprover});
  EXPECT_EQ(notice.at(0).notice_opened().snapshot().applicants(1), "张*");
  fixture_.AdvancePastNotice(number);
  const v1::CertificateContent content = ContentOf(
      fixture_.Do(fixture_.RegisterCommand(number), {kExaminer, kApprover}));
  // The primary first; its kind stands in the registration number.
  EXPECT_EQ(content.holders(0).party_number(), fixture_.person);
  EXPECT_EQ(content.holders(0).masked_name(), "张*");
  EXPECT_EQ(content.holders(0).name_commitment().digest(), Digest32('n'));
  EXPECT_EQ(content.holders(1).party_number(), fixture_.enterprise);
  EXPECT_EQ(content.registration_number()[5], '3');
}

}  // namespace
}  // namespace dataip::registry
