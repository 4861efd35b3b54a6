// Folding, headers, digests: the same transitions lead to the same state.
#include <map>
#include <set>

#include "core/crypto/command_signature.h"
#include "core/crypto/verify.h"
#include "core/registry/decide.h"
#include "core/registry/evolve.h"
#include "core/registry/state/header_of.h"
#include "core/registry/state/signing.h"
#include "core/registry/values/canonical.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/core/registry/matchers.h"

namespace dataip::registry {
namespace {

using ::dataip::testing::AddUnits;
using ::dataip::testing::Allows;
using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::dataip::testing::kTestOrigin;
using ::dataip::testing::RegistryFixture;

// One application that is registered, licensed and used, one refused, one in
// correction.
RegistryFixture WholeLife() {
  RegistryFixture fixture = RegistryFixture::Ready();
  const std::string certificate = fixture.Register("R-1");
  const std::string licence = fixture.FileLicence(certificate);
  v1::Command usage = fixture.UsageCommand(licence);
  AddUnits(usage, "u-1", 7);
  fixture.Do(usage, {"enterprise"});
  const std::string refused = fixture.Submit("R-2");
  v1::Command refuse = fixture.NewCommand(kExaminer, 1);
  refuse.mutable_refuse_application()->set_application_no(refused);
  refuse.mutable_refuse_application()->add_grounds("R01");
  refuse.mutable_refuse_application()->set_reason("不符合要求");
  fixture.Do(refuse, {kExaminer, kApprover});
  const std::string corrected = fixture.Submit("R-3");
  fixture.Do(fixture.CorrectionCommand(corrected, "name"), {kExaminer});
  return fixture;
}

struct Replayed {
  State state;
  size_t decisions = 0;
};

// What an auditor does: check signatures, decide again, compare, fold.
Replayed Replay(const std::vector<v1::Transition>& transitions) {
  Replayed replayed;
  replayed.state.origin = kTestOrigin;
  for (const v1::Transition& transition : transitions) {
    const std::string& bytes = transition.command().command();
    const auto command = ParseCanonical<v1::Command>(bytes);
    EXPECT_OK(command);
    std::vector<std::string> key_ids;
    for (const v1::Signature& one : transition.command().signatures()) {
      key_ids.push_back(one.key_id());
    }
    const auto keys = SigningKeys(replayed.state, *command, key_ids);
    EXPECT_OK(keys);
    for (size_t i = 0; i < key_ids.size(); ++i) {
      const std::string message = crypto::CommandMessage(
          {kTestOrigin, key_ids[i], hash::AsBytes(bytes)});
      const std::string& signature =
          transition.command().signatures(static_cast<int>(i)).signature();
      EXPECT_TRUE(crypto::Verify((*keys)[i], hash::AsBytes(message),
                                 hash::AsBytes(signature)));
    }
    const Decision decision =
        Decide(replayed.state, {*command, key_ids}, transition.context());
    EXPECT_THAT(decision, Allows());
    const Events& events = std::get<Events>(decision);
    EXPECT_EQ(events.size(), static_cast<size_t>(transition.events_size()));
    for (size_t i = 0; i < events.size(); ++i) {
      EXPECT_EQ(SerializeCanonical(events[i]),
                SerializeCanonical(transition.events(static_cast<int>(i))));
    }
    EXPECT_EQ(HeaderOf(events), HeaderOf(transition.events()));
    Fold(replayed.state, *command, hash::Sha256(hash::AsBytes(bytes)),
         transition.context(), transition.events());
    ++replayed.decisions;
  }
  return replayed;
}

TEST(Replay, LeadsToTheSameDigest) {
  RegistryFixture fixture = WholeLife();
  const auto transitions = fixture.SignedTransitions();
  const Replayed first = Replay(transitions);
  const Replayed second = Replay(transitions);
  EXPECT_EQ(first.decisions, transitions.size());
  EXPECT_EQ(Digest(first.state), Digest(second.state));
  EXPECT_EQ(Digest(first.state), Digest(fixture.state()));
}

TEST(Replay, SurvivesCanonicalBytes) {
  RegistryFixture fixture = WholeLife();
  for (const v1::Transition& transition : fixture.SignedTransitions()) {
    const std::string bytes = SerializeCanonical(transition);
    const auto again = ParseCanonical<v1::Transition>(bytes);
    ASSERT_OK(again);
    EXPECT_EQ(SerializeCanonical(*again), bytes);
  }
}

TEST(Digest, ChangesWithEveryFold) {
  RegistryFixture fixture = WholeLife();
  State state;
  state.origin = kTestOrigin;
  std::map<std::string, size_t> seen = {{Digest(state), 0}};
  for (const v1::Transition& transition : fixture.SignedTransitions()) {
    const std::string& bytes = transition.command().command();
    const auto command = ParseCanonical<v1::Command>(bytes);
    ASSERT_OK(command);
    Fold(state, *command, hash::Sha256(hash::AsBytes(bytes)),
         transition.context(), transition.events());
    EXPECT_TRUE(seen.emplace(Digest(state), seen.size()).second);
  }
}

TEST(Digest, IsThatOfTheCopyToo) {
  RegistryFixture fixture = WholeLife();
  const State copy = fixture.state();
  EXPECT_EQ(Digest(copy), Digest(fixture.state()));
  fixture.Submit("R-9");
  EXPECT_NE(Digest(copy), Digest(fixture.state()));
}

TEST(Evolve, IgnoresEventsAboutWhatIsNotThere) {
  State state;
  state.origin = kTestOrigin;
  const std::string before = Digest(state);
  v1::Event event;
  event.mutable_correction_requested()->set_application_no("x");
  Evolve(state, event);
  event.mutable_status_changed()->set_status_record("no record");
  Evolve(state, event);
  event.mutable_certificate_issued()->set_content("\xff");
  Evolve(state, event);
  event.mutable_usage_recorded()->set_licence_no("x");
  Evolve(state, event);
  event.mutable_key_enrolled()->set_actor("officers/x");
  Evolve(state, event);
  event.mutable_table_loaded()->set_name("regions");
  Evolve(state, event);
  Evolve(state, v1::Event());
  EXPECT_EQ(Digest(state), before);
}

TEST(HeaderOf, IsEmptyWithoutEventsOrWithABrokenRecord) {
  EXPECT_EQ(HeaderOf(Events()), EntryParts());
  Events events(2);
  events[0].mutable_licence_filed()->mutable_licence()->set_licence_no("L1");
  events[1].mutable_status_changed()->set_status_record("broken");
  EXPECT_EQ(HeaderOf(events), EntryParts());
}

TEST(HeaderOf, NamesTheStreamOfEveryCommand) {
  RegistryFixture fixture = WholeLife();
  std::vector<std::string> streams;
  for (const v1::Transition& transition : fixture.SignedTransitions()) {
    streams.push_back(HeaderOf(transition.events()).stream);
  }
  EXPECT_EQ(streams, (std::vector<std::string>{"registry",
                                               "tables/calendars/cn",
                                               "tables/industries",
                                               "tables/profiles/ZJ-2023",
                                               "tables/regions",
                                               "officers/examiner-1",
                                               "officers/approver-1",
                                               "parties/P0000001",
                                               "parties/P0000002",
                                               "parties/P0000003",
                                               "applications/20240000001",
                                               "applications/20240000001",
                                               "clock",
                                               "applications/20240000001",
                                               "licences/L20240000001",
                                               "licences/L20240000001",
                                               "applications/20240000002",
                                               "applications/20240000002",
                                               "applications/20240000003",
                                               "applications/20240000003"}));
}

// An event that can stand first says where it is told; a new one is listed
// below or has a stream.
TEST(HeaderOf, NamesTheStreamOfEveryEventThatCanStandFirst) {
  const std::set<std::string> behind_another = {
      "certificate_issued", "certificate_announced", "status_changed",
      "notice_resumed",     "pledge_registered",     "pledge_changed",
      "pledge_released",    "deadlines_recomputed"};
  const auto& events = *v1::Event::descriptor();
  for (int i = 0; i < events.field_count(); ++i) {
    const auto& field = *events.field(i);
    v1::Event event;
    v1::Event::GetReflection()->MutableMessage(&event, &field);
    EXPECT_EQ(HeaderOf({event}).stream.empty(),
              behind_another.count(field.name()) == 1)
        << field.name();
  }
}

}  // namespace
}  // namespace dataip::registry
