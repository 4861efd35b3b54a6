// A registered certificate, and what its holders ask for it.
#pragma once

#include <string>

#include "core/registry/certificate/new_sheet.h"
#include "core/registry/request/requests.h"
#include "tests/unit/core/registry/certificate/order_fixture.h"
#include "tests/unit/core/registry/matchers.h"

namespace dataip::testing {

// Held by `enterprise`, good from 2024-07-05 to 2027-07-04.
class RequestFixture : public OrderFixture {
 protected:
  RequestFixture() { number_ = fixture_.Register("R-1"); }

  v1::Command File(const v1::RequestBody& body, const std::string& actor) {
    v1::Command command = fixture_.NewCommand(actor, VersionOf(number_));
    command.mutable_file_request()->set_certificate_number(number_);
    *command.mutable_file_request()->mutable_body() = body;
    return command;
  }

  registry::Decision Ask(const v1::RequestBody& body) {
    return fixture_.Decide(File(body, fixture_.enterprise), {"enterprise"});
  }

  uint64_t RequestVersion(const std::string& request_no) {
    const auto* found = registry::FindRequest(fixture_.state(), request_no);
    return found == nullptr ? 0 : found->version();
  }

  const v1::CertificateRequest& Request(const std::string& request_no) {
    return *registry::FindRequest(fixture_.state(), request_no);
  }

  v1::Command Cosign(const std::string& request_no, const std::string& actor) {
    v1::Command command =
        fixture_.NewCommand(actor, RequestVersion(request_no));
    command.mutable_cosign_request()->set_request_no(request_no);
    return command;
  }

  v1::Command Withdraw(const std::string& request_no,
                       const std::string& actor) {
    v1::Command command =
        fixture_.NewCommand(actor, RequestVersion(request_no));
    command.mutable_withdraw_request()->set_request_no(request_no);
    return command;
  }

  v1::Command RefuseRequest(const std::string& request_no) {
    v1::Command command =
        fixture_.NewCommand(kExaminer, RequestVersion(request_no));
    command.mutable_refuse_request()->set_request_no(request_no);
    command.mutable_refuse_request()->set_reason("材料不足");
    return command;
  }

  v1::Command Grant(const std::string& request_no) {
    v1::Command command =
        fixture_.NewCommand(kExaminer, RequestVersion(request_no));
    command.mutable_grant_request()->set_request_no(request_no);
    return command;
  }

  // Number of the request.
  std::string Filed(const v1::RequestBody& body,
                    const std::string& key = "enterprise") {
    const std::string actor =
        key == "enterprise"
            ? fixture_.enterprise
            : (key == "licensee" ? fixture_.licensee : fixture_.person);
    const auto events = fixture_.Do(File(body, actor), {key});
    return events.empty() ? ""
                          : events[0].request_filed().request().request_no();
  }

  void Consented(const std::string& request_no) {
    fixture_.Do(Cosign(request_no, fixture_.licensee), {"licensee"});
  }

  registry::Events Granted(const std::string& request_no) {
    return fixture_.Do(Grant(request_no), {kExaminer, kApprover});
  }

  // Bodies.
  v1::RequestBody Change() {
    v1::RequestBody body;
    body.mutable_change()->set_record_count(1000);
    body.mutable_change()->set_changed_on("2024-07-01");
    return body;
  }

  v1::RequestBody Transfer(v1::TransferKind kind) {
    v1::RequestBody body;
    body.mutable_transfer()->set_kind(kind);
    body.mutable_transfer()->add_new_holders()->set_party_number(
        fixture_.licensee);
    *body.mutable_transfer()->mutable_document() = DocumentFile();
    body.mutable_transfer()->set_document_no("ZR-2024-1");
    return body;
  }

  v1::RequestBody Renewal() {
    v1::RequestBody body;
    body.mutable_renewal()->set_statement_of_use(
        "三年间持续用于供热调度并对外许可使用");
    return body;
  }

  v1::RequestBody Pledge(char salt = 'g') {
    v1::RequestBody body;
    v1::PledgeRequest* pledge = body.mutable_pledge();
    pledge->set_action(v1::PledgeRequest::REGISTER);
    pledge->set_pledgee(fixture_.licensee);
    pledge->mutable_amount()->set_currency("CNY");
    pledge->mutable_amount()->set_fen(100'000'000);
    pledge->set_valid_from("2024-07-05");
    pledge->set_valid_to("2025-07-04");
    pledge->set_contract_no("ZY-2024-1");
    pledge->set_salt(Digest32(salt));
    return body;
  }

  v1::RequestBody Release(const std::string& pledge_no) {
    v1::RequestBody body;
    body.mutable_pledge()->set_action(v1::PledgeRequest::RELEASE);
    body.mutable_pledge()->set_pledge_no(pledge_no);
    return body;
  }

  v1::RequestBody Cancellation() {
    v1::RequestBody body;
    body.mutable_cancellation()->set_reason("数据不再使用");
    return body;
  }

  v1::RequestBody Replacement() {
    v1::RequestBody body;
    body.mutable_replacement()->set_reason("更换为统一式样");
    return body;
  }

  // Number of the pledge, consented to by the licensee.
  std::string Pledged(char salt = 'g') {
    const std::string request_no = Filed(Pledge(salt));
    Consented(request_no);
    const auto events = Granted(request_no);
    return events.size() < 2
               ? ""
               : events[1].pledge_registered().pledge().pledge_no();
  }

  const v1::Certificate& Newest() {
    return *registry::NewestSheet(fixture_.state(), number_);
  }

  std::string number_;
};

}  // namespace dataip::testing
