#include "core/registry/state/deadlines.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "core/registry/state/about.h"
#include "core/registry/state/duplicate_index.h"
#include "core/registry/state/profiles.h"
#include "core/registry/tables/calendar.h"
#include "core/registry/values/civil_date.h"

namespace dataip::registry {
namespace {

CivilDate Today(const State& state) {
  return ShanghaiDate(state.last_decided_at_ms);
}

// The whole time of the review counts from the filing, whoever looked at it.
void SetReviewTotal(const State& state, v1::Application& application) {
  SetReviewDeadline(state, kReviewTotal,
                    ShanghaiDate(application.submitted_at_ms()), application);
}

// While the applicant corrects, the review has no due day, only days: those
// that are left, one at least.
void StopReview(const State& state, v1::Application& application) {
  if (application.review_deadline().rule() == kAcceptCheck) {
    SetReviewTotal(state, application);
  }
  const auto due = ParseDate(application.review_deadline().due_date());
  if (!due || state.calendar == nullptr) return;
  v1::Deadline stopped;
  stopped.set_rule(kReviewTotal);
  stopped.set_start_date(FormatDate(Today(state)));
  stopped.set_working_days(std::max<uint32_t>(
      1, WorkingDaysBetween(Today(state), *due, *state.calendar)));
  *application.mutable_review_deadline() = std::move(stopped);
}

// One that was never touched is to be looked at first; one that comes back
// from a correction has the days that were left.
void KeepReview(const State& state, v1::Application& application) {
  if (application.state() == v1::CORRECTION_REQUIRED) {
    StopReview(state, application);
  } else if (application.state() != v1::UNDER_REVIEW) {
    application.clear_review_deadline();
  } else if (!application.has_review_deadline()) {
    SetReviewDeadline(state,
                      application.version() == 1 ? kAcceptCheck : kReviewTotal,
                      Today(state), application);
  } else if (application.review_deadline().due_date().empty() &&
             state.calendar != nullptr) {
    *application.mutable_review_deadline() = MakeDeadline(
        kReviewTotal, Today(state),
        application.review_deadline().working_days(), *state.calendar);
  }
}

void KeepIssue(const State& state, v1::Application& application) {
  if (application.state() != v1::PUBLICITY) {
    application.clear_issue_deadline();
    return;
  }
  const Profile* values = ValuesOf(state, application.profile());
  if (values == nullptr || state.calendar == nullptr) return;
  const std::string from =
      IssueStart(state, application, application.notice_deadline().due_date(),
                 *state.calendar);
  if (application.has_issue_deadline() &&
      application.issue_deadline().start_date() == from) {
    return;
  }
  const auto start = ParseDate(from);
  if (!start) return;
  *application.mutable_issue_deadline() =
      DeadlineBy(*values, kIssueAfterPublicity, *start, *state.calendar);
}

void Note(State& state, const std::string& number, bool provisional) {
  if (provisional) {
    state.provisional.insert(number);
  } else {
    state.provisional.erase(number);
  }
}

// Each applicant and the agent.
std::set<std::string> PartiesOf(const v1::Application& application) {
  std::set<std::string> parties;
  for (const v1::Applicant& applicant : application.form().applicants()) {
    parties.insert(applicant.party_number());
  }
  if (!application.agent().empty()) parties.insert(application.agent());
  return parties;
}

void NoteOpen(State& state, const v1::Application& application) {
  const std::string& number = application.application_no();
  if (IsOpen(application)) {
    if (!state.open_applications.insert(number).second) return;
    for (const std::string& party : PartiesOf(application)) {
      state.open_applications_of[party].insert(number);
    }
    return;
  }
  if (state.open_applications.erase(number) == 0) return;
  for (const std::string& party : PartiesOf(application)) {
    const auto of = state.open_applications_of.find(party);
    if (of == state.open_applications_of.end()) continue;
    of->second.erase(number);
    if (of->second.empty()) state.open_applications_of.erase(of);
  }
  if (application.state() != v1::REGISTERED) ForgetName(state, number);
}

void KeepApplication(State& state, absl::string_view number) {
  const auto found = state.applications.find(number);
  if (found == state.applications.end()) return;
  KeepReview(state, found->second);
  KeepIssue(state, found->second);
  bool provisional = false;
  for (const v1::Deadline* deadline : LiveDeadlines(found->second)) {
    provisional = provisional || deadline->provisional();
  }
  Note(state, found->first, provisional);
  NoteOpen(state, found->second);
}

void KeepObjection(State& state, absl::string_view number) {
  const v1::Objection* objection = FindObjection(state, number);
  if (objection == nullptr) return;
  const v1::Deadline* live = LiveDeadline(state, *objection);
  Note(state, objection->objection_no(),
       live != nullptr && live->provisional());
  KeepApplication(state, objection->application_no());
}

void KeepRevocation(State& state, absl::string_view number) {
  const v1::Revocation* revocation = FindRevocation(state, number);
  if (revocation == nullptr) return;
  const v1::Deadline* live = LiveDeadline(*revocation);
  Note(state, revocation->revocation_no(),
       live != nullptr && live->provisional());
}

// Those of a case that was suspended stand still with it, and run with it.
void KeepAll(State& state, absl::string_view application_no) {
  const v1::Application* application = FindApplication(state, application_no);
  if (application == nullptr) return;
  const auto open = application->open_objections();
  for (const std::string& number : open) KeepObjection(state, number);
  KeepApplication(state, application_no);
}

// The first claim is when the registry looks at it; then it is to decide.
void KeepClaimed(State& state, absl::string_view number) {
  const auto found = state.applications.find(number);
  if (found == state.applications.end()) return;
  v1::Application& application = found->second;
  if (application.review_deadline().rule() == kAcceptCheck) {
    SetReviewTotal(state, application);
  }
  KeepApplication(state, number);
}

void KeepRecomputed(State& state, const v1::DeadlinesRecomputed& recomputed) {
  for (const v1::RecomputedDeadline& one : recomputed.deadlines()) {
    const std::string& number = one.object();
    KeepApplication(state, number);
    KeepObjection(state, number);
    KeepRevocation(state, number);
  }
}

}  // namespace

v1::Deadline DeadlineBy(const Profile& profile, absl::string_view rule,
                        const CivilDate& start, const Calendar& calendar) {
  const auto months = profile.Months(rule);
  if (months.ok()) return MakeMonthsDeadline(rule, start, *months, calendar);
  return MakeDeadline(rule, start, profile.WorkingDays(rule).value_or(0),
                      calendar);
}

std::string ProceedingsAwaitedUntil(const State& state,
                                    const v1::Application& application,
                                    const Calendar& calendar) {
  std::string latest;
  const auto found =
      state.dismissed_objections.find(application.application_no());
  if (found == state.dismissed_objections.end()) return latest;
  for (const std::string& number : found->second) {
    const v1::Objection* dismissed = FindObjection(state, number);
    if (dismissed == nullptr) continue;
    const v1::Deadline& deadline = dismissed->proceedings_deadline();
    // ISO days compare as text.
    latest = std::max(latest, deadline.provisional()
                                  ? Recomputed(deadline, calendar).due_date()
                                  : deadline.due_date());
  }
  return latest;
}

std::string IssueStart(const State& state, const v1::Application& application,
                       const std::string& notice_end,
                       const Calendar& calendar) {
  return std::max(notice_end,
                  ProceedingsAwaitedUntil(state, application, calendar));
}

void SetReviewDeadline(const State& state, absl::string_view rule,
                       const CivilDate& start, v1::Application& application) {
  const Profile* values = ValuesOf(state, application.profile());
  if (values == nullptr || state.calendar == nullptr) return;
  *application.mutable_review_deadline() =
      DeadlineBy(*values, rule, start, *state.calendar);
}

void KeepDeadlines(State& state, const v1::Event& event) {
  if (event.has_deadlines_recomputed()) {
    KeepRecomputed(state, event.deadlines_recomputed());
    return;
  }
  const Object object = ObjectOf(event);
  if (event.has_application_claimed()) {
    KeepClaimed(state, object.number);
  } else if (object.type == ObjectType::kApplication) {
    KeepAll(state, object.number);
  } else if (object.type == ObjectType::kObjection) {
    KeepObjection(state, object.number);
  } else if (object.type == ObjectType::kRevocation) {
    KeepRevocation(state, object.number);
  }
}

}  // namespace dataip::registry
