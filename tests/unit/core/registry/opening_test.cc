#include "core/registry/decide.h"
#include "core/registry/state/context.h"
#include "core/registry/values/civil_date.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"
#include "tests/unit/core/registry/matchers.h"

namespace dataip::registry {
namespace {

using namespace ::dataip::rpc::v1;  // NOLINT: the reasons
using ::dataip::testing::Allows;
using ::dataip::testing::kExaminer;
using ::dataip::testing::kTestOrigin;
using ::dataip::testing::kTestStartMs;
using ::dataip::testing::Refuses;
using ::dataip::testing::RegistryFixture;

v1::Command OpenCommand(RegistryFixture& fixture) {
  v1::Command command = fixture.NewCommand("root", 0);
  v1::OpenRegistry* body = command.mutable_open_registry();
  body->set_jurisdiction("330000");
  body->set_profile_id("ZJ-2023");
  *body->mutable_root_key() = fixture.PublicKeyOf("root");
  *body->mutable_clock_key() = fixture.PublicKeyOf("clock");
  *body->mutable_issuing_sm2() = fixture.PublicKeyOf("issuing_sm2");
  *body->mutable_issuing_p256() = fixture.PublicKeyOf("issuing_p256");
  body->set_demonstration(true);
  *body->mutable_demonstration_start() = FromUnixMs(kTestStartMs);
  return command;
}

v1::Command TableCommand(RegistryFixture& fixture, const std::string& name,
                         const std::string& content, uint64_t version) {
  v1::Command command = fixture.NewCommand("root", version);
  command.mutable_load_table()->set_name(name);
  command.mutable_load_table()->set_content(content);
  return command;
}

TEST(OpenRegistry, ComesFirstAndOnce) {
  RegistryFixture fixture;
  EXPECT_THAT(
      fixture.Decide(TableCommand(fixture, "regions", "x", 0), {"root"}),
      Refuses(RULE_REFUSES, "OPENING", "open_registry"));
  const v1::Command open = OpenCommand(fixture);
  const Events events = fixture.Do(open, {"root"});
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].registry_opened().origin(), kTestOrigin);
  EXPECT_EQ(fixture.state().clock_ms, kTestStartMs);
  v1::Command again = OpenCommand(fixture);
  EXPECT_THAT(fixture.Decide(again, {"root"}),
              Refuses(ALREADY_EXISTS, "OPENING", "open_registry"));
}

TEST(OpenRegistry, IsSignedByTheRootKeyThatItNames) {
  RegistryFixture fixture;
  const v1::Command command = OpenCommand(fixture);
  for (const RegistryFixture::Signers& by :
       {RegistryFixture::Signers{}, RegistryFixture::Signers{"clock"},
        RegistryFixture::Signers{"root", "clock"}}) {
    EXPECT_THAT(fixture.Decide(command, by),
                Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
  }
  EXPECT_THAT(fixture.Decide(command, {"root"}), Allows());
  v1::Command other = command;
  other.set_actor("clock");
  EXPECT_THAT(fixture.Decide(other, {"root"}),
              Refuses(NOT_ALLOWED, "ACTOR", "actor"));
}

TEST(OpenRegistry, RefusesBadFields) {
  RegistryFixture fixture;
  const auto expect = [&fixture](const char* rule, const char* field,
                                 auto change) {
    v1::Command command = OpenCommand(fixture);
    change(*command.mutable_open_registry());
    EXPECT_THAT(
        fixture.Decide(command, {"root"}),
        Refuses(INVALID_FIELD, rule, std::string("open_registry.") + field));
  };
  expect("REGION", "jurisdiction",
         [](auto& body) { body.set_jurisdiction("33"); });
  expect("PROFILE", "profile_id",
         [](auto& body) { body.set_profile_id("a/b"); });
  expect("KEY", "clock_key",
         [](auto& body) { *body.mutable_clock_key() = body.root_key(); });
  expect("KEY", "issuing_sm2",
         [](auto& body) { *body.mutable_issuing_sm2() = body.issuing_p256(); });
  expect("KEY", "issuing_p256",
         [](auto& body) { body.mutable_issuing_p256()->clear_raw(); });
  expect("CLOCK", "demonstration_start",
         [](auto& body) { body.set_demonstration(false); });
}

TEST(OpenRegistry, NeedsTheStartOfADemonstrationsClock) {
  RegistryFixture fixture;
  v1::Command command = OpenCommand(fixture);
  command.mutable_open_registry()->clear_demonstration_start();
  EXPECT_THAT(fixture.Decide(command, {"root"}),
              Refuses(RULE_REFUSES, "CLOCK", "context.decided_at"));
  command.mutable_open_registry()->set_demonstration(false);
  EXPECT_THAT(fixture.Decide(command, {"root"}), Allows());
}

TEST(LoadTable, IsAllThatIsAcceptedUntilAllAreLoaded) {
  RegistryFixture fixture;
  fixture.Open();
  v1::Command officer = fixture.NewCommand("root", 0);
  v1::RegisterOfficer* body = officer.mutable_register_officer();
  body->set_officer_id("examiner-1");
  body->add_roles(v1::EXAMINER);
  *body->mutable_key() = fixture.PublicKeyOf(kExaminer);
  EXPECT_THAT(fixture.Decide(officer, {"root", kExaminer}),
              Refuses(RULE_REFUSES, "OPENING", "load_table"));
  fixture.LoadTables();
  EXPECT_TRUE(HasAllTables(fixture.state()));
  EXPECT_THAT(fixture.Decide(officer, {"root", kExaminer}), Allows());
}

TEST(LoadTable, RefusesWhatDoesNotParse) {
  RegistryFixture fixture;
  fixture.Open();
  EXPECT_THAT(fixture.Decide(TableCommand(fixture, "regions", "code,name\n", 0),
                             {"root"}),
              Refuses(INVALID_FIELD, "TABLE", "load_table.content"));
  EXPECT_THAT(fixture.Decide(TableCommand(fixture, "other", "x", 0), {"root"}),
              Refuses(INVALID_FIELD, "TABLE", "load_table.content"));
  EXPECT_THAT(fixture.Decide(TableCommand(fixture, "regions",
                                          std::string((2 << 20) + 1, 'x'), 0),
                             {"root"}),
              Refuses(TOO_LARGE, "TABLE", "load_table.content"));
  EXPECT_THAT(
      fixture.Decide(TableCommand(fixture, "regions", "x", 0), {"clock"}),
      Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
}

TEST(LoadTable, RaisesTheVersionWhenItComesAgain) {
  RegistryFixture fixture = RegistryFixture::Ready();
  const std::string regions = "code,name,level\n330382,乐清市,县\n";
  const v1::Command stale = TableCommand(fixture, "regions", regions, 0);
  EXPECT_THAT(fixture.Decide(stale, {"root"}),
              Refuses(VERSION_CONFLICT, "VERSION", "version"));
  const Events events =
      fixture.Do(TableCommand(fixture, "regions", regions, 1), {"root"});
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].table_loaded().version(), 2u);
  EXPECT_EQ(events[0].table_loaded().rows(), 1u);
  EXPECT_EQ(fixture.state().regions->size(), 1u);
  EXPECT_THAT(
      fixture.Decide(TableCommand(fixture, "regions", regions, 2), {"root"}),
      Refuses(ALREADY_EXISTS, "TABLE", "load_table.content"));
}

TEST(LoadTable, AnotherProfileDoesNotRule) {
  RegistryFixture fixture = RegistryFixture::Ready();
  const auto before = fixture.state().profile;
  fixture.Do(
      TableCommand(fixture, "profiles/BJ-2023",
                   testing::ReadSourceFile("deploy/tables/profile_ZJ-2023.csv"),
                   0),
      {"root"});
  EXPECT_EQ(fixture.state().profile, before);
  EXPECT_EQ(fixture.state().tables.size(), 5u);
}

TEST(AdvanceClock, GoesForwardsInADemonstrationOnly) {
  RegistryFixture fixture = RegistryFixture::Ready();
  const auto to = [&fixture](int64_t to_ms) {
    v1::Command command = fixture.NewCommand("root", 0);
    *command.mutable_advance_clock()->mutable_to() = FromUnixMs(to_ms);
    return command;
  };
  EXPECT_THAT(fixture.Decide(to(kTestStartMs), {"root"}),
              Refuses(INVALID_FIELD, "CLOCK", "advance_clock.to"));
  EXPECT_THAT(fixture.Decide(to(kTestStartMs + 1), {"clock"}),
              Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
  v1::Command parts = to(kTestStartMs + 1);
  parts.mutable_advance_clock()->mutable_to()->set_nanos(1);
  EXPECT_THAT(fixture.Decide(parts, {"root"}),
              Refuses(INVALID_FIELD, "CLOCK", "advance_clock.to"));
  State real = fixture.state();
  real.registry.set_demonstration(false);
  const v1::Command command = to(kTestStartMs + 1);
  EXPECT_THAT(Decide(real, {command, {fixture.KeyId("root")}},
                     ContextOf(real, command, kTestStartMs)),
              Refuses(NOT_ALLOWED, "CLOCK", "advance_clock"));
  fixture.Do(command, {"root"});
  EXPECT_EQ(fixture.state().clock_ms, kTestStartMs + 1);
}

}  // namespace
}  // namespace dataip::registry
