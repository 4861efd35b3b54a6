// Who sees what: officers, parties, agents, objectors, strangers.
#include "services/registry/caller.h"

#include <string>
#include <vector>

#include "core/registry/values/civil_date.h"
#include "gtest/gtest.h"
#include "tests/unit/core/registry/objection/objection_fixture.h"
#include "tests/unit/core/registry/request/request_fixture.h"

namespace dataip::registryd {
namespace {

using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::dataip::testing::ObjectionTest;
using ::dataip::testing::RegistryFixture;
using ::dataip::testing::RequestFixture;

constexpr char kStranger[] = "P0000009";

Caller As(const std::string& actor) { return Caller{actor}; }

// Those who see everything, and those who see nothing of anybody's.
const std::vector<Caller>& Officials() {
  static const auto* const kAll =
      new std::vector<Caller>{As("root"), As(kExaminer), As(kApprover)};
  return *kAll;
}
const std::vector<Caller>& Strangers() {
  static const auto* const kAll =
      new std::vector<Caller>{Caller{},    As(kStranger), As("officers/nobody"),
                              As("clock"), As("issuing"), As("")};
  return *kAll;
}

struct Power {
  std::string principal;
  std::string key;
  std::string agent;
  v1::AttorneyAct act = v1::ACT_FILE;
  std::vector<std::string> objects = {};
};

std::string Empower(RegistryFixture& fixture, const Power& power) {
  v1::Command command = fixture.NewCommand(power.principal, 0);
  v1::GrantAttorney* body = command.mutable_grant_attorney();
  body->set_agent(power.agent);
  body->add_acts(power.act);
  body->set_valid_from("2024-06-20");
  body->set_valid_to("2024-12-31");
  for (const std::string& object : power.objects) body->add_objects(object);
  const auto events = fixture.Do(command, {power.key});
  return events.empty() ? ""
                        : events[0].attorney_granted().attorney().attorney_no();
}

void EndPower(RegistryFixture& fixture, const std::string& number,
              const std::string& principal, const std::string& key) {
  v1::Command command = fixture.NewCommand(
      principal, fixture.state().attorneys.at(number).version());
  command.mutable_revoke_attorney()->set_attorney_no(number);
  fixture.Do(command, {key});
}

// `enterprise` has an application in its notice.
class Callers : public ObjectionTest {
 protected:
  bool Sees(const Caller& caller) {
    return SeesApplication(caller, fixture_.state(), Application());
  }
  ObjectionPart Part(const Caller& caller, const std::string& number) {
    return SeesObjection(caller, fixture_.state(), Get(number));
  }
  const v1::PowerOfAttorney& PowerOf(const std::string& number) {
    return fixture_.state().attorneys.at(number);
  }
};

TEST_F(Callers, SeeApplicationsOfTheirOwn) {
  for (const Caller& caller : Officials()) EXPECT_TRUE(Sees(caller));
  for (const Caller& caller : Strangers()) EXPECT_FALSE(Sees(caller));
  EXPECT_TRUE(Sees(As(fixture_.enterprise)));
  EXPECT_FALSE(Sees(As(fixture_.licensee)));
}

TEST_F(Callers, SeeApplicationsWithinAPowerThatHoldsToday) {
  const Power power{fixture_.enterprise, "enterprise", fixture_.licensee,
                    v1::ACT_ANSWER};
  const std::string number = Empower(fixture_, power);
  EXPECT_TRUE(Sees(As(fixture_.licensee)));
  EXPECT_FALSE(Sees(As(fixture_.person)));
  GoTo("2024-12-31");
  EXPECT_TRUE(Sees(As(fixture_.licensee)));
  GoTo("2025-01-01");
  EXPECT_FALSE(Sees(As(fixture_.licensee)));
}

TEST_F(Callers, SeeNothingByARevokedPower) {
  const Power power{fixture_.enterprise, "enterprise", fixture_.licensee,
                    v1::ACT_CORRECT};
  const std::string number = Empower(fixture_, power);
  ASSERT_TRUE(Sees(As(fixture_.licensee)));
  EndPower(fixture_, number, fixture_.enterprise, "enterprise");
  EXPECT_FALSE(Sees(As(fixture_.licensee)));
}

TEST_F(Callers, SeeNoApplicationByAPowerForSomethingElse) {
  for (const v1::AttorneyAct act :
       {v1::ACT_OBJECT, v1::ACT_CERTIFICATE, v1::ACT_LICENCE}) {
    Empower(fixture_,
            {fixture_.enterprise, "enterprise", fixture_.licensee, act});
    EXPECT_FALSE(Sees(As(fixture_.licensee))) << act;
  }
}

TEST_F(Callers, SeeOnlyTheObjectsOfTheirPower) {
  const std::string other = fixture_.Submit("R-2");
  Empower(fixture_, {fixture_.enterprise,
                     "enterprise",
                     fixture_.licensee,
                     v1::ACT_CORRECT,
                     {other}});
  EXPECT_FALSE(Sees(As(fixture_.licensee)));
  EXPECT_TRUE(
      SeesApplication(As(fixture_.licensee), fixture_.state(),
                      *registry::FindApplication(fixture_.state(), other)));
}

TEST_F(Callers, SeeWhatTheyFiledAsAgentsUntilTheyAreDismissed) {
  const std::string power =
      Empower(fixture_, {fixture_.enterprise, "enterprise", fixture_.licensee});
  v1::Command filing = fixture_.SubmitCommand(fixture_.GoodForm("R-2"));
  filing.set_actor(fixture_.licensee);
  const auto events = fixture_.Do(filing, {"licensee"});
  ASSERT_FALSE(events.empty());
  const std::string number =
      events[0].application_submitted().application().application_no();
  const auto sees = [&] {
    return SeesApplication(
        As(fixture_.licensee), fixture_.state(),
        *registry::FindApplication(fixture_.state(), number));
  };
  GoTo("2025-01-01");  // the power is over, not revoked
  EXPECT_TRUE(sees());
  EXPECT_FALSE(Sees(As(fixture_.licensee))) << "filed by the applicant";
  EndPower(fixture_, power, fixture_.enterprise, "enterprise");
  EXPECT_FALSE(sees());
}

TEST_F(Callers, OutsideSeeNothingOfTheRegistrysWorkOnAnApplication) {
  v1::Application application = Application();
  application.set_claimed_by(kExaminer);
  application.set_agent(fixture_.licensee);
  application.set_draft_no("D20240000001");
  application.mutable_duplicates()->set_score(900);
  application.mutable_data_department()->set_department("数据局");
  application.mutable_proceedings()->set_authority("法院");
  application.add_defects()->set_field("name");
  application.set_refusal_reason("理由");
  const v1::Application shown = PublicPart(fixture_.state(), application);
  EXPECT_EQ(shown.claimed_by(), "");
  EXPECT_EQ(shown.agent(), "");
  EXPECT_EQ(shown.draft_no(), "");
  EXPECT_EQ(shown.refusal_reason(), "");
  EXPECT_FALSE(shown.has_duplicates());
  EXPECT_FALSE(shown.has_data_department());
  EXPECT_FALSE(shown.has_proceedings());
  EXPECT_TRUE(shown.defects().empty());
  EXPECT_EQ(shown.state(), v1::PUBLICITY);
  EXPECT_EQ(shown.form().name(), application.form().name());
  EXPECT_TRUE(shown.form().fields().empty());
}

TEST_F(Callers, SeeObjectionsThatWereForwarded) {
  const std::string number = Accepted(fixture_.licensee, "licensee");
  const Caller applicant = As(fixture_.enterprise);
  const Caller objector = As(fixture_.licensee);
  EXPECT_EQ(Part(applicant, number), ObjectionPart::kThatThereIsOne);
  EXPECT_EQ(Part(objector, number), ObjectionPart::kWhole);
  fixture_.Do(Forward(number), {kExaminer});
  EXPECT_EQ(Part(applicant, number), ObjectionPart::kWhole);
  fixture_.Do(Answer(number), {"enterprise"});
  fixture_.Do(Dismiss(number), {kExaminer, kApprover});
  EXPECT_EQ(Part(applicant, number), ObjectionPart::kWhole);
  EXPECT_EQ(Part(As(fixture_.person), number), ObjectionPart::kNone);
  for (const Caller& caller : Strangers()) {
    EXPECT_EQ(Part(caller, number), ObjectionPart::kNone);
  }
  for (const Caller& caller : Officials()) {
    EXPECT_EQ(Part(caller, number), ObjectionPart::kWhole);
  }
}

TEST_F(Callers, NeverLearnWhoMadeAnObjectionThatWasNotForwarded) {
  const std::string rejected = File(fixture_.licensee, "licensee");
  fixture_.Do(Reject(rejected), {kExaminer, kApprover});
  const std::string withdrawn = Accepted(fixture_.person, "person");
  fixture_.Do(Withdraw(withdrawn, fixture_.person), {"person"});
  for (const std::string& number : {rejected, withdrawn}) {
    const ObjectionPart part = Part(As(fixture_.enterprise), number);
    ASSERT_EQ(part, ObjectionPart::kThatThereIsOne);
    const v1::Objection shown = PartOf(Get(number), part);
    EXPECT_EQ(shown.objection_no(), number);
    EXPECT_EQ(shown.state(), Get(number).state());
    EXPECT_EQ(shown.application_no(), application_no_);
    EXPECT_NE(shown.filed_at_ms(), 0);
    EXPECT_EQ(shown.objector(), "");
    EXPECT_FALSE(shown.has_claim());
    EXPECT_EQ(shown.decision_reason(), "");
  }
  EXPECT_EQ(PartOf(Get(rejected), ObjectionPart::kNone).ByteSizeLong(), 0u);
}

TEST_F(Callers, SeeObjectionsOfTheirPrincipals) {
  Empower(fixture_,
          {fixture_.enterprise, "enterprise", fixture_.person, v1::ACT_ANSWER});
  const std::string number = Forwarded(fixture_.licensee, "licensee");
  EXPECT_EQ(Part(As(fixture_.person), number), ObjectionPart::kWhole);
}

TEST_F(Callers, SeeObjectionsThatTheyMayMakeForTheObjector) {
  const std::string number = File(fixture_.licensee, "licensee");
  EXPECT_EQ(Part(As(fixture_.person), number), ObjectionPart::kNone);
  Empower(fixture_,
          {fixture_.licensee, "licensee", fixture_.person, v1::ACT_OBJECT});
  EXPECT_EQ(Part(As(fixture_.person), number), ObjectionPart::kWhole);
}

// The feed asks by the number of the object what reads ask.
TEST_F(Callers, HearOfTheMattersOfTheirPowerOnly) {
  const std::string application = Application().application_no();
  const std::string letters[] = {application,    "D20240000001", "O20240000001",
                                 "Q20240000001", "V20240000001", "F20240000001",
                                 "G20240000001", "L20240000001", "A20240000001",
                                 "B20240000001"};
  const auto heard = [&] {
    std::string objects;
    for (const std::string& object : letters) {
      const bool hears = StandsFor(
          As(fixture_.licensee), fixture_.state(), fixture_.enterprise,
          MatterOf(fixture_.state(), object, fixture_.enterprise));
      if (hears) objects += object[0];
    }
    return objects;
  };
  const Power power{fixture_.enterprise, "enterprise", fixture_.licensee,
                    v1::ACT_LICENCE};
  const std::string number = Empower(fixture_, power);
  EXPECT_EQ(heard(), "L");
  Empower(fixture_,
          {fixture_.enterprise, "enterprise", fixture_.licensee, v1::ACT_FILE});
  EXPECT_EQ(heard(), "2DLB");
  EndPower(fixture_, number, fixture_.enterprise, "enterprise");
  EXPECT_EQ(heard(), "2DB");
}

TEST_F(Callers, SeePowersThatTheyGaveOrHold) {
  const v1::PowerOfAttorney& power = PowerOf(Empower(
      fixture_, {fixture_.enterprise, "enterprise", fixture_.licensee}));
  const auto sees = [&](const Caller& caller) {
    return SeesAttorney(caller, fixture_.state(), power);
  };
  EXPECT_TRUE(sees(As(fixture_.enterprise)));
  EXPECT_TRUE(sees(As(fixture_.licensee)));
  EXPECT_FALSE(sees(As(fixture_.person)));
  for (const Caller& caller : Strangers()) EXPECT_FALSE(sees(caller));
  for (const Caller& caller : Officials()) EXPECT_TRUE(sees(caller));
}

TEST_F(Callers, SeeDraftsThatTheySign) {
  v1::ApplicationForm form = fixture_.GoodForm("R-2");
  form.add_applicants()->set_party_number(fixture_.person);
  v1::Command command = fixture_.NewCommand(fixture_.enterprise, 0);
  *command.mutable_prepare_application()->mutable_form() = form;
  const auto events = fixture_.Do(command, {"enterprise"});
  ASSERT_FALSE(events.empty());
  const v1::Draft& draft = events[0].application_prepared().draft();
  const auto sees = [&](const Caller& caller) {
    return SeesDraft(caller, fixture_.state(), draft);
  };
  EXPECT_TRUE(sees(As(fixture_.enterprise)));
  EXPECT_TRUE(sees(As(fixture_.person)));
  EXPECT_FALSE(sees(As(fixture_.licensee)));
  for (const Caller& caller : Strangers()) EXPECT_FALSE(sees(caller));
  for (const Caller& caller : Officials()) EXPECT_TRUE(sees(caller));
  Empower(fixture_,
          {fixture_.person, "person", fixture_.licensee, v1::ACT_WITHDRAW});
  EXPECT_FALSE(sees(As(fixture_.licensee))) << "not to file";
  Empower(fixture_, {fixture_.person, "person", fixture_.licensee});
  EXPECT_TRUE(sees(As(fixture_.licensee)));
}

// `enterprise` holds a certificate.
class HoldersCallers : public RequestFixture {
 protected:
  bool SeesRequestOf(const std::string& actor, const std::string& number) {
    return SeesRequest(As(actor), fixture_.state(), Request(number));
  }
  bool SeesOn(const std::string& actor) {
    return SeesEncumbrances(As(actor), fixture_.state(), Get(number_));
  }
};

TEST_F(HoldersCallers, SeeRequestsWithAPartOfTheirs) {
  const std::string number = Filed(Pledge());
  EXPECT_TRUE(SeesRequestOf(fixture_.enterprise, number));
  EXPECT_TRUE(SeesRequestOf(fixture_.licensee, number)) << "must consent";
  EXPECT_FALSE(SeesRequestOf(fixture_.person, number));
  for (const Caller& caller : Strangers()) {
    EXPECT_FALSE(SeesRequest(caller, fixture_.state(), Request(number)));
  }
  for (const Caller& caller : Officials()) {
    EXPECT_TRUE(SeesRequest(caller, fixture_.state(), Request(number)));
  }
  Empower(fixture_, {fixture_.licensee, "licensee", fixture_.person,
                     v1::ACT_CERTIFICATE});
  EXPECT_TRUE(SeesRequestOf(fixture_.person, number)) << "as agent";
}

TEST_F(HoldersCallers, SeeWhatOthersAskForTheirCertificate) {
  const std::string number = Filed(Transfer(v1::INHERITANCE), "licensee");
  EXPECT_EQ(Request(number).requester(), fixture_.licensee);
  EXPECT_TRUE(SeesRequestOf(fixture_.enterprise, number));
  EXPECT_FALSE(SeesRequestOf(fixture_.person, number));
  Empower(fixture_, {fixture_.enterprise,
                     "enterprise",
                     fixture_.person,
                     v1::ACT_CERTIFICATE,
                     {number_}});
  EXPECT_TRUE(SeesRequestOf(fixture_.person, number)) << "the holder's agent";
}

TEST_F(HoldersCallers, SeeEncumbrancesAsHoldersAndPledgees) {
  EXPECT_TRUE(SeesOn(fixture_.enterprise));
  EXPECT_FALSE(SeesOn(fixture_.licensee));
  const std::string number = Filed(Pledge());
  EXPECT_FALSE(SeesOn(fixture_.licensee)) << "no pledge is in force yet";
  Consented(number);
  ASSERT_FALSE(Granted(number).empty());
  EXPECT_TRUE(SeesOn(fixture_.licensee));
  EXPECT_FALSE(SeesOn(fixture_.person));
  EXPECT_FALSE(SeesOn(kStranger));
  EXPECT_TRUE(SeesOn(kExaminer));
  Empower(fixture_, {fixture_.licensee, "licensee", fixture_.person,
                     v1::ACT_CERTIFICATE});
  EXPECT_TRUE(SeesOn(fixture_.person)) << "the pledgee's agent";
}

TEST_F(HoldersCallers, KnowSheetsOfOneRegistration) {
  const std::string request = Filed(Change());
  ASSERT_FALSE(Granted(request).empty());
  const std::string newer = Request(request).new_certificate_number();
  const std::string other = fixture_.Register("R-2");
  const auto& state = fixture_.state();
  EXPECT_TRUE(IsSameRegistration(state, number_, newer));
  EXPECT_TRUE(IsSameRegistration(state, newer,
                                 Get(number_).content().registration_number()));
  EXPECT_FALSE(IsSameRegistration(state, number_, other));
  EXPECT_FALSE(IsSameRegistration(state, number_, "没有"));
  EXPECT_TRUE(IsSameRegistration(state, "没有", "没有"));
}

TEST_F(HoldersCallers, SeeLicencesOfTheirPrincipals) {
  const std::string licence_no = fixture_.FileLicence(number_);
  const v1::Licence& licence =
      registry::FindLicence(fixture_.state(), licence_no)->licence;
  const auto sees = [&](const std::string& actor) {
    return SeesLicence(As(actor), fixture_.state(), licence);
  };
  EXPECT_TRUE(sees(fixture_.enterprise));
  EXPECT_TRUE(sees(fixture_.licensee));
  EXPECT_FALSE(sees(fixture_.person));
  Empower(fixture_, {fixture_.licensee, "licensee", fixture_.person,
                     v1::ACT_CERTIFICATE});
  EXPECT_FALSE(sees(fixture_.person));
  Empower(fixture_, {fixture_.licensee,
                     "licensee",
                     fixture_.person,
                     v1::ACT_LICENCE,
                     {number_}});
  EXPECT_TRUE(sees(fixture_.person));
}

TEST(TodayOf, IsTheDemonstrationsDay) {
  const RegistryFixture fixture = RegistryFixture::Ready();
  const registry::CivilDate day{2024, 6, 20};
  EXPECT_EQ(TodayOf(fixture.state(), 0), day);
  EXPECT_EQ(TodayOf(fixture.state(), 4'000'000'000'000), day);
  // Of a registry under the real clock, the later of it and the last decision.
  registry::State real;
  real.last_decided_at_ms = registry::StartOfDayMs(day);
  EXPECT_EQ(TodayOf(real, 0), day);
  EXPECT_EQ(TodayOf(real, registry::StartOfDayMs({2024, 6, 21})),
            (registry::CivilDate{2024, 6, 21}));
}

}  // namespace
}  // namespace dataip::registryd
