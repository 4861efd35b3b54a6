#include "services/ledger/ledger.h"

#include <future>

#include "client/status.h"
#include "core/crypto/note_signer.h"
#include "core/proof/chain.h"
#include "core/proof/note.h"
#include "core/proof/seal.h"
#include "gtest/gtest.h"
#include "tests/unit/services/ledger/ledger_fixture.h"
#include "tests/unit/services/ledger/raw_database.h"

namespace dataip::ledger {
namespace {

using client::ReasonOf;

// The root that a published note states, after both keys were verified.
Hash RootOf(const State& state, const Signing& signing) {
  const auto note = ReadNote(state.note, signing.origin, signing.verifiers);
  EXPECT_TRUE(note.ok()) << note.status();
  EXPECT_EQ(note->size, state.size);
  EXPECT_EQ(note->chain_head,
            proof::NextPrev(hash::AsBytes(state.seal_header)));
  return note->root;
}

Hash LeafAt(const Ledger& ledger, uint64_t index) {
  return hash::LeafHash(hash::AsBytes(*ledger.store().ReadHeader(index)));
}

// Everything that a reader can ask about a size holds.
void ExpectProofsHold(LedgerFixture& fixture, const State& state,
                      const std::string& key, const Hash& value) {
  Ledger& ledger = *fixture.ledger;
  const Hash root = RootOf(state, fixture.options.signing);
  const std::vector<uint64_t> indices = {0, state.size / 2, state.size - 1};
  const auto proofs = ledger.proofs().Prove(state, {{key, "absent"}, indices});
  ASSERT_TRUE(proofs.ok()) << proofs.status();
  for (size_t i = 0; i < indices.size(); ++i) {
    EXPECT_TRUE(proof::VerifyInclusion(LeafAt(ledger, indices[i]), indices[i],
                                       state.size, proofs->inclusions[i],
                                       root));
  }
  const auto header = proof::DecodeHeader(hash::AsBytes(state.seal_header));
  ASSERT_TRUE(header.ok());
  EXPECT_EQ(header->index, state.size - 1);
  const auto seal =
      proof::CheckSeal(*header, hash::AsBytes(state.seal_payload));
  ASSERT_TRUE(seal.ok()) << proof::Describe(seal.flaw);
  EXPECT_TRUE(
      proof::VerifyPresence(key, value, proofs->map_proofs[0], seal->map_root));
  EXPECT_TRUE(
      proof::VerifyAbsence("absent", proofs->map_proofs[1], seal->map_root));
}

class LedgerTest : public testing::Test, public LedgerFixture {
 protected:
  void SetUp() override { ASSERT_TRUE(Open().ok()); }

  // Opens a writer and appends until the ledger has `size` entries or a few
  // more, the last message with the update.
  void FillTo(uint64_t size, const std::string& text) {
    const auto opened = OpenWriter();
    ASSERT_TRUE(opened.ok()) << opened.status();
    uint64_t sequence = 0;
    while (ledger->durable().value() + 1 < size) {
      const uint64_t left = size - ledger->durable().value() - 1;
      const auto receipt = Append(Make(
          {.epoch = opened->epoch,
           .sequence = sequence++,
           .entries = static_cast<size_t>(std::min<uint64_t>(left, 1'000))}));
      ASSERT_TRUE(receipt.ok()) << receipt.status();
    }
    ASSERT_TRUE(Append(Make({.epoch = opened->epoch,
                             .sequence = sequence,
                             .text = text,
                             .key = "k"}))
                    .ok());
  }
};

TEST_F(LedgerTest, HasNoCheckpointWithoutEntries) {
  EXPECT_EQ(ledger->states().Newest(), nullptr);
  EXPECT_EQ(ReasonOf(ledger->proofs().Find(0).status()), rpc::v1::NOT_FOUND);
  EXPECT_EQ(test::ReadFile(options.published_path), "test.example/ledger\n0\n");
}

TEST_F(LedgerTest, SignsACheckpointSoonAfterAnEntry) {
  FillTo(1, "v");
  const auto state = WaitForCheckpoint();
  ExpectProofsHold(*this, *state, "k", hash::Sha256(hash::AsBytes("v")));
  EXPECT_EQ(test::ReadFile(options.published_path), state->note);
}

TEST_F(LedgerTest, ProvesAroundTheEdgesOfTiles) {
  std::shared_ptr<const State> before;
  for (const uint64_t size : {2, 254, 256, 258, 511, 514, 1025}) {
    const std::string text = "v" + std::to_string(size);
    FillTo(size, text);
    const auto state = WaitForCheckpoint();
    ExpectProofsHold(*this, *state, "k", hash::Sha256(hash::AsBytes(text)));
    if (before != nullptr) {
      const auto path =
          ledger->proofs().Consistency({before->size, state->size});
      ASSERT_TRUE(path.ok()) << path.status();
      EXPECT_TRUE(proof::VerifyConsistency(
          before->size, state->size, RootOf(*before, options.signing),
          RootOf(*state, options.signing), *path));
    }
    before = state;
  }
}

TEST_F(LedgerTest, ProvesAroundTheEdgeOfTheSecondLevelAndAfterARestart) {
  FillTo(65'535, "before");
  const auto before = WaitForCheckpoint();
  FillTo(65'545, "after");
  const auto after = WaitForCheckpoint();
  ExpectProofsHold(*this, *after, "k", hash::Sha256(hash::AsBytes("after")));
  Close();
  ASSERT_TRUE(Open().ok());
  const auto reopened = ledger->states().Newest();
  ASSERT_NE(reopened, nullptr);
  EXPECT_EQ(reopened->size, after->size);
  ExpectProofsHold(*this, *reopened, "k", hash::Sha256(hash::AsBytes("after")));
  const auto path = ledger->proofs().Consistency({before->size, after->size});
  ASSERT_TRUE(path.ok()) << path.status();
  EXPECT_TRUE(proof::VerifyConsistency(before->size, after->size,
                                       RootOf(*before, options.signing),
                                       RootOf(*after, options.signing), *path));
}

// Whoever got a path that does not hold would report two histories.
TEST_F(LedgerTest, SaysThatATileIsDamagedInsteadOfAForkAtAnySize) {
  FillTo(65'545, "before");
  const uint64_t before = WaitForCheckpoint()->size;
  FillTo(65'560, "after");
  const uint64_t after = WaitForCheckpoint()->size;
  const uint64_t unpublished = before + 1;
  Close();
  // No start reads it: the tile above is full and stored.
  RawDatabase(options.database_path).FlipInFirst("tiles");
  ASSERT_TRUE(Open().ok());
  for (const uint64_t new_size : {before, unpublished, after}) {
    EXPECT_EQ(ReasonOf(ledger->proofs().Consistency({100, new_size}).status()),
              rpc::v1::DATA_LOSS)
        << new_size;
    const auto path = ledger->proofs().Consistency({65'540, new_size});
    EXPECT_TRUE(path.ok()) << new_size << path.status();
  }
}

TEST_F(LedgerTest, ProvesConsistencyUpToASizeThatWasNeverPublished) {
  FillTo(20, "first");
  WaitForCheckpoint();
  FillTo(300, "second");
  const auto newest = WaitForCheckpoint();
  const auto root_at = [this](uint64_t size) {
    return *proof::RootAt(size, ledger->tree().Reader());
  };
  for (uint64_t size = 1; size <= newest->size; size += 7) {
    const auto path = ledger->proofs().Consistency({1, size});
    ASSERT_TRUE(path.ok()) << path.status();
    EXPECT_TRUE(
        proof::VerifyConsistency(1, size, root_at(1), root_at(size), *path));
  }
}

TEST_F(LedgerTest, ProvesAnOlderSizeFromMemoryAndRebuilt) {
  FillTo(3, "first");
  const uint64_t size = WaitForCheckpoint()->size;
  FillTo(20, "second");
  WaitForCheckpoint();
  const auto kept = ledger->proofs().Find(size);
  ASSERT_TRUE(kept.ok() && *kept != nullptr);
  ExpectProofsHold(*this, **kept, "k", hash::Sha256(hash::AsBytes("first")));
  Close();
  ASSERT_TRUE(Open().ok());
  const auto dropped = ledger->proofs().Find(size);
  ASSERT_TRUE(dropped.ok()) << dropped.status();
  EXPECT_EQ(*dropped, nullptr);
  const auto rebuilt = ledger->proofs().Rebuild(size);
  ASSERT_TRUE(rebuilt.ok()) << rebuilt.status();
  ExpectProofsHold(*this, **rebuilt, "k", hash::Sha256(hash::AsBytes("first")));
}

TEST_F(LedgerTest, DropsOldSizesButServesTheNewest) {
  Close();
  options.sizes_kept = std::chrono::milliseconds(0);
  ASSERT_TRUE(Open().ok());
  FillTo(3, "first");
  const uint64_t size = WaitForCheckpoint()->size;
  FillTo(10, "second");
  const auto newest = WaitForCheckpoint();
  EXPECT_EQ(ledger->states().At(size), nullptr);
  EXPECT_EQ(ledger->states().At(newest->size), newest);
}

TEST_F(LedgerTest, RefusesProofsOfSizesThatWereNotPublished) {
  FillTo(5, "v");
  const auto state = WaitForCheckpoint();
  EXPECT_EQ(ReasonOf(ledger->proofs().Find(state->size + 1).status()),
            rpc::v1::NOT_FOUND);
  EXPECT_TRUE(absl::IsInvalidArgument(
      ledger->proofs().Prove(*state, {{}, {state->size}}).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      ledger->proofs().Consistency({0, state->size}).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      ledger->proofs().Consistency({1, state->size + 1}).status()));
  EXPECT_TRUE(
      absl::IsInvalidArgument(ledger->proofs().Consistency({3, 2}).status()));
}

TEST_F(LedgerTest, KeepsMapAndEntriesOverARestartBetweenSeals) {
  Close();
  // Sealed only when it stops.
  options.sequencer.checkpoint_interval = std::chrono::hours(1);
  ASSERT_TRUE(Open().ok());
  FillTo(1, "v1");
  Close();
  ASSERT_TRUE(Open().ok());
  const auto state = WaitForCheckpoint();
  ExpectProofsHold(*this, *state, "k", hash::Sha256(hash::AsBytes("v1")));
  FillTo(10, "v2");
  Close();
  options.sequencer.checkpoint_interval = std::chrono::milliseconds(1);
  ASSERT_TRUE(Open().ok());
  ExpectProofsHold(*this, *WaitForCheckpoint(), "k",
                   hash::Sha256(hash::AsBytes("v2")));
}

TEST_F(LedgerTest, ReleasesWaitersAndClosesThem) {
  std::promise<absl::Status> closed;
  ledger->durable().Await(
      1'000'000, [&](const absl::Status& status) { closed.set_value(status); });
  std::promise<absl::Status> reached;
  ledger->durable().Await(
      1, [&](const absl::Status& status) { reached.set_value(status); });
  const auto cancelled = ledger->durable().Await(
      1, [](const absl::Status&) { FAIL() << "cancelled, yet called"; });
  EXPECT_TRUE(ledger->durable().Cancel(cancelled));
  EXPECT_FALSE(ledger->durable().Cancel(cancelled));
  FillTo(1, "v");
  EXPECT_TRUE(reached.get_future().get().ok());
  ledger->durable().Close(absl::UnavailableError("closing"));
  EXPECT_TRUE(absl::IsUnavailable(closed.get_future().get()));
}

}  // namespace
}  // namespace dataip::ledger
