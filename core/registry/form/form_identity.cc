// Who files what: reference, name, kind of object, applicants, codes, scene.
#include <array>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/registry/form/form_checks.h"
#include "core/registry/values/identifiers.h"
#include "core/registry/values/personal_data.h"

namespace dataip::registry {
namespace {

bool EndsWith(absl::string_view text, absl::string_view end) {
  return text.size() >= end.size() &&
         text.substr(text.size() - end.size()) == end;
}

template <typename Words>
bool EndsWithAny(absl::string_view text, const Words& words) {
  for (absl::string_view word : words) {
    if (EndsWith(text, word)) return true;
  }
  return false;
}

bool HasWebAddress(absl::string_view text) {
  for (absl::string_view sign : {"://", "www.", ".com", ".cn", ".net"}) {
    if (text.find(sign) != absl::string_view::npos) return true;
  }
  return false;
}

// What a place wants of a name is in its profile: use, contents, and at the end
// one of its nouns.
void CheckNouns(const std::string& name, const Profile& profile,
                Violations& out) {
  const std::vector<std::string> nouns = profile.List(kNameNouns);
  if (nouns.empty()) return;
  constexpr std::array<absl::string_view, 3> kProducts = {"平台", "系统",
                                                          "软件"};
  // Two of the four are the noun itself.
  constexpr size_t kLeastHan = 4;
  const std::string words = absl::StrJoin(nouns, "、");
  Fault fault{"", "B01", "", "", std::string(profile.ClauseOf(kNameNouns))};
  if (EndsWithAny(name, kProducts)) {
    fault.zh =
        absl::StrCat("名称以“平台、系统、软件”结尾，登记的应是数据，请改为以“",
                     words, "”之一结尾");
    fault.en = absl::StrCat(
        "the name ends in a word for software, what is registered is data; "
        "end it in one of ",
        words);
  } else if (!EndsWithAny(name, nouns)) {
    fault.zh = absl::StrCat("名称应以“", words, "”之一结尾，请补上");
    fault.en = absl::StrCat("the name must end in one of ", words, "; add it");
  } else if (base::CountHan(name) < kLeastHan) {
    fault.zh = "名称应以中文写明应用场景，请在“数据”之前补充";
    fault.en =
        "the name must say in Chinese what the data are for; add it "
        "before the noun";
  } else {
    return;
  }
  Report({"name"}, std::move(fault), out);
}

void CheckName(const std::string& name, const FormContext& context,
               Violations& out) {
  const size_t before = out.size();
  CheckText({"name"},
            {"B01", "数据知识产权名称", "the name",
             limits::kFormNameLeastCharacters, limits::kFormNameCharacters},
            name, out);
  if (out.size() != before) return;
  if (HasWebAddress(name)) {
    Report({"name"},
           {"", "B01", "名称中不得有网址，请删除",
            "the name holds a web address; remove it", ""},
           out);
  } else if (context.profile != nullptr) {
    CheckNouns(name, *context.profile, out);
  }
}

bool IsIndustryCode(absl::string_view code) {
  if (code.size() < 3 || code.size() > 5) return false;
  if (code[0] < 'A' || code[0] > 'T') return false;
  for (char c : code.substr(1)) {
    if (c < '0' || c > '9') return false;
  }
  return true;
}

void CheckIndustry(absl::string_view field, const std::string& code,
                   const CodeTable* table, Violations& out) {
  if (IsIndustryCode(code) && (table == nullptr || table->Contains(code))) {
    return;
  }
  Report({field},
         {"", "B04",
          absl::StrCat("行业代码“", code,
                       "”不在国民经济行业分类表中，请填门类字母加 2 至 4 "
                       "位数字，如 C4016"),
          absl::StrCat("industry code `", code,
                       "` is not in the table; give a letter and 2 to 4 "
                       "digits, e.g. C4016"),
          "GB/T 4754-2017"},
         out);
}

void CheckScenario(const v1::Scenario& scenario, Violations& out) {
  struct Part {
    absl::string_view member;
    absl::string_view zh;
    absl::string_view en;
    const std::string& text;
  };
  const std::array<Part, 4> parts = {
      Part{"conditions", "应用场景的条件", "scenario.conditions",
           scenario.conditions()},
      Part{"scope", "应用场景的范围", "scenario.scope", scenario.scope()},
      Part{"object", "应用场景的对象", "scenario.object", scenario.object()},
      Part{"problem_solved", "应用场景解决的问题", "scenario.problem_solved",
           scenario.problem_solved()}};
  const size_t before = out.size();
  size_t characters = 0;
  for (const Part& part : parts) {
    characters += base::CountCharacters(part.text);
    CheckText({"scenario", -1, part.member},
              {"B05", part.zh, part.en, 1, limits::kScenarioCharacters, true},
              part.text, out);
  }
  if (out.size() != before) return;
  if (characters < limits::kScenarioLeastCharacters ||
      characters > limits::kScenarioCharacters) {
    Report({"scenario"},
           {"", "B05",
            absl::StrCat("应用场景四项合计应为 50 至 2000 个字符，现为 ",
                         characters, " 个，请写明条件、范围、对象与解决的问题"),
            absl::StrCat("the four parts of the scene take 50 to 2,000 "
                         "characters together, not ",
                         characters, "; say more or less"),
            ""},
           out);
  }
}

// B23: text that everybody reads.
void CheckPublicText(const Path& path, const std::string& text,
                     Violations& out) {
  for (PersonalDataKind kind : ScanPublicText(text)) {
    Report(path,
           {"", "B23",
            absl::StrCat("公开文字中疑似含有", NameZh(kind), "，请",
                         MaskingAdvice(kind)),
            absl::StrCat("public text seems to hold a ", NameEn(kind), "; ",
                         MaskingAdviceEn(kind)),
            "个人信息保护法第二十八条"},
           out);
  }
}

}  // namespace

void CheckIdentity(const v1::ApplicationForm& form, const FormContext& context,
                   Violations& out) {
  if (!IsPrintableWord(form.client_reference(), limits::kReferenceBytes)) {
    Report(
        {"client_reference"},
        {"", "REFERENCE", "申请人自编号应为 1 至 64 个无空格的半角字符，请修改",
         "the client reference takes 1 to 64 bytes of 0x21 to 0x7e; change "
         "it",
         ""},
        out);
  }
  CheckName(form.name(), context, out);
  CheckPublicText({"name"}, form.name(), out);
  const std::string& kind = v1::ObjectKind_Name(form.object_kind());
  const bool allowed = form.object_kind() != v1::OBJECT_KIND_UNSPECIFIED &&
                       (context.profile == nullptr ||
                        context.profile->Lists(kObjectKinds, kind));
  if (!allowed) {
    Fault fault{"", "B24", "本地登记规则不接受这一登记对象类型，请改为数据集合",
                "the rules here do not take this kind of object; use DATA_SET",
                ""};
    if (context.profile != nullptr) {
      fault.clause = std::string(context.profile->ClauseOf(kObjectKinds));
    }
    Report({"object_kind"}, std::move(fault), out);
  }
}

void CheckApplicants(const v1::ApplicationForm& form, Violations& out) {
  const int count = form.applicants_size();
  if (count < 1 || count > limits::kApplicantsPerForm) {
    Report({"applicants"},
           {"", "APPLICANTS", "申请人应为 1 至 7 个，请修改",
            "an application has 1 to 7 applicants; change them", ""},
           out);
    return;
  }
  std::set<absl::string_view> numbers;
  int primaries = 0;
  int with_share = 0;
  uint64_t sum_bp = 0;
  for (int i = 0; i < count; ++i) {
    const v1::Applicant& applicant = form.applicants(i);
    primaries += applicant.primary() ? 1 : 0;
    with_share += applicant.share_bp() > 0 ? 1 : 0;
    sum_bp += applicant.share_bp();
    if (!IsPartyNumber(applicant.party_number()) ||
        !numbers.insert(applicant.party_number()).second) {
      Report({"applicants", i, "party_number"},
             {"", "B02", "申请人的主体编号缺失、有误或重复，请核对",
              "the applicant's party number is missing, wrong or repeated; "
              "check it",
              ""},
             out);
    }
  }
  if (primaries != 1) {
    Report({"applicants"},
           {"", "APPLICANTS", "应当有且只有一个第一申请人，请修改",
            "exactly one applicant is the primary one; change it", ""},
           out);
  }
  if (with_share != 0 &&
      (with_share != count || sum_bp != limits::kWholeShareBp)) {
    Report({"applicants"},
           {"", "SHARES",
            "份额应全部留空(共同共有)，或全部填写且合计 10000 个基点，请修改",
            "shares are all empty (joint), or all given with the sum 10,000 "
            "basis points; change them",
            ""},
           out);
  }
}

void CheckPlace(const v1::ApplicationForm& form, const FormContext& context,
                Violations& out) {
  CheckIndustry("industry_code", form.industry_code(), context.industries, out);
  if (!form.scenario_industry_code().empty()) {
    CheckIndustry("scenario_industry_code", form.scenario_industry_code(),
                  context.industries, out);
  }
  const std::string& region = form.region_code();
  bool six_digits = region.size() == 6;
  for (char c : region) six_digits = six_digits && c >= '0' && c <= '9';
  if (!six_digits ||
      (context.regions != nullptr && !context.regions->Contains(region))) {
    Report({"region_code"},
           {"", "REGION",
            absl::StrCat("行政区划代码“", region,
                         "”不在代码表中，请填 6 位代码，如 330382"),
            absl::StrCat("region code `", region,
                         "` is not in the table; give six digits, e.g. "
                         "330382"),
            "GB/T 2260"},
           out);
  }
  CheckScenario(form.scenario(), out);
  CheckPublicText({"scenario", -1, "conditions"}, form.scenario().conditions(),
                  out);
  CheckPublicText({"scenario", -1, "scope"}, form.scenario().scope(), out);
  CheckPublicText({"scenario", -1, "object"}, form.scenario().object(), out);
  CheckPublicText({"scenario", -1, "problem_solved"},
                  form.scenario().problem_solved(), out);
}

}  // namespace dataip::registry
