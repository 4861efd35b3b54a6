// A registered certificate, and the orders that may be given on it.
#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "core/registry/certificate/certificate_orders.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"

namespace dataip::testing {

inline v1::FileCommitment DocumentFile() {
  v1::FileCommitment file;
  file.set_kind("document");
  file.set_media_type("application/pdf");
  file.set_byte_size(4096);
  file.mutable_sha256()->set_digest(Digest32('d'));
  return file;
}

// Registered on 2024-07-05, good to 2027-07-04.
class OrderFixture : public ::testing::Test {
 protected:
  const v1::Certificate& Get(const std::string& number) {
    return *registry::FindSheet(fixture_.state(), number);
  }

  uint64_t VersionOf(const std::string& number) {
    const v1::Certificate* sheet =
        registry::NewestSheet(fixture_.state(), number);
    return sheet == nullptr ? 0 : sheet->status().version();
  }

  uint64_t RevocationVersion(const std::string& revocation_no) {
    const auto* found =
        registry::FindRevocation(fixture_.state(), revocation_no);
    return found == nullptr ? 0 : found->version();
  }

  v1::Command Expire(const std::string& number) {
    v1::Command command = fixture_.NewCommand("clock", VersionOf(number));
    command.mutable_expire_certificate()->set_certificate_number(number);
    return command;
  }

  v1::Command OpenRevocation(const std::string& number) {
    v1::Command command = fixture_.NewCommand(kExaminer, VersionOf(number));
    v1::OpenRevocation* body = command.mutable_open_revocation();
    body->set_certificate_number(number);
    body->add_grounds("R08");
    body->set_reason("登记材料与事实不符");
    body->set_occasion(v1::EX_OFFICIO);
    body->set_salt(Digest32('v'));
    return command;
  }

  v1::Command Statement(const std::string& revocation_no,
                        const std::string& actor) {
    v1::Command command =
        fixture_.NewCommand(actor, RevocationVersion(revocation_no));
    v1::StateInRevocation* body = command.mutable_state_in_revocation();
    body->set_revocation_no(revocation_no);
    body->set_statement("材料真实,见附件");
    *body->add_files() = DocumentFile();
    return command;
  }

  v1::Command Revoke(const std::string& revocation_no,
                     v1::RevocationEffect effect = v1::FROM_DECISION) {
    v1::Command command =
        fixture_.NewCommand(kExaminer, RevocationVersion(revocation_no));
    v1::RevokeCertificate* body = command.mutable_revoke_certificate();
    body->set_revocation_no(revocation_no);
    body->set_effect(effect);
    body->set_reason("隐瞒情况");
    return command;
  }

  v1::Command Drop(const std::string& revocation_no) {
    v1::Command command =
        fixture_.NewCommand(kExaminer, RevocationVersion(revocation_no));
    v1::DropRevocation* body = command.mutable_drop_revocation();
    body->set_revocation_no(revocation_no);
    body->set_reason("理由不成立");
    return command;
  }

  v1::Command Freeze(const std::string& number, char salt = 'f') {
    v1::Command command = fixture_.NewCommand(kExaminer, VersionOf(number));
    v1::FreezeCertificate* body = command.mutable_freeze_certificate();
    body->set_certificate_number(number);
    body->set_authority("示例市中级人民法院");
    body->set_document_no(
        absl::StrCat("(2024)示01执1号", std::string(1, salt)));
    *body->mutable_document() = DocumentFile();
    body->set_until("2024-12-31");
    body->set_salt(Digest32(salt));
    return command;
  }

  // Of a freeze of `number`.
  v1::Command Release(const std::string& freeze_no, const std::string& number) {
    v1::Command command = fixture_.NewCommand(kExaminer, VersionOf(number));
    v1::ReleaseFreeze* body = command.mutable_release_freeze();
    body->set_freeze_no(freeze_no);
    body->set_document_no("(2024)示01执1号之一");
    *body->mutable_document() = DocumentFile();
    return command;
  }

  v1::Command EndFreeze(const std::string& freeze_no,
                        const std::string& number) {
    v1::Command command = fixture_.NewCommand("clock", VersionOf(number));
    command.mutable_end_freeze()->set_freeze_no(freeze_no);
    return command;
  }

  // Of a certificate of the enterprise, with two older numbers.
  v1::Command Import() {
    v1::Command command = fixture_.NewCommand(kExaminer, 0);
    v1::ImportCertificate* body = command.mutable_import_certificate();
    body->add_holders()->set_party_number(fixture_.enterprise);
    body->set_name("城市燃气管网运行数据");
    body->set_industry_code("C4016");
    body->set_region_code("330382");
    body->add_sources(v1::ENTERPRISE);
    body->set_record_count(1'000);
    body->set_update_frequency(v1::DAILY);
    body->set_valid_from("2023-09-01");
    body->set_valid_to("2026-08-31");
    v1::Provenance* provenance = body->mutable_provenance();
    provenance->set_system("浙江数据知识产权登记平台");
    provenance->set_issued_by("示例知识产权服务中心");
    provenance->set_extracted_on("2024-06-19");
    *provenance->mutable_record() = DocumentFile();
    // No scheme of ours makes either of them.
    provenance->add_legacy_numbers("33002023090112345");
    provenance->add_legacy_numbers("浙数登2023-0042X");
    provenance->set_state(v1::VALID);
    return command;
  }

  // Their numbers.
  std::string Opened(const std::string& number) {
    const auto events = fixture_.Do(OpenRevocation(number), {kExaminer});
    if (events.empty()) return "";
    return events[0].revocation_opened().revocation().revocation_no();
  }
  std::string Frozen(const std::string& number, char salt = 'f') {
    const auto events =
        fixture_.Do(Freeze(number, salt), {kExaminer, kApprover});
    if (events.empty()) return "";
    return events[0].certificate_frozen().freeze().freeze_no();
  }

  void Revoked(const std::string& number, v1::RevocationEffect effect) {
    const std::string revocation_no = Opened(number);
    fixture_.Do(Statement(revocation_no, fixture_.enterprise), {"enterprise"});
    fixture_.Do(Revoke(revocation_no, effect), {kExaminer, kApprover});
  }

  RegistryFixture fixture_ = RegistryFixture::Ready();
};

}  // namespace dataip::testing
