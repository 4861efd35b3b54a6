// One decision over many applications; claims.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/registry/erasure/redaction.h"
#include "core/registry/state/header_of.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"
#include "tests/unit/core/registry/matchers.h"

namespace dataip::registry {
namespace {

using namespace ::dataip::rpc::v1;  // NOLINT: the reasons
using ::dataip::testing::Allows;
using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::dataip::testing::Refuses;
using ::dataip::testing::RegistryFixture;

class Batches : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* reference : {"R-1", "R-2", "R-3"}) {
      numbers_.push_back(fixture_.Submit(reference));
    }
  }

  const v1::Application& Get(const std::string& number) {
    return *FindApplication(fixture_.state(), number);
  }

  // Adds each of `numbers` with its present version.
  template <typename Body>
  void AddItems(Body& body, const std::vector<std::string>& numbers) {
    for (const std::string& number : numbers) {
      v1::BatchItem* item = body.add_items();
      item->set_application_no(number);
      item->set_version(Get(number).version());
    }
  }

  v1::Command Corrections() {
    v1::Command command = fixture_.NewCommand(kExaminer, 0);
    v1::RequestCorrections* body = command.mutable_request_corrections();
    AddItems(*body, numbers_);
    *body->add_defects() = DefectOf("sample.row_count");
    return command;
  }

  v1::Command Notices() {
    v1::Command command = fixture_.NewCommand(kExaminer, 0);
    v1::OpenNotices* body = command.mutable_open_notices();
    AddItems(*body, numbers_);
    *body->mutable_checklist() =
        fixture_.NoticeCommand(numbers_[0]).open_notice().checklist();
    return command;
  }

  v1::Command Registrations() {
    v1::Command command = fixture_.NewCommand(kExaminer, 0);
    AddItems(*command.mutable_register_applications(), numbers_);
    return command;
  }

  static v1::Defect DefectOf(const std::string& field) {
    v1::Defect defect;
    defect.set_field(field);
    defect.set_reason("请补充说明");
    return defect;
  }

  static void AddException(v1::Command& command, const std::string& number,
                           const std::string& field) {
    v1::ItemDefects* exception =
        command.mutable_request_corrections()->add_exceptions();
    exception->set_application_no(number);
    *exception->add_defects() = DefectOf(field);
  }

  void RefusesItems(v1::Command& command, v1::BatchItem* last) {
    SCOPED_TRACE(command.body_case());
    const RegistryFixture::Signers by =
        NeedsTwoOfficers(command)
            ? RegistryFixture::Signers{kExaminer, kApprover}
            : RegistryFixture::Signers{kExaminer};
    const v1::BatchItem good = *last;
    last->set_version(good.version() + 1);
    EXPECT_THAT(fixture_.Decide(command, by),
                Refuses(VERSION_CONFLICT, "VERSION", "items[2].version"));
    *last = good;
    last->set_application_no("20249999999");
    EXPECT_THAT(fixture_.Decide(command, by),
                Refuses(NOT_FOUND, "EXISTS", "items[2].application_no"));
    last->set_application_no(numbers_[1]);
    EXPECT_THAT(fixture_.Decide(command, by),
                Refuses(INVALID_FIELD, "BATCH", "items[2].application_no"));
    *last = good;
    command.set_version(1);
    EXPECT_THAT(fixture_.Decide(command, by),
                Refuses(VERSION_CONFLICT, "VERSION", "version"));
    command.set_version(0);
    command.set_actor(fixture_.enterprise);
    EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
                Refuses(NOT_ALLOWED, "ACTOR", "actor"));
  }

  RegistryFixture fixture_ = RegistryFixture::Ready();
  std::vector<std::string> numbers_;
};

TEST_F(Batches, RefuseItemsAsTheSingleCommandsDo) {
  v1::Command command = Corrections();
  RefusesItems(command,
               command.mutable_request_corrections()->mutable_items(2));
  command = Notices();
  RefusesItems(command, command.mutable_open_notices()->mutable_items(2));
  fixture_.Do(Notices(), {kExaminer, kApprover});
  fixture_.AdvancePastNotice(numbers_[0]);
  command = Registrations();
  RefusesItems(command,
               command.mutable_register_applications()->mutable_items(2));
}

TEST_F(Batches, TakeOneToOneHundredAndTwentyItems) {
  v1::Command empty = Corrections();
  empty.mutable_request_corrections()->clear_items();
  EXPECT_THAT(fixture_.Decide(empty, {kExaminer}),
              Refuses(INVALID_FIELD, "BATCH", "items"));
  v1::Command full = fixture_.NewCommand(kExaminer, 0);
  *full.mutable_request_corrections()->add_defects() = DefectOf("name");
  for (int i = 0; i < 121; ++i) {
    v1::BatchItem* item = full.mutable_request_corrections()->add_items();
    item->set_application_no(absl::StrCat(20240000000 + i));
  }
  EXPECT_THAT(fixture_.Decide(full, {kExaminer}),
              Refuses(INVALID_FIELD, "BATCH", "items"));
}

TEST_F(Batches, OfTwoOfficersTakeBoth) {
  EXPECT_THAT(fixture_.Decide(Notices(), {kExaminer}),
              Refuses(NOT_ALLOWED, "TWO_OFFICERS", "actor"));
  EXPECT_THAT(fixture_.Decide(Registrations(), {kExaminer}),
              Refuses(NOT_ALLOWED, "TWO_OFFICERS", "actor"));
}

TEST_F(Batches, NameTheItemThatIsRefused) {
  fixture_.Do(fixture_.CorrectionCommand(numbers_[1], "name"), {kExaminer});
  for (const v1::Command& command : {Notices(), Registrations()}) {
    const Decision decision = fixture_.Decide(command, {kExaminer, kApprover});
    const auto& refusal = std::get<Refusal>(decision);
    const bool notice = command.has_open_notices();
    EXPECT_THAT(decision, Refuses(RULE_REFUSES, notice ? "T7" : "T14",
                                  notice ? "items[1].application_no"
                                         : "items[0].application_no"));
    const std::string& number = numbers_[notice ? 1 : 0];
    EXPECT_NE(refusal.message_zh.find(number), std::string::npos);
    EXPECT_NE(refusal.message_en.find(number), std::string::npos);
  }
}

TEST_F(Batches, NeedTheWholeChecklist) {
  v1::Command command = Notices();
  command.mutable_open_notices()->mutable_checklist()->set_files_checked(false);
  EXPECT_THAT(fixture_.Decide(command, {kExaminer, kApprover}),
              Refuses(INVALID_FIELD, "T7", "checklist.files_checked"));
}

TEST_F(Batches, RefuseExceptionsOfOtherApplications) {
  v1::Command command = Corrections();
  AddException(command, "20249999999", "name");
  EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
              Refuses(INVALID_FIELD, "BATCH", "exceptions[0].application_no"));
  command = Corrections();
  AddException(command, numbers_[2], "name");
  AddException(command, numbers_[0], "name");
  EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
              Refuses(INVALID_FIELD, "BATCH", "exceptions[1].application_no"));
  command = Corrections();
  AddException(command, numbers_[2], "name");
  command.mutable_request_corrections()->mutable_exceptions(0)->clear_defects();
  EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
              Refuses(INVALID_FIELD, "BATCH", "exceptions[0].application_no"));
}

TEST_F(Batches, PointToTheDefectOfTheBatchOrOfTheException) {
  v1::Command command = Corrections();
  AddException(command, numbers_[1], "no_such_field");
  EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
              Refuses(INVALID_FIELD, "T3", "exceptions[0].defects[0].field"));
  command = Corrections();
  *command.mutable_request_corrections()->add_defects() =
      DefectOf("no_such_field");
  EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
              Refuses(INVALID_FIELD, "T3", "defects[1].field"));
  command.mutable_request_corrections()->clear_defects();
  EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
              Refuses(INVALID_FIELD, "T3", "defects"));
}

TEST_F(Batches, BoundTheDefectsOfAllItemsTogether) {
  v1::Command command = Corrections();
  for (int i = 0; i < 400; ++i) {
    *command.mutable_request_corrections()->add_defects() = DefectOf("name");
  }
  EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
              Refuses(INVALID_FIELD, "BATCH", "defects"));
}

TEST_F(Batches, AskEachItemForTheSharedDefectsAndItsOwn) {
  v1::Command command = Corrections();
  AddException(command, numbers_[1], "name");
  const Events events = fixture_.Do(command, {kExaminer});
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(events[0].batch_decided().batch_no(), "B20240000001");
  for (size_t i = 0; i < numbers_.size(); ++i) {
    EXPECT_EQ(events[0].batch_decided().application_nos(static_cast<int>(i)),
              numbers_[i]);
    const v1::Application& application = Get(numbers_[i]);
    EXPECT_EQ(application.state(), v1::CORRECTION_REQUIRED);
    EXPECT_EQ(application.version(), 2u);
    EXPECT_EQ(application.defects_size(), i == 1 ? 2 : 1);
    EXPECT_EQ(application.correction_deadline().due_date(), "2024-07-04");
  }
  EXPECT_EQ(fixture_.state().due.size(), 3u);
  EXPECT_EQ(fixture_.state().counters.batches, 1u);
  EXPECT_EQ(HeaderOf(events).stream, "batches/B20240000001");
}

TEST_F(Batches, DecideEachItemAsTheSingleCommandDoes) {
  std::vector<v1::Event> singles;
  for (const std::string& number : numbers_) {
    const Decision one =
        fixture_.Decide(fixture_.NoticeCommand(number), {kExaminer, kApprover});
    ASSERT_THAT(one, Allows());
    singles.push_back(std::get<Events>(one)[0]);
  }
  const Events events = fixture_.Do(Notices(), {kExaminer, kApprover});
  ASSERT_EQ(events.size(), singles.size() + 1);
  for (size_t i = 0; i < singles.size(); ++i) {
    EXPECT_EQ(SerializeCanonical(events[i + 1]),
              SerializeCanonical(singles[i]));
  }
}

TEST_F(Batches, RegisterWithNumbersInOrder) {
  fixture_.Do(Notices(), {kExaminer, kApprover});
  fixture_.AdvancePastNotice(numbers_[0]);
  const Events events = fixture_.Do(Registrations(), {kExaminer, kApprover});
  const EntryParts parts = HeaderOf(events);
  ASSERT_EQ(parts.updates.size(), 3u);
  for (size_t i = 0; i < numbers_.size(); ++i) {
    const std::string expected = absl::StrCat("2024073300000000", i + 1);
    EXPECT_EQ(Get(numbers_[i]).state(), v1::REGISTERED);
    EXPECT_EQ(Get(numbers_[i]).certificate_number(), expected);
    EXPECT_EQ(parts.updates[i].key, CertificateKey(expected));
    const v1::Certificate* certificate =
        FindCertificate(fixture_.state(), expected);
    ASSERT_NE(certificate, nullptr);
    EXPECT_EQ(certificate->content().application_no(), numbers_[i]);
    EXPECT_EQ(certificate->content().registration_number().substr(0, 15),
              absl::StrCat("20242100000000", i + 1));
  }
  EXPECT_EQ(fixture_.Register("R-4"), "20240733000000004");
}

TEST_F(Batches, KeepTheirNumbersWhenTextsAreErased) {
  fixture_.Do(Notices(), {kExaminer, kApprover});
  const v1::Transition notices = fixture_.SignedTransitions().back();
  EXPECT_TRUE(Redact(notices, {"events[1].notice_opened.snapshot"}).ok());
  for (const char* path : {"events[0].batch_decided.application_nos[1]",
                           "events[1].notice_opened.application_no"}) {
    EXPECT_FALSE(Redact(notices, {path}).ok()) << path;
  }
}

TEST_F(Batches, RegisterNoneWhenOneNoticeStillRuns) {
  std::vector<std::string> all = numbers_;
  fixture_.Do(Notices(), {kExaminer, kApprover});
  fixture_.AdvanceTo(StartOfDayMs({2024, 6, 24}));
  numbers_ = {fixture_.Submit("R-4")};
  fixture_.Do(Notices(), {kExaminer, kApprover});
  all.push_back(numbers_[0]);
  numbers_ = all;
  fixture_.AdvancePastNotice(all[0]);
  EXPECT_THAT(fixture_.Decide(Registrations(), {kExaminer, kApprover}),
              Refuses(RULE_REFUSES, "T14", "items[3].application_no"));
  EXPECT_EQ(Get(all[0]).state(), v1::PUBLICITY);
}

class Claims : public Batches {
 protected:
  v1::Command Claim(const std::string& actor, size_t item = 0) {
    v1::Command command =
        fixture_.NewCommand(actor, Get(numbers_[item]).version());
    command.mutable_claim_application()->set_application_no(numbers_[item]);
    return command;
  }

  v1::Command Release(const std::string& actor, size_t item = 0) {
    v1::Command command =
        fixture_.NewCommand(actor, Get(numbers_[item]).version());
    command.mutable_release_application()->set_application_no(numbers_[item]);
    return command;
  }
};

TEST_F(Claims, AreForOfficersAndOpenApplications) {
  EXPECT_THAT(fixture_.Decide(Claim(fixture_.enterprise), {"enterprise"}),
              Refuses(NOT_ALLOWED, "ACTOR", "actor"));
  v1::Command unknown = Claim(kExaminer);
  unknown.mutable_claim_application()->set_application_no("20249999999");
  EXPECT_THAT(fixture_.Decide(unknown, {kExaminer}),
              Refuses(NOT_FOUND, "EXISTS", "application_no"));
  v1::Command stale = Claim(kExaminer);
  stale.set_version(7);
  EXPECT_THAT(fixture_.Decide(stale, {kExaminer}),
              Refuses(VERSION_CONFLICT, "VERSION", "version"));
  v1::Command withdrawal = fixture_.NewCommand(fixture_.enterprise, 1);
  withdrawal.mutable_withdraw_application()->set_application_no(numbers_[0]);
  fixture_.Do(withdrawal, {"enterprise"});
  EXPECT_THAT(fixture_.Decide(Claim(kExaminer), {kExaminer}),
              Refuses(RULE_REFUSES, "CLAIM", "application_no"));
  EXPECT_THAT(fixture_.Decide(Release(kExaminer), {kExaminer}),
              Refuses(RULE_REFUSES, "CLAIM", "application_no"));
}

TEST_F(Claims, AreGivenBackByAnyOfficer) {
  EXPECT_THAT(fixture_.Decide(Release(kExaminer), {kExaminer}),
              Refuses(RULE_REFUSES, "CLAIM", "application_no"));
  fixture_.Do(Claim(kApprover), {kApprover});
  EXPECT_EQ(Get(numbers_[0]).claimed_by(), kApprover);
  for (const char* officer : {kExaminer, kApprover}) {
    EXPECT_THAT(fixture_.Decide(Claim(officer), {officer}),
                Refuses(RULE_REFUSES, "CLAIM", "application_no"));
  }
  fixture_.Do(Release(kExaminer), {kExaminer});
  EXPECT_EQ(Get(numbers_[0]).claimed_by(), "");
  EXPECT_THAT(fixture_.Decide(Claim(kExaminer), {kExaminer}), Allows());
}

TEST_F(Claims, LeaveDecisionsThatWaitForASignatureGood) {
  const v1::Command notice = fixture_.NoticeCommand(numbers_[0]);
  fixture_.Do(Claim(kApprover), {kApprover});
  EXPECT_THAT(fixture_.Decide(notice, {kExaminer, kApprover}), Allows());
}

}  // namespace
}  // namespace dataip::registry
