#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/case_labels.h"
#include "client/cli/case_view.h"
#include "client/cli/checklist.h"
#include "client/cli/command_bodies.h"
#include "client/cli/form_view.h"
#include "client/cli/labels.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

void AppendPrepared(const v1::PrepareApplication& body, Record& record) {
  if (!body.draft_no().empty()) record.push_back({"草稿", body.draft_no()});
  AppendSignedForm(body.form(), record);
}

void AppendOpinion(const v1::DataDepartmentOpinion& opinion, Record& record) {
  record.push_back({"数据主管部门", opinion.department()});
  record.push_back({"文号", opinion.document_no()});
  record.push_back({"意见", opinion.agrees() ? "同意" : "不同意"});
  record.push_back({"文件", FileText(opinion.document())});
}

void AppendDisclosure(const v1::DiscloseField& body, Record& record) {
  record.push_back({"公开字段", body.field()});
  record.push_back({"公开内容", body.opening().value()});
}

// The openings themselves are not in the order.
void AppendErasure(const v1::EraseOpenings& body, Record& record) {
  record.push_back({"命令机关", body.ordered_by()});
  record.push_back({"法律依据", body.legal_basis()});
  std::vector<std::string> lines;
  for (const std::string& commitment : body.commitments()) {
    lines.push_back(HexOf(commitment));
  }
  record.push_back({"删除条目", absl::StrJoin(lines, "\n")});
}

template <typename Batch>
void AppendItems(const Batch& batch, Record& record) {
  std::vector<std::string> lines;
  for (const v1::BatchItem& item : batch.items()) {
    lines.push_back(
        absl::StrCat(item.application_no(), "  版本 ", item.version()));
  }
  record.push_back({"件数", absl::StrCat(batch.items_size())});
  record.push_back({"申请号", absl::StrJoin(lines, "\n")});
}

template <typename Defects>
std::string DefectLines(const Defects& defects, const std::string& start) {
  std::vector<std::string> lines;
  for (const v1::Defect& defect : defects) {
    lines.push_back(absl::StrCat(start, defect.field(), "：", defect.reason()));
  }
  return absl::StrJoin(lines, "\n");
}

void AppendCorrections(const v1::RequestCorrections& body, Record& record) {
  AppendItems(body, record);
  record.push_back({"补正事项", DefectLines(body.defects(), "")});
  for (const v1::ItemDefects& item : body.exceptions()) {
    record.push_back(
        {"另须补正", DefectLines(item.defects(),
                                 absl::StrCat(item.application_no(), "  "))});
  }
}

bool AppendBatchBody(const v1::Command& command, Record& record) {
  switch (command.body_case()) {
    case v1::Command::kRequestCorrections:
      AppendCorrections(command.request_corrections(), record);
      return true;
    case v1::Command::kOpenNotices:
      AppendItems(command.open_notices(), record);
      record.push_back(
          {"核查声明", ChecklistText(command.open_notices().checklist())});
      return true;
    case v1::Command::kRegisterApplications:
      AppendItems(command.register_applications(), record);
      return true;
    default:
      return false;
  }
}

bool AppendDraftBody(const v1::Command& command, Record& record) {
  switch (command.body_case()) {
    case v1::Command::kPrepareApplication:
      AppendPrepared(command.prepare_application(), record);
      return true;
    case v1::Command::kCosignApplication:
      record.push_back({"申请表 SHA-256",
                        HexOf(command.cosign_application().form_sha256())});
      return true;
    case v1::Command::kDiscardDraft:
    case v1::Command::kRevokeAttorney:
    case v1::Command::kClaimApplication:
    case v1::Command::kReleaseApplication:
      return true;  // the number is all of it
    default:
      return false;
  }
}

}  // namespace

void AppendSignedForm(const v1::ApplicationForm& form, Record& record) {
  record.push_back({"名称", form.name()});
  record.push_back({"申请人", ApplicantLines(form)});
  AppendForm(form, FormReader::kWhole, record);
}

bool AppendCaseBody(const v1::Command& command, Record& record) {
  switch (command.body_case()) {
    case v1::Command::kGrantAttorney: {
      const v1::GrantAttorney& body = command.grant_attorney();
      record.push_back({"代理人", body.agent()});
      record.push_back({"代理事项", ActLines(body.acts())});
      record.push_back(
          {"期间", absl::StrCat(body.valid_from(), " 至 ", body.valid_to())});
      record.push_back({"代理对象", ObjectsText(body.objects())});
      if (body.has_document()) {
        record.push_back({"文件", FileText(body.document())});
      }
      return true;
    }
    case v1::Command::kRecordOpinion:
      AppendOpinion(command.record_opinion().opinion(), record);
      return true;
    case v1::Command::kDiscloseField:
      AppendDisclosure(command.disclose_field(), record);
      return true;
    case v1::Command::kEraseOpenings:
      AppendErasure(command.erase_openings(), record);
      return true;
    default:
      return AppendDraftBody(command, record) ||
             AppendBatchBody(command, record);
  }
}

}  // namespace dataip::client
