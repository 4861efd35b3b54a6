// Sealed values disclosed later, and openings ordered erased.
#include "core/crypto/command_signature.h"
#include "core/registry/erasure/redaction.h"
#include "core/registry/state/header_of.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/core/registry/matchers.h"

namespace dataip::registry {
namespace {

using namespace ::dataip::rpc::v1;  // NOLINT: the reasons
using ::dataip::testing::Allows;
using ::dataip::testing::Digest32;
using ::dataip::testing::IsOk;
using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::dataip::testing::Refuses;
using ::dataip::testing::RegistryFixture;

constexpr char kPath[] = "sources[0].method";
constexpr char kValue[] = "由瓯海区三家供热公司按月提供";

std::string CommitmentOf(const std::string& value) {
  return std::string(crypto::OpeningCommitment(hash::AsBytes(Digest32('s')),
                                               hash::AsBytes(value))
                         .text());
}

class Disclosure : public ::testing::Test {
 protected:
  std::string Submit(const std::string& reference, const std::string& value) {
    v1::ApplicationForm form = fixture_.GoodForm(reference);
    form.mutable_sources(0)->clear_method();
    v1::SealedField* sealed = form.add_sealed();
    sealed->set_field(kPath);
    sealed->mutable_value()->set_digest(CommitmentOf(value));
    const Events events =
        fixture_.Do(fixture_.SubmitCommand(std::move(form)), {"enterprise"});
    return events[0].application_submitted().application().application_no();
  }

  std::string InNotice(const std::string& reference,
                       const std::string& value = kValue) {
    const std::string number = Submit(reference, value);
    fixture_.Do(fixture_.NoticeCommand(number), {kExaminer, kApprover});
    return number;
  }

  v1::Command Disclose(const std::string& number,
                       const std::string& value = kValue) {
    const v1::Application* application =
        FindApplication(fixture_.state(), number);
    v1::Command command = fixture_.NewCommand(
        fixture_.enterprise,
        application == nullptr ? 1 : application->version());
    v1::DiscloseField* body = command.mutable_disclose_field();
    body->set_application_no(number);
    body->set_field(kPath);
    body->mutable_opening()->set_salt(Digest32('s'));
    body->mutable_opening()->set_value(value);
    return command;
  }

  v1::Command Erase(const std::vector<std::string>& commitments) {
    v1::Command command = fixture_.NewCommand("root", 0);
    v1::EraseOpenings* body = command.mutable_erase_openings();
    for (const std::string& one : commitments) body->add_commitments(one);
    body->set_ordered_by("浙江省市场监督管理局");
    body->set_legal_basis("个人信息保护法第四十七条");
    return command;
  }

  Decision Decide(const v1::Command& command,
                  const std::string& by = "enterprise") {
    return fixture_.Decide(command, {by});
  }

  RegistryFixture fixture_ = RegistryFixture::Ready();
};

TEST_F(Disclosure, IsOfAnApplicationThatStands) {
  EXPECT_THAT(Decide(Disclose("20240000099")),
              Refuses(NOT_FOUND, "EXISTS", "application_no"));
  const std::string number = Submit("R-1", kValue);
  EXPECT_THAT(Decide(Disclose(number)),
              Refuses(RULE_REFUSES, "DISCLOSURE", "application_no"));
  fixture_.Do(fixture_.CorrectionCommand(number, "name"), {kExaminer});
  EXPECT_THAT(Decide(Disclose(number)),
              Refuses(RULE_REFUSES, "DISCLOSURE", "application_no"));
}

TEST_F(Disclosure, IsOfThePresentVersion) {
  const std::string number = InNotice("R-1");
  v1::Command command = Disclose(number);
  command.set_version(command.version() + 1);
  const Decision decision = Decide(command);
  const auto* refusal = std::get_if<Refusal>(&decision);
  ASSERT_NE(refusal, nullptr);
  EXPECT_EQ(refusal->violations[0].rule(), "VERSION");
}

TEST_F(Disclosure, IsTheApplicants) {
  v1::Command command = Disclose(InNotice("R-1"));
  command.set_actor(fixture_.licensee);
  EXPECT_THAT(Decide(command, "licensee"),
              Refuses(NOT_ALLOWED, "DISCLOSURE", "actor"));
}

TEST_F(Disclosure, IsOfASealedField) {
  v1::Command command = Disclose(InNotice("R-1"));
  command.mutable_disclose_field()->set_field("contact.role");
  EXPECT_THAT(Decide(command),
              Refuses(NOT_FOUND, "EXISTS", "disclose_field.field"));
}

TEST_F(Disclosure, IsProvedByTheCommitment) {
  const std::string number = InNotice("R-1");
  EXPECT_THAT(Decide(Disclose(number, "另一句话")),
              Refuses(INVALID_FIELD, "DISCLOSURE", "disclose_field.opening"));
  for (const std::string& salt :
       {std::string(), Digest32('t'), Digest32('s') + "s"}) {
    v1::Command command = Disclose(number);
    command.mutable_disclose_field()->mutable_opening()->set_salt(salt);
    EXPECT_THAT(Decide(command),
                Refuses(INVALID_FIELD, "DISCLOSURE", "disclose_field.opening"));
  }
}

TEST_F(Disclosure, ShowsNobodysPersonalData) {
  const std::string value = "联系电话 13800138000";
  EXPECT_THAT(Decide(Disclose(InNotice("R-1", value), value)),
              Refuses(RULE_REFUSES, "B23", "disclose_field.opening.value"));
}

TEST_F(Disclosure, ShowsText) {
  for (const std::string& value :
       {std::string("\xff\xfe"), std::string("a\0b", 3),
        std::string(5'000, 'a')}) {
    EXPECT_THAT(
        Decide(Disclose(InNotice("R-" + std::to_string(value.size()), value),
                        value)),
        Refuses(INVALID_FIELD, "DISCLOSURE", "disclose_field.opening.value"));
  }
}

TEST_F(Disclosure, HappensOnce) {
  const std::string number = InNotice("R-1");
  const uint64_t version = FindApplication(fixture_.state(), number)->version();
  const Events events = fixture_.Do(Disclose(number), {"enterprise"});
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].field_disclosed().opening().value(), kValue);
  EXPECT_EQ(HeaderOf(events).stream, "applications/" + number);
  const v1::Application* application =
      FindApplication(fixture_.state(), number);
  EXPECT_EQ(application->version(), version + 1);
  ASSERT_EQ(application->disclosed_fields_size(), 1);
  EXPECT_EQ(application->disclosed_fields(0), kPath);
  EXPECT_THAT(Decide(Disclose(number)),
              Refuses(ALREADY_EXISTS, "DISCLOSURE", "disclose_field.field"));
}

TEST_F(Disclosure, MayFollowTheRegistration) {
  const std::string number = InNotice("R-1");
  fixture_.AdvancePastNotice(number);
  fixture_.Do(fixture_.RegisterCommand(number), {kExaminer, kApprover});
  EXPECT_THAT(Decide(Disclose(number)), Allows());
}

TEST_F(Disclosure, CanBeTakenOutByAnOrderToErase) {
  fixture_.Do(Disclose(InNotice("R-1")), {"enterprise"});
  const v1::Transition original = fixture_.SignedTransitions().back();
  const auto substitute =
      Redact(original, {"events[0].field_disclosed.opening"});
  ASSERT_OK(substitute);
  EXPECT_EQ(substitute->SerializeAsString().find(kValue), std::string::npos);
  EXPECT_THAT(CheckRedaction(original, *substitute), IsOk());
  EXPECT_THAT(ParseSubstitute(substitute->SerializeAsString()), IsOk());
}

TEST_F(Disclosure, IsOfNothingThatWasOrderedErased) {
  const std::string number = InNotice("R-1");
  fixture_.Do(Erase({CommitmentOf(kValue)}), {"root"});
  EXPECT_THAT(Decide(Disclose(number)),
              Refuses(RULE_REFUSES, "DISCLOSURE", "disclose_field.field"));
}

TEST_F(Disclosure, OpeningsAreErasedByRootAlone) {
  v1::Command command = Erase({Digest32('a')});
  EXPECT_THAT(Decide(command, kExaminer),
              Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
  command.set_actor(fixture_.enterprise);
  EXPECT_THAT(Decide(command), Refuses(NOT_ALLOWED, "ACTOR", "actor"));
}

TEST_F(Disclosure, AnOrderNamesAuthorityAndLaw) {
  v1::Command command = Erase({Digest32('a')});
  command.mutable_erase_openings()->set_ordered_by("x");
  EXPECT_THAT(Decide(command, "root"),
              Refuses(INVALID_FIELD, "REASON", "erase_openings.ordered_by"));
  command = Erase({Digest32('a')});
  command.mutable_erase_openings()->clear_legal_basis();
  EXPECT_THAT(Decide(command, "root"),
              Refuses(INVALID_FIELD, "REASON", "erase_openings.legal_basis"));
}

TEST_F(Disclosure, AnOrderNamesOneToAThousandCommitmentsInOrder) {
  EXPECT_THAT(Decide(Erase({}), "root"),
              Refuses(INVALID_FIELD, "OPENINGS", "erase_openings.commitments"));
  EXPECT_THAT(
      Decide(Erase(std::vector<std::string>(1'001, Digest32('a'))), "root"),
      Refuses(INVALID_FIELD, "OPENINGS", "erase_openings.commitments"));
  EXPECT_THAT(
      Decide(Erase({"short"}), "root"),
      Refuses(INVALID_FIELD, "OPENINGS", "erase_openings.commitments[0]"));
  for (const char second : {'a', 'b'}) {
    EXPECT_THAT(
        Decide(Erase({Digest32('b'), Digest32(second)}), "root"),
        Refuses(INVALID_FIELD, "OPENINGS", "erase_openings.commitments[1]"));
  }
}

TEST_F(Disclosure, OpeningsAreErasedOnce) {
  const std::string before = Digest(fixture_.state());
  const v1::Command order = Erase({Digest32('a'), Digest32('b')});
  const Events events = fixture_.Do(order, {"root"});
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].openings_erased().order().SerializeAsString(),
            order.erase_openings().SerializeAsString());
  EXPECT_EQ(HeaderOf(events).stream, "registry");
  EXPECT_EQ(fixture_.state().erased_openings.size(), 2u);
  EXPECT_NE(Digest(fixture_.state()), before);
  EXPECT_THAT(
      Decide(Erase({Digest32('b')}), "root"),
      Refuses(ALREADY_EXISTS, "OPENINGS", "erase_openings.commitments[0]"));
  EXPECT_FALSE(Redact(fixture_.SignedTransitions().back(), {}).ok());
}

}  // namespace
}  // namespace dataip::registry
