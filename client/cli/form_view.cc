#include "client/cli/form_view.h"

#include <functional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "client/cli/case_labels.h"
#include "client/cli/form_labels.h"
#include "client/cli/labels.h"
#include "core/registry/values/civil_date.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

constexpr char kNotPublic[] = "未公开";

// Values that a form lacks: not public for one reader, not there for the
// other.
class Lines {
 public:
  Lines(FormReader reader, Record& record) : reader_(reader), record_(record) {}

  void Add(const std::string& name, const std::string& value) {
    if (!value.empty()) {
      record_.push_back({name, value});
    } else if (reader_ == FormReader::kPublic) {
      record_.push_back({name, kNotPublic});
    }
  }
  bool whole() const { return reader_ == FormReader::kWhole; }

 private:
  FormReader reader_;
  Record& record_;
};

// One line for each of `items`.
template <typename Items, typename Text>
std::string LineOfEach(const Items& items, const Text& text_of) {
  std::vector<std::string> lines;
  for (const auto& item : items) lines.push_back(text_of(item));
  return absl::StrJoin(lines, "\n");
}

template <typename Enum>
std::string LabelUnlessUnset(Enum value) {
  return value == 0 ? "" : LabelOf(value);
}

std::string Joined(std::vector<std::string> parts) {
  std::erase(parts, "");
  return absl::StrJoin(parts, "，");
}

std::string Named(const std::string& name, const std::string& value) {
  return value.empty() ? "" : absl::StrCat(name, " ", value);
}

std::string SourceText(const v1::Source& source) {
  return Joined({LabelOf(source.category()),
                 LabelUnlessUnset(source.acquisition()), source.method(),
                 source.has_contract() ? FileText(source.contract()) : "",
                 Named("合同至", source.contract_end())});
}

std::string FieldTable(const v1::ApplicationForm& form) {
  if (form.fields_size() == 0) return "";
  Table table{{"序号", "名称", "类型", "单位", "可空", "分级", "含义"}, {}};
  for (int i = 0; i < form.fields_size(); ++i) {
    const v1::DataField& field = form.fields(i);
    table.rows.push_back({absl::StrCat(i), field.name(), field.type(),
                          field.unit(), field.nullable() ? "是" : "否",
                          LabelOf(field.classification()), field.meaning()});
  }
  return std::string(absl::StripTrailingAsciiWhitespace(FormatTable(table)));
}

std::string EvidenceText(const v1::Evidence& evidence) {
  return Joined({LabelOf(evidence.kind()), evidence.provider(),
                 Named("编号", evidence.number()),
                 FormatTime(registry::ToUnixMs(evidence.time()).value_or(0)),
                 Named("摘要", evidence.hash_hex()),
                 evidence.has_file() ? FileText(evidence.file()) : ""});
}

std::string SampleText(const v1::Sample& sample) {
  if (!sample.has_file()) return "";
  return absl::StrCat(FileText(sample.file()), "\n", sample.row_count(),
                      " 行，个人信息扫描发现 ", sample.scan_findings(), " 处",
                      sample.columns().empty() ? "" : "\n列：",
                      absl::StrJoin(sample.columns(), "、"));
}

std::string PriorText(const v1::ApplicationForm& form, bool whole) {
  if (form.prior_registrations().empty()) return whole ? "无（声明）" : "";
  return LineOfEach(form.prior_registrations(), [](const auto& prior) {
    return Joined({prior.registry(), prior.number(), prior.date()});
  });
}

std::string ContactText(const v1::Contact& contact) {
  if (contact.role().empty()) return "";
  return Joined({contact.role(), contact.has_name() ? "姓名以承诺值登记" : "",
                 contact.has_phone() ? "电话以承诺值登记" : ""});
}

std::string CoverageText(const v1::ApplicationForm& form) {
  if (form.coverage_from().empty() && form.coverage_to().empty()) return "";
  return absl::StrCat(form.coverage_from(), " 至 ", form.coverage_to());
}

void AppendScenario(const v1::Scenario& scenario, Lines& lines) {
  lines.Add("场景：条件", scenario.conditions());
  lines.Add("场景：范围", scenario.scope());
  lines.Add("场景：对象", scenario.object());
  lines.Add("场景：解决的问题", scenario.problem_solved());
}

void AppendData(const v1::ApplicationForm& form, Lines& lines) {
  lines.Add("来源", LineOfEach(form.sources(), SourceText));
  lines.Add("字段表", FieldTable(form));
  lines.Add("数据规模", form.record_count() == 0
                            ? ""
                            : absl::StrCat(form.record_count(), " 条，",
                                           form.byte_size(), " 字节"));
  lines.Add("存储格式", form.storage_format_text().empty()
                            ? LabelUnlessUnset(form.storage_format())
                            : form.storage_format_text());
  lines.Add("更新频次", LabelUnlessUnset(form.update_frequency()));
  lines.Add("覆盖期间", CoverageText(form));
  // "未公开" for want of it would be read as the state of the data.
  if (lines.whole()) {
    lines.Add("公开情况", LabelUnlessUnset(form.public_state()));
  }
  lines.Add("人工智能加工", LabelUnlessUnset(form.ai_processing_share()));
  lines.Add("算法摘要", form.algorithm_summary());
}

void AppendDeidentification(const v1::ApplicationForm& form, Lines& lines) {
  if (!form.has_deidentification()) {
    lines.Add("去标识化", "");
    return;
  }
  const v1::Deidentification& how = form.deidentification();
  lines.Add("去标识化：方法", how.method());
  lines.Add("去标识化：标准", how.standard());
  lines.Add("去标识化：重识别试验", how.reidentification_test());
  lines.Add("去标识化：不可复原", how.irreversible() ? "是" : "否");
}

std::string SealedText(const v1::SealedField& sealed) {
  return absl::StrCat(sealed.field(), "  承诺 ",
                      HexOf(sealed.value().digest()));
}

std::string TierText(const v1::FieldTier& tier) {
  return absl::StrCat(tier.field(), "：", LabelOf(tier.tier()));
}

// What only some forms have: not "未公开" for want of it.
void AppendRare(const v1::ApplicationForm& form, Record& record) {
  const auto add = [&record](const std::string& name, std::string value) {
    if (!value.empty()) record.push_back({name, std::move(value)});
  };
  add("前次申请", form.predecessor_no());
  add("重复说明", form.duplicate_explanation());
  add("公开范围", LineOfEach(form.tiers(), TierText));
  add("封存内容", LineOfEach(form.sealed(), SealedText));
}

void AppendDeposit(const v1::ApplicationForm& form, Lines& lines) {
  const v1::Deposit& deposit = form.deposit();
  lines.Add("数据文件 SHA-256", HexOf(deposit.file_sha256()));
  lines.Add("数据文件 SM3", HexOf(deposit.file_sm3()));
  lines.Add("存证记录树根", HexOf(deposit.root()));
  lines.Add("存证记录数", deposit.leaf_count() == 0
                              ? ""
                              : absl::StrCat(deposit.leaf_count(), " 条（",
                                             LabelOf(deposit.cut()), "），",
                                             deposit.byte_size(), " 字节"));
}

}  // namespace

std::string FileText(const v1::FileCommitment& file) {
  return absl::StrCat("文件 ", file.kind(), "（", file.media_type(), "，",
                      file.byte_size(), " 字节）");
}

std::string ApplicantLines(const v1::ApplicationForm& form) {
  return LineOfEach(form.applicants(), [](const v1::Applicant& applicant) {
    const std::string share =
        applicant.share_bp() == 0
            ? ""
            : absl::StrFormat("  份额 %d.%02d%%", applicant.share_bp() / 100,
                              applicant.share_bp() % 100);
    return absl::StrCat(applicant.party_number(),
                        applicant.primary() ? "（主）" : "", share);
  });
}

FormReader ReaderOf(const v1::ApplicationForm& form) {
  return form.client_reference().empty() ? FormReader::kPublic
                                         : FormReader::kWhole;
}

void AppendForm(const v1::ApplicationForm& form, FormReader reader,
                Record& record) {
  Lines lines(reader, record);
  lines.Add("参考号", form.client_reference());
  lines.Add("登记对象", LabelUnlessUnset(form.object_kind()));
  lines.Add("系列", form.series());
  lines.Add("行业", form.industry_code());
  lines.Add("应用行业", form.scenario_industry_code());
  lines.Add("地区", form.region_code());
  AppendScenario(form.scenario(), lines);
  AppendData(form, lines);
  AppendDeidentification(form, lines);
  AppendDeposit(form, lines);
  lines.Add("证据", LineOfEach(form.evidence(), EvidenceText));
  lines.Add("样本", SampleText(form.sample()));
  lines.Add("附件", LineOfEach(form.attachments(), FileText));
  lines.Add(
      "运用意向",
      absl::StrJoin(form.intents(), "、", [](std::string* text, int intent) {
        text->append(LabelOf(static_cast<v1::UseIntent>(intent)));
      }));
  lines.Add("在先登记", PriorText(form, lines.whole()));
  lines.Add("承诺书", form.commitment_text());
  lines.Add("联系人", ContactText(form.contact()));
  lines.Add("准备始于", form.prepared_from());
  AppendRare(form, record);
}

}  // namespace dataip::client
