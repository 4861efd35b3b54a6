// What waits in the proceedings about certificates, licences and objections.
#include <algorithm>
#include <string>
#include <vector>

#include "core/registry/queue/queue.h"
#include "core/registry/tables/calendar.h"
#include "core/registry/values/civil_date.h"
#include "gtest/gtest.h"
#include "tests/unit/core/registry/objection/objection_fixture.h"
#include "tests/unit/core/registry/request/request_fixture.h"

namespace dataip::registry {
namespace {

using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;

constexpr int64_t kHourMs = 3'600'000;

// A registered certificate, and what waits after something is done with it.
class QueuesOfCertificates : public ::dataip::testing::RequestFixture {
 protected:
  std::vector<QueueLine> Officers(const CivilDate& day) {
    return OfficerQueue(fixture_.state(), StartOfDayMs(day) + 9 * kHourMs);
  }
  std::vector<QueueLine> Of(const std::string& party, const CivilDate& day) {
    return ExpectedOf(fixture_.state(), party, StartOfDayMs(day));
  }
};

TEST_F(QueuesOfCertificates, HaveRequestsUntilTheProfilesDay) {
  const std::string request = Filed(Transfer(v1::ASSIGNMENT));
  EXPECT_TRUE(Officers({2024, 7, 5}).empty()) << "consent is awaited";
  fixture_.AdvanceTo(StartOfDayMs({2024, 7, 8}) + 9 * kHourMs);
  Consented(request);
  const auto lines = Officers({2024, 7, 8});
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].object_no, request);
  EXPECT_EQ(lines[0].case_no, number_);
  EXPECT_EQ(lines[0].step, Step::kDecideRequest);
  EXPECT_EQ(lines[0].until.due_date, "2024-08-05");
  EXPECT_EQ(Officers({2024, 8, 6})[0].until.light, Light::kRed);
}

TEST_F(QueuesOfCertificates, TellTheHolderOfAHearingThenTheOfficers) {
  const std::string revocation = Opened(number_);
  EXPECT_TRUE(Officers({2024, 7, 12}).empty());
  const auto told = Of(fixture_.enterprise, {2024, 7, 9});
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].object_no, revocation);
  EXPECT_EQ(told[0].step, Step::kBeHeard);
  EXPECT_EQ(told[0].until.due_date, "2024-07-12");
  EXPECT_EQ(told[0].until.light, Light::kYellow);
  EXPECT_EQ(told[0].parties, std::vector<std::string>{fixture_.enterprise});
  EXPECT_TRUE(Of(fixture_.licensee, {2024, 7, 9}).empty());
  const auto over = Officers({2024, 7, 13});
  ASSERT_EQ(over.size(), 1u);
  EXPECT_EQ(over[0].object_no, revocation);
  EXPECT_EQ(over[0].step, Step::kDecideRevocation);
  EXPECT_EQ(over[0].until.due_date, "2024-08-09");
  // Answered before, it waits for officers at once, from that day.
  fixture_.Do(Statement(revocation, fixture_.enterprise), {"enterprise"});
  const auto heard = Officers({2024, 7, 8});
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_EQ(heard[0].step, Step::kDecideRevocation);
  EXPECT_EQ(heard[0].until.due_date, "2024-08-02");
  fixture_.Do(Drop(revocation), {kExaminer, kApprover});
  EXPECT_TRUE(Officers({2024, 7, 13}).empty());
}

TEST_F(QueuesOfCertificates, TellTheLicenseeWhatToConfirm) {
  const std::string licence = fixture_.FileLicence(number_);
  const auto lines = Of(fixture_.licensee, {2024, 7, 6});
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].object_no, licence);
  EXPECT_EQ(lines[0].step, Step::kConfirmLicence);
  EXPECT_EQ(lines[0].parties, std::vector<std::string>{fixture_.licensee});
  const std::string last =
      FindLicence(fixture_.state(), licence)->licence.valid_to();
  EXPECT_EQ(lines[0].until.due_date, last);
  EXPECT_EQ(lines[0].until.light, Light::kGreen);
  EXPECT_EQ(Of(fixture_.licensee, *ParseDate(last))[0].until.light,
            Light::kYellow);
  EXPECT_TRUE(Of(fixture_.licensee, {2028, 1, 1}).empty()) << "it is over";
  EXPECT_TRUE(Of(fixture_.enterprise, {2024, 7, 6}).empty());
  v1::Command command = fixture_.NewCommand(fixture_.licensee, 1);
  command.mutable_confirm_licence()->set_licence_no(licence);
  fixture_.Do(command, {"licensee"});
  EXPECT_TRUE(Of(fixture_.licensee, {2024, 7, 6}).empty());
}

// Two holders: who has stated is awaited no more.
TEST_F(QueuesOfCertificates, AwaitOnlyHoldersWhoHaveNotStated) {
  fixture_.state()
      .certificates.at(number_)
      .mutable_content()
      ->add_holders()
      ->set_party_number(fixture_.person);
  const std::string revocation = Opened(number_);
  const auto awaited = [&] {
    const auto lines = Of(fixture_.enterprise, {2024, 7, 9});
    EXPECT_EQ(lines.size(), 1u);
    EXPECT_EQ(lines.front().step, Step::kBeHeard);
    return lines.front().parties;
  };
  std::vector<std::string> both = {fixture_.enterprise, fixture_.person};
  std::sort(both.begin(), both.end());
  EXPECT_EQ(awaited(), both);
  fixture_.Do(Statement(revocation, fixture_.enterprise), {"enterprise"});
  EXPECT_EQ(awaited(), std::vector<std::string>{fixture_.person});
  EXPECT_EQ(Of(fixture_.person, {2024, 7, 9}).size(), 1u);
}

class QueuesOfObjectors : public ::dataip::testing::ObjectionTest {
 protected:
  std::vector<QueueLine> Of(const std::string& party) {
    return ExpectedOf(fixture_.state(), party, fixture_.now_ms());
  }
};

TEST_F(QueuesOfObjectors, ShowTheirOwnOpenObjections) {
  const std::string mine = Forwarded(fixture_.licensee, "licensee");
  const std::string other = File(fixture_.person, "person");
  const auto lines = Of(fixture_.licensee);
  ASSERT_EQ(lines.size(), 1u) << "neither the notice nor another objection";
  EXPECT_EQ(lines[0].object_no, mine);
  EXPECT_EQ(lines[0].case_no, application_no_);
  EXPECT_EQ(lines[0].step, Step::kAnswerObjection);
  EXPECT_EQ(lines[0].until.due_date, Get(mine).reply_deadline().due_date());
  EXPECT_EQ(lines[0].parties, std::vector<std::string>{fixture_.enterprise});
  ASSERT_EQ(Of(fixture_.person).size(), 1u);
  EXPECT_EQ(Of(fixture_.person)[0].object_no, other);
  EXPECT_EQ(Of(fixture_.person)[0].step, Step::kCheckObjection);
  fixture_.Do(Withdraw(mine, fixture_.licensee), {"licensee"});
  EXPECT_TRUE(Of(fixture_.licensee).empty());
  fixture_.Do(Suspend(), {kExaminer, kApprover});
  ASSERT_EQ(Of(fixture_.person).size(), 1u);
  EXPECT_EQ(Of(fixture_.person)[0].step, Step::kProceedings);
  EXPECT_EQ(Of(fixture_.person)[0].until.due_date, "");
  fixture_.Do(WithdrawApplication(), {"enterprise"});
  EXPECT_TRUE(Of(fixture_.person).empty());
}

TEST_F(QueuesOfObjectors, SayUntilWhenProceedingsMayBeProved) {
  const std::string number = Answered(fixture_.licensee, "licensee");
  fixture_.Do(Dismiss(number), {kExaminer, kApprover});
  const std::string last = Get(number).proceedings_deadline().due_date();
  ASSERT_NE(last, "");
  GoTo(last);
  const auto lines = Of(fixture_.licensee);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].object_no, number);
  EXPECT_EQ(lines[0].step, Step::kProceedings);
  EXPECT_EQ(lines[0].until.due_date, last);
  EXPECT_EQ(lines[0].parties, std::vector<std::string>{fixture_.licensee});
  EXPECT_TRUE(ExpectedOf(fixture_.state(), fixture_.licensee,
                         EndOfDayMs(*ParseDate(last)) + 1)
                  .empty());
}

// Who stands for both sides has each line once.
TEST_F(QueuesOfObjectors, AgentsOfObjectorsHaveTheirObjections) {
  const std::string number = File(fixture_.licensee, "licensee");
  const auto empower = [&](const std::string& principal, const std::string& key,
                           v1::AttorneyAct act) {
    v1::Command command = fixture_.NewCommand(principal, 0);
    v1::GrantAttorney& body = *command.mutable_grant_attorney();
    body.set_agent(fixture_.person);
    body.add_acts(act);
    body.set_valid_from("2024-06-20");
    body.set_valid_to("2024-07-19");
    fixture_.Do(command, {key});
  };
  empower(fixture_.licensee, "licensee", v1::ACT_ANSWER);
  EXPECT_TRUE(Of(fixture_.person).empty()) << "a power for other things";
  empower(fixture_.licensee, "licensee", v1::ACT_OBJECT);
  ASSERT_EQ(Of(fixture_.person).size(), 1u);
  EXPECT_EQ(Of(fixture_.person)[0].object_no, number);
  empower(fixture_.enterprise, "enterprise", v1::ACT_ANSWER);
  EXPECT_EQ(Of(fixture_.person).size(), 2u) << "the notice and the objection";
}

}  // namespace
}  // namespace dataip::registry
