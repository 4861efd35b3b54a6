// How objections end by the registry, and which state allows which command.
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_replace.h"
#include "core/registry/decide.h"
#include "core/registry/objection/objections.h"
#include "core/registry/queue/queue.h"
#include "core/registry/state/due.h"
#include "core/registry/tables/profile.h"
#include "gtest/gtest.h"
#include "tests/unit/core/registry/matchers.h"
#include "tests/unit/core/registry/objection/objection_fixture.h"

namespace dataip::registry {
namespace {

using namespace ::dataip::rpc::v1;  // NOLINT: the reasons
using ::dataip::testing::Allows;
using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::dataip::testing::Refuses;

class ObjectionDecisions : public ::dataip::testing::ObjectionTest {
 public:
  using ObjectionTest::Accept;
  using ObjectionTest::Dismiss;
  using ObjectionTest::fixture_;
  using ObjectionTest::Forward;
  using ObjectionTest::Reject;
  using ObjectionTest::Uphold;
  using ObjectionTest::Withdraw;
};

TEST_F(ObjectionDecisions, NotAnsweredInTimeRefuseTheApplication) {
  const std::string number = Forwarded(fixture_.licensee, "licensee");
  const std::string other = Forwarded(fixture_.person, "person");
  const int64_t due_ms = DueInstantMs(Get(number).reply_deadline());
  fixture_.AdvanceTo(due_ms);
  EXPECT_THAT(fixture_.Decide(CloseUnanswered(number), {"clock"}),
              Refuses(RULE_REFUSES, "T12", "objection_no"));
  fixture_.AdvanceTo(due_ms + 86'400'000);
  EXPECT_THAT(fixture_.Decide(CloseUnanswered(number), {kExaminer}),
              Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
  v1::Command command = fixture_.NewCommand(kClockActor, 0);
  const auto due = NextDue(fixture_.state(), fixture_.now_ms());
  ASSERT_TRUE(due.has_value());
  SetClockCommand(fixture_.state(), *due, command);
  const Events events = fixture_.Do(command, {"clock"});
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(ToUnixMs(events[0].reply_defaulted().effective_at()), due_ms);
  EXPECT_EQ(events[1].application_refused().grounds(0), "R12");
  EXPECT_EQ(Application().state(), v1::REFUSED);
  EXPECT_EQ(Get(number).state(), v1::OBJECTION_UPHELD);
  EXPECT_EQ(Get(other).state(), v1::OBJECTION_MOOT);
  EXPECT_TRUE(fixture_.state().due.empty());
}

TEST_F(ObjectionDecisions, OfFilingSayWhatIsWrong) {
  const auto zh = [&](const v1::Command& command) {
    const auto decision = fixture_.Decide(command, {"licensee"});
    const auto* refusal = std::get_if<Refusal>(&decision);
    return refusal == nullptr ? "" : refusal->violations[0].message_zh();
  };
  v1::Command command = FileCommand(fixture_.licensee);
  command.mutable_file_objection()->mutable_claim()->set_fields(0, "source");
  EXPECT_NE(zh(command).find("“source”"), std::string::npos) << zh(command);
  EXPECT_NE(zh(command).find("sources"), std::string::npos);
  const std::string last = Application().notice_deadline().due_date();
  GoTo("2024-12-31");
  ASSERT_EQ(Application().state(), v1::PUBLICITY);
  command = FileCommand(fixture_.licensee);
  EXPECT_NE(zh(command).find("公示期已于 " + last), std::string::npos)
      << zh(command);
}

TEST_F(ObjectionDecisions, UpheldRefuseTheApplication) {
  const std::string number = Answered(fixture_.licensee, "licensee");
  const std::string other = Forwarded(fixture_.person, "person");
  v1::Command command = Uphold(number);
  EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
              Refuses(NOT_ALLOWED, "TWO_OFFICERS", "actor"));
  for (const char* ground : {"R12", "R98"}) {
    command.mutable_uphold_objection()->clear_grounds();
    command.mutable_uphold_objection()->add_grounds(ground);
    EXPECT_THAT(fixture_.Decide(command, {kExaminer, kApprover}),
                Refuses(INVALID_FIELD, "T12", "grounds[0]"));
  }
  command.mutable_uphold_objection()->set_grounds(0, "R02");
  command.mutable_uphold_objection()->add_grounds("R02");
  EXPECT_THAT(fixture_.Decide(command, {kExaminer, kApprover}),
              Refuses(INVALID_FIELD, "T12", "grounds[1]"));
  command.mutable_uphold_objection()->set_grounds(1, "R99");
  command.mutable_uphold_objection()->clear_reason();
  EXPECT_THAT(fixture_.Decide(command, {kExaminer, kApprover}),
              Refuses(INVALID_FIELD, "REASON", "reason"));
  command.mutable_uphold_objection()->set_reason("来源确无授权");
  fixture_.Do(command, {kExaminer, kApprover});
  EXPECT_EQ(Application().state(), v1::REFUSED);
  ASSERT_EQ(Application().refusal_grounds_size(), 3);
  EXPECT_EQ(Application().refusal_grounds(1), "R12");
  EXPECT_EQ(Get(number).state(), v1::OBJECTION_UPHELD);
  EXPECT_EQ(Get(other).state(), v1::OBJECTION_MOOT);
  EXPECT_TRUE(fixture_.state().due.empty());
}

TEST_F(ObjectionDecisions, AreDismissedByTwoOfficersWithAReason) {
  const std::string number = Answered(fixture_.licensee, "licensee");
  EXPECT_THAT(fixture_.Decide(Dismiss(number), {kExaminer}),
              Refuses(NOT_ALLOWED, "TWO_OFFICERS", "actor"));
  v1::Command command = Dismiss(number);
  command.mutable_dismiss_objection()->clear_reason();
  EXPECT_THAT(fixture_.Decide(command, {kExaminer, kApprover}),
              Refuses(INVALID_FIELD, "REASON", "reason"));
}

// By the profile's objection.check and objection.decide.
TEST_F(ObjectionDecisions, AreDueInTheQueueOfTheOfficers) {
  const auto line = [&] {
    const auto lines = OfficerQueue(fixture_.state(), fixture_.now_ms());
    return lines.size() == 1 ? lines[0] : QueueLine();
  };
  const std::string number = File(fixture_.licensee, "licensee");
  EXPECT_EQ(line().step, Step::kCheckObjection);
  EXPECT_EQ(line().until.due_date, "2024-06-27");
  EXPECT_EQ(line().until.working_days_left, 5);
  fixture_.Do(Accept(number), {kExaminer});
  fixture_.Do(Forward(number), {kExaminer});
  GoTo("2024-06-24");
  fixture_.Do(Answer(number), {"enterprise"});
  EXPECT_EQ(line().object_no, number);
  EXPECT_EQ(line().step, Step::kDecideObjection);
  EXPECT_EQ(line().until.due_date, "2024-07-22");
  // An older profile does not say, and the line is without a day.
  const auto without = Profile::Parse(absl::StrReplaceAll(
      dataip::testing::ReadSourceFile("deploy/tables/profile_ZJ-2023.csv"),
      {{"objection.decide,", "objection.decided,"}}));
  ASSERT_TRUE(without.ok()) << without.status();
  for (auto& [sha256, known] : fixture_.state().profiles) {
    known = std::make_shared<const Profile>(*without);
  }
  EXPECT_EQ(line().step, Step::kDecideObjection);
  EXPECT_EQ(line().until.due_date, "");
  EXPECT_EQ(line().until.light, Light::kNone);
}

// A ground is found, or a court finds it, after the notice was opened.
class LateRefusals : public ::dataip::testing::ObjectionTest {
 protected:
  Events Refused() {
    v1::Command command =
        fixture_.NewCommand(kExaminer, Application().version());
    v1::RefuseApplication* body = command.mutable_refuse_application();
    body->set_application_no(application_no_);
    body->add_grounds("R01");
    body->set_reason("公示中发现危害公共利益");
    return fixture_.Do(command, {kExaminer, kApprover});
  }

  void ExpectEnded() {
    EXPECT_EQ(Application().state(), v1::REFUSED);
    EXPECT_EQ(Application().refusal_grounds(0), "R01");
    EXPECT_EQ(Application().open_objections_size(), 0);
    EXPECT_FALSE(Application().has_issue_deadline());
    EXPECT_FALSE(Application().has_proceedings());
    EXPECT_TRUE(fixture_.state().due.empty());
    EXPECT_TRUE(fixture_.state().open_applications.empty());
  }
};

TEST_F(LateRefusals, EndTheNotice) {
  EXPECT_EQ(Refused().size(), 1u);
  ExpectEnded();
  EXPECT_THAT(fixture_.Decide(FileCommand(fixture_.licensee), {"licensee"}),
              Refuses(RULE_REFUSES, "T9", "application_no"));
  fixture_.AdvanceTo(fixture_.now_ms() + int64_t{60} * 86'400'000);
  EXPECT_THAT(fixture_.Decide(fixture_.RegisterCommand(application_no_),
                              {kExaminer, kApprover}),
              Refuses(RULE_REFUSES, "T14", "application_no"));
}

TEST_F(LateRefusals, EndWhatIsOpenAgainstIt) {
  const std::string forwarded = Forwarded(fixture_.licensee, "licensee");
  const std::string filed = File(fixture_.person, "person");
  ASSERT_EQ(Application().state(), v1::OBJECTION_PENDING);
  Refused();
  ExpectEnded();
  EXPECT_EQ(Get(forwarded).state(), v1::OBJECTION_MOOT);
  EXPECT_EQ(Get(filed).state(), v1::OBJECTION_MOOT);
  EXPECT_THAT(fixture_.Decide(Answer(forwarded), {"enterprise"}),
              Refuses(RULE_REFUSES, "T11", "objection_no"));
}

// The objector proved a suit after the dismissal, and won it.
TEST_F(LateRefusals, FollowAJudgmentWithoutANoticeThatRunsOn) {
  const std::string number = Answered(fixture_.licensee, "licensee");
  fixture_.Do(Dismiss(number), {kExaminer, kApprover});
  fixture_.Do(Suspend(), {kExaminer, kApprover});
  ASSERT_EQ(Application().state(), v1::SUSPENDED);
  Refused();
  ExpectEnded();
  EXPECT_EQ(Get(number).state(), v1::OBJECTION_DISMISSED);
  EXPECT_THAT(fixture_.Decide(Resume(), {kExaminer, kApprover}),
              Refuses(RULE_REFUSES, "T13B", "application_no"));
}

// Every command on an objection, in every state of it: allowed in those named,
// refused by its rule in all others.
TEST_F(ObjectionDecisions, ActInTheirStatesOnly) {
  const std::string number = File(fixture_.licensee, "licensee");
  fixture_.Do(Accept(number), {kExaminer});
  struct Row {
    v1::Command (*make)(ObjectionDecisions&, const std::string&);
    ::dataip::testing::RegistryFixture::Signers by;
    const char* rule;
    std::set<v1::ObjectionState> in;
  };
  const std::vector<Row> rows = {
      {[](ObjectionDecisions& t, const std::string& n) { return t.Accept(n); },
       {kExaminer},
       "T9",
       {v1::OBJECTION_FILED}},
      {[](ObjectionDecisions& t, const std::string& n) { return t.Reject(n); },
       {kExaminer, kApprover},
       "T9",
       {v1::OBJECTION_FILED}},
      {[](ObjectionDecisions& t, const std::string& n) { return t.Forward(n); },
       {kExaminer},
       "T10",
       {v1::OBJECTION_ACCEPTED}},
      {[](ObjectionDecisions& t, const std::string& n) { return t.Uphold(n); },
       {kExaminer, kApprover},
       "T12",
       {v1::OBJECTION_ANSWERED}},
      {[](ObjectionDecisions& t, const std::string& n) { return t.Dismiss(n); },
       {kExaminer, kApprover},
       "T13",
       {v1::OBJECTION_ANSWERED}},
      {[](ObjectionDecisions& t, const std::string& n) {
         return t.Withdraw(n, t.fixture_.licensee);
       },
       {"licensee"},
       "T13",
       {v1::OBJECTION_FILED, v1::OBJECTION_ACCEPTED, v1::OBJECTION_FORWARDED,
        v1::OBJECTION_ANSWERED}},
  };
  v1::Objection& objection = fixture_.state().objections[number];
  for (int value = v1::OBJECTION_FILED; value <= v1::OBJECTION_MOOT; ++value) {
    const auto state = static_cast<v1::ObjectionState>(value);
    objection.set_state(state);
    for (const Row& row : rows) {
      const Decision decision =
          fixture_.Decide(row.make(*this, number), row.by);
      if (row.in.count(state) != 0) {
        EXPECT_THAT(decision, Allows()) << StateNameZh(state) << row.rule;
      } else {
        EXPECT_THAT(decision, Refuses(RULE_REFUSES, row.rule, "objection_no"))
            << StateNameZh(state);
      }
    }
    if (state == v1::OBJECTION_FORWARDED) continue;
    EXPECT_THAT(fixture_.Decide(Answer(number), {"enterprise"}),
                Refuses(RULE_REFUSES, "T11", "objection_no"));
    EXPECT_THAT(fixture_.Decide(CloseUnanswered(number), {"clock"}),
                Refuses(RULE_REFUSES, "T12", "objection_no"));
  }
}

}  // namespace
}  // namespace dataip::registry
