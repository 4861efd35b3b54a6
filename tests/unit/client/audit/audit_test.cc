#include "client/audit/audit.h"

#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/export/export_layout.h"
#include "core/base/text.h"
#include "core/proof/note.h"
#include "core/registry/values/canonical.h"
#include "gtest/gtest.h"
#include "tests/support/process.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/core/verify/sample.h"

namespace dataip::client {
namespace v1 = dataip::registry::v1;
namespace {

using test::Sample;
using Files = std::map<std::string, std::string>;

// The sample's export, as files in memory.
const Files& Export() {
  static const Files files = [] {
    test::TempDir dir;
    const std::string path = dir / "export";
    DATAIP_ASSERT(test::WriteExport(Sample().book, path).ok());
    return *test::LoadExport(path);
  }();
  return files;
}

verify::ReplayReport AuditOf(const Files& files, AuditOptions options = {}) {
  return Audit(test::FilesInMemory(files), Sample().trust(), options);
}

std::string Rule(const verify::ReplayReport& report) {
  if (report.broken.has_value()) return report.broken->rule;
  return report.undecided.has_value() ? "? " + report.undecided->rule : "";
}

// With a manifest that fits the files again.
Files WithManifest(Files files) {
  files.erase(kManifestFile);
  std::vector<ManifestEntry> entries;
  for (const auto& [path, bytes] : files) {
    entries.push_back({path, bytes.size(), hash::Sha256(hash::AsBytes(bytes))});
  }
  files[kManifestFile] =
      ManifestText(Sample().origin, Sample().book.size(), entries);
  return files;
}

TEST(Audit, FindsTheSampleClean) {
  EXPECT_EQ(Rule(AuditOf(Export())), "");
  AuditOptions options;
  options.parallel_for = OnAllCores();
  EXPECT_EQ(Rule(AuditOf(Export(), options)), "");
  options.hashes_only = true;
  EXPECT_EQ(Rule(AuditOf(Export(), options)), "");
}

TEST(Audit, FindsEveryMissingFile) {
  for (const auto& [path, unused] : Export()) {
    Files files = Export();
    files.erase(path);
    EXPECT_EQ(Rule(AuditOf(files)), "file.missing") << path;
  }
}

TEST(Audit, FindsUnexpectedFiles) {
  for (const char* path : {"README", "tile/0/001.p/3", "payload/001", "z/z",
                           "tile/0/000", "checkpoint.old"}) {
    Files files = Export();
    files[path] = "";
    EXPECT_EQ(Rule(AuditOf(files)), "file.unexpected") << path;
  }
}

TEST(Audit, FindsEveryFileThatWasExtendedOrCut) {
  for (const auto& [path, bytes] : Export()) {
    Files files = Export();
    files[path] = bytes + "x";
    EXPECT_EQ(AuditOf(files).ExitCode(), 20) << path;
    EXPECT_EQ(AuditOf(WithManifest(files)).ExitCode(),
              path == kManifestFile ? 0 : 20)
        << path;
    files[path] = bytes.substr(0, bytes.size() - 1);
    EXPECT_EQ(AuditOf(files).ExitCode(), 20) << path;
  }
}

TEST(Audit, FindsTilesThatAreNotTheTree) {
  Files files = Export();
  for (auto& [path, bytes] : files) {
    if (absl::StartsWith(path, "tile/0/")) bytes[40] ^= 1;
  }
  EXPECT_EQ(Rule(AuditOf(WithManifest(files))), "file.tile");
}

TEST(Audit, FindsAManifestInAnotherSpelling) {
  Files files = Export();
  files[kManifestFile] += "\n";
  EXPECT_EQ(Rule(AuditOf(files)), "file.manifest");
}

TEST(Audit, CannotDecideAManifestOfAHigherFormat) {
  Files files = Export();
  files[kManifestFile].replace(0, 11, "{\"format\":2");
  EXPECT_EQ(Rule(AuditOf(files)), "? file.manifest");
}

TEST(Audit, CannotDecideAnotherLedger) {
  verify::TrustText text = Sample().trust_text;
  text.origin = "other.dataip.test/1";
  text.ledger_keys.clear();
  for (const char* name : {"ledger-ed25519", "ledger-sm2"}) {
    const auto& key = Sample().keys.at(Sample().key_ids.at(name));
    text.ledger_keys.push_back(
        crypto::NoteSigner::Create(text.origin, key)->vkey());
  }
  const auto trust = verify::ParseTrust(verify::FormatTrust(text));
  ASSERT_THAT(trust, testing::IsOk());
  const auto report = Audit(test::FilesInMemory(Export()), *trust, {});
  EXPECT_EQ(Rule(report), "? checkpoint.origin");
}

TEST(Audit, RefusesACheckpointWhoseSizeIsAbsurd) {
  Files files = Export();
  const std::string line = absl::StrCat("\n", Sample().book.size(), "\n");
  std::string& note = files[kCheckpointFile];
  note.replace(note.find(line), line.size(), "\n9223372036854775807\n");
  EXPECT_EQ(Rule(AuditOf(files)), "file.missing");
}

// A ledger that grew: the sample without its last four entries, and whole.
test::Book EarlierBook() {
  std::vector<test::Draft> drafts = Sample().drafts;
  drafts.resize(drafts.size() - 5);
  drafts.push_back(test::SealDraft(drafts.back().time_ms));
  return *test::MakeBook(Sample().origin, drafts, Sample().signers);
}

// The first `size` entries of the whole sample, signed.
std::string CheckpointAt(uint64_t size) {
  proof::StoredTree tree;
  for (uint64_t i = 0; i < size; ++i) {
    tree.Append(hash::LeafHash(hash::AsBytes(Sample().book.headers[i])));
  }
  const std::string text = proof::FormatCheckpoint(
      {Sample().origin, size, *proof::RootAt(size, tree.reader())});
  return *crypto::SignNote(
      text, hash::Sm3(hash::AsBytes(Sample().book.headers[size - 1])),
      Sample().signers);
}

TEST(AuditSince, TakesACheckpointThatTheLedgerExtends) {
  AuditOptions options;
  for (uint64_t size = 1; size <= Sample().book.size(); ++size) {
    options.since.push_back({"earlier", CheckpointAt(size)});
  }
  EXPECT_EQ(Rule(AuditOf(Export(), options)), "");
}

TEST(AuditSince, FindsALedgerThatWasRewritten) {
  AuditOptions options;
  options.since.push_back({"earlier", EarlierBook().checkpoint});
  EXPECT_EQ(Rule(AuditOf(Export(), options)), "since.consistent");
}

TEST(AuditSince, CannotDecideACheckpointNewerThanTheExport) {
  test::TempDir dir;
  ASSERT_THAT(test::WriteExport(EarlierBook(), dir / "e"), testing::IsOk());
  AuditOptions options;
  options.since.push_back({"later", Sample().book.checkpoint});
  const auto report = AuditOf(*test::LoadExport(dir / "e"), options);
  EXPECT_EQ(Rule(report), "? since.consistent");
  EXPECT_EQ(report.undecided->message_en,
            "later: newer than this export; export again");
}

TEST(AuditSince, CannotUseWhatNoLedgerKeySigned) {
  std::string note = Sample().book.checkpoint;
  std::string changed = note;
  changed[changed.size() - 3] ^= 1;
  for (const std::string& text :
       {note.substr(0, note.find("\n\n") + 2), changed,
        note.substr(0, note.size() / 2), std::string("garbage")}) {
    AuditOptions options;
    options.since = {{"old/checkpoint", text}};
    const auto report = AuditOf(Export(), options);
    EXPECT_EQ(report.ExitCode(), 22) << text;
    EXPECT_EQ(Rule(report), "? since.consistent") << text;
    EXPECT_TRUE(
        absl::StartsWith(report.undecided->message_en,
                         "old/checkpoint: this statement cannot be used: "))
        << report.undecided->message_en;
  }
}

v1::Receipt ReceiptOf(const test::Book& book, uint64_t index) {
  v1::Receipt receipt;
  receipt.set_format(1);
  receipt.set_origin(book.origin);
  receipt.set_index(index);
  receipt.set_header(book.headers[index]);
  const auto path =
      proof::InclusionPath(index, book.size(), book.tree.reader());
  for (const hash::Hash& hash : *path) {
    receipt.add_path(std::string(hash.text()));
  }
  receipt.set_checkpoint(book.checkpoint);
  return receipt;
}

TEST(AuditSeen, TakesCheckpointsReceiptsAndBundlesOfThisLedger) {
  AuditOptions options;
  options.seen.push_back({"checkpoint", Sample().book.checkpoint});
  v1::Receipt receipt = ReceiptOf(Sample().book, 14);
  options.seen.push_back({"receipt", registry::SerializeCanonical(receipt)});
  receipt.clear_path();
  receipt.clear_checkpoint();
  options.seen.push_back({"bare", registry::SerializeCanonical(receipt)});
  for (const auto& certificate : Sample().certificates) {
    options.seen.push_back(
        {"bundle", test::MakeSampleBundle(Sample(), certificate)});
  }
  EXPECT_EQ(Rule(AuditOf(Export(), options)), "");
}

TEST(AuditSeen, FindsSignedThingsThatAreNotOnThisLedger) {
  const test::Book other = EarlierBook();
  v1::Receipt wrong_path = ReceiptOf(other, other.size() - 1);
  wrong_path.mutable_path(0)->at(0) ^= 1;
  const std::string things[] = {
      other.checkpoint,
      registry::SerializeCanonical(ReceiptOf(other, other.size() - 1)),
      // Its checkpoint alone contradicts the export.
      registry::SerializeCanonical(wrong_path)};
  for (size_t i = 0; i < std::size(things); ++i) {
    AuditOptions options;
    options.seen.push_back({"thing", things[i]});
    EXPECT_EQ(Rule(AuditOf(Export(), options)), "seen.on_ledger") << i;
  }
}

TEST(AuditSeen, CannotUseWhatTheLedgerHasNotSigned) {
  const test::Book other = EarlierBook();
  v1::Receipt bare = ReceiptOf(other, other.size() - 1);
  bare.clear_path();
  bare.clear_checkpoint();
  v1::Receipt wrong_path = ReceiptOf(Sample().book, 14);
  wrong_path.mutable_path(0)->at(0) ^= 1;
  v1::Receipt wrong_header = ReceiptOf(Sample().book, 14);
  wrong_header.mutable_header()->back() ^= 1;
  v1::Receipt wrong_note = ReceiptOf(Sample().book, 14);
  wrong_note.mutable_checkpoint()->pop_back();
  const std::string receipt =
      registry::SerializeCanonical(ReceiptOf(Sample().book, 14));
  const std::string bundle =
      test::MakeSampleBundle(Sample(), Sample().certificates[0]);
  std::string changed = bundle;
  changed[changed.size() / 2] ^= 1;
  const std::string things[] = {registry::SerializeCanonical(bare),
                                registry::SerializeCanonical(wrong_path),
                                registry::SerializeCanonical(wrong_header),
                                registry::SerializeCanonical(wrong_note),
                                "",
                                "nothing of ours",
                                receipt.substr(0, receipt.size() / 2),
                                bundle.substr(0, bundle.size() / 2),
                                changed,
                                bundle + "x"};
  for (size_t i = 0; i < std::size(things); ++i) {
    AuditOptions options;
    options.seen.push_back({"a.file", things[i]});
    const auto report = AuditOf(Export(), options);
    EXPECT_EQ(report.ExitCode(), 22) << i;
    EXPECT_EQ(Rule(report), "? seen.on_ledger") << i;
    EXPECT_TRUE(absl::StartsWith(report.undecided->message_en,
                                 "a.file: this statement cannot be used: "))
        << i << report.undecided->message_en;
  }
}

TEST(AuditSeen, CannotDecideThingsNewerThanTheExport) {
  test::TempDir dir;
  ASSERT_THAT(test::WriteExport(EarlierBook(), dir / "e"), testing::IsOk());
  const Files earlier = *test::LoadExport(dir / "e");
  v1::Receipt bare = ReceiptOf(Sample().book, Sample().book.size() - 1);
  bare.clear_path();
  bare.clear_checkpoint();
  for (const std::string& thing :
       {Sample().book.checkpoint,
        registry::SerializeCanonical(
            ReceiptOf(Sample().book, Sample().book.size() - 1)),
        // An entry of both ledgers, at a checkpoint that only one has.
        registry::SerializeCanonical(ReceiptOf(Sample().book, 3)),
        registry::SerializeCanonical(bare)}) {
    AuditOptions options;
    options.seen.push_back({"thing", thing});
    const auto report = AuditOf(earlier, options);
    EXPECT_EQ(report.ExitCode(), 22);
    ASSERT_EQ(Rule(report), "? seen.on_ledger");
    EXPECT_EQ(report.undecided->message_en,
              "thing: newer than this export; export again");
  }
}

TEST(AuditSeen, NamesEveryStatementThatCannotBeUsed) {
  AuditOptions options;
  options.seen = {
      {"one", "x"}, {"two", "y"}, {"good", Export().at("checkpoint")}};
  const auto report = AuditOf(Export(), options);
  ASSERT_EQ(report.ExitCode(), 22);
  EXPECT_TRUE(absl::StrContains(report.undecided->message_en, "one: "));
  EXPECT_TRUE(absl::StrContains(report.undecided->message_en, "two: "));
  EXPECT_FALSE(absl::StrContains(report.undecided->message_en, "good: "));
  EXPECT_TRUE(absl::StrContains(FormatAuditJson(report),
                                "\"undecided\":{\"index\":null"));
  EXPECT_FALSE(absl::StrContains(FormatAudit(report), "/ entry 0"));
}

TEST(AuditSeen, CannotDecideThingsOfAHigherFormatOrAnotherLedger) {
  v1::Receipt receipt = ReceiptOf(Sample().book, 14);
  receipt.set_format(2);
  AuditOptions options;
  options.seen = {{"higher", registry::SerializeCanonical(receipt)}};
  EXPECT_EQ(Rule(AuditOf(Export(), options)), "? seen.on_ledger");
  receipt.set_format(1);
  receipt.set_origin("other");
  options.seen = {{"other", registry::SerializeCanonical(receipt)}};
  EXPECT_EQ(Rule(AuditOf(Export(), options)), "? seen.on_ledger");
}

TEST(AuditReport, SaysWhichRulesADecisionStandsFor) {
  const auto clean = AuditOf(Export());
  const std::string text = FormatAudit(clean);
  EXPECT_TRUE(absl::StrContains(text, "decide.<command> stands for all rules"));
  EXPECT_TRUE(absl::StrContains(text, " TWO_OFFICERS"));
  const std::string json = FormatAuditJson(clean);
  EXPECT_TRUE(absl::StrContains(json, "\"decide_rules\":[\"ACTOR\""));
  EXPECT_TRUE(absl::StrContains(json, "\"T14\""));
}

TEST(AuditReport, PrintsCountsFindingsAndValue) {
  Files files = Export();
  const auto clean = AuditOf(files);
  EXPECT_TRUE(absl::StrContains(FormatAudit(clean), "=> CLEAN: 所核"));
  for (const absl::string_view line :
       absl::StrSplit(FormatAudit(clean), '\n')) {
    // Values of the head begin in one column; but for hashes and totals, with
    // their certificate's name, nothing is wide.
    if (absl::StrContains(line, " / realised value")) continue;
    if (absl::StrContains(line, " / root") ||
        absl::StrContains(line, " / chain head")) {
      EXPECT_EQ(base::DisplayWidth(line), 24 + 64) << line;
    } else {
      EXPECT_LE(base::DisplayWidth(line), 80u) << line;
    }
  }
  EXPECT_TRUE(absl::StrContains(FormatAudit(clean), "25.25 CNY"));
  EXPECT_TRUE(absl::StrContains(FormatAuditJson(clean),
                                "\"conclusion\":\"CLEAN\",\"exit_code\":0"));
  files[kManifestFile] += " ";
  EXPECT_TRUE(
      absl::StrContains(FormatAudit(AuditOf(files)), "rule file.manifest"));
  EXPECT_FALSE(absl::StrContains(FormatAudit(AuditOf(files)), "/ entry 0"));
  EXPECT_TRUE(absl::StrContains(FormatAuditJson(AuditOf(files)),
                                "\"broken\":{\"index\":null"));
}

}  // namespace
}  // namespace dataip::client
