// What the data are: sources, table of fields, size, format, update.
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/registry/form/form_checks.h"
#include "core/registry/values/civil_date.h"

namespace dataip::registry {
namespace {

bool NeedsContract(v1::Acquisition acquisition) {
  return acquisition == v1::AUTHORIZED || acquisition == v1::PURCHASED ||
         acquisition == v1::PUBLIC_AUTHORIZED_OPERATION ||
         acquisition == v1::ACQUISITION_OTHER;
}

void CheckContract(const v1::Source& source, int index,
                   const FormContext& context, Violations& out) {
  const bool needed = NeedsContract(source.acquisition());
  if (needed && !source.has_contract()) {
    Report({"sources", index, "contract"},
           {"", "B06", "该来源须附合同或许可文件，请上传",
            "this source needs its contract or licence file; upload it", ""},
           out);
  }
  if (source.has_contract()) {
    CheckFile({"sources", index, "contract"}, source.contract(), out);
  }
  if (!needed && !source.has_contract() && source.contract_end().empty()) {
    return;
  }
  const std::optional<CivilDate> end = ParseDate(source.contract_end());
  if (!end) {
    Report({"sources", index, "contract_end"},
           {"", "B07", "合同到期日缺失或不是 YYYY-MM-DD 形式的日期，请填写",
            "the end of the contract is missing or not a date YYYY-MM-DD; give "
            "it",
            ""},
           out);
  } else if (*end < ShanghaiDate(context.filed_at_ms)) {
    Report({"sources", index, "contract_end"},
           {"", "B07", "合同在申请日之前已到期，请附有效合同",
            "the contract ended before the day of filing; give one in force",
            "登记有效期以合同到期日为限"},
           out);
  }
}

void CheckSource(const v1::Source& source, int index,
                 const FormContext& context, Violations& out) {
  if (source.category() == v1::SOURCE_CATEGORY_UNSPECIFIED) {
    Report({"sources", index, "category"},
           {"", "B06", "请选择数据来源类别：个人、企业或公共",
            "choose the source: PERSONAL, ENTERPRISE or PUBLIC", ""},
           out);
  }
  if (source.acquisition() == v1::ACQUISITION_UNSPECIFIED) {
    Report({"sources", index, "acquisition"},
           {"", "B06", "请选择数据获取方式，如自行采集、授权、购买",
            "choose how the data were acquired, e.g. SELF_COLLECTED", ""},
           out);
    return;
  }
  const size_t least = NeedsContract(source.acquisition()) ? 0 : 2;
  CheckText({"sources", index, "method"},
            {"B06", "数据采集的渠道与方法", "the channel and method", least,
             limits::kTextCharacters, true},
            source.method(), out);
  CheckContract(source, index, context, out);
}

void CheckFields(const v1::ApplicationForm& form, Violations& out) {
  const int count = form.fields_size();
  if (count < limits::kFieldsLeastPerForm || count > limits::kFieldsPerForm) {
    Report({"fields"},
           {"", "B08",
            absl::StrCat("数据字段应为 2 至 500 个，现为 ", count,
                         " 个，请补全字段表"),
            absl::StrCat("the field table takes 2 to 500 fields, not ", count,
                         "; complete it"),
            ""},
           out);
    return;
  }
  std::set<absl::string_view> names;
  for (int i = 0; i < count; ++i) {
    const v1::DataField& field = form.fields(i);
    CheckText(
        {"fields", i, "name"},
        {"B08", "字段名称", "the field's name", 1, limits::kLineCharacters},
        field.name(), out);
    if (!names.insert(field.name()).second) {
      Report(
          {"fields", i, "name"},
          {"", "B08", absl::StrCat("字段名称“", field.name(), "”重复，请改名"),
           absl::StrCat("the field name `", field.name(),
                        "` stands twice; rename one"),
           ""},
          out);
    }
    CheckText(
        {"fields", i, "type"},
        {"B08", "字段类型", "the field's type", 1, limits::kLineCharacters},
        field.type(), out);
    CheckText({"fields", i, "meaning"},
              {"B08", "字段含义", "the field's meaning", 1,
               limits::kReasonCharacters},
              field.meaning(), out);
    CheckText(
        {"fields", i, "unit"},
        {"B08", "字段单位", "the field's unit", 0, limits::kLineCharacters},
        field.unit(), out);
    if (field.classification() == v1::FIELD_CLASSIFICATION_UNSPECIFIED) {
      Report({"fields", i, "classification"},
             {"", "B17", "请为字段选择数据分类，如一般、个人信息",
              "choose the field's class, e.g. GENERAL", "GB/T 43697-2024"},
             out);
    } else if (field.classification() == v1::CORE) {
      Report({"fields", i, "classification"},
             {"", "B17", "核心数据不得登记，请删除该字段或依规报数据主管部门",
              "core data cannot be registered; remove the field or go to the "
              "data department",
              "GB/T 43697-2024"},
             out);
    }
  }
}

void CheckSize(const v1::ApplicationForm& form, Violations& out) {
  if (form.record_count() <= 1) {
    Report({"record_count"},
           {"", "B11", "单条数据不可登记，记录数应大于 1，请核对",
            "a single record cannot be registered: the count is over 1; check "
            "it",
            ""},
           out);
    return;
  }
  const bool plausible =
      form.byte_size() >= form.record_count() &&
      form.byte_size() / form.record_count() <= limits::kBytesPerRecord;
  if (!plausible) {
    Report({"byte_size"},
           {"", "B11",
            "数据大小与记录数不相称(每条应为 1 至 10000000 字节)，请核对",
            "the size does not fit the count (1 to 10,000,000 bytes a "
            "record); check both",
            ""},
           out);
  }
}

void CheckFormat(const v1::ApplicationForm& form, Violations& out) {
  if (form.storage_format() == v1::STORAGE_FORMAT_UNSPECIFIED) {
    Report({"storage_format"},
           {"", "FORMAT", "请选择数据格式，如 CSV、JSON",
            "choose the storage format, e.g. CSV", ""},
           out);
  }
  const bool other = form.storage_format() == v1::STORAGE_FORMAT_OTHER;
  if (other) {
    CheckText({"storage_format_text"},
              {"FORMAT", "其他数据格式的说明", "the words for another format",
               1, limits::kLineCharacters},
              form.storage_format_text(), out);
  } else if (!form.storage_format_text().empty()) {
    Report({"storage_format_text"},
           {"", "FORMAT", "仅数据格式为“其他”时填写说明，请清空此项",
            "the words go with another format only; empty the field", ""},
           out);
  }
  if (form.update_frequency() == v1::UPDATE_FREQUENCY_UNSPECIFIED) {
    Report({"update_frequency"},
           {"", "FREQUENCY", "请选择更新频次，如每日、每月、静态",
            "choose the update frequency, e.g. DAILY", ""},
           out);
  }
}

void CheckCoverage(const v1::ApplicationForm& form, Violations& out) {
  const std::optional<CivilDate> from = ParseDate(form.coverage_from());
  const std::optional<CivilDate> to = ParseDate(form.coverage_to());
  const bool bad_from = !form.coverage_from().empty() && !from;
  const bool bad_to = !form.coverage_to().empty() && !to;
  if (bad_from || bad_to) {
    Report({bad_from ? "coverage_from" : "coverage_to"},
           {"", "COVERAGE", "数据期限不是 YYYY-MM-DD 形式的日期，请修改",
            "the day covered is not a date YYYY-MM-DD; change it", ""},
           out);
  } else if (from && to && *to < *from) {
    Report({"coverage_to"},
           {"", "COVERAGE", "数据期限的止日早于起日，请核对",
            "the last day covered is before the first; check both", ""},
           out);
  }
}

}  // namespace

void CheckSources(const v1::ApplicationForm& form, const FormContext& context,
                  Violations& out) {
  const int count = form.sources_size();
  if (count < 1 || count > limits::kSourcesPerForm) {
    Report({"sources"},
           {"", "B06", "数据来源应为 1 至 20 项，请填写",
            "an application has 1 to 20 sources; give them", ""},
           out);
    return;
  }
  for (int i = 0; i < count; ++i) {
    CheckSource(form.sources(i), i, context, out);
  }
}

void CheckStructure(const v1::ApplicationForm& form, Violations& out) {
  CheckFields(form, out);
  CheckSize(form, out);
  CheckFormat(form, out);
  CheckCoverage(form, out);
}

}  // namespace dataip::registry
