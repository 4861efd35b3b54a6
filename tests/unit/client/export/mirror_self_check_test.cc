// What a run finds of the mirror's own files, and what only the audit does
// (docs/OPERATIONS.md, "Mirror").
#include "client/export/export_layout.h"
#include "tests/unit/client/export/mirror_fixture.h"

namespace dataip::client {
namespace {

constexpr int kEntries = 300;  // and a seal
constexpr Piece kFull{0, kTileWidth};
constexpr Piece kLast{1, kEntries + 1 - kTileWidth};

class MirrorSelfCheck : public MirrorTest {
 protected:
  // As a run does when the ledger has nothing new.
  absl::Status Run() const {
    const auto mirror = LedgerMirror::Open(folder, trust);
    if (!mirror.ok()) return mirror.status();
    const auto begun = (*mirror)->Begin(BookOf(drafts).checkpoint);
    if (!begun.ok()) return begun.status();
    EXPECT_EQ(*begun, LedgerMirror::Comparison::kSame);
    return absl::OkStatus();
  }

  // A run, and then an audit, after the last byte of the file was changed.
  absl::Status RunAfterAChangeOf(const std::string& path) {
    const std::string whole = folder + "/" + path;
    const std::string kept = test::ReadFile(whole);
    std::string bytes = kept;
    bytes.back() ^= 1;
    test::WriteFile(whole, bytes);
    const absl::Status status = Run();
    EXPECT_NE(BrokenRule(), "") << path;
    test::WriteFile(whole, kept);
    EXPECT_EQ(BrokenRule(), "") << path;
    return status;
  }

  const std::vector<Draft> drafts = Drafts(kEntries);
};

TEST_F(MirrorSelfCheck, FindsAChangeAtTheEdgeInEveryRun) {
  ASSERT_TRUE(Mirror(BookOf(drafts)).ok());
  ASSERT_TRUE(Run().ok());
  for (const std::string& path :
       {std::string(kCheckpointFile), TilePath(0, kLast), TilePath(1, {0, 1}),
        EntriesPath(kLast)}) {
    EXPECT_TRUE(absl::IsDataLoss(RunAfterAChangeOf(path))) << path;
  }
}

TEST_F(MirrorSelfCheck, LeavesFullFilesToTheAudit) {
  ASSERT_TRUE(Mirror(BookOf(drafts)).ok());
  for (const std::string& path : {TilePath(0, kFull), EntriesPath(kFull),
                                  PayloadPath(kFull), PayloadPath(kLast)}) {
    const absl::Status status = RunAfterAChangeOf(path);
    EXPECT_TRUE(status.ok()) << path << "\n" << status;
  }
}

}  // namespace
}  // namespace dataip::client
