// Certificates of older systems, and the registry's own errors.
#include "core/registry/certificate/status_on.h"
#include "core/registry/values/number_scheme.h"
#include "tests/unit/core/registry/certificate/order_fixture.h"
#include "tests/unit/core/registry/matchers.h"

namespace dataip::registry {
namespace {

using namespace ::dataip::rpc::v1;  // NOLINT: the reasons
using ::dataip::testing::Allows;
using ::dataip::testing::DocumentFile;
using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::dataip::testing::OrderFixture;
using ::dataip::testing::Refuses;
using ::testing::AllOf;
using ::testing::HasSubstr;

class Imports : public OrderFixture {
 protected:
  void ExpectRefused(const std::string& field, const std::string& rule,
                     void (*change)(v1::ImportCertificate&)) {
    v1::Command command = Import();
    change(*command.mutable_import_certificate());
    EXPECT_THAT(fixture_.Decide(command, {kExaminer, kApprover}),
                Refuses(INVALID_FIELD, rule, "import_certificate." + field));
  }

  v1::Command Correct(const std::string& number) {
    v1::Command command = fixture_.NewCommand(kExaminer, VersionOf(number));
    v1::CorrectCertificate* body = command.mutable_correct_certificate();
    body->set_certificate_number(number);
    body->set_error("记录数录入有误");
    body->mutable_values()->set_record_count(600);
    return command;
  }
};

TEST_F(Imports, TakeTwoOfficersAndNoVersion) {
  EXPECT_THAT(fixture_.Decide(Import(), {kExaminer}),
              Refuses(NOT_ALLOWED, "TWO_OFFICERS", "actor"));
  v1::Command command = Import();
  command.set_version(1);
  EXPECT_THAT(fixture_.Decide(command, {kExaminer, kApprover}),
              Refuses(VERSION_CONFLICT, "VERSION", "version"));
}

TEST_F(Imports, NeedHoldersThatAreRegisteredHere) {
  ExpectRefused("holders", "IMPORT", [](auto& body) { body.clear_holders(); });
  ExpectRefused("holders", "IMPORT", [](auto& body) {
    body.mutable_holders(0)->set_party_number("P9999999");
  });
  ExpectRefused("holders", "IMPORT",
                [](auto& body) { *body.add_holders() = body.holders(0); });
  ExpectRefused("holders", "IMPORT", [](auto& body) {
    body.mutable_holders(0)->set_share_bp(9'999);
  });
}

TEST_F(Imports, NeedContentThatTheTablesKnow) {
  ExpectRefused("name", "IMPORT", [](auto& body) { body.clear_name(); });
  ExpectRefused("industry_code", "IMPORT",
                [](auto& body) { body.set_industry_code("Z9999"); });
  ExpectRefused("region_code", "IMPORT",
                [](auto& body) { body.set_region_code("999999"); });
  ExpectRefused("sources", "IMPORT", [](auto& body) { body.clear_sources(); });
  ExpectRefused("sources", "IMPORT",
                [](auto& body) { body.add_sources(v1::ENTERPRISE); });
  ExpectRefused("record_count", "IMPORT",
                [](auto& body) { body.clear_record_count(); });
  ExpectRefused("valid_from", "IMPORT",
                [](auto& body) { body.set_valid_from("2024-06-21"); });
  ExpectRefused("valid_to", "IMPORT",
                [](auto& body) { body.set_valid_to("2023-08-31"); });
}

TEST_F(Imports, NeedAProvenance) {
  ExpectRefused("provenance.system", "IMPORT",
                [](auto& body) { body.mutable_provenance()->clear_system(); });
  ExpectRefused("provenance.issued_by", "IMPORT", [](auto& body) {
    body.mutable_provenance()->clear_issued_by();
  });
  ExpectRefused("provenance.extracted_on", "IMPORT", [](auto& body) {
    body.mutable_provenance()->set_extracted_on("2024-06-21");
  });
  ExpectRefused("provenance.record", "FILE", [](auto& body) {
    body.mutable_provenance()->mutable_record()->clear_kind();
  });
  ExpectRefused("provenance.legacy_numbers", "IMPORT", [](auto& body) {
    body.mutable_provenance()->clear_legacy_numbers();
  });
  ExpectRefused("provenance.legacy_numbers", "IMPORT", [](auto& body) {
    *body.mutable_provenance()->add_legacy_numbers() =
        body.provenance().legacy_numbers(0);
  });
}

TEST_F(Imports, AreOfWhatIsValidOrExpiredThere) {
  ExpectRefused("provenance.state", "IMPORT",
                [](auto& body) { body.mutable_provenance()->clear_state(); });
  v1::Command command = Import();
  v1::Provenance* from =
      command.mutable_import_certificate()->mutable_provenance();
  const auto refusal = [&](int state) {
    from->set_state(static_cast<v1::CertificateState>(state));
    const Decision decided = fixture_.Decide(command, {kExaminer, kApprover});
    EXPECT_THAT(decided, Refuses(INVALID_FIELD, "IMPORT",
                                 "import_certificate.provenance.state"));
    const auto* refused = std::get_if<Refusal>(&decided);
    return refused == nullptr ? std::string()
                              : refused->violations.front().message_zh() +
                                    refused->violations.front().message_en();
  };
  for (const v1::CertificateState state :
       {v1::CANCELLED, v1::REVOKED, v1::REPLACED}) {
    // Names it, and what to do.
    EXPECT_THAT(refusal(state),
                AllOf(HasSubstr(std::string(StateNameZh(state))),
                      HasSubstr(v1::CertificateState_Name(state)),
                      HasSubstr("请从导入中删去"), HasSubstr("leave it out")));
  }
  EXPECT_THAT(refusal(99), HasSubstr("99"));
}

// On the day on which it was taken from there, the last day being good.
TEST_F(Imports, HaveAStateThatFitsTheirTerm) {
  v1::Command command = Import();
  v1::ImportCertificate* body = command.mutable_import_certificate();
  const auto with = [&](v1::CertificateState state, const char* valid_to) {
    body->mutable_provenance()->set_state(state);
    body->set_valid_to(valid_to);
    return fixture_.Decide(command, {kExaminer, kApprover});
  };
  const auto refuses = [] {
    return Refuses(INVALID_FIELD, "IMPORT",
                   "import_certificate.provenance.state");
  };
  ASSERT_EQ(body->provenance().extracted_on(), "2024-06-19");
  EXPECT_THAT(with(v1::VALID, "2024-06-18"), refuses());
  EXPECT_THAT(with(v1::EXPIRED, "2024-06-18"), Allows());
  EXPECT_THAT(with(v1::VALID, "2024-06-19"), Allows());
  EXPECT_THAT(with(v1::EXPIRED, "2024-06-19"), refuses());
}

TEST_F(Imports, KeepTheOldNumbersAsTheyStand) {
  const Events events = fixture_.Do(Import(), {kExaminer, kApprover});
  ASSERT_EQ(events.size(), 2u);
  const std::string& number =
      events[0].certificate_imported().certificate_number();
  EXPECT_EQ(number, "20240633000000001");
  const v1::Certificate& sheet = Get(number);
  EXPECT_EQ(sheet.content().legacy_numbers(1), "浙数登2023-0042X");
  EXPECT_EQ(sheet.content().valid_to(), "2026-08-31");
  EXPECT_EQ(sheet.content().holders(0).uscc(), "91330382MA00005413");
  EXPECT_TRUE(sheet.content().application_no().empty());
  EXPECT_EQ(sheet.status().state(), v1::VALID);
  for (const char* old : {"33002023090112345", "浙数登2023-0042X"}) {
    EXPECT_EQ(FindCertificate(fixture_.state(), old), &sheet);
    EXPECT_EQ(StatusOn(fixture_.state(), old, {2024, 6, 20})->number(), number);
  }
  EXPECT_EQ(StatusOn(fixture_.state(), number, {2024, 6, 19})->state(),
            v1::CERTIFICATE_STATE_UNSPECIFIED);
  EXPECT_THAT(fixture_.Decide(Import(), {kExaminer, kApprover}),
              Refuses(ALREADY_EXISTS, "IMPORT",
                      "import_certificate.provenance.legacy_numbers[0]"));
  // Numbers go on from it.
  EXPECT_EQ(fixture_.Register("R-1"), "20240733000000002");
}

// An older system may have given a number that ours comes to later.
TEST_F(Imports, NumbersThatTheyBringAlongArePassedOver) {
  const auto certificate = [](const CivilDate& day, uint64_t serial) {
    return NumberScheme{"3300"}.CertificateNumber(day, serial);
  };
  const auto registration = [](uint64_t serial) {
    return RegistrationNumber({2024, 7, 5}, {'2', '1'}, serial);
  };
  v1::Command command = Import();
  v1::Provenance* provenance =
      command.mutable_import_certificate()->mutable_provenance();
  provenance->clear_legacy_numbers();
  provenance->add_legacy_numbers(certificate({2024, 6, 20}, 1));
  provenance->add_legacy_numbers(certificate({2024, 7, 5}, 4));
  provenance->add_legacy_numbers(certificate({2024, 7, 5}, 6));
  provenance->add_legacy_numbers(registration(3));
  const Events imported = fixture_.Do(command, {kExaminer, kApprover});
  // Not even its own.
  const std::string old = certificate({2024, 6, 20}, 2);
  EXPECT_EQ(imported[0].certificate_imported().certificate_number(), old);

  std::vector<std::string> applications;
  for (const char* reference : {"R-1", "R-2", "R-3"}) {
    applications.push_back(fixture_.Submit(reference));
    fixture_.Do(fixture_.NoticeCommand(applications.back()),
                {kExaminer, kApprover});
  }
  fixture_.AdvancePastNotice(applications.front());
  v1::Command batch = fixture_.NewCommand(kExaminer, 0);
  for (const std::string& number : applications) {
    v1::BatchItem* item = batch.mutable_register_applications()->add_items();
    item->set_application_no(number);
    item->set_version(FindApplication(fixture_.state(), number)->version());
  }
  fixture_.Do(batch, {kExaminer, kApprover});
  const uint64_t serials[][2] = {{3, 2}, {5, 4}, {7, 5}};
  for (size_t i = 0; i < applications.size(); ++i) {
    const std::string number = certificate({2024, 7, 5}, serials[i][0]);
    EXPECT_EQ(FindApplication(fixture_.state(), applications[i])
                  ->certificate_number(),
              number);
    for (const std::string& asked : {number, registration(serials[i][1])}) {
      const v1::Certificate* found = FindCertificate(fixture_.state(), asked);
      ASSERT_NE(found, nullptr) << asked;
      EXPECT_EQ(found->number(), number);
    }
  }
  for (const std::string& legacy : provenance->legacy_numbers()) {
    EXPECT_EQ(FindCertificate(fixture_.state(), legacy)->number(), old);
  }
  // They are looked for no more.
  EXPECT_EQ(fixture_.state().counters.certificates, 7u);
  EXPECT_EQ(fixture_.state().counters.registrations, 5u);
  EXPECT_EQ(fixture_.Register("R-4").substr(10), "0000008");
}

TEST_F(Imports, OfExpiredCertificatesAreExpiredAtOnce) {
  v1::Command command = Import();
  command.mutable_import_certificate()->set_valid_to("2024-06-19");
  const Events events = fixture_.Do(command, {kExaminer, kApprover});
  const std::string& number =
      events.at(0).certificate_imported().certificate_number();
  EXPECT_EQ(Get(number).status().state(), v1::EXPIRED);
  EXPECT_EQ(Get(number).status().version(), 1u);
  EXPECT_TRUE(fixture_.state().due.empty());
  // Even then what it was got by may come to light.
  Revoked(number, v1::FROM_REGISTRATION);
  EXPECT_EQ(Get(number).status().state(), v1::REVOKED);
}

TEST_F(Imports, ExpireLikeOthers) {
  const Events events = fixture_.Do(Import(), {kExaminer, kApprover});
  const std::string& number =
      events.at(0).certificate_imported().certificate_number();
  fixture_.AdvanceTo(EndOfDayMs({2026, 8, 31}) + 1);
  fixture_.Do(Expire(number), {"clock"});
  EXPECT_EQ(Get(number).status().state(), v1::EXPIRED);
}

TEST_F(Imports, AreCorrectedOnlyAsTheyStand) {
  const std::string number = fixture_.Register("R-1");
  v1::Command command = Correct(number);
  command.mutable_correct_certificate()->set_certificate_number("1");
  EXPECT_THAT(
      fixture_.Decide(command, {kExaminer, kApprover}),
      Refuses(NOT_FOUND, "EXISTS", "correct_certificate.certificate_number"));
  EXPECT_THAT(fixture_.Decide(Correct(number), {kExaminer}),
              Refuses(NOT_ALLOWED, "TWO_OFFICERS", "actor"));
  command = Correct(number);
  command.mutable_correct_certificate()->set_error("");
  EXPECT_THAT(fixture_.Decide(command, {kExaminer, kApprover}),
              Refuses(INVALID_FIELD, "REASON", "correct_certificate.error"));
  command = Correct(number);
  command.mutable_correct_certificate()->mutable_values()->set_record_count(
      697);
  EXPECT_THAT(fixture_.Decide(command, {kExaminer, kApprover}),
              Refuses(INVALID_FIELD, "C10", "correct_certificate.values"));
  const std::string revocation_no = Opened(number);
  EXPECT_THAT(
      fixture_.Decide(Correct(number), {kExaminer, kApprover}),
      Refuses(RULE_REFUSES, "C10", "correct_certificate.certificate_number"));
}

TEST_F(Imports, CorrectionsMakeANewSheetAndCarryItsFreeze) {
  const std::string number = fixture_.Register("R-1");
  const std::string freeze_no = Frozen(number);
  fixture_.AdvanceTo(StartOfDayMs({2024, 8, 1}));
  const Events events = fixture_.Do(Correct(number), {kExaminer, kApprover});
  ASSERT_EQ(events.size(), 4u);
  const std::string& successor =
      events[0].certificate_corrected().new_certificate_number();
  EXPECT_EQ(Get(number).status().state(), v1::REPLACED);
  EXPECT_EQ(Get(number).status().replaced_by(), successor);
  EXPECT_EQ(Get(successor).content().record_count(), 600u);
  EXPECT_EQ(Get(successor).content().replaces(), number);
  ASSERT_EQ(Get(successor).status().overlays_size(), 1);
  v1::Command again = Correct(number);
  again.set_version(Get(number).status().version());
  EXPECT_THAT(
      fixture_.Decide(again, {kExaminer, kApprover}),
      Refuses(RULE_REFUSES, "C10", "correct_certificate.certificate_number"));
  again = Freeze(number);
  again.set_version(Get(number).status().version());
  EXPECT_THAT(
      fixture_.Decide(again, {kExaminer, kApprover}),
      Refuses(RULE_REFUSES, "C9", "freeze_certificate.certificate_number"));

  // The sheet of a day, and the sheet that was asked for.
  const auto before = StatusOn(fixture_.state(), number, {2024, 7, 31});
  EXPECT_EQ(before->state(), v1::VALID);
  EXPECT_EQ(before->number(), number);
  const auto after = StatusOn(fixture_.state(), number, {2024, 8, 1});
  EXPECT_EQ(after->state(), v1::REPLACED);
  EXPECT_EQ(after->number(), successor);
  const std::string registration =
      Get(successor).content().registration_number();
  EXPECT_EQ(StatusOn(fixture_.state(), registration, {2024, 7, 31})->number(),
            number);
  EXPECT_EQ(StatusOn(fixture_.state(), registration, {2024, 8, 1})->state(),
            v1::VALID);
  const auto unissued = StatusOn(fixture_.state(), successor, {2024, 7, 31});
  EXPECT_EQ(unissued->state(), v1::VALID);
  EXPECT_EQ(unissued->number(), number);
  EXPECT_EQ(unissued->status().number(), number);

  fixture_.AdvanceTo(EndOfDayMs({2024, 12, 31}) + 1);
  const auto due = NextDue(fixture_.state(), fixture_.now_ms());
  ASSERT_TRUE(due.has_value());
  v1::Command owed = fixture_.NewCommand("clock", 0);
  SetClockCommand(fixture_.state(), *due, owed);
  EXPECT_EQ(owed.end_freeze().freeze_no(), freeze_no);
  fixture_.Do(owed, {"clock"});
  EXPECT_TRUE(Get(successor).status().overlays().empty());
}

}  // namespace
}  // namespace dataip::registry
