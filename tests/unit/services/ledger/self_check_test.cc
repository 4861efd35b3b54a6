#include "services/ledger/self_check.h"

#include <filesystem>
#include <memory>
#include <vector>

#include "client/status.h"
#include "core/proof/chain.h"
#include "core/proof/seal.h"
#include "gtest/gtest.h"
#include "tests/unit/services/ledger/ledger_fixture.h"
#include "tests/unit/services/ledger/raw_database.h"

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
  ExpectRefused(rpc::v1::INVALID_FIELD);
}

TEST_F(SelfCheckTest, RefusesOtherKeys) {
  options.signing = MakeTestSigning(options.signing.origin);
  ExpectRefused(rpc::v1::INVALID_FIELD);
}

TEST_F(SelfCheckTest, RefusesANewerSchema) {
  Damage([](Store& store, Store::Batch&) {
    ASSERT_TRUE(store.WriteIdentity("schema 3\n").ok());
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

TEST_F(SelfCheckTest, NamesThePublishedFileThatIsJunk) {
  test::WriteFile(options.published_path, "junk");
  const absl::Status status = Open();
  EXPECT_NE(status.message().find(options.published_path), std::string::npos);
  EXPECT_NE(
      client::ErrorDetailOf(status)->message_zh().find(options.published_path),
      std::string::npos);
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
  RawDatabase(options.database_path).FlipInFirst("tiles");
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

TEST_F(SelfCheckTest, RefusesAMapWhosePageIsNotTheSeals) {
  Damage([](Store& store, Store::Batch& batch) {
    MapPage page;
    const MapSnapshot now(store);
    ASSERT_TRUE(MapCursor(now).ReadPage("", page).ok());
    const size_t number = proof::MapKeyHash("k").bytes[0] / kMapStripSlots;
    MapStrip strip = page.strip(number);
    for (MapSlot& slot : strip) slot.hash.bytes[0] ^= 1;
    batch.SetMapStrip(MapStripKey("", number), EncodeMapStrip(strip));
  });
  ExpectRefused(rpc::v1::DATA_LOSS);
}

// Found when it is read, not at the start: a start does not read all rows.
TEST_F(SelfCheckTest, ProvesNothingByARowThatIsNotTheSeals) {
  Damage([](Store&, Store::Batch& batch) {
    batch.SetMapValue(proof::MapKeyHash("k"), Hash());
  });
  ASSERT_TRUE(Open().ok());
  const auto proofs =
      ledger->proofs().Prove(*ledger->states().Newest(), {{"k"}, {}});
  EXPECT_EQ(ReasonOf(proofs.status()), rpc::v1::DATA_LOSS);
}

TEST_F(SelfCheckTest, RefusesAMapOfASizeThatIsNoSeal) {
  for (const uint64_t mapped : {size - 2, size, size + 100}) {
    Damage(
        [mapped](Store&, Store::Batch& batch) { batch.SetMappedSize(mapped); });
    ExpectRefused(rpc::v1::DATA_LOSS);
  }
}

TEST_F(SelfCheckTest, RefusesAMapThatStandsForNoSeal) {
  Damage([](Store&, Store::Batch& batch) { batch.SetMappedSize(0); });
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
    auto checked = CheckAtStart(store, published, options.signing,
                                options.map_cache_bytes);
    ASSERT_TRUE(checked.ok()) << checked.status();
    AddSeal(checked->map->root(), *checked, batch);
  }

  static void AddSeal(const Hash& map_root, CheckedLedger& ledger,
                      Store::Batch& batch) {
    proof::EntryHeader header;
    header.type = proof::kSealType;
    Add(header, proof::EncodeSeal({map_root, ledger.head.chain_head}), ledger,
        batch);
    ledger.head.sealed_size = ledger.head.size;
    batch.SetHead(ledger.head);
  }

  static void Add(proof::EntryHeader header, const std::string& payload,
                  CheckedLedger& ledger, Store::Batch& batch) {
    Head& head = ledger.head;
    header.index = head.size++;
    header.time_ms = head.time_ms;
    header.prev = head.chain_head;
    header.payload_size = payload.size();
    header.payload_sha256 = hash::Sha256(hash::AsBytes(payload));
    header.payload_sm3 = hash::Sm3(hash::AsBytes(payload));
    const std::string bytes = *proof::EncodeHeader(header);
    batch.AddEntry(header.index, bytes, payload);
    ledger.tree->Add(hash::LeafHash(hash::AsBytes(bytes)), batch);
    head.chain_head = proof::NextPrev(hash::AsBytes(bytes));
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

// The ledger ended when seals were durable and their map not yet written.
class UnmappedSealsTest : public UnsignedSealTest {
 protected:
  static constexpr uint64_t kSeals = 3;

  // `spoil` flips a bit of the map root of that seal.
  void AddSeals(std::optional<uint64_t> spoil) {
    Damage([&](Store& store, Store::Batch& batch) {
      PublishedFile published(options.published_path);
      auto checked = CheckAtStart(store, published, options.signing,
                                  options.map_cache_bytes);
      ASSERT_TRUE(checked.ok()) << checked.status();
      for (uint64_t i = 0; i < kSeals; ++i) {
        const proof::Update update{"new" + std::to_string(i), Hash()};
        proof::EntryHeader header;
        header.type = "test.Entry";
        header.updates = {update, {"rewritten", ValueOf(i)}};
        Add(header, "payload", *checked, batch);
        std::vector<MapChange> changes;
        AddMapChanges(header.updates, changes);
        ASSERT_TRUE(checked->map->Apply(changes).ok());
        Hash root = checked->map->root();
        if (spoil == i) root.bytes[0] ^= 1;
        AddSeal(root, *checked, batch);
      }
      ASSERT_EQ(*store.ReadMappedSize(), size);
    });
  }

  static Hash ValueOf(uint64_t round) {
    return hash::Sha256(hash::AsBytes(std::to_string(round)));
  }
};

TEST_F(UnmappedSealsTest, AreMappedAtTheNextStart) {
  AddSeals(std::nullopt);
  ASSERT_TRUE(Open().ok());
  const auto state = WaitForCheckpoint(size + 1 + 2 * kSeals);
  EXPECT_EQ(*ledger->store().ReadMappedSize(), state->size - 1);
  const auto proofs =
      ledger->proofs().Prove(*state, {{"new0", "rewritten", "new9"}, {}});
  ASSERT_TRUE(proofs.ok()) << proofs.status();
  const Hash root = state->map->root();
  EXPECT_TRUE(
      proof::VerifyPresence("new0", Hash(), proofs->map_proofs[0], root));
  EXPECT_TRUE(proof::VerifyPresence("rewritten", ValueOf(kSeals - 1),
                                    proofs->map_proofs[1], root));
  EXPECT_TRUE(proof::VerifyAbsence("new9", proofs->map_proofs[2], root));
  EXPECT_EQ(*state->map->CheckAll(), kSeals + 2);
}

TEST_F(UnmappedSealsTest, AreRefusedWhenOneStatesAnotherMap) {
  AddSeals(kSeals / 2);
  ExpectRefused(rpc::v1::DATA_LOSS);
}

TEST_F(SelfCheckTest, RefusesADirectoryThatIsOpenElsewhere) {
  ASSERT_TRUE(Open().ok());
  LedgerOptions second = options;
  EXPECT_TRUE(absl::IsFailedPrecondition(Ledger::Open(second).status()));
}

}  // namespace
}  // namespace dataip::ledger
