#include "core/registry/state/time_spent.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "core/registry/state/about.h"
#include "core/registry/state/deadlines.h"
#include "core/registry/state/state.h"
#include "core/registry/tables/calendar.h"
#include "core/registry/values/civil_date.h"

namespace dataip::registry {
namespace {

// The application whose stretch the event may end; empty for none.
absl::string_view ApplicationIn(const State& state, const v1::Event& event) {
  const Object object = ObjectOf(event);
  if (object.type == ObjectType::kApplication) return object.number;
  if (object.type != ObjectType::kObjection) return "";
  const v1::Objection* found = FindObjection(state, object.number);
  return found == nullptr ? "" : absl::string_view(found->application_no());
}

// A deadline that the clock acted on ended then, not when it acted.
int64_t InstantOf(const State& state, const v1::Event& event) {
  std::optional<int64_t> effective;
  if (event.has_deemed_withdrawn()) {
    effective = ToUnixMs(event.deemed_withdrawn().effective_at());
  } else if (event.has_reply_defaulted()) {
    effective = ToUnixMs(event.reply_defaulted().effective_at());
  }
  return effective.value_or(state.last_decided_at_ms);
}

std::optional<Stretch> StretchOf(const State& state,
                                 const v1::Application& application) {
  switch (application.state()) {
    case v1::PUBLICITY:
      return Stretch::kNotice;
    case v1::SUSPENDED:
      return Stretch::kSuspended;
    case v1::OBJECTION_PENDING:
      for (const std::string& number : application.open_objections()) {
        const v1::Objection* objection = FindObjection(state, number);
        if (objection != nullptr &&
            objection->state() == v1::OBJECTION_FORWARDED) {
          return Stretch::kReply;
        }
      }
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

// Of the notice, or of the time for proceedings when that is later.
int64_t WaitingEndMs(const State& state, const v1::Application& application) {
  v1::Deadline last = application.notice_deadline();
  if (state.calendar != nullptr) {
    last.set_due_date(
        IssueStart(state, application, last.due_date(), *state.calendar));
  }
  return DueInstantMs(last);
}

// What the stretch took until then; a notice that is over waits for the
// registry.
int64_t LengthOf(const State& state, const v1::Application& application,
                 const OpenStretch& stretch, int64_t until_ms) {
  if (stretch.kind == Stretch::kNotice) {
    until_ms = std::min(until_ms, WaitingEndMs(state, application));
  }
  return std::max<int64_t>(0, until_ms - stretch.since_ms);
}

int64_t EndOf(const v1::Application& application, int64_t now_ms) {
  switch (application.state()) {
    case v1::WITHDRAWN:
    case v1::REFUSED:
    case v1::REGISTERED:
      return application.updated_at_ms();
    case v1::DEEMED_WITHDRAWN:
      return DueInstantMs(application.correction_deadline());
    default:
      return now_ms;
  }
}

}  // namespace

void CountTime(State& state, const v1::Event& event) {
  const absl::string_view number = ApplicationIn(state, event);
  if (number.empty()) return;
  const auto found = state.applications.find(number);
  if (found == state.applications.end()) return;
  v1::Application& application = found->second;
  const std::optional<Stretch> now = StretchOf(state, application);
  const auto open = state.stretches.find(found->first);
  const int64_t at_ms = InstantOf(state, event);
  if (open != state.stretches.end()) {
    if (open->second.kind == now) return;
    const int64_t length = LengthOf(state, application, open->second, at_ms);
    if (open->second.kind == Stretch::kReply) {
      application.set_applicant_time_ms(application.applicant_time_ms() +
                                        length);
    } else {
      application.set_waiting_time_ms(application.waiting_time_ms() + length);
    }
    state.stretches.erase(open);
  }
  if (now.has_value()) state.stretches[found->first] = {*now, at_ms};
}

TimeSpent TimeSpentOn(const State& state, const v1::Application& application,
                      int64_t now_ms) {
  TimeSpent spent;
  spent.applicant_ms = application.applicant_time_ms();
  spent.waiting_ms = application.waiting_time_ms();
  const int64_t end_ms = EndOf(application, now_ms);
  if (application.state() == v1::CORRECTION_REQUIRED) {
    spent.applicant_ms +=
        std::max<int64_t>(0, end_ms - application.correction_requested_at_ms());
  }
  const auto open = state.stretches.find(application.application_no());
  if (open != state.stretches.end()) {
    (open->second.kind == Stretch::kReply ? spent.applicant_ms
                                          : spent.waiting_ms) +=
        LengthOf(state, application, open->second, end_ms);
  }
  spent.staff_ms =
      std::max<int64_t>(0, end_ms - application.submitted_at_ms() -
                               spent.applicant_ms - spent.waiting_ms);
  return spent;
}

}  // namespace dataip::registry
