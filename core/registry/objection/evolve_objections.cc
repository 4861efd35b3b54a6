#include <algorithm>
#include <string>

#include "core/registry/objection/rules.h"
#include "core/registry/tables/calendar.h"

namespace dataip::registry {
namespace {

v1::Application* TouchApplication(State& state, const std::string& number) {
  const auto found = state.applications.find(number);
  if (found == state.applications.end()) return nullptr;
  found->second.set_version(found->second.version() + 1);
  found->second.set_updated_at_ms(state.last_decided_at_ms);
  return &found->second;
}

v1::Objection* TouchObjection(State& state, const std::string& number) {
  const auto found = state.objections.find(number);
  if (found == state.objections.end()) return nullptr;
  found->second.set_version(found->second.version() + 1);
  found->second.set_updated_at_ms(state.last_decided_at_ms);
  return &found->second;
}

void EndReply(State& state, const v1::Objection& objection) {
  if (objection.state() != v1::OBJECTION_FORWARDED) return;
  state.due.erase({DueInstantMs(objection.reply_deadline()), DueKind::kReply,
                   objection.objection_no()});
}

void StartReply(State& state, v1::Objection& objection,
                const v1::Deadline& deadline) {
  *objection.mutable_reply_deadline() = deadline;
  state.due.insert(
      {DueInstantMs(deadline), DueKind::kReply, objection.objection_no()});
}

// It ends, and is no longer among the open ones of its application.
void End(State& state, v1::Objection& objection, v1::ObjectionState end) {
  EndReply(state, objection);
  state.provisional.erase(objection.objection_no());
  objection.set_state(end);
  v1::Application* application =
      TouchApplication(state, objection.application_no());
  if (application == nullptr) return;
  auto* open = application->mutable_open_objections();
  open->erase(std::remove(open->begin(), open->end(), objection.objection_no()),
              open->end());
}

void RunNotice(v1::Application& application, const v1::Deadline& deadline) {
  application.set_state(v1::PUBLICITY);
  application.clear_remaining_notice_days();
  *application.mutable_notice_deadline() = deadline;
}

}  // namespace

void EndWithObjections(State& state, v1::Application& application) {
  for (const std::string& number : application.open_objections()) {
    v1::Objection* objection = TouchObjection(state, number);
    if (objection == nullptr) continue;
    EndReply(state, *objection);
    state.provisional.erase(number);
    objection->set_state(v1::OBJECTION_MOOT);
  }
  application.clear_open_objections();
  application.clear_remaining_notice_days();
  application.clear_suspended_from();
  application.clear_proceedings();
}

void EvolveObjectionFiled(State& state, const v1::Event& event) {
  const v1::Objection& objection = event.objection_filed().objection();
  state.objections[objection.objection_no()] = objection;
  ++state.counters.objections;
  v1::Application* application =
      TouchApplication(state, objection.application_no());
  if (application == nullptr) return;
  application->add_open_objections(objection.objection_no());
}

void EvolveObjectionAccepted(State& state, const v1::Event& event) {
  const v1::ObjectionAccepted& accepted = event.objection_accepted();
  v1::Objection* objection = TouchObjection(state, accepted.objection_no());
  if (objection == nullptr) return;
  objection->set_state(v1::OBJECTION_ACCEPTED);
  *objection->mutable_forward_deadline() = accepted.forward_deadline();
  v1::Application* application =
      TouchApplication(state, objection->application_no());
  if (application == nullptr || application->state() != v1::PUBLICITY) return;
  application->set_state(v1::OBJECTION_PENDING);
  application->set_remaining_notice_days(accepted.remaining_notice_days());
}

void EvolveObjectionRejected(State& state, const v1::Event& event) {
  const v1::ObjectionRejected& rejected = event.objection_rejected();
  v1::Objection* objection = TouchObjection(state, rejected.objection_no());
  if (objection == nullptr) return;
  objection->set_decision_reason(rejected.reason());
  End(state, *objection, v1::OBJECTION_REJECTED);
}

void EvolveObjectionForwarded(State& state, const v1::Event& event) {
  const v1::ObjectionForwarded& forwarded = event.objection_forwarded();
  v1::Objection* objection = TouchObjection(state, forwarded.objection_no());
  if (objection == nullptr) return;
  objection->set_state(v1::OBJECTION_FORWARDED);
  StartReply(state, *objection, forwarded.reply_deadline());
}

void EvolveObjectionAnswered(State& state, const v1::Event& event) {
  const v1::ObjectionAnswered& answered = event.objection_answered();
  v1::Objection* objection = TouchObjection(state, answered.objection_no());
  if (objection == nullptr) return;
  EndReply(state, *objection);
  objection->set_state(v1::OBJECTION_ANSWERED);
  objection->set_answer(answered.answer());
  *objection->mutable_answer_files() = answered.files();
}

void EvolveObjectionUpheld(State& state, const v1::Event& event) {
  const v1::ObjectionUpheld& upheld = event.objection_upheld();
  v1::Objection* objection = TouchObjection(state, upheld.objection_no());
  if (objection == nullptr) return;
  objection->set_decision_reason(upheld.reason());
  End(state, *objection, v1::OBJECTION_UPHELD);
}

void EvolveReplyDefaulted(State& state, const v1::Event& event) {
  v1::Objection* objection =
      TouchObjection(state, event.reply_defaulted().objection_no());
  if (objection == nullptr) return;
  End(state, *objection, v1::OBJECTION_UPHELD);
}

void EvolveObjectionDismissed(State& state, const v1::Event& event) {
  const v1::ObjectionDismissed& dismissed = event.objection_dismissed();
  v1::Objection* objection = TouchObjection(state, dismissed.objection_no());
  if (objection == nullptr) return;
  objection->set_decision_reason(dismissed.reason());
  End(state, *objection, v1::OBJECTION_DISMISSED);
  *objection->mutable_proceedings_deadline() = dismissed.proceedings_deadline();
  state.dismissed_objections[objection->application_no()].insert(
      objection->objection_no());
}

void EvolveObjectionWithdrawn(State& state, const v1::Event& event) {
  const v1::ObjectionWithdrawn& withdrawn = event.objection_withdrawn();
  v1::Objection* objection = TouchObjection(state, withdrawn.objection_no());
  if (objection == nullptr) return;
  objection->set_decision_reason(withdrawn.reason());
  End(state, *objection, v1::OBJECTION_WITHDRAWN);
}

// The end of the objection beside it raised the version already.
void EvolveNoticeResumed(State& state, const v1::Event& event) {
  const v1::NoticeResumed& resumed = event.notice_resumed();
  const auto found = state.applications.find(resumed.application_no());
  if (found == state.applications.end()) return;
  RunNotice(found->second, resumed.deadline());
}

void EvolveProceedingsSuspended(State& state, const v1::Event& event) {
  const v1::ProceedingsSuspended& suspended = event.proceedings_suspended();
  v1::Application* application =
      TouchApplication(state, suspended.application_no());
  if (application == nullptr) return;
  application->set_suspended_from(application->state());
  application->set_state(v1::SUSPENDED);
  *application->mutable_proceedings() = suspended.proceedings();
  application->set_remaining_notice_days(suspended.remaining_notice_days());
  for (const v1::RemainingReply& reply : suspended.remaining_replies()) {
    v1::Objection* objection = TouchObjection(state, reply.objection_no());
    if (objection == nullptr) continue;
    EndReply(state, *objection);
    // While it stands still only the days count; its due day is kept as the
    // soonest that it may have afterwards.
    v1::Deadline* deadline = objection->mutable_reply_deadline();
    deadline->clear_provisional();
    deadline->set_start_date(
        FormatDate(ShanghaiDate(state.last_decided_at_ms)));
    deadline->set_working_days(reply.remaining_days());
  }
}

void EvolveProceedingsResumed(State& state, const v1::Event& event) {
  const v1::ProceedingsResumed& resumed = event.proceedings_resumed();
  v1::Application* application =
      TouchApplication(state, resumed.application_no());
  if (application == nullptr) return;
  application->clear_suspended_from();
  application->clear_proceedings();
  if (resumed.has_notice_deadline()) {
    RunNotice(*application, resumed.notice_deadline());
  } else {
    application->set_state(v1::OBJECTION_PENDING);
  }
  for (const v1::ResumedReply& reply : resumed.replies()) {
    v1::Objection* objection = TouchObjection(state, reply.objection_no());
    if (objection == nullptr) continue;
    StartReply(state, *objection, reply.reply_deadline());
  }
}

}  // namespace dataip::registry
