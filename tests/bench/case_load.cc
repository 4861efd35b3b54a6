#include "tests/bench/case_load.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/hash/hash.h"
#include "core/registry/certificate_orders.h"
#include "core/registry/civil_date.h"
#include "core/registry/identifiers.h"
#include "tests/bench/metering_forms.h"
#include "tests/bench/options.h"

namespace dataip::bench {
namespace {

namespace v1 = registry::v1;
using registry::Events;
using registry::State;

constexpr size_t kBatch = 50;
constexpr int64_t kHourMs = 3'600'000;

std::string Digest(const std::string& text) {
  return std::string(hash::Sha256(hash::AsBytes(text)).text());
}

// Two characters that tell firms and their data apart.
std::string NameOf(uint64_t number) {
  constexpr const char* kFirst[] = {"东", "南", "西", "北", "中", "华", "永",
                                    "安", "瑞", "乐", "平", "海", "江", "山"};
  constexpr const char* kSecond[] = {"清", "嘉", "泰", "阳", "城", "源", "丰",
                                     "盛", "和", "信", "达", "隆", "昌", "宁"};
  return absl::StrCat(kFirst[number % 14], kSecond[number / 14 % 14],
                      kFirst[number / 196 % 14]);
}

std::string UsccOf(uint64_t number) {
  constexpr char kCharacters[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  const std::string serial = std::to_string(100'000 + number);
  // The inner check character is one of these.
  for (char inner : std::string("0123456789X")) {
    const std::string first =
        absl::StrCat("91330382", "MA", serial, std::string(1, inner));
    const auto check = registry::UsccCheckCharacter(first);
    if (check && registry::IsValidUscc(first + *check)) return first + *check;
  }
  Require(false, std::string("no code for firm ") + kCharacters);
  return "";
}

v1::FileCommitment File(const std::string& kind, const std::string& text) {
  v1::FileCommitment file;
  file.set_kind(kind);
  file.set_media_type("application/pdf");
  file.set_byte_size(4096);
  file.mutable_sha256()->set_digest(Digest(text));
  return file;
}

}  // namespace

CaseLoad::CaseLoad(testing::RegistryFixture& fixture, const std::string& rows,
                   uint64_t parties)
    : forms_(MeteringForms(rows, fixture.GoodForm("R"))),
      root_(fixture.KeyId("root")),
      examiner_(fixture.KeyId(testing::kExaminer)),
      approver_(fixture.KeyId(testing::kApprover)),
      registry_(fixture.state()) {
  registry_.set_clock_key_id(fixture.KeyId("clock"));
  AddFirms(parties);
}

uint64_t CaseLoad::VersionOf(const std::string& application_no) const {
  return FindApplication(registry_.state(), application_no)->version();
}

const CaseLoad::Firm& CaseLoad::FirmOf(const std::string& party_number) const {
  return firms_[firm_of_.at(party_number)];
}

v1::Command CaseLoad::ByExaminer(uint64_t version) {
  return registry_.NewCommand(testing::kExaminer, version);
}

void CaseLoad::RunAsExaminer(const v1::Command& command) {
  registry_.Run(command, {examiner_});
}

Events CaseLoad::RunAsOfficers(const v1::Command& command) {
  return registry_.Run(command, {examiner_, approver_});
}

Events CaseLoad::RunAsFirm(const v1::Command& command) {
  return registry_.Run(command, {FirmOf(command.actor()).key_id});
}

void CaseLoad::AddFirms(uint64_t count) {
  for (uint64_t i = 0; i < count; ++i) {
    const auto key = crypto::PrivateKey::Generate(crypto::Algorithm::kEd25519);
    Require(key.ok(), "no key");
    v1::Command command = ByExaminer(0);
    v1::RegisterParty* body = command.mutable_register_party();
    body->mutable_identity()->set_kind(v1::LEGAL_PERSON);
    body->mutable_identity()->set_name(
        absl::StrCat(NameOf(i), "智能仪表", i, "有限公司"));
    body->mutable_identity()->set_uscc(UsccOf(i));
    body->mutable_key()->set_algorithm(v1::ED25519);
    body->mutable_key()->set_raw(key->public_key().raw_string());
    const Events events = registry_.Run(command, {examiner_, key->KeyId()});
    Firm firm;
    firm.number = events[0].party_registered().party().party_number();
    firm.key_id = key->KeyId();
    firm.name = NameOf(i);
    firm_of_[firm.number] = firms_.size();
    firms_.push_back(std::move(firm));
  }
}

void CaseLoad::NextDay() {
  const auto today = registry::ShanghaiDate(registry_.now_ms());
  const int64_t to_ms =
      registry::StartOfDayMs(registry::AddDays(today, 1)) + 9 * kHourMs;
  v1::Command command = registry_.NewCommand(registry::kRootActor, 0);
  *command.mutable_advance_clock()->mutable_to() = registry::FromUnixMs(to_ms);
  registry_.Run(command, {root_});
}

// A firm files the rows of the table one after the other, then again for
// another city.
v1::ApplicationForm CaseLoad::NewForm(Firm& firm) {
  v1::ApplicationForm form = forms_[firm.filed % forms_.size()];
  const uint64_t round = firm.filed++ / forms_.size();
  form.mutable_applicants(0)->set_party_number(firm.number);
  const std::string place = absl::StrCat(firm.name, NameOf(round), "市");
  form.set_name(absl::StrCat(place, form.name()));
  form.set_series(absl::StrCat(form.series(), " ", round));
  form.set_client_reference(
      absl::StrCat(form.client_reference(), "-", firm.filed));
  const std::string own = absl::StrCat(firm.number, " ", firm.filed);
  form.mutable_deposit()->set_file_sha256(Digest("file " + own));
  form.mutable_deposit()->set_file_sm3(Digest("sm3 " + own));
  form.mutable_deposit()->set_root(Digest("root " + own));
  form.mutable_sample()->mutable_file()->mutable_sha256()->set_digest(
      Digest("sample " + own));
  *form.mutable_evidence(0)->mutable_time() =
      registry::FromUnixMs(registry_.now_ms());
  if (Chance(4)) {
    // Bought: the term ends with the contract, and soon.
    v1::Source* source = form.mutable_sources(0);
    source->set_acquisition(v1::PURCHASED);
    *source->mutable_contract() = File("contract", "contract " + own);
    source->set_contract_end(registry::FormatDate(
        registry::AddDays(registry::ShanghaiDate(registry_.now_ms()), 60)));
  }
  return form;
}

std::string CaseLoad::FileOne() {
  Firm& firm = firms_[random_() % firms_.size()];
  v1::Command command = registry_.NewCommand(firm.number, 0);
  *command.mutable_submit_application()->mutable_form() = NewForm(firm);
  const Events events = RunAsFirm(command);
  return events[0].application_submitted().application().application_no();
}

void CaseLoad::AddItems(
    const std::vector<std::string>& numbers,
    google::protobuf::RepeatedPtrField<v1::BatchItem>* items) const {
  for (const std::string& number : numbers) {
    v1::BatchItem* item = items->Add();
    item->set_application_no(number);
    item->set_version(VersionOf(number));
  }
}

namespace {

void SetChecks(v1::Checklist* checklist) {
  checklist->set_sample_checked(true);
  checklist->set_masking_checked(true);
  checklist->set_files_checked(true);
  checklist->set_duplicates_checked(true);
}

}  // namespace

// Sorted in by the day after which it may be registered.
void CaseLoad::Await(const std::string& application_no) {
  const auto* application = FindApplication(registry_.state(), application_no);
  in_notice_[application->issue_deadline().start_date()].push_back(
      application_no);
}

void CaseLoad::OpenNotice(const std::string& application_no) {
  v1::Command command = ByExaminer(VersionOf(application_no));
  v1::OpenNotice* body = command.mutable_open_notice();
  body->set_application_no(application_no);
  SetChecks(body->mutable_checklist());
  RunAsOfficers(command);
  if (Chance(1)) Object(application_no);
  Await(application_no);
}

void CaseLoad::OpenNotices(const std::vector<std::string>& numbers) {
  for (size_t at = 0; at < numbers.size(); at += kBatch) {
    const size_t end = std::min(numbers.size(), at + kBatch);
    const std::vector<std::string> some(numbers.begin() + at,
                                        numbers.begin() + end);
    v1::Command command = ByExaminer(0);
    AddItems(some, command.mutable_open_notices()->mutable_items());
    SetChecks(command.mutable_open_notices()->mutable_checklist());
    RunAsOfficers(command);
    for (const std::string& number : some) Await(number);
  }
}

void CaseLoad::Examine(const std::vector<std::string>& filed) {
  std::vector<std::string> together;
  for (const std::string& number : filed) {
    const auto& claimed_by =
        FindApplication(registry_.state(), number)->claimed_by();
    if (claimed_by.empty() && Chance(50)) {
      v1::Command command = ByExaminer(VersionOf(number));
      command.mutable_claim_application()->set_application_no(number);
      RunAsExaminer(command);
    }
    if (Chance(15)) {
      v1::Command command = ByExaminer(VersionOf(number));
      command.mutable_request_correction()->set_application_no(number);
      v1::Defect* defect = command.mutable_request_correction()->add_defects();
      defect->set_field("scenario.conditions");
      defect->set_reason("请补充说明适用条件");
      RunAsExaminer(command);
      // The rest lets its time go by.
      if (Chance(90)) to_correct_.push_back(number);
    } else if (Chance(2)) {
      v1::Command command = ByExaminer(VersionOf(number));
      v1::RefuseApplication* body = command.mutable_refuse_application();
      body->set_application_no(number);
      body->add_grounds("R03");
      body->set_reason("未经加工,不属于登记对象");
      RunAsOfficers(command);
    } else if (Chance(1)) {
      v1::Command command =
          registry_.NewCommand(FindApplication(registry_.state(), number)
                                   ->form()
                                   .applicants(0)
                                   .party_number(),
                               VersionOf(number));
      command.mutable_withdraw_application()->set_application_no(number);
      RunAsFirm(command);
    } else if (Chance(70)) {
      OpenNotice(number);
    } else {
      together.push_back(number);
    }
  }
  OpenNotices(together);
}

void CaseLoad::Correct() {
  std::vector<std::string> corrected;
  for (const std::string& number : std::exchange(to_correct_, {})) {
    const auto* application = FindApplication(registry_.state(), number);
    v1::Command command =
        registry_.NewCommand(application->form().applicants(0).party_number(),
                             application->version());
    v1::CorrectApplication* body = command.mutable_correct_application();
    body->set_application_no(number);
    *body->mutable_form() = application->form();
    body->mutable_form()->mutable_scenario()->set_conditions(absl::StrCat(
        "已安装远传热量表、网关在线并连续上传小时读数的居民建筑,第",
        application->version(), "稿"));
    RunAsFirm(command);
    corrected.push_back(number);
  }
  Examine(corrected);
}

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
  *body->mutable_claim()->add_evidence() = File("evidence", application_no);
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

void CaseLoad::RegisterOne(const std::string& application_no) {
  v1::Command command = ByExaminer(VersionOf(application_no));
  command.mutable_register_application()->set_application_no(application_no);
  Registered(RunAsOfficers(command));
}

void CaseLoad::Register() {
  const std::string today =
      registry::FormatDate(registry::ShanghaiDate(registry_.now_ms()));
  std::vector<std::string> ripe;
  while (!in_notice_.empty() && in_notice_.begin()->first < today) {
    auto day = in_notice_.extract(in_notice_.begin());
    for (std::string& number : day.mapped()) ripe.push_back(std::move(number));
  }
  std::vector<std::string> together;
  for (const std::string& number : ripe) {
    if (Chance(70)) {
      RegisterOne(number);
    } else {
      together.push_back(number);
    }
  }
  std::sort(together.begin(), together.end());
  for (size_t at = 0; at < together.size(); at += kBatch) {
    const size_t end = std::min(together.size(), at + kBatch);
    v1::Command command = ByExaminer(0);
    AddItems({together.begin() + at, together.begin() + end},
             command.mutable_register_applications()->mutable_items());
    Registered(RunAsOfficers(command));
  }
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
      body.mutable_pledge()->set_salt(Digest("salt " + number));
      AskFor(number, body, true);
    } else if (Chance(2)) {
      body.mutable_transfer()->set_kind(v1::ASSIGNMENT);
      body.mutable_transfer()->add_new_holders()->set_party_number(other);
      *body.mutable_transfer()->mutable_document() = File("document", number);
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
      *body.mutable_renewal()->add_contracts() = File("contract", number);
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
  body->set_salt(Digest("licence " + certificate_number));
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

void CaseLoad::Day(uint64_t filings) {
  NextDay();
  Register();
  Correct();
  std::vector<std::string> filed;
  filed.reserve(filings);
  for (uint64_t i = 0; i < filings; ++i) filed.push_back(FileOne());
  Examine(filed);
}

}  // namespace dataip::bench
