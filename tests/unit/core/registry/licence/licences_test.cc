// Licences: filing, overlap, overlay.
#include "core/crypto/command_signature.h"
#include "core/registry/decide.h"
#include "core/registry/state/header_of.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/core/registry/matchers.h"

namespace dataip::registry {
namespace {

using namespace ::dataip::rpc::v1;  // NOLINT: the reasons
using ::dataip::testing::Allows;
using ::dataip::testing::Digest32;
using ::dataip::testing::Refuses;
using ::dataip::testing::RegistryFixture;

class Licences : public ::testing::Test {
 protected:
  Licences() { certificate_ = fixture_.Register("R-1"); }

  v1::Command File(v1::LicenceKind kind, const std::string& from,
                   const std::string& to) {
    v1::Command command = fixture_.LicenceCommand(certificate_);
    command.mutable_file_licence()->set_kind(kind);
    command.mutable_file_licence()->set_valid_from(from);
    command.mutable_file_licence()->set_valid_to(to);
    return command;
  }

  Decision With(void (*change)(v1::FileLicence&)) {
    v1::Command command = fixture_.LicenceCommand(certificate_);
    change(*command.mutable_file_licence());
    return fixture_.Decide(command, {"enterprise"});
  }

  RegistryFixture fixture_ = RegistryFixture::Ready();
  std::string certificate_;
};

TEST_F(Licences, AreFiledByAHolder) {
  v1::Command command = fixture_.LicenceCommand(certificate_);
  command.set_actor(fixture_.person);
  EXPECT_THAT(fixture_.Decide(command, {"person"}),
              Refuses(NOT_ALLOWED, "C4", "actor"));
  EXPECT_THAT(
      fixture_.Decide(fixture_.LicenceCommand(certificate_), {"licensee"}),
      Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
}

TEST_F(Licences, NeedACertificateAtItsVersion) {
  EXPECT_THAT(With([](auto& body) { body.set_certificate_number("2024"); }),
              Refuses(NOT_FOUND, "EXISTS", "file_licence.certificate_number"));
  v1::Command command = fixture_.LicenceCommand(certificate_);
  command.set_version(2);
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(VERSION_CONFLICT, "VERSION", "version"));
}

TEST_F(Licences, RefuseBadFields) {
  const auto field = [](const char* name) {
    return std::string("file_licence.") + name;
  };
  EXPECT_THAT(With([](auto& body) { body.set_licensee("P0000099"); }),
              Refuses(INVALID_FIELD, "C4", field("licensee")));
  EXPECT_THAT(With([](auto& body) { body.set_licensee("P0000001"); }),
              Refuses(INVALID_FIELD, "C4", field("licensee")));
  EXPECT_THAT(With([](auto& body) { body.clear_kind(); }),
              Refuses(INVALID_FIELD, "C4", field("kind")));
  EXPECT_THAT(With([](auto& body) { body.clear_price(); }),
              Refuses(INVALID_FIELD, "C4", field("price")));
  EXPECT_THAT(With([](auto& body) {
                *body.mutable_price()->mutable_fixed() =
                    body.price().per_unit();
              }),
              Refuses(INVALID_FIELD, "C4", field("price")));
  EXPECT_THAT(With([](auto& body) {
                body.mutable_price()->mutable_per_unit()->set_currency("USD");
              }),
              Refuses(INVALID_FIELD, "C4", field("price")));
  EXPECT_THAT(With([](auto& body) {
                body.mutable_price()->mutable_per_unit()->set_fen(0);
              }),
              Refuses(INVALID_FIELD, "C4", field("price")));
  EXPECT_THAT(With([](auto& body) { body.mutable_price()->clear_unit(); }),
              Refuses(INVALID_FIELD, "C4", field("price.unit")));
  EXPECT_THAT(With([](auto& body) { body.set_salt("short"); }),
              Refuses(INVALID_FIELD, "C4", field("salt")));
  EXPECT_THAT(
      With([](auto& body) { body.set_contract_no(std::string(65, 'x')); }),
      Refuses(INVALID_FIELD, "C4", field("contract_no")));
  EXPECT_THAT(With([](auto& body) { body.set_contract_no("a\nb"); }),
              Refuses(INVALID_FIELD, "C4", field("contract_no")));
  EXPECT_THAT(With([](auto& body) { body.set_valid_to("2024-07-01"); }),
              Refuses(INVALID_FIELD, "C4", field("valid_to")));
  EXPECT_THAT(With([](auto& body) { body.set_valid_from("soon"); }),
              Refuses(INVALID_FIELD, "C4", field("valid_to")));
}

TEST_F(Licences, LieWithinTheCertificate) {
  const std::string field = "file_licence.valid_to";
  EXPECT_THAT(fixture_.Decide(File(v1::ORDINARY, "2024-07-04", "2025-01-01"),
                              {"enterprise"}),
              Refuses(RULE_REFUSES, "C4", field));
  EXPECT_THAT(fixture_.Decide(File(v1::ORDINARY, "2024-07-05", "2027-07-05"),
                              {"enterprise"}),
              Refuses(RULE_REFUSES, "C4", field));
  EXPECT_THAT(fixture_.Decide(File(v1::EXCLUSIVE, "2024-07-05", "2027-07-04"),
                              {"enterprise"}),
              Allows());
}

TEST_F(Licences, NeedACertificateInForce) {
  fixture_.AdvanceTo(EndOfDayMs({2027, 7, 4}));
  EXPECT_THAT(With([](auto& body) { body.set_valid_to("2027-07-04"); }),
              Allows());
  fixture_.AdvanceTo(EndOfDayMs({2027, 7, 4}) + 1);
  EXPECT_THAT(With([](auto&) {}),
              Refuses(RULE_REFUSES, "C4", "file_licence.certificate_number"));
}

TEST_F(Licences, AreNotFiledWhenTheyAreOver) {
  fixture_.AdvanceTo(EndOfDayMs({2025, 6, 30}));
  EXPECT_THAT(With([](auto&) {}), Allows());
  fixture_.AdvanceTo(EndOfDayMs({2025, 6, 30}) + 1);
  const Decision refused = With([](auto&) {});
  ASSERT_THAT(refused, Refuses(INVALID_FIELD, "C4", "file_licence.valid_to"));
  EXPECT_NE(std::get<Refusal>(refused).message_zh.find("早于今日(2025-07-01)"),
            std::string::npos);
}

TEST_F(Licences, OverlapOnlyWhenBothAreOrdinary) {
  fixture_.Do(File(v1::ORDINARY, "2024-07-05", "2024-12-31"), {"enterprise"});
  EXPECT_THAT(fixture_.Decide(File(v1::ORDINARY, "2024-07-05", "2024-12-31"),
                              {"enterprise"}),
              Allows());
  const Decision refused = fixture_.Decide(
      File(v1::EXCLUSIVE, "2024-12-31", "2025-12-31"), {"enterprise"});
  EXPECT_THAT(refused, Refuses(RULE_REFUSES, "C4", "file_licence.valid_from"));
  const Refusal& refusal = std::get<Refusal>(refused);
  EXPECT_NE(refusal.message_zh.find("L20240000001"), std::string::npos);
  EXPECT_NE(refusal.message_en.find("2024-07-05 to 2024-12-31"),
            std::string::npos);

  fixture_.Do(File(v1::EXCLUSIVE, "2025-01-01", "2025-12-31"), {"enterprise"});
  for (v1::LicenceKind kind : {v1::ORDINARY, v1::EXCLUSIVE, v1::SOLE}) {
    EXPECT_THAT(
        fixture_.Decide(File(kind, "2025-12-31", "2026-01-31"), {"enterprise"}),
        Refuses(RULE_REFUSES, "C4", "file_licence.valid_from"));
    EXPECT_THAT(
        fixture_.Decide(File(kind, "2026-01-01", "2026-01-31"), {"enterprise"}),
        Allows());
  }
}

// Each stands in every later status record of the certificate.
TEST_F(Licences, AreBoundedOnOneCertificate) {
  const auto licence = [&](size_t i) {
    v1::Command command = fixture_.LicenceCommand(certificate_);
    std::string salt(32, 'l');
    salt[0] = static_cast<char>(i % 256);
    salt[1] = static_cast<char>(i / 256);
    command.mutable_file_licence()->set_salt(salt);
    return command;
  };
  for (size_t i = 0; i < limits::kLicencesPerCertificate; ++i) {
    fixture_.Do(licence(i), {"enterprise"});
  }
  EXPECT_THAT(
      fixture_.Decide(licence(limits::kLicencesPerCertificate), {"enterprise"}),
      Refuses(RULE_REFUSES, "C4", "file_licence.certificate_number"));
}

TEST_F(Licences, OfOneAloneBarAllOthers) {
  fixture_.Do(File(v1::SOLE, "2024-07-05", "2024-12-31"), {"enterprise"});
  for (v1::LicenceKind kind : {v1::ORDINARY, v1::EXCLUSIVE, v1::SOLE}) {
    EXPECT_THAT(
        fixture_.Decide(File(kind, "2024-12-31", "2025-01-31"), {"enterprise"}),
        Refuses(RULE_REFUSES, "C4", "file_licence.valid_from"));
    EXPECT_THAT(
        fixture_.Decide(File(kind, "2025-01-01", "2025-01-31"), {"enterprise"}),
        Allows());
  }
}

TEST_F(Licences, LieOverTheCertificateByCommitment) {
  const std::string first =
      FindCertificate(fixture_.state(), certificate_)->status_records(0);
  const Events events =
      fixture_.Do(fixture_.LicenceCommand(certificate_), {"enterprise"});
  ASSERT_EQ(events.size(), 2u);
  const v1::LicenceFiled& filed = events[0].licence_filed();
  EXPECT_EQ(filed.licence().licence_no(), "L20240000001");
  const auto record = ParseCanonical<v1::StatusRecord>(
      events[1].status_changed().status_record());
  ASSERT_OK(record);
  EXPECT_EQ(record->version(), 2u);
  EXPECT_EQ(record->previous_sha256(),
            hash::Sha256(hash::AsBytes(first)).text());
  ASSERT_EQ(record->overlays_size(), 1);
  EXPECT_EQ(record->overlays(0).kind(), v1::LICENCE);
  EXPECT_EQ(record->overlays(0).rank(), 0u);
  const std::string bytes = SerializeCanonical(filed.licence());
  EXPECT_EQ(record->overlays(0).commitment(),
            crypto::OpeningCommitment(hash::AsBytes(filed.salt()),
                                      hash::AsBytes(bytes))
                .text());
  const EntryParts parts = HeaderOf(events);
  EXPECT_EQ(parts.stream, "licences/L20240000001");
  ASSERT_EQ(parts.updates.size(), 1u);
  EXPECT_EQ(parts.updates[0].key, "certificates/" + certificate_);
  const v1::Certificate* certificate =
      FindCertificate(fixture_.state(), certificate_);
  EXPECT_EQ(certificate->status_records_size(), 2);
  EXPECT_EQ(certificate->status().version(), 2u);
}

TEST_F(Licences, StandInTheOrderOfTheirCommitments) {
  for (char salt : {'a', 'b', 'c', 'd'}) {
    v1::Command command = fixture_.LicenceCommand(certificate_);
    command.mutable_file_licence()->set_salt(Digest32(salt));
    fixture_.Do(command, {"enterprise"});
  }
  const auto& overlays =
      FindCertificate(fixture_.state(), certificate_)->status().overlays();
  ASSERT_EQ(overlays.size(), 4);
  for (int i = 1; i < overlays.size(); ++i) {
    EXPECT_LT(overlays[i - 1].commitment(), overlays[i].commitment());
  }
}

// The person is the enterprise's agent.
class LicencesByAgents : public Licences {
 protected:
  void Grant(v1::AttorneyAct act) {
    v1::Command command = fixture_.NewCommand(fixture_.enterprise, 0);
    v1::GrantAttorney* body = command.mutable_grant_attorney();
    body->set_agent(fixture_.person);
    body->add_acts(act);
    body->set_valid_from("2024-06-20");
    body->set_valid_to("2025-12-31");
    fixture_.Do(command, {"enterprise"});
  }

  v1::Command ByAgent() {
    v1::Command command = fixture_.LicenceCommand(certificate_);
    command.set_actor(fixture_.person);
    command.mutable_file_licence()->set_licensor(fixture_.enterprise);
    return command;
  }
};

TEST_F(LicencesByAgents, TakeAPowerThatCoversLicences) {
  EXPECT_THAT(fixture_.Decide(ByAgent(), {"person"}),
              Refuses(NOT_ALLOWED, "C4", "actor"));
  Grant(v1::ACT_FILE);
  EXPECT_THAT(fixture_.Decide(ByAgent(), {"person"}),
              Refuses(NOT_ALLOWED, "B22", "actor"));
  Grant(v1::ACT_LICENCE);
  const Events events = fixture_.Do(ByAgent(), {"person"});
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(events[0].licence_filed().licence().licensor(),
            fixture_.enterprise);
}

TEST_F(LicencesByAgents, NameAHolderAndAnotherLicensee) {
  Grant(v1::ACT_LICENCE);
  v1::Command command = ByAgent();
  command.mutable_file_licence()->clear_licensor();
  EXPECT_THAT(fixture_.Decide(command, {"person"}),
              Refuses(NOT_ALLOWED, "C4", "actor"));
  command.mutable_file_licence()->set_licensor(fixture_.licensee);
  EXPECT_THAT(fixture_.Decide(command, {"person"}),
              Refuses(NOT_ALLOWED, "C4", "file_licence.licensor"));
  for (const std::string& licensee : {fixture_.person, fixture_.enterprise}) {
    command = ByAgent();
    command.mutable_file_licence()->set_licensee(licensee);
    EXPECT_THAT(fixture_.Decide(command, {"person"}),
                Refuses(INVALID_FIELD, "C4", "file_licence.licensee"));
  }
}

TEST_F(LicencesByAgents, AreFiledByAHolderInItsOwnNameToo) {
  v1::Command command = fixture_.LicenceCommand(certificate_);
  command.mutable_file_licence()->set_licensor(fixture_.enterprise);
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}), Allows());
}

TEST_F(LicencesByAgents, HaveTheirUsageRecordedByThem) {
  const std::string licence = fixture_.FileLicence(certificate_);
  v1::Command command = fixture_.UsageCommand(licence);
  command.set_actor(fixture_.person);
  ::dataip::testing::AddUnits(command, "u-1", 5);
  EXPECT_THAT(fixture_.Decide(command, {"person"}),
              Refuses(NOT_ALLOWED, "USAGE", "actor"));
  Grant(v1::ACT_CERTIFICATE);
  EXPECT_THAT(fixture_.Decide(command, {"person"}),
              Refuses(NOT_ALLOWED, "B22", "actor"));
  Grant(v1::ACT_LICENCE);
  EXPECT_THAT(fixture_.Decide(command, {"person"}), Allows());
}

}  // namespace
}  // namespace dataip::registry
