// How licences end: by their term, early by a party, with their certificate.
#include "core/registry/evolve.h"
#include "core/registry/state/licence_term.h"
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

class LicenceEnds : public ::dataip::testing::LicenceFixture {
 protected:
  // What the clock would give now, as of this day.
  v1::Command ByClock(const std::string& last) {
    v1::Command command = End("clock", last);
    command.mutable_end_licence()->clear_reason();
    return command;
  }

  Decision Use(const std::string& day) {
    v1::Command command = fixture_.UsageCommand(licence_);
    AddUnits(command, "u-" + day, 1);
    command.mutable_record_usage()->mutable_events(0)->set_occurred_on(day);
    return fixture_.Decide(command, {"enterprise"});
  }

  bool Lies() { return fixture_.state().licence_overlays.count(licence_) != 0; }

  // On the certificate and in every list it is no more.
  void ExpectGone(const std::string& ended_on) {
    EXPECT_EQ(Now().ended_on(), ended_on);
    EXPECT_EQ(LastDayOf(Now()), ended_on);
    EXPECT_FALSE(Lies());
    EXPECT_EQ(fixture_.state().unconfirmed_licences.count(licence_), 0u);
    EXPECT_EQ(Newest().status().overlays_size(), 0);
    for (const Due& due : fixture_.state().due) {
      EXPECT_NE(due.kind, DueKind::kLicence);
    }
  }
};

TEST_F(LicenceEnds, AreNamedByEitherSideWithADayAndAReason) {
  EXPECT_THAT(fixture_.Decide(End(fixture_.person, "2024-12-31"), {"person"}),
              Refuses(NOT_ALLOWED, "C4", "actor"));
  for (const char* day : {"2024-07-04", "2025-07-01", "soon"}) {
    EXPECT_THAT(fixture_.Decide(End(fixture_.licensee, day), {"licensee"}),
                Refuses(INVALID_FIELD, "C4", "end_licence.ended_on"));
  }
  v1::Command silent = End(fixture_.licensee, "2024-12-31");
  silent.mutable_end_licence()->clear_reason();
  EXPECT_THAT(fixture_.Decide(silent, {"licensee"}),
              Refuses(INVALID_FIELD, "REASON", "end_licence.reason"));
}

TEST_F(LicenceEnds, OfALaterDayLeaveItRunningUntilThen) {
  const Events ended =
      fixture_.Do(End(fixture_.licensee, "2024-12-31"), {"licensee"});
  ASSERT_EQ(ended.size(), 1u);
  EXPECT_EQ(ended[0].licence_ended().ended_on(), "2024-12-31");
  EXPECT_EQ(Now().ended_on(), "2024-12-31");
  EXPECT_EQ(Now().version(), 2u);
  EXPECT_TRUE(Lies());
  EXPECT_EQ(fixture_.state().unconfirmed_licences.count(licence_), 0u);
  ASSERT_EQ(Newest().status().overlays_size(), 1);
  EXPECT_EQ(fixture_.state().due.count(
                {EndOfDayMs({2024, 12, 31}), DueKind::kLicence, licence_}),
            1u);
  EXPECT_EQ(fixture_.state().due.count(
                {EndOfDayMs({2025, 6, 30}), DueKind::kLicence, licence_}),
            0u);
  // Until then it bars others.
  v1::Command other = fixture_.LicenceCommand(number_);
  other.mutable_file_licence()->set_kind(v1::EXCLUSIVE);
  other.mutable_file_licence()->set_valid_from("2024-12-31");
  EXPECT_THAT(fixture_.Decide(other, {"enterprise"}),
              Refuses(RULE_REFUSES, "C4", "file_licence.valid_from"));
  other.mutable_file_licence()->set_valid_from("2025-01-01");
  EXPECT_THAT(fixture_.Decide(other, {"enterprise"}), Allows());

  fixture_.AdvanceTo(EndOfDayMs({2024, 12, 31}));
  EXPECT_EQ(NextDue(fixture_.state(), fixture_.now_ms()), std::nullopt);
  EXPECT_THAT(fixture_.Decide(ByClock("2024-12-31"), {"clock"}),
              Refuses(RULE_REFUSES, "C4", "licence_no"));
  EXPECT_THAT(Use("2024-12-31"), Allows());
  fixture_.AdvanceTo(EndOfDayMs({2024, 12, 31}) + 1);
  EXPECT_THAT(fixture_.Decide(ByClock("2025-06-30"), {"clock"}),
              Refuses(INVALID_FIELD, "C4", "end_licence.ended_on"));
  const Events events = ClockActs();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].licence_ended().ended_on(), "2024-12-31");
  EXPECT_EQ(events[0].licence_ended().reason(), "");
  EXPECT_EQ(Now().version(), 3u);
  ExpectGone("2024-12-31");
  EXPECT_THAT(Use("2024-12-31"), Allows());
  EXPECT_THAT(Use("2025-01-01"),
              Refuses(INVALID_FIELD, "USAGE_DATE", "events[0].occurred_on"));
}

TEST_F(LicenceEnds, OfTodayCountFromTomorrow) {
  fixture_.Do(End(fixture_.enterprise, "2024-07-05"), {"enterprise"});
  EXPECT_TRUE(Lies());
  fixture_.AdvanceTo(EndOfDayMs({2024, 7, 5}) + 1);
  ClockActs();
  ExpectGone("2024-07-05");
}

TEST_F(LicenceEnds, AreOrderedOnceAndLetNothingChangeAfterwards) {
  fixture_.Do(End(fixture_.licensee, "2025-01-31"), {"licensee"});
  const auto expect_refused = [&](const std::string& zh,
                                  const std::string& en) {
    const Decision all[] = {
        fixture_.Decide(End(fixture_.enterprise, "2024-12-31"), {"enterprise"}),
        fixture_.Decide(Confirm(fixture_.licensee), {"licensee"}),
        Changed(nullptr)};
    for (const Decision& decision : all) {
      ASSERT_THAT(decision, Refuses(RULE_REFUSES, "C4", "licence_no"));
      const Refusal& refusal = std::get<Refusal>(decision);
      EXPECT_NE(refusal.message_zh.find(zh), std::string::npos);
      EXPECT_NE(refusal.message_en.find(en), std::string::npos);
    }
  };
  expect_refused("将于 2025-01-31", "runs to the end of 2025-01-31");
  fixture_.AdvanceTo(EndOfDayMs({2025, 1, 31}) + 1);
  ClockActs();
  expect_refused("已于 2025-01-31", "ended on 2025-01-31");
}

TEST_F(LicenceEnds, OfOneOfTwoLeaveTheOther) {
  v1::Command other = fixture_.LicenceCommand(number_);
  other.mutable_file_licence()->set_salt(Digest32('o'));
  fixture_.Do(other, {"enterprise"});
  fixture_.Do(End(fixture_.licensee, "2024-12-31"), {"licensee"});
  EXPECT_EQ(Newest().status().overlays_size(), 2);
  fixture_.AdvanceTo(EndOfDayMs({2024, 12, 31}) + 1);
  ClockActs();
  EXPECT_FALSE(Lies());
  ASSERT_EQ(Newest().status().overlays_size(), 1);
  EXPECT_EQ(fixture_.state().licence_overlays.at("L20240000002"),
            Newest().status().overlays(0).commitment());
}

TEST_F(LicenceEnds, ComeByTheClockAfterItsLastDay) {
  fixture_.AdvanceTo(EndOfDayMs({2025, 6, 30}));
  EXPECT_EQ(NextDue(fixture_.state(), fixture_.now_ms()), std::nullopt);
  EXPECT_THAT(fixture_.Decide(ByClock("2025-06-30"), {"clock"}),
              Refuses(RULE_REFUSES, "C4", "licence_no"));
  fixture_.AdvanceTo(EndOfDayMs({2025, 6, 30}) + 1);
  for (const char* day : {"2025-06-29", "2025-07-01", ""}) {
    EXPECT_THAT(fixture_.Decide(ByClock(day), {"clock"}),
                Refuses(INVALID_FIELD, "C4", "end_licence.ended_on"));
  }
  EXPECT_THAT(
      fixture_.Decide(End(fixture_.licensee, "2025-06-30"), {"licensee"}),
      Refuses(INVALID_FIELD, "C4", "end_licence.ended_on"));
  const auto due = NextDue(fixture_.state(), fixture_.now_ms());
  ASSERT_TRUE(due.has_value());
  EXPECT_EQ(due->kind, DueKind::kLicence);
  EXPECT_EQ(due->key, licence_);
  const Events events = ClockActs();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].licence_ended().reason(), "");
  EXPECT_EQ(Now().ended_on(), "2025-06-30");
  EXPECT_EQ(Newest().status().overlays_size(), 0);
  EXPECT_EQ(Newest().status().state(), v1::VALID);
  EXPECT_EQ(NextDue(fixture_.state(), fixture_.now_ms()), std::nullopt);
  EXPECT_THAT(fixture_.Decide(ByClock("2025-06-30"), {"clock"}),
              Refuses(RULE_REFUSES, "C4", "licence_no"));
  // What happened in its days is still recorded.
  RecordUnits("U1", 1);
  EXPECT_EQ(FindLicence(fixture_.state(), licence_)->realised.events, 1u);
}

TEST_F(LicenceEnds, MoveWithAChange) {
  fixture_.Do(ChangeLicence(), {"enterprise"});
  fixture_.AdvanceTo(EndOfDayMs({2024, 12, 31}) + 1);
  const auto due = NextDue(fixture_.state(), fixture_.now_ms());
  ASSERT_TRUE(due.has_value());
  EXPECT_EQ(due->key, licence_);
  // Nothing else is owed for its first last day.
  ClockActs();
  fixture_.AdvanceTo(EndOfDayMs({2025, 6, 30}) + 1);
  EXPECT_EQ(NextDue(fixture_.state(), fixture_.now_ms()), std::nullopt);
}

TEST_F(LicenceEnds, ComeWithTheCancellationOfTheCertificate) {
  fixture_.AdvanceTo(StartOfDayMs({2024, 8, 1}));
  const Events events = Granted(Filed(Cancellation()));
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(Newest().status().state(), v1::CANCELLED);
  ExpectGone("2024-08-01");
  EXPECT_EQ(Now().version(), 2u);
  fixture_.AdvanceTo(StartOfDayMs({2024, 8, 5}));
  EXPECT_THAT(Use("2024-08-01"), Allows());
  EXPECT_THAT(Use("2024-08-02"),
              Refuses(INVALID_FIELD, "USAGE_DATE", "events[0].occurred_on"));
  EXPECT_THAT(
      fixture_.Decide(End(fixture_.licensee, "2024-12-31"), {"licensee"}),
      Refuses(RULE_REFUSES, "C4", "licence_no"));
  EXPECT_THAT(fixture_.Decide(ByClock("2024-08-01"), {"clock"}),
              Refuses(RULE_REFUSES, "C4", "licence_no"));
}

TEST_F(LicenceEnds, ComeWithTheRevocationOfTheCertificate) {
  // One that was to end before, and one after.
  fixture_.Do(End(fixture_.licensee, "2024-12-31"), {"licensee"});
  v1::Command other = fixture_.LicenceCommand(number_);
  other.mutable_file_licence()->set_valid_from("2025-01-01");
  other.mutable_file_licence()->set_salt(Digest32('o'));
  fixture_.Do(other, {"enterprise"});
  const std::string revocation_no = Opened(number_);
  fixture_.Do(Statement(revocation_no, fixture_.enterprise), {"enterprise"});
  fixture_.Do(OrderFixture::Revoke(revocation_no), {kExaminer, kApprover});
  EXPECT_EQ(Newest().status().state(), v1::REVOKED);
  ExpectGone("2024-07-05");
  licence_ = "L20240000002";
  ExpectGone("2024-07-05");
}

TEST_F(LicenceEnds, ComeWithTheTermOfTheCertificate) {
  v1::Command other = fixture_.LicenceCommand(number_);
  other.mutable_file_licence()->set_valid_to("2027-07-04");
  other.mutable_file_licence()->set_salt(Digest32('o'));
  fixture_.Do(other, {"enterprise"});
  fixture_.AdvanceTo(EndOfDayMs({2027, 7, 4}) + 1);
  ClockActs();
  ClockActs();
  EXPECT_EQ(Newest().status().state(), v1::VALID);
  ClockActs();
  EXPECT_EQ(Newest().status().state(), v1::EXPIRED);
  ExpectGone("2025-06-30");
  licence_ = "L20240000002";
  ExpectGone("2027-07-04");
}

// Whatever else a record of the end says, no licence outlives the certificate.
TEST_F(LicenceEnds, AreThoseOfTheCertificateEvenIfTheClockNeverActed) {
  State state = fixture_.state();
  v1::StatusRecord record = Newest().status();
  record.set_state(v1::EXPIRED);
  state.certificates.at(number_).mutable_content()->set_valid_to("2025-03-31");
  v1::Event event;
  event.mutable_status_changed()->set_status_record(SerializeCanonical(record));
  Evolve(state, event);
  EXPECT_EQ(FindLicence(state, licence_)->licence.ended_on(), "2025-03-31");
  EXPECT_TRUE(state.licence_overlays.empty());
  EXPECT_TRUE(state.unconfirmed_licences.empty());
}

TEST_F(LicenceEnds, AreNotThoseOfACertificateThatIsReplaced) {
  Granted(Filed(Change()));
  EXPECT_EQ(Now().certificate_number(), Newest().number());
  EXPECT_EQ(Now().ended_on(), "");
  EXPECT_TRUE(Lies());
  EXPECT_EQ(Newest().status().overlays_size(), 1);
}

}  // namespace
}  // namespace dataip::registry
