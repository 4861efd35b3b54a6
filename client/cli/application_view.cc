#include "client/cli/application_view.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/case_labels.h"
#include "client/cli/case_view.h"
#include "client/cli/form_labels.h"
#include "client/cli/form_view.h"
#include "client/cli/input_files.h"
#include "client/cli/labels.h"
#include "client/cli/object_files.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

// Of what would be one long line.
constexpr size_t kLineColumns = 76;

std::string DefectLines(const v1::Application& application) {
  std::vector<std::string> lines;
  for (const v1::Defect& defect : application.defects()) {
    lines.push_back(absl::StrCat(defect.field(), "：", defect.reason()));
  }
  return absl::StrJoin(lines, "\n");
}

// All who signed, the one who sent it first.
std::string SignersText(const v1::HistoryStep& step) {
  std::vector<std::string> names;
  if (!step.actor().empty()) names.push_back(step.actor());
  for (const std::string& signer : step.signers()) {
    if (signer != step.actor()) names.push_back(signer);
  }
  return names.empty() ? "未公开" : absl::StrJoin(names, "、");
}

std::string HistoryLines(const v1::GetApplicationResponse& response) {
  std::vector<std::string> lines;
  for (const v1::HistoryStep& step : response.history()) {
    lines.push_back(absl::StrCat(FormatTime(step.decided_at_ms()), "  ",
                                 EventLabel(step.event()), "  ",
                                 SignersText(step), "  #", step.index()));
  }
  return absl::StrJoin(lines, "\n");
}

// Codes are public, the reason is the applicant's.
std::string RefusalLines(const v1::Application& application,
                         FormReader reader) {
  std::vector<std::string> lines;
  for (const std::string& code : application.refusal_grounds()) {
    lines.push_back(GroundLabel(code));
  }
  if (application.state() == v1::REFUSED) {
    lines.push_back(reader == FormReader::kPublic
                        ? "理由未公开"
                        : application.refusal_reason());
  }
  return absl::StrJoin(lines, "\n");
}

// Leaves out what is empty.
void Add(const std::string& name, const std::string& value, Record& record) {
  if (!value.empty()) record.push_back({name, value});
}

bool HasEnded(v1::ApplicationState state) {
  return state == v1::WITHDRAWN || state == v1::REFUSED ||
         state == v1::REGISTERED || state == v1::DEEMED_WITHDRAWN;
}

// Three durations, never one. What runs now is not in them: the registry alone
// knows its clock (`application expected` and `review queue` have it).
std::string TimeSpentText(const v1::Application& application) {
  const int64_t applicant_ms = application.applicant_time_ms();
  const int64_t waiting_ms = application.waiting_time_ms();
  const std::string others = absl::StrCat("申请人 ", SpanText(applicant_ms),
                                          "，法定等候 ", SpanText(waiting_ms));
  if (!HasEnded(application.state())) {
    return applicant_ms == 0 && waiting_ms == 0
               ? ""
               : absl::StrCat(others, "（不含当前一段）");
  }
  const int64_t ended_ms = application.registered_at_ms() != 0
                               ? application.registered_at_ms()
                               : application.updated_at_ms();
  const int64_t staff_ms =
      ended_ms - application.submitted_at_ms() - applicant_ms - waiting_ms;
  return staff_ms < 0
             ? others
             : absl::StrCat("登记机构 ", SpanText(staff_ms), "，", others);
}

// Only officers are told; 0 to others says nothing.
std::string RecordsText(const v1::SimilarApplication& similar) {
  const uint32_t records = similar.records_per_mille();
  return records == 0 ? "" : absl::StrCat("  样例记录 ", records, "/1000");
}

std::string DuplicateText(const v1::DuplicateReport& report) {
  if (report.reason_zh().empty()) return "";
  std::vector<std::string> lines = {
      absl::StrCat(report.score(), "/1000，", report.reason_zh())};
  for (const v1::SimilarApplication& similar : report.similar()) {
    lines.push_back(absl::StrCat(
        similar.application_no(), similar.same_file() ? "  同一数据文件" : "",
        similar.same_schema() ? "  同一字段表" : "", RecordsText(similar),
        "  名称 ", similar.name_per_mille(), "/1000"));
  }
  if (report.same_series() > 0) {
    lines.push_back(absl::StrCat("同一系列 ", report.same_series(), " 件"));
  }
  return absl::StrJoin(lines, "\n");
}

// What it waits for, and what stands still.
void AddCase(const v1::Application& application, Record& record) {
  const bool open = !HasEnded(application.state());
  if (open) {
    Add("审查期限", DeadlineText(application.review_deadline()), record);
    Add("发证期限", DeadlineText(application.issue_deadline()), record);
    if (application.remaining_notice_days() > 0) {
      Add("公示剩余",
          absl::StrCat(application.remaining_notice_days(), " 个工作日"),
          record);
    }
    Add("领取人", application.claimed_by(), record);
  }
  Add("未结异议", absl::StrJoin(application.open_objections(), "\n"), record);
  if (application.state() == v1::SUSPENDED) {
    Add("中止前状态", LabelOf(application.suspended_from()), record);
    AppendProceedings(application.proceedings(), record);
  }
  Add("查重", DuplicateText(application.duplicates()), record);
  Add("用时", TimeSpentText(application), record);
  if (application.has_profile()) {
    Add("适用规则",
        absl::StrCat(application.profile().profile_id(), "  ",
                     HexOf(application.profile().sha256())),
        record);
  }
  Add("代理提交", application.agent(), record);
  Add("来自草稿", application.draft_no(), record);
  Add("已公开内容", absl::StrJoin(application.disclosed_fields(), "\n"),
      record);
}

// The last day of a notice that stands still is not known yet.
std::string NoticeText(const v1::Application& application) {
  const bool stands_still =
      application.remaining_notice_days() > 0 && !HasEnded(application.state());
  if (!stands_still) return DeadlineText(application.notice_deadline());
  return absl::StrCat("停计，恢复后续计余下 ",
                      application.remaining_notice_days(), " 个工作日（原至 ",
                      application.notice_deadline().due_date(), "）");
}

// What was decided about it, and what is open.
void AddDecisions(const v1::GetApplicationResponse& response, FormReader reader,
                  Record& record) {
  const v1::Application& application = response.application();
  const bool wanted = application.state() == v1::CORRECTION_REQUIRED;
  Add("补正事项",
      wanted && reader == FormReader::kPublic ? "未公开"
                                              : DefectLines(application),
      record);
  Add("补正期限", DeadlineText(application.correction_deadline()), record);
  Add("公示期限", NoticeText(application), record);
  Add("期限说明", Wrapped(response.deadline_text(), kLineColumns), record);
  Add("不予登记理由", RefusalLines(application, reader), record);
  Add("登记时间", FormatTime(application.registered_at_ms()), record);
  Add("证书编号", application.certificate_number(), record);
}

}  // namespace

Record ApplicationRecord(const v1::GetApplicationResponse& response) {
  const v1::Application& application = response.application();
  const v1::ApplicationForm& form = application.form();
  const FormReader reader = ReaderOf(form);
  Record record = {{"申请号", application.application_no()},
                   {"状态", LabelOf(application.state())},
                   {"名称", form.name().empty() ? "未公开" : form.name()}};
  Add("申请人", ApplicantLines(form), record);
  Add("受理时间", FormatTime(application.submitted_at_ms()), record);
  AddDecisions(response, reader, record);
  AddCase(application, record);
  AppendForm(form, reader, record);
  Add("版本", absl::StrCat(application.version()), record);
  Add("过程", HistoryLines(response), record);
  return record;
}

std::vector<v1::ApplicationSummary> SameFile(
    const std::vector<v1::ApplicationSummary>& applications,
    const v1::Application& application) {
  const std::string& digest = application.form().deposit().file_sha256();
  std::vector<v1::ApplicationSummary> same;
  for (const v1::ApplicationSummary& line : applications) {
    if (digest.empty() || line.file_sha256() != digest) continue;
    if (line.application_no() == application.application_no()) continue;
    same.push_back(line);
  }
  return same;
}

std::string SameFileText(const std::vector<v1::ApplicationSummary>& same) {
  std::vector<std::string> lines;
  for (const v1::ApplicationSummary& line : same) {
    const std::string certificate =
        line.certificate_number().empty()
            ? ""
            : absl::StrCat("  证书 ", line.certificate_number());
    lines.push_back(
        absl::StrCat(line.application_no(), "  ", LabelOf(line.state()), "  ",
                     line.party_number(), "  ", line.name(), certificate));
  }
  return absl::StrJoin(lines, "\n");
}

absl::Status CheckParty(RegistryClient& registry, const std::string& party) {
  if (party.empty()) return absl::OkStatus();
  return registry.GetParty(party).status();
}

Table SummaryTable(const std::vector<v1::ApplicationSummary>& applications) {
  Table table{
      {"申请号", "状态", "名称", "申请人", "参考号", "期限", "证书编号"}, {}};
  for (const v1::ApplicationSummary& line : applications) {
    table.rows.push_back({line.application_no(), LabelOf(line.state()),
                          line.name(), line.party_number(),
                          line.client_reference(), line.deadline().due_date(),
                          line.certificate_number()});
  }
  return WithoutEmptyColumns(std::move(table));
}

absl::StatusOr<std::vector<std::string>> DownloadFiles(
    RegistryClient& registry, const v1::Application& application,
    const std::string& folder) {
  RETURN_IF_ERROR(MakeFolder(folder));
  std::vector<std::string> paths;
  for (const ObjectFile& file : FilesIn(application)) {
    ASSIGN_OR_RETURN(const RegistryClient::File content,
                     registry.Download({application.application_no(), file.kind,
                                        file.position, ""}));
    paths.push_back(absl::StrCat(folder, "/", FileNameOf(file)));
    RETURN_IF_ERROR(WriteOutputFile(paths.back(), content.content));
  }
  return paths;
}

}  // namespace dataip::client
