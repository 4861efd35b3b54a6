// A mirror without a server: files left by a crash, and checkpoints that are
// not believed.
#include "tests/unit/client/export/mirror_fixture.h"

namespace dataip::client {
namespace {

TEST_F(MirrorTest, RefusesACheckpointThatOneKeyHasNotSigned) {
  std::string note = BookOf(Drafts(3)).checkpoint;
  note.resize(note.rfind('\n', note.size() - 2) + 1);
  const auto mirror = LedgerMirror::Open(folder, trust);
  ASSERT_TRUE(mirror.ok()) << mirror.status();
  EXPECT_TRUE(absl::IsDataLoss((*mirror)->Begin(note).status()));
}

TEST_F(MirrorTest, WantsTheQuorumOfWitnesses) {
  trust.witness_quorum = 1;
  const auto mirror = LedgerMirror::Open(folder, trust);
  ASSERT_TRUE(mirror.ok()) << mirror.status();
  EXPECT_TRUE(absl::IsDataLoss(
      (*mirror)->Begin(BookOf(Drafts(3)).checkpoint).status()));
}

TEST_F(MirrorTest, RefusesEntriesThatAreNotThoseSigned) {
  Book book = BookOf(Drafts(3));
  const auto mirror = LedgerMirror::Open(folder, trust);
  ASSERT_TRUE(mirror.ok()) << mirror.status();
  ASSERT_TRUE((*mirror)->Begin(book.checkpoint).ok());
  book.payloads[1] += "x";
  EXPECT_TRUE(absl::IsDataLoss(Add(**mirror, book)));
}

TEST_F(MirrorTest, RefusesFewerEntriesThanTheCheckpointSays) {
  const Book book = BookOf(Drafts(3));
  const auto mirror = LedgerMirror::Open(folder, trust);
  ASSERT_TRUE(mirror.ok()) << mirror.status();
  ASSERT_TRUE((*mirror)->Begin(book.checkpoint).ok());
  EXPECT_TRUE(absl::IsDataLoss((*mirror)->Commit(nullptr)));
  EXPECT_FALSE(fs::exists(folder + "/checkpoint"));
}

TEST_F(MirrorTest, RefusesItsOwnFilesWhenTheyWereChanged) {
  ASSERT_TRUE(Mirror(BookOf(Drafts(300))).ok());
  const std::string tile = folder + "/tile/0/001.p/45";
  std::string bytes = test::ReadFile(tile);
  bytes[7] ^= 1;
  test::WriteFile(tile, bytes);
  EXPECT_TRUE(absl::IsDataLoss(LedgerMirror::Open(folder, trust).status()));
}

TEST_F(MirrorTest, NamesItsOwnCheckpointWhenThatWasChanged) {
  ASSERT_TRUE(Mirror(BookOf(Drafts(300))).ok());
  const std::string path = folder + "/checkpoint";
  std::string note = test::ReadFile(path);
  note[note.find('\n') + 1] = '9';
  test::WriteFile(path, note);
  const absl::Status status = LedgerMirror::Open(folder, trust).status();
  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_TRUE(absl::StrContains(status.message(), path)) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "mirror's own")) << status;
}

TEST_F(MirrorTest, FindsAForkFromACheckpointItHadOnlyBegun) {
  const Book book = BookOf(Drafts(300));
  ASSERT_TRUE(Mirror(book).ok());
  std::vector<Draft> one = Drafts(300);
  std::vector<Draft> other = one;
  one.push_back(EntryDraft("one"));
  other.push_back(EntryDraft("other"));
  for (auto* drafts : {&one, &other}) {
    drafts->push_back(test::SealDraft(kTimeMs));
  }
  // Killed after the files were served, before the checkpoint was.
  test::WriteFile(folder + "/.mirror/next", BookOf(one).checkpoint);
  EXPECT_TRUE(absl::IsDataLoss(Mirror(BookOf(other))));
  EXPECT_TRUE(fs::exists(folder + "/evidence"));
  fs::rename(folder + "/evidence", dir / "kept");
  EXPECT_TRUE(Mirror(BookOf(one)).ok());
}

TEST_F(MirrorTest, DoesNotAdvanceWithEvidenceOfAFork) {
  std::vector<Draft> drafts = Drafts(10);
  ASSERT_TRUE(Mirror(BookOf(drafts)).ok());
  std::vector<Draft> other = drafts;
  other[5] = EntryDraft("other");
  ASSERT_TRUE(absl::IsDataLoss(Mirror(BookOf(other))));
  const std::string served = test::ReadFile(folder + "/checkpoint");
  drafts.push_back(EntryDraft("more"));
  drafts.push_back(test::SealDraft(kTimeMs));
  const absl::Status held = Mirror(BookOf(drafts));
  EXPECT_TRUE(absl::IsDataLoss(held));
  int named = 0;
  for (const auto& note : fs::directory_iterator(folder + "/evidence")) {
    EXPECT_TRUE(absl::StrContains(held.message(), note.path().string()))
        << held;
    ++named;
  }
  EXPECT_EQ(named, 2);
  EXPECT_EQ(test::ReadFile(folder + "/checkpoint"), served);
  fs::rename(folder + "/evidence", dir / "kept");
  EXPECT_TRUE(Mirror(BookOf(drafts)).ok());
}

TEST_F(MirrorTest, BlamesNobodyWithoutAProof) {
  ASSERT_TRUE(Mirror(BookOf(Drafts(10))).ok());
  std::vector<Draft> drafts = Drafts(20);  // another history
  const Book other = BookOf(drafts);
  const auto mirror = LedgerMirror::Open(folder, trust);
  ASSERT_TRUE((*mirror)->Begin(other.checkpoint).ok());
  const absl::Status broken = Add(**mirror, other);
  ASSERT_TRUE(absl::IsDataLoss(broken));
  for (const absl::Status& answer :
       {absl::UnavailableError("away"), absl::DataLossError("its disk"),
        absl::InternalError("something"), absl::NotFoundError("no tile")}) {
    EXPECT_EQ(
        (*mirror)->Explain(broken, [&](uint64_t, uint64_t) { return answer; }),
        broken);
  }
  EXPECT_FALSE(fs::exists(folder + "/evidence"));
  EXPECT_NE((*mirror)->Explain(
                broken,
                [](uint64_t, uint64_t) { return std::vector<hash::Hash>(3); }),
            broken);
  EXPECT_TRUE(fs::exists(folder + "/evidence"));
}

TEST_F(MirrorTest, ItsOwnBrokenTileIsNoFork) {
  std::vector<Draft> drafts = Drafts(10);
  const Book older = BookOf(drafts);
  for (int i = 0; i < 600; ++i) drafts.push_back(EntryDraft("more"));
  drafts.push_back(test::SealDraft(kTimeMs));
  ASSERT_TRUE(Mirror(BookOf(drafts)).ok());
  {
    const auto mirror = LedgerMirror::Open(folder, trust);
    const auto behind = (*mirror)->Begin(older.checkpoint);
    ASSERT_TRUE(behind.ok()) << behind.status();
    EXPECT_EQ(*behind, LedgerMirror::Comparison::kBehind);
  }
  std::string tile = test::ReadFile(folder + "/tile/0/000");
  tile[7] ^= 1;
  test::WriteFile(folder + "/tile/0/000", tile);
  const auto mirror = LedgerMirror::Open(folder, trust);
  ASSERT_TRUE(mirror.ok()) << mirror.status();
  EXPECT_TRUE(absl::IsDataLoss((*mirror)->Begin(older.checkpoint).status()));
  EXPECT_FALSE(fs::exists(folder + "/evidence"));
}

TEST_F(MirrorTest, GoesOnBehindTheBundlesThatWereStaged) {
  const Book book = BookOf(Drafts(1'000));
  EXPECT_EQ(Stop(book, 600), 0u);
  EXPECT_EQ(Stop(book, 600), 512u);
  ASSERT_TRUE(Mirror(book).ok());
  EXPECT_EQ(BrokenRule(), "");
  EXPECT_FALSE(fs::exists(folder + "/.mirror/stage"));
}

TEST_F(MirrorTest, GoesOnBehindABundleThatWasServedInPart) {
  std::vector<Draft> drafts = Drafts(300);
  ASSERT_TRUE(Mirror(BookOf(drafts)).ok());
  for (int i = 0; i < 600; ++i) drafts.push_back(EntryDraft("more"));
  drafts.push_back(test::SealDraft(kTimeMs));
  const Book book = BookOf(drafts);
  EXPECT_EQ(Stop(book, 800), 301u);
  EXPECT_EQ(Stop(book, 800), 768u);
  ASSERT_TRUE(Mirror(book).ok());
  EXPECT_EQ(BrokenRule(), "");
}

TEST_F(MirrorTest, FetchesAgainWhatIsStagedAndBroken) {
  const Book book = BookOf(Drafts(1'000));
  Stop(book, 900);
  const std::string path = folder + "/.mirror/stage/tile/entries/001";
  std::string bytes = test::ReadFile(path);
  bytes[1'000] ^= 1;
  test::WriteFile(path, bytes);
  EXPECT_EQ(Stop(book, 300), 256u);
  EXPECT_FALSE(fs::exists(path));
  ASSERT_TRUE(Mirror(book).ok());
  EXPECT_EQ(BrokenRule(), "");
}

TEST_F(MirrorTest, ForgetsWhatIsStagedOfAnotherHistory) {
  std::vector<Draft> one = Drafts(300);
  std::vector<Draft> other = Drafts(600);
  for (int i = 0; i < 600; ++i) one.push_back(EntryDraft("one"));
  one.push_back(test::SealDraft(kTimeMs));
  Stop(BookOf(other), 600);
  EXPECT_TRUE(absl::IsDataLoss(Mirror(BookOf(one))));
  ASSERT_TRUE(Mirror(BookOf(one)).ok());
  EXPECT_EQ(BrokenRule(), "");
}

TEST_F(MirrorTest, DropsWhatIsStagedForASmallerCheckpoint) {
  std::vector<Draft> drafts = Drafts(300);
  const Book smaller = BookOf(drafts);
  for (int i = 0; i < 600; ++i) drafts.push_back(EntryDraft("more"));
  drafts.push_back(test::SealDraft(kTimeMs));
  Stop(BookOf(drafts), 800);
  ASSERT_TRUE(Mirror(smaller).ok());
  EXPECT_EQ(BrokenRule(), "");
  EXPECT_FALSE(fs::exists(folder + "/tile/entries/001"));
}

TEST_F(MirrorTest, RemembersWhichCheckpointWhatIsStagedNeeds) {
  const Book book = BookOf(Drafts(600));
  {
    const auto mirror = LedgerMirror::Open(folder, trust);
    ASSERT_TRUE((*mirror)->Begin(book.checkpoint).ok());
    for (uint64_t i = 0; i < 256; ++i) {
      ExportedEntry entry{book.headers[i], book.payloads[i]};
      if (i == 2) {
        entry = {book.headers[i], "", ExportedEntry::Payload::kErased};
        entry.erased_by = 900;
      }
      ASSERT_TRUE((*mirror)->Add(entry).ok());
    }
  }
  const auto mirror = LedgerMirror::Open(folder, trust);
  EXPECT_EQ((*mirror)->added(), 256u);
  EXPECT_EQ((*mirror)->needed_size(), 901u);
}

}  // namespace
}  // namespace dataip::client
