#include "client/cli/case_view.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/case_labels.h"
#include "client/cli/form_view.h"
#include "client/cli/labels.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

// Leaves out what is empty.
void Add(const std::string& name, const std::string& value, Record& record) {
  if (!value.empty()) record.push_back({name, value});
}

std::string StateOf(const v1::Draft& draft) {
  if (!draft.application_no().empty()) {
    return absl::StrCat("已提交 ", draft.application_no());
  }
  if (draft.closed()) return "已放弃";
  return AwaitedIn(draft).empty() ? "待提交" : "待确认";
}

// What is due in the state that it is in.
const v1::Deadline& OpenDeadline(const v1::Objection& objection) {
  switch (objection.state()) {
    case v1::OBJECTION_ACCEPTED:
      return objection.forward_deadline();
    case v1::OBJECTION_FORWARDED:
      return objection.reply_deadline();
    case v1::OBJECTION_DISMISSED:
      return objection.proceedings_deadline();
    default:
      return v1::Deadline::default_instance();
  }
}

}  // namespace

std::vector<std::string> AwaitedIn(const v1::Draft& draft) {
  std::vector<std::string> awaited;
  for (const v1::Applicant& applicant : draft.form().applicants()) {
    const auto& cosigned = draft.cosigned();
    if (applicant.primary() ||
        std::find(cosigned.begin(), cosigned.end(), applicant.party_number()) !=
            cosigned.end()) {
      continue;
    }
    awaited.push_back(applicant.party_number());
  }
  std::sort(awaited.begin(), awaited.end());
  return awaited;
}

Record DraftRecord(const v1::Draft& draft) {
  Record record = {{"草稿编号", draft.draft_no()},
                   {"状态", StateOf(draft)},
                   {"名称", draft.form().name()},
                   {"申请人", ApplicantLines(draft.form())}};
  Add("已确认", absl::StrJoin(draft.cosigned(), "\n"), record);
  Add("等候确认", draft.closed() ? "" : absl::StrJoin(AwaitedIn(draft), "\n"),
      record);
  Add("申请表 SHA-256", HexOf(draft.form_sha256()), record);
  Add("提出时间", FormatTime(draft.prepared_at_ms()), record);
  AppendForm(draft.form(), FormReader::kWhole, record);
  Add("版本", absl::StrCat(draft.version()), record);
  return record;
}

Table DraftTable(const std::vector<v1::Draft>& drafts) {
  Table table{{"草稿编号", "状态", "名称", "参考号", "等候确认", "更新时间"},
              {}};
  for (const v1::Draft& draft : drafts) {
    table.rows.push_back(
        {draft.draft_no(), StateOf(draft), draft.form().name(),
         draft.form().client_reference(),
         draft.closed() ? "" : absl::StrJoin(AwaitedIn(draft), "、"),
         FormatTime(draft.updated_at_ms())});
  }
  return table;
}

void AppendClaim(const v1::ObjectionClaim& claim, Record& record) {
  Add("主张的权利", LabelOf(claim.right()), record);
  Add("涉及字段", absl::StrJoin(claim.fields(), "、"), record);
  Add("异议理由", claim.statement(), record);
  Add("利害关系", claim.interest(), record);
  Add("异议证据", FileLines(claim.evidence()), record);
}

Record ObjectionRecord(const v1::Objection& objection) {
  Record record = {{"异议编号", objection.objection_no()},
                   {"状态", LabelOf(objection.state())},
                   {"申请号", objection.application_no()}};
  Add("异议人", objection.objector(), record);
  if (objection.has_claim()) AppendClaim(objection.claim(), record);
  Add("提出时间", FormatTime(objection.filed_at_ms()), record);
  Add("转送期限", DeadlineText(objection.forward_deadline()), record);
  Add("答复期限", DeadlineText(objection.reply_deadline()), record);
  Add("答复", objection.answer(), record);
  Add("答复文件", FileLines(objection.answer_files()), record);
  Add("决定理由", objection.decision_reason(), record);
  Add("证明诉讼等程序的期限", DeadlineText(objection.proceedings_deadline()),
      record);
  Add("版本", absl::StrCat(objection.version()), record);
  return record;
}

Table ObjectionTable(const std::vector<v1::Objection>& objections) {
  Table table{{"异议编号", "申请号", "状态", "异议人", "主张的权利", "期限"},
              {}};
  for (const v1::Objection& objection : objections) {
    const v1::ObjectionRight right = objection.claim().right();
    table.rows.push_back(
        {objection.objection_no(), objection.application_no(),
         LabelOf(objection.state()), objection.objector(),
         right == v1::OBJECTION_RIGHT_UNSPECIFIED ? "" : LabelOf(right),
         OpenDeadline(objection).due_date()});
  }
  return table;
}

void AppendProceedings(const v1::Proceedings& proceedings, Record& record) {
  Add("程序", LabelOf(proceedings.kind()), record);
  Add("受理机关", proceedings.authority(), record);
  Add("案号", proceedings.case_number(), record);
  Add("受理日期", proceedings.date(), record);
  if (proceedings.has_document()) {
    Add("受理文书", FileText(proceedings.document()), record);
  }
}

Table AttorneyTable(const std::vector<v1::PowerOfAttorney>& powers) {
  Table table{{"委托编号", "委托人", "代理人", "代理事项", "期间", "代理对象",
               "终止于"},
              {}};
  for (const v1::PowerOfAttorney& power : powers) {
    table.rows.push_back(
        {power.attorney_no(), power.principal(), power.agent(),
         absl::StrJoin(power.acts(), "；",
                       [](std::string* text, int act) {
                         text->append(
                             LabelOf(static_cast<v1::AttorneyAct>(act)));
                       }),
         absl::StrCat(power.valid_from(), " 至 ", power.valid_to()),
         ObjectsText(power.objects()), power.revoked_on()});
  }
  return table;
}

std::string ActLines(const google::protobuf::RepeatedField<int>& acts) {
  return absl::StrJoin(acts, "\n", [](std::string* text, int act) {
    text->append(LabelOf(static_cast<v1::AttorneyAct>(act)));
  });
}

std::string ObjectsText(
    const google::protobuf::RepeatedPtrField<std::string>& objects) {
  return objects.empty() ? "全部" : absl::StrJoin(objects, "、");
}

std::string FileLines(
    const google::protobuf::RepeatedPtrField<v1::FileCommitment>& files) {
  return absl::StrJoin(files, "\n",
                       [](std::string* text, const v1::FileCommitment& file) {
                         text->append(FileText(file));
                       });
}

}  // namespace dataip::client
