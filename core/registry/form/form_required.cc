// Fields that one place needs and another does not (`form.required`).
#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/registry/form/form_checks.h"
#include "core/registry/form/form_path.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace dataip::registry {
namespace {

struct FieldName {
  absl::string_view field;
  absl::string_view zh;
};

// Those that a place may want; others are called by their path.
constexpr FieldName kNames[] = {{"algorithm_summary", "算法规则简要说明"},
                                {"coverage_from", "数据期限起日(更新期限)"},
                                {"coverage_to", "数据期限止日(更新期限)"},
                                {"intents", "运用意向"},
                                {"prior_registrations", "首次登记声明"},
                                {"scenario_industry_code", "应用场景行业"},
                                {"storage_format", "数据格式"},
                                {"update_frequency", "更新频次"}};

std::string NameZhOf(absl::string_view field) {
  for (const FieldName& name : kNames) {
    if (name.field == field) return absl::StrCat("“", name.zh, "”");
  }
  return absl::StrCat(" ", field);
}

bool IsFilled(const v1::ApplicationForm& form, const std::string& field) {
  const auto* descriptor =
      v1::ApplicationForm::descriptor()->FindFieldByName(field);
  const auto& reflection = *v1::ApplicationForm::GetReflection();
  return descriptor->is_repeated() ? reflection.FieldSize(form, descriptor) > 0
                                   : reflection.HasField(form, descriptor);
}

bool IsAtFault(absl::string_view field, const Violations& violations) {
  return std::any_of(violations.begin(), violations.end(),
                     [field](const rpc::v1::FieldViolation& one) {
                       return TopLevelField(one.field()) == field;
                     });
}

}  // namespace

void CheckRequired(const v1::ApplicationForm& form, const FormContext& context,
                   Violations& out) {
  if (context.profile == nullptr) return;
  for (const std::string& field : context.profile->List(kFormRequired)) {
    if (IsFilled(form, field) || IsAtFault(field, out)) continue;
    Report({field},
           {"", "REQUIRED",
            absl::StrCat("适用的登记规则要求填写", NameZhOf(field), "，请填写"),
            absl::StrCat("the profile that rules this case needs ", field,
                         "; fill it in"),
            std::string(context.profile->ClauseOf(kFormRequired))},
           out);
  }
}

}  // namespace dataip::registry
