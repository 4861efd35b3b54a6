// Ledgers with orders to erase: what the replay says of them.
#include "core/verify/erasure.h"

#include "core/crypto/random.h"
#include "core/registry/erasure/redaction.h"
#include "core/registry/state/context.h"
#include "core/registry/state/header_of.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/core/verify/sample.h"

namespace dataip::verify {
namespace {

using test::Book;
using test::Draft;
using test::Sample;

constexpr char kMethod[] =
    "events[0].application_submitted.application.form.sources[0].method";
constexpr char kName[] =
    "events[0].application_submitted.application.form.name";

v1::Transition TransitionAt(size_t index) {
  return *registry::ParseCanonical<v1::Transition>(
      Sample().drafts[index].payload);
}

// The first filing: no correction follows it.
size_t FilingIndex() {
  for (size_t i = 0;; ++i) {
    if (Sample().drafts[i].IsTransition() &&
        TransitionAt(i).events(0).has_application_submitted()) {
      return i;
    }
  }
}

v1::ErasedEntry Named(size_t index, const v1::Transition& substitute) {
  const std::string& payload = Sample().drafts[index].payload;
  v1::ErasedEntry entry;
  entry.set_index(index);
  entry.set_payload_sha256(
      std::string(hash::Sha256(hash::AsBytes(payload)).text()));
  entry.set_payload_sm3(std::string(hash::Sm3(hash::AsBytes(payload)).text()));
  entry.set_substitute(registry::SerializeCanonical(substitute));
  return entry;
}

v1::ErasedEntry Redacted(size_t index, const std::vector<std::string>& paths) {
  return Named(index, *registry::Redact(TransitionAt(index), paths));
}

// A sample ledger with orders behind it.
class Erasures : public ::testing::Test {
 protected:
  // An order's entry, as `signer` would have had it accepted.
  void Order(const std::vector<v1::ErasedEntry>& entries,
             const std::string& signer = "root") {
    v1::Command command;
    command.set_command_id(crypto::RandomBytes(16));
    command.set_actor("root");
    const int64_t now_ms = Sample().state.clock_ms;
    *command.mutable_issued_at() = registry::FromUnixMs(now_ms);
    *command.mutable_expires_at() = registry::FromUnixMs(now_ms + 60'000);
    v1::ErasePayload& body = *command.mutable_erase_payload();
    body.set_ordered_by("杭州互联网法院");
    body.set_legal_basis("个人信息保护法 第四十七条");
    for (const auto& entry : entries) *body.add_entries() = entry;
    v1::Transition transition;
    *transition.mutable_command() = *test::SignCommand(
        Sample().origin, registry::SerializeCanonical(command),
        {Sample().key_ids.at(signer)}, Sample().keys);
    *transition.mutable_context() =
        registry::ContextOf(Sample().state, command, now_ms);
    *transition.add_events()->mutable_payload_erased()->mutable_order() = body;
    transition.set_salt(crypto::RandomBytes(32));
    const auto parts = registry::HeaderOf(transition.events());
    drafts_.push_back({NextTimeMs(), parts.type, parts.stream, parts.updates,
                       registry::SerializeCanonical(transition), std::nullopt});
    order_index_ = drafts_.size() - 1;
  }

  int64_t NextTimeMs() const { return drafts_.back().time_ms + 50; }

  std::vector<ReplayEntry> Entries() {
    drafts_.push_back(test::SealDraft(NextTimeMs()));
    const auto book =
        test::MakeBook(Sample().origin, drafts_, Sample().signers);
    note_ = book->checkpoint;
    std::vector<ReplayEntry> entries;
    for (uint64_t i = 0; i < book->size(); ++i) {
      entries.push_back({book->headers[i], book->payloads[i]});
    }
    return entries;
  }

  static void Erase(ReplayEntry& entry) {
    entry.payload.clear();
    entry.status = ReplayEntry::Payload::kErased;
  }

  ReplayReport Replay(const std::vector<ReplayEntry>& entries,
                      bool orders_read = true, bool hashes_only = false,
                      const std::vector<ReplayEntry>& beside = {}) {
    ErasureOrders orders;
    for (const ReplayEntry& entry : entries) orders.Read(entry);
    for (const ReplayEntry& entry : beside) orders.Read(entry);
    const Trust trust = Sample().trust();
    Replayer replayer(trust,
                      {hashes_only, {}, orders_read ? &orders : nullptr});
    replayer.Feed(entries);
    replayer.CheckCheckpoint(note_);
    return replayer.Finish();
  }

  // The finding of a ledger whose filing was erased.
  Finding BrokenWhenErased() {
    auto entries = Entries();
    Erase(entries[filing_]);
    return Replay(entries).broken.value_or(Finding());
  }

  const size_t filing_ = FilingIndex();
  std::vector<Draft> drafts_ = Sample().drafts;
  uint64_t order_index_ = 0;
  std::string note_;
};

TEST_F(Erasures, AreCleanWithAnOrderAndSayWhatWasNotDecided) {
  Order({Redacted(filing_, {kMethod})});
  auto entries = Entries();
  Erase(entries[filing_]);
  const ReplayReport report = Replay(entries);
  EXPECT_EQ(report.ExitCode(), 0)
      << report.broken.value_or(Finding()).message_en
      << report.undecided.value_or(Finding()).message_en;
  ASSERT_EQ(report.erased.size(), 1u);
  EXPECT_EQ(report.erased[0].index, filing_);
  EXPECT_EQ(report.erased[0].order_index, order_index_);
  EXPECT_FALSE(report.erased[0].standing);
  EXPECT_EQ(report.checks.at("payload.erased"), 1u);
  EXPECT_EQ(report.checks.at("erasure.order"), 2u);
}

TEST_F(Erasures, LeadToTheSameStateBeforeAndAfterTheyAreCarriedOut) {
  Order({Redacted(filing_, {kMethod})});
  auto entries = Entries();
  const ReplayReport standing = Replay(entries);
  EXPECT_EQ(standing.ExitCode(), 0);
  ASSERT_EQ(standing.erased.size(), 1u);
  EXPECT_TRUE(standing.erased[0].standing);
  Erase(entries[filing_]);
  const ReplayReport erased = Replay(entries);
  EXPECT_EQ(erased.root, standing.root);
  EXPECT_EQ(erased.map_root, standing.map_root);
  EXPECT_EQ(erased.certificates, standing.certificates);
  EXPECT_EQ(erased.realised, standing.realised);
}

TEST_F(Erasures, AreCleanForEveryEntryThatMayBeErased) {
  std::vector<v1::ErasedEntry> named;
  for (size_t i = 0; i < drafts_.size(); ++i) {
    if (!drafts_[i].IsTransition()) continue;
    const auto substitute = registry::Redact(TransitionAt(i), {});
    if (substitute.ok()) named.push_back(Named(i, *substitute));
  }
  ASSERT_GT(named.size(), 20u);
  Order(named);
  auto entries = Entries();
  for (const v1::ErasedEntry& entry : named) Erase(entries[entry.index()]);
  const ReplayReport report = Replay(entries);
  EXPECT_EQ(report.ExitCode(), 0)
      << report.broken.value_or(Finding()).index << " "
      << report.broken.value_or(Finding()).message_en;
  EXPECT_EQ(report.erased.size(), named.size());
  EXPECT_EQ(report.certificates, 3u);
}

TEST_F(Erasures, WithoutAnOrderAreBroken) {
  const Finding broken = BrokenWhenErased();
  EXPECT_EQ(broken.rule, "payload.erased");
  EXPECT_EQ(broken.index, filing_);
}

TEST_F(Erasures, WithoutAnOrderAreBrokenForHashesAlone) {
  auto entries = Entries();
  Erase(entries[filing_]);
  const ReplayReport report = Replay(entries, true, true);
  ASSERT_TRUE(report.broken.has_value());
  EXPECT_EQ(report.broken->rule, "payload.erased");
}

TEST_F(Erasures, WithAnOrderThatStandsBesideTheLedgerAreBroken) {
  auto entries = Entries();
  Erase(entries[filing_]);
  v1::ErasePayload order;
  *order.add_entries() = Redacted(filing_, {kMethod});
  v1::Transition transition;
  *transition.add_events()->mutable_payload_erased()->mutable_order() = order;
  proof::EntryHeader header;
  header.index = 255'744;
  header.type = proof::kTransitionType;
  header.stream = "registry";
  const ReplayEntry beside{*proof::EncodeHeader(header),
                           registry::SerializeCanonical(transition)};
  for (const bool hashes_only : {false, true}) {
    const ReplayReport report = Replay(entries, true, hashes_only, {beside});
    ASSERT_TRUE(report.broken.has_value());
    EXPECT_EQ(report.broken->rule, "payload.erased");
    EXPECT_EQ(report.broken->index, filing_);
  }
}

TEST_F(Erasures, ByRootsOrderAreCleanForHashesAlone) {
  Order({Redacted(filing_, {kMethod})});
  auto entries = Entries();
  Erase(entries[filing_]);
  EXPECT_EQ(Replay(entries, true, true).ExitCode(), 0);
}

TEST_F(Erasures, ByAnOrderOfAnOfficerAreBrokenForHashesAlone) {
  Order({Redacted(filing_, {kMethod})}, "examiner-1");
  auto entries = Entries();
  EXPECT_EQ(Replay(entries, true, true).ExitCode(), 0);
  Erase(entries[filing_]);
  const ReplayReport report = Replay(entries, true, true);
  ASSERT_TRUE(report.broken.has_value());
  EXPECT_EQ(report.broken->rule, "payload.erased");
  EXPECT_EQ(report.broken->index, filing_);
}

TEST_F(Erasures, WithoutRootsKeyCannotBeDecidedForHashesAlone) {
  Order({Redacted(filing_, {kMethod})});
  auto entries = Entries();
  Erase(entries[filing_]);
  Trust trust = Sample().trust();
  trust.root_key = std::string(64, '0');
  ErasureOrders orders;
  for (const ReplayEntry& entry : entries) orders.Read(entry);
  Replayer replayer(trust, {/*hashes_only=*/true, {}, &orders});
  replayer.Feed(entries);
  const ReplayReport report = replayer.Finish();
  ASSERT_TRUE(report.undecided.has_value());
  EXPECT_EQ(report.undecided->rule, "payload.erased");
  EXPECT_FALSE(report.broken.has_value());
}

TEST_F(Erasures, OfAnotherEntryThanTheOrderNamesAreBroken) {
  Order({Redacted(filing_, {kMethod})});
  auto entries = Entries();
  Erase(entries[filing_ + 1]);
  const ReplayReport report = Replay(entries);
  ASSERT_TRUE(report.broken.has_value());
  EXPECT_EQ(report.broken->rule, "payload.erased");
  EXPECT_EQ(report.broken->index, filing_ + 1);
}

TEST_F(Erasures, CannotBeDecidedBeforeTheOrdersAreRead) {
  Order({Redacted(filing_, {kMethod})});
  auto entries = Entries();
  ReplayReport report = Replay(entries, /*orders_read=*/false);
  EXPECT_EQ(report.ExitCode(), 22);
  EXPECT_TRUE(report.orders_unread);
  Erase(entries[filing_]);
  report = Replay(entries, /*orders_read=*/false);
  EXPECT_EQ(report.ExitCode(), 22);
  EXPECT_TRUE(report.orders_unread);
}

TEST_F(Erasures, NotForThisReaderCannotBeDecided) {
  auto entries = Entries();
  Erase(entries[filing_]);
  entries[filing_].status = ReplayEntry::Payload::kNotForThisReader;
  const ReplayReport report = Replay(entries);
  EXPECT_EQ(report.ExitCode(), 22);
  EXPECT_FALSE(report.orders_unread);
}

TEST_F(Erasures, ByAnOrderOfAnOfficerAreBrokenAtTheOrder) {
  Order({Redacted(filing_, {kMethod})}, "examiner-1");
  const Finding broken = BrokenWhenErased();
  EXPECT_EQ(broken.rule, "SIGNER");
  EXPECT_EQ(broken.index, order_index_);
}

TEST_F(Erasures, ByAnOrderWithOtherDigestsAreBrokenAtTheOrder) {
  v1::ErasedEntry entry = Redacted(filing_, {kMethod});
  entry.mutable_payload_sm3()->front() ^= 1;
  Order({entry});
  const Finding broken = BrokenWhenErased();
  EXPECT_EQ(broken.rule, "erasure.order");
  EXPECT_EQ(broken.index, order_index_);
}

TEST_F(Erasures, WithASubstituteOfAnotherHeaderAreBrokenAtTheOrder) {
  Order({Named(filing_, *registry::Redact(TransitionAt(filing_ + 1), {}))});
  const Finding broken = BrokenWhenErased();
  EXPECT_EQ(broken.rule, "erasure.order");
  EXPECT_EQ(broken.index, order_index_);
}

TEST_F(Erasures, WithASubstituteThatChangesALaterDecisionAreBrokenThere) {
  Order({Redacted(filing_, {kName})});
  const Finding broken = BrokenWhenErased();
  EXPECT_EQ(broken.rule, "decide.events");
  EXPECT_GT(broken.index, filing_);
}

TEST_F(Erasures, WhoseSubstituteIsNoRedactionAreBrokenWhileThePayloadStands) {
  v1::Transition other = *registry::Redact(TransitionAt(filing_), {});
  other.mutable_events(0)
      ->mutable_application_submitted()
      ->mutable_application()
      ->mutable_form()
      ->mutable_sources(0)
      ->set_method("另一种说法");
  Order({Named(filing_, other)});
  const ReplayReport report = Replay(Entries());
  ASSERT_TRUE(report.broken.has_value());
  EXPECT_EQ(report.broken->rule, "erasure.order");
  EXPECT_EQ(report.broken->index, order_index_);
}

TEST_F(Erasures, OrderedTwiceAreBrokenAtTheSecondOrder) {
  Order({Redacted(filing_, {kMethod})});
  Order({Redacted(filing_, {kMethod})});
  const Finding broken = BrokenWhenErased();
  EXPECT_EQ(broken.rule, "ERASURE");
  EXPECT_EQ(broken.index, order_index_);
}

TEST_F(Erasures, OfWhatIsNotEarlierAreBrokenAtTheOrder) {
  v1::ErasedEntry entry = Redacted(filing_, {kMethod});
  entry.set_index(drafts_.size());
  Order({entry});
  const ReplayReport report = Replay(Entries());
  ASSERT_TRUE(report.broken.has_value());
  EXPECT_EQ(report.broken->rule, "erasure.order");
  EXPECT_EQ(report.broken->index, order_index_);
}

TEST_F(Erasures, OfASealAreBrokenAtTheOrder) {
  size_t seal = filing_;
  while (!drafts_[seal].IsSeal()) ++seal;
  auto probe = Entries();
  drafts_.pop_back();
  const auto header = proof::DecodeHeader(hash::AsBytes(probe[seal].header));
  v1::ErasedEntry entry = Redacted(filing_, {kMethod});
  entry.set_index(seal);
  entry.set_payload_sha256(std::string(header->payload_sha256.text()));
  entry.set_payload_sm3(std::string(header->payload_sm3.text()));
  Order({entry});
  const ReplayReport report = Replay(Entries());
  ASSERT_TRUE(report.broken.has_value());
  EXPECT_EQ(report.broken->rule, "erasure.order");
  EXPECT_EQ(report.broken->index, order_index_);
}

TEST_F(Erasures, OfACertificateKeepItsSignatures) {
  const size_t issue = Sample().certificates[0].issue_index;
  v1::Transition forged = *registry::Redact(TransitionAt(issue), {});
  forged.mutable_certificate_signatures(0)->mutable_signature()->back() ^= 1;
  Order({Named(issue, forged)});
  auto entries = Entries();
  Erase(entries[issue]);
  const ReplayReport report = Replay(entries);
  ASSERT_TRUE(report.broken.has_value());
  EXPECT_EQ(report.broken->rule, "erasure.order");
  EXPECT_EQ(report.broken->index, order_index_);
}

}  // namespace
}  // namespace dataip::verify
