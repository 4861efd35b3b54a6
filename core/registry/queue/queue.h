// Who is to do what until when: the officers' queue, an applicant's list, and
// certificates that end soon. Pure functions of the state; integers only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/registry/state/state.h"
#include "core/registry/values/civil_date.h"

namespace dataip::registry {

enum class Light {
  kNone,    // no deadline
  kGreen,   // more working days left than the profile's `queue.yellow`
  kYellow,  // not more
  kRed,     // the due day is over
};

// A due day, seen from another day.
struct Until {
  std::string due_date;       // empty without a deadline
  int working_days_left = 0;  // 0 on the due day; after it, below 0
  Light light = Light::kNone;
};

// Working days after `today` up to and with `due`; below 0 after it.
int WorkingDaysLeft(const CivilDate& today, const CivilDate& due,
                    const Calendar& calendar);

// What a case waits for.
enum class Step {
  kCosign,            // a draft: signatures of co-applicants
  kReview,            // the registry: correct, refuse or open the notice
  kCorrect,           // the applicant
  kNotice,            // the public notice runs
  kRegister,          // the registry, after the notice
  kCheckObjection,    // the registry: accept or reject it
  kForwardObjection,  // the registry
  kAnswerObjection,   // the applicant
  kDecideObjection,   // the registry
  kProceedings,       // a court, an authority
  kConsent,           // a request for a certificate: consent of others
  kDecideRequest,     // the registry
  kBeHeard,           // a revocation: its holders
  kDecideRevocation,  // the registry, after the hearing
  kConfirmLicence,    // its licensee
};

enum class Awaited { kRegistry, kParties, kTime };

Awaited AwaitedFor(Step step);
// `待审核`, `review`.
const char* NameZh(Step step);
const char* NameEn(Step step);

struct QueueLine {
  // Of the draft, application, objection, request, revocation or licence.
  std::string object_no;
  // Its application or its certificate; empty for a draft.
  std::string case_no;
  v1::ApplicationState state = v1::APPLICATION_STATE_UNSPECIFIED;
  Step step = Step::kReview;
  Until until;
  std::string claimed_by;  // officer's actor name
  // Numbers of the parties that are awaited, ascending.
  std::vector<std::string> parties;
};

// What waits for an officer at `now_ms`: applications, their objections,
// requests for certificates, revocations whose hearing is over or answered. The
// earliest due day first, those without one last, then by number. The due days
// of objections filed and answered, of requests and of revocations are no
// deadlines that stand on the ledger: they follow from what does and from the
// profile (a revocation's from the day of the last statement, without one from
// the hearing's last). Empty before the tables are loaded.
std::vector<QueueLine> OfficerQueue(const State& state, int64_t now_ms);

// Everything open that the party has a part in, as applicant, one who must
// sign, agent that filed it, objector, holder in a revocation, licensee of a
// licence that it has not confirmed, or agent of one of those whose power
// covers the case on that day, in the same order. A licence is to be confirmed
// until its last day. An objection that was dismissed stands there under
// kProceedings, its objector as the party, until the last day for proving them.
std::vector<QueueLine> ExpectedOf(const State& state, absl::string_view party,
                                  int64_t now_ms);

struct ExpiringCertificate {
  std::string number;
  CivilDate valid_to;
  CivilDate renewable_from;  // first day of the profile's window
  // Of the calendar; 0 on the last day, below 0 in its grace and while an open
  // renewal keeps it from ending.
  int64_t days_left = 0;
};

// VALID certificates inside their window on `today`, or past their end and not
// expired yet, of the holder or of all when `party` is empty; the earliest end
// first, then by number.
std::vector<ExpiringCertificate> ExpiringCertificates(const State& state,
                                                      absl::string_view party,
                                                      const CivilDate& today);

}  // namespace dataip::registry
