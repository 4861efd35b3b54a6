#include "services/registry/licensees.h"

#include <algorithm>
#include <vector>

#include "gmock/gmock.h"
#include "services/registry/changes.h"
#include "tests/unit/core/registry/request/request_fixture.h"

namespace dataip::registryd {
namespace {

using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

// A certificate that is licensed.
class Licensees : public ::dataip::testing::RequestFixture {
 protected:
  Licensees() : licence_(fixture_.FileLicence(number_)) {}

  static v1::Transition TransitionOf(const registry::Events& events) {
    v1::Transition transition;
    for (const v1::Event& event : events) *transition.add_events() = event;
    return transition;
  }

  // Parties of the line of this event, about this object where one is named.
  std::set<std::string> PartiesOf(const registry::State& before,
                                  const registry::Events& events,
                                  const std::string& event,
                                  const std::string& object = "") {
    const auto lines = ChangesOf(before, kExaminer, TransitionOf(events));
    const auto line =
        std::find_if(lines.begin(), lines.end(), [&](const ChangedLine& one) {
          return one.event == event &&
                 (object.empty() || one.object_no == object);
        });
    EXPECT_NE(line, lines.end()) << event << " " << object;
    return line == lines.end() ? std::set<std::string>() : line->parties;
  }

  std::string ToPerson() {
    v1::RequestBody body = Transfer(v1::ASSIGNMENT);
    body.mutable_transfer()->mutable_new_holders(0)->set_party_number(
        fixture_.person);
    const std::string request = Filed(body);
    fixture_.Do(Cosign(request, fixture_.person), {"person"});
    return request;
  }

  std::string licence_;
};

TEST_F(Licensees, AreToldOfATransfer) {
  const std::string request = ToPerson();
  const registry::State before = fixture_.state();
  const registry::Events events = Granted(request);
  EXPECT_THAT(PartiesOf(before, events, "RequestGranted", request),
              UnorderedElementsAre(fixture_.enterprise, fixture_.licensee,
                                   fixture_.person));
  EXPECT_THAT(PartiesOf(before, events, "StatusChanged", number_),
              Contains(fixture_.licensee))
      << "another sheet takes its place";
}

TEST_F(Licensees, AreToldOfACancellation) {
  const std::string request = Filed(Cancellation());
  const registry::State before = fixture_.state();
  const registry::Events events = Granted(request);
  EXPECT_THAT(PartiesOf(before, events, "RequestGranted"),
              UnorderedElementsAre(fixture_.enterprise, fixture_.licensee));
  EXPECT_THAT(PartiesOf(before, events, "StatusChanged"),
              Contains(fixture_.licensee));
}

// What else is asked and granted is the holder's.
TEST_F(Licensees, AreToldOfAnyNewSheetButNotWhatWasAsked) {
  const std::string request = Filed(Replacement());
  const registry::State before = fixture_.state();
  const registry::Events events = Granted(request);
  EXPECT_THAT(PartiesOf(before, events, "RequestGranted"),
              Not(Contains(fixture_.licensee)));
  EXPECT_THAT(PartiesOf(before, events, "StatusChanged", number_),
              Contains(fixture_.licensee));
}

TEST_F(Licensees, AreToldOfARevocationWhenItIsDecided) {
  registry::State before = fixture_.state();
  registry::Events events = fixture_.Do(OpenRevocation(number_), {kExaminer});
  ASSERT_FALSE(events.empty());
  EXPECT_THAT(PartiesOf(before, events, "RevocationOpened"),
              Not(Contains(fixture_.licensee)));
  EXPECT_THAT(PartiesOf(before, events, "StatusChanged"),
              Not(Contains(fixture_.licensee)))
      << "it is valid still";
  const std::string revocation =
      events[0].revocation_opened().revocation().revocation_no();
  fixture_.Do(Statement(revocation, fixture_.enterprise), {"enterprise"});
  before = fixture_.state();
  events = fixture_.Do(Revoke(revocation), {kExaminer, kApprover});
  for (const char* event : {"CertificateRevoked", "StatusChanged"}) {
    EXPECT_THAT(PartiesOf(before, events, event), Contains(fixture_.licensee))
        << event;
  }
  // One whose licence is over too: a revocation may reach back.
  before.licence_overlays.clear();
  EXPECT_THAT(PartiesOf(before, events, "CertificateRevoked"),
              Contains(fixture_.licensee));
}

TEST_F(Licensees, AreNotToldWhenTheirLicenceIsOver) {
  const std::string request = Filed(Cancellation());
  registry::State before = fixture_.state();
  const registry::Events events = Granted(request);
  before.licence_overlays.clear();
  EXPECT_THAT(PartiesOf(before, events, "RequestGranted"),
              Not(Contains(fixture_.licensee)));
  EXPECT_THAT(PartiesOf(before, events, "StatusChanged"),
              Not(Contains(fixture_.licensee)));
}

TEST_F(Licensees, AreToldOfTheirOwnLicence) {
  v1::Command command = fixture_.NewCommand(fixture_.licensee, 1);
  command.mutable_confirm_licence()->set_licence_no(licence_);
  const registry::State before = fixture_.state();
  const registry::Events events = fixture_.Do(command, {"licensee"});
  EXPECT_THAT(PartiesOf(before, events, "LicenceConfirmed", licence_),
              UnorderedElementsAre(fixture_.enterprise, fixture_.licensee));
  EXPECT_THAT(LicenseesToldOf(before, events.at(0)), IsEmpty());
}

}  // namespace
}  // namespace dataip::registryd
