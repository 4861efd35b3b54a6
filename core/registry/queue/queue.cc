#include "core/registry/queue/queue.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "core/registry/certificate/certificate_orders.h"
#include "core/registry/objection/objections.h"
#include "core/registry/queue/part.h"
#include "core/registry/state/case.h"
#include "core/registry/state/deadlines.h"
#include "core/registry/state/profiles.h"
#include "core/registry/tables/calendar.h"

namespace dataip::registry {
namespace {

struct StepName {
  Step step;
  Awaited awaited;
  const char* zh;
  const char* en;
};

constexpr StepName kSteps[] = {
    {Step::kCosign, Awaited::kParties, "待共同申请人确认", "cosign"},
    {Step::kReview, Awaited::kRegistry, "待审查", "review"},
    {Step::kCorrect, Awaited::kParties, "待补正", "correct"},
    {Step::kNotice, Awaited::kTime, "公示中", "notice"},
    {Step::kRegister, Awaited::kRegistry, "待登记发证", "register"},
    {Step::kCheckObjection, Awaited::kRegistry, "异议待受理",
     "check objection"},
    {Step::kForwardObjection, Awaited::kRegistry, "异议待转送",
     "forward objection"},
    {Step::kAnswerObjection, Awaited::kParties, "异议待答复",
     "answer objection"},
    {Step::kDecideObjection, Awaited::kRegistry, "异议待决定",
     "decide objection"},
    {Step::kProceedings, Awaited::kTime, "等候诉讼、仲裁等程序", "proceedings"},
    {Step::kConsent, Awaited::kParties, "待有关各方同意", "consent"},
    {Step::kDecideRequest, Awaited::kRegistry, "请求待决定", "decide request"},
    {Step::kBeHeard, Awaited::kParties, "撤销待陈述申辩", "be heard"},
    {Step::kDecideRevocation, Awaited::kRegistry, "撤销待决定",
     "decide revocation"},
    {Step::kConfirmLicence, Awaited::kParties, "许可待被许可人确认",
     "confirm licence"},
};

const StepName& NamesOf(Step step) {
  return *std::find_if(
      std::begin(kSteps), std::end(kSteps),
      [step](const StepName& name) { return name.step == step; });
}

// Lines of one list, made on one day.
class Lines {
 public:
  Lines(const State& state, int64_t now_ms)
      : state_(state), now_ms_(now_ms), today_(ShanghaiDate(now_ms)) {}

  void AddApplication(const v1::Application& application) {
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

  void AddDraft(const v1::Draft& draft) {
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

  void AddRequest(const v1::CertificateRequest& request) {
    QueueLine line;
    line.object_no = request.request_no();
    line.case_no = request.certificate_number();
    line.step = request.state() == v1::REQUEST_AWAITING_COSIGN
                    ? Step::kConsent
                    : Step::kDecideRequest;
    if (line.step == Step::kConsent) {
      std::set_difference(request.cosigners().begin(),
                          request.cosigners().end(), request.cosigned().begin(),
                          request.cosigned().end(),
                          std::back_inserter(line.parties));
    } else {
      const Profile* values = ValuesOf(state_, request.profile());
      line.until = See(values, DueAfter(values, kRequestTotal,
                                        ShanghaiDate(request.updated_at_ms())));
    }
    lines_.push_back(std::move(line));
  }

  // While the hearing runs its holders are awaited, then the registry.
  void AddRevocation(const v1::Revocation& revocation) {
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
        holders.insert(holder.party_number());
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

  // One that its licensee has not confirmed, until its last day.
  void AddLicence(const v1::Licence& licence) {
    const v1::Certificate* certificate =
        NewestSheet(state_, licence.certificate_number());
    if (certificate == nullptr || certificate->status().state() != v1::VALID ||
        licence.valid_to() < FormatDate(today_)) {
      return;
    }
    QueueLine line;
    line.object_no = licence.licence_no();
    line.case_no = licence.certificate_number();
    line.step = Step::kConfirmLicence;
    line.parties.push_back(licence.licensee());
    v1::Deadline last;
    last.set_due_date(licence.valid_to());
    line.until = See(ValuesFor(*certificate), last);
    lines_.push_back(std::move(line));
  }

  std::vector<QueueLine> Take() {
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

 private:
  // The day on which a hearing ended: that of the statement after which nobody
  // is awaited, else its last.
  static std::optional<CivilDate> HeardOn(const v1::Revocation& revocation) {
    if (revocation.state() == v1::REVOCATION_HEARD &&
        revocation.heard_at_ms() != 0) {
      return ShanghaiDate(revocation.heard_at_ms());
    }
    return ParseDate(revocation.hearing_deadline().due_date());
  }

  // Of the profile that the certificate was issued under; an imported one has
  // none, and goes by today's.
  const Profile* ValuesFor(const v1::Certificate& certificate) const {
    return ValuesOf(state_, certificate.profile().sha256().empty()
                                ? ProfileOn(state_, today_)
                                : certificate.profile());
  }

  void AddNotice(const v1::Application& application) {
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

  void AddObjections(const v1::Application& application) {
    for (const std::string& number : application.open_objections()) {
      const v1::Objection* objection = FindObjection(state_, number);
      if (objection == nullptr) continue;
      switch (objection->state()) {
        case v1::OBJECTION_FILED:
          Add(application, Step::kCheckObjection,
              DueAfter(ValuesOf(state_, application.profile()), kObjectionCheck,
                       ShanghaiDate(objection->filed_at_ms())),
              number);
          break;
        case v1::OBJECTION_ACCEPTED:
          Add(application, Step::kForwardObjection,
              objection->forward_deadline(), number);
          break;
        case v1::OBJECTION_FORWARDED:
          Add(application, Step::kAnswerObjection, objection->reply_deadline(),
              number);
          break;
        case v1::OBJECTION_ANSWERED:
          Add(application, Step::kDecideObjection,
              DueAfter(ValuesOf(state_, application.profile()),
                       kObjectionDecide,
                       ShanghaiDate(objection->updated_at_ms())),
              number);
          break;
        default:
          break;
      }
    }
  }

  void Add(const v1::Application& application, Step step,
           const v1::Deadline& deadline, const std::string& objection_no = "") {
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
  v1::Deadline DueAfter(const Profile* values, absl::string_view rule,
                        const CivilDate& start) const {
    if (values == nullptr || state_.calendar == nullptr) return {};
    const auto days = values->WorkingDays(rule);
    return days.ok() ? MakeDeadline(rule, start, *days, *state_.calendar)
                     : v1::Deadline();
  }

  Until See(const Profile* values, const v1::Deadline& deadline) const {
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

  const State& state_;
  const int64_t now_ms_;
  const CivilDate today_;
  std::vector<QueueLine> lines_;
};

}  // namespace

Awaited AwaitedFor(Step step) { return NamesOf(step).awaited; }
const char* NameZh(Step step) { return NamesOf(step).zh; }
const char* NameEn(Step step) { return NamesOf(step).en; }

int WorkingDaysLeft(const CivilDate& today, const CivilDate& due,
                    const Calendar& calendar) {
  return due < today
             ? -static_cast<int>(WorkingDaysBetween(due, today, calendar))
             : static_cast<int>(WorkingDaysBetween(today, due, calendar));
}

std::vector<QueueLine> OfficerQueue(const State& state, int64_t now_ms) {
  Lines lines(state, now_ms);
  for (const std::string& number : state.open_applications) {
    lines.AddApplication(state.applications.at(number));
  }
  for (const std::string& number : state.open_requests) {
    lines.AddRequest(state.requests.at(number));
  }
  for (const std::string& number : state.open_revocations) {
    lines.AddRevocation(state.revocations.at(number));
  }
  std::vector<QueueLine> all = lines.Take();
  all.erase(std::remove_if(all.begin(), all.end(),
                           [](const QueueLine& line) {
                             return AwaitedFor(line.step) != Awaited::kRegistry;
                           }),
            all.end());
  return all;
}

namespace {

// Numbers of the applications in which it, or one who ever granted it a power,
// applies or acts; ascending.
std::set<std::string> OpenOf(const State& state, const Part& part,
                             absl::string_view party) {
  std::set<std::string> numbers;
  const auto add = [&](absl::string_view one) {
    const auto of = state.open_applications_of.find(one);
    if (of != state.open_applications_of.end()) {
      numbers.insert(of->second.begin(), of->second.end());
    }
  };
  add(party);
  for (const std::string& principal : part.principals()) add(principal);
  return numbers;
}

}  // namespace

std::vector<QueueLine> ExpectedOf(const State& state, absl::string_view party,
                                  int64_t now_ms) {
  Lines lines(state, now_ms);
  const Part part(state, party, ShanghaiDate(now_ms));
  for (const std::string& number : state.open_drafts) {
    const v1::Draft& draft = state.drafts.at(number);
    if (part.In(draft)) lines.AddDraft(draft);
  }
  for (const std::string& number : OpenOf(state, part, party)) {
    const v1::Application& application = state.applications.at(number);
    if (part.In(application)) lines.AddApplication(application);
  }
  for (const std::string& number : state.open_requests) {
    const v1::CertificateRequest& request = state.requests.at(number);
    if (part.In(request)) lines.AddRequest(request);
  }
  for (const std::string& number : state.open_revocations) {
    const v1::Revocation& revocation = state.revocations.at(number);
    if (part.In(revocation)) lines.AddRevocation(revocation);
  }
  for (const std::string& number : state.unconfirmed_licences) {
    const v1::Licence& licence = state.licences.at(number).licence;
    if (part.In(licence)) lines.AddLicence(licence);
  }
  return lines.Take();
}

}  // namespace dataip::registry
