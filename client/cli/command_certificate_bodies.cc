#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/case_view.h"
#include "client/cli/certificate_view.h"
#include "client/cli/command_bodies.h"
#include "client/cli/form_view.h"
#include "client/cli/labels.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

std::string GroundLines(const v1::OpenRevocation& body) {
  std::vector<std::string> lines;
  for (const std::string& code : body.grounds()) {
    lines.push_back(RevocationGroundLabel(code));
  }
  return absl::StrJoin(lines, "\n");
}

void AppendFreeze(const v1::FreezeCertificate& body, Record& record) {
  record.push_back({"冻结机关", body.authority()});
  record.push_back({"文书编号", body.document_no()});
  record.push_back({"文书", FileText(body.document())});
  record.push_back({"冻结至", body.until()});
}

void AppendImport(const v1::ImportCertificate& body, Record& record) {
  const v1::Provenance& from = body.provenance();
  std::vector<std::string> sources;
  for (const int source : body.sources()) {
    sources.push_back(LabelOf(static_cast<v1::SourceCategory>(source)));
  }
  record.push_back({"名称", body.name()});
  record.push_back({"登记主体", NewHolderLines(body.holders())});
  record.push_back({"行业", body.industry_code()});
  record.push_back({"地区", body.region_code()});
  record.push_back({"数据来源", absl::StrJoin(sources, "、")});
  record.push_back({"数据规模", absl::StrCat(body.record_count(), " 条，",
                                             body.byte_size(), " 字节")});
  record.push_back({"更新频次", LabelOf(body.update_frequency())});
  record.push_back(
      {"有效期", absl::StrCat(body.valid_from(), " 至 ", body.valid_to())});
  record.push_back({"原系统", from.system()});
  record.push_back({"原发证机关", from.issued_by()});
  record.push_back({"取自原系统日", from.extracted_on()});
  record.push_back({"原状态", LabelOf(from.state())});
  record.push_back({"原记录", FileText(from.record())});
  record.push_back({"原编号", absl::StrJoin(from.legacy_numbers(), "\n")});
}

void AppendLicence(const v1::FileLicence& body, Record& record) {
  if (!body.licensor().empty()) record.push_back({"许可人", body.licensor()});
  record.push_back({"被许可人", body.licensee()});
  record.push_back({"方式", LabelOf(body.kind())});
  record.push_back(
      {"期间", absl::StrCat(body.valid_from(), " 至 ", body.valid_to())});
  record.push_back({"价格", PriceText(body.price())});
  record.push_back({"合同号", body.contract_no()});
}

void AppendLicenceChange(const v1::ChangeLicence& body, Record& record) {
  record.push_back({"方式", LabelOf(body.kind())});
  record.push_back({"止日", body.valid_to()});
  record.push_back({"价格", PriceText(body.price())});
  record.push_back({"合同号", body.contract_no()});
}

void AppendOpening(const v1::OpenRevocation& body, Record& record) {
  record.push_back({"撤销由来", LabelOf(body.occasion())});
  if (!body.document_no().empty()) {
    record.push_back({"文书编号", body.document_no()});
  }
  if (body.has_document()) {
    record.push_back({"文书", FileText(body.document())});
  }
  record.push_back({"撤销依据", GroundLines(body)});
  record.push_back({"理由", body.reason()});
}

bool AppendOrder(const v1::Command& command, Record& record) {
  switch (command.body_case()) {
    case v1::Command::kOpenRevocation:
      AppendOpening(command.open_revocation(), record);
      return true;
    case v1::Command::kStateInRevocation:
      record.push_back({"陈述", command.state_in_revocation().statement()});
      record.push_back(
          {"文件", FileLines(command.state_in_revocation().files())});
      return true;
    case v1::Command::kRevokeCertificate:
      record.push_back(
          {"效力", LabelOf(command.revoke_certificate().effect())});
      record.push_back({"理由", command.revoke_certificate().reason()});
      return true;
    case v1::Command::kDropRevocation:
      record.push_back({"理由", command.drop_revocation().reason()});
      return true;
    case v1::Command::kFreezeCertificate:
      AppendFreeze(command.freeze_certificate(), record);
      return true;
    case v1::Command::kReleaseFreeze:
      record.push_back({"文书编号", command.release_freeze().document_no()});
      record.push_back({"文书", FileText(command.release_freeze().document())});
      return true;
    case v1::Command::kCorrectCertificate:
      record.push_back({"差错", command.correct_certificate().error()});
      AppendChange(command.correct_certificate().values(), record);
      return true;
    case v1::Command::kImportCertificate:
      AppendImport(command.import_certificate(), record);
      return true;
    default:
      return false;
  }
}

}  // namespace

bool AppendCertificateBody(const v1::Command& command, Record& record) {
  switch (command.body_case()) {
    case v1::Command::kFileRequest:
      AppendRequestBody(command.file_request().body(), record);
      return true;
    case v1::Command::kCosignRequest:
    case v1::Command::kWithdrawRequest:
    case v1::Command::kGrantRequest:
    case v1::Command::kConfirmLicence:
    case v1::Command::kExpireCertificate:
    case v1::Command::kEndFreeze:
      return true;  // the number is all of it
    case v1::Command::kRefuseRequest:
      record.push_back({"理由", command.refuse_request().reason()});
      return true;
    case v1::Command::kFileLicence:
      AppendLicence(command.file_licence(), record);
      return true;
    case v1::Command::kChangeLicence:
      AppendLicenceChange(command.change_licence(), record);
      return true;
    case v1::Command::kEndLicence:
      record.push_back({"终止于", command.end_licence().ended_on()});
      record.push_back({"理由", command.end_licence().reason()});
      return true;
    default:
      return AppendOrder(command, record);
  }
}

}  // namespace dataip::client
