#include "tests/bench/case_load.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/hash/hash.h"
#include "core/registry/certificate/certificate_orders.h"
#include "core/registry/values/civil_date.h"
#include "core/registry/values/identifiers.h"
#include "tests/bench/metering_forms.h"
#include "tests/bench/options.h"

namespace dataip::bench {
namespace {

namespace v1 = registry::v1;
using registry::Events;
using registry::State;

constexpr size_t kBatch = 50;
constexpr int64_t kHourMs = 3'600'000;

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

}  // namespace

std::string DigestOf(const std::string& text) {
  return std::string(hash::Sha256(hash::AsBytes(text)).text());
}

v1::FileCommitment FileOf(const std::string& kind, const std::string& text) {
  v1::FileCommitment file;
  file.set_kind(kind);
  file.set_media_type("application/pdf");
  file.set_byte_size(4096);
  file.mutable_sha256()->set_digest(DigestOf(text));
  return file;
}

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
  form.mutable_deposit()->set_file_sha256(DigestOf("file " + own));
  form.mutable_deposit()->set_file_sm3(DigestOf("sm3 " + own));
  form.mutable_deposit()->set_root(DigestOf("root " + own));
  form.mutable_sample()->mutable_file()->mutable_sha256()->set_digest(
      DigestOf("sample " + own));
  *form.mutable_evidence(0)->mutable_time() =
      registry::FromUnixMs(registry_.now_ms());
  if (Chance(4)) {
    // Bought: the term ends with the contract, and soon.
    v1::Source* source = form.mutable_sources(0);
    source->set_acquisition(v1::PURCHASED);
    *source->mutable_contract() = FileOf("contract", "contract " + own);
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
