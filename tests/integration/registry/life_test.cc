// The life of applications against real servers, every command validated
// before it is filed.
#include <gtest/gtest.h>

#include <chrono>

#include "client/receipt.h"
#include "client/status.h"
#include "core/crypto/command_signature.h"
#include "core/proof/header.h"
#include "core/registry/values/civil_date.h"
#include "core/verify/check.h"
#include "dataip/bundle/v1/bundle.pb.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "tests/integration/registry/bureau.h"
#include "tests/support/status_matchers.h"

namespace dataip::test {
namespace {

using ::dataip::testing::StatusIs;

int64_t RealNowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

verify::Report Checked(Bureau& bureau, const std::string& bundle) {
  verify::CheckOptions options;
  options.now_ms = RealNowMs();
  const auto report = Check(hash::AsBytes(bundle), bureau.Trust(), options);
  EXPECT_TRUE(report.ok()) << report.status();
  return report.value_or(verify::Report());
}

std::string Corrected(Bureau& bureau, const std::string& number) {
  v1::Command command;
  const v1::Application application = bureau.Application(number);
  command.set_version(application.version());
  v1::CorrectApplication& body = *command.mutable_correct_application();
  body.set_application_no(number);
  *body.mutable_form() = application.form();
  body.mutable_form()->set_coverage_to("2024-05-31");
  const Answer answer = bureau.Do(kEnterprise, {"second"}, command);
  EXPECT_OK(answer);
  return number;
}

void Withdraw(Bureau& bureau, const std::string& number) {
  v1::Command command;
  command.set_version(bureau.Application(number).version());
  command.mutable_withdraw_application()->set_application_no(number);
  EXPECT_OK(bureau.Do(kEnterprise, {"enterprise"}, command));
}

void Refuse(Bureau& bureau, const std::string& number) {
  v1::Command command;
  command.set_version(bureau.Application(number).version());
  v1::RefuseApplication& body = *command.mutable_refuse_application();
  body.set_application_no(number);
  body.add_grounds("R03");
  body.set_reason("未经加工的原始数据");
  EXPECT_OK(bureau.Do(kExaminer, {"examiner-1", "approver-1"}, command));
}

void EnrolSecondKey(Bureau& bureau) {
  v1::Command command;
  command.set_version(1);
  *command.mutable_enrol_key()->mutable_key() = bureau.PublicKeyOf("second");
  EXPECT_OK(bureau.Do(kEnterprise, {"enterprise", "second"}, command));
}

std::string FileLicence(Bureau& bureau, const std::string& certificate) {
  v1::Command command;
  const auto found = bureau.As(kEnterprise).GetCertificate(certificate);
  EXPECT_OK(found);
  command.set_version(found->certificate().status().version());
  v1::FileLicence& body = *command.mutable_file_licence();
  body.set_certificate_number(certificate);
  body.set_licensee(kLicensee);
  body.set_kind(v1::EXCLUSIVE);
  body.set_valid_from("2024-07-10");
  body.set_valid_to("2025-06-30");
  body.mutable_price()->mutable_per_unit()->set_currency("CNY");
  body.mutable_price()->mutable_per_unit()->set_fen(25);
  body.mutable_price()->set_unit("次");
  body.set_salt(std::string(32, 's'));
  const Answer answer = bureau.Do(kEnterprise, {"enterprise"}, command);
  EXPECT_OK(answer);
  return answer->events(0).licence_filed().licence().licence_no();
}

void RecordUsage(Bureau& bureau, const std::string& licence_no) {
  v1::Command command;
  const auto licence = bureau.As(kEnterprise).GetLicence(licence_no);
  EXPECT_OK(licence);
  command.set_version(licence->licence().version());
  v1::RecordUsage& body = *command.mutable_record_usage();
  body.set_licence_no(licence_no);
  for (int i = 0; i < 3; ++i) {
    v1::UsageEvent& event = *body.add_events();
    event.set_source("meter");
    event.set_id("u" + std::to_string(i));
    event.set_occurred_on("2024-07-20");
    event.set_quantity(100 + i);
  }
  EXPECT_OK(bureau.Do(kEnterprise, {"enterprise"}, command));
}

void CheckUse(Bureau& bureau, const std::string& licence_no,
              const std::string& certificate) {
  constexpr int64_t kFen = 25 * (100 + 101 + 102);
  const auto licence = bureau.As(kLicensee).GetLicence(licence_no);
  ASSERT_OK(licence);
  EXPECT_EQ(licence->realised_value_fen(), kFen);
  EXPECT_EQ(bureau.As(kApprover).ListUsage(licence_no)->size(), 3u);
  EXPECT_THAT(bureau.As("stranger").ListUsage(licence_no).status(),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_FALSE(
      bureau.As("stranger").GetLicence(licence_no)->licence().has_price());
  v1::GetValueRequest request;
  EXPECT_EQ(bureau.As("stranger").GetValue(request)->value().fen(), kFen);
  request.set_certificate_number(certificate);
  EXPECT_EQ(bureau.As("stranger").GetValue(request)->value().fen(), kFen);
  request.clear_certificate_number();
  request.set_party("91330100716105852F");
  const auto value = bureau.As("stranger").GetValue(request);
  EXPECT_EQ(value->value().fen(), kFen);
  EXPECT_EQ(value->value().subject(), std::string("parties/") + kEnterprise);
  EXPECT_EQ(value->value().metric(), "实现运用金额-A");
}

TEST(RegistryService, SaysTheOriginBeforeItIsOpened) {
  Bureau bureau;
  const auto registry = bureau.As("root").GetRegistry();
  ASSERT_OK(registry);
  EXPECT_EQ(registry->origin(), bureau.origin);
  EXPECT_FALSE(registry->opened());
  ASSERT_EQ(registry->issuing_certificates_size(), 4);
}

TEST(RegistryService, LeadsTheMainJobThroughAsValidatedBefore) {
  Bureau bureau;
  bureau.all_validated = true;
  bureau.Open();
  EXPECT_THAT(bureau.Do("root", {"root"}, bureau.OpenCommand(true)).status(),
              StatusIs(absl::StatusCode::kAlreadyExists));
  EnrolSecondKey(bureau);
  ASSERT_OK_AND_ASSIGN(const std::string registered, bureau.File("a"));
  ASSERT_OK_AND_ASSIGN(const std::string refused, bureau.File("refused"));
  ASSERT_OK_AND_ASSIGN(const std::string withdrawn, bureau.File("withdrawn"));
  ASSERT_OK(bureau.AskCorrection(registered));
  EXPECT_NE(bureau.As(kEnterprise).GetApplication(registered)->deadline_text(),
            "");
  Corrected(bureau, registered);
  Refuse(bureau, refused);
  Withdraw(bureau, withdrawn);
  ASSERT_OK(bureau.OpenNotice(registered));
  EXPECT_THAT(bureau.Register(registered).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  bureau.all_validated = false;  // what is overdue is closed on the way
  ASSERT_OK(bureau.AdvanceTo(kClockStartMs + 14 * kDayMs));
  bureau.all_validated = true;
  ASSERT_OK(bureau.AdvanceTo(kClockStartMs + 15 * kDayMs));
  const Answer answer = bureau.Register(registered);
  ASSERT_OK(answer);
  const std::string certificate =
      answer->events(0).application_registered().certificate_number();
  const std::string licence_no = FileLicence(bureau, certificate);
  ASSERT_OK(bureau.AdvanceTo(kClockStartMs + 60 * kDayMs));
  RecordUsage(bureau, licence_no);
  CheckUse(bureau, licence_no, certificate);
  v1::Command close;
  close.mutable_close_overdue_correction()->set_application_no(refused);
  close.set_version(bureau.Application(refused).version());
  EXPECT_FALSE(bureau.Do("clock", {"clock"}, close).ok());
  const auto* bodies = v1::Command::descriptor()->FindOneofByName("body");
  for (int i = 0; i < bodies->field_count(); ++i) {
    if (bodies->field(i)->name() == "erase_payload") continue;  // erasure_test
    const auto body =
        static_cast<v1::Command::BodyCase>(bodies->field(i)->number());
    if (body >= v1::Command::kGrantAttorney) continue;  // case_life_test
    EXPECT_GT(bureau.validated[body], 0) << body;
  }
}

TEST(RegistryService, IssuesACertificateThatVerifiesOffline) {
  Bureau bureau;
  bureau.Open();
  ASSERT_OK_AND_ASSIGN(const std::string number, bureau.File("a"));
  ASSERT_OK(bureau.OpenNotice(number));
  ASSERT_OK(bureau.AdvanceTo(kClockStartMs + 15 * kDayMs));
  const Answer answer = bureau.Register(number);
  ASSERT_OK(answer);
  const auto trust = bureau.Trust();
  EXPECT_FALSE(answer->receipt().checkpoint().empty());
  EXPECT_OK(client::CheckReceipt(answer->receipt(),
                                 {bureau.origin, trust.ledger_keys}));
  const std::string certificate =
      answer->events(0).application_registered().certificate_number();
  const auto bundle = bureau.As("stranger").GetBundle(certificate);
  ASSERT_OK(bundle);
  const verify::Report report = Checked(bureau, bundle->bundle());
  EXPECT_EQ(report.conclusion, verify::Conclusion::kInForce)
      << verify::FormatReport(report);
  EXPECT_EQ(report.issue_index, answer->receipt().index());
  FileLicence(bureau, certificate);
  const auto with_history = bureau.As(kEnterprise).GetBundle(certificate, true);
  ASSERT_OK(with_history);
  const verify::Report after = Checked(bureau, with_history->bundle());
  EXPECT_EQ(after.conclusion, verify::Conclusion::kInForce)
      << verify::FormatReport(after);
  EXPECT_EQ(after.overlays.size(), 1u);
  const auto found = bureau.As("stranger").GetCertificate(certificate);
  ASSERT_OK(found);
  EXPECT_EQ(found->certificate().issue_index(), answer->receipt().index());
  EXPECT_EQ(found->certificate().status_records_size(), 2);
  EXPECT_EQ(bureau.As("stranger").ListCertificates({})->size(), 1u);
  const auto history = bureau.As(kExaminer).GetApplication(number)->history();
  ASSERT_EQ(history.size(), 5);
  EXPECT_EQ(history[0].event(), "ApplicationSubmitted");
  EXPECT_EQ(history[3].event(), "CertificateIssued");
}

TEST(RegistryService, ShowsStrangersThePublicPartOnly) {
  Bureau bureau;
  bureau.Open();
  ASSERT_OK_AND_ASSIGN(const std::string number, bureau.File("a"));
  const client::RegistryClient::FileName sample{number, "sample", 0};
  for (const char* actor : {kEnterprise, kExaminer, "root"}) {
    const auto seen = bureau.As(actor).GetApplication(number);
    ASSERT_OK(seen);
    EXPECT_EQ(seen->application().form().fields_size(), 2) << actor;
    const auto file = bureau.As(actor).Download(sample);
    ASSERT_OK(file);
    EXPECT_EQ(file->content, bureau.Form("a").sample);
  }
  for (const char* actor : {kLicensee, "stranger", "officers/nobody"}) {
    const auto seen = bureau.As(actor).GetApplication(number);
    ASSERT_OK(seen);
    EXPECT_EQ(seen->application().form().name(), "") << actor;
    EXPECT_EQ(seen->application().form().fields_size(), 0) << actor;
    EXPECT_EQ(seen->application().form().algorithm_summary(), "");
    EXPECT_THAT(bureau.As(actor).Download(sample).status(),
                StatusIs(absl::StatusCode::kPermissionDenied));
    const auto list = bureau.As(actor).ListApplications({});
    ASSERT_OK(list);
    ASSERT_EQ(list->size(), 1u);
    EXPECT_EQ(list->front().client_reference(), "");
  }
}

// Both, the answer and the digest on the ledger, come from one place.
TEST(RegistryService, ShowsStrangersTheSnapshotOfTheNotice) {
  Bureau bureau;
  bureau.Open();
  ASSERT_OK_AND_ASSIGN(const std::string number, bureau.File("a"));
  const Answer opened = bureau.OpenNotice(number);
  ASSERT_OK(opened);
  const auto& snapshot = opened->events(0).notice_opened().snapshot();
  const auto seen = bureau.As("stranger").GetApplication(number);
  ASSERT_OK(seen);
  const v1::ApplicationForm& form = seen->application().form();
  EXPECT_EQ(form.name(), snapshot.name());
  EXPECT_EQ(form.industry_code(), snapshot.industry_code());
  EXPECT_EQ(form.region_code(), snapshot.region_code());
  EXPECT_EQ(form.scenario().SerializeAsString(),
            snapshot.scenario().SerializeAsString());
  EXPECT_EQ(form.sources_size(), snapshot.sources_size());
  EXPECT_EQ(form.record_count(), snapshot.record_count());
  EXPECT_EQ(form.byte_size(), snapshot.byte_size());
  EXPECT_EQ(form.update_frequency(), snapshot.update_frequency());
  EXPECT_NE(form.algorithm_summary(), "");
  EXPECT_EQ(form.algorithm_summary(), snapshot.algorithm_summary());
  EXPECT_EQ(form.deposit().SerializeAsString(),
            snapshot.deposit().SerializeAsString());
  EXPECT_EQ(form.fields_size(), 0);
}

TEST(RegistryService, FindsAFilingByItsReference) {
  Bureau bureau;
  bureau.Open();
  ASSERT_OK_AND_ASSIGN(const std::string number, bureau.File("a"));
  ASSERT_OK(bureau.File("b"));
  v1::ListApplicationsRequest request;
  request.set_client_reference("a");
  EXPECT_THAT(bureau.As(kEnterprise).ListApplications(request).status(),
              StatusIs(absl::StatusCode::kInvalidArgument));
  request.set_party("91330100716105852F");
  const auto found = bureau.As(kEnterprise).ListApplications(request);
  ASSERT_OK(found);
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ(found->front().application_no(), number);
  EXPECT_TRUE(bureau.As(kLicensee).ListApplications(request)->empty());
}

constexpr char kPerson[] = "P0000003";
constexpr char kPersonName[] = "张三";
constexpr char kPersonNumber[] = "11010519491231002X";

std::string CommitmentTo(const v1::Opening& opening) {
  return std::string(crypto::OpeningCommitment(hash::AsBytes(opening.salt()),
                                               hash::AsBytes(opening.value()))
                         .text());
}

// A natural person by commitments, and their openings: name, number.
v1::Command PersonCommand(const Bureau& bureau,
                          std::vector<v1::Opening>& openings) {
  openings.resize(2);
  openings[0].set_salt(std::string(32, 'n'));
  openings[0].set_value(kPersonName);
  openings[1].set_salt(std::string(32, 'i'));
  openings[1].set_value(kPersonNumber);
  v1::Command command;
  v1::PartyIdentity& identity =
      *command.mutable_register_party()->mutable_identity();
  identity.set_kind(v1::NATURAL_PERSON);
  identity.set_masked_name("张*");
  identity.mutable_name_commitment()->set_digest(CommitmentTo(openings[0]));
  identity.mutable_id_number_commitment()->set_digest(
      CommitmentTo(openings[1]));
  identity.set_identity_checked(true);
  *command.mutable_register_party()->mutable_key() =
      bureau.PublicKeyOf("person");
  return command;
}

// The certificate number of the person's own application.
std::string CertifyPerson(Bureau& bureau) {
  PreparedForm prepared = bureau.Form("own");
  prepared.form.mutable_applicants(0)->set_party_number(kPerson);
  EXPECT_OK(bureau.As(kPerson).Upload(hash::AsBytes(prepared.sample)));
  v1::Command command;
  *command.mutable_submit_application()->mutable_form() = prepared.form;
  *command.mutable_issued_at() = prepared.form.evidence(0).time();
  *command.mutable_expires_at() =
      registry::FromUnixMs(kClockStartMs + 3'600'000);
  const Answer filed =
      bureau.Do(kPerson, {"person"}, command, prepared.openings);
  EXPECT_OK(filed);
  const std::string number =
      filed->events(0).application_submitted().application().application_no();
  EXPECT_OK(bureau.OpenNotice(number));
  EXPECT_OK(bureau.AdvanceTo(kClockStartMs + 15 * kDayMs));
  const Answer registered = bureau.Register(number);
  EXPECT_OK(registered);
  return registered->events(0).application_registered().certificate_number();
}

// Neither headers nor payloads hold the person's name or number.
void ExpectNothingOfThePersonOnTheLedger(Bureau& bureau) {
  ledger::v1::ReadEntriesRequest request;
  request.set_with_payloads(true);
  const auto entries = bureau.ledger().ReadEntries(request);
  size_t seen = 0;
  for (;;) {
    const auto run = entries->Next();
    ASSERT_OK(run);
    if (!run->has_value()) break;
    for (const auto& entry : (*run)->entries()) {
      const std::string bytes = entry.header() + entry.payload();
      EXPECT_EQ(bytes.find(kPersonNumber), std::string::npos);
      EXPECT_EQ(bytes.find(kPersonName), std::string::npos);
      ++seen;
    }
  }
  EXPECT_GT(seen, 8U);
}

TEST(RegistryService, KeepsAPersonsNameAndNumberOutOfTheLedger) {
  Bureau bureau;
  bureau.Open();
  std::vector<v1::Opening> openings;
  const v1::Command command = PersonCommand(bureau, openings);
  const Answer without =
      bureau.Do(kExaminer, {"examiner-1", "person"}, command, {openings[0]});
  EXPECT_EQ(ReasonIn(without), rpc::v1::INVALID_FIELD);
  EXPECT_EQ(FieldIn(without), "identity.id_number_commitment");
  ASSERT_OK(bureau.Do(kExaminer, {"examiner-1", "person"}, command, openings));
  const std::string certificate = CertifyPerson(bureau);
  ExpectNothingOfThePersonOnTheLedger(bureau);
  // The name opens in the holder's own bundle only.
  for (const char* actor : {kPerson, kEnterprise, kExaminer}) {
    const auto answer = bureau.As(actor).GetBundle(certificate);
    ASSERT_OK(answer);
    const verify::Report report = Checked(bureau, answer->bundle());
    EXPECT_EQ(report.conclusion, verify::Conclusion::kInForce)
        << verify::FormatReport(report);
    bundle::v1::Bundle bundle;
    ASSERT_TRUE(bundle.ParseFromString(answer->bundle()));
    ASSERT_EQ(bundle.name_openings_size(), actor == kPerson ? 1 : 0) << actor;
    if (actor != kPerson) continue;
    EXPECT_EQ(bundle.name_openings(0).name(), kPersonName);
  }
}

}  // namespace
}  // namespace dataip::test
