#include "core/registry/queue.h"

#include <algorithm>
#include <set>
#include <span>
#include <tuple>
#include <utility>

#include "core/registry/attorneys.h"
#include "core/registry/calendar.h"
#include "core/registry/objections.h"
#include "core/registry/profiles.h"
#include "core/registry/rules.h"

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
    }
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
          Add(application, Step::kCheckObjection, v1::Deadline(), number);
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
          Add(application, Step::kDecideObjection, v1::Deadline(), number);
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
    line.until = See(application, deadline);
    line.claimed_by = application.claimed_by();
    if (AwaitedFor(step) == Awaited::kParties) {
      line.parties.push_back(PrimaryOf(application.form()));
    }
    lines_.push_back(std::move(line));
  }

  Until See(const v1::Application& application,
            const v1::Deadline& deadline) const {
    Until until;
    const auto due = ParseDate(deadline.due_date());
    if (!due.has_value() || state_.calendar == nullptr) return until;
    until.due_date = deadline.due_date();
    until.working_days_left = WorkingDaysLeft(today_, *due, *state_.calendar);
    const Profile* values = ValuesOf(state_, application.profile());
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

constexpr v1::AttorneyAct kActsInDrafts[] = {v1::ACT_FILE};
constexpr v1::AttorneyAct kActsInApplications[] = {
    v1::ACT_FILE, v1::ACT_CORRECT, v1::ACT_WITHDRAW, v1::ACT_ANSWER};
constexpr v1::AttorneyAct kActsInRequests[] = {v1::ACT_CERTIFICATE};

// What one has a part in on one day, by itself or for a principal. Powers are
// looked at only for those who ever granted one to it.
class Part {
 public:
  Part(const State& state, absl::string_view party, const CivilDate& today)
      : state_(state), party_(party), today_(today) {
    for (const auto& [sides, powers] : state.attorneys_between) {
      if (sides.second == party) principals_.insert(sides.first);
    }
  }

  bool In(const v1::Draft& draft) const {
    return InForm(draft.form(), {kActsInDrafts, ""});
  }

  bool In(const v1::Application& application) const {
    return application.agent() == party_ ||
           InForm(application.form(),
                  {kActsInApplications, application.application_no()});
  }

  bool In(const v1::CertificateRequest& request) const {
    const Matter matter{kActsInRequests, request.certificate_number()};
    return StandsFor(request.requester(), matter) ||
           std::any_of(request.cosigners().begin(), request.cosigners().end(),
                       [&](const std::string& cosigner) {
                         return StandsFor(cosigner, matter);
                       });
  }

 private:
  struct Matter {
    std::span<const v1::AttorneyAct> acts;
    absl::string_view object;  // empty for what has no number yet
  };

  bool InForm(const v1::ApplicationForm& form, const Matter& matter) const {
    return std::any_of(form.applicants().begin(), form.applicants().end(),
                       [&](const v1::Applicant& one) {
                         return StandsFor(one.party_number(), matter);
                       });
  }

  bool StandsFor(absl::string_view other, const Matter& matter) const {
    if (other == party_) return true;
    if (principals_.count(other) == 0) return false;
    return std::any_of(
        matter.acts.begin(), matter.acts.end(), [&](v1::AttorneyAct act) {
          return MayActFor(state_, {party_, other, act, matter.object}, today_);
        });
  }

  const State& state_;
  const absl::string_view party_;
  const CivilDate today_;
  std::set<std::string, std::less<>> principals_;
};

bool HoldsIt(const v1::CertificateContent& content, absl::string_view party) {
  for (const v1::Holder& holder : content.holders()) {
    if (holder.party_number() == party) return true;
  }
  return false;
}

// Of certificates that may still be valid.
std::set<std::string> WithOpenRenewal(const State& state) {
  std::set<std::string> numbers;
  for (const std::string& number : state.open_requests) {
    const v1::CertificateRequest& request = state.requests.at(number);
    if (request.body().has_renewal()) {
      numbers.insert(request.certificate_number());
    }
  }
  return numbers;
}

// Months from the first day on which some certificate can be renewed to the
// instant at which the clock ends it.
int LongestWindow(const State& state) {
  uint32_t months = 0;
  for (const auto& [sha256, values] : state.profiles) {
    months = std::max(months, values->Months(kRenewalWindow).value_or(0) +
                                  values->Months(kRenewalGrace).value_or(0));
  }
  return static_cast<int>(months) + 1;
}

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
  std::vector<QueueLine> all = lines.Take();
  all.erase(std::remove_if(all.begin(), all.end(),
                           [](const QueueLine& line) {
                             return AwaitedFor(line.step) != Awaited::kRegistry;
                           }),
            all.end());
  return all;
}

std::vector<QueueLine> ExpectedOf(const State& state, absl::string_view party,
                                  int64_t now_ms) {
  Lines lines(state, now_ms);
  const Part part(state, party, ShanghaiDate(now_ms));
  for (const std::string& number : state.open_drafts) {
    const v1::Draft& draft = state.drafts.at(number);
    if (part.In(draft)) lines.AddDraft(draft);
  }
  for (const std::string& number : state.open_applications) {
    const v1::Application& application = state.applications.at(number);
    if (part.In(application)) lines.AddApplication(application);
  }
  for (const std::string& number : state.open_requests) {
    const v1::CertificateRequest& request = state.requests.at(number);
    if (part.In(request)) lines.AddRequest(request);
  }
  return lines.Take();
}

std::vector<ExpiringCertificate> ExpiringCertificates(const State& state,
                                                      absl::string_view party,
                                                      const CivilDate& today) {
  std::vector<ExpiringCertificate> expiring;
  // The clock owes the expiry of each that is valid, but for those with an
  // open renewal.
  std::set<std::string> valid = WithOpenRenewal(state);
  const int64_t begin_ms = StartOfDayMs(today);
  const int64_t end_ms = EndOfDayMs(AddMonths(today, LongestWindow(state)));
  for (auto due = state.due.lower_bound({begin_ms, DueKind{}, ""});
       due != state.due.end() && due->at_ms <= end_ms; ++due) {
    if (due->kind == DueKind::kExpiry) valid.insert(due->key);
  }
  for (const std::string& number : valid) {
    const v1::Certificate& certificate = state.certificates.at(number);
    if (certificate.status().state() != v1::VALID) continue;
    if (!party.empty() && !HoldsIt(certificate.content(), party)) continue;
    const auto end = ParseDate(certificate.content().valid_to());
    const Profile* values = ValuesOf(
        state, certificate.profile().sha256().empty() ? ProfileOn(state, today)
                                                      : certificate.profile());
    if (!end.has_value() || values == nullptr) continue;
    const auto months = values->Months(kRenewalWindow);
    if (!months.ok()) continue;
    const CivilDate from = AddMonths(*end, -static_cast<int>(*months));
    if (today < from) continue;
    expiring.push_back(
        {number, *end, from, DayNumber(*end) - DayNumber(today)});
  }
  std::stable_sort(
      expiring.begin(), expiring.end(),
      [](const auto& a, const auto& b) { return a.valid_to < b.valid_to; });
  return expiring;
}

}  // namespace dataip::registry
