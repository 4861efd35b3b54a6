#include "core/registry/queue/queue.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "core/registry/queue/part.h"
#include "core/registry/queue/queue_lines.h"
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
    {Step::kReview, Awaited::kRegistry, "待审核", "review"},
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
  QueueLines lines(state, now_ms);
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
  QueueLines lines(state, now_ms);
  const Part part(state, party, ShanghaiDate(now_ms));
  for (const std::string& number : state.open_drafts) {
    const v1::Draft& draft = state.drafts.at(number);
    if (part.In(draft)) lines.AddDraft(draft);
  }
  std::set<std::string> shown;
  for (const std::string& number : OpenOf(state, part, party)) {
    const v1::Application& application = state.applications.at(number);
    if (!part.In(application)) continue;
    lines.AddApplication(application);
    shown.insert(number);
  }
  // All there ever were: few among the applications, and no list of them by
  // objector is kept.
  for (const auto& [number, objection] : state.objections) {
    if (part.In(objection) && shown.count(objection.application_no()) == 0) {
      lines.AddOwnObjection(objection);
    }
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
