// Deadlines of cases: by the profile, kept in step with the state of the case,
// and made anew when a calendar is loaded.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/registry/state/state.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::registry {

// The profile's deadline `rule`, in working days or months as it says, from
// the day of the fact. Due on that day when the profile has no such rule.
v1::Deadline DeadlineBy(const Profile& profile, absl::string_view rule,
                        const CivilDate& start, const Calendar& calendar);

// Until when the registry is to look at an application (kAcceptCheck) or to
// decide it (kReviewTotal), by its own profile. Nothing without tables.
void SetReviewDeadline(const State& state, absl::string_view rule,
                       const CivilDate& start, v1::Application& application);

// After each event: an application under review has a review deadline, one that
// is being corrected has it without a due day and with the working days that
// are left (one at least), which run on after the correction; one in its notice
// has an issue deadline that follows the notice's last day; others have
// neither. `state.provisional` holds exactly the cases with a live deadline
// that is provisional.
void KeepDeadlines(State& state, const v1::Event& event);

// Day of the fact from which the registry is to register: the last one of the
// notice, or of the time for proceedings (objections.h) when that is later.
std::string IssueStart(const State& state, const v1::Application& application,
                       const std::string& notice_end, const Calendar& calendar);

// Those that run in its state: of the correction, of the notice and of the
// registration after it, of the review.
std::vector<const v1::Deadline*> LiveDeadlines(
    const v1::Application& application);
// Null when none runs.
const v1::Deadline* LiveDeadline(const State& state,
                                 const v1::Objection& objection);
const v1::Deadline* LiveDeadline(const v1::Revocation& revocation);

// The deadline under another calendar, never earlier than before: when it
// would be, the old due day stands, or the next working day after it.
v1::Deadline Recomputed(const v1::Deadline& deadline, const Calendar& calendar);

// Every live provisional deadline that another calendar makes another one, in
// order of object and rule.
v1::DeadlinesRecomputed RecomputeAll(const State& state,
                                     const Calendar& calendar);

// Last day on which one whose objection was dismissed may prove proceedings
// (kObjectionProceedings), `YYYY-MM-DD`; the latest of several, those that are
// provisional as `calendar` has them. Empty when none was dismissed. Until it
// is over the case is not registered.
std::string ProceedingsAwaitedUntil(const State& state,
                                    const v1::Application& application,
                                    const Calendar& calendar);

// Effect of DeadlinesRecomputed.
void EvolveDeadlinesRecomputed(State& state, const v1::Event& event);

}  // namespace dataip::registry
