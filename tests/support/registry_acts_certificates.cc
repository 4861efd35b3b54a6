// Acts about certificates: what holders ask, orders, licences.
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "core/registry/certificate/certificate_orders.h"
#include "core/registry/values/civil_date.h"
#include "tests/support/registry_life.h"

namespace dataip::testing {
namespace {

using Case = v1::Command::BodyCase;

// The sheet of this number; it is there.
const v1::Certificate& At(const Ask& ask) {
  return *registry::FindSheet(ask.state(), ask.object);
}

std::string DaysAfter(const Ask& ask, int days) {
  const auto today = *registry::ParseDate(ask.life.Today());
  return registry::FormatDate(registry::AddDays(today, days));
}

v1::RequestBody* BodyOf(const Ask& ask, v1::Command& command) {
  command.set_version(At(ask).status().version());
  command.mutable_file_request()->set_certificate_number(ask.object);
  return command.mutable_file_request()->mutable_body();
}

void Change(const Ask& ask, v1::Command& command) {
  v1::ChangeRequest* change = BodyOf(ask, command)->mutable_change();
  change->set_record_count(At(ask).content().record_count() + 100);
  change->set_changed_on(ask.Word("发生日", ask.life.Today()));
}

void TransferBy(const Ask& ask, v1::TransferKind kind, v1::Command& command) {
  std::vector<std::string> holders;
  for (const v1::Holder& one : At(ask).content().holders()) {
    holders.push_back(one.party_number());
  }
  v1::TransferRequest* transfer = BodyOf(ask, command)->mutable_transfer();
  transfer->set_kind(kind);
  const std::string to = ask.Word("给");
  transfer->add_new_holders()->set_party_number(
      to.empty() ? ask.life.PartyBeside(holders) : ask.life.PartyOf(to));
  *transfer->mutable_document() = ActFile("document");
  transfer->set_document_no("ZR-2024-1");
}

void Transfer(const Ask& ask, v1::Command& command) {
  TransferBy(ask, v1::ASSIGNMENT, command);
}

void TransferByJudgment(const Ask& ask, v1::Command& command) {
  TransferBy(ask, v1::JUDGMENT, command);
}

void Renew(const Ask& ask, v1::Command& command) {
  v1::RenewalRequest* renewal = BodyOf(ask, command)->mutable_renewal();
  renewal->set_statement_of_use("三年间持续用于供热调度并对外许可使用");
  const auto* application = registry::FindApplication(
      ask.state(), At(ask).content().application_no());
  if (application == nullptr) return;
  for (const v1::Source& source : application->form().sources()) {
    if (source.contract_end().empty()) continue;
    renewal->add_contract_ends(ask.Word("合同止", source.contract_end()));
    *renewal->add_contracts() = ActFile("document");
  }
}

void Pledge(const Ask& ask, v1::Command& command) {
  v1::PledgeRequest* pledge = BodyOf(ask, command)->mutable_pledge();
  pledge->set_action(v1::PledgeRequest::REGISTER);
  pledge->set_pledgee(ask.life.PartyOf(ask.Word("给", "bank")));
  pledge->mutable_amount()->set_currency("CNY");
  pledge->mutable_amount()->set_fen(100'000'000);
  pledge->set_valid_from(ask.life.Today());
  pledge->set_valid_to(DaysAfter(ask, 364));
  pledge->set_contract_no(ask.Word("合同", "ZY-2024-1"));
  pledge->set_salt(ask.life.NextSalt());
}

void ReleasePledge(const Ask& ask, v1::Command& command) {
  v1::PledgeRequest* pledge = BodyOf(ask, command)->mutable_pledge();
  pledge->set_action(v1::PledgeRequest::RELEASE);
  pledge->set_pledge_no("G20240000000");
  for (const auto& [number, one] : ask.state().pledges) {
    if (one.certificate_number() != ask.object) continue;
    pledge->set_pledge_no(number);
    if (one.pledgee() == ask.actor) return;
  }
}

void Cancel(const Ask& ask, v1::Command& command) {
  BodyOf(ask, command)->mutable_cancellation()->set_reason("数据不再使用");
}

void AskCorrection(const Ask& ask, v1::Command& command) {
  v1::CorrectionRequest* body = BodyOf(ask, command)->mutable_correction();
  body->set_error("记录数录入有误");
  body->mutable_values()->set_record_count(At(ask).content().record_count() -
                                           1);
}

void Replace(const Ask& ask, v1::Command& command) {
  BodyOf(ask, command)->mutable_replacement()->set_reason("更换为统一式样");
}

template <typename Body>
Body* NameRequest(const Ask& ask, v1::Command& command, Body* body) {
  body->set_request_no(ask.object);
  command.set_version(
      registry::FindRequest(ask.state(), ask.object)->version());
  return body;
}

void Cosign(const Ask& ask, v1::Command& command) {
  NameRequest(ask, command, command.mutable_cosign_request());
}

void WithdrawRequest(const Ask& ask, v1::Command& command) {
  NameRequest(ask, command, command.mutable_withdraw_request());
}

void RefuseRequest(const Ask& ask, v1::Command& command) {
  NameRequest(ask, command, command.mutable_refuse_request())
      ->set_reason("材料不足");
}

void Grant(const Ask& ask, v1::Command& command) {
  NameRequest(ask, command, command.mutable_grant_request());
}

// From today, for at most a year and within the certificate's term.
void License(const Ask& ask, v1::LicenceKind kind, v1::Command& command) {
  std::vector<std::string> holders;
  for (const v1::Holder& one : At(ask).content().holders()) {
    holders.push_back(one.party_number());
  }
  command.set_version(At(ask).status().version());
  v1::FileLicence* body = command.mutable_file_licence();
  body->set_certificate_number(ask.object);
  const std::string to = ask.Word("给");
  body->set_licensee(to.empty() ? ask.life.PartyBeside(holders)
                                : ask.life.PartyOf(to));
  body->set_kind(kind);
  body->set_valid_from(ask.life.Today());
  body->set_valid_to(std::min(ask.Word("至", DaysAfter(ask, 359)),
                              At(ask).content().valid_to()));
  v1::Money* price = body->mutable_price()->mutable_per_unit();
  price->set_currency("CNY");
  price->set_fen(25);
  body->mutable_price()->set_unit("次");
  body->set_contract_no("HT-2024-001");
  body->set_salt(ask.life.NextSalt());
}

void FileLicence(const Ask& ask, v1::Command& command) {
  License(ask, v1::ORDINARY, command);
}

void FileExclusive(const Ask& ask, v1::Command& command) {
  License(ask, v1::EXCLUSIVE, command);
}

template <typename Body>
Body* NameLicence(const Ask& ask, v1::Command& command, Body* body) {
  body->set_licence_no(ask.object);
  command.set_version(
      registry::FindLicence(ask.state(), ask.object)->licence.version());
  return body;
}

void ConfirmLicence(const Ask& ask, v1::Command& command) {
  NameLicence(ask, command, command.mutable_confirm_licence());
}

void EndLicence(const Ask& ask, v1::Command& command) {
  auto* body = NameLicence(ask, command, command.mutable_end_licence());
  body->set_ended_on(ask.Word("止日", ask.life.Today()));
  body->set_reason("双方协商终止");
}

void RecordUsage(const Ask& ask, v1::Command& command) {
  NameLicence(ask, command, command.mutable_record_usage());
  const auto used =
      registry::FindLicence(ask.state(), ask.object)->usage.size();
  AddUnits(command, "u-" + std::to_string(used + 1), 40);
  command.mutable_record_usage()->mutable_events(0)->set_occurred_on(
      ask.Word("发生日", ask.life.Today()));
}

void Expire(const Ask& ask, v1::Command& command) {
  command.set_version(At(ask).status().version());
  command.mutable_expire_certificate()->set_certificate_number(ask.object);
}

void OpenRevocation(const Ask& ask, v1::Command& command) {
  command.set_version(At(ask).status().version());
  v1::OpenRevocation* body = command.mutable_open_revocation();
  body->set_certificate_number(ask.object);
  body->add_grounds(ask.Word("理由代码", "R08"));
  body->set_reason("登记材料与事实不符");
  body->set_document_no(ask.Word("文书"));
  body->set_occasion(body->document_no().empty() ? v1::EX_OFFICIO
                                                 : v1::ON_JUDGMENT);
  body->set_salt(ask.life.NextSalt());
}

template <typename Body>
Body* NameRevocation(const Ask& ask, v1::Command& command, Body* body) {
  body->set_revocation_no(ask.object);
  command.set_version(
      registry::FindRevocation(ask.state(), ask.object)->version());
  return body;
}

void BeHeard(const Ask& ask, v1::Command& command) {
  NameRevocation(ask, command, command.mutable_state_in_revocation())
      ->set_statement("材料真实,见附件");
}

void Revoke(const Ask& ask, v1::Command& command) {
  auto* body =
      NameRevocation(ask, command, command.mutable_revoke_certificate());
  body->set_effect(v1::FROM_DECISION);
  body->set_reason("隐瞒情况");
}

void Annul(const Ask& ask, v1::Command& command) {
  Revoke(ask, command);
  command.mutable_revoke_certificate()->set_effect(v1::FROM_REGISTRATION);
}

void DropRevocation(const Ask& ask, v1::Command& command) {
  NameRevocation(ask, command, command.mutable_drop_revocation())
      ->set_reason("理由不成立");
}

void Freeze(const Ask& ask, v1::Command& command) {
  command.set_version(At(ask).status().version());
  v1::FreezeCertificate* body = command.mutable_freeze_certificate();
  body->set_certificate_number(ask.object);
  body->set_authority("示例市中级人民法院");
  body->set_document_no("(2024)示01执1号");
  *body->mutable_document() = ActFile("document");
  body->set_until(ask.Word("至", DaysAfter(ask, 30)));
  body->set_salt(ask.life.NextSalt());
}

// Of the newest sheet that the freeze is on; 0 when it is over.
uint64_t FreezeVersion(const Ask& ask) {
  const auto freeze = ask.state().freezes.find(ask.object);
  if (freeze == ask.state().freezes.end()) return 0;
  return registry::NewestSheet(ask.state(), freeze->second.certificate_number())
      ->status()
      .version();
}

void ReleaseFreeze(const Ask& ask, v1::Command& command) {
  command.set_version(FreezeVersion(ask));
  v1::ReleaseFreeze* body = command.mutable_release_freeze();
  body->set_freeze_no(ask.object);
  body->set_document_no("(2024)示01执1号之一");
  *body->mutable_document() = ActFile("document");
}

void EndFreeze(const Ask& ask, v1::Command& command) {
  command.set_version(FreezeVersion(ask));
  command.mutable_end_freeze()->set_freeze_no(ask.object);
}

void CorrectOwnError(const Ask& ask, v1::Command& command) {
  command.set_version(At(ask).status().version());
  v1::CorrectCertificate* body = command.mutable_correct_certificate();
  body->set_certificate_number(ask.object);
  body->set_error("记录数录入有误");
  body->mutable_values()->set_record_count(At(ask).content().record_count() -
                                           1);
}

void Import(const Ask& ask, v1::Command& command) {
  v1::ImportCertificate* body = command.mutable_import_certificate();
  body->add_holders()->set_party_number(
      ask.life.PartyOf(ask.Word("持有人", "enterprise")));
  body->set_name("城市燃气管网运行数据");
  body->set_industry_code("C4016");
  body->set_region_code("330382");
  body->add_sources(v1::ENTERPRISE);
  body->set_record_count(1'000);
  body->set_update_frequency(v1::DAILY);
  body->set_valid_from(ask.Word("自", "2023-09-01"));
  body->set_valid_to(ask.Word("至", "2026-08-31"));
  v1::Provenance* provenance = body->mutable_provenance();
  provenance->set_system("浙江数据知识产权登记平台");
  provenance->set_issued_by("示例知识产权服务中心");
  provenance->set_extracted_on(ask.life.Today());
  *provenance->mutable_record() = ActFile("document");
  provenance->add_legacy_numbers(ask.Word("原编号", "浙数登2023-0042X"));
}

constexpr Act kActs[] = {
    {"请求变更", "C1", Kind::kCertificate, Whose::kHolder, Case::kFileRequest,
     Change},
    {"请求转让", "C2", Kind::kCertificate, Whose::kHolder, Case::kFileRequest,
     Transfer},
    {"依判决请求转移", "C2判", Kind::kCertificate, Whose::kSuccessor,
     Case::kFileRequest, TransferByJudgment},
    {"请求续展", "C3", Kind::kCertificate, Whose::kHolder, Case::kFileRequest,
     Renew},
    {"许可备案", "C4", Kind::kCertificate, Whose::kHolder, Case::kFileLicence,
     FileLicence},
    {"独占许可备案", "C4独", Kind::kCertificate, Whose::kHolder,
     Case::kFileLicence, FileExclusive},
    {"请求质押", "C5", Kind::kCertificate, Whose::kHolder, Case::kFileRequest,
     Pledge},
    {"请求解除质押", "C5解", Kind::kCertificate, Whose::kPledgee,
     Case::kFileRequest, ReleasePledge},
    {"请求注销", "C6", Kind::kCertificate, Whose::kHolder, Case::kFileRequest,
     Cancel},
    {"启动撤销", "C7", Kind::kCertificate, Whose::kExaminer,
     Case::kOpenRevocation, OpenRevocation},
    {"到期失效", "C8", Kind::kCertificate, Whose::kClock,
     Case::kExpireCertificate, Expire},
    {"冻结", "C9", Kind::kCertificate, Whose::kTwoOfficers,
     Case::kFreezeCertificate, Freeze},
    {"请求更正", "C10", Kind::kCertificate, Whose::kHolder, Case::kFileRequest,
     AskCorrection},
    {"依职权更正", "C10职", Kind::kCertificate, Whose::kTwoOfficers,
     Case::kCorrectCertificate, CorrectOwnError},
    {"请求换发", "换发", Kind::kCertificate, Whose::kHolder, Case::kFileRequest,
     Replace},
    {"同意请求", "同意", Kind::kRequest, Whose::kCosigner, Case::kCosignRequest,
     Cosign},
    {"撤回请求", "撤回", Kind::kRequest, Whose::kRequester,
     Case::kWithdrawRequest, WithdrawRequest},
    {"不予办理", "不予", Kind::kRequest, Whose::kTwoOfficers,
     Case::kRefuseRequest, RefuseRequest},
    {"准予办理", "准予", Kind::kRequest, Whose::kTwoOfficers,
     Case::kGrantRequest, Grant},
    {"陈述意见", "陈述", Kind::kRevocation, Whose::kHolder,
     Case::kStateInRevocation, BeHeard},
    {"撤销", "撤销", Kind::kRevocation, Whose::kTwoOfficers,
     Case::kRevokeCertificate, Revoke},
    {"自始撤销", "自始", Kind::kRevocation, Whose::kTwoOfficers,
     Case::kRevokeCertificate, Annul},
    {"终止撤销", "终止", Kind::kRevocation, Whose::kTwoOfficers,
     Case::kDropRevocation, DropRevocation},
    {"解冻", "解冻", Kind::kFreeze, Whose::kTwoOfficers, Case::kReleaseFreeze,
     ReleaseFreeze},
    {"冻结期满", "期满", Kind::kFreeze, Whose::kClock, Case::kEndFreeze,
     EndFreeze},
    {"确认许可", "确认", Kind::kLicence, Whose::kLicensee,
     Case::kConfirmLicence, ConfirmLicence},
    {"终止许可", "终止", Kind::kLicence, Whose::kLicensor, Case::kEndLicence,
     EndLicence},
    {"记录运用", "运用", Kind::kLicence, Whose::kLicensor, Case::kRecordUsage,
     RecordUsage},
    {"导入证书", "导入", Kind::kRegistry, Whose::kTwoOfficers,
     Case::kImportCertificate, Import},
};

}  // namespace

std::vector<Act> CertificateActs() {
  return {std::begin(kActs), std::end(kActs)};
}

}  // namespace dataip::testing
