#include "core/registry/decide.h"
#include "core/registry/state/header_of.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"
#include "tests/unit/core/registry/matchers.h"

namespace dataip::registry {
namespace {

using namespace ::dataip::rpc::v1;  // NOLINT: the reasons
using ::dataip::testing::Allows;
using ::dataip::testing::Digest32;
using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::dataip::testing::Refuses;
using ::dataip::testing::RegistryFixture;

class Parties : public ::testing::Test {
 protected:
  v1::Command Organisation() {
    v1::Command command = fixture_.NewCommand(kExaminer, 0);
    v1::RegisterParty* body = command.mutable_register_party();
    body->mutable_identity()->set_kind(v1::PUBLIC_INSTITUTION);
    body->mutable_identity()->set_name("浙江示例研究院");
    body->mutable_identity()->set_uscc("113300000024824107");
    *body->mutable_key() = fixture_.PublicKeyOf("new");
    return command;
  }

  v1::Command Person() {
    v1::Command command = fixture_.NewCommand(kExaminer, 0);
    v1::PartyIdentity* identity =
        command.mutable_register_party()->mutable_identity();
    identity->set_kind(v1::NATURAL_PERSON);
    identity->set_masked_name("李*");
    identity->mutable_name_commitment()->set_digest(Digest32('1'));
    identity->mutable_id_number_commitment()->set_digest(Digest32('2'));
    identity->set_identity_checked(true);
    *command.mutable_register_party()->mutable_key() =
        fixture_.PublicKeyOf("new");
    return command;
  }

  void ExpectInvalid(v1::Command command, const char* rule, const char* field,
                     void (*change)(v1::PartyIdentity&)) {
    change(*command.mutable_register_party()->mutable_identity());
    EXPECT_THAT(fixture_.Decide(command, {kExaminer, "new"}),
                Refuses(INVALID_FIELD, rule, std::string("identity.") + field));
  }

  RegistryFixture fixture_ = RegistryFixture::Ready();
};

TEST_F(Parties, GetNumbersInOrder) {
  EXPECT_EQ(fixture_.enterprise, "P0000001");
  EXPECT_EQ(fixture_.licensee, "P0000002");
  EXPECT_EQ(fixture_.person, "P0000003");
  const v1::Party* party =
      FindPartyByAny(fixture_.state(), "91330382MA00005413");
  ASSERT_NE(party, nullptr);
  EXPECT_EQ(party->party_number(), "P0000001");
  EXPECT_EQ(party->version(), 1u);
  EXPECT_EQ(party->key_ids(0), fixture_.KeyId("enterprise"));
}

TEST_F(Parties, AreRegisteredByAnOfficerAndTheNewKey) {
  EXPECT_THAT(fixture_.Decide(Organisation(), {kExaminer, "new"}), Allows());
  EXPECT_THAT(fixture_.Decide(Organisation(), {kExaminer}),
              Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
  EXPECT_THAT(fixture_.Decide(Organisation(), {"new"}),
              Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
  EXPECT_THAT(fixture_.Decide(Organisation(), {kApprover, "new"}),
              Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
  v1::Command by_root = Organisation();
  by_root.set_actor("root");
  EXPECT_THAT(fixture_.Decide(by_root, {"root", "new"}),
              Refuses(NOT_ALLOWED, "ACTOR", "actor"));
}

TEST_F(Parties, OfOrganisationsHaveNameAndCode) {
  ExpectInvalid(Organisation(), "USCC", "uscc",
                [](auto& id) { id.set_uscc("113300000024824108"); });
  ExpectInvalid(Organisation(), "IDENTITY", "name",
                [](auto& id) { id.set_name("甲"); });
  ExpectInvalid(Organisation(), "IDENTITY", "name",
                [](auto& id) { id.set_name(" 甲乙"); });
  ExpectInvalid(Organisation(), "IDENTITY", "name",
                [](auto& id) { id.set_name("甲\x1b[2J乙"); });
  ExpectInvalid(Organisation(), "IDENTITY", "name",
                [](auto& id) { id.set_name("甲\xe2\x80\xae乙"); });
  ExpectInvalid(Organisation(), "IDENTITY", "masked_name",
                [](auto& id) { id.set_masked_name("甲*"); });
  ExpectInvalid(Organisation(), "IDENTITY", "kind",
                [](auto& id) { id.clear_kind(); });
}

TEST_F(Parties, HaveOneCodeAndOneKeyEach) {
  v1::Command command = Organisation();
  command.mutable_register_party()->mutable_identity()->set_uscc(
      "91330382MA00005413");
  EXPECT_THAT(fixture_.Decide(command, {kExaminer, "new"}),
              Refuses(ALREADY_EXISTS, "USCC", "identity.uscc"));
  command = Organisation();
  *command.mutable_register_party()->mutable_key() =
      fixture_.PublicKeyOf("enterprise");
  EXPECT_THAT(fixture_.Decide(command, {kExaminer, "enterprise"}),
              Refuses(ALREADY_EXISTS, "KEY", "register_party.key"));
  *command.mutable_register_party()->mutable_key() =
      fixture_.PublicKeyOf("issuing_sm2");
  EXPECT_THAT(fixture_.Decide(command, {kExaminer, "issuing_sm2"}),
              Refuses(ALREADY_EXISTS, "KEY", "register_party.key"));
}

TEST_F(Parties, OfPersonsStandByCommitments) {
  EXPECT_THAT(fixture_.Decide(Person(), {kExaminer, "new"}), Allows());
  ExpectInvalid(Person(), "IDENTITY", "name",
                [](auto& id) { id.set_name("李四"); });
  ExpectInvalid(Person(), "IDENTITY", "name",
                [](auto& id) { id.set_uscc("113300000024824107"); });
  ExpectInvalid(Person(), "IDENTITY", "masked_name",
                [](auto& id) { id.set_masked_name("李四"); });
  ExpectInvalid(Person(), "IDENTITY", "masked_name",
                [](auto& id) { id.set_masked_name("张三丰*"); });
  ExpectInvalid(Person(), "IDENTITY", "masked_name",
                [](auto& id) { id.set_masked_name("李四*"); });
  ExpectInvalid(Person(), "IDENTITY", "masked_name",
                [](auto& id) { id.set_masked_name("*李"); });
  ExpectInvalid(Person(), "IDENTITY", "id_number_commitment", [](auto& id) {
    id.mutable_id_number_commitment()->set_digest("11010519491231002X");
  });
  ExpectInvalid(Person(), "IDENTITY", "id_number_commitment",
                [](auto& id) { id.clear_name_commitment(); });
  ExpectInvalid(Person(), "B02", "identity_checked",
                [](auto& id) { id.clear_identity_checked(); });
}

// The number itself can stand nowhere: not even its commitment is in a
// stream, a map key or a status record.
TEST_F(Parties, OfPersonsLeaveNoIdNumberInStreamsAndKeys) {
  const Decision decision = fixture_.Decide(Person(), {kExaminer, "new"});
  ASSERT_THAT(decision, Allows());
  const EntryParts parts = HeaderOf(std::get<Events>(decision));
  EXPECT_EQ(parts.stream, "parties/P0000004");
  EXPECT_TRUE(parts.updates.empty());
  for (const v1::Event& event : std::get<Events>(decision)) {
    EXPECT_EQ(event.SerializeAsString().find("11010519491231002X"),
              std::string::npos);
    EXPECT_TRUE(event.party_registered().party().identity().name().empty());
    EXPECT_TRUE(event.party_registered().party().identity().uscc().empty());
  }
}

v1::Command OfficerCommand(RegistryFixture& fixture, const std::string& id,
                           const std::vector<v1::OfficerRole>& roles) {
  v1::Command command = fixture.NewCommand("root", 0);
  v1::RegisterOfficer* body = command.mutable_register_officer();
  body->set_officer_id(id);
  for (v1::OfficerRole role : roles) body->add_roles(role);
  *body->mutable_key() = fixture.PublicKeyOf("new");
  return command;
}

TEST_F(Parties, OfficersAreRegisteredByRootAndTheNewKey) {
  const v1::Command good =
      OfficerCommand(fixture_, "e-2", {v1::EXAMINER, v1::APPROVER});
  EXPECT_THAT(fixture_.Decide(good, {"root", "new"}), Allows());
  EXPECT_THAT(fixture_.Decide(good, {"root"}),
              Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
  EXPECT_THAT(fixture_.Decide(good, {kExaminer, "new"}),
              Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
}

TEST_F(Parties, OfficersHaveAnIdAndRoles) {
  const auto expect = [this](const std::string& id,
                             const std::vector<v1::OfficerRole>& roles,
                             const char* field) {
    EXPECT_THAT(
        fixture_.Decide(OfficerCommand(fixture_, id, roles), {"root", "new"}),
        Refuses(INVALID_FIELD, "OFFICER", field));
  };
  expect("E 2", {v1::EXAMINER}, "register_officer.officer_id");
  expect("e-2", {}, "register_officer.roles");
  expect("e-2", {v1::APPROVER, v1::EXAMINER}, "register_officer.roles");
  expect("e-2", {v1::EXAMINER, v1::EXAMINER}, "register_officer.roles");
  expect("e-2", {v1::OFFICER_ROLE_UNSPECIFIED}, "register_officer.roles");
  EXPECT_THAT(
      fixture_.Decide(OfficerCommand(fixture_, "examiner-1", {v1::EXAMINER}),
                      {"root", "new"}),
      Refuses(ALREADY_EXISTS, "OFFICER", "register_officer.officer_id"));
}

TEST_F(Parties, EnrolFurtherKeysThemselves) {
  const auto enrol = [this](const std::string& actor, uint64_t version,
                            const std::string& key) {
    v1::Command command = fixture_.NewCommand(actor, version);
    *command.mutable_enrol_key()->mutable_key() = fixture_.PublicKeyOf(key);
    return command;
  };
  const std::string& party = fixture_.enterprise;
  EXPECT_THAT(fixture_.Decide(enrol(party, 1, "new"), {"enterprise"}),
              Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
  EXPECT_THAT(fixture_.Decide(enrol(party, 1, "new"), {"licensee", "new"}),
              Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
  EXPECT_THAT(fixture_.Decide(enrol(party, 2, "new"), {"enterprise", "new"}),
              Refuses(VERSION_CONFLICT, "VERSION", "version"));
  EXPECT_THAT(
      fixture_.Decide(enrol(party, 1, "licensee"), {"enterprise", "licensee"}),
      Refuses(ALREADY_EXISTS, "KEY", "enrol_key.key"));
  EXPECT_THAT(fixture_.Decide(enrol("root", 0, "new"), {"root", "new"}),
              Refuses(NOT_ALLOWED, "ACTOR", "actor"));
  const Events events =
      fixture_.Do(enrol(party, 1, "new"), {"enterprise", "new"});
  EXPECT_EQ(HeaderOf(events).stream, "parties/P0000001");
  EXPECT_EQ(FindParty(fixture_.state(), party)->version(), 2u);
  // The new key signs for the party from now on.
  EXPECT_THAT(fixture_.Decide(fixture_.SubmitCommand(fixture_.GoodForm("R-1")),
                              {"new"}),
              Allows());
  const Events of_officer =
      fixture_.Do(enrol(kExaminer, 1, "desk"), {kExaminer, "desk"});
  EXPECT_EQ(HeaderOf(of_officer).stream, "officers/examiner-1");
  EXPECT_EQ(FindOfficer(fixture_.state(), kExaminer)->key_ids_size(), 2);
}

}  // namespace
}  // namespace dataip::registry
