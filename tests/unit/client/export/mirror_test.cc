// A mirror without a server: erasures by order, files left by a crash, and
// checkpoints that are not believed.
#include <filesystem>
#include <map>

#include "absl/strings/str_cat.h"
#include "client/audit/audit.h"
#include "client/audit/mirror_files.h"
#include "client/export/ledger_mirror.h"
#include "client/export/mirror_folder.h"
#include "client/export/mirror_pieces.h"
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

TEST(MayReplacePayloads, AllowsErasureAndWhatWasWithheldOnly) {
  const std::string one("\0\0\0\1a", 5);
  const std::string erased("\xff\xff\xff\xff");
  const std::string withheld("\xff\xff\xff\xfe");
  EXPECT_FALSE(MayReplacePayloads(one, std::string("\0\0\0\1b", 5)));
  EXPECT_FALSE(MayReplacePayloads(erased, one));
  EXPECT_FALSE(MayReplacePayloads(one, withheld));
  EXPECT_FALSE(MayReplacePayloads(one, one + one));
  EXPECT_TRUE(MayReplacePayloads(one, erased));
  EXPECT_TRUE(MayReplacePayloads(withheld, one));
}

TEST(SortExtras, KnowsWhatAMirrorMayHold) {
  const auto sorted = SortExtras(
      {".mirror/about", "evidence/1-00.note", "tile/0/001.p/3",
       "tile/0/001.p/44", "tile/0/001.p/200", "tile/0/1", "tile/0/000.p/0",
       "tile/0/000.p/7", "payload/002", "tile/entries/x000/001", "README"},
      256 + 45);
  ASSERT_EQ(sorted.older.size(), 3u);
  EXPECT_EQ(sorted.older[0].newer, "tile/0/001.p/45");
  EXPECT_EQ(sorted.older[2].newer, "tile/0/000");
  EXPECT_EQ(sorted.evidence.size(), 1u);
  EXPECT_EQ(sorted.unexpected,
            (std::vector<std::string>{"tile/0/1", "tile/0/000.p/0",
                                      "tile/entries/x000/001", "README"}));
}

}  // namespace
}  // namespace dataip::client
