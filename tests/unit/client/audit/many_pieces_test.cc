// Exports of many pieces: however many threads look at them, the report is the
// same.
#include <map>
#include <string>

#include "client/audit/audit.h"
#include "client/export/export_layout.h"
#include "gtest/gtest.h"
#include "tests/support/process.h"
#include "tests/unit/core/verify/sample.h"

namespace dataip::client {
namespace {

using Files = std::map<std::string, std::string>;

constexpr size_t kEntries = 30 * kTileWidth + 77;

// The sample's entries, many that no rule knows, and a seal.
const Files& Export() {
  static const Files files = [] {
    std::vector<test::Draft> drafts = test::Sample().drafts;
    const int64_t time_ms = drafts.back().time_ms;
    while (drafts.size() + 1 < kEntries) {
      test::Draft draft;
      draft.time_ms = time_ms;
      draft.type = "dataip.test.v1.Entry";
      draft.payload = std::string(drafts.size() % 700, 'x');
      drafts.push_back(draft);
    }
    drafts.push_back(test::SealDraft(time_ms));
    const auto book =
        test::MakeBook(test::Sample().origin, drafts, test::Sample().signers);
    DATAIP_ASSERT(book.ok());
    test::TempDir dir;
    DATAIP_ASSERT(test::WriteExport(*book, dir / "export").ok());
    return *test::LoadExport(dir / "export");
  }();
  return files;
}

verify::ReplayReport AuditOf(const Files& files, bool hashes_only,
                             const verify::ParallelFor& parallel_for) {
  AuditOptions options;
  options.hashes_only = hashes_only;
  options.parallel_for = parallel_for;
  return Audit(test::FilesInMemory(files), test::Sample().trust(), options);
}

// The report of one thread, which that of many must be.
verify::ReplayReport SameReport(const Files& files, bool hashes_only) {
  auto report = AuditOf(files, hashes_only, nullptr);
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(FormatAuditJson(AuditOf(files, hashes_only, OnAllCores())),
              FormatAuditJson(report));
  }
  return report;
}

std::string PathOf(const char* folder, uint64_t number) {
  const Piece piece{number, kTileWidth};
  return std::string(folder) == "payload" ? PayloadPath(piece)
                                          : EntriesPath(piece);
}

TEST(AuditOfManyPieces, FindsThemClean) {
  const auto report = SameReport(Export(), true);
  EXPECT_EQ(report.ExitCode(), 0);
  EXPECT_EQ(report.size, kEntries);
  EXPECT_EQ(report.checks.at("payload.sm3"), kEntries);
  EXPECT_EQ(report.checks.at("file.form"), 31u);
  EXPECT_EQ(report.checks.at("file.tile"), 32u);
}

TEST(AuditOfManyPieces, StopsDecidingAtTheFirstEntryThatNobodyKnows) {
  const auto report = SameReport(Export(), false);
  ASSERT_TRUE(report.undecided.has_value());
  EXPECT_EQ(report.undecided->index, test::Sample().drafts.size());
  EXPECT_EQ(report.undecided->rule, "type.known");
  EXPECT_GT(report.signatures, 0u);
}

TEST(AuditOfManyPieces, NamesTheFirstBrokenPayload) {
  for (const uint64_t number : {0, 16, 29}) {
    Files files = Export();
    files[PathOf("payload", number)].back() ^= 1;
    files[PathOf("payload", 29)].back() ^= 2;
    files[PathOf("entries", 20)].back() ^= 1;
    const auto report = SameReport(files, true);
    ASSERT_TRUE(report.broken.has_value());
    EXPECT_EQ(report.broken->rule,
              number == 29 ? "header.form" : "payload.sha256");
    EXPECT_EQ(report.broken->index, (number == 29 ? 20 : number) * 256 + 255);
  }
}

TEST(AuditOfManyPieces, NamesAPieceThatIsCut) {
  Files files = Export();
  files[PathOf("entries", 17)].pop_back();
  const auto report = SameReport(files, true);
  ASSERT_TRUE(report.broken.has_value());
  EXPECT_EQ(report.broken->rule, "file.form");
  EXPECT_EQ(report.broken->index, 17u * 256);
  EXPECT_EQ(report.size, 17u * 256);
}

TEST(AuditOfManyPieces, NamesATileThatIsNotTheEntries) {
  for (const Piece piece : {Piece{3, kTileWidth}, Piece{30, 77}}) {
    Files files = Export();
    files[TilePath(0, piece)][5] ^= 1;
    const auto report = SameReport(files, true);
    ASSERT_TRUE(report.broken.has_value());
    EXPECT_EQ(report.broken->rule, "file.tile");
    EXPECT_NE(report.broken->message_en.find(TilePath(0, piece)),
              std::string::npos);
  }
  Files files = Export();
  files[TilePath(1, {0, 30})][5] ^= 1;
  EXPECT_EQ(SameReport(files, true).broken->rule, "file.tile");
}

TEST(AuditOfManyPieces, HoldsOlderCheckpointsAgainstEntriesWithinAPiece) {
  AuditOptions options;
  options.hashes_only = true;
  options.since.push_back({"since", test::Sample().book.checkpoint});
  const verify::Trust trust = test::Sample().trust();
  const auto report = Audit(test::FilesInMemory(Export()), trust, options);
  EXPECT_EQ(report.ExitCode(), 0);
  EXPECT_EQ(report.checks.at("since.consistent"), 1u);
}

}  // namespace
}  // namespace dataip::client
