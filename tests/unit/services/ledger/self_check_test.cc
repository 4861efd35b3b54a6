#include "services/ledger/self_check.h"

#include <filesystem>

#include "client/status.h"
#include "core/proof/chain.h"
#include "core/proof/seal.h"
#include "gtest/gtest.h"
#include "tests/unit/services/ledger/ledger_fixture.h"

namespace dataip::ledger {
namespace {

using client::ReasonOf;

// A closed ledger with a few entries and a checkpoint, to be damaged.
class SelfCheckTest : public testing::Test, public LedgerFixture {
 protected:
  void SetUp() override {
    ASSERT_TRUE(Open().ok());
    Fill(300);
    Close();
  }

  void Fill(size_t entries) {
    const auto opened = OpenWriter();
    ASSERT_TRUE(opened.ok()) << opened.status();
    ASSERT_TRUE(
        Append(Make({.epoch = opened->epoch, .entries = entries, .key = "k"}))
            .ok());
    size = WaitForCheckpoint()->size;
  }

  // Changes the database behind the ledger's back.
  void Damage(const std::function<void(Store&, Store::Batch&)>& change) {
    auto store = Store::Open(options.database_path, 1 << 20);
    ASSERT_TRUE(store.ok()) << store.status();
    Store::Batch batch = (*store)->NewBatch();
    change(**store, batch);
    ASSERT_TRUE((*store)->Commit(batch).ok());
  }

  void ExpectRefused(rpc::v1::Reason reason) {
    const absl::Status status = Open();
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(ReasonOf(status), reason) << status;
    EXPECT_FALSE(client::ErrorDetailOf(status)->message_zh().empty());
  }

  uint64_t size = 0;
};

TEST_F(SelfCheckTest, RefusesAnotherOrigin) {
  options.signing = MakeTestSigning("test.example/other");
  ExpectRefused(rpc::v1::WRONG_LEDGER);
}

TEST_F(SelfCheckTest, RefusesOtherKeys) {
  options.signing = MakeTestSigning(options.signing.origin);
  ExpectRefused(rpc::v1::WRONG_LEDGER);
}

TEST_F(SelfCheckTest, RefusesANewerSchema) {
  Damage([](Store& store, Store::Batch&) {
    ASSERT_TRUE(store.WriteIdentity("schema 2\n").ok());
  });
  ExpectRefused(rpc::v1::WRONG_LEDGER);
}

TEST_F(SelfCheckTest, RefusesWithoutThePublishedFile) {
  std::filesystem::remove(options.published_path);
  ExpectRefused(rpc::v1::DATA_LOSS);
}

TEST_F(SelfCheckTest, RefusesAPublishedFileWithAFlippedBit) {
  std::string note = test::ReadFile(options.published_path);
  note[note.size() - 10] ^= 1;
  test::WriteFile(options.published_path, note);
  ExpectRefused(rpc::v1::DATA_LOSS);
}

TEST_F(SelfCheckTest, RefusesAnEmptyPublishedFile) {
  test::WriteFile(options.published_path, "");
  ExpectRefused(rpc::v1::DATA_LOSS);
}

TEST_F(SelfCheckTest, RefusesAPublishedFileThatWasRolledBack) {
  const std::string old_note = test::ReadFile(options.published_path);
  ASSERT_TRUE(Open().ok());
  Fill(3);
  Close();
  test::WriteFile(options.published_path, old_note);
  ExpectRefused(rpc::v1::DATA_LOSS);
  test::WriteFile(options.published_path, options.signing.origin + "\n0\n");
  ExpectRefused(rpc::v1::DATA_LOSS);
}

TEST_F(SelfCheckTest, RefusesADatabaseThatWasRolledBack) {
  const std::string copy = dir / "copy";
  std::filesystem::copy(options.database_path, copy,
                        std::filesystem::copy_options::recursive);
  ASSERT_TRUE(Open().ok());
  Fill(3);
  Close();
  std::filesystem::remove_all(options.database_path);
  std::filesystem::rename(copy, options.database_path);
  ExpectRefused(rpc::v1::DATA_LOSS);
}

// RocksDB drops a torn tail of its log without a word.
TEST_F(SelfCheckTest, RefusesALogThatLostItsTail) {
  std::filesystem::path log;
  for (const auto& file :
       std::filesystem::directory_iterator(options.database_path)) {
    if (file.path().extension() == ".log") log = file.path();
  }
  ASSERT_FALSE(log.empty());
  const auto length = std::filesystem::file_size(log);
  ASSERT_GT(length, 3'000u);
  std::filesystem::resize_file(log, length - 3'000);
  ExpectRefused(rpc::v1::DATA_LOSS);
}

TEST_F(SelfCheckTest, RefusesADatabaseThatIsGone) {
  std::filesystem::remove_all(options.database_path);
  ExpectRefused(rpc::v1::DATA_LOSS);
}

TEST_F(SelfCheckTest, RefusesAHeaderWithAFlippedBit) {
  Damage([this](Store& store, Store::Batch& batch) {
    std::string header = *store.ReadHeader(size - 5);
    const std::string payload = *store.ReadPayload(size - 5);
    header[20] ^= 1;
    batch.AddEntry(size - 5, header, payload);
  });
  ExpectRefused(rpc::v1::DATA_LOSS);
}

TEST_F(SelfCheckTest, RefusesAPayloadWithAFlippedBit) {
  Damage([this](Store& store, Store::Batch& batch) {
    const std::string header = *store.ReadHeader(size - 5);
    std::string payload = *store.ReadPayload(size - 5);
    payload[0] ^= 1;
    batch.AddEntry(size - 5, header, payload);
  });
  ExpectRefused(rpc::v1::DATA_LOSS);
}

TEST_F(SelfCheckTest, RefusesATileWithAFlippedBit) {
  Damage([](Store& store, Store::Batch& batch) {
    std::string tile = *store.ReadTile({0, 0});
    tile[100] ^= 1;
    batch.AddTile({0, 0}, tile);
  });
  ExpectRefused(rpc::v1::DATA_LOSS);
}

TEST_F(SelfCheckTest, RefusesAnotherHead) {
  Damage([](Store& store, Store::Batch& batch) {
    Head head = *store.ReadHead();
    --head.size;
    batch.SetHead(head);
  });
  ExpectRefused(rpc::v1::DATA_LOSS);
}

TEST_F(SelfCheckTest, RefusesEntriesBehindTheHead) {
  Damage([this](Store&, Store::Batch& batch) {
    batch.AddEntry(size, "header", "payload");
  });
  ExpectRefused(rpc::v1::DATA_LOSS);
}

TEST_F(SelfCheckTest, RefusesAMapThatIsNotTheSeals) {
  Damage([](Store&, Store::Batch& batch) {
    batch.SetMapValue(proof::MapKeyHash("k"), Hash());
  });
  ExpectRefused(rpc::v1::DATA_LOSS);
}

TEST_F(SelfCheckTest, RefusesAStoredCheckpointThatIsNotOurs) {
  Damage([this](Store& store, Store::Batch&) {
    ASSERT_TRUE(store.WriteCheckpoint({size, "no note"}).ok());
  });
  ExpectRefused(rpc::v1::DATA_LOSS);
}

// The ledger ended after it wrote a seal and before it signed.
class UnsignedSealTest : public SelfCheckTest {
 protected:
  void SetUp() override {
    SelfCheckTest::SetUp();
    Damage(
        [this](Store& store, Store::Batch& batch) { AddSeal(store, batch); });
  }

  void AddSeal(Store& store, Store::Batch& batch) {
    PublishedFile published(options.published_path);
    auto checked = CheckAtStart(store, published, options.signing);
    ASSERT_TRUE(checked.ok()) << checked.status();
    Head head = checked->head;
    const std::string payload =
        proof::EncodeSeal({checked->map.Root(), head.chain_head});
    proof::EntryHeader header;
    header.index = head.size;
    header.time_ms = head.time_ms;
    header.prev = head.chain_head;
    header.type = proof::kSealType;
    header.payload_size = payload.size();
    header.payload_sha256 = hash::Sha256(hash::AsBytes(payload));
    header.payload_sm3 = hash::Sm3(hash::AsBytes(payload));
    const std::string bytes = *proof::EncodeHeader(header);
    batch.AddEntry(head.size, bytes, payload);
    batch.SetMappedSize(head.size);
    checked->tree->Add(hash::LeafHash(hash::AsBytes(bytes)), batch);
    head.chain_head = proof::NextPrev(hash::AsBytes(bytes));
    head.sealed_size = ++head.size;
    batch.SetHead(head);
  }
};

TEST_F(UnsignedSealTest, SignsItAtTheNextStart) {
  ASSERT_TRUE(Open().ok());
  EXPECT_EQ(WaitForCheckpoint(size + 1)->size, size + 1);
  EXPECT_EQ(ledger->durable().value(), size + 1);
}

TEST_F(UnsignedSealTest, ArchivesACheckpointThatOnlyTheFileHas) {
  const std::string copy = dir / "copy";
  std::filesystem::copy(options.database_path, copy,
                        std::filesystem::copy_options::recursive);
  ASSERT_TRUE(Open().ok());
  WaitForCheckpoint(size + 1);
  Close();
  std::filesystem::remove_all(options.database_path);
  std::filesystem::rename(copy, options.database_path);
  ASSERT_TRUE(Open().ok());
  EXPECT_EQ(ledger->states().Newest()->size, size + 1);
  EXPECT_TRUE(ledger->store().ReadCheckpoint(size + 1).ok());
}

TEST_F(SelfCheckTest, RefusesADirectoryThatIsOpenElsewhere) {
  ASSERT_TRUE(Open().ok());
  LedgerOptions second = options;
  EXPECT_TRUE(absl::IsFailedPrecondition(Ledger::Open(second).status()));
}

}  // namespace
}  // namespace dataip::ledger
