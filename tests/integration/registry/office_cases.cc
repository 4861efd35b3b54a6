// What an office does with papers: answers, requests, orders, imports.
#include <utility>

#include "gtest/gtest.h"
#include "tests/integration/registry/must.h"
#include "tests/integration/registry/office.h"

namespace dataip::test {

void Office::Answer(const std::string& objection_no, const std::string& file) {
  v1::Command command;
  command.set_version(Must(bureau.As(kExaminer).GetObjection(objection_no))
                          .objection()
                          .version());
  v1::AnswerObjection& body = *command.mutable_answer_objection();
  body.set_objection_no(objection_no);
  body.set_answer("数据由本单位自有设备采集");
  v1::Opening opening;
  *body.add_files() = Keep({kEnterprise, "answer", file}, opening);
  Do(kEnterprise, {"enterprise"}, command, {opening});
}

void Office::Dismiss(const std::string& objection_no) {
  v1::Command command;
  command.set_version(Must(bureau.As(kExaminer).GetObjection(objection_no))
                          .objection()
                          .version());
  command.mutable_dismiss_objection()->set_objection_no(objection_no);
  command.mutable_dismiss_objection()->set_reason("采集记录证明来源合法");
  Do(kExaminer, {"examiner-1", "approver-1"}, command);
}

void Office::WithdrawObjection(const std::string& objection_no) {
  v1::Command command;
  command.set_version(Must(bureau.As(kExaminer).GetObjection(objection_no))
                          .objection()
                          .version());
  command.mutable_withdraw_objection()->set_objection_no(objection_no);
  Do(kLicensee, {"licensee"}, command);
}

std::string Office::AskTransfer(const std::string& certificate,
                                const std::string& contract) {
  v1::Command command;
  command.set_version(StatusVersion(certificate));
  v1::FileRequest& body = *command.mutable_file_request();
  body.set_certificate_number(certificate);
  v1::TransferRequest& transfer = *body.mutable_body()->mutable_transfer();
  transfer.set_kind(v1::ASSIGNMENT);
  transfer.add_new_holders()->set_party_number(kLicensee);
  transfer.set_document_no("ZR-2024-1");
  v1::Opening opening;
  *transfer.mutable_document() =
      Keep({kEnterprise, "contract", contract}, opening);
  return Do(kEnterprise, {"enterprise"}, command, {opening})
      .events(0)
      .request_filed()
      .request()
      .request_no();
}

std::string Office::OpenRevocation(const std::string& certificate,
                                   const std::string& judgment) {
  v1::Command command;
  command.set_version(StatusVersion(certificate));
  v1::OpenRevocation& body = *command.mutable_open_revocation();
  body.set_certificate_number(certificate);
  body.add_grounds("R08");
  body.set_reason("登记材料与事实不符");
  body.set_occasion(v1::EX_OFFICIO);
  body.set_salt(std::string(32, 'v'));
  std::vector<v1::Opening> openings;
  if (!judgment.empty()) {
    body.set_occasion(v1::ON_JUDGMENT);
    body.set_document_no("（2024）浙03行终17号");
    *body.mutable_document() =
        Keep({kExaminer, "judgment", judgment}, openings.emplace_back());
  }
  return Do(kExaminer, {"examiner-1"}, command, openings)
      .events(0)
      .revocation_opened()
      .revocation()
      .revocation_no();
}

void Office::StateIn(const std::string& revocation_no,
                     const std::string& file) {
  v1::Command command;
  command.set_version(1);
  v1::StateInRevocation& body = *command.mutable_state_in_revocation();
  body.set_revocation_no(revocation_no);
  body.set_statement("登记材料由本单位核对，与事实相符");
  v1::Opening opening;
  *body.add_files() = Keep({kEnterprise, "statement", file}, opening);
  Do(kEnterprise, {"enterprise"}, command, {opening});
}

std::string Office::Freeze(const std::string& certificate,
                           const std::string& decision) {
  v1::Command command;
  command.set_version(StatusVersion(certificate));
  v1::FreezeCertificate& body = *command.mutable_freeze_certificate();
  body.set_certificate_number(certificate);
  body.set_authority("温州市中级人民法院");
  body.set_document_no("（2024）浙03执保1号");
  body.set_until("2024-12-31");
  body.set_salt(std::string(32, 'f'));
  v1::Opening opening;
  *body.mutable_document() = Keep({kExaminer, "decision", decision}, opening);
  return Do(kExaminer, {"examiner-1", "approver-1"}, command, {opening})
      .events(0)
      .certificate_frozen()
      .freeze()
      .freeze_no();
}

std::string Office::Import(const std::string& record) {
  v1::Command command;
  v1::ImportCertificate& body = *command.mutable_import_certificate();
  body.add_holders()->set_party_number(kEnterprise);
  body.set_name("城市燃气管网运行数据");
  body.set_industry_code("C4016");
  body.set_region_code("330382");
  body.add_sources(v1::ENTERPRISE);
  body.set_record_count(1'000);
  body.set_update_frequency(v1::DAILY);
  body.set_valid_from("2023-09-01");
  body.set_valid_to("2026-08-31");
  v1::Provenance& provenance = *body.mutable_provenance();
  provenance.set_system("浙江数据知识产权登记平台");
  provenance.set_issued_by("示例知识产权服务中心");
  provenance.set_extracted_on("2024-06-19");
  provenance.add_legacy_numbers("33002023090112345");
  provenance.set_state(v1::VALID);
  v1::Opening opening;
  *provenance.mutable_record() = Keep({kExaminer, "record", record}, opening);
  return Do(kExaminer, {"examiner-1", "approver-1"}, command, {opening})
      .events(0)
      .certificate_imported()
      .certificate_number();
}

}  // namespace dataip::test
