// Bytes that a durable entry had, and the disk has not any more.
#include "client/status.h"
#include "gtest/gtest.h"
#include "services/common/rocks.h"
#include "services/ledger/stored_entry.h"
#include "tests/unit/services/ledger/ledger_fixture.h"
#include "tests/unit/services/ledger/raw_database.h"

namespace dataip::ledger {
namespace {

using client::ReasonOf;
using services::NumberKey;

class LostBytesTest : public testing::Test, public LedgerFixture {
 protected:
  void SetUp() override {
    ASSERT_TRUE(Open().ok());
    const auto opened = OpenWriter();
    ASSERT_TRUE(opened.ok()) << opened.status();
    ASSERT_TRUE(Append(Make({.epoch = opened->epoch, .entries = 600})).ok());
    size_ = WaitForCheckpoint()->size;
    Close();
  }

  std::unique_ptr<Store> OpenStore() {
    auto store = Store::Open(options.database_path, 1 << 20);
    EXPECT_TRUE(store.ok()) << store.status();
    return *std::move(store);
  }

  uint64_t size_ = 0;
};

TEST_F(LostBytesTest, AreNeverCalledAbsent) {
  RawDatabase(options.database_path).Remove("headers", NumberKey(3));
  RawDatabase(options.database_path).Remove("payloads", NumberKey(4));
  RawDatabase(options.database_path)
      .Remove("tiles", std::string(1, '\0') + NumberKey(0));
  const auto store = OpenStore();
  EXPECT_EQ(ReasonOf(store->ReadHeader(3).status()), rpc::v1::DATA_LOSS);
  EXPECT_EQ(ReasonOf(store->ReadPayload(4).status()), rpc::v1::DATA_LOSS);
  EXPECT_EQ(ReasonOf(store->ReadTile({0, 0}).status()), rpc::v1::DATA_LOSS);
  EXPECT_TRUE(store->ReadHeader(4).ok());
  EXPECT_TRUE(store->ReadPayload(3).ok());
}

TEST_F(LostBytesTest, AreNotErasedBytes) {
  ASSERT_TRUE(OpenStore()->Erase({7, {3}}).ok());
  RawDatabase(options.database_path).Remove("payloads", NumberKey(4));
  const auto store = OpenStore();
  EXPECT_TRUE(absl::IsNotFound(store->ReadPayload(3).status()));
  EXPECT_EQ(ReasonOf(store->ReadPayload(4).status()), rpc::v1::DATA_LOSS);
}

TEST_F(LostBytesTest, OfASealEndTheStartAsALoss) {
  RawDatabase(options.database_path).Remove("payloads", NumberKey(size_ - 1));
  const auto store = OpenStore();
  EXPECT_EQ(ReasonOf(ReadState(*store, size_, "note").status()),
            rpc::v1::DATA_LOSS);
  EXPECT_EQ(ReasonOf(ReadSealedMapRoot(*store, size_ - 1).status()),
            rpc::v1::DATA_LOSS);
}

// No order erases what is the ledger's own, whatever the disk says.
TEST_F(LostBytesTest, OfASealThatAMarkerCallsErasedAreALossToo) {
  const auto store = OpenStore();
  ASSERT_TRUE(store->Erase({size_, {size_ - 1}}).ok());
  EXPECT_EQ(ReasonOf(ReadSealPayload(*store, size_ - 1).status()),
            rpc::v1::DATA_LOSS);
  EXPECT_EQ(ReasonOf(ReadSealedMapRoot(*store, size_ - 2).status()),
            rpc::v1::DATA_LOSS);
}

TEST_F(LostBytesTest, AreNotProved) {
  RawDatabase(options.database_path).Remove("headers", NumberKey(3));
  ASSERT_TRUE(Open().ok());
  const auto proofs =
      ledger->proofs().Prove(*ledger->states().Newest(), {{}, {3}});
  EXPECT_EQ(ReasonOf(proofs.status()), rpc::v1::DATA_LOSS);
}

TEST_F(LostBytesTest, OfAHeadAreNoEmptyLedger) {
  RawDatabase(options.database_path).Remove("head", "head");
  EXPECT_EQ(ReasonOf(Open()), rpc::v1::DATA_LOSS);
}

TEST_F(LostBytesTest, OfAPayloadOfTheLastBundleEndTheStart) {
  RawDatabase(options.database_path).Remove("payloads", NumberKey(size_ - 5));
  EXPECT_EQ(ReasonOf(Open()), rpc::v1::DATA_LOSS);
}

}  // namespace
}  // namespace dataip::ledger
