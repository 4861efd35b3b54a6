#include "core/registry/queue/queue_lines.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

#include "core/registry/certificate/certificate_orders.h"
#include "core/registry/certificate/hearing.h"
#include "core/registry/objection/objections.h"
#include "core/registry/state/case.h"
#include "core/registry/state/deadlines.h"
#include "core/registry/state/licence_term.h"
#include "core/registry/state/profiles.h"
#include "core/registry/tables/calendar.h"

namespace dataip::registry {
namespace {

// The day on which a hearing ended: that of the statement after which nobody
// is awaited, else its last.
std::optional<CivilDate> HeardOn(const v1::Revocation& revocation) {
  if (revocation.state() == v1::REVOCATION_HEARD &&
      revocation.heard_at_ms() != 0) {
    return ShanghaiDate(revocation.heard_at_ms());
  }
  return ParseDate(revocation.hearing_deadline().due_date());
}

}  // namespace

QueueLines::QueueLines(const State& state, int64_t now_ms)
    : state_(state), now_ms_(now_ms), today_(ShanghaiDate(now_ms)) {}

void QueueLines::AddApplication(const v1::Application& application) {
  switch (application.state()) {
    case v1::UNDER_REVIEW:
      Add(application, Step::kReview, application.review_deadline());
      break;
    case v1::CORRECTION_REQUIRED:
      Add(application, Step::kCorrect, application.correction_deadline());
      break;
    case v1::PUBLICITY:
      AddNotice(application);
      break;
    case v1::OBJECTION_PENDING:
      AddObjections(application);
      break;
    case v1::SUSPENDED:
      Add(application, Step::kProceedings, v1::Deadline());
      break;
    default:
      break;
  }
}

void QueueLines::AddDraft(const v1::Draft& draft) {
  std::set<std::string> missing;
  for (const v1::Applicant& one : draft.form().applicants()) {
    missing.insert(one.party_number());
  }
  for (const std::string& party : draft.cosigned()) missing.erase(party);
  // It files, and with that signs, when all others have signed.
  const std::string& primary = PrimaryOf(draft.form());
  if (missing.size() > 1) missing.erase(primary);
  QueueLine line;
  line.object_no = draft.draft_no();
  line.step = Step::kCosign;
  line.parties.assign(missing.begin(), missing.end());
  lines_.push_back(std::move(line));
}

void QueueLines::AddRequest(const v1::CertificateRequest& request) {
  QueueLine line;
  line.object_no = request.request_no();
  line.case_no = request.certificate_number();
  line.step = request.state() == v1::REQUEST_AWAITING_COSIGN
                  ? Step::kConsent
                  : Step::kDecideRequest;
  if (line.step == Step::kConsent) {
    std::set_difference(request.cosigners().begin(), request.cosigners().end(),
                        request.cosigned().begin(), request.cosigned().end(),
                        std::back_inserter(line.parties));
  } else {
    const Profile* values = ValuesOf(state_, request.profile());
    line.until = See(values, DueAfter(values, kRequestTotal,
                                      ShanghaiDate(request.updated_at_ms())));
  }
  lines_.push_back(std::move(line));
}

void QueueLines::AddRevocation(const v1::Revocation& revocation) {
  const v1::Certificate* certificate =
      NewestSheet(state_, revocation.certificate_number());
  if (certificate == nullptr) return;
  const v1::Deadline& hearing = revocation.hearing_deadline();
  const Profile* values = ValuesFor(*certificate);
  QueueLine line;
  line.object_no = revocation.revocation_no();
  line.case_no = revocation.certificate_number();
  if (revocation.state() == v1::REVOCATION_HEARING &&
      now_ms_ <= DueInstantMs(hearing)) {
    line.step = Step::kBeHeard;
    line.until = See(values, hearing);
    std::set<std::string> holders;
    for (const v1::Holder& holder : certificate->content().holders()) {
      if (!HasStated(revocation, holder.party_number())) {
        holders.insert(holder.party_number());
      }
    }
    line.parties.assign(holders.begin(), holders.end());
  } else {
    line.step = Step::kDecideRevocation;
    if (const auto heard = HeardOn(revocation)) {
      line.until = See(values, DueAfter(values, kRequestTotal, *heard));
    }
  }
  lines_.push_back(std::move(line));
}

void QueueLines::AddLicence(const v1::Licence& licence) {
  const v1::Certificate* certificate =
      NewestSheet(state_, licence.certificate_number());
  if (certificate == nullptr || certificate->status().state() != v1::VALID ||
      LastDayOf(licence) < FormatDate(today_)) {
    return;
  }
  QueueLine line;
  line.object_no = licence.licence_no();
  line.case_no = licence.certificate_number();
  line.step = Step::kConfirmLicence;
  line.parties.push_back(licence.licensee());
  v1::Deadline last;
  last.set_due_date(LastDayOf(licence));
  line.until = See(ValuesFor(*certificate), last);
  lines_.push_back(std::move(line));
}

std::vector<QueueLine> QueueLines::Take() {
  const auto order = [](const QueueLine& line) {
    return std::make_tuple(
        line.until.due_date.empty(), absl::string_view(line.until.due_date),
        absl::string_view(line.case_no), absl::string_view(line.object_no));
  };
  std::sort(lines_.begin(), lines_.end(),
            [&order](const QueueLine& a, const QueueLine& b) {
              return order(a) < order(b);
            });
  return std::move(lines_);
}

// Of the profile that the certificate was issued under; an imported one has
// none, and goes by today's.
const Profile* QueueLines::ValuesFor(const v1::Certificate& certificate) const {
  return ValuesOf(state_, certificate.profile().sha256().empty()
                              ? ProfileOn(state_, today_)
                              : certificate.profile());
}

void QueueLines::AddNotice(const v1::Application& application) {
  const bool over = now_ms_ > DueInstantMs(application.notice_deadline());
  if (!over) Add(application, Step::kNotice, application.notice_deadline());
  AddObjections(application);
  if (!over || !application.open_objections().empty()) return;
  v1::Deadline awaited;
  if (state_.calendar != nullptr) {
    awaited.set_due_date(
        ProceedingsAwaitedUntil(state_, application, *state_.calendar));
  }
  if (now_ms_ <= DueInstantMs(awaited)) {
    Add(application, Step::kProceedings, awaited);
  } else {
    Add(application, Step::kRegister, application.issue_deadline());
  }
}

void QueueLines::AddObjections(const v1::Application& application) {
  for (const std::string& number : application.open_objections()) {
    const v1::Objection* objection = FindObjection(state_, number);
    if (objection != nullptr) AddObjection(application, *objection);
  }
}

void QueueLines::AddObjection(const v1::Application& application,
                              const v1::Objection& objection) {
  const std::string& number = objection.objection_no();
  switch (objection.state()) {
    case v1::OBJECTION_FILED:
      Add(application, Step::kCheckObjection,
          DueAfter(ValuesOf(state_, application.profile()), kObjectionCheck,
                   ShanghaiDate(objection.filed_at_ms())),
          number);
      break;
    case v1::OBJECTION_ACCEPTED:
      Add(application, Step::kForwardObjection, objection.forward_deadline(),
          number);
      break;
    case v1::OBJECTION_FORWARDED:
      Add(application, Step::kAnswerObjection, objection.reply_deadline(),
          number);
      break;
    case v1::OBJECTION_ANSWERED:
      Add(application, Step::kDecideObjection,
          DueAfter(ValuesOf(state_, application.profile()), kObjectionDecide,
                   ShanghaiDate(objection.updated_at_ms())),
          number);
      break;
    default:
      break;
  }
}

void QueueLines::AddOwnObjection(const v1::Objection& objection) {
  const v1::Application* application =
      FindApplication(state_, objection.application_no());
  if (application == nullptr || !IsOpen(*application)) return;
  const bool suspended = application->state() == v1::SUSPENDED;
  if (objection.state() != v1::OBJECTION_DISMISSED) {
    const auto& open = application->open_objections();
    const bool is_open = std::find(open.begin(), open.end(),
                                   objection.objection_no()) != open.end();
    if (is_open && suspended) {
      Add(*application, Step::kProceedings, {}, objection.objection_no());
    } else if (is_open) {
      AddObjection(*application, objection);
    }
    return;
  }
  if (suspended || state_.calendar == nullptr) return;
  const v1::Deadline& until = objection.proceedings_deadline();
  const v1::Deadline known =
      until.provisional() ? Recomputed(until, *state_.calendar) : until;
  if (now_ms_ > DueInstantMs(known)) return;
  Add(*application, Step::kProceedings, known, objection.objection_no());
  lines_.back().parties.push_back(objection.objector());
}

void QueueLines::Add(const v1::Application& application, Step step,
                     const v1::Deadline& deadline,
                     const std::string& objection_no) {
  QueueLine line;
  line.case_no = application.application_no();
  line.object_no = objection_no.empty() ? line.case_no : objection_no;
  line.state = application.state();
  line.step = step;
  line.until = See(ValuesOf(state_, application.profile()), deadline);
  line.claimed_by = application.claimed_by();
  if (AwaitedFor(step) == Awaited::kParties) {
    line.parties.push_back(PrimaryOf(application.form()));
  }
  lines_.push_back(std::move(line));
}

// So many working days after the day of the fact; no day when the profile
// does not say how many.
v1::Deadline QueueLines::DueAfter(const Profile* values, absl::string_view rule,
                                  const CivilDate& start) const {
  if (values == nullptr || state_.calendar == nullptr) return {};
  const auto days = values->WorkingDays(rule);
  return days.ok() ? MakeDeadline(rule, start, *days, *state_.calendar)
                   : v1::Deadline();
}

Until QueueLines::See(const Profile* values,
                      const v1::Deadline& deadline) const {
  Until until;
  const auto due = ParseDate(deadline.due_date());
  if (!due.has_value() || state_.calendar == nullptr) return until;
  until.due_date = deadline.due_date();
  until.working_days_left = WorkingDaysLeft(today_, *due, *state_.calendar);
  const auto yellow =
      values == nullptr ? 0 : values->WorkingDays(kQueueYellow).value_or(0);
  if (*due < today_) {
    until.light = Light::kRed;
  } else if (until.working_days_left <= static_cast<int>(yellow)) {
    until.light = Light::kYellow;
  } else {
    until.light = Light::kGreen;
  }
  return until;
}

}  // namespace dataip::registry
