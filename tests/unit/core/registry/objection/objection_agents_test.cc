// Objections by agents, and by agents of applicants (B22).
#include <memory>
#include <string>
#include <utility>

#include "core/registry/decide.h"
#include "core/registry/objection/objections.h"
#include "core/registry/queue/queue.h"
#include "core/registry/state/time_spent.h"
#include "core/registry/tables/profile.h"
#include "gtest/gtest.h"
#include "tests/unit/core/registry/matchers.h"
#include "tests/unit/core/registry/objection/objection_fixture.h"

namespace dataip::registry {
namespace {

using namespace ::dataip::rpc::v1;  // NOLINT: the reasons
using ::dataip::testing::Allows;
using ::dataip::testing::Refuses;

class ObjectionAgents : public ::dataip::testing::ObjectionTest {
 protected:
  // A power without any act.
  v1::PowerOfAttorney& PowerOf(const std::string& principal,
                               const std::string& agent) {
    const std::string number = "A20240000001";
    v1::PowerOfAttorney& power = fixture_.state().attorneys[number];
    power.set_principal(principal);
    power.set_agent(agent);
    power.set_valid_from("2024-01-01");
    power.set_valid_to("2024-12-31");
    fixture_.state().attorneys_between[{principal, agent}].push_back(number);
    return power;
  }
};

TEST_F(ObjectionAgents, AreAnsweredByAnAgentWhosePowerSaysSo) {
  const std::string number = Forwarded(fixture_.licensee, "licensee");
  v1::PowerOfAttorney& power = PowerOf(fixture_.enterprise, fixture_.person);
  power.add_acts(v1::ACT_FILE);
  v1::Command command = Answer(number);
  command.set_actor(fixture_.person);
  EXPECT_THAT(fixture_.Decide(command, {"person"}),
              Refuses(NOT_ALLOWED, "B22", "actor"));
  power.add_acts(v1::ACT_ANSWER);
  EXPECT_THAT(fixture_.Decide(command, {"person"}), Allows());
}

TEST_F(ObjectionAgents, AreFiledAndWithdrawnByAnAgentForItsPrincipal) {
  v1::Command command = FileCommand(fixture_.person);
  command.mutable_file_objection()->set_principal(fixture_.licensee);
  EXPECT_THAT(fixture_.Decide(command, {"person"}),
              Refuses(NOT_ALLOWED, "T9", "actor"));
  v1::PowerOfAttorney& power = PowerOf(fixture_.licensee, fixture_.person);
  EXPECT_THAT(fixture_.Decide(command, {"person"}),
              Refuses(NOT_ALLOWED, "B22", "actor"));
  power.add_acts(v1::ACT_OBJECT);
  const Events events = fixture_.Do(command, {"person"});
  ASSERT_EQ(events.size(), 1u);
  const v1::Objection& filed = events[0].objection_filed().objection();
  EXPECT_EQ(filed.objector(), fixture_.licensee);
  // It is the principal's, whoever filed it.
  EXPECT_THAT(fixture_.Decide(FileCommand(fixture_.licensee), {"licensee"}),
              Refuses(ALREADY_EXISTS, "T9", "claim.right"));
  EXPECT_THAT(fixture_.Decide(FileCommand(fixture_.person), {"person"}),
              Allows());
  v1::Command withdrawal = Withdraw(filed.objection_no(), fixture_.person);
  power.add_objects("20249999999");
  EXPECT_THAT(fixture_.Decide(withdrawal, {"person"}),
              Refuses(NOT_ALLOWED, "B22", "actor"));
  power.add_objects(application_no_);
  EXPECT_THAT(fixture_.Decide(withdrawal, {"person"}), Allows());
}

TEST_F(ObjectionAgents, OfAnApplicantAreNoneThroughAnyoneNorForAnyone) {
  PowerOf(fixture_.enterprise, fixture_.person).add_acts(v1::ACT_OBJECT);
  v1::Command command = FileCommand(fixture_.person);
  command.mutable_file_objection()->set_principal(fixture_.enterprise);
  EXPECT_THAT(fixture_.Decide(command, {"person"}),
              Refuses(NOT_ALLOWED, "T9", "actor"));
  PowerOf(fixture_.licensee, fixture_.enterprise).add_acts(v1::ACT_OBJECT);
  command = FileCommand(fixture_.enterprise);
  command.mutable_file_objection()->set_principal(fixture_.licensee);
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(NOT_ALLOWED, "T9", "actor"));
}

}  // namespace
}  // namespace dataip::registry
