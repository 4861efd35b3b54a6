#include "core/registry/precheck/precheck.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/registry/precheck/precheck_state.h"
#include "core/registry/values/civil_date.h"

namespace dataip::registry {
namespace {

constexpr absl::string_view kCheckField = "请按说明核对并修改该项";
constexpr absl::string_view kCheckFieldEn = "check the field and change it";

const PrecheckRule* FindRule(absl::string_view rule) {
  for (const PrecheckRule& known : PrecheckRules()) {
    if (known.rule == rule) return &known;
  }
  return nullptr;
}

// The remedy is what stands behind the last sign, e.g. `,请`.
struct Parted {
  std::string reason;
  std::string remedy;
};

Parted PartZh(const std::string& text) {
  const absl::string_view message(text);
  size_t at = absl::string_view::npos;
  size_t skip = 0;
  for (absl::string_view sign : {"，请", "；请", "，可"}) {
    const size_t found = message.rfind(sign);
    if (found == absl::string_view::npos) continue;
    if (at != absl::string_view::npos && found < at) continue;
    at = found;
    skip = sign.size() - absl::string_view("请").size();
  }
  if (at == absl::string_view::npos) return {text, ""};
  return {text.substr(0, at), text.substr(at + skip)};
}

Parted PartEn(const std::string& message) {
  constexpr std::string_view kSign = "; ";
  const size_t at = message.rfind(kSign);
  if (at == std::string::npos) return {message, ""};
  return {message.substr(0, at), message.substr(at + kSign.size())};
}

// What kind of work the words of an account speak of; each counts once.
size_t StepsNamed(absl::string_view text) {
  constexpr std::array<std::array<absl::string_view, 8>, 8> kSteps = {{
      {"采集", "收集", "读取", "接入", "汇集", "导入", "collect", "read"},
      {"剔除", "清洗", "去重", "删除", "过滤", "去除", "clean", "remov"},
      {"补齐", "插补", "填补", "平滑", "校正", "标注", "fill", "correct"},
      {"汇总", "聚合", "统计", "分组", "求和", "均值", "aggregat", "group"},
      {"计算", "差分", "之差", "加权", "模型", "公式", "comput", "model"},
      {"关联", "匹配", "对齐", "合并", "编码", "分类", "join", "match"},
      {"脱敏", "脱去", "随机化", "匿名", "加密", "去标识", "mask", "anonym"},
      {"校验", "检验", "抽检", "比对", "核查", "验证", "check", "verif"},
  }};
  size_t named = 0;
  for (const auto& words : kSteps) {
    named += std::any_of(words.begin(), words.end(),
                         [&](absl::string_view word) {
                           return text.find(word) != absl::string_view::npos;
                         })
                 ? 1
                 : 0;
  }
  return named;
}

void CheckSteps(const v1::ApplicationForm& form, std::vector<Finding>& out) {
  constexpr size_t kLeastSteps = 2;
  if (form.algorithm_summary().empty()) return;
  if (StepsNamed(form.algorithm_summary()) >= kLeastSteps) return;
  AddFinding({.field = "algorithm_summary",
              .rule = "B15",
              .clause = "",
              .reason_zh = "算法规则说明没有写明两个以上的处理步骤",
              .reason_en = "the account names fewer than two steps of work",
              .remedy_zh = "",
              .remedy_en = "",
              .severity = Severity::kWarns},
             out);
}

// B07: the certificate ends with the contract.
void TellCap(const v1::ApplicationForm& form, const FormContext& context,
             std::vector<Finding>& out) {
  if (context.profile == nullptr) return;
  const auto years = context.profile->Years(kCertificateTerm);
  if (!years.ok()) return;
  const CivilDate full =
      AddYears(ShanghaiDate(context.filed_at_ms), static_cast<int>(*years));
  for (int i = 0; i < form.sources_size(); ++i) {
    const std::optional<CivilDate> end =
        ParseDate(form.sources(i).contract_end());
    if (!end || full < *end) continue;
    const std::string day = FormatDate(*end);
    AddFinding(
        {.field = absl::StrCat("sources[", i, "].contract_end"),
         .rule = "B07",
         .clause = std::string(context.profile->ClauseOf(kCertificateTerm)),
         .reason_zh = absl::StrCat("登记有效期将以合同到期日 ", day,
                                   " 为限，不足 ", *years, " 年"),
         .reason_en = absl::StrCat("the certificate will end with the "
                                   "contract on ",
                                   day, ", before ", *years, " years"),
         .remedy_zh = "如需更长有效期，请先续签合同",
         .remedy_en = "prolong the contract for a longer term",
         .severity = Severity::kTells},
        out);
  }
}

bool HasSource(const v1::ApplicationForm& form, v1::SourceCategory category) {
  return std::any_of(form.sources().begin(), form.sources().end(),
                     [category](const v1::Source& source) {
                       return source.category() == category;
                     });
}

Finding ClassFinding(int index, absl::string_view rule, Severity severity) {
  Finding finding;
  finding.field = absl::StrCat("fields[", index, "].classification");
  finding.rule = std::string(rule);
  finding.severity = severity;
  return finding;
}

// B16 and B17: what the classes of the fields ask for.
void CheckClasses(const v1::ApplicationForm& form, std::vector<Finding>& out) {
  const bool personal_source = HasSource(form, v1::PERSONAL);
  for (int i = 0; i < form.fields_size(); ++i) {
    const v1::FieldClassification its = form.fields(i).classification();
    if (its == v1::IMPORTANT) {
      Finding finding = ClassFinding(i, "B17", Severity::kWarns);
      finding.reason_zh = "含重要数据，须经数据主管部门处理，审查将相应延长";
      finding.reason_en =
          "important data go to the data department, which takes longer";
      finding.remedy_zh = "请准备风险评估材料，或核对分类";
      finding.remedy_en = "have the risk assessment ready, or check the class";
      AddFinding(std::move(finding), out);
    } else if (its == v1::SENSITIVE_PERSONAL) {
      Finding finding = ClassFinding(i, "B17", Severity::kWarns);
      finding.clause = "个人信息保护法第二十八条、第二十九条";
      finding.reason_zh = "含敏感个人信息，须有单独同意";
      finding.reason_en = "sensitive personal data need a separate consent";
      finding.remedy_zh = "请附单独同意的证明，或删除该字段";
      finding.remedy_en = "give proof of the consent, or remove the field";
      AddFinding(std::move(finding), out);
    }
    const bool personal =
        its == v1::PERSONAL_INFORMATION || its == v1::SENSITIVE_PERSONAL;
    if (personal && !personal_source && !form.has_deidentification()) {
      Finding finding = ClassFinding(i, "B16", Severity::kWarns);
      finding.reason_zh = "字段属个人信息，但来源未列个人，也没有去标识化说明";
      finding.reason_en =
          "the field is personal, yet no source is and nothing is said of "
          "de-identification";
      AddFinding(std::move(finding), out);
    }
  }
}

// B19: the examiner compares; twice the same is a slip.
void CheckPriors(const v1::ApplicationForm& form, std::vector<Finding>& out) {
  std::set<std::pair<std::string, std::string>> seen;
  for (int i = 0; i < form.prior_registrations_size(); ++i) {
    const v1::PriorRegistration& prior = form.prior_registrations(i);
    if (prior.number().empty()) continue;
    Finding finding;
    finding.field = absl::StrCat("prior_registrations[", i, "]");
    finding.rule = "B19";
    if (!seen.insert({prior.registry(), prior.number()}).second) {
      finding.reason_zh =
          absl::StrCat("在先登记 ", prior.number(), " 填写了两次");
      finding.reason_en =
          absl::StrCat("registration ", prior.number(), " stands twice");
      finding.remedy_zh = "请删除重复的一项";
      finding.remedy_en = "remove one of the two";
      finding.severity = Severity::kWarns;
    } else {
      finding.reason_zh =
          absl::StrCat("已声明在 ", prior.registry(), " 的登记，审查员将比对");
      finding.reason_en = absl::StrCat("declared with ", prior.registry(),
                                       "; the examiner will compare the two");
      finding.remedy_zh = "请备好该登记的证书";
      finding.remedy_en = "have that certificate ready";
      finding.severity = Severity::kTells;
    }
    AddFinding(std::move(finding), out);
  }
}

}  // namespace

absl::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kBlocks:
      return "BLOCKS";
    case Severity::kWarns:
      return "WARNS";
    case Severity::kTells:
      return "TELLS";
  }
  return "";
}

absl::string_view SeverityZh(Severity severity) {
  switch (severity) {
    case Severity::kBlocks:
      return "不予受理";
    case Severity::kWarns:
      return "警告";
    case Severity::kTells:
      return "提示";
  }
  return "";
}

void AddFinding(Finding finding, std::vector<Finding>& out) {
  const PrecheckRule* rule = FindRule(finding.rule);
  if (finding.remedy_zh.empty()) {
    finding.remedy_zh =
        std::string(rule == nullptr ? kCheckField : rule->remedy_zh);
  }
  if (finding.remedy_en.empty()) {
    finding.remedy_en =
        std::string(rule == nullptr ? kCheckFieldEn : rule->remedy_en);
  }
  if (finding.clause.empty() && rule != nullptr) {
    finding.clause = std::string(rule->clause);
  }
  out.push_back(std::move(finding));
}

Finding FindingOf(const rpc::v1::FieldViolation& violation) {
  Parted zh = PartZh(violation.message_zh());
  Parted en = PartEn(violation.message_en());
  std::vector<Finding> made;
  AddFinding({.field = violation.field(),
              .rule = violation.rule(),
              .clause = violation.clause(),
              .reason_zh = std::move(zh.reason),
              .reason_en = std::move(en.reason),
              .remedy_zh = std::move(zh.remedy),
              .remedy_en = std::move(en.remedy),
              .severity = Severity::kBlocks},
             made);
  return std::move(made.front());
}

std::vector<Finding> Precheck(const v1::ApplicationForm& form,
                              const PrecheckContext& context) {
  std::vector<Finding> findings;
  for (const auto& violation : ValidateForm(form, context.form)) {
    findings.push_back(FindingOf(violation));
  }
  for (const auto& violation :
       FindSealedInPublic(form, context.form.profile, context.sealed_values)) {
    findings.push_back(FindingOf(violation));
  }
  TellCap(form, context.form, findings);
  CheckSteps(form, findings);
  CheckClasses(form, findings);
  CheckPriors(form, findings);
  CheckParties(form, context, findings);
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) {
                     return a.severity < b.severity;
                   });
  return findings;
}

Severity Gravest(const std::vector<Finding>& findings) {
  Severity gravest = Severity::kTells;
  for (const Finding& finding : findings) {
    gravest = std::min(gravest, finding.severity);
  }
  return gravest;
}

}  // namespace dataip::registry
