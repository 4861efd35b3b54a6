#include "client/checkpoint_store.h"

#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/crypto/note_signer.h"
#include "core/proof/tree.h"
#include "tests/support/process.h"
#include "tests/support/status_matchers.h"

namespace dataip::client {
namespace {

using ::dataip::testing::IsOk;
using ::dataip::testing::StatusIs;
using ::testing::HasSubstr;

constexpr char kOrigin[] = "ledger.test/store";

// A tree of leaves that differ by `branch` from the third on.
class Ledger {
 public:
  explicit Ledger(const std::string& branch) {
    for (int i = 0; i < 9; ++i) {
      const std::string leaf = absl::StrCat("entry ", i, i < 3 ? "" : branch);
      tree_.Append(hash::LeafHash(hash::AsBytes(leaf)));
    }
  }

  std::string Note(uint64_t size) const {
    const std::string text = proof::FormatCheckpoint(
        {kOrigin, size, *proof::RootAt(size, tree_.reader())});
    static const auto* const signer = new crypto::NoteSigner(
        *crypto::NoteSigner::Create(kOrigin, *crypto::PrivateKey::Generate(
                                                 crypto::Algorithm::kEd25519)));
    return *crypto::SignNote(text, hash::Hash(), {signer, 1});
  }

  CheckpointStore::ConsistencyProof Proof() const {
    return [this](uint64_t old_size, uint64_t new_size) {
      return *proof::ConsistencyPath(old_size, new_size, tree_.reader());
    };
  }

 private:
  proof::StoredTree tree_;
};

class CheckpointStoreAccept : public ::testing::Test {
 protected:
  test::TempDir folder_;
  CheckpointStore store_ = *CheckpointStore::Open(folder_ / "state");
  Ledger honest_{""};
  Ledger forked_{" of another history"};
};

TEST_F(CheckpointStoreAccept, RefusesTwoRootsOfOneSize) {
  ASSERT_OK(store_.Accept(honest_.Note(5), honest_.Proof()));
  EXPECT_THAT(store_.Accept(forked_.Note(5), forked_.Proof()),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("two roots")));
  EXPECT_THAT(store_.Accept(forked_.Note(5), nullptr),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(CheckpointStoreAccept, KeepsBothThatContradictAndNamesThem) {
  struct Pair {
    uint64_t kept = 0;
    uint64_t came = 0;
  };
  for (const Pair& sizes : {Pair{5, 5}, Pair{5, 8}, Pair{8, 5}}) {
    const std::string dir = folder_ / absl::StrCat(sizes.kept, sizes.came);
    CheckpointStore store = *CheckpointStore::Open(dir);
    ASSERT_OK(store.Accept(honest_.Note(sizes.kept), honest_.Proof()));
    const auto refused =
        store.Accept(forked_.Note(sizes.came), forked_.Proof());
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kDataLoss,
                                  HasSubstr(dir + "/checkpoint-")));
    std::set<std::string> notes;
    for (const auto& file :
         std::filesystem::directory_iterator(dir + "/evidence")) {
      notes.insert(test::ReadFile(file.path()));
      EXPECT_THAT(refused, StatusIs(absl::StatusCode::kDataLoss,
                                    HasSubstr(file.path().string())));
    }
    EXPECT_EQ(notes, (std::set<std::string>{honest_.Note(sizes.kept),
                                            forked_.Note(sizes.came)}));
    EXPECT_EQ(*store.Last(kOrigin), honest_.Note(sizes.kept));
  }
}

TEST_F(CheckpointStoreAccept, KeepsNothingAsEvidenceThatDoesNotContradict) {
  ASSERT_OK(store_.Accept(honest_.Note(8), honest_.Proof()));
  ASSERT_OK(store_.Accept(honest_.Note(5), honest_.Proof()));
  EXPECT_FALSE(store_
                   .Accept(honest_.Note(9),
                           [](uint64_t, uint64_t) {
                             return absl::UnavailableError("away");
                           })
                   .ok());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "state/evidence"));
}

TEST_F(CheckpointStoreAccept, RefusesALaterOneThatIsNotConsistent) {
  ASSERT_OK(store_.Accept(honest_.Note(5), honest_.Proof()));
  EXPECT_THAT(
      store_.Accept(forked_.Note(8), forked_.Proof()),
      StatusIs(absl::StatusCode::kDataLoss, HasSubstr("no consistency")));
  EXPECT_EQ(*store_.Last(kOrigin), honest_.Note(5));
}

TEST_F(CheckpointStoreAccept, RefusesAnEarlierOneThatIsNotConsistent) {
  ASSERT_OK(store_.Accept(honest_.Note(8), honest_.Proof()));
  EXPECT_THAT(store_.Accept(forked_.Note(5), forked_.Proof()),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(CheckpointStoreAccept, RefusesWhatIsNoCheckpoint) {
  EXPECT_THAT(store_.Accept("hello\n", nullptr),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(CheckpointStoreAccept, FailsWhenTheLedgerGivesNoProof) {
  ASSERT_OK(store_.Accept(honest_.Note(5), honest_.Proof()));
  EXPECT_THAT(store_.Accept(honest_.Note(8),
                            [](uint64_t, uint64_t) {
                              return absl::UnavailableError("down");
                            }),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(*store_.Last(kOrigin), honest_.Note(5));
}

TEST_F(CheckpointStoreAccept, SaysThatALedgerMayHaveBeenRolledBack) {
  ASSERT_OK(store_.Accept(honest_.Note(8), honest_.Proof()));
  const auto accepted = store_.Accept(honest_.Note(5), [](uint64_t, uint64_t) {
    return absl::InvalidArgumentError("new_size: not above 5");
  });
  EXPECT_THAT(accepted, StatusIs(absl::StatusCode::kUnavailable,
                                 HasSubstr("rolled back")));
  EXPECT_EQ(*store_.Last(kOrigin), honest_.Note(8));
}

TEST_F(CheckpointStoreAccept, KeepsTheLargestAndTakesEarlierOnes) {
  EXPECT_EQ(*store_.Last(kOrigin), std::nullopt);
  ASSERT_OK(store_.Accept(honest_.Note(3), honest_.Proof()));
  ASSERT_OK(store_.Accept(honest_.Note(9), honest_.Proof()));
  EXPECT_THAT(store_.Accept(honest_.Note(5), honest_.Proof()), IsOk());
  EXPECT_THAT(store_.Accept(honest_.Note(9), nullptr), IsOk());
  EXPECT_EQ(*store_.Last(kOrigin), honest_.Note(9));
}

TEST_F(CheckpointStoreAccept, SaysThatNobodyProvedTheNewAndKeepsTheOld) {
  EXPECT_EQ(*store_.Accept(honest_.Note(3), nullptr), true);
  EXPECT_EQ(*store_.Accept(honest_.Note(9), nullptr), false);
  EXPECT_EQ(*store_.Last(kOrigin), honest_.Note(3));
  EXPECT_EQ(*store_.Accept(honest_.Note(9), honest_.Proof()), true);
  EXPECT_EQ(*store_.Last(kOrigin), honest_.Note(9));
}

TEST_F(CheckpointStoreAccept, RefusesASmallerOneThatNobodyCompares) {
  ASSERT_OK(store_.Accept(honest_.Note(9), honest_.Proof()));
  // Answers of one program may overtake each other.
  EXPECT_EQ(*store_.Accept(honest_.Note(5), nullptr), false);
  auto later = *CheckpointStore::Open(folder_ / "state");
  EXPECT_THAT(
      later.Accept(honest_.Note(5), nullptr),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("smaller")));
  EXPECT_EQ(*later.Last(kOrigin), honest_.Note(9));
}

}  // namespace
}  // namespace dataip::client
