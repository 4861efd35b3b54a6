// What becomes of a case after its notice has opened; for case_load.cc.
#include "absl/strings/str_cat.h"
#include "core/registry/certificate/certificate_orders.h"
#include "core/registry/values/civil_date.h"
#include "tests/bench/case_load.h"

namespace dataip::bench {
namespace {

namespace v1 = registry::v1;
using registry::Events;
using registry::State;

}  // namespace

// Filed, accepted, forwarded, answered, dismissed.
void CaseLoad::Object(const std::string& application_no) {
  const State& state = registry_.state();
  const std::string applicant = FindApplication(state, application_no)
                                    ->form()
                                    .applicants(0)
                                    .party_number();
  std::string objector = AnyFirm().number;
  while (objector == applicant) objector = AnyFirm().number;
  v1::Command command = registry_.NewCommand(objector, 0);
  v1::FileObjection* body = command.mutable_file_objection();
  body->set_application_no(application_no);
  body->mutable_claim()->set_right(v1::RIGHT_OWNERSHIP);
  body->mutable_claim()->add_fields("sources");
  body->mutable_claim()->set_statement("该数据来自本单位的热量表,未经授权。");
  *body->mutable_claim()->add_evidence() = FileOf("evidence", application_no);
  const std::string number =
      RunAsFirm(command)[0].objection_filed().objection().objection_no();
  const auto version = [&] { return FindObjection(state, number)->version(); };
  command = ByExaminer(version());
  command.mutable_accept_objection()->set_objection_no(number);
  RunAsExaminer(command);
  command = ByExaminer(version());
  command.mutable_forward_objection()->set_objection_no(number);
  RunAsExaminer(command);
  command = registry_.NewCommand(applicant, version());
  command.mutable_answer_objection()->set_objection_no(number);
  command.mutable_answer_objection()->set_answer("数据由本单位自有设备采集");
  RunAsFirm(command);
  command = ByExaminer(version());
  command.mutable_dismiss_objection()->set_objection_no(number);
  command.mutable_dismiss_objection()->set_reason("采集记录证明来源合法");
  RunAsOfficers(command);
}

void CaseLoad::Registered(const Events& events) {
  for (const v1::Event& event : events) {
    if (!event.has_application_registered()) continue;
    const std::string& number =
        event.application_registered().certificate_number();
    const std::string& holder = FindCertificate(registry_.state(), number)
                                    ->content()
                                    .holders(0)
                                    .party_number();
    const std::string other = firms_[firms_[0].number == holder].number;
    v1::RequestBody body;
    if (Chance(5)) Use(number);
    if (Chance(2)) {
      body.mutable_pledge()->set_action(v1::PledgeRequest::REGISTER);
      body.mutable_pledge()->set_pledgee(other);
      body.mutable_pledge()->mutable_amount()->set_currency("CNY");
      body.mutable_pledge()->mutable_amount()->set_fen(100'000'000);
      const auto* certificate = FindCertificate(registry_.state(), number);
      body.mutable_pledge()->set_valid_from(
          certificate->content().valid_from());
      body.mutable_pledge()->set_valid_to(certificate->content().valid_to());
      body.mutable_pledge()->set_contract_no("ZY-2024-1");
      body.mutable_pledge()->set_salt(DigestOf("salt " + number));
      AskFor(number, body, true);
    } else if (Chance(2)) {
      body.mutable_transfer()->set_kind(v1::ASSIGNMENT);
      body.mutable_transfer()->add_new_holders()->set_party_number(other);
      *body.mutable_transfer()->mutable_document() = FileOf("document", number);
      body.mutable_transfer()->set_document_no("ZR-2024-1");
      AskFor(number, body, true);
    } else if (Chance(3)) {
      body.mutable_change()->set_record_count(1'000'000);
      body.mutable_change()->set_changed_on(
          registry::FormatDate(registry::ShanghaiDate(registry_.now_ms())));
      AskFor(number, body, false);
    }
    const auto* newest = NewestSheet(registry_.state(), number);
    const auto* first = FindSheet(registry_.state(), number);
    // The contract of data that were bought is prolonged, or not.
    if (newest == first && Chance(50) &&
        first->content().valid_to() <
            registry::FormatDate(registry::AddDays(
                registry::ShanghaiDate(registry_.now_ms()), 100))) {
      body.Clear();
      body.mutable_renewal()->set_statement_of_use(
          "持续用于供热调度并对外许可使用");
      body.mutable_renewal()->add_contract_ends(registry::FormatDate(
          registry::AddDays(registry::ShanghaiDate(registry_.now_ms()), 400)));
      *body.mutable_renewal()->add_contracts() = FileOf("contract", number);
      AskFor(number, body, false);
    }
  }
}

void CaseLoad::Use(const std::string& certificate_number) {
  const auto* certificate =
      FindCertificate(registry_.state(), certificate_number);
  const std::string& holder = certificate->content().holders(0).party_number();
  const std::string& licensee = firms_[firms_[0].number == holder].number;
  v1::Command command =
      registry_.NewCommand(holder, certificate->status().version());
  v1::FileLicence* body = command.mutable_file_licence();
  body->set_certificate_number(certificate_number);
  body->set_licensee(licensee);
  body->set_kind(v1::ORDINARY);
  body->set_valid_from(certificate->content().valid_from());
  body->set_valid_to(certificate->content().valid_to());
  body->mutable_price()->mutable_per_unit()->set_currency("CNY");
  body->mutable_price()->mutable_per_unit()->set_fen(25);
  body->mutable_price()->set_unit("次");
  body->set_contract_no("HT-2024-001");
  body->set_salt(DigestOf("licence " + certificate_number));
  const std::string licence_no =
      RunAsFirm(command)[0].licence_filed().licence().licence_no();
  for (int month = 0; month < 2; ++month) {
    command = registry_.NewCommand(
        holder, FindLicence(registry_.state(), licence_no)->licence.version());
    command.mutable_record_usage()->set_licence_no(licence_no);
    for (int i = 0; i < 10; ++i) {
      v1::UsageEvent* event = command.mutable_record_usage()->add_events();
      event->set_source("meter-gateway");
      event->set_id(absl::StrCat("call-", month, "-", i));
      event->set_occurred_on(
          registry::FormatDate(registry::ShanghaiDate(registry_.now_ms())));
      event->set_quantity(100 + i);
    }
    RunAsFirm(command);
  }
}

void CaseLoad::AskFor(const std::string& certificate_number,
                      const v1::RequestBody& body, bool consent) {
  const State& state = registry_.state();
  const auto* certificate = FindCertificate(state, certificate_number);
  v1::Command command =
      registry_.NewCommand(certificate->content().holders(0).party_number(),
                           certificate->status().version());
  command.mutable_file_request()->set_certificate_number(certificate_number);
  *command.mutable_file_request()->mutable_body() = body;
  const v1::CertificateRequest request =
      RunAsFirm(command)[0].request_filed().request();
  const std::string& number = request.request_no();
  if (consent) {
    for (const std::string& cosigner : request.cosigners()) {
      command =
          registry_.NewCommand(cosigner, FindRequest(state, number)->version());
      command.mutable_cosign_request()->set_request_no(number);
      RunAsFirm(command);
    }
  }
  command = ByExaminer(FindRequest(state, number)->version());
  command.mutable_grant_request()->set_request_no(number);
  RunAsOfficers(command);
}

}  // namespace dataip::bench
