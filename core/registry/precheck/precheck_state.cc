#include "core/registry/precheck/precheck_state.h"

#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/application/duplicates.h"
#include "core/registry/application/filing.h"
#include "core/registry/party/attorneys.h"
#include "core/registry/state/case.h"
#include "core/registry/values/civil_date.h"

namespace dataip::registry {
namespace {

void Add(absl::string_view rule, absl::string_view field, Severity severity,
         std::pair<std::string, std::string> reason, std::vector<Finding>& out,
         absl::string_view clause = "") {
  Finding finding;
  finding.clause = std::string(clause);
  finding.rule = std::string(rule);
  finding.field = std::string(field);
  finding.severity = severity;
  finding.reason_zh = std::move(reason.first);
  finding.reason_en = std::move(reason.second);
  AddFinding(std::move(finding), out);
}

void CheckRegistered(const State& state, const v1::ApplicationForm& form,
                     std::vector<Finding>& out) {
  for (int i = 0; i < form.applicants_size(); ++i) {
    const std::string& number = form.applicants(i).party_number();
    if (FindParty(state, number) != nullptr) continue;
    Add("B02", absl::StrCat("applicants[", i, "].party_number"),
        Severity::kBlocks,
        {absl::StrCat("主体 ", number, " 未登记"),
         absl::StrCat("party ", number, " is not registered")},
        out);
  }
}

void CheckReference(const State& state, const v1::ApplicationForm& form,
                    const PrecheckParties& parties, std::vector<Finding>& out) {
  const std::string* taken =
      FindReference(state, PrimaryOf(form), form.client_reference());
  if (taken == nullptr || *taken == parties.application_no) return;
  Finding finding;
  finding.field = "client_reference";
  finding.rule = "REFERENCE";
  finding.reason_zh =
      absl::StrCat("自编号“", form.client_reference(), "”已用于申请 ", *taken);
  finding.reason_en = absl::StrCat("the reference `", form.client_reference(),
                                   "` is that of application ", *taken);
  finding.remedy_zh = "请换一个编号";
  finding.remedy_en = "use another";
  AddFinding(std::move(finding), out);
}

// As Decide has it: one that signs alone may do so for each applicant whose
// power to file it holds.
bool IsSignedFor(const std::string& party, const std::string& actor,
                 const PrecheckContext& context) {
  const PrecheckParties& parties = context.parties;
  if (parties.signed_by->count(party) != 0) return true;
  return parties.state != nullptr &&
         *parties.signed_by == std::set<std::string>{actor} &&
         MayActFor(*parties.state, {actor, party, v1::ACT_FILE, ""},
                   ShanghaiDate(context.form.filed_at_ms));
}

// B03, B21: with signatures, whose are missing; without, who has to sign.
void CheckSignatures(const v1::ApplicationForm& form,
                     const PrecheckContext& context,
                     std::vector<Finding>& out) {
  const PrecheckParties& parties = context.parties;
  if (parties.signed_by == nullptr) {
    if (form.applicants_size() < 2) return;
    Add("B03", "applicants", Severity::kTells,
        {absl::StrCat("本申请须由全体 ", form.applicants_size(),
                      " 个申请人签署"),
         absl::StrCat("all ", form.applicants_size(), " applicants sign")},
        out);
    return;
  }
  const std::string& primary = PrimaryOf(form);
  const std::string& actor = parties.actor.empty() ? primary : parties.actor;
  if (parties.signed_by->count(actor) == 0) {
    Add("B21", "commitment_text", Severity::kBlocks,
        {absl::StrCat("承诺书未经 ", actor, " 签署"),
         absl::StrCat("the letter is not signed by ", actor)},
        out);
  }
  for (int i = 0; i < form.applicants_size(); ++i) {
    const v1::Applicant& applicant = form.applicants(i);
    if (applicant.primary() ||
        IsSignedFor(applicant.party_number(), actor, context)) {
      continue;
    }
    Add("B03", absl::StrCat("applicants[", i, "]"), Severity::kBlocks,
        {absl::StrCat("共同申请人 ", applicant.party_number(), " 未签署"),
         absl::StrCat("co-applicant ", applicant.party_number(),
                      " has not signed")},
        out);
  }
}

void CheckAgent(const State& state, const v1::ApplicationForm& form,
                const PrecheckContext& context, std::vector<Finding>& out) {
  const std::string& principal = PrimaryOf(form);
  const std::string& actor = context.parties.actor;
  if (actor.empty() || actor == principal) return;
  const bool filed = !context.parties.application_no.empty();
  const Acting acting{actor, principal, filed ? v1::ACT_CORRECT : v1::ACT_FILE,
                      context.parties.application_no};
  if (MayActFor(state, acting, ShanghaiDate(context.form.filed_at_ms))) return;
  Add("B22", "applicants", Severity::kBlocks,
      {absl::StrCat(actor, " 没有 ", principal, " 今日有效的申请代理权"),
       absl::StrCat(actor, " holds no power of ", principal,
                    " to file on this day")},
      out);
}

// The clause under which the same data are refused a second time.
absl::string_view ClauseOfRepetition(const PrecheckContext& context) {
  return context.form.profile == nullptr
             ? absl::string_view()
             : context.form.profile->ClauseOf(kGroundOfRepetition);
}

// One's own, and what everybody knows by its public notice.
bool MayKnow(const State& state, const v1::ApplicationForm& form,
             const std::string& application_no) {
  const v1::Application* other = FindApplication(state, application_no);
  return other != nullptr && (other->notice_opened_at_ms() != 0 ||
                              PrimaryOf(other->form()) == PrimaryOf(form));
}

std::pair<std::string, std::string> DuplicateReason(
    const State& state, const v1::ApplicationForm& form,
    const PrecheckParties& parties, v1::DuplicateReport report,
    uint32_t threshold) {
  if (!parties.for_officers) {
    KeepKnown(
        [&](const std::string& number) { return MayKnow(state, form, number); },
        report);
  }
  if (report.score() < threshold) {
    return {"与另一件尚未公示的申请相似",
            "alike an application of which no "
            "notice is public yet"};
  }
  return {absl::StrCat("查重得分 ", report.score(), "/1000", ":",
                       report.reason_zh()),
          absl::StrCat("duplicate score ", report.score(),
                       "/1000: ", report.reason_en())};
}

void CheckDuplicates(const State& state, const v1::ApplicationForm& form,
                     const PrecheckContext& context,
                     std::vector<Finding>& out) {
  const DuplicateSearch search{context.parties.application_no,
                               DuplicateThreshold(*context.form.profile)};
  const v1::DuplicateReport report = FindDuplicates(state, form, search);
  const bool explained = !form.duplicate_explanation().empty();
  if (report.score() >= search.threshold) {
    Add("B18", "duplicate_explanation",
        explained ? Severity::kTells : Severity::kWarns,
        DuplicateReason(state, form, context.parties, report, search.threshold),
        out, ClauseOfRepetition(context));
  }
  if (report.same_series() == 0) return;
  Finding finding;
  finding.field = "series";
  finding.rule = "B18";
  finding.severity = Severity::kTells;
  finding.reason_zh = absl::StrCat("同一系列“", form.series(), "”另有 ",
                                   report.same_series(), " 件申请");
  finding.reason_en =
      absl::StrCat("same series: ", report.same_series(),
                   " other applications of `", form.series(), "`");
  finding.remedy_zh = "无需处理";
  finding.remedy_en = "nothing to do";
  AddFinding(std::move(finding), out);
}

bool EndedWithoutRegistration(const v1::Application& application) {
  return application.state() == v1::WITHDRAWN ||
         application.state() == v1::REFUSED ||
         application.state() == v1::DEEMED_WITHDRAWN;
}

// B20: the predecessor that is named is one, and one that is there is named.
void CheckEarlier(const State& state, const v1::ApplicationForm& form,
                  const PrecheckContext& context, std::vector<Finding>& out) {
  if (!form.predecessor_no().empty()) {
    if (auto refusal = CheckPredecessor(state, form)) {
      for (const auto& violation : refusal->violations) {
        out.push_back(FindingOf(violation));
      }
    }
    return;
  }
  const auto* same = FindOfFile(state, form.deposit().file_sha256());
  if (same == nullptr) return;
  size_t looked = 0;
  for (auto it = same->rbegin();
       it != same->rend() && looked++ < limits::kIndexLooked; ++it) {
    const v1::Application* earlier = FindApplication(state, *it);
    if (earlier == nullptr || *it == context.parties.application_no ||
        !EndedWithoutRegistration(*earlier) ||
        PrimaryOf(earlier->form()) != PrimaryOf(form)) {
      continue;
    }
    Add("B20", "predecessor_no", Severity::kWarns,
        {absl::StrCat("同一数据文件曾以申请 ", *it,
                      " 提出，后撤回或不予登记，本次未予关联"),
         absl::StrCat("the same data file was application ", *it,
                      ", which ended without registration and is not named")},
        out, ClauseOfRepetition(context));
    return;
  }
}

}  // namespace

void CheckParties(const v1::ApplicationForm& form,
                  const PrecheckContext& context, std::vector<Finding>& out) {
  const PrecheckParties& parties = context.parties;
  CheckSignatures(form, context, out);
  if (parties.state == nullptr) return;
  const State& state = *parties.state;
  CheckReference(state, form, parties, out);
  CheckRegistered(state, form, out);
  CheckAgent(state, form, context, out);
  if (context.form.profile != nullptr) {
    CheckDuplicates(state, form, context, out);
  }
  CheckEarlier(state, form, context, out);
}

}  // namespace dataip::registry
