// Powers of attorney: granted, ended, and what an agent may do with one.
#include "core/registry/party/attorneys.h"

#include <string>
#include <vector>

#include "core/base/limits.h"
#include "core/registry/decide.h"
#include "core/registry/values/civil_date.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"
#include "tests/unit/core/registry/matchers.h"

namespace dataip::registry {
namespace {

using namespace ::dataip::rpc::v1;  // NOLINT: the reasons
using ::dataip::testing::Allows;
using ::dataip::testing::kExaminer;
using ::dataip::testing::Refuses;
using ::dataip::testing::RegistryFixture;

// The licensee is the agent of the enterprise.
class Attorneys : public ::testing::Test {
 protected:
  v1::Command Grant(std::vector<v1::AttorneyAct> acts) {
    v1::Command command = fixture_.NewCommand(fixture_.enterprise, 0);
    v1::GrantAttorney* body = command.mutable_grant_attorney();
    body->set_agent(fixture_.licensee);
    for (v1::AttorneyAct act : acts) body->add_acts(act);
    body->set_valid_from("2024-06-20");
    body->set_valid_to("2024-12-31");
    return command;
  }

  std::string Granted(std::vector<v1::AttorneyAct> acts) {
    const Events events = fixture_.Do(Grant(std::move(acts)), {"enterprise"});
    return events.empty()
               ? ""
               : events[0].attorney_granted().attorney().attorney_no();
  }

  v1::Command Revoke(const std::string& actor, const std::string& number) {
    const auto found = fixture_.state().attorneys.find(number);
    v1::Command command =
        fixture_.NewCommand(actor, found == fixture_.state().attorneys.end()
                                       ? 1
                                       : found->second.version());
    command.mutable_revoke_attorney()->set_attorney_no(number);
    return command;
  }

  v1::Command SubmitByAgent(v1::ApplicationForm form) {
    v1::Command command = fixture_.SubmitCommand(std::move(form));
    command.set_actor(fixture_.licensee);
    return command;
  }

  v1::Command Withdraw(const std::string& number) {
    v1::Command command = fixture_.NewCommand(
        fixture_.licensee,
        FindApplication(fixture_.state(), number)->version());
    command.mutable_withdraw_application()->set_application_no(number);
    return command;
  }

  Decision Decide(const v1::Command& command) {
    return fixture_.Decide(command, {"enterprise"});
  }

  RegistryFixture fixture_ = RegistryFixture::Ready();
};

TEST_F(Attorneys, AreGrantedToAnotherRegisteredParty) {
  v1::Command command = Grant({v1::ACT_FILE});
  command.mutable_grant_attorney()->set_agent("P0000099");
  EXPECT_THAT(Decide(command), Refuses(INVALID_FIELD, "B22", "agent"));
  command.mutable_grant_attorney()->set_agent(fixture_.enterprise);
  EXPECT_THAT(Decide(command), Refuses(INVALID_FIELD, "B22", "agent"));
}

TEST_F(Attorneys, NameActsAscendingAndNoneTwice) {
  EXPECT_THAT(Decide(Grant({})), Refuses(INVALID_FIELD, "B22", "acts"));
  EXPECT_THAT(Decide(Grant({v1::ATTORNEY_ACT_UNSPECIFIED})),
              Refuses(INVALID_FIELD, "B22", "acts"));
  EXPECT_THAT(Decide(Grant({v1::ACT_FILE, v1::ACT_FILE})),
              Refuses(INVALID_FIELD, "B22", "acts"));
  EXPECT_THAT(Decide(Grant({v1::ACT_CORRECT, v1::ACT_FILE})),
              Refuses(INVALID_FIELD, "B22", "acts"));
}

TEST_F(Attorneys, HaveDaysThatAreNotOver) {
  v1::Command command = Grant({v1::ACT_FILE});
  v1::GrantAttorney* body = command.mutable_grant_attorney();
  body->set_valid_from("2024-02-30");
  EXPECT_THAT(Decide(command), Refuses(INVALID_FIELD, "B22", "valid_from"));
  body->set_valid_from("2024-06-01");
  body->set_valid_to("2024-06-19");
  EXPECT_THAT(Decide(command), Refuses(INVALID_FIELD, "B22", "valid_to"));
  body->set_valid_to("");
  EXPECT_THAT(Decide(command), Refuses(INVALID_FIELD, "B22", "valid_to"));
  body->set_valid_to("2024-06-20");
  EXPECT_THAT(Decide(command), Allows());
  body->set_valid_from("2024-06-21");
  EXPECT_THAT(Decide(command), Refuses(INVALID_FIELD, "B22", "valid_to"));
}

TEST_F(Attorneys, NameObjectsThatExist) {
  const std::string number = fixture_.Submit("R-1");
  v1::Command command = Grant({v1::ACT_FILE});
  v1::GrantAttorney* body = command.mutable_grant_attorney();
  body->add_objects(number);
  EXPECT_THAT(Decide(command), Allows());
  body->add_objects(number);
  EXPECT_THAT(Decide(command), Refuses(INVALID_FIELD, "B22", "objects[1]"));
  body->set_objects(1, "20249999999");
  EXPECT_THAT(Decide(command), Refuses(INVALID_FIELD, "B22", "objects[1]"));
  body->clear_objects();
  for (int i = 0; i <= limits::kObjectsPerPower; ++i) body->add_objects(number);
  EXPECT_THAT(Decide(command), Refuses(INVALID_FIELD, "B22", "objects"));
}

TEST_F(Attorneys, HaveADocumentThatIsAFile) {
  v1::Command command = Grant({v1::ACT_FILE});
  command.mutable_grant_attorney()->mutable_document()->set_kind("power");
  EXPECT_THAT(Decide(command), Refuses(INVALID_FIELD, "FILE", "document"));
}

TEST_F(Attorneys, AreGrantedByThePrincipalAlone) {
  EXPECT_THAT(fixture_.Decide(Grant({v1::ACT_FILE}), {"licensee"}),
              Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
  v1::Command by_officer = Grant({v1::ACT_FILE});
  by_officer.set_actor(kExaminer);
  EXPECT_THAT(fixture_.Decide(by_officer, {kExaminer}),
              Refuses(NOT_ALLOWED, "ACTOR", "actor"));
}

TEST_F(Attorneys, GetNumbersOfTheYear) {
  EXPECT_EQ(Granted({v1::ACT_FILE}), "A20240000001");
  EXPECT_EQ(Granted({v1::ACT_WITHDRAW}), "A20240000002");
  const v1::PowerOfAttorney& power =
      fixture_.state().attorneys.at("A20240000001");
  EXPECT_EQ(power.principal(), fixture_.enterprise);
  EXPECT_EQ(power.agent(), fixture_.licensee);
  EXPECT_EQ(power.version(), 1u);
}

TEST_F(Attorneys, EndAtTheWordOfEitherSide) {
  EXPECT_THAT(Decide(Revoke(fixture_.enterprise, "A20240000001")),
              Refuses(NOT_FOUND, "EXISTS", "attorney_no"));
  const std::string number = Granted({v1::ACT_FILE});
  EXPECT_THAT(fixture_.Decide(Revoke(fixture_.person, number), {"person"}),
              Refuses(NOT_ALLOWED, "B22", "actor"));
  v1::Command stale = Revoke(fixture_.enterprise, number);
  stale.set_version(0);
  EXPECT_THAT(Decide(stale), Refuses(VERSION_CONFLICT, "VERSION", "version"));
  EXPECT_THAT(fixture_.Decide(Revoke(fixture_.licensee, number), {"licensee"}),
              Allows());
  fixture_.Do(Revoke(fixture_.enterprise, number), {"enterprise"});
  EXPECT_EQ(fixture_.state().attorneys.at(number).revoked_on(), "2024-06-20");
  EXPECT_EQ(fixture_.state().attorneys.at(number).version(), 2u);
  EXPECT_THAT(Decide(Revoke(fixture_.enterprise, number)),
              Refuses(RULE_REFUSES, "B22", "attorney_no"));
}

TEST_F(Attorneys, LetAnAgentFileAlone) {
  const v1::Command command = SubmitByAgent(fixture_.GoodForm("R-1"));
  EXPECT_THAT(fixture_.Decide(command, {"licensee"}),
              Refuses(NOT_ALLOWED, "B22", "actor"));
  Granted({v1::ACT_CORRECT});
  EXPECT_THAT(fixture_.Decide(command, {"licensee"}),
              Refuses(NOT_ALLOWED, "B22", "actor"));
  Granted({v1::ACT_FILE});
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(BAD_SIGNATURE, "B03", "applicants"));
  const Events events = fixture_.Do(command, {"licensee"});
  ASSERT_EQ(events.size(), 1u);
  const v1::Application& application =
      events[0].application_submitted().application();
  EXPECT_EQ(application.agent(), fixture_.licensee);
  // The reference is the applicant's, not the agent's.
  EXPECT_THAT(Decide(fixture_.SubmitCommand(fixture_.GoodForm("R-1"))),
              Refuses(ALREADY_EXISTS, "REFERENCE", "client_reference"));
}

TEST_F(Attorneys, CoverEveryApplicantOrNone) {
  Granted({v1::ACT_FILE});
  v1::ApplicationForm form = fixture_.GoodForm("R-1");
  form.add_applicants()->set_party_number(fixture_.person);
  EXPECT_THAT(fixture_.Decide(SubmitByAgent(form), {"licensee"}),
              Refuses(NOT_ALLOWED, "B22", "actor"));
  v1::Command command = Grant({v1::ACT_FILE});
  command.set_actor(fixture_.person);
  fixture_.Do(command, {"person"});
  EXPECT_THAT(fixture_.Decide(SubmitByAgent(form), {"licensee"}), Allows());
}

TEST_F(Attorneys, HoldFromTheFirstDayToTheLast) {
  v1::Command command = Grant({v1::ACT_FILE});
  command.mutable_grant_attorney()->set_valid_from("2024-06-21");
  command.mutable_grant_attorney()->set_valid_to("2024-06-22");
  fixture_.Do(command, {"enterprise"});
  const auto file = [&] {
    return fixture_.Decide(SubmitByAgent(fixture_.GoodForm("R-1")),
                           {"licensee"});
  };
  EXPECT_THAT(file(), Refuses(NOT_ALLOWED, "B22", "actor"));
  fixture_.AdvanceTo(StartOfDayMs({2024, 6, 21}));
  EXPECT_THAT(file(), Allows());
  fixture_.AdvanceTo(EndOfDayMs({2024, 6, 22}));
  EXPECT_THAT(file(), Allows());
  fixture_.AdvanceTo(StartOfDayMs({2024, 6, 23}));
  EXPECT_THAT(file(), Refuses(NOT_ALLOWED, "B22", "actor"));
}

TEST_F(Attorneys, ThatEndedLetNobodyAct) {
  const std::string power = Granted({v1::ACT_WITHDRAW});
  const std::string number = fixture_.Submit("R-1");
  EXPECT_THAT(fixture_.Decide(Withdraw(number), {"licensee"}), Allows());
  fixture_.Do(Revoke(fixture_.enterprise, power), {"enterprise"});
  EXPECT_THAT(fixture_.Decide(Withdraw(number), {"licensee"}),
              Refuses(NOT_ALLOWED, "B22", "actor"));
}

TEST_F(Attorneys, OfOneObjectAreForNoOther) {
  const std::string number = fixture_.Submit("R-1");
  const std::string other = fixture_.Submit("R-2");
  v1::Command command = Grant({v1::ACT_WITHDRAW});
  command.mutable_grant_attorney()->add_objects(number);
  fixture_.Do(command, {"enterprise"});
  EXPECT_THAT(fixture_.Decide(Withdraw(other), {"licensee"}),
              Refuses(NOT_ALLOWED, "B22", "actor"));
  EXPECT_THAT(fixture_.Decide(Withdraw(number), {"licensee"}), Allows());
}

TEST_F(Attorneys, LetAnAgentCorrect) {
  const std::string number = fixture_.Submit("R-1");
  fixture_.Do(fixture_.CorrectionCommand(number, "region_code"), {kExaminer});
  const v1::Application& application =
      *FindApplication(fixture_.state(), number);
  v1::Command command =
      fixture_.NewCommand(fixture_.licensee, application.version());
  v1::CorrectApplication* body = command.mutable_correct_application();
  body->set_application_no(number);
  *body->mutable_form() = application.form();
  body->mutable_form()->set_region_code("330300");
  EXPECT_THAT(fixture_.Decide(command, {"licensee"}),
              Refuses(NOT_ALLOWED, "T4", "actor"));
  Granted({v1::ACT_FILE, v1::ACT_WITHDRAW});
  EXPECT_THAT(fixture_.Decide(command, {"licensee"}),
              Refuses(NOT_ALLOWED, "B22", "actor"));
  Granted({v1::ACT_CORRECT});
  EXPECT_THAT(fixture_.Decide(command, {"licensee"}), Allows());
}

}  // namespace
}  // namespace dataip::registry
