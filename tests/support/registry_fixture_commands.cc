// The short ways to a state.
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/registry/tables/calendar.h"
#include "core/registry/values/civil_date.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"

namespace dataip::testing {
namespace {

using registry::Events;
using registry::FromUnixMs;

v1::PartyIdentity Organisation(const std::string& name,
                               const std::string& uscc) {
  v1::PartyIdentity identity;
  identity.set_kind(v1::LEGAL_PERSON);
  identity.set_name(name);
  identity.set_uscc(uscc);
  return identity;
}

v1::PartyIdentity Person() {
  v1::PartyIdentity identity;
  identity.set_kind(v1::NATURAL_PERSON);
  identity.set_masked_name("张*");
  identity.mutable_name_commitment()->set_digest(Digest32('n'));
  identity.mutable_id_number_commitment()->set_digest(Digest32('i'));
  identity.set_identity_checked(true);
  return identity;
}

void SetFile(v1::FileCommitment* file, const std::string& kind, char fill) {
  file->set_kind(kind);
  file->set_media_type("application/x-ndjson");
  file->set_byte_size(4096);
  file->mutable_sha256()->set_digest(Digest32(fill));
}

void AddField(v1::ApplicationForm& form, const std::string& name,
              const std::string& type) {
  v1::DataField* field = form.add_fields();
  field->set_name(name);
  field->set_type(type);
  field->set_meaning(absl::StrCat(name, " 的含义"));
  field->set_classification(v1::GENERAL);
  form.mutable_sample()->add_columns(name);
}

}  // namespace

void RegistryFixture::Open() {
  v1::Command command = NewCommand("root", 0);
  v1::OpenRegistry* body = command.mutable_open_registry();
  body->set_jurisdiction("330000");
  body->set_profile_id("ZJ-2023");
  *body->mutable_root_key() = PublicKeyOf("root");
  *body->mutable_clock_key() = PublicKeyOf("clock");
  *body->mutable_issuing_sm2() = PublicKeyOf("issuing_sm2");
  *body->mutable_issuing_p256() = PublicKeyOf("issuing_p256");
  body->set_demonstration(true);
  *body->mutable_demonstration_start() = FromUnixMs(kTestStartMs);
  Do(command, {"root"});
}

void RegistryFixture::LoadTables() {
  const std::pair<const char*, const char*> kTables[] = {
      {"calendars/cn", "calendar_cn"},
      {"industries", "industries"},
      {"profiles/ZJ-2023", "profile_ZJ-2023"},
      {"regions", "regions"}};
  for (const auto& [name, file] : kTables) {
    v1::Command command = NewCommand("root", 0);
    command.mutable_load_table()->set_name(name);
    command.mutable_load_table()->set_content(
        ReadSourceFile(absl::StrCat("deploy/tables/", file, ".csv")));
    Do(command, {"root"});
  }
}

void RegistryFixture::RegisterOfficers() {
  const std::pair<const char*, v1::OfficerRole> kOfficers[] = {
      {"examiner-1", v1::EXAMINER}, {"approver-1", v1::APPROVER}};
  for (const auto& [id, role] : kOfficers) {
    const std::string actor = absl::StrCat("officers/", id);
    v1::Command command = NewCommand("root", 0);
    v1::RegisterOfficer* body = command.mutable_register_officer();
    body->set_officer_id(id);
    body->add_roles(role);
    *body->mutable_key() = PublicKeyOf(actor);
    Do(command, {"root", actor});
  }
}

void RegistryFixture::RegisterParties() {
  const auto add = [this](const std::string& key, v1::PartyIdentity identity) {
    v1::Command command = NewCommand(kExaminer, 0);
    *command.mutable_register_party()->mutable_identity() = std::move(identity);
    *command.mutable_register_party()->mutable_key() = PublicKeyOf(key);
    const Events events = Do(command, {kExaminer, key});
    return events.empty() ? ""
                          : events[0].party_registered().party().party_number();
  };
  enterprise = add("enterprise",
                   Organisation("示例智能仪表有限公司", "91330382MA00005413"));
  licensee =
      add("licensee", Organisation("示例供热有限公司", "91330382MA00006569"));
  person = add("person", Person());
}

void RegistryFixture::AdvanceTo(int64_t to_ms) {
  v1::Command command = NewCommand("root", 0);
  *command.mutable_advance_clock()->mutable_to() = FromUnixMs(to_ms);
  Do(command, {"root"});
}

void RegistryFixture::AdvancePastNotice(const std::string& application_no) {
  const v1::Application* application =
      registry::FindApplication(state_, application_no);
  ASSERT_NE(application, nullptr);
  AdvanceTo(registry::DueInstantMs(application->notice_deadline()) + 1);
}

v1::ApplicationForm RegistryFixture::GoodForm(const std::string& reference) {
  v1::ApplicationForm form;
  form.set_client_reference(reference);
  form.set_name("供热调度用2018年1月智能热量表小时级用能数据集");
  form.set_object_kind(v1::DATA_SET);
  v1::Applicant* applicant = form.add_applicants();
  applicant->set_party_number(enterprise);
  applicant->set_primary(true);
  form.set_industry_code("C4016");
  form.set_scenario_industry_code("D4430");
  form.set_region_code("330382");
  v1::Scenario* scenario = form.mutable_scenario();
  scenario->set_conditions("已安装远传热量表并连续上传小时读数的居民建筑");
  scenario->set_scope("城市集中供热管网覆盖范围内的换热站与楼栋");
  scenario->set_object("供热企业调度部门、能源服务公司");
  scenario->set_problem_solved("人工抄表滞后、供需错配与管网漏损难以及时发现");
  v1::Source* source = form.add_sources();
  source->set_category(v1::ENTERPRISE);
  source->set_acquisition(v1::SELF_COLLECTED);
  source->set_method("企业自有远传热量表按小时自动采集");
  AddField(form, "meter_id", "integer");
  AddField(form, "time_rounded", "datetime");
  AddField(form, "energy_heat_kwh", "decimal");
  form.set_record_count(697);
  form.set_byte_size(63374);
  form.set_storage_format(v1::CSV);
  form.set_update_frequency(v1::HOURLY);
  form.set_coverage_from("2018-01-01");
  form.set_coverage_to("2018-01-31");
  form.set_public_state(v1::NON_PUBLIC);
  form.set_ai_processing_share(v1::NONE);
  std::string summary;
  for (int i = 0; i < 6; ++i) {
    summary += "先剔除缺失、重复与负值读数,再按整点对齐时间步并补齐短缺口。";
  }
  form.set_algorithm_summary(summary);
  v1::Deposit* deposit = form.mutable_deposit();
  deposit->set_file_sha256(Digest32('a'));
  deposit->set_file_sm3(Digest32('b'));
  deposit->set_byte_size(63374);
  deposit->set_leaf_count(698);
  deposit->set_root(Digest32('r'));
  deposit->set_cut(v1::LINES);
  v1::Evidence* evidence = form.add_evidence();
  evidence->set_kind(v1::DEPOSIT);
  *evidence->mutable_time() = FromUnixMs(now_ms());
  SetFile(form.mutable_sample()->mutable_file(), "sample", 's');
  form.mutable_sample()->set_row_count(20);
  form.set_commitment_text("申请人承诺所提交的材料真实、合法、有效。");
  form.mutable_contact()->set_role("数据资产管理岗");
  form.mutable_contact()->mutable_phone()->set_digest(Digest32('p'));
  form.set_prepared_from("2024-06-14");
  return form;
}

v1::Command RegistryFixture::SubmitCommand(v1::ApplicationForm form) {
  v1::Command command = NewCommand(enterprise, 0);
  *command.mutable_submit_application()->mutable_form() = std::move(form);
  return command;
}

v1::Command RegistryFixture::CorrectionCommand(
    const std::string& application_no, const std::string& field) {
  v1::Command command = NewCommand(
      kExaminer, registry::FindApplication(state_, application_no)->version());
  v1::RequestCorrection* body = command.mutable_request_correction();
  body->set_application_no(application_no);
  v1::Defect* defect = body->add_defects();
  defect->set_field(field);
  defect->set_reason("请补充说明");
  return command;
}

v1::Command RegistryFixture::NoticeCommand(const std::string& application_no) {
  v1::Command command = NewCommand(
      kExaminer, registry::FindApplication(state_, application_no)->version());
  v1::OpenNotice* body = command.mutable_open_notice();
  body->set_application_no(application_no);
  body->mutable_checklist()->set_sample_checked(true);
  body->mutable_checklist()->set_masking_checked(true);
  body->mutable_checklist()->set_files_checked(true);
  body->mutable_checklist()->set_duplicates_checked(true);
  return command;
}

v1::Command RegistryFixture::RegisterCommand(
    const std::string& application_no) {
  v1::Command command = NewCommand(
      kExaminer, registry::FindApplication(state_, application_no)->version());
  command.mutable_register_application()->set_application_no(application_no);
  return command;
}

v1::Command RegistryFixture::LicenceCommand(
    const std::string& certificate_number) {
  const v1::Certificate* certificate =
      registry::FindCertificate(state_, certificate_number);
  v1::Command command = NewCommand(enterprise, certificate->status().version());
  v1::FileLicence* body = command.mutable_file_licence();
  body->set_certificate_number(certificate_number);
  body->set_licensee(licensee);
  body->set_kind(v1::ORDINARY);
  body->set_valid_from(certificate->content().valid_from());
  body->set_valid_to("2025-06-30");
  v1::Money* price = body->mutable_price()->mutable_per_unit();
  price->set_currency("CNY");
  price->set_fen(25);
  body->mutable_price()->set_unit("次");
  body->set_contract_no("HT-2024-001");
  body->set_salt(Digest32('l'));
  return command;
}

v1::Command RegistryFixture::UsageCommand(const std::string& licence_no) {
  v1::Command command = NewCommand(
      enterprise, registry::FindLicence(state_, licence_no)->licence.version());
  command.mutable_record_usage()->set_licence_no(licence_no);
  return command;
}

std::string RegistryFixture::Submit(const std::string& reference) {
  const Events events = Do(SubmitCommand(GoodForm(reference)), {"enterprise"});
  if (events.empty()) return "";
  return events[0].application_submitted().application().application_no();
}

std::string RegistryFixture::Register(const std::string& reference) {
  const std::string application_no = Submit(reference);
  Do(NoticeCommand(application_no), {kExaminer, kApprover});
  AdvancePastNotice(application_no);
  const Events events =
      Do(RegisterCommand(application_no), {kExaminer, kApprover});
  if (events.empty()) return "";
  return events[0].application_registered().certificate_number();
}

std::string RegistryFixture::FileLicence(
    const std::string& certificate_number) {
  const Events events = Do(LicenceCommand(certificate_number), {"enterprise"});
  if (events.empty()) return "";
  return events[0].licence_filed().licence().licence_no();
}

void AddUnits(v1::Command& command, const std::string& id, int64_t quantity) {
  v1::UsageEvent* event = command.mutable_record_usage()->add_events();
  event->set_source("meter-gateway");
  event->set_id(id);
  event->set_occurred_on("2024-07-05");
  event->set_quantity(quantity);
}

}  // namespace dataip::testing
