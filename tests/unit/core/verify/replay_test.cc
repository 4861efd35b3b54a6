#include "core/verify/replay.h"

#include "core/proof/note.h"
#include "core/registry/values/canonical.h"
#include "dataip/registry/v1/transition.pb.h"
#include "gtest/gtest.h"
#include "tests/support/process.h"
#include "tests/unit/core/verify/sample.h"

namespace dataip::verify {
namespace {

namespace v1 = registry::v1;
using test::Book;
using test::Draft;
using test::Sample;

std::vector<ReplayEntry> EntriesOf(const Book& book) {
  std::vector<ReplayEntry> entries;
  for (uint64_t i = 0; i < book.size(); ++i) {
    entries.push_back({book.headers[i], book.payloads[i]});
  }
  return entries;
}

ReplayReport Replay(const std::vector<ReplayEntry>& entries,
                    const std::string& note, size_t batch = 7) {
  const Trust trust = Sample().trust();
  Replayer replayer(trust, {});
  for (size_t i = 0; i < entries.size(); i += batch) {
    const size_t count = std::min(batch, entries.size() - i);
    replayer.Feed(std::span(entries).subspan(i, count));
  }
  replayer.CheckCheckpoint(note);
  return replayer.Finish();
}

ReplayReport ReplayDrafts(const std::vector<Draft>& drafts) {
  const auto book = test::MakeBook(Sample().origin, drafts, Sample().signers);
  return Replay(EntriesOf(*book), book->checkpoint);
}

std::string BrokenRule(const ReplayReport& report) {
  return report.broken.has_value() ? report.broken->rule : "";
}

TEST(Replayer, FindsTheSampleClean) {
  for (const size_t batch : {1u, 5u, 1000u}) {
    const ReplayReport report =
        Replay(EntriesOf(Sample().book), Sample().book.checkpoint, batch);
    EXPECT_EQ(report.ExitCode(), 0) << BrokenRule(report);
    EXPECT_EQ(report.size, Sample().drafts.size());
    EXPECT_EQ(report.certificates, 3u);
    EXPECT_EQ(report.seals, 3u);
  }
}

// Its command's number says so.
bool IsOfLifecycle(const std::string& rule) {
  constexpr int kFirst = 50;
  const std::string decide = "decide.";
  if (rule.rfind(decide, 0) != 0) return false;
  const auto* body = registry::v1::Command::descriptor()->FindFieldByName(
      rule.substr(decide.size()));
  return body != nullptr && body->number() >= kFirst;
}

TEST(Replayer, CountsChecksByRuleAndNamesThoseNeverExercised) {
  const ReplayReport report =
      Replay(EntriesOf(Sample().book), Sample().book.checkpoint);
  EXPECT_EQ(report.checks.at("seal.map_root"), 3u);
  EXPECT_EQ(report.checks.at("decide.register_application"), 3u);
  EXPECT_EQ(report.checks.size(), AllRules().size());
  // Every command of the main job stands in the sample but orders to erase
  // (erasure_test.cc); those of the lifecycle stand in another ledger
  // (tests/forge). What only an export or a real clock exercises remains.
  for (const std::string& rule : report.never_exercised) {
    EXPECT_TRUE(rule.rfind("file.", 0) == 0 || rule.rfind("since.", 0) == 0 ||
                rule.rfind("seen.", 0) == 0 || rule == "context.late" ||
                rule == "type.known" || rule == "payload.erased" ||
                rule == "erasure.order" || rule == "decide.erase_payload" ||
                IsOfLifecycle(rule))
        << rule;
  }
}

TEST(AllRules, StandInTheDocumentation) {
  const std::string page = test::ReadFile(DATAIP_SOURCE_DIR "/docs/AUDIT.md");
  for (const std::string& rule : AllRules()) {
    if (rule.rfind("decide.", 0) == 0) continue;
    EXPECT_NE(page.find("`" + rule + "`"), std::string::npos) << rule;
  }
}

TEST(Replayer, RecomputesRealisedValue) {
  const ReplayReport report =
      Replay(EntriesOf(Sample().book), Sample().book.checkpoint);
  // 100 + 101 units at 25 fen, the first taken back.
  EXPECT_EQ(report.realised.at("total"), (RealisedTotal{101 * 25, 3}));
  EXPECT_EQ(
      report.realised.at("certificates/" + Sample().certificates[0].number),
      (RealisedTotal{101 * 25, 3}));
}

TEST(Replayer, RefusesAKeyOfTheLedgerForAnythingElse) {
  const v1::Command command = *registry::ParseCanonical<v1::Command>(
      registry::ParseCanonical<v1::Transition>(Sample().book.payloads[0])
          ->command()
          .command());
  const v1::PublicKey& clock = command.open_registry().clock_key();
  ASSERT_EQ(clock.algorithm(), v1::SM2);
  Trust trust = Sample().trust();
  trust.ledger_keys.push_back(*crypto::NoteVerifier::FromVkey(proof::FormatVkey(
      *proof::MakeNoteKey(trust.origin, proof::NoteKeyType::kSm2,
                          hash::AsBytes(clock.raw())))));
  Replayer replayer(trust, {});
  replayer.Feed(EntriesOf(Sample().book));
  const ReplayReport report = replayer.Finish();
  EXPECT_EQ(BrokenRule(report), "key.ledger");
  EXPECT_EQ(report.broken->index, 0u);
}

TEST(Replayer, RefusesEntriesThatWaitTooLongForTheirSeal) {
  constexpr int64_t kHourMs = 3'600'000;
  std::vector<Draft> drafts = Sample().drafts;
  size_t late = drafts.size() - 1;
  while (drafts[late].IsSeal() || drafts[late - 1].IsSeal()) --late;
  for (size_t i = late; i < drafts.size(); ++i) drafts[i].time_ms += kHourMs;
  const ReplayReport report = ReplayDrafts(drafts);
  EXPECT_EQ(BrokenRule(report), "seal.interval");
  EXPECT_EQ(report.broken->index, late);
}

TEST(Replayer, NamesTheFirstEntryWhoseChainBreaks) {
  auto entries = EntriesOf(Sample().book);
  std::swap(entries[9], entries[10]);
  const ReplayReport report = Replay(entries, Sample().book.checkpoint);
  ASSERT_TRUE(report.broken.has_value());
  EXPECT_EQ(report.broken->index, 9u);
  EXPECT_EQ(report.broken->rule, "header.index");
}

TEST(Replayer, NamesAPayloadThatIsNotItsHeaders) {
  auto entries = EntriesOf(Sample().book);
  entries[4].payload[100] ^= 1;
  EXPECT_EQ(BrokenRule(Replay(entries, Sample().book.checkpoint)),
            "payload.sha256");
  entries[3].payload += "x";
  EXPECT_EQ(BrokenRule(Replay(entries, Sample().book.checkpoint)),
            "payload.size");
}

TEST(Replayer, MissesAnEntryThatWasLeftOut) {
  auto entries = EntriesOf(Sample().book);
  entries.pop_back();
  EXPECT_EQ(BrokenRule(Replay(entries, Sample().book.checkpoint)),
            "checkpoint.size");
  entries.erase(entries.begin() + 12);
  EXPECT_EQ(BrokenRule(Replay(entries, Sample().book.checkpoint)),
            "header.index");
}

TEST(Replayer, CannotDecideErasedPayloadsButStillHashes) {
  auto entries = EntriesOf(Sample().book);
  entries[20].payload.clear();
  entries[20].status = ReplayEntry::Payload::kErased;
  const ReplayReport report = Replay(entries, Sample().book.checkpoint);
  EXPECT_EQ(report.ExitCode(), 22);
  EXPECT_EQ(report.undecided->index, 20u);
  EXPECT_EQ(report.undecided->rule, "payload.present");
  EXPECT_EQ(report.checks.at("checkpoint.root"), 1u);
}

TEST(Replayer, CannotDecideEntriesOfATypeItDoesNotKnow) {
  auto drafts = Sample().drafts;
  Draft strange;
  strange.time_ms = drafts[10].time_ms;
  strange.type = "dataip.registry.v2.Transition";
  strange.payload = "later";
  drafts.insert(drafts.begin() + 11, strange);
  const ReplayReport report = ReplayDrafts(drafts);
  EXPECT_EQ(report.ExitCode(), 22);
  EXPECT_EQ(report.undecided->rule, "type.known");
  EXPECT_EQ(report.undecided->index, 11u);
}

TEST(Replayer, FindsASealThatLiesAboutTheMap) {
  auto drafts = Sample().drafts;
  drafts.back().false_map_root = hash::Sha256(hash::AsBytes("lie"));
  const ReplayReport report = ReplayDrafts(drafts);
  EXPECT_EQ(BrokenRule(report), "seal.map_root");
  EXPECT_EQ(report.broken->index, drafts.size() - 1);
}

TEST(Replayer, FindsAnUpdateThatWasLeftOut) {
  auto drafts = Sample().drafts;
  const uint64_t index = Sample().certificates[1].issue_index;
  drafts[index].updates.clear();
  const ReplayReport report = ReplayDrafts(drafts);
  EXPECT_EQ(BrokenRule(report), "header.updates");
  EXPECT_EQ(report.broken->index, index);
}

TEST(Replayer, FindsEntriesWhoseTimeGoesBack) {
  auto drafts = Sample().drafts;
  drafts[15].time_ms = drafts[13].time_ms;
  EXPECT_EQ(BrokenRule(ReplayDrafts(drafts)), "header.time");
}

TEST(Replayer, RefusesACheckpointThatEndsInNoSeal) {
  auto drafts = Sample().drafts;
  drafts.pop_back();
  EXPECT_EQ(BrokenRule(ReplayDrafts(drafts)), "checkpoint.last_leaf");
}

TEST(Replayer, RefusesACheckpointThatOneLedgerKeyDidNotSign) {
  const auto book =
      test::MakeBook(Sample().origin, Sample().drafts, {Sample().signers[0]});
  EXPECT_EQ(BrokenRule(Replay(EntriesOf(*book), book->checkpoint)),
            "checkpoint.signatures");
}

TEST(Replayer, RefusesARegistryUnderAnotherRootKey) {
  TrustText text = Sample().trust_text;
  text.root_key = Sample().key_ids.at("clock");
  const auto trust = ParseTrust(FormatTrust(text));
  ASSERT_TRUE(trust.ok());
  Replayer replayer(*trust, {});
  replayer.Feed(EntriesOf(Sample().book));
  EXPECT_EQ(BrokenRule(replayer.Finish()), "registry.root_key");
}

TEST(Replayer, CannotDecideADemonstrationThatTheTrustFileDoesNotAccept) {
  TrustText text = Sample().trust_text;
  text.demonstration = false;
  const auto trust = ParseTrust(FormatTrust(text));
  Replayer replayer(*trust, {});
  replayer.Feed(EntriesOf(Sample().book));
  EXPECT_EQ(replayer.Finish().ExitCode(), 22);
}

TEST(Replayer, LooksAtHashesOnlyWhenAsked) {
  auto drafts = Sample().drafts;
  drafts.back().false_map_root = hash::Hash();
  const auto book = test::MakeBook(Sample().origin, drafts, Sample().signers);
  const Trust trust = Sample().trust();
  Replayer replayer(trust, {.hashes_only = true});
  replayer.Feed(EntriesOf(*book));
  replayer.CheckCheckpoint(book->checkpoint);
  EXPECT_EQ(replayer.Finish().ExitCode(), 0);
}

}  // namespace
}  // namespace dataip::verify
