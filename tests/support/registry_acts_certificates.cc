// Acts about certificates: licences and orders.
#include <string>
#include <utility>

#include "core/registry/certificate/certificate_orders.h"
#include "core/registry/state/licence_term.h"
#include "tests/support/registry_life.h"

namespace dataip::testing {
namespace {

using Case = v1::Command::BodyCase;

// From today, for at most a year and within the certificate's term.
void License(const Ask& ask, v1::LicenceKind kind, v1::Command& command) {
  std::vector<std::string> holders;
  for (const v1::Holder& one : SheetAt(ask).content().holders()) {
    holders.push_back(one.party_number());
  }
  command.set_version(SheetAt(ask).status().version());
  v1::FileLicence* body = command.mutable_file_licence();
  body->set_certificate_number(ask.object);
  const std::string to = ask.Word("给");
  body->set_licensee(to.empty() ? ask.life.PartyBeside(holders)
                                : ask.life.PartyOf(to));
  body->set_kind(kind);
  body->set_valid_from(ask.life.Today());
  body->set_valid_to(std::min(ask.Word("至", DaysAfter(ask, 359)),
                              SheetAt(ask).content().valid_to()));
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

void FileSole(const Ask& ask, v1::Command& command) {
  License(ask, v1::SOLE, command);
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

// One fen more, and for half a year from today.
void ChangeLicence(const Ask& ask, v1::Command& command) {
  auto* body = NameLicence(ask, command, command.mutable_change_licence());
  const v1::Licence& now =
      registry::FindLicence(ask.state(), ask.object)->licence;
  const std::string kind = ask.Word("种类");
  body->set_kind(kind == "独占"   ? v1::EXCLUSIVE
                 : kind == "排他" ? v1::SOLE
                                  : now.kind());
  const auto* sheet =
      registry::NewestSheet(ask.state(), now.certificate_number());
  body->set_valid_to(std::min(ask.Word("至", DaysAfter(ask, 179)),
                              sheet->content().valid_to()));
  *body->mutable_price() = now.price();
  body->mutable_price()->mutable_per_unit()->set_fen(
      now.price().per_unit().fen() + 1);
  body->set_contract_no(ask.Word("合同", now.contract_no()));
  body->set_salt(ask.life.NextSalt());
}

void EndLicence(const Ask& ask, v1::Command& command) {
  auto* body = NameLicence(ask, command, command.mutable_end_licence());
  body->set_ended_on(ask.Word("止日", ask.life.Today()));
  body->set_reason("双方协商终止");
}

void EndLicenceByClock(const Ask& ask, v1::Command& command) {
  auto* body = NameLicence(ask, command, command.mutable_end_licence());
  const auto* licence = registry::FindLicence(ask.state(), ask.object);
  if (licence != nullptr) {
    body->set_ended_on(registry::LastDayOf(licence->licence));
  }
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
  command.set_version(SheetAt(ask).status().version());
  command.mutable_expire_certificate()->set_certificate_number(ask.object);
}

void OpenRevocation(const Ask& ask, v1::Command& command) {
  command.set_version(SheetAt(ask).status().version());
  v1::OpenRevocation* body = command.mutable_open_revocation();
  body->set_certificate_number(ask.object);
  body->add_grounds(ask.Word("理由代码", "R08"));
  body->set_reason("登记材料与事实不符");
  body->set_document_no(ask.Word("文书"));
  if (body->document_no().empty()) {
    body->set_occasion(v1::EX_OFFICIO);
  } else {
    body->set_occasion(v1::ON_JUDGMENT);
    *body->mutable_document() = ActFile("document");
  }
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
  command.set_version(SheetAt(ask).status().version());
  v1::FreezeCertificate* body = command.mutable_freeze_certificate();
  body->set_certificate_number(ask.object);
  body->set_authority("示例市中级人民法院");
  body->set_document_no(
      absl::StrCat("(2024)示01执", ask.state().counters.freezes + 1, "号"));
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
  command.set_version(SheetAt(ask).status().version());
  v1::CorrectCertificate* body = command.mutable_correct_certificate();
  body->set_certificate_number(ask.object);
  body->set_error("记录数录入有误");
  body->mutable_values()->set_record_count(
      SheetAt(ask).content().record_count() - 1);
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
  provenance->set_state(
      body->valid_to() < provenance->extracted_on() ? v1::EXPIRED : v1::VALID);
}

constexpr Act kActs[] = {
    {"许可备案", "C4", Kind::kCertificate, Whose::kHolder, Case::kFileLicence,
     FileLicence},
    {"独占许可备案", "C4独", Kind::kCertificate, Whose::kHolder,
     Case::kFileLicence, FileExclusive},
    {"排他许可备案", "C4排", Kind::kCertificate, Whose::kHolder,
     Case::kFileLicence, FileSole},
    {"启动撤销", "C7", Kind::kCertificate, Whose::kExaminer,
     Case::kOpenRevocation, OpenRevocation},
    {"到期失效", "C8", Kind::kCertificate, Whose::kClock,
     Case::kExpireCertificate, Expire},
    {"冻结", "C9", Kind::kCertificate, Whose::kTwoOfficers,
     Case::kFreezeCertificate, Freeze},
    {"依职权更正", "C10职", Kind::kCertificate, Whose::kTwoOfficers,
     Case::kCorrectCertificate, CorrectOwnError},
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
    {"变更许可", "变更", Kind::kLicence, Whose::kLicensor, Case::kChangeLicence,
     ChangeLicence},
    {"终止许可", "终止", Kind::kLicence, Whose::kLicensor, Case::kEndLicence,
     EndLicence},
    {"许可期满", "满期", Kind::kLicence, Whose::kClock, Case::kEndLicence,
     EndLicenceByClock},
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
