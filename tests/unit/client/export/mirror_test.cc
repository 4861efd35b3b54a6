// A mirror without a server: erasures by order, files left by a crash, and
// checkpoints that are not believed.
#include <filesystem>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/audit/audit.h"
#include "client/export/ledger_mirror.h"
#include "client/export/mirror_folder.h"
#include "core/crypto/note_signer.h"
#include "core/crypto/signer.h"
#include "dataip/registry/v1/transition.pb.h"
#include "gtest/gtest.h"
#include "tests/support/ledger_book.h"
#include "tests/support/process.h"

namespace dataip::client {
namespace {

namespace fs = std::filesystem;
using test::Book;
using test::Draft;

constexpr char kOrigin[] = "mirror.test/1";
constexpr int64_t kTimeMs = 1'700'000'000'000;
constexpr char kSecret[] = "to be erased by order";

crypto::NoteSigner Signer(crypto::Algorithm algorithm) {
  return *crypto::NoteSigner::Create(kOrigin,
                                     *crypto::PrivateKey::Generate(algorithm));
}

Draft EntryDraft(const std::string& payload) {
  Draft draft;
  draft.time_ms = kTimeMs;
  draft.type = "test.Entry";
  draft.stream = "entries/1";
  draft.payload = payload;
  return draft;
}

Draft OrderDraft(uint64_t index, const std::string& payload) {
  registry::v1::Transition transition;
  auto* const order = transition.add_events()->mutable_payload_erased();
  auto* const entry = order->mutable_order()->add_entries();
  entry->set_index(index);
  const Bytes bytes = hash::AsBytes(payload);
  entry->mutable_payload_sha256()->assign(hash::Sha256(bytes).text());
  entry->mutable_payload_sm3()->assign(hash::Sm3(bytes).text());
  Draft draft;
  draft.time_ms = kTimeMs;
  draft.type = std::string(proof::kTransitionType);
  draft.stream = "registry";
  draft.payload = transition.SerializeAsString();
  return draft;
}

class MirrorTest : public testing::Test {
 protected:
  MirrorTest() {
    trust.origin = kOrigin;
    for (const auto& signer : signers) {
      trust.ledger_keys.push_back(
          *crypto::NoteVerifier::FromVkey(signer.vkey()));
    }
  }

  // So many entries, the third a secret, then a seal, and the same again.
  std::vector<Draft> Drafts(int count) const {
    std::vector<Draft> drafts;
    for (int i = 0; i < count; ++i) {
      drafts.push_back(
          EntryDraft(i == 2 ? kSecret : absl::StrCat("payload ", i)));
    }
    drafts.push_back(test::SealDraft(kTimeMs));
    return drafts;
  }
  Book BookOf(const std::vector<Draft>& drafts) const {
    return *test::MakeBook(kOrigin, drafts, signers);
  }

  absl::Status Add(LedgerMirror& mirror, const Book& book) const {
    for (uint64_t i = mirror.added(); i < book.size(); ++i) {
      const absl::Status added = mirror.Add({book.headers[i], book.payloads[i],
                                             ExportedEntry::Payload::kPresent});
      if (!added.ok()) return added;
    }
    return absl::OkStatus();
  }
  // Adds entries up to `size` and ends without a commit; how many had been
  // staged before.
  uint64_t Stop(const Book& book, uint64_t size) const {
    auto mirror = LedgerMirror::Open(folder, trust);
    EXPECT_TRUE(mirror.ok()) << mirror.status();
    EXPECT_TRUE((*mirror)->Begin(book.checkpoint).ok());
    const uint64_t staged = (*mirror)->added();
    for (uint64_t i = staged; i < size; ++i) {
      const absl::Status added =
          (*mirror)->Add({book.headers[i], book.payloads[i],
                          ExportedEntry::Payload::kPresent});
      EXPECT_TRUE(added.ok()) << added;
    }
    return staged;
  }
  absl::Status Mirror(const Book& book) const {
    auto mirror = LedgerMirror::Open(folder, trust);
    if (!mirror.ok()) return mirror.status();
    const auto begun = (*mirror)->Begin(book.checkpoint);
    if (!begun.ok()) return begun.status();
    const absl::Status added = Add(**mirror, book);
    if (!added.ok()) return added;
    return (*mirror)->Commit([](uint64_t, uint64_t) {
      return absl::UnavailableError("nobody to ask");
    });
  }

  bool HoldsSecret() const {
    for (const auto& file : fs::recursive_directory_iterator(folder)) {
      if (file.is_regular_file() &&
          test::ReadFile(file.path()).find(kSecret) != std::string::npos) {
        return true;
      }
    }
    return false;
  }
  // The rule that its audit finds broken, "" for none.
  std::string BrokenRule() const {
    AuditOptions options;
    options.hashes_only = true;
    const auto report = Audit(*OpenExportFolder(folder), trust, options);
    return report.broken.has_value() ? report.broken->rule : "";
  }

  std::vector<crypto::NoteSigner> signers = {
      Signer(crypto::Algorithm::kEd25519), Signer(crypto::Algorithm::kSm2)};
  verify::Trust trust;
  test::TempDir dir;
  std::string folder = dir / "mirror";
};

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

TEST_F(MirrorTest, ErasesWhatAnOrderOnTheLedgerErases) {
  for (const int count : {10, 300}) {
    fs::remove_all(folder);
    std::vector<Draft> drafts = Drafts(count);
    ASSERT_TRUE(Mirror(BookOf(drafts)).ok());
    EXPECT_TRUE(HoldsSecret());
    EXPECT_EQ(BrokenRule(), "");
    drafts.push_back(OrderDraft(2, kSecret));
    drafts.push_back(test::SealDraft(kTimeMs));
    ASSERT_TRUE(Mirror(BookOf(drafts)).ok());
    EXPECT_FALSE(HoldsSecret());
    // Nobody has signed the test's order; all files are as they must be.
    EXPECT_EQ(BrokenRule(), "erasure.order");
    drafts.push_back(EntryDraft("later"));
    drafts.push_back(test::SealDraft(kTimeMs));
    ASSERT_TRUE(Mirror(BookOf(drafts)).ok());
    EXPECT_FALSE(HoldsSecret());
  }
}

TEST_F(MirrorTest, ErasesAfterACrashBetweenCheckpointAndErasure) {
  ASSERT_TRUE(Mirror(BookOf(Drafts(10))).ok());
  test::WriteFile(folder + "/.mirror/erase", "11\n2\n");
  ASSERT_TRUE(LedgerMirror::Open(folder, trust).ok());
  EXPECT_FALSE(HoldsSecret());
}

TEST_F(MirrorTest, ErasesNothingForACheckpointThatWasNotServed) {
  ASSERT_TRUE(Mirror(BookOf(Drafts(10))).ok());
  test::WriteFile(folder + "/.mirror/erase", "12\n2\n");
  ASSERT_TRUE(LedgerMirror::Open(folder, trust).ok());
  EXPECT_TRUE(HoldsSecret());
}

TEST_F(MirrorTest, WaitsForTheCheckpointThatCoversAnOrder) {
  const Book book = BookOf(Drafts(3));
  const auto mirror = LedgerMirror::Open(folder, trust);
  ASSERT_TRUE(mirror.ok()) << mirror.status();
  ASSERT_TRUE((*mirror)->Begin(book.checkpoint).ok());
  ExportedEntry entry{book.headers[0], "", ExportedEntry::Payload::kErased};
  entry.erased_by = 9;
  ASSERT_TRUE((*mirror)->Add(entry).ok());
  EXPECT_EQ((*mirror)->needed_size(), 10);
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
  EXPECT_TRUE(Mirror(BookOf(one)).ok());
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

TEST_F(MirrorTest, ErasesByAnOrderThatWasStaged) {
  std::vector<Draft> drafts = Drafts(10);
  drafts.push_back(OrderDraft(2, kSecret));
  for (int i = 0; i < 600; ++i) drafts.push_back(EntryDraft("more"));
  drafts.push_back(test::SealDraft(kTimeMs));
  const Book book = BookOf(drafts);
  Stop(book, 400);
  EXPECT_TRUE(HoldsSecret());
  ASSERT_TRUE(Mirror(book).ok());
  EXPECT_FALSE(HoldsSecret());
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
