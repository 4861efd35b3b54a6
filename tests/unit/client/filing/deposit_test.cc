#include "client/filing/deposit.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "core/base/hex.h"

namespace dataip::client {
namespace {

class DepositTest : public ::testing::Test {
 protected:
  void SetUp() override {
    dir_ = std::filesystem::temp_directory_path() /
           ("deposit-" + std::to_string(::getpid()) + "-" +
            ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(dir_);
    for (size_t i = 0; i < key_.size(); ++i) key_[i] = static_cast<uint8_t>(i);
  }
  void TearDown() override { std::filesystem::remove_all(dir_); }

  std::string Write(const std::string& bytes) {
    const std::string path = dir_ / "data";
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  // Root by the definition of formats.md 10, from records cut by hand.
  hash::Hash RootOf(const std::vector<std::string>& records,
                    const hash::Hash& file) {
    const RecordSalts salts(key_, file);
    std::vector<hash::Hash> leaves;
    for (size_t i = 0; i < records.size(); ++i) {
      leaves.push_back(RecordLeaf(salts.At(i), records[i]));
    }
    return proof::RootFromLeaves(leaves);
  }

  FileDeposit Deposit(const std::string& bytes, Cut cut,
                      const std::vector<uint64_t>& wanted) {
    const std::string path = Write(bytes);
    const auto digest = DigestFile(path, cut);
    EXPECT_TRUE(digest.ok());
    const auto deposit = DepositFile({path, cut, key_}, *digest, wanted);
    EXPECT_TRUE(deposit.ok()) << deposit.status();
    return *deposit;
  }

  std::filesystem::path dir_;
  MasterKey key_{};
};

TEST_F(DepositTest, RefusesAMissingAndAnEmptyFile) {
  EXPECT_EQ(DigestFile(dir_ / "none", Cut::kLines).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(DigestFile(Write(""), Cut::kLines).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(DepositTest, RefusesARecordPastTheEnd) {
  const std::string path = Write("a\nb\n");
  const auto digest = DigestFile(path, Cut::kLines);
  EXPECT_EQ(
      DepositFile({path, Cut::kLines, key_}, *digest, {2}).status().code(),
      absl::StatusCode::kOutOfRange);
}

TEST_F(DepositTest, RefusesAFileThatChangedBetweenTheReadings) {
  const std::string path = Write("a\nb\n");
  const auto digest = DigestFile(path, Cut::kLines);
  Write("a\nc\n");
  EXPECT_EQ(DepositFile({path, Cut::kLines, key_}, *digest, {}).status().code(),
            absl::StatusCode::kAborted);
}

TEST_F(DepositTest, CutsLinesWithoutTheirLfAndKeepsCr) {
  const FileDeposit deposit = Deposit("a\r\n\nlast", Cut::kLines, {0, 1, 2});
  EXPECT_EQ(deposit.digest.leaf_count, 3u);
  EXPECT_EQ(deposit.records[0].record, "a\r");
  EXPECT_EQ(deposit.records[1].record, "");
  EXPECT_EQ(deposit.records[2].record, "last");
  EXPECT_EQ(deposit.root, RootOf({"a\r", "", "last"}, deposit.digest.sha256));
}

TEST_F(DepositTest, AnLfAtTheEndMakesNoEmptyRecord) {
  EXPECT_EQ(Deposit("a\nb\n", Cut::kLines, {}).digest.leaf_count, 2u);
}

TEST_F(DepositTest, CutsBlocksOf65536Bytes) {
  const std::string bytes = std::string(kBlockBytes, 'x') + "tail";
  const FileDeposit deposit = Deposit(bytes, Cut::kBlocks, {1});
  EXPECT_EQ(deposit.digest.leaf_count, 2u);
  EXPECT_EQ(deposit.records[0].record, "tail");
  EXPECT_EQ(deposit.root, RootOf({std::string(kBlockBytes, 'x'), "tail"},
                                 deposit.digest.sha256));
  EXPECT_EQ(Deposit(std::string(2 * kBlockBytes, 'x'), Cut::kBlocks, {})
                .digest.leaf_count,
            2u);
}

TEST_F(DepositTest, EveryRecordsPathLeadsToTheRoot) {
  for (uint64_t count : {1, 2, 3, 7, 8, 9, 64, 65}) {
    std::string bytes;
    std::vector<uint64_t> all;
    for (uint64_t i = 0; i < count; ++i) {
      bytes += "record " + std::to_string(i) + "\n";
      all.push_back(i);
    }
    const FileDeposit deposit = Deposit(bytes, Cut::kLines, all);
    for (const RecordProof& record : deposit.records) {
      const hash::Hash leaf = RecordLeaf(record.salt, record.record);
      EXPECT_TRUE(proof::VerifyInclusion(leaf, record.index, count, record.path,
                                         deposit.root));
      EXPECT_FALSE(proof::VerifyInclusion(leaf, (record.index + 1) % count,
                                          count, record.path, deposit.root) &&
                   count > 1);
    }
  }
}

TEST_F(DepositTest, LongLinesMayCrossTheReadBuffer) {
  const std::string line(3 << 20, 'y');
  const FileDeposit deposit = Deposit(line + "\nz", Cut::kLines, {0, 1});
  EXPECT_EQ(deposit.records[0].record.size(), line.size());
  EXPECT_EQ(deposit.records[1].record, "z");
}

TEST_F(DepositTest, MasterKeyIsMadeOnceForItsOwnerOnly) {
  const std::string path = dir_ / "master.key";
  EXPECT_EQ(ReadMasterKey(path, false).status().code(),
            absl::StatusCode::kNotFound);
  const auto made = ReadMasterKey(path, true);
  ASSERT_TRUE(made.ok());
  struct stat info;
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_EQ(*ReadMasterKey(path, true), *made);
  std::ofstream(path) << "not hex\n";
  EXPECT_EQ(ReadMasterKey(path, false).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace dataip::client
