// What a new calendar makes of deadlines that were provisional (rules 6.4).
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "core/registry/state/deadlines.h"
#include "core/registry/tables/calendar.h"

namespace dataip::registry {
namespace {

// By rule, so that they come in order.
using Deadlines = std::map<std::string, v1::Deadline>;

// An application's: that of the registration follows the notice's.
Deadlines Anew(const State& state, const v1::Application& application,
               const Calendar& calendar) {
  Deadlines anew;
  for (const v1::Deadline* deadline : LiveDeadlines(application)) {
    v1::Deadline next =
        deadline->provisional() ? Recomputed(*deadline, calendar) : *deadline;
    anew[next.rule()] = std::move(next);
  }
  const auto issue = anew.find(kIssueAfterPublicity);
  const auto notice = anew.find(kPublicity);
  if (issue != anew.end() && notice != anew.end()) {
    const std::string from =
        IssueStart(state, application, notice->second.due_date(), calendar);
    if (issue->second.start_date() != from) {
      issue->second.set_start_date(from);
      issue->second = Recomputed(issue->second, calendar);
    }
  }
  return anew;
}

void AddChanged(const std::string& object, const v1::Deadline& before,
                v1::Deadline after, v1::DeadlinesRecomputed& out) {
  if (before.due_date() == after.due_date() &&
      before.start_date() == after.start_date() &&
      before.provisional() == after.provisional()) {
    return;
  }
  v1::RecomputedDeadline* one = out.add_deadlines();
  one->set_object(object);
  *one->mutable_deadline() = std::move(after);
}

// Moves what the clock owes, if it owes it.
void MoveDue(State& state, const v1::Deadline& before,
             const v1::Deadline& after, DueKind kind, const std::string& key) {
  if (state.due.erase({DueInstantMs(before), kind, key}) == 0) return;
  state.due.insert({DueInstantMs(after), kind, key});
}

v1::Deadline* FieldOf(v1::Application& application, const std::string& rule) {
  if (rule == kCorrectionWindow) {
    return application.mutable_correction_deadline();
  }
  if (rule == kPublicity) return application.mutable_notice_deadline();
  if (rule == kIssueAfterPublicity) return application.mutable_issue_deadline();
  if (rule == kAcceptCheck || rule == kReviewTotal) {
    return application.mutable_review_deadline();
  }
  return nullptr;
}

void MoveOfApplication(State& state, v1::Application& application,
                       const v1::Deadline& after) {
  v1::Deadline* field = FieldOf(application, after.rule());
  if (field == nullptr) return;
  MoveDue(state, *field, after, DueKind::kCorrection,
          application.application_no());
  *field = after;
}

void MoveOfObjection(State& state, v1::Objection& objection,
                     const v1::Deadline& after) {
  for (v1::Deadline* field : {objection.mutable_forward_deadline(),
                              objection.mutable_reply_deadline(),
                              objection.mutable_proceedings_deadline()}) {
    if (field->rule() != after.rule()) continue;
    MoveDue(state, *field, after, DueKind::kReply, objection.objection_no());
    *field = after;
  }
}

}  // namespace

std::vector<const v1::Deadline*> LiveDeadlines(
    const v1::Application& application) {
  switch (application.state()) {
    case v1::UNDER_REVIEW:
      return {&application.review_deadline()};
    case v1::CORRECTION_REQUIRED:
      return {&application.correction_deadline()};
    case v1::PUBLICITY:
      return {&application.notice_deadline(), &application.issue_deadline()};
    default:
      return {};
  }
}

const v1::Deadline* LiveDeadline(const State& state,
                                 const v1::Objection& objection) {
  const v1::Application* application =
      FindApplication(state, objection.application_no());
  if (application == nullptr || application->state() == v1::SUSPENDED) {
    return nullptr;
  }
  switch (objection.state()) {
    case v1::OBJECTION_ACCEPTED:
      return &objection.forward_deadline();
    case v1::OBJECTION_FORWARDED:
      return &objection.reply_deadline();
    case v1::OBJECTION_DISMISSED:
      return &objection.proceedings_deadline();
    default:
      return nullptr;
  }
}

const v1::Deadline* LiveDeadline(const v1::Revocation& revocation) {
  return revocation.state() == v1::REVOCATION_HEARING
             ? &revocation.hearing_deadline()
             : nullptr;
}

v1::Deadline Recomputed(const v1::Deadline& deadline,
                        const Calendar& calendar) {
  const auto start = ParseDate(deadline.start_date());
  const auto before = ParseDate(deadline.due_date());
  if (!start || !before) return deadline;
  v1::Deadline anew = deadline.months() > 0
                          ? MakeMonthsDeadline(deadline.rule(), *start,
                                               deadline.months(), calendar)
                          : MakeDeadline(deadline.rule(), *start,
                                         deadline.working_days(), calendar);
  const auto due = ParseDate(anew.due_date());
  if (!due || !(*due < *before)) return anew;
  const CivilDate kept = NextWorkingDay(*before, calendar);
  anew.set_due_date(FormatDate(kept));
  anew.set_provisional(!calendar.Covers(before->year) ||
                       !calendar.Covers(kept.year));
  return anew;
}

v1::DeadlinesRecomputed RecomputeAll(const State& state,
                                     const Calendar& calendar) {
  v1::DeadlinesRecomputed out;
  for (const std::string& number : state.provisional) {
    if (const v1::Application* application = FindApplication(state, number)) {
      Deadlines anew = Anew(state, *application, calendar);
      std::map<std::string, const v1::Deadline*> before;
      for (const v1::Deadline* one : LiveDeadlines(*application)) {
        before[one->rule()] = one;
      }
      for (auto& [rule, deadline] : anew) {
        AddChanged(number, *before[rule], std::move(deadline), out);
      }
      continue;
    }
    const v1::Deadline* live = nullptr;
    if (const v1::Objection* objection = FindObjection(state, number)) {
      live = LiveDeadline(state, *objection);
    } else if (const v1::Revocation* found = FindRevocation(state, number)) {
      live = LiveDeadline(*found);
    }
    if (live == nullptr || !live->provisional()) continue;
    AddChanged(number, *live, Recomputed(*live, calendar), out);
  }
  return out;
}

void EvolveDeadlinesRecomputed(State& state, const v1::Event& event) {
  for (const v1::RecomputedDeadline& one :
       event.deadlines_recomputed().deadlines()) {
    const auto application = state.applications.find(one.object());
    const auto objection = state.objections.find(one.object());
    const auto revocation = state.revocations.find(one.object());
    if (application != state.applications.end()) {
      MoveOfApplication(state, application->second, one.deadline());
    } else if (objection != state.objections.end()) {
      MoveOfObjection(state, objection->second, one.deadline());
    } else if (revocation != state.revocations.end()) {
      *revocation->second.mutable_hearing_deadline() = one.deadline();
    }
  }
}

}  // namespace dataip::registry
