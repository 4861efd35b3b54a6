// The state of a certificate on a day.
#include "core/registry/certificate/status_on.h"

#include "tests/unit/core/registry/certificate/order_fixture.h"
#include "tests/unit/core/registry/matchers.h"

namespace dataip::registry {
namespace {

using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::dataip::testing::OrderFixture;

class StatusOnADay : public OrderFixture {
 protected:
  v1::CertificateState StateOn(const std::string& number,
                               const CivilDate& day) {
    const auto answer = StatusOn(fixture_.state(), number, day);
    return answer ? answer->state() : v1::CERTIFICATE_STATE_UNSPECIFIED;
  }
};

TEST_F(StatusOnADay, IsNothingForANumberOfNoCertificate) {
  fixture_.Register("R-1");
  EXPECT_FALSE(StatusOn(fixture_.state(), "1", {2024, 7, 5}).has_value());
  EXPECT_FALSE(StatusOn(fixture_.state(), "", {2024, 7, 5}).has_value());
}

// The registry stood still, or the clock has not come to it yet.
TEST_F(StatusOnADay, LeavesOutWhatWasOverBeforeTheClockCameToIt) {
  const std::string number = fixture_.Register("R-1");
  Frozen(number);
  fixture_.AdvanceTo(StartOfDayMs({2025, 1, 20}));
  const auto overlays = [&](const CivilDate& day) {
    return StatusOn(fixture_.state(), number, day)->status().overlays_size();
  };
  for (bool by_clock : {false, true}) {
    EXPECT_EQ(overlays({2024, 12, 31}), 1) << by_clock;
    EXPECT_EQ(overlays({2025, 1, 1}), 0) << by_clock;
    EXPECT_EQ(overlays({2025, 1, 10}), 0) << by_clock;
    const auto due = NextDue(fixture_.state(), fixture_.now_ms());
    if (by_clock) break;
    ASSERT_TRUE(due.has_value());
    v1::Command owed = fixture_.NewCommand("clock", 0);
    SetClockCommand(fixture_.state(), *due, owed);
    fixture_.Do(owed, {"clock"});
  }
}

TEST_F(StatusOnADay, IsEmptyBeforeIssue) {
  const std::string number = fixture_.Register("R-1");
  const auto before = StatusOn(fixture_.state(), number, {2024, 7, 4});
  ASSERT_TRUE(before.has_value());
  EXPECT_EQ(before->day(), "2024-07-04");
  EXPECT_EQ(before->state(), v1::CERTIFICATE_STATE_UNSPECIFIED);
  EXPECT_FALSE(before->has_status());
  EXPECT_TRUE(before->number().empty());
  const auto first = StatusOn(fixture_.state(), number, {2024, 7, 5});
  EXPECT_EQ(first->state(), v1::VALID);
  EXPECT_EQ(first->number(), number);
  EXPECT_EQ(first->status().version(), 1u);
}

TEST_F(StatusOnADay, TellsTheRecordInForceThen) {
  const std::string number = fixture_.Register("R-1");
  fixture_.AdvanceTo(StartOfDayMs({2024, 7, 10}));
  Frozen(number);
  fixture_.AdvanceTo(StartOfDayMs({2024, 8, 1}));
  Revoked(number, v1::FROM_DECISION);
  const std::string& registration = Get(number).content().registration_number();
  for (const std::string& asked : {number, registration}) {
    EXPECT_EQ(StatusOn(fixture_.state(), asked, {2024, 7, 9})
                  ->status()
                  .overlays_size(),
              0);
    const auto frozen = StatusOn(fixture_.state(), asked, {2024, 7, 31});
    EXPECT_EQ(frozen->state(), v1::VALID);
    ASSERT_EQ(frozen->status().overlays_size(), 1);
    EXPECT_EQ(frozen->status().overlays(0).kind(), v1::FREEZE);
    EXPECT_EQ(StateOn(asked, {2024, 8, 1}), v1::REVOKED);
    EXPECT_EQ(StateOn(asked, {2030, 1, 1}), v1::REVOKED);
  }
}

// As of every other number of its registration.
TEST_F(StatusOnADay, OfASheetBeforeItsIssueIsThatOfTheSheetThenInForce) {
  const std::string number = fixture_.Register("R-1");
  fixture_.AdvanceTo(StartOfDayMs({2024, 8, 1}));
  v1::Command command = fixture_.NewCommand(kExaminer, VersionOf(number));
  v1::CorrectCertificate* body = command.mutable_correct_certificate();
  body->set_certificate_number(number);
  body->set_error("记录数录入有误");
  body->mutable_values()->set_record_count(600);
  const std::string newer = fixture_.Do(command, {kExaminer, kApprover})[0]
                                .certificate_corrected()
                                .new_certificate_number();
  const auto then = StatusOn(fixture_.state(), newer, {2024, 7, 31});
  EXPECT_EQ(then->state(), v1::VALID);
  EXPECT_EQ(then->number(), number);
  EXPECT_EQ(then->status().number(), number);
  const auto now = StatusOn(fixture_.state(), newer, {2024, 8, 1});
  EXPECT_EQ(now->state(), v1::VALID);
  EXPECT_EQ(now->number(), newer);
  const auto before = StatusOn(fixture_.state(), newer, {2024, 7, 4});
  EXPECT_EQ(before->state(), v1::CERTIFICATE_STATE_UNSPECIFIED);
  EXPECT_TRUE(before->number().empty());
  EXPECT_FALSE(before->has_status());
}

TEST_F(StatusOnADay, IsExpiredWhetherTheClockRecordedItOrNot) {
  const std::string number = fixture_.Register("R-1");
  EXPECT_EQ(StateOn(number, {2027, 7, 4}), v1::VALID);
  EXPECT_EQ(StateOn(number, {2027, 7, 5}), v1::EXPIRED);
  fixture_.AdvanceTo(StartOfDayMs({2027, 9, 1}));
  fixture_.Do(Expire(number), {"clock"});
  EXPECT_EQ(StateOn(number, {2027, 7, 4}), v1::VALID);
  EXPECT_EQ(StateOn(number, {2027, 7, 5}), v1::EXPIRED);
  EXPECT_EQ(StateOn(number, {2027, 9, 1}), v1::EXPIRED);
}

TEST_F(StatusOnADay, IsRevokedThroughoutWhenItNeverShouldHaveBeen) {
  const std::string number = fixture_.Register("R-1");
  const std::string other = fixture_.Register("R-2");
  fixture_.AdvanceTo(StartOfDayMs({2024, 9, 2}));
  Revoked(number, v1::FROM_REGISTRATION);
  EXPECT_EQ(StateOn(number, {2024, 7, 4}), v1::CERTIFICATE_STATE_UNSPECIFIED);
  const auto first = StatusOn(fixture_.state(), number, {2024, 7, 5});
  EXPECT_EQ(first->state(), v1::REVOKED);
  // What stood in the register then stays told.
  EXPECT_EQ(first->status().state(), v1::VALID);
  EXPECT_EQ(StateOn(other, {2024, 9, 2}), v1::VALID);
}

}  // namespace
}  // namespace dataip::registry
