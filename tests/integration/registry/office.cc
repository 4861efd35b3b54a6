#include "tests/integration/registry/office.h"

#include <utility>

#include "absl/strings/str_replace.h"
#include "core/crypto/command_signature.h"
#include "core/registry/values/civil_date.h"
#include "gtest/gtest.h"
#include "tests/integration/registry/must.h"

namespace dataip::test {
namespace {

constexpr int64_t kLifeMs = 3'600'000;

// The deposit is made with the command.
void MadeWith(const v1::ApplicationForm& form, v1::Command& command) {
  *command.mutable_issued_at() = form.evidence(0).time();
  *command.mutable_expires_at() =
      registry::FromUnixMs(*registry::ToUnixMs(command.issued_at()) + kLifeMs);
}

}  // namespace

Office::Office() {
  bureau.Open();
  Do(kExaminer, {"examiner-1", "stranger"},
     bureau.PartyCommand("样例数据有限公司", "9144030071526726XG", "stranger"));
}

v1::SubmitCommandResponse Office::Do(const std::string& actor,
                                     const std::vector<std::string>& keys,
                                     const v1::Command& command,
                                     std::vector<v1::Opening> openings) {
  return Must(bureau.Do(actor, keys, command, std::move(openings)));
}

std::string Office::Prepare(const std::string& reference) {
  PreparedForm prepared = bureau.Form(reference);
  prepared.form.add_applicants()->set_party_number(kThird);
  Must(bureau.As(kEnterprise).Upload(hash::AsBytes(prepared.sample)));
  v1::Command command;
  *command.mutable_prepare_application()->mutable_form() = prepared.form;
  MadeWith(prepared.form, command);
  return Do(kEnterprise, {"enterprise"}, command, prepared.openings)
      .events(0)
      .application_prepared()
      .draft()
      .draft_no();
}

v1::FileCommitment Office::Keep(const Document& document,
                                v1::Opening& opening) {
  opening.set_salt(std::string(32, 'e'));
  opening.set_value(
      std::string(hash::Sha256(hash::AsBytes(document.content)).text()));
  Must(bureau.As(document.owner).Upload(hash::AsBytes(document.content)));
  v1::FileCommitment file;
  file.set_kind(document.kind);
  file.set_media_type("application/pdf");
  file.set_byte_size(document.content.size());
  file.mutable_sha256()->set_digest(
      std::string(crypto::OpeningCommitment(hash::AsBytes(opening.salt()),
                                            hash::AsBytes(opening.value()))
                      .text()));
  return file;
}

void Office::Discard(const std::string& draft_no) {
  v1::Command command;
  command.set_version(
      Must(bureau.As(kEnterprise).GetDraft(draft_no)).draft().version());
  command.mutable_discard_draft()->set_draft_no(draft_no);
  Do(kEnterprise, {"enterprise"}, command);
}

std::string Office::Empower(const Power& power) {
  v1::Command command;
  v1::GrantAttorney& body = *command.mutable_grant_attorney();
  body.set_agent(power.agent);
  body.add_acts(power.act);
  const auto today = registry::ShanghaiDate(kClockStartMs);
  body.set_valid_from(registry::FormatDate(today));
  body.set_valid_to(registry::FormatDate(
      registry::ShanghaiDate(kClockStartMs + 30 * kDayMs)));
  std::vector<v1::Opening> openings;
  if (!power.document.empty()) {
    *body.mutable_document() = Keep({power.principal, "power", power.document},
                                    openings.emplace_back());
  }
  return Do(power.principal, {power.key}, command, openings)
      .events(0)
      .attorney_granted()
      .attorney()
      .attorney_no();
}

std::string Office::Object(const std::string& application_no) {
  v1::Command command;
  v1::FileObjection& body = *command.mutable_file_objection();
  body.set_application_no(application_no);
  body.mutable_claim()->set_right(v1::RIGHT_OWNERSHIP);
  body.mutable_claim()->add_fields("sources");
  body.mutable_claim()->set_statement("该数据来自本单位的热量表，未经授权。");
  v1::Opening opening;
  *body.mutable_claim()->add_evidence() =
      Keep({kLicensee, "evidence", "热量表采集记录"}, opening);
  return Do(kLicensee, {"licensee"}, command, {opening})
      .events(0)
      .objection_filed()
      .objection()
      .objection_no();
}

void Office::Forward(const std::string& objection_no) {
  v1::Command accept;
  accept.set_version(1);
  accept.mutable_accept_objection()->set_objection_no(objection_no);
  Do(kExaminer, {"examiner-1"}, accept);
  v1::Command forward;
  forward.set_version(Must(bureau.As(kExaminer).GetObjection(objection_no))
                          .objection()
                          .version());
  forward.mutable_forward_objection()->set_objection_no(objection_no);
  Do(kExaminer, {"examiner-1"}, forward);
}

std::string Office::Certify(const std::string& reference,
                            const std::string& contract_end) {
  PreparedForm prepared = bureau.Form(reference);
  Must(bureau.As(kEnterprise).Upload(hash::AsBytes(prepared.sample)));
  if (!contract_end.empty()) {
    v1::Source& source = *prepared.form.mutable_sources(0);
    source.set_acquisition(v1::AUTHORIZED);
    source.set_contract_end(contract_end);
    *source.mutable_contract() = Keep({kEnterprise, "contract", "授权合同"},
                                      prepared.openings.emplace_back());
  }
  v1::Command command;
  *command.mutable_submit_application()->mutable_form() = prepared.form;
  MadeWith(prepared.form, command);
  const std::string number =
      Do(kEnterprise, {"enterprise"}, command, prepared.openings)
          .events(0)
          .application_submitted()
          .application()
          .application_no();
  Must(bureau.OpenNotice(number));
  Must(bureau.AdvanceTo(kClockStartMs + 15 * kDayMs));
  return Must(bureau.Register(number))
      .events(0)
      .application_registered()
      .certificate_number();
}

uint64_t Office::StatusVersion(const std::string& certificate) {
  return Must(bureau.As(kExaminer).GetCertificate(certificate))
      .certificate()
      .status()
      .version();
}

std::string Office::AskPledge(const std::string& certificate) {
  v1::Command command;
  command.set_version(StatusVersion(certificate));
  v1::FileRequest& body = *command.mutable_file_request();
  body.set_certificate_number(certificate);
  v1::PledgeRequest& pledge = *body.mutable_body()->mutable_pledge();
  pledge.set_action(v1::PledgeRequest::REGISTER);
  pledge.set_pledgee(kLicensee);
  pledge.mutable_amount()->set_currency("CNY");
  pledge.mutable_amount()->set_fen(100'000'000);
  pledge.set_valid_from("2024-07-05");
  pledge.set_valid_to("2025-07-04");
  pledge.set_contract_no("ZY-2024-1");
  pledge.set_salt(std::string(32, 'g'));
  return Do(kEnterprise, {"enterprise"}, command)
      .events(0)
      .request_filed()
      .request()
      .request_no();
}

void Office::ConsentAndGrant(const std::string& request_no) {
  const auto version = [&] {
    return Must(bureau.As(kExaminer).GetRequest(request_no))
        .request()
        .version();
  };
  v1::Command consent;
  consent.set_version(version());
  consent.mutable_cosign_request()->set_request_no(request_no);
  Do(kLicensee, {"licensee"}, consent);
  v1::Command grant;
  grant.set_version(version());
  grant.mutable_grant_request()->set_request_no(request_no);
  Do(kExaminer, {"examiner-1", "approver-1"}, grant);
}

std::string Office::TableContent(const std::string& name) const {
  for (const v1::Command& command : bureau.TableCommands()) {
    if (command.load_table().name() == name) {
      return command.load_table().content();
    }
  }
  return "";
}

std::string Office::ShorterCosignWindow() const {
  const std::string before = TableContent("profiles/ZJ-2023");
  std::string after = absl::StrReplaceAll(
      before, {{"cosign.window,10,working_days", "cosign.window,24,hours"}});
  EXPECT_NE(before, after);
  return after;
}

void Office::LoadTable(const std::string& name, const std::string& content) {
  v1::Command command;
  command.set_version(1);  // the bureau's
  command.mutable_load_table()->set_name(name);
  command.mutable_load_table()->set_content(content);
  Do("root", {"root"}, command);
}

void Office::Adopt(const std::string& profile_id, const std::string& from) {
  v1::GetTableRequest newest;
  newest.set_name("profiles/" + profile_id);
  v1::Command command;
  v1::AdoptProfile& body = *command.mutable_adopt_profile();
  body.mutable_profile()->set_profile_id(profile_id);
  body.mutable_profile()->set_sha256(
      Must(bureau.As("root").GetTable(newest)).sha256());
  body.set_effective_from(from);
  body.set_legal_basis("登记办法修订");
  Do("root", {"root"}, command);
}

v1::SubmitCommandRequest Office::SameDataFiling(const std::string& reference,
                                                const std::string& data_of) {
  PreparedForm prepared = bureau.Form(data_of);
  prepared.form.set_client_reference(reference);
  v1::Command command;
  *command.mutable_submit_application()->mutable_form() = prepared.form;
  MadeWith(prepared.form, command);
  return bureau.Sign(kEnterprise, {"enterprise"}, command, prepared.openings);
}

}  // namespace dataip::test
