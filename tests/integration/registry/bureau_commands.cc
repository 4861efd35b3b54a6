// What the people of a Bureau ask of the registry.
#include "absl/strings/str_cat.h"
#include "client/status.h"
#include "core/crypto/command_signature.h"
#include "core/crypto/random.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "gtest/gtest.h"
#include "tests/integration/registry/bureau.h"
#include "tests/integration/registry/must.h"
#include "tests/support/sample_ledger.h"

namespace dataip::test {
namespace {

constexpr int64_t kLifeMs = 3'600'000;

v1::Opening OpeningOf(const std::string& salt_of, const std::string& value) {
  v1::Opening opening;
  opening.set_salt(
      std::string(hash::Sha256(hash::AsBytes("salt of " + salt_of)).text()));
  opening.set_value(value);
  return opening;
}

std::string CommitmentTo(const v1::Opening& opening) {
  return std::string(crypto::OpeningCommitment(hash::AsBytes(opening.salt()),
                                               hash::AsBytes(opening.value()))
                         .text());
}

}  // namespace

v1::Command Bureau::OpenCommand(bool demonstration) const {
  v1::Command command;
  v1::OpenRegistry& open = *command.mutable_open_registry();
  open.set_jurisdiction("330000");
  open.set_profile_id("ZJ-2023");
  *open.mutable_root_key() = PublicKeyOf("root");
  *open.mutable_clock_key() = PublicKeyOf("clock");
  *open.mutable_issuing_sm2() = PublicKeyOf("issuing-sm2");
  *open.mutable_issuing_p256() = PublicKeyOf("issuing-p256");
  open.set_demonstration(demonstration);
  if (demonstration) {
    *open.mutable_demonstration_start() = registry::FromUnixMs(kClockStartMs);
  }
  return command;
}

std::vector<v1::Command> Bureau::TableCommands() const {
  const std::string tables = DATAIP_SOURCE_DIR "/deploy/tables/";
  const std::vector<std::pair<std::string, std::string>> contents = {
      {"profiles/ZJ-2023", ReadFile(tables + "profile_ZJ-2023.csv")},
      {"calendars/cn", ReadFile(tables + "calendar_cn.csv")},
      {"industries",
       "code,name,level\n"
       "C4016,供应用仪器仪表制造,小类\n"
       "D4511,天然气生产和供应业,小类\n"},
      {"regions", "code,name,level\n330000,浙江省,省\n330382,乐清市,县\n"}};
  std::vector<v1::Command> commands;
  for (const auto& [name, content] : contents) {
    v1::LoadTable& table = *commands.emplace_back().mutable_load_table();
    table.set_name(name);
    table.set_content(content);
  }
  return commands;
}

v1::Command Bureau::OfficerCommand(const std::string& id,
                                   v1::OfficerRole role) const {
  v1::Command command;
  v1::RegisterOfficer& officer = *command.mutable_register_officer();
  officer.set_officer_id(id);
  officer.add_roles(role);
  *officer.mutable_key() = PublicKeyOf(id);
  return command;
}

v1::Command Bureau::PartyCommand(const std::string& name,
                                 const std::string& uscc,
                                 const std::string& key) const {
  v1::Command command;
  v1::RegisterParty& party = *command.mutable_register_party();
  party.mutable_identity()->set_kind(v1::LEGAL_PERSON);
  party.mutable_identity()->set_name(name);
  party.mutable_identity()->set_uscc(uscc);
  *party.mutable_key() = PublicKeyOf(key);
  return command;
}

void Bureau::RegisterOfficers() {
  Must(Do("root", {"root", "examiner-1"},
          OfficerCommand("examiner-1", v1::EXAMINER)));
  Must(Do("root", {"root", "approver-1"},
          OfficerCommand("approver-1", v1::APPROVER)));
}

void Bureau::Open(bool demonstration) {
  Must(Do("root", {"root"}, OpenCommand(demonstration)));
  for (const v1::Command& command : TableCommands()) {
    Must(Do("root", {"root"}, command));
  }
  RegisterOfficers();
  Must(Do(kExaminer, {"examiner-1", "enterprise"},
          PartyCommand("样例智能表具有限公司", "91330100716105852F",
                       "enterprise")));
  Must(Do(kExaminer, {"examiner-1", "licensee"},
          PartyCommand("样例供热有限公司", "914403001922038216", "licensee")));
}

int64_t Bureau::NowMs() {
  return registry::ToUnixMs(Must(As("root").GetRegistry()).now()).value_or(0);
}

v1::SubmitCommandRequest Bureau::SignBytes(
    const std::string& bytes, const std::vector<std::string>& keys) {
  std::map<std::string, const crypto::PrivateKey*> by_id;
  for (const std::string& name : keys) {
    by_id[Key(name).KeyId()] = &Key(name);
  }
  v1::SubmitCommandRequest request;
  request.mutable_command()->set_command(bytes);
  for (const auto& [key_id, key] : by_id) {
    v1::Signature& signature = *request.mutable_command()->add_signatures();
    signature.set_key_id(key_id);
    signature.set_signature(Must(key->Sign(hash::AsBytes(
        crypto::CommandMessage({origin, key_id, hash::AsBytes(bytes)})))));
  }
  return request;
}

v1::SubmitCommandRequest Bureau::Sign(const std::string& actor,
                                      const std::vector<std::string>& keys,
                                      v1::Command command,
                                      std::vector<v1::Opening> openings) {
  if (command.command_id().empty()) {
    command.set_command_id(crypto::RandomBytes(16));
  }
  if (!command.has_issued_at()) {
    const int64_t now =
        command.has_open_registry() && command.open_registry().demonstration()
            ? kClockStartMs
            : NowMs();
    *command.mutable_issued_at() = registry::FromUnixMs(now);
    *command.mutable_expires_at() = registry::FromUnixMs(now + kLifeMs);
  }
  command.set_actor(actor);
  auto request = SignBytes(registry::SerializeCanonical(command), keys);
  for (v1::Opening& opening : openings) {
    *request.add_openings() = std::move(opening);
  }
  return request;
}

Answer Bureau::Submit(const v1::SubmitCommandRequest& request) {
  return As("root").Submit(request);
}

Answer Bureau::Validated(v1::SubmitCommandRequest request) {
  const uint64_t before = CountTransitions();
  request.set_validate_only(true);
  const Answer validated_answer = Submit(request);
  EXPECT_EQ(CountTransitions(), before) << "validate_only wrote";
  request.set_validate_only(false);
  const Answer answer = Submit(request);
  EXPECT_EQ(validated_answer.status(), answer.status());
  if (answer.ok() && validated_answer.ok()) {
    v1::SubmitCommandResponse without_receipt = *answer;
    without_receipt.clear_receipt();
    EXPECT_EQ(validated_answer->SerializeAsString(),
              without_receipt.SerializeAsString());
    EXPECT_EQ(CountTransitions(), before + 1);
  }
  v1::Command command;
  command.ParseFromString(request.command().command());
  ++validated[command.body_case()];
  return answer;
}

Answer Bureau::Do(const std::string& actor,
                  const std::vector<std::string>& keys,
                  const v1::Command& command,
                  std::vector<v1::Opening> openings) {
  auto request = Sign(actor, keys, command, std::move(openings));
  return all_validated ? Validated(std::move(request)) : Submit(request);
}

PreparedForm Bureau::Form(const std::string& reference) {
  PreparedForm prepared;
  prepared.form = SampleForm(kEnterprise, reference, NowMs());
  prepared.sample = absl::StrCat("{\"reference\":\"", reference, "\"}\n");
  const v1::Opening sample = OpeningOf(
      reference,
      std::string(hash::Sha256(hash::AsBytes(prepared.sample)).text()));
  v1::FileCommitment& file = *prepared.form.mutable_sample()->mutable_file();
  file.set_byte_size(prepared.sample.size());
  file.mutable_sha256()->set_digest(CommitmentTo(sample));
  const v1::Opening phone = OpeningOf("phone", "0571-00000000");
  prepared.form.mutable_contact()->mutable_phone()->set_digest(
      CommitmentTo(phone));
  prepared.openings = {sample, phone};
  return prepared;
}

v1::SubmitCommandRequest Bureau::Filing(const std::string& reference) {
  const PreparedForm shared = Form("shared");
  v1::Command command;
  v1::ApplicationForm& form =
      *command.mutable_submit_application()->mutable_form();
  form = Form(reference).form;
  *form.mutable_sample() = shared.form.sample();
  *command.mutable_issued_at() = form.evidence(0).time();
  *command.mutable_expires_at() =
      registry::FromUnixMs(*registry::ToUnixMs(command.issued_at()) + kLifeMs);
  return Sign(kEnterprise, {"enterprise"}, command, shared.openings);
}

void Bureau::UploadShared() {
  Must(As(kEnterprise).Upload(hash::AsBytes(Form("shared").sample)));
}

absl::StatusOr<std::string> Bureau::File(const std::string& reference) {
  PreparedForm prepared = Form(reference);
  const auto uploaded = As(kEnterprise).Upload(hash::AsBytes(prepared.sample));
  if (!uploaded.ok()) return uploaded.status();
  v1::Command command;
  *command.mutable_submit_application()->mutable_form() = prepared.form;
  *command.mutable_issued_at() = prepared.form.evidence(0).time();
  *command.mutable_expires_at() =
      registry::FromUnixMs(*registry::ToUnixMs(command.issued_at()) + kLifeMs);
  const Answer answer =
      Do(kEnterprise, {"enterprise"}, command, prepared.openings);
  if (!answer.ok()) return answer.status();
  return answer->events(0)
      .application_submitted()
      .application()
      .application_no();
}

v1::Application Bureau::Application(const std::string& number) {
  return Must(As(kExaminer).GetApplication(number)).application();
}

Answer Bureau::OpenNotice(const std::string& number) {
  v1::Command command;
  command.set_version(Application(number).version());
  v1::OpenNotice& body = *command.mutable_open_notice();
  body.set_application_no(number);
  body.mutable_checklist()->set_sample_checked(true);
  body.mutable_checklist()->set_masking_checked(true);
  body.mutable_checklist()->set_files_checked(true);
  body.mutable_checklist()->set_duplicates_checked(true);
  return Do(kExaminer, {"examiner-1", "approver-1"}, command);
}

Answer Bureau::Register(const std::string& number) {
  v1::Command command;
  command.set_version(Application(number).version());
  command.mutable_register_application()->set_application_no(number);
  return Do(kExaminer, {"examiner-1", "approver-1"}, command);
}

Answer Bureau::AskCorrection(const std::string& number) {
  v1::Command command;
  command.set_version(Application(number).version());
  v1::RequestCorrection& body = *command.mutable_request_correction();
  body.set_application_no(number);
  v1::Defect& defect = *body.add_defects();
  defect.set_field("coverage_to");
  defect.set_reason("请补充数据期限");
  return Do(kExaminer, {"examiner-1"}, command);
}

Answer Bureau::AdvanceTo(int64_t unix_ms) {
  v1::Command command;
  *command.mutable_advance_clock()->mutable_to() =
      registry::FromUnixMs(unix_ms);
  return Do("root", {"root"}, command);
}

rpc::v1::Reason ReasonIn(const Answer& answer) {
  return client::ReasonOf(answer.status());
}

std::string FieldIn(const Answer& answer) {
  const auto detail = client::ErrorDetailOf(answer.status());
  if (!detail.has_value() || detail->field_violations().empty()) return "";
  return detail->field_violations(0).field();
}

}  // namespace dataip::test
