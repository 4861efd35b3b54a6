// What every command must meet, and the opening of the registry.
#include "core/registry/admission.h"

#include "absl/strings/str_replace.h"
#include "core/registry/decide.h"
#include "core/registry/state/context.h"
#include "core/registry/state/signing.h"
#include "core/registry/values/civil_date.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/core/registry/matchers.h"

namespace dataip::registry {
namespace {

using namespace ::dataip::rpc::v1;  // NOLINT: the reasons
using ::dataip::testing::Allows;
using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::dataip::testing::kTestStartMs;
using ::dataip::testing::ReadSourceFile;
using ::dataip::testing::Refuses;
using ::dataip::testing::RegistryFixture;
using ::dataip::testing::StatusIs;

v1::Command Good(RegistryFixture& fixture) {
  return fixture.SubmitCommand(fixture.GoodForm("R-1"));
}

Decision Under(RegistryFixture& fixture, const v1::Context& context) {
  const v1::Command command = Good(fixture);
  return Decide(fixture.state(), {command, {fixture.KeyId("enterprise")}},
                context);
}

TEST(Decide, RefusesAnotherContext) {
  RegistryFixture fixture = RegistryFixture::Ready();
  const v1::Context good =
      ContextOf(fixture.state(), Good(fixture), kTestStartMs);
  EXPECT_THAT(Under(fixture, good), Allows());
  v1::Context other = good;
  other.set_decider(kDecider + 1);
  EXPECT_THAT(Under(fixture, other),
              Refuses(RULE_REFUSES, "CONTEXT", "context.decider"));
  other = good;
  other.set_profile_id("BJ-2023");
  EXPECT_THAT(Under(fixture, other),
              Refuses(RULE_REFUSES, "CONTEXT", "context.profile_id"));
  other = good;
  other.mutable_tables()->RemoveLast();
  EXPECT_THAT(Under(fixture, other),
              Refuses(RULE_REFUSES, "CONTEXT", "context.tables"));
  other = good;
  other.mutable_tables(0)->mutable_sha256()->back() ^= 1;
  EXPECT_THAT(Under(fixture, other),
              Refuses(RULE_REFUSES, "CONTEXT", "context.tables"));
  other = good;
  other.mutable_tables()->SwapElements(0, 1);
  EXPECT_THAT(Under(fixture, other),
              Refuses(RULE_REFUSES, "CONTEXT", "context.tables"));
}

TEST(Decide, RefusesATimeOffTheDemonstrationsClock) {
  RegistryFixture fixture = RegistryFixture::Ready();
  for (int64_t off : {-1, 1, 1'000}) {
    EXPECT_THAT(Under(fixture, ContextOf(fixture.state(), Good(fixture),
                                         kTestStartMs + off)),
                Refuses(RULE_REFUSES, "CLOCK", "context.decided_at"))
        << off;
  }
  v1::Context parts = ContextOf(fixture.state(), Good(fixture), kTestStartMs);
  parts.mutable_decided_at()->set_nanos(1);
  EXPECT_THAT(Under(fixture, parts),
              Refuses(RULE_REFUSES, "CLOCK", "context.decided_at"));
}

TEST(Decide, NeverGoesBackInTime) {
  RegistryFixture fixture = RegistryFixture::Ready();
  State state = fixture.state();
  state.registry.set_demonstration(false);
  state.last_decided_at_ms = kTestStartMs + 10;
  const v1::Command command = Good(fixture);
  const Proposal proposal{command, {fixture.KeyId("enterprise")}};
  EXPECT_THAT(Decide(state, proposal,
                     ContextOf(state, proposal.command, kTestStartMs + 9)),
              Refuses(RULE_REFUSES, "CLOCK", "context.decided_at"));
  EXPECT_THAT(Decide(state, proposal,
                     ContextOf(state, proposal.command, kTestStartMs + 10)),
              Allows());
}

TEST(Decide, RefusesACommandOfAnotherShape) {
  RegistryFixture fixture = RegistryFixture::Ready();
  v1::Command command = Good(fixture);
  command.set_command_id("short");
  EXPECT_THAT(fixture.Decide(command, {"enterprise"}),
              Refuses(INVALID_FIELD, "COMMAND", "command_id"));
  command = Good(fixture);
  command.clear_expires_at();
  EXPECT_THAT(fixture.Decide(command, {"enterprise"}),
              Refuses(INVALID_FIELD, "COMMAND", "expires_at"));
  command = Good(fixture);
  *command.mutable_expires_at() = command.issued_at();
  EXPECT_THAT(fixture.Decide(command, {"enterprise"}),
              Refuses(INVALID_FIELD, "COMMAND", "expires_at"));
  command = Good(fixture);
  command.clear_body();
  EXPECT_THAT(fixture.Decide(command, {"enterprise"}),
              Refuses(MALFORMED, "COMMAND", "body"));
}

TEST(Decide, HoldsTheWindowOfACommand) {
  RegistryFixture fixture = RegistryFixture::Ready();
  const auto decide = [&](int64_t issued_ms, int64_t expires_ms) {
    v1::Command command = Good(fixture);
    *command.mutable_issued_at() = FromUnixMs(kTestStartMs + issued_ms);
    *command.mutable_expires_at() = FromUnixMs(kTestStartMs + expires_ms);
    *command.mutable_submit_application()
         ->mutable_form()
         ->mutable_evidence(0)
         ->mutable_time() = command.issued_at();
    return fixture.Decide(command, {"enterprise"});
  };
  EXPECT_THAT(decide(5'000, 6'000), Allows());
  EXPECT_THAT(decide(5'001, 6'000), Refuses(EXPIRED, "WINDOW", "issued_at"));
  EXPECT_THAT(decide(-10, 0), Allows());
  EXPECT_THAT(decide(-10, -1), Refuses(EXPIRED, "WINDOW", "expires_at"));
  EXPECT_THAT(decide(0, 86'400'000), Allows());
  EXPECT_THAT(decide(0, 86'400'001),
              Refuses(INVALID_FIELD, "WINDOW", "expires_at"));
}

TEST(Decide, LetsTwoOfficersTakeTheProfilesTime) {
  RegistryFixture fixture = RegistryFixture::Ready();
  const std::string number = fixture.Submit("R-1");
  v1::Command command = fixture.NoticeCommand(number);
  const int64_t last_ms = EndOfDayMs({2024, 7, 4});
  *command.mutable_expires_at() = FromUnixMs(last_ms);
  EXPECT_THAT(fixture.Decide(command, {kExaminer, kApprover}), Allows());
  *command.mutable_expires_at() = FromUnixMs(last_ms + 1);
  EXPECT_THAT(fixture.Decide(command, {kExaminer, kApprover}),
              Refuses(INVALID_FIELD, "WINDOW", "expires_at"));
}

TEST(Decide, LetsTwoOfficersGoOverTheLongHolidays) {
  const RegistryFixture fixture = RegistryFixture::Ready();
  const State& state = fixture.state();
  const Profile* values = state.profile.get();
  const auto until = [&](const CivilDate& day) {
    return CosignUntilMs(state, values, StartOfDayMs(day) + 9 * 3'600'000);
  };
  EXPECT_EQ(until({2024, 9, 30}), EndOfDayMs({2024, 10, 18}));
  EXPECT_GE(until({2026, 2, 14}), EndOfDayMs({2026, 2, 27}));
  // An older profile has hours.
  const auto hours = Profile::Parse(absl::StrReplaceAll(
      ReadSourceFile("deploy/tables/profile_ZJ-2023.csv"),
      {{"cosign.window,10,working_days", "cosign.window,168,hours"}}));
  ASSERT_TRUE(hours.ok()) << hours.status();
  EXPECT_EQ(CosignUntilMs(state, &*hours, kTestStartMs),
            kTestStartMs + int64_t{168} * 3'600'000);
  EXPECT_EQ(CosignUntilMs(state, nullptr, kTestStartMs),
            kTestStartMs + int64_t{24} * 3'600'000);
}

TEST(Decide, RefusesACommandIdThatTheActorHasUsed) {
  RegistryFixture fixture = RegistryFixture::Ready();
  const v1::Command first = Good(fixture);
  fixture.Do(first, {"enterprise"});
  v1::Command second = fixture.SubmitCommand(fixture.GoodForm("R-2"));
  second.set_command_id(first.command_id());
  EXPECT_THAT(fixture.Decide(second, {"enterprise"}),
              Refuses(ALREADY_EXISTS, "COMMAND_ID", "command_id"));
  // The id is the actor's own: another actor may use the same.
  v1::Command third = fixture.CorrectionCommand("20240000001", "name");
  third.set_command_id(first.command_id());
  EXPECT_THAT(fixture.Decide(third, {kExaminer}), Allows());
}

TEST(Decide, RefusesWrongSigners) {
  RegistryFixture fixture = RegistryFixture::Ready();
  const v1::Command command = Good(fixture);
  EXPECT_THAT(fixture.Decide(command, {}),
              Refuses(BAD_SIGNATURE, "B03", "applicants"));
  EXPECT_THAT(fixture.Decide(command, {"licensee"}),
              Refuses(BAD_SIGNATURE, "B03", "applicants"));
  EXPECT_THAT(fixture.Decide(command, {"enterprise", "licensee"}),
              Refuses(BAD_SIGNATURE, "B03", "applicants"));
  EXPECT_THAT(fixture.Decide(command, {"enterprise", "enterprise"}),
              Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
  EXPECT_THAT(fixture.Decide(command, {"stranger"}),
              Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
  EXPECT_THAT(fixture.Decide(command, {"issuing_sm2"}),
              Refuses(BAD_SIGNATURE, "B03", "applicants"));
}

TEST(Decide, RefusesActorsOfAnotherSort) {
  RegistryFixture fixture = RegistryFixture::Ready();
  for (const char* actor :
       {"root", "clock", "issuing", "", kExaminer, "P0000099", "officers/"}) {
    v1::Command command = Good(fixture);
    command.set_actor(actor);
    EXPECT_THAT(fixture.Decide(command, {"enterprise"}),
                Refuses(NOT_ALLOWED, "ACTOR", "actor"))
        << actor;
  }
}

TEST(Decide, RefusesAnotherVersion) {
  RegistryFixture fixture = RegistryFixture::Ready();
  v1::Command command = Good(fixture);
  command.set_version(1);
  EXPECT_THAT(fixture.Decide(command, {"enterprise"}),
              Refuses(VERSION_CONFLICT, "VERSION", "version"));
  const std::string number = fixture.Submit("R-1");
  command = fixture.CorrectionCommand(number, "name");
  command.set_version(2);
  EXPECT_THAT(fixture.Decide(command, {kExaminer}),
              Refuses(VERSION_CONFLICT, "VERSION", "version"));
}

TEST(Decide, IsAFunctionOfItsArguments) {
  RegistryFixture fixture = RegistryFixture::Ready();
  const v1::Command command = Good(fixture);
  const Decision first = fixture.Decide(command, {"enterprise"});
  const Decision second = fixture.Decide(command, {"enterprise"});
  ASSERT_THAT(first, Allows());
  ASSERT_THAT(second, Allows());
  const auto& a = std::get<Events>(first);
  const auto& b = std::get<Events>(second);
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].SerializeAsString(), b[i].SerializeAsString());
  }
}

TEST(SigningKeys, ResolvesEnrolledKeysAndTheBodysOwn) {
  RegistryFixture fixture = RegistryFixture::Ready();
  v1::Command command = fixture.NewCommand(fixture.enterprise, 1);
  *command.mutable_enrol_key()->mutable_key() = fixture.PublicKeyOf("second");
  const auto keys =
      SigningKeys(fixture.state(), command,
                  {fixture.KeyId("enterprise"), fixture.KeyId("second")});
  ASSERT_OK(keys);
  ASSERT_EQ(keys->size(), 2u);
  EXPECT_EQ((*keys)[0].KeyId(), fixture.KeyId("enterprise"));
  EXPECT_EQ((*keys)[1].KeyId(), fixture.KeyId("second"));
  EXPECT_THAT(
      SigningKeys(fixture.state(), command, {fixture.KeyId("stranger")}),
      StatusIs(absl::StatusCode::kPermissionDenied));
  const v1::Command submit = Good(fixture);
  EXPECT_THAT(SigningKeys(fixture.state(), submit, {fixture.KeyId("second")}),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST(RequiredSigners, CountsThem) {
  RegistryFixture fixture = RegistryFixture::Ready();
  EXPECT_EQ(RequiredSigners(Good(fixture)), 1u);
  const std::string number = fixture.Submit("R-1");
  EXPECT_EQ(RequiredSigners(fixture.NoticeCommand(number)), 2u);
  EXPECT_TRUE(NeedsTwoOfficers(fixture.NoticeCommand(number)));
  EXPECT_FALSE(NeedsTwoOfficers(Good(fixture)));
  v1::Command enrol;
  enrol.mutable_enrol_key();
  EXPECT_EQ(RequiredSigners(enrol), 2u);
}

TEST(RequiredSigners, OfALicenceCountsPledgees) {
  v1::Command licence;
  licence.set_actor("P0000001");
  licence.mutable_file_licence()->set_certificate_number("20240733000000001");
  EXPECT_EQ(RequiredSigners(licence), 1u);
  EXPECT_EQ(RequiredSigners(licence, {"P0000002", "P0000003"}), 3u);
  EXPECT_EQ(RequiredSigners(licence, {"P0000001"}), 1u);
  EXPECT_EQ(RequiredSigners(v1::Command(), {"P0000002"}), 1u);
}

TEST(DecisionTimeMs, StandsStillInADemonstration) {
  RegistryFixture fixture = RegistryFixture::Ready();
  const v1::Command command = Good(fixture);
  EXPECT_EQ(DecisionTimeMs(fixture.state(), command, kTestStartMs + 99),
            kTestStartMs);
  State real = fixture.state();
  real.registry.set_demonstration(false);
  EXPECT_EQ(DecisionTimeMs(real, command, kTestStartMs + 99),
            kTestStartMs + 99);
  real.last_decided_at_ms = kTestStartMs + 100;
  EXPECT_EQ(DecisionTimeMs(real, command, kTestStartMs + 99),
            kTestStartMs + 100);
}

}  // namespace
}  // namespace dataip::registry
