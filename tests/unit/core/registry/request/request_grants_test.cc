// Requests granted: new sheets, pledges, cancellations, and the expiry that
// waits for a renewal.
#include "core/crypto/command_signature.h"
#include "core/registry/certificate/certificate_content.h"
#include "core/registry/evolve.h"
#include "core/registry/state/header_of.h"
#include "tests/unit/core/registry/request/request_fixture.h"

namespace dataip::registry {
namespace {

using namespace ::dataip::rpc::v1;  // NOLINT: the reasons
using ::dataip::testing::Allows;
using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::dataip::testing::Refuses;

class RequestGrants : public ::dataip::testing::RequestFixture {
 protected:
  bool ExpiryIsDue(const std::string& number) {
    return fixture_.state().due.count(
               ExpiryOf(fixture_.state(), Get(number))) == 1;
  }
};

TEST_F(RequestGrants, GiveANewSheetOfTheSameRegistration) {
  const std::string registration = Newest().content().registration_number();
  const Events events = Granted(Filed(Change()));
  ASSERT_EQ(events.size(), 4u);
  const std::string& now = events[0].request_granted().new_certificate_number();
  ASSERT_FALSE(now.empty());
  EXPECT_NE(now, number_);
  const auto content = *ParseCanonical<v1::CertificateContent>(
      events[1].certificate_issued().content());
  EXPECT_EQ(content.number(), now);
  EXPECT_EQ(content.registration_number(), registration);
  EXPECT_EQ(content.replaces(), number_);
  EXPECT_EQ(content.record_count(), 1000u);
  EXPECT_EQ(content.valid_to(), "2027-07-04");
  EXPECT_EQ(events[2].certificate_announced().certificate_number(), now);
  const v1::Certificate& before = Get(number_);
  EXPECT_EQ(before.status().state(), v1::REPLACED);
  EXPECT_EQ(before.status().replaced_by(), now);
  EXPECT_EQ(before.status().version(), 2u);
  EXPECT_EQ(Get(now).status().state(), v1::VALID);
  EXPECT_EQ(FindCertificate(fixture_.state(), number_)->number(), now);
  EXPECT_EQ(FindCertificate(fixture_.state(), registration)->number(), now);
  EXPECT_EQ(Get(now).profile().sha256(), before.profile().sha256());
  EXPECT_TRUE(ExpiryIsDue(now));
  EXPECT_FALSE(ExpiryIsDue(number_));
  const EntryParts parts = HeaderOf(events);
  EXPECT_EQ(parts.stream, "requests/Q20240000001");
  EXPECT_EQ(parts.updates.size(), 2u);
}

TEST_F(RequestGrants, KeepEveryOlderNumberAsAnAlias) {
  Granted(Filed(Replacement()));
  const std::string second = Newest().number();
  Granted(Filed(Replacement()));
  const std::string third = Newest().number();
  EXPECT_NE(second, third);
  EXPECT_EQ(fixture_.state().aliases.at(number_), third);
  EXPECT_EQ(fixture_.state().aliases.at(second), third);
  EXPECT_EQ(fixture_.state().due.size(), 1u);
}

TEST_F(RequestGrants, CarryLicencesPledgesAndOpenRequestsOver) {
  const std::string licence = fixture_.FileLicence(number_);
  const std::string pledge = Pledged();
  const std::string other = Filed(Replacement());
  Granted(Filed(Change()));
  const v1::Certificate& now = Newest();
  ASSERT_NE(now.number(), number_);
  EXPECT_EQ(now.status().overlays_size(), 2);
  EXPECT_TRUE(Get(number_).status().overlays().empty());
  EXPECT_EQ(
      FindLicence(fixture_.state(), licence)->licence.certificate_number(),
      now.number());
  EXPECT_EQ(fixture_.state().licences_of.count(number_), 0u);
  EXPECT_EQ(fixture_.state().pledges.at(pledge).certificate_number(),
            now.number());
  ASSERT_EQ(now.open_requests_size(), 1);
  EXPECT_EQ(now.open_requests(0), other);
  EXPECT_EQ(Request(other).certificate_number(), now.number());
  Granted(other);
  EXPECT_EQ(Newest().status().overlays_size(), 2);
}

TEST_F(RequestGrants, TransferToNewHolders) {
  const std::string licence = fixture_.FileLicence(number_);
  v1::RequestBody body = Transfer(v1::ASSIGNMENT);
  body.mutable_transfer()->mutable_new_holders(0)->set_party_number(
      fixture_.person);
  const std::string number = Filed(body);
  fixture_.Do(Cosign(number, fixture_.person), {"person"});
  Granted(number);
  ASSERT_EQ(Newest().content().holders_size(), 1);
  EXPECT_EQ(Newest().content().holders(0).party_number(), fixture_.person);
  EXPECT_EQ(Newest().content().holders(0).masked_name(), "张*");
  EXPECT_EQ(FindLicence(fixture_.state(), licence)->licence.licensor(),
            fixture_.person);
}

TEST_F(RequestGrants, OfAnotherTimeLackTheConsentOfANewPledgee) {
  v1::RequestBody body = Transfer(v1::ASSIGNMENT);
  body.mutable_transfer()->mutable_new_holders(0)->set_party_number(
      fixture_.person);
  const std::string transfer = Filed(body);
  fixture_.Do(Cosign(transfer, fixture_.person), {"person"});
  Pledged();
  EXPECT_THAT(fixture_.Decide(Grant(transfer), {kExaminer, kApprover}),
              Refuses(RULE_REFUSES, "C2", "request_no"));
}

TEST_F(RequestGrants, APledgeBarsTheCancellationUntilItsRelease) {
  const std::string cancellation = Filed(Cancellation());
  EXPECT_TRUE(Request(cancellation).cosigners().empty());
  const std::string pledge = Pledged();
  EXPECT_THAT(fixture_.Decide(Grant(cancellation), {kExaminer, kApprover}),
              Refuses(RULE_REFUSES, "C6", "certificate_number"));
  fixture_.Do(Withdraw(cancellation, fixture_.enterprise), {"enterprise"});
  EXPECT_THAT(Ask(Cancellation()),
              Refuses(RULE_REFUSES, "C6", "certificate_number"));
  Granted(Filed(Release(pledge), "licensee"));
  const Events events = Granted(Filed(Cancellation()));
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(Newest().status().state(), v1::CANCELLED);
  EXPECT_EQ(Newest().number(), number_);
  EXPECT_TRUE(fixture_.state().due.empty());
  EXPECT_THAT(Ask(Change()), Refuses(RULE_REFUSES, "C1", "certificate_number"));
}

TEST_F(RequestGrants, RankPledgesAndNeverGiveARankAgain) {
  const std::string first = Pledged('1');
  const std::string second = Pledged('2');
  EXPECT_EQ(fixture_.state().pledges.at(first).rank(), 1u);
  EXPECT_EQ(fixture_.state().pledges.at(second).rank(), 2u);
  EXPECT_THAT(Ask(Release(second)), Refuses(NOT_ALLOWED, "C5", "actor"));
  const Events released = Granted(Filed(Release(second), "licensee"));
  EXPECT_EQ(released[1].pledge_released().pledge_no(), second);
  ASSERT_EQ(Newest().status().overlays_size(), 1);
  EXPECT_EQ(Newest().status().overlays(0).rank(), 1u);
  Granted(Filed(Replacement()));
  const std::string third = Pledged('3');
  EXPECT_EQ(fixture_.state().pledges.at(third).rank(), 3u);
}

TEST_F(RequestGrants, PledgesLieOverItByCommitment) {
  const std::string number = Filed(Pledge());
  Consented(number);
  const Events events = Granted(number);
  const v1::PledgeRegistered& registered = events[1].pledge_registered();
  const std::string bytes = SerializeCanonical(registered.pledge());
  ASSERT_EQ(Newest().status().overlays_size(), 1);
  EXPECT_EQ(Newest().status().overlays(0).commitment(),
            crypto::OpeningCommitment(hash::AsBytes(registered.salt()),
                                      hash::AsBytes(bytes))
                .text());
}

TEST_F(RequestGrants, ARenewalRunsFromTheDayAfterTheOldTerm) {
  fixture_.AdvanceTo(EndOfDayMs({2027, 2, 1}));
  Granted(Filed(Renewal()));
  EXPECT_EQ(Newest().content().valid_from(), "2024-07-05");
  EXPECT_EQ(Newest().content().valid_to(), "2030-07-04");
  EXPECT_TRUE(ExpiryIsDue(Newest().number()));
  EXPECT_EQ(fixture_.state().due.size(), 1u);
}

// The first term ends with its source contract.
TEST_F(RequestGrants, ARenewalIsCappedByTheContractsEnd) {
  v1::ApplicationForm form = fixture_.GoodForm("R-2");
  v1::Source* source = form.mutable_sources(0);
  source->set_acquisition(v1::PURCHASED);
  *source->mutable_contract() = form.sample().file();
  source->set_contract_end("2024-12-31");
  const Events submitted =
      fixture_.Do(fixture_.SubmitCommand(form), {"enterprise"});
  const std::string application =
      submitted.at(0).application_submitted().application().application_no();
  fixture_.Do(fixture_.NoticeCommand(application), {kExaminer, kApprover});
  fixture_.AdvancePastNotice(application);
  number_ =
      fixture_.Do(fixture_.RegisterCommand(application), {kExaminer, kApprover})
          .at(0)
          .application_registered()
          .certificate_number();
  EXPECT_EQ(Get(number_).content().valid_to(), "2024-12-31");
  const std::string ends = "file_request.body.renewal.contract_ends";
  EXPECT_THAT(Ask(Renewal()), Refuses(INVALID_FIELD, "C3", ends));
  v1::RequestBody body = Renewal();
  body.mutable_renewal()->add_contract_ends("2024-12-31");
  *body.mutable_renewal()->add_contracts() = form.sample().file();
  EXPECT_THAT(Ask(body), Refuses(RULE_REFUSES, "B07", ends + "[0]"));
  body.mutable_renewal()->set_contract_ends(0, "2026-06-30");
  body.mutable_renewal()->set_valid_to("2026-07-01");
  EXPECT_THAT(Ask(body), Refuses(RULE_REFUSES, "C3",
                                 "file_request.body.renewal.valid_to"));
  body.mutable_renewal()->clear_valid_to();
  Granted(Filed(body));
  EXPECT_EQ(Newest().content().valid_to(), "2026-06-30");
}

TEST_F(RequestGrants, ACorrectionMayLowerAWrongNumber) {
  v1::RequestBody body;
  body.mutable_correction()->set_error("记录数多登了一百条");
  body.mutable_correction()->mutable_values()->set_record_count(597);
  Granted(Filed(body));
  EXPECT_EQ(Newest().content().record_count(), 597u);
}

TEST_F(RequestGrants, AnAgentAsksForItsPrincipal) {
  v1::Command power = fixture_.NewCommand(fixture_.enterprise, 0);
  v1::GrantAttorney* body = power.mutable_grant_attorney();
  body->set_agent(fixture_.person);
  body->add_acts(v1::ACT_CERTIFICATE);
  body->set_valid_from("2024-07-05");
  body->set_valid_to("2024-12-31");
  body->add_objects(Newest().content().registration_number());
  fixture_.Do(power, {"enterprise"});
  const std::string number = Filed(Change(), "person");
  EXPECT_EQ(Request(number).requester(), fixture_.enterprise);
  fixture_.AdvanceTo(StartOfDayMs({2025, 1, 1}));
  EXPECT_THAT(fixture_.Decide(Withdraw(number, fixture_.person), {"person"}),
              Refuses(NOT_ALLOWED, "B22", "actor"));
}

TEST_F(RequestGrants, AnExpiryWaitsForARenewalFiledInTime) {
  fixture_.AdvanceTo(EndOfDayMs({2027, 7, 4}));
  EXPECT_TRUE(ExpiryIsDue(number_));
  const std::string number = Filed(Renewal());
  EXPECT_FALSE(ExpiryIsDue(number_));
  fixture_.AdvanceTo(EndOfDayMs({2027, 7, 20}));
  EXPECT_THAT(fixture_.Decide(Grant(number), {kExaminer, kApprover}), Allows());
  EXPECT_THAT(Ask(Cancellation()),
              Refuses(RULE_REFUSES, "C6", "certificate_number"));
  fixture_.Do(RefuseRequest(number), {kExaminer, kApprover});
  EXPECT_TRUE(ExpiryIsDue(number_));
  ASSERT_TRUE(NextDue(fixture_.state(), fixture_.now_ms()).has_value());
  fixture_.Do(Expire(number_), {"clock"});
  EXPECT_EQ(Newest().status().state(), v1::EXPIRED);
  EXPECT_TRUE(fixture_.state().due.empty());
}

TEST_F(RequestGrants, ALicenceOfAPledgedCertificateIsSignedByThePledgee) {
  Pledged();
  v1::Command command = fixture_.LicenceCommand(number_);
  command.mutable_file_licence()->set_licensee(fixture_.person);
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
  EXPECT_THAT(fixture_.Decide(command, {"enterprise", "licensee"}), Allows());
}

TEST_F(RequestGrants, AreDecidedAgainTheSame) {
  fixture_.FileLicence(number_);
  Pledged();
  Granted(Filed(Change()));
  State again;
  again.origin = fixture_.state().origin;
  for (const v1::Transition& done : fixture_.SignedTransitions()) {
    const std::string& bytes = done.command().command();
    const auto command = *ParseCanonical<v1::Command>(bytes);
    std::vector<std::string> key_ids;
    for (const v1::Signature& one : done.command().signatures()) {
      key_ids.push_back(one.key_id());
    }
    const Decision decision = Decide(again, {command, key_ids}, done.context());
    ASSERT_THAT(decision, Allows());
    Fold(again, command, hash::Sha256(hash::AsBytes(bytes)), done.context(),
         std::get<Events>(decision));
  }
  EXPECT_EQ(Digest(again), Digest(fixture_.state()));
}

}  // namespace
}  // namespace dataip::registry
