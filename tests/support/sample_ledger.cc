#include "tests/support/sample_ledger.h"

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/crypto/command_signature.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "tests/support/process.h"
#include "tests/support/scribe.h"

namespace dataip::test {
namespace {

constexpr int64_t kFirstEntryMs = 1'767'600'000'000;  // 2026-01-05
constexpr int64_t kClockStartMs = 1'718'845'200'000;  // 2024-06-20 09:00
constexpr int64_t kDayMs = 24 * 3'600'000;
constexpr char kExaminer[] = "officers/examiner-1";

std::string TableFile(const std::string& name) {
  return ReadFile(absl::StrCat(DATAIP_SOURCE_DIR "/deploy/tables/", name));
}

// Writes the sample's story. Each part returns the first refusal.
class Story {
 public:
  explicit Story(const SampleOptions& options)
      : options_(options), scribe_(options.origin, kFirstEntryMs) {}

  absl::StatusOr<SampleLedger> Tell() {
    RETURN_IF_ERROR(MakeKeys());
    RETURN_IF_ERROR(Open());
    RETURN_IF_ERROR(LoadTables());
    return options_.brief ? TellBriefly() : TellAll();
  }

 private:
  absl::StatusOr<SampleLedger> TellBriefly() {
    RETURN_IF_ERROR(RegisterOfficers());
    RETURN_IF_ERROR(RegisterEnterprise());
    RETURN_IF_ERROR(Submit("enterprise", "a"));
    RETURN_IF_ERROR(OpenNotice("a"));
    scribe_.Seal();
    RETURN_IF_ERROR(AdvanceClock(15));
    RETURN_IF_ERROR(Register({"a"}));
    scribe_.Seal();
    return Finish();
  }

  absl::StatusOr<SampleLedger> TellAll() {
    RETURN_IF_ERROR(RegisterPeople());
    scribe_.Seal();
    RETURN_IF_ERROR(File());
    RETURN_IF_ERROR(Examine());
    scribe_.Seal();
    RETURN_IF_ERROR(Wait());
    RETURN_IF_ERROR(Register({"a", "b", "p"}));
    RETURN_IF_ERROR(Use());
    scribe_.Seal();
    return Finish();
  }

  absl::Status Do(const std::string& actor, const std::vector<std::string>& by,
                  const v1::Command& to) {
    return scribe_.Do(actor, by, to).status();
  }

  absl::Status MakeKeys() {
    using crypto::Algorithm;
    for (const char* name : {"root", "clock", "examiner-1", "issuing-sm2",
                             "ledger-sm2", "enterprise", "person"}) {
      RETURN_IF_ERROR(scribe_.AddKey(name, Algorithm::kSm2));
    }
    for (const char* name : {"approver-1", "issuing-p256", "licensee"}) {
      RETURN_IF_ERROR(scribe_.AddKey(name, Algorithm::kP256));
    }
    for (const char* name : {"ledger-ed25519", "enterprise-2"}) {
      RETURN_IF_ERROR(scribe_.AddKey(name, Algorithm::kEd25519));
    }
    return absl::OkStatus();
  }

  absl::Status Open() {
    v1::Command command;
    v1::OpenRegistry* opening = command.mutable_open_registry();
    opening->set_jurisdiction("330000");
    opening->set_profile_id("ZJ-2023");
    *opening->mutable_root_key() = scribe_.PublicKeyOf("root");
    *opening->mutable_clock_key() = scribe_.PublicKeyOf("clock");
    *opening->mutable_issuing_sm2() = scribe_.PublicKeyOf("issuing-sm2");
    *opening->mutable_issuing_p256() = scribe_.PublicKeyOf("issuing-p256");
    opening->set_demonstration(true);
    *opening->mutable_demonstration_start() =
        registry::FromUnixMs(kClockStartMs);
    return Do("root", {"root"}, command);
  }

  absl::Status LoadTable(const std::string& name, const std::string& content) {
    v1::Command command;
    command.mutable_load_table()->set_name(name);
    command.mutable_load_table()->set_content(content);
    return Do("root", {"root"}, command);
  }

  absl::Status LoadTables() {
    RETURN_IF_ERROR(
        LoadTable("profiles/ZJ-2023", TableFile("profile_ZJ-2023.csv")));
    RETURN_IF_ERROR(LoadTable(
        "calendars/cn", options_.brief ? "date,kind,name\n2024-01-01,off,元旦\n"
                                       : TableFile("calendar_cn.csv")));
    RETURN_IF_ERROR(LoadTable("industries",
                              "code,name,level\n"
                              "C4016,供应用仪器仪表制造,小类\n"
                              "D4511,天然气生产和供应业,小类\n"));
    return LoadTable("regions",
                     "code,name,level\n"
                     "330000,浙江省,省\n"
                     "330382,乐清市,县\n");
  }

  absl::Status RegisterOfficer(const std::string& id, v1::OfficerRole role) {
    v1::Command command;
    v1::RegisterOfficer* officer = command.mutable_register_officer();
    officer->set_officer_id(id);
    officer->add_roles(role);
    *officer->mutable_key() = scribe_.PublicKeyOf(id);
    return Do("root", {"root", id}, command);
  }

  absl::Status RegisterParty(const std::string& key,
                             const v1::PartyIdentity& identity) {
    v1::Command command;
    *command.mutable_register_party()->mutable_identity() = identity;
    *command.mutable_register_party()->mutable_key() = scribe_.PublicKeyOf(key);
    ASSIGN_OR_RETURN(const auto events,
                     scribe_.Do(kExaminer, {"examiner-1", key}, command));
    parties_[key] = events[0].party_registered().party().party_number();
    return absl::OkStatus();
  }

  absl::Status RegisterOfficers() {
    RETURN_IF_ERROR(RegisterOfficer("examiner-1", v1::EXAMINER));
    return RegisterOfficer("approver-1", v1::APPROVER);
  }

  absl::Status RegisterEnterprise() {
    v1::PartyIdentity enterprise;
    enterprise.set_kind(v1::LEGAL_PERSON);
    enterprise.set_name("样例智能表具有限公司");
    enterprise.set_uscc("91330100716105852F");
    return RegisterParty("enterprise", enterprise);
  }

  absl::Status RegisterPeople() {
    RETURN_IF_ERROR(RegisterOfficers());
    RETURN_IF_ERROR(RegisterEnterprise());
    v1::PartyIdentity licensee;
    licensee.set_kind(v1::LEGAL_PERSON);
    licensee.set_name("样例供热有限公司");
    licensee.set_uscc("914403001922038216");
    RETURN_IF_ERROR(RegisterParty("licensee", licensee));
    RETURN_IF_ERROR(
        RegisterParty("person", SamplePerson(person_name_, person_salt_)));
    v1::Command command;
    *command.mutable_enrol_key()->mutable_key() =
        scribe_.PublicKeyOf("enterprise-2");
    command.set_version(1);
    return Do(parties_["enterprise"], {"enterprise", "enterprise-2"}, command);
  }

  absl::Status Submit(const std::string& key, const std::string& reference) {
    v1::Command command;
    *command.mutable_submit_application()->mutable_form() =
        SampleForm(parties_[key], reference, scribe_.NowMs(command));
    ASSIGN_OR_RETURN(const auto events,
                     scribe_.Do(parties_[key], {key}, command));
    applications_[reference] =
        events[0].application_submitted().application().application_no();
    return absl::OkStatus();
  }

  // The version that a command about the application must name.
  uint64_t VersionOf(const std::string& reference) {
    return registry::FindApplication(scribe_.state(), applications_[reference])
        ->version();
  }

  absl::Status File() {
    for (const char* reference :
         {"a", "b", "refused", "overdue", "withdrawn"}) {
      RETURN_IF_ERROR(Submit("enterprise", reference));
    }
    return Submit("person", "p");
  }

  absl::Status AskCorrection(const std::string& reference) {
    v1::Command command;
    command.set_version(VersionOf(reference));
    v1::RequestCorrection* body = command.mutable_request_correction();
    body->set_application_no(applications_[reference]);
    v1::Defect* defect = body->add_defects();
    defect->set_field("coverage_to");
    defect->set_reason("请补充数据期限");
    return Do(kExaminer, {"examiner-1"}, command);
  }

  absl::Status Correct(const std::string& reference) {
    v1::Command command;
    command.set_version(VersionOf(reference));
    v1::CorrectApplication* body = command.mutable_correct_application();
    body->set_application_no(applications_[reference]);
    *body->mutable_form() =
        registry::FindApplication(scribe_.state(), applications_[reference])
            ->form();
    body->mutable_form()->set_coverage_to("2024-05-31");
    return Do(parties_["enterprise"], {"enterprise-2"}, command);
  }

  absl::Status OpenNotice(const std::string& reference) {
    v1::Command command;
    command.set_version(VersionOf(reference));
    v1::OpenNotice* body = command.mutable_open_notice();
    body->set_application_no(applications_[reference]);
    v1::Checklist& checklist = *body->mutable_checklist();
    checklist.set_sample_checked(true);
    checklist.set_masking_checked(true);
    checklist.set_files_checked(true);
    checklist.set_duplicates_checked(true);
    return Do(kExaminer, {"examiner-1", "approver-1"}, command);
  }

  absl::Status Examine() {
    RETURN_IF_ERROR(AskCorrection("b"));
    RETURN_IF_ERROR(Correct("b"));
    RETURN_IF_ERROR(AskCorrection("overdue"));
    v1::Command withdraw;
    withdraw.set_version(VersionOf("withdrawn"));
    withdraw.mutable_withdraw_application()->set_application_no(
        applications_["withdrawn"]);
    RETURN_IF_ERROR(Do(parties_["enterprise"], {"enterprise"}, withdraw));
    v1::Command refuse;
    refuse.set_version(VersionOf("refused"));
    refuse.mutable_refuse_application()->set_application_no(
        applications_["refused"]);
    refuse.mutable_refuse_application()->add_grounds("R03");
    refuse.mutable_refuse_application()->set_reason("未经加工的原始数据");
    RETURN_IF_ERROR(Do(kExaminer, {"examiner-1", "approver-1"}, refuse));
    for (const char* reference : {"a", "b", "p"}) {
      RETURN_IF_ERROR(OpenNotice(reference));
    }
    return absl::OkStatus();
  }

  // To so many days after its start.
  absl::Status AdvanceClock(int days) {
    v1::Command command;
    *command.mutable_advance_clock()->mutable_to() =
        registry::FromUnixMs(kClockStartMs + days * kDayMs);
    return Do("root", {"root"}, command);
  }

  // Over the ten working days of notice and correction.
  absl::Status Wait() {
    RETURN_IF_ERROR(AdvanceClock(15));
    v1::Command close;
    close.set_version(VersionOf("overdue"));
    close.mutable_close_overdue_correction()->set_application_no(
        applications_["overdue"]);
    return Do("clock", {"clock"}, close);
  }

  absl::Status Register(const std::vector<std::string>& references) {
    for (const std::string& reference : references) {
      v1::Command command;
      command.set_version(VersionOf(reference));
      command.mutable_register_application()->set_application_no(
          applications_[reference]);
      ASSIGN_OR_RETURN(
          const auto events,
          scribe_.Do(kExaminer, {"examiner-1", "approver-1"}, command));
      certificates_.push_back(
          {events[0].application_registered().certificate_number(),
           scribe_.drafts().size() - 1,
           events[1].certificate_issued().content(),
           {}});
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> FileLicence(size_t certificate,
                                          v1::LicenceKind kind) {
    v1::Command command;
    v1::FileLicence* body = command.mutable_file_licence();
    body->set_certificate_number(certificates_[certificate].number);
    command.set_version(
        registry::FindCertificate(scribe_.state(), body->certificate_number())
            ->status()
            .version());
    body->set_licensee(parties_["licensee"]);
    body->set_kind(kind);
    body->set_valid_from("2024-07-10");
    body->set_valid_to("2025-06-30");
    body->mutable_price()->mutable_per_unit()->set_currency("CNY");
    body->mutable_price()->mutable_per_unit()->set_fen(25);
    body->mutable_price()->set_unit("次");
    body->set_salt(std::string(
        hash::Sha256(hash::AsBytes(body->certificate_number())).text()));
    ASSIGN_OR_RETURN(const auto events, scribe_.Do(parties_["enterprise"],
                                                   {"enterprise"}, command));
    return events[0].licence_filed().licence().licence_no();
  }

  absl::Status Use() {
    ASSIGN_OR_RETURN(const std::string licence_no,
                     FileLicence(0, v1::EXCLUSIVE));
    RETURN_IF_ERROR(FileLicence(1, v1::ORDINARY).status());
    RETURN_IF_ERROR(AdvanceClock(60));
    v1::Command command;
    command.set_version(
        registry::FindLicence(scribe_.state(), licence_no)->licence.version());
    v1::RecordUsage* body = command.mutable_record_usage();
    body->set_licence_no(licence_no);
    for (int i = 0; i < 3; ++i) {
      v1::UsageEvent* event = body->add_events();
      event->set_source("meter");
      event->set_id(absl::StrCat("u", i));
      event->set_occurred_on("2024-07-20");
      if (i < 2) event->set_quantity(100 + i);
      if (i == 2) event->set_reverses_id("u0");
    }
    return Do(parties_["enterprise"], {"enterprise"}, command);
  }

  absl::StatusOr<SampleLedger> Finish() {
    SampleLedger sample;
    sample.origin = options_.origin;
    sample.keys = scribe_.keys();
    sample.key_ids = scribe_.key_ids();
    sample.state = scribe_.state();
    sample.drafts = scribe_.drafts();
    sample.person_name = person_name_;
    sample.person_salt = person_salt_;
    for (const char* name : {"ledger-ed25519", "ledger-sm2"}) {
      ASSIGN_OR_RETURN(auto signer,
                       crypto::NoteSigner::Create(options_.origin, Key(name)));
      sample.trust_text.ledger_keys.push_back(signer.vkey());
      sample.signers.push_back(std::move(signer));
    }
    ASSIGN_OR_RETURN(sample.sm2_chain,
                     MakeSampleChain(Key("issuing-sm2"), sample.trust_text));
    ASSIGN_OR_RETURN(sample.p256_chain,
                     MakeSampleChain(Key("issuing-p256"), sample.trust_text));
    sample.trust_text.origin = options_.origin;
    sample.trust_text.root_key = scribe_.KeyIdOf("root");
    sample.trust_text.demonstration = true;
    sample.trust_json = verify::FormatTrust(sample.trust_text);
    ASSIGN_OR_RETURN(sample.book,
                     MakeBook(sample.origin, sample.drafts, sample.signers));
    for (SampleCertificate& one : certificates_) {
      const auto* known = registry::FindCertificate(sample.state, one.number);
      const auto& records = known->status_records();
      one.status_records.assign(records.begin(), records.end());
    }
    sample.certificates = certificates_;
    return sample;
  }

  const crypto::PrivateKey& Key(const std::string& name) const {
    return scribe_.keys().at(scribe_.KeyIdOf(name));
  }

  SampleOptions options_;
  Scribe scribe_;
  std::map<std::string, std::string> parties_;
  std::map<std::string, std::string> applications_;  // by reference
  std::vector<SampleCertificate> certificates_;
  std::string person_name_ = "张三";
  std::string person_salt_ =
      std::string(hash::Sha256(hash::AsBytes("person")).text());
};

}  // namespace

verify::Trust SampleLedger::trust() const {
  return *verify::ParseTrust(trust_json);
}

absl::StatusOr<SampleLedger> MakeSampleLedger(const SampleOptions& options) {
  return Story(options).Tell();
}

}  // namespace dataip::test
