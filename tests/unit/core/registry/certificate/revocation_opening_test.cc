// How a revocation is opened: on what, because of what, with what.
#include <memory>

#include "absl/strings/str_replace.h"
#include "core/crypto/command_signature.h"
#include "core/registry/certificate/certificate_content.h"
#include "tests/unit/core/registry/certificate/order_fixture.h"
#include "tests/unit/core/registry/matchers.h"

namespace dataip::registry {
namespace {

using namespace ::dataip::rpc::v1;  // NOLINT: the reasons
using ::dataip::testing::Allows;
using ::dataip::testing::DocumentFile;
using ::dataip::testing::kExaminer;
using ::dataip::testing::OrderFixture;
using ::dataip::testing::Refuses;

class RevocationOpenings : public OrderFixture {
 protected:
  // With the document, whatever the occasion but ex officio.
  v1::Command GoingBackTo(const std::string& number,
                          v1::RevocationOccasion occasion,
                          const std::string& document_no) {
    v1::Command command = OpenRevocation(number);
    v1::OpenRevocation* body = command.mutable_open_revocation();
    body->set_occasion(occasion);
    body->set_document_no(document_no);
    if (occasion != v1::EX_OFFICIO) *body->mutable_document() = DocumentFile();
    return command;
  }
};

TEST_F(RevocationOpenings, NameACertificateThatIsThereAsItIs) {
  const std::string number = fixture_.Register("R-1");
  v1::Command command = OpenRevocation(number);
  command.mutable_open_revocation()->set_certificate_number("1");
  EXPECT_THAT(
      fixture_.Decide(command, {kExaminer}),
      Refuses(NOT_FOUND, "EXISTS", "open_revocation.certificate_number"));
  command = OpenRevocation(number);
  command.set_version(7);
  EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
              Refuses(VERSION_CONFLICT, "VERSION", "version"));
  command = OpenRevocation(number);
  command.set_actor(fixture_.enterprise);
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(NOT_ALLOWED, "ACTOR", "actor"));
}

TEST_F(RevocationOpenings, NeedGroundsOfTheProfileAndAReason) {
  const std::string number = fixture_.Register("R-1");
  const auto with = [&](const std::vector<std::string>& grounds) {
    v1::Command command = OpenRevocation(number);
    command.mutable_open_revocation()->clear_grounds();
    for (const std::string& ground : grounds) {
      command.mutable_open_revocation()->add_grounds(ground);
    }
    return fixture_.Decide(command, {kExaminer});
  };
  EXPECT_THAT(with({}),
              Refuses(INVALID_FIELD, "C7", "open_revocation.grounds"));
  EXPECT_THAT(with({"R09"}),
              Refuses(INVALID_FIELD, "C7", "open_revocation.grounds[0]"));
  EXPECT_THAT(with({"R08", "R01"}),
              Refuses(INVALID_FIELD, "C7", "open_revocation.grounds[1]"));
  EXPECT_THAT(with({"R01", "V01"}), Allows());
  v1::Command command = OpenRevocation(number);
  command.mutable_open_revocation()->set_reason(" ");
  EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
              Refuses(INVALID_FIELD, "REASON", "open_revocation.reason"));
}

TEST_F(RevocationOpenings, SayWhatTheyGoBackTo) {
  const std::string number = fixture_.Register("R-1");
  const auto with = [&](v1::RevocationOccasion occasion,
                        const std::string& document_no) {
    return fixture_.Decide(GoingBackTo(number, occasion, document_no),
                           {kExaminer});
  };
  EXPECT_THAT(with(v1::REVOCATION_OCCASION_UNSPECIFIED, ""),
              Refuses(INVALID_FIELD, "C7", "open_revocation.occasion"));
  EXPECT_THAT(with(v1::EX_OFFICIO, "举报2024-3"),
              Refuses(INVALID_FIELD, "C7", "open_revocation.document_no"));
  for (v1::RevocationOccasion occasion : {v1::ON_REPORT, v1::ON_JUDGMENT}) {
    EXPECT_THAT(with(occasion, ""),
                Refuses(INVALID_FIELD, "C7", "open_revocation.document_no"));
    EXPECT_THAT(with(occasion, std::string(101, '1')),
                Refuses(INVALID_FIELD, "C7", "open_revocation.document_no"));
    const Decision opened = with(occasion, std::string(100, '1'));
    ASSERT_THAT(opened, Allows());
    const v1::Revocation& told =
        std::get<Events>(opened)[0].revocation_opened().revocation();
    EXPECT_EQ(told.occasion(), occasion);
    EXPECT_EQ(told.document_no(), std::string(100, '1'));
    EXPECT_EQ(SerializeCanonical(told.document()),
              SerializeCanonical(DocumentFile()));
  }
}

TEST_F(RevocationOpenings, BringTheDocumentThatTheyGoBackTo) {
  const std::string number = fixture_.Register("R-1");
  v1::Command command = OpenRevocation(number);
  *command.mutable_open_revocation()->mutable_document() = DocumentFile();
  EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
              Refuses(INVALID_FIELD, "C7", "open_revocation.document"));
  for (v1::RevocationOccasion occasion : {v1::ON_REPORT, v1::ON_JUDGMENT}) {
    command = GoingBackTo(number, occasion, "(2024)示01行终17号");
    command.mutable_open_revocation()->clear_document();
    EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
                Refuses(INVALID_FIELD, "C7", "open_revocation.document"));
    // There, and saying nothing.
    command.mutable_open_revocation()->mutable_document()->set_kind("document");
    EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
                Refuses(INVALID_FIELD, "FILE", "open_revocation.document"));
  }
  const Decision alone = fixture_.Decide(OpenRevocation(number), {kExaminer});
  ASSERT_THAT(alone, Allows());
  EXPECT_FALSE(std::get<Events>(alone)[0]
                   .revocation_opened()
                   .revocation()
                   .has_document());
}

TEST_F(RevocationOpenings, OnAGroundOfJudgmentsGoBackToAJudgment) {
  const std::string number = fixture_.Register("R-1");
  const auto on = [&](const char* ground, v1::RevocationOccasion occasion) {
    v1::Command command = occasion == v1::EX_OFFICIO
                              ? OpenRevocation(number)
                              : GoingBackTo(number, occasion, "17号");
    command.mutable_open_revocation()->set_grounds(0, ground);
    return fixture_.Decide(command, {kExaminer});
  };
  for (v1::RevocationOccasion occasion : {v1::EX_OFFICIO, v1::ON_REPORT}) {
    EXPECT_THAT(on("V01", occasion), Allows());
    EXPECT_THAT(on("V02", occasion),
                Refuses(INVALID_FIELD, "C7", "open_revocation.occasion"));
  }
  EXPECT_THAT(on("V02", v1::ON_JUDGMENT), Allows());
  std::string csv =
      testing::ReadSourceFile("deploy/tables/profile_ZJ-2023.csv");
  ASSERT_EQ(absl::StrReplaceAll({{"revocation.on_judgment,V02,",
                                  "revocation.on_judgment,V01,"}},
                                &csv),
            1);
  const auto other = Profile::Parse(csv);
  ASSERT_TRUE(other.ok()) << other.status();
  for (auto& [sha256, values] : fixture_.state().profiles) {
    values = std::make_shared<const Profile>(*other);
  }
  EXPECT_THAT(on("V02", v1::EX_OFFICIO), Allows());
  EXPECT_THAT(on("V01", v1::EX_OFFICIO),
              Refuses(INVALID_FIELD, "C7", "open_revocation.occasion"));
}

TEST_F(RevocationOpenings, NeedASaltForTheirOverlay) {
  v1::Command command = OpenRevocation(fixture_.Register("R-1"));
  for (const std::string& salt : {std::string(), std::string(31, 's')}) {
    command.mutable_open_revocation()->set_salt(salt);
    EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
                Refuses(INVALID_FIELD, "C7", "open_revocation.salt"));
  }
}

TEST_F(RevocationOpenings, NeedATimeForTheHearingInTheProfile) {
  const std::string number = fixture_.Register("R-1");
  // No table without it is loaded; the rule assumes no days all the same.
  for (auto& [sha256, values] : fixture_.state().profiles) {
    values = std::make_shared<const Profile>();
  }
  EXPECT_THAT(fixture_.Decide(OpenRevocation(number), {kExaminer}),
              Refuses(RULE_REFUSES, "C7", "open_revocation"));
}

TEST_F(RevocationOpenings, OpenWithADisputeAndADeadline) {
  const std::string number = fixture_.Register("R-1");
  const v1::Command command = OpenRevocation(number);
  const Events events = fixture_.Do(command, {kExaminer});
  ASSERT_EQ(events.size(), 2u);
  const v1::Revocation& opened = events[0].revocation_opened().revocation();
  EXPECT_EQ(opened.revocation_no(), "V20240000001");
  EXPECT_EQ(opened.heard_at_ms(), 0);
  EXPECT_EQ(opened.hearing_deadline().rule(), "revocation.hearing");
  EXPECT_EQ(opened.hearing_deadline().due_date(), "2024-07-12");
  const v1::Certificate& sheet = Get(number);
  EXPECT_EQ(sheet.open_revocation(), opened.revocation_no());
  EXPECT_EQ(sheet.status().state(), v1::VALID);
  EXPECT_EQ(sheet.status().version(), 2u);
  ASSERT_EQ(sheet.status().overlays_size(), 1);
  EXPECT_EQ(sheet.status().overlays(0).kind(), v1::DISPUTE);
  EXPECT_EQ(sheet.status().overlays(0).commitment(),
            crypto::OpeningCommitment(hash::AsBytes(opened.salt()),
                                      hash::AsBytes(SerializeCanonical(opened)))
                .text());
  EXPECT_THAT(
      fixture_.Decide(OpenRevocation(number), {kExaminer}),
      Refuses(RULE_REFUSES, "C7", "open_revocation.certificate_number"));
}

TEST_F(RevocationOpenings, ReachIntoAYearWithoutCalendarProvisionally) {
  fixture_.AdvanceTo(StartOfDayMs({2026, 11, 30}));
  const std::string number = fixture_.Register("R-1");
  fixture_.AdvanceTo(StartOfDayMs({2026, 12, 30}));
  const std::string revocation_no = Opened(number);
  EXPECT_EQ(fixture_.state().provisional.count(revocation_no), 1u);
  fixture_.Do(Statement(revocation_no, fixture_.enterprise), {"enterprise"});
  EXPECT_EQ(fixture_.state().provisional.count(revocation_no), 0u);
}

}  // namespace
}  // namespace dataip::registry
