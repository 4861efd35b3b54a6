#include "client/checkpoint_store.h"

#include <optional>

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
