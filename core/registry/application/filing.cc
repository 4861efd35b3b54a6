#include "core/registry/application/filing.h"

#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/registry/form/form_rules.h"

namespace dataip::registry {
namespace {

// B02: every applicant is registered.
void CheckParties(const State& state, const v1::ApplicationForm& form,
                  std::vector<rpc::v1::FieldViolation>& out) {
  for (int i = 0; i < form.applicants_size(); ++i) {
    const std::string& number = form.applicants(i).party_number();
    if (FindParty(state, number) != nullptr) continue;
    out.push_back(
        ViolationOf({absl::StrCat("applicants[", i, "].party_number"), "B02",
                     absl::StrCat("主体 ", number, " 未登记，请先登记主体"),
                     absl::StrCat("party ", number,
                                  " is not registered; register it "
                                  "first"),
                     ""}));
  }
}

MaybeRefusal CheckReference(const State& state,
                            const v1::ApplicationForm& form) {
  const std::string* taken =
      FindReference(state, PrimaryOf(form), form.client_reference());
  if (taken == nullptr) return std::nullopt;
  return Refuse(
      rpc::v1::ALREADY_EXISTS,
      {"client_reference", "REFERENCE",
       absl::StrCat("自编号“", form.client_reference(), "”已用于申请 ", *taken,
                    "，请换一个编号"),
       absl::StrCat("the reference `", form.client_reference(),
                    "` is that of application ", *taken, "; use another"),
       ""});
}

// The predecessor, and whatever the same applicant filed of the same file:
// leaving the link out does not shorten the time.
std::set<std::string> EarlierFilings(const State& state,
                                     const v1::ApplicationForm& form) {
  std::set<std::string> numbers;
  const auto* same = FindOfFile(state, form.deposit().file_sha256());
  if (same != nullptr) numbers = *same;
  if (!form.predecessor_no().empty()) numbers.insert(form.predecessor_no());
  return numbers;
}

}  // namespace

MaybeRefusal CheckCooloff(const Case& a_case, const v1::ApplicationForm& form) {
  const auto months = a_case.values->Months(kWithdrawCooloff);
  if (!months.ok() || *months == 0) return std::nullopt;
  for (const std::string& number : EarlierFilings(a_case.state, form)) {
    const v1::Application* earlier = FindApplication(a_case.state, number);
    if (earlier == nullptr || earlier->state() != v1::WITHDRAWN ||
        PrimaryOf(earlier->form()) != PrimaryOf(form)) {
      continue;
    }
    const auto at = a_case.state.withdrawn_at_ms.find(number);
    if (at == a_case.state.withdrawn_at_ms.end()) continue;
    const CivilDate free_from =
        AddMonths(ShanghaiDate(at->second), static_cast<int>(*months));
    if (!(a_case.today() < free_from)) continue;
    return Refuse(
        rpc::v1::RULE_REFUSES,
        {"predecessor_no",
         // A ground of refusal where the province has it.
         a_case.values->GroundText("R09").empty() ? "B20" : "R09",
         absl::StrCat("申请 ", number, " 撤回后须满 ", *months, " 个月，请自 ",
                      FormatDate(free_from), " 起再申请"),
         absl::StrCat("application ", number, " was withdrawn less than ",
                      *months, " months ago; file again from ",
                      FormatDate(free_from)),
         std::string(a_case.values->ClauseOf(kWithdrawCooloff))});
  }
  return std::nullopt;
}

MaybeRefusal CheckPredecessor(const State& state,
                              const v1::ApplicationForm& form) {
  const std::string& number = form.predecessor_no();
  if (number.empty()) return std::nullopt;
  const v1::Application* earlier = FindApplication(state, number);
  const bool ended =
      earlier != nullptr && (earlier->state() == v1::WITHDRAWN ||
                             earlier->state() == v1::DEEMED_WITHDRAWN ||
                             earlier->state() == v1::REFUSED);
  if (ended && PrimaryOf(earlier->form()) == PrimaryOf(form)) {
    return std::nullopt;
  }
  return Refuse(
      rpc::v1::INVALID_FIELD,
      {"predecessor_no", "B20",
       absl::StrCat("“", number,
                    "”不是本申请人已撤回、视为撤回或不予登记的申请，请更正或"
                    "留空"),
       absl::StrCat("`", number,
                    "` is no application of this applicant that was "
                    "withdrawn, deemed withdrawn or refused; mend it or leave "
                    "it out"),
       ""});
}

std::optional<google::protobuf::Timestamp> DepositTimeOf(
    const v1::ApplicationForm& form) {
  for (const v1::Evidence& evidence : form.evidence()) {
    if (evidence.kind() == v1::DEPOSIT) return evidence.time();
  }
  return std::nullopt;
}

std::optional<google::protobuf::Timestamp> KeptDepositTime(
    const v1::ApplicationForm& before, const v1::ApplicationForm& after) {
  if (before.deposit().SerializeAsString() !=
      after.deposit().SerializeAsString()) {
    return std::nullopt;
  }
  return DepositTimeOf(before);
}

MaybeRefusal CheckFiling(const Case& a_case, const Filing& filing) {
  const State& state = a_case.state;
  const v1::ApplicationForm& form = filing.form;
  RETURN_IF_REFUSED(CheckReference(state, form));
  const FormContext context{a_case.values,        state.industries.get(),
                            state.regions.get(),  a_case.command.issued_at(),
                            a_case.decided_at_ms, filing.earlier_deposit_at};
  auto violations = ValidateForm(form, context);
  CheckParties(state, form, violations);
  if (auto refusal = CheckPredecessor(state, form)) {
    violations.push_back(refusal->violations.front());
  }
  if (!violations.empty()) return RefuseForm(std::move(violations));
  return CheckCooloff(a_case, form);
}

}  // namespace dataip::registry
