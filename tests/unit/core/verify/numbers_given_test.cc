// Every event that gives a number is known to the auditor.
#include "core/verify/numbers_given.h"

#include <set>

#include "absl/strings/match.h"
#include "core/registry/values/canonical.h"
#include "gtest/gtest.h"

namespace dataip::verify {
namespace {

namespace v1 = registry::v1;
using registry::State;
using EventList = google::protobuf::RepeatedPtrField<v1::Event>;

// One event each that brings something into being, with this number.
EventList Births(const std::string& number) {
  EventList events;
  const auto add = [&events] { return events.Add(); };
  add()->mutable_party_registered()->mutable_party()->set_party_number(number);
  add()->mutable_attorney_granted()->mutable_attorney()->set_attorney_no(
      number);
  v1::Draft* draft = add()->mutable_application_prepared()->mutable_draft();
  draft->set_draft_no(number);
  draft->set_version(1);
  add()
      ->mutable_application_submitted()
      ->mutable_application()
      ->set_application_no(number);
  v1::CertificateContent content;
  content.set_number(number);
  content.set_registration_number(number);
  add()->mutable_certificate_issued()->set_content(
      registry::SerializeCanonical(content));
  add()->mutable_licence_filed()->mutable_licence()->set_licence_no(number);
  add()->mutable_objection_filed()->mutable_objection()->set_objection_no(
      number);
  add()->mutable_request_filed()->mutable_request()->set_request_no(number);
  add()->mutable_pledge_registered()->mutable_pledge()->set_pledge_no(number);
  add()->mutable_revocation_opened()->mutable_revocation()->set_revocation_no(
      number);
  add()->mutable_certificate_frozen()->mutable_freeze()->set_freeze_no(number);
  add()->mutable_batch_decided()->set_batch_no(number);
  return events;
}

// As if all of them had been given before.
State After(const std::string& number) {
  State state;
  state.parties[number];
  state.attorneys[number];
  state.drafts[number];
  state.applications[number];
  state.certificates[number];
  state.registration_numbers[number];
  state.licences[number];
  state.objections[number];
  state.requests[number];
  state.revocations[number];
  state.counters.pledges = 5;
  state.counters.freezes = 5;
  state.counters.batches = 5;
  return state;
}

constexpr char kNumber[] = "X20240000005";

TEST(NumbersGiven, AreTakenOnce) {
  for (const v1::Event& event : Births(kNumber)) {
    EventList one;
    *one.Add() = event;
    EXPECT_FALSE(NumbersGivenBy(event).empty()) << event.event_case();
    EXPECT_FALSE(GivesNumberTwice(State(), one)) << event.event_case();
    EXPECT_TRUE(GivesNumberTwice(After(kNumber), one)) << event.event_case();
    EXPECT_FALSE(
        GivesNumberTwice(After("X20240000004"), Births("X20240000006")))
        << event.event_case();
    *one.Add() = event;
    EXPECT_TRUE(GivesNumberTwice(State(), one)) << event.event_case();
  }
}

TEST(NumbersGiven, AreNotThoseOfOlderSystems) {
  State state;
  state.aliases[kNumber];
  EXPECT_TRUE(GivesNumberTwice(state, Births(kNumber)));
}

// A later sheet has the number of its registration.
TEST(NumbersGiven, LeaveARegistrationItsNumber) {
  v1::CertificateContent content;
  content.set_number("new");
  content.set_registration_number(kNumber);
  content.set_replaces("old");
  EventList events;
  events.Add()->mutable_certificate_issued()->set_content(
      registry::SerializeCanonical(content));
  EXPECT_FALSE(GivesNumberTwice(After(kNumber), events));
}

TEST(NumbersGiven, LeaveALaterDraftItsNumber) {
  EventList events;
  v1::Draft* draft =
      events.Add()->mutable_application_prepared()->mutable_draft();
  draft->set_draft_no(kNumber);
  draft->set_version(2);
  EXPECT_FALSE(GivesNumberTwice(After(kNumber), events));
}

// An event that carries a whole new object is one of those above, or has no
// number of its own.
TEST(NumbersGiven, AreThoseOfEveryObject) {
  std::set<std::string> given;
  for (const v1::Event& event : Births(kNumber)) {
    given.insert(
        event.GetDescriptor()->FindFieldByNumber(event.event_case())->name());
  }
  const std::set<std::string> without = {
      "officer_registered",      // named by root
      "application_registered",  // its sheet follows in the same entry
      "certificate_imported"};   // likewise
  for (int i = 0; i < v1::Event::descriptor()->field_count(); ++i) {
    const std::string& name = v1::Event::descriptor()->field(i)->name();
    const bool births =
        absl::EndsWith(name, "_registered") || absl::EndsWith(name, "_filed") ||
        absl::EndsWith(name, "_granted") || absl::EndsWith(name, "_imported") ||
        absl::EndsWith(name, "_issued");
    if (!births || name == "correction_filed" || name == "request_granted") {
      continue;
    }
    EXPECT_TRUE(given.count(name) + without.count(name) == 1) << name;
  }
}

}  // namespace
}  // namespace dataip::verify
