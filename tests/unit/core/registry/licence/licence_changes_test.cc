// Licences after their filing: confirmed, changed by agreement, ended.
#include "core/crypto/command_signature.h"
#include "core/registry/certificate/certificate_content.h"
#include "core/registry/decide.h"
#include "core/registry/state/due.h"
#include "core/registry/state/header_of.h"
#include "tests/unit/core/registry/licence/licence_fixture.h"

namespace dataip::registry {
namespace {

using namespace ::dataip::rpc::v1;  // NOLINT: the reasons
using ::dataip::testing::AddUnits;
using ::dataip::testing::Allows;
using ::dataip::testing::Digest32;
using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::dataip::testing::Refuses;

using LicenceChanges = ::dataip::testing::LicenceFixture;

TEST_F(LicenceChanges, TheLicenseeConfirmsOnce) {
  EXPECT_THAT(fixture_.Decide(Confirm(fixture_.enterprise), {"enterprise"}),
              Refuses(NOT_ALLOWED, "C4", "actor"));
  v1::Command stale = Confirm(fixture_.licensee);
  stale.set_version(4);
  EXPECT_THAT(fixture_.Decide(stale, {"licensee"}),
              Refuses(VERSION_CONFLICT, "VERSION", "version"));
  stale.mutable_confirm_licence()->set_licence_no("L2");
  EXPECT_THAT(fixture_.Decide(stale, {"licensee"}),
              Refuses(NOT_FOUND, "EXISTS", "licence_no"));
  fixture_.Do(Confirm(fixture_.licensee), {"licensee"});
  EXPECT_EQ(FindLicence(fixture_.state(), licence_)->licence.confirmed_at_ms(),
            fixture_.now_ms());
  EXPECT_THAT(fixture_.Decide(Confirm(fixture_.licensee), {"licensee"}),
              Refuses(RULE_REFUSES, "C4", "licence_no"));
}

// As whom the licensor's agent files what it then would confirm itself.
TEST_F(LicenceChanges, AreConfirmedByNobodyWhoActsForTheLicensorToo) {
  Empower(fixture_.person, v1::ACT_LICENCE);
  const auto by_licensee = [&](const std::string& agent) {
    v1::Command command = fixture_.NewCommand(fixture_.licensee, 0);
    v1::GrantAttorney* body = command.mutable_grant_attorney();
    body->set_agent(agent);
    body->add_acts(v1::ACT_LICENCE);
    body->set_valid_from("2024-06-20");
    body->set_valid_to("2025-12-31");
    fixture_.Do(command, {"licensee"});
  };
  by_licensee(fixture_.person);
  by_licensee(fixture_.enterprise);
  EXPECT_THAT(fixture_.Decide(Confirm(fixture_.person), {"person"}),
              Refuses(NOT_ALLOWED, "C4", "actor"));
  EXPECT_THAT(fixture_.Decide(Confirm(fixture_.enterprise), {"enterprise"}),
              Refuses(NOT_ALLOWED, "C4", "actor"));
  // For itself it confirms, whatever else it may do for the licensor.
  Empower(fixture_.licensee, v1::ACT_LICENCE);
  EXPECT_THAT(fixture_.Decide(Confirm(fixture_.licensee), {"licensee"}),
              Allows());
}

TEST_F(LicenceChanges, AreConfirmedByAnAgentOfTheLicenseeAlone) {
  v1::Command command = fixture_.NewCommand(fixture_.licensee, 0);
  v1::GrantAttorney* body = command.mutable_grant_attorney();
  body->set_agent(fixture_.person);
  body->add_acts(v1::ACT_LICENCE);
  body->set_valid_from("2024-06-20");
  body->set_valid_to("2025-12-31");
  fixture_.Do(command, {"licensee"});
  EXPECT_THAT(fixture_.Decide(Confirm(fixture_.person), {"person"}), Allows());
}

TEST_F(LicenceChanges, OfOneThatCameToItsLicenseeAreNotConfirmed) {
  const std::string request = Filed(Transfer(v1::ASSIGNMENT));
  Consented(request);
  Granted(request);
  ASSERT_EQ(Now().licensor(), fixture_.licensee);
  EXPECT_THAT(fixture_.Decide(Confirm(fixture_.licensee), {"licensee"}),
              Refuses(NOT_ALLOWED, "C4", "actor"));
}

TEST_F(LicenceChanges, AreTheLicensorsAloneUntilTheLicenseeConfirms) {
  fixture_.Do(ChangeLicence(), {"enterprise"});
  EXPECT_EQ(Now().confirmed_at_ms(), 0);
  EXPECT_EQ(fixture_.state().unconfirmed_licences.count(licence_), 1u);
  const auto later = [](v1::ChangeLicence& body) {
    body.set_valid_to("2025-01-31");
  };
  fixture_.Do(Confirm(fixture_.licensee), {"licensee"});
  const Decision alone = fixture_.Decide(ChangeLicence(later), {"enterprise"});
  ASSERT_THAT(alone, Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
  EXPECT_NE(std::get<Refusal>(alone).message_zh.find("被许可人补签"),
            std::string::npos);
  EXPECT_NE(std::get<Refusal>(alone).message_en.find("add the licensee's"),
            std::string::npos);
  EXPECT_THAT(fixture_.Decide(ChangeLicence(later), {"licensee"}),
              Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
  EXPECT_THAT(fixture_.Decide(ChangeLicence(later), {"enterprise", "person"}),
              Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
  EXPECT_THAT(fixture_.Decide(ChangeLicence(later),
                              {"enterprise", "licensee", "person"}),
              Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
  EXPECT_EQ(RequiredSigners(ChangeLicence(), {fixture_.licensee}), 2u);
  fixture_.Do(ChangeLicence(later), {"enterprise", "licensee"});
  EXPECT_EQ(Now().confirmed_at_ms(), fixture_.now_ms());
  EXPECT_EQ(fixture_.state().unconfirmed_licences.count(licence_), 0u);
  EXPECT_THAT(fixture_.Decide(Confirm(fixture_.licensee), {"licensee"}),
              Refuses(RULE_REFUSES, "C4", "licence_no"));
}

TEST_F(LicenceChanges, GiveItOtherTermsAndAnotherOverlay) {
  fixture_.Do(Confirm(fixture_.licensee), {"licensee"});
  const v1::Licence before = Now();
  const std::string overlay = fixture_.state().licence_overlays.at(licence_);
  const Events events =
      fixture_.Do(ChangeLicence([](v1::ChangeLicence& body) {
                    body.set_kind(v1::SOLE);
                    body.mutable_price()->mutable_per_unit()->set_fen(30);
                    body.set_contract_no("HT-2024-001B");
                  }),
                  {"enterprise", "licensee"});
  ASSERT_EQ(events.size(), 2u);
  v1::Licence expected = before;
  expected.set_kind(v1::SOLE);
  expected.set_valid_to("2024-12-31");
  expected.mutable_price()->mutable_per_unit()->set_fen(30);
  expected.set_contract_no("HT-2024-001B");
  expected.set_version(before.version() + 1);
  expected.set_confirmed_at_ms(fixture_.now_ms());
  const std::string bytes = SerializeCanonical(expected);
  EXPECT_EQ(SerializeCanonical(events[0].licence_changed().licence()), bytes);
  EXPECT_EQ(SerializeCanonical(Now()), bytes);
  ASSERT_EQ(Newest().status().overlays_size(), 1);
  const std::string& now = Newest().status().overlays(0).commitment();
  EXPECT_EQ(now, crypto::OpeningCommitment(
                     hash::AsBytes(events[0].licence_changed().salt()),
                     hash::AsBytes(bytes))
                     .text());
  EXPECT_NE(now, overlay);
  EXPECT_EQ(fixture_.state().licence_overlays.at(licence_), now);
  const EntryParts parts = HeaderOf(events);
  EXPECT_EQ(parts.stream, "licences/" + licence_);
  EXPECT_EQ(parts.updates.size(), 1u);
}

// The overlay that is new belongs to the one that was changed, not to the last
// that was filed.
TEST_F(LicenceChanges, OfOneOfTwoLeaveTheOthersOverlay) {
  v1::Command other = fixture_.LicenceCommand(number_);
  other.mutable_file_licence()->set_salt(Digest32('o'));
  fixture_.Do(other, {"enterprise"});
  const std::string kept = fixture_.state().licence_overlays.at("L20240000002");
  fixture_.Do(ChangeLicence(), {"enterprise"});
  EXPECT_EQ(fixture_.state().licence_overlays.at("L20240000002"), kept);
  EXPECT_NE(fixture_.state().licence_overlays.at(licence_), kept);
  fixture_.AdvanceTo(EndOfDayMs({2024, 12, 31}) + 1);
  ClockActs();
  ASSERT_EQ(Newest().status().overlays_size(), 1);
  EXPECT_EQ(Newest().status().overlays(0).commitment(), kept);
}

TEST_F(LicenceChanges, AreMadeByTheLicensorOrItsAgent) {
  v1::Command command = ChangeLicence();
  command.set_actor(fixture_.licensee);
  EXPECT_THAT(fixture_.Decide(command, {"licensee"}),
              Refuses(NOT_ALLOWED, "C4", "actor"));
  command.set_actor(fixture_.person);
  EXPECT_THAT(fixture_.Decide(command, {"person"}),
              Refuses(NOT_ALLOWED, "C4", "actor"));
  Empower(fixture_.person, v1::ACT_CERTIFICATE);
  EXPECT_THAT(fixture_.Decide(command, {"person"}),
              Refuses(NOT_ALLOWED, "B22", "actor"));
  Empower(fixture_.person, v1::ACT_LICENCE);
  EXPECT_THAT(fixture_.Decide(command, {"person"}), Allows());
  // With itself nobody does.
  Empower(fixture_.licensee, v1::ACT_LICENCE);
  command.set_actor(fixture_.licensee);
  EXPECT_THAT(fixture_.Decide(command, {"licensee"}),
              Refuses(NOT_ALLOWED, "C4", "actor"));
}

TEST_F(LicenceChanges, NameALicenceAtItsVersion) {
  v1::Command command = ChangeLicence();
  command.set_version(4);
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(VERSION_CONFLICT, "VERSION", "version"));
  command.mutable_change_licence()->set_licence_no("L2");
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(NOT_FOUND, "EXISTS", "licence_no"));
}

TEST_F(LicenceChanges, RefuseBadTerms) {
  const std::string at = "change_licence.";
  EXPECT_THAT(Changed([](auto& body) { body.clear_kind(); }),
              Refuses(INVALID_FIELD, "C4", at + "kind"));
  EXPECT_THAT(Changed([](auto& body) { body.clear_price(); }),
              Refuses(INVALID_FIELD, "C4", at + "price"));
  EXPECT_THAT(Changed([](auto& body) { body.mutable_price()->clear_unit(); }),
              Refuses(INVALID_FIELD, "C4", at + "price.unit"));
  EXPECT_THAT(Changed([](auto& body) { body.set_contract_no("a\nb"); }),
              Refuses(INVALID_FIELD, "C4", at + "contract_no"));
  EXPECT_THAT(Changed([](auto& body) { body.set_salt("short"); }),
              Refuses(INVALID_FIELD, "C4", at + "salt"));
  EXPECT_THAT(Changed([](auto& body) { body.set_valid_to("soon"); }),
              Refuses(INVALID_FIELD, "C4", at + "valid_to"));
  EXPECT_THAT(Changed([](auto& body) { body.set_valid_to("2024-07-04"); }),
              Refuses(INVALID_FIELD, "C4", at + "valid_to"));
  EXPECT_THAT(Changed([](auto& body) { body.set_valid_to("2027-07-05"); }),
              Refuses(RULE_REFUSES, "C4", at + "valid_to"));
  EXPECT_THAT(Changed([](auto& body) { body.set_valid_to("2027-07-04"); }),
              Allows());
  EXPECT_THAT(Changed([](auto& body) { body.set_valid_to("2025-06-30"); }),
              Refuses(INVALID_FIELD, "C4", "change_licence"));
}

TEST_F(LicenceChanges, OfOneThatBeginsLaterEndAfterItsFirstDay) {
  v1::Command later = fixture_.LicenceCommand(number_);
  later.mutable_file_licence()->set_valid_from("2025-01-01");
  later.mutable_file_licence()->set_salt(Digest32('o'));
  fixture_.Do(later, {"enterprise"});
  licence_ = "L20240000002";
  EXPECT_THAT(Changed(nullptr),
              Refuses(INVALID_FIELD, "C4", "change_licence.valid_to"));
  EXPECT_THAT(Changed([](auto& body) { body.set_valid_to("2025-01-01"); }),
              Allows());
}

TEST_F(LicenceChanges, NeedALicenceAndACertificateInForce) {
  const std::string freeze = Frozen(number_);
  EXPECT_THAT(Changed(nullptr), Refuses(RULE_REFUSES, "C4", "licence_no"));
  fixture_.Do(OrderFixture::Release(freeze, number_), {kExaminer, kApprover});
  fixture_.AdvanceTo(EndOfDayMs({2025, 6, 30}));
  const auto longer = [](v1::ChangeLicence& body) {
    body.set_valid_to("2026-12-31");
  };
  EXPECT_THAT(Changed(longer), Allows());
  fixture_.AdvanceTo(EndOfDayMs({2025, 6, 30}) + 1);
  EXPECT_THAT(Changed(longer), Refuses(RULE_REFUSES, "C4", "licence_no"));
}

TEST_F(LicenceChanges, OverlapNoOtherWhenEitherBarsOthers) {
  // Alone it may become what bars others; the others then bar it.
  for (v1::LicenceKind kind : {v1::EXCLUSIVE, v1::SOLE}) {
    v1::Command command = ChangeLicence();
    command.mutable_change_licence()->set_kind(kind);
    EXPECT_THAT(fixture_.Decide(command, {"enterprise"}), Allows());
  }
  v1::Command other = fixture_.LicenceCommand(number_);
  other.mutable_file_licence()->set_valid_from("2025-01-01");
  other.mutable_file_licence()->set_salt(Digest32('o'));
  fixture_.Do(other, {"enterprise"});
  for (v1::LicenceKind kind : {v1::EXCLUSIVE, v1::SOLE}) {
    v1::Command command = ChangeLicence();
    command.mutable_change_licence()->set_kind(kind);
    EXPECT_THAT(fixture_.Decide(command, {"enterprise"}), Allows());
    command.mutable_change_licence()->set_valid_to("2025-01-01");
    EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
                Refuses(RULE_REFUSES, "C4", "change_licence.valid_to"));
  }
}

TEST_F(LicenceChanges, AfterUsageKeepTheFormOfThePrice) {
  const auto fixed = [](v1::ChangeLicence& body) {
    body.mutable_price()->Clear();
    body.mutable_price()->mutable_fixed()->set_currency("CNY");
    body.mutable_price()->mutable_fixed()->set_fen(999);
  };
  const auto by_the_hour = [](v1::ChangeLicence& body) {
    body.mutable_price()->set_unit("小时");
  };
  EXPECT_THAT(Changed(fixed), Allows());
  EXPECT_THAT(Changed(by_the_hour), Allows());
  RecordUnits("u-1", 40);
  EXPECT_THAT(Changed(fixed),
              Refuses(RULE_REFUSES, "C4", "change_licence.price"));
  EXPECT_THAT(Changed(by_the_hour),
              Refuses(RULE_REFUSES, "C4", "change_licence.price"));
  fixture_.Do(ChangeLicence([](v1::ChangeLicence& body) {
                body.mutable_price()->mutable_per_unit()->set_fen(30);
              }),
              {"enterprise"});
  EXPECT_EQ(fixture_.state().value_total.fen, 1'000);
  RecordUnits("u-2", 10);
  EXPECT_EQ(fixture_.state().value_total.fen, 1'300);
}

TEST_F(LicenceChanges, NeverFallBelowWhatWasPaid) {
  const auto fixed_at = [&](int64_t fen) {
    v1::Command command = ChangeLicence();
    v1::LicencePrice* price = command.mutable_change_licence()->mutable_price();
    price->Clear();
    price->mutable_fixed()->set_currency("CNY");
    price->mutable_fixed()->set_fen(fen);
    return command;
  };
  fixture_.Do(fixed_at(1'000), {"enterprise"});
  v1::Command pay = fixture_.UsageCommand(licence_);
  AddUnits(pay, "p-1", 0);
  v1::Money* payment =
      pay.mutable_record_usage()->mutable_events(0)->mutable_payment();
  payment->set_currency("CNY");
  payment->set_fen(600);
  fixture_.Do(pay, {"enterprise"});
  EXPECT_THAT(fixture_.Decide(fixed_at(599), {"enterprise"}),
              Refuses(RULE_REFUSES, "C4", "change_licence.price"));
  EXPECT_THAT(fixture_.Decide(fixed_at(600), {"enterprise"}), Allows());
}

TEST_F(LicenceChanges, OfAPledgedCertificateAreSignedByEveryPledgee) {
  EXPECT_EQ(RequiredSigners(ChangeLicence()), 1u);
  Pledged('1');
  v1::RequestBody second = Pledge('2');
  second.mutable_pledge()->set_pledgee(fixture_.person);
  const std::string request = Filed(second);
  fixture_.Do(Cosign(request, fixture_.person), {"person"});
  Granted(request);
  const Decision one =
      fixture_.Decide(ChangeLicence(), {"enterprise", "licensee"});
  ASSERT_THAT(one, Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
  EXPECT_NE(std::get<Refusal>(one).message_zh.find("质权人补签"),
            std::string::npos);
  EXPECT_NE(std::get<Refusal>(one).message_en.find("add the pledgees'"),
            std::string::npos);
  EXPECT_THAT(
      fixture_.Decide(ChangeLicence(), {"enterprise", "licensee", "person"}),
      Allows());
  // Who is pledgee and licensee signs once for both.
  fixture_.Do(Confirm(fixture_.licensee), {"licensee"});
  EXPECT_THAT(fixture_.Decide(ChangeLicence(), {"enterprise", "person"}),
              Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
  EXPECT_THAT(
      fixture_.Decide(ChangeLicence(), {"enterprise", "licensee", "person"}),
      Allows());
  EXPECT_EQ(
      RequiredSigners(ChangeLicence(), PledgeesOf(fixture_.state(), Newest())),
      3u);
}

}  // namespace
}  // namespace dataip::registry
