// Orders to erase payloads: the decision, the redaction, the rehearsal.
#include "core/base/limits.h"
#include "core/crypto/random.h"
#include "core/registry/erasure/redaction.h"
#include "core/registry/erasure/rehearsal.h"
#include "core/registry/evolve.h"
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
using ::dataip::testing::IsOk;
using ::dataip::testing::kExaminer;
using ::dataip::testing::kTestOrigin;
using ::dataip::testing::Refuses;
using ::dataip::testing::RegistryFixture;
using ::dataip::testing::StatusIs;
using ::testing::HasSubstr;

constexpr char kMethod[] =
    "events[0].application_submitted.application.form.sources[0].method";
constexpr char kName[] =
    "events[0].application_submitted.application.form.name";
constexpr char kNumber[] =
    "events[0].application_submitted.application.application_no";

// One application from filing to certificate, and orders about its filing.
class Erasure : public ::testing::Test {
 protected:
  Erasure() {
    certificate_ = fixture_.Register("R-1");
    transitions_ = fixture_.SignedTransitions();
    for (size_t i = 0; i < transitions_.size(); ++i) {
      if (transitions_[i].events(0).has_application_submitted()) filing_ = i;
    }
  }

  proof::EntryHeader HeaderAt(size_t index) const {
    const EntryParts parts = HeaderOf(transitions_[index].events());
    const std::string payload = SerializeCanonical(transitions_[index]);
    proof::EntryHeader header;
    header.index = index;
    header.type = parts.type;
    header.stream = parts.stream;
    header.updates = parts.updates;
    header.payload_size = payload.size();
    header.payload_sha256 = hash::Sha256(hash::AsBytes(payload));
    header.payload_sm3 = hash::Sm3(hash::AsBytes(payload));
    return header;
  }

  v1::ErasedEntry Named(size_t index, const v1::Transition& substitute) const {
    const proof::EntryHeader header = HeaderAt(index);
    v1::ErasedEntry entry;
    entry.set_index(index);
    entry.set_payload_sha256(std::string(header.payload_sha256.text()));
    entry.set_payload_sm3(std::string(header.payload_sm3.text()));
    entry.set_substitute(SerializeCanonical(substitute));
    return entry;
  }

  v1::Transition Redacted(const std::vector<std::string>& paths) const {
    auto redacted = Redact(transitions_[filing_], paths);
    EXPECT_THAT(redacted, IsOk());
    return redacted.ok() ? *redacted : v1::Transition();
  }

  v1::Command Order(const std::vector<v1::ErasedEntry>& entries) {
    v1::Command command = fixture_.NewCommand("root", 0);
    v1::ErasePayload* body = command.mutable_erase_payload();
    body->set_ordered_by("杭州互联网法院");
    body->set_legal_basis("个人信息保护法 第四十七条");
    for (const auto& entry : entries) *body->add_entries() = entry;
    return command;
  }

  v1::Command GoodOrder() {
    return Order({Named(filing_, Redacted({kMethod}))});
  }

  Decision With(void (*change)(v1::ErasePayload&)) {
    v1::Command command = GoodOrder();
    change(*command.mutable_erase_payload());
    return fixture_.Decide(command, {"root"});
  }

  // Decides an order whose substitute was changed.
  Decision WithSubstitute(void (*change)(v1::Transition&)) {
    v1::Transition substitute = Redacted({kMethod});
    change(substitute);
    return fixture_.Decide(Order({Named(filing_, substitute)}), {"root"});
  }

  // Plays the whole ledger with the order.
  absl::Status Rehearse(const v1::ErasePayload& order) const {
    auto rehearsal = Rehearsal::Create(kTestOrigin, order);
    if (!rehearsal.ok()) return rehearsal.status();
    for (size_t i = 0; i < transitions_.size(); ++i) {
      const std::string& bytes = transitions_[i].command().command();
      const auto command = ParseCanonical<v1::Command>(bytes);
      const proof::EntryHeader header = HeaderAt(i);
      const hash::Hash sha256 = hash::Sha256(hash::AsBytes(bytes));
      const absl::Status taken =
          rehearsal->Take({header, transitions_[i], *command, sha256});
      if (!taken.ok()) return taken;
    }
    return rehearsal->Finish();
  }

  absl::Status RehearseRedacted(const std::vector<std::string>& paths) {
    return Rehearse(Order({Named(filing_, Redacted(paths))}).erase_payload());
  }

  RegistryFixture fixture_ = RegistryFixture::Ready();
  std::string certificate_;
  std::vector<v1::Transition> transitions_;
  size_t filing_ = 0;
};

TEST_F(Erasure, IsOrderedByRootAlone) {
  v1::Command command = GoodOrder();
  EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
              Refuses(BAD_SIGNATURE, "SIGNER", "signatures"));
  command.set_actor(kExaminer);
  EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
              Refuses(NOT_ALLOWED, "ACTOR", "actor"));
}

TEST_F(Erasure, NamesAuthorityAndLaw) {
  EXPECT_THAT(With([](auto& body) { body.set_ordered_by("x"); }),
              Refuses(INVALID_FIELD, "REASON", "erase_payload.ordered_by"));
  EXPECT_THAT(
      With([](auto& body) { body.set_ordered_by(std::string(201, 'x')); }),
      Refuses(INVALID_FIELD, "REASON", "erase_payload.ordered_by"));
  EXPECT_THAT(With([](auto& body) { body.clear_legal_basis(); }),
              Refuses(INVALID_FIELD, "REASON", "erase_payload.legal_basis"));
}

TEST_F(Erasure, NamesOneToAHundredEntriesInOrder) {
  EXPECT_THAT(With([](auto& body) { body.clear_entries(); }),
              Refuses(INVALID_FIELD, "ERASURE", "erase_payload.entries"));
  EXPECT_THAT(With([](auto& body) {
                for (int i = 0; i < 100; ++i) {
                  *body.add_entries() = body.entries(0);
                }
              }),
              Refuses(INVALID_FIELD, "ERASURE", "erase_payload.entries"));
  EXPECT_THAT(
      With([](auto& body) { *body.add_entries() = body.entries(0); }),
      Refuses(INVALID_FIELD, "ERASURE", "erase_payload.entries[1].index"));
}

TEST_F(Erasure, NamesBothDigests) {
  const char kField[] = "erase_payload.entries[0].payload_sha256";
  EXPECT_THAT(With([](auto& body) {
                body.mutable_entries(0)->mutable_payload_sha256()->pop_back();
              }),
              Refuses(INVALID_FIELD, "ERASURE", kField));
  EXPECT_THAT(
      With([](auto& body) { body.mutable_entries(0)->clear_payload_sm3(); }),
      Refuses(INVALID_FIELD, "ERASURE", kField));
}

TEST_F(Erasure, NeedsASubstituteThatTellsNothingOfTheErasedBytes) {
  const char kField[] = "erase_payload.entries[0].substitute";
  EXPECT_THAT(With([](auto& body) {
                body.mutable_entries(0)->set_substitute("no transition");
              }),
              Refuses(INVALID_FIELD, "ERASURE", kField));
  EXPECT_THAT(With([](auto& body) {
                body.mutable_entries(0)->set_substitute(
                    std::string(limits::kSubstituteBytes + 1, 'x'));
              }),
              Refuses(INVALID_FIELD, "ERASURE", kField));
  for (const auto change : {
           +[](v1::Transition& one) { one.set_salt(std::string(32, 's')); },
           +[](v1::Transition& one) {
             one.mutable_command()->add_signatures();
           },
           +[](v1::Transition& one) { one.mutable_command()->clear_command(); },
           +[](v1::Transition& one) { one.clear_context(); },
           +[](v1::Transition& one) { one.clear_events(); },
       }) {
    EXPECT_THAT(WithSubstitute(change),
                Refuses(INVALID_FIELD, "ERASURE", kField));
  }
}

TEST_F(Erasure, LeavesStandWhatEverythingHangsOn) {
  for (size_t i = 0; i < transitions_.size(); ++i) {
    const v1::Event& event = transitions_[i].events(0);
    const bool stays = event.has_registry_opened() ||
                       event.has_table_loaded() || event.has_clock_advanced();
    EXPECT_EQ(Redact(transitions_[i], {}).ok(), !stays) << i;
  }
}

TEST_F(Erasure, CannotEraseAnOrder) {
  fixture_.Do(GoodOrder(), {"root"});
  const v1::Transition order = fixture_.SignedTransitions().back();
  EXPECT_THAT(Redact(order, {}), StatusIs(absl::StatusCode::kInvalidArgument,
                                          HasSubstr("cannot be erased")));
}

TEST_F(Erasure, HappensOnceAnEntry) {
  const v1::Command order = GoodOrder();
  const Events events = fixture_.Do(order, {"root"});
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(SerializeCanonical(events[0].payload_erased().order()),
            SerializeCanonical(order.erase_payload()));
  EXPECT_EQ(HeaderOf(events).stream, "registry");
  EXPECT_EQ(fixture_.state().erased.count(filing_), 1u);
  EXPECT_THAT(
      fixture_.Decide(GoodOrder(), {"root"}),
      Refuses(ALREADY_EXISTS, "ERASURE", "erase_payload.entries[0].index"));
}

TEST_F(Erasure, ChangesTheDigestOfTheState) {
  State state = fixture_.state();
  const std::string before = Digest(state);
  state.erased.emplace(3, hash::Hash());
  EXPECT_NE(Digest(state), before);
}

TEST_F(Erasure, TakesOutNamedTextsAndTheCommand) {
  const v1::Transition& original = transitions_[filing_];
  const v1::Transition substitute = Redacted({kMethod});
  const auto& form =
      substitute.events(0).application_submitted().application().form();
  EXPECT_EQ(form.sources(0).method(), kErasedText);
  const std::string method = original.events(0)
                                 .application_submitted()
                                 .application()
                                 .form()
                                 .sources(0)
                                 .method();
  const auto texts = RedactedTexts(original, substitute);
  ASSERT_EQ(texts.size(), 1u);
  EXPECT_EQ(texts[0].path, kMethod);
  EXPECT_EQ(texts[0].text, method);
  EXPECT_EQ(SerializeCanonical(substitute).find(method), std::string::npos);
  EXPECT_THAT(CheckRedaction(original, substitute), IsOk());
}

TEST_F(Erasure, TakesOutAllTextsBelowAMessage) {
  const v1::Transition substitute =
      Redacted({"events[0].application_submitted.application.form.sources"});
  const auto& form =
      substitute.events(0).application_submitted().application().form();
  ASSERT_GT(form.sources_size(), 0);
  for (const v1::Source& source : form.sources()) {
    EXPECT_EQ(source.method(), kErasedText);
  }
}

TEST_F(Erasure, RefusesPathsWithoutText) {
  for (const std::string& path :
       {std::string("nothing"), std::string("context"),
        std::string("events[9].application_submitted"),
        std::string("events[0].application_submitted.application.form.["),
        std::string("events[0].application_submitted.application.version"),
        std::string(kNumber), std::string("")}) {
    EXPECT_THAT(Redact(transitions_[filing_], {path}),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << path;
  }
}

TEST_F(Erasure, PutsNoOtherWordsInAnybodysMouth) {
  const v1::Transition& original = transitions_[filing_];
  const auto application = [](v1::Transition& one) {
    return one.mutable_events(0)
        ->mutable_application_submitted()
        ->mutable_application();
  };
  v1::Transition other = Redacted({kMethod});
  application(other)->mutable_form()->set_name("另一个名称");
  EXPECT_THAT(CheckRedaction(original, other),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(kName)));
  other = Redacted({kMethod});
  application(other)->mutable_form()->set_byte_size(1);
  EXPECT_FALSE(CheckRedaction(original, other).ok());
  other = Redacted({kMethod});
  application(other)->mutable_form()->mutable_sources()->RemoveLast();
  EXPECT_FALSE(CheckRedaction(original, other).ok());
  other = Redacted({kMethod});
  other.mutable_context()->set_profile_id(kErasedText);
  EXPECT_FALSE(CheckRedaction(original, other).ok());
  other = Redacted({kMethod});
  v1::Command shell = *ParseCanonical<v1::Command>(other.command().command());
  shell.set_actor("root");
  other.mutable_command()->set_command(SerializeCanonical(shell));
  EXPECT_THAT(
      CheckRedaction(original, other),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("command")));
}

TEST_F(Erasure, IsRehearsedCleanWhenNothingLaterReadsTheText) {
  EXPECT_THAT(RehearseRedacted({kMethod}), IsOk());
  EXPECT_THAT(RehearseRedacted({}), IsOk());
}

TEST_F(Erasure, IsRefusedWhenALaterDecisionReadTheText) {
  EXPECT_THAT(RehearseRedacted({kName}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("decided otherwise")));
}

TEST_F(Erasure, IsRefusedForDigestsOfAnotherEntry) {
  v1::ErasedEntry entry = Named(filing_, Redacted({kMethod}));
  entry.set_payload_sha256(std::string(32, 'x'));
  EXPECT_THAT(
      Rehearse(Order({entry}).erase_payload()),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("other digests")));
  entry = Named(filing_, Redacted({kMethod}));
  entry.set_index(filing_ + 1);
  EXPECT_FALSE(Rehearse(Order({entry}).erase_payload()).ok());
}

TEST_F(Erasure, IsRefusedForASubstituteOfAnotherEntry) {
  v1::Transition next = *Redact(transitions_[filing_ + 1], {});
  EXPECT_THAT(Rehearse(Order({Named(filing_, next)}).erase_payload()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(Erasure, IsRefusedForAnEntryThatIsNoTransition) {
  v1::ErasedEntry entry = Named(filing_, Redacted({kMethod}));
  entry.set_index(100'000);
  EXPECT_THAT(Rehearse(Order({entry}).erase_payload()),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("no transition stands there")));
}

TEST_F(Erasure, LeavesNumbersBelowAMessageThatItTakesOut) {
  const v1::Transition substitute =
      Redacted({"events[0].application_submitted.application"});
  const v1::Application& before =
      transitions_[filing_].events(0).application_submitted().application();
  const v1::Application& after =
      substitute.events(0).application_submitted().application();
  EXPECT_EQ(after.form().name(), kErasedText);
  EXPECT_EQ(after.application_no(), before.application_no());
  EXPECT_EQ(after.form().applicants(0).party_number(),
            before.form().applicants(0).party_number());
  EXPECT_EQ(after.form().coverage_from(), before.form().coverage_from());
  EXPECT_EQ(after.profile().profile_id(), before.profile().profile_id());
}

TEST_F(Erasure, RemembersWhoseCommandItWas) {
  const auto substitute = ParseSubstitute(SerializeCanonical(Redacted({})));
  ASSERT_OK(substitute);
  State state;
  state.origin = kTestOrigin;
  FoldSubstitute(state, *substitute);
  const auto original =
      *ParseCanonical<v1::Command>(transitions_[filing_].command().command());
  EXPECT_NE(state.commands.Find(original.actor(), original.command_id()),
            nullptr);
  EXPECT_EQ(state.last_decided_at_ms,
            *ToUnixMs(transitions_[filing_].context().decided_at()));
}

}  // namespace
}  // namespace dataip::registry
