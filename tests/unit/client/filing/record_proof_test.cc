#include "client/filing/record_proof.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "dataip/bundle/v1/bundle.pb.h"
#include "dataip/registry/v1/certificate.pb.h"
#include "nlohmann/json.hpp"

namespace dataip::client {
namespace {

using Kind = RecordVerdict::Kind;

class RecordProofTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string path =
        std::filesystem::temp_directory_path() /
        ("record-" + std::to_string(::getpid()) + "-" +
         ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::ofstream(path) << "h\na\nb\nc\nd\n";
    const auto digest = DigestFile(path, Cut::kLines);
    deposit_ = *DepositFile({path, Cut::kLines, {}}, *digest, {3});
    std::filesystem::remove(path);
    proof_ =
        nlohmann::json::parse(FormatRecordProof(deposit_, deposit_.records[0]));
    registry::v1::CertificateContent content;
    auto& deposit = *content.mutable_deposit();
    deposit.set_file_sha256(std::string(digest->sha256.text()));
    deposit.set_leaf_count(digest->leaf_count);
    deposit.set_root(std::string(deposit_.root.text()));
    bundle::v1::Bundle bundle;
    bundle.set_content(content.SerializeAsString());
    bundle_ = bundle.SerializeAsString();
  }

  Kind Check() { return CheckRecordProof(proof_.dump(), bundle_).kind; }

  FileDeposit deposit_;
  nlohmann::json proof_;
  std::string bundle_;
};

TEST_F(RecordProofTest, RefusesEveryOtherValue) {
  const nlohmann::json good = proof_;
  const std::vector<std::pair<std::string, nlohmann::json>> edits = {
      {"record", "eA=="},
      {"record", "YQ"},
      {"record", 1},
      {"record_index", 2},
      {"record_index", -1},
      {"leaf_count", 6},
      {"salt", "00"},
      {"salt", std::string(32, '0')},
      {"path", nlohmann::json()},
      {"path", nlohmann::json::array()},
      {"file_sha256", std::string(64, '0')}};
  for (const auto& [name, value] : edits) {
    proof_ = good;
    proof_[name] = value;
    EXPECT_EQ(Check(), Kind::kRefused) << name;
    proof_ = good;
    proof_.erase(name);
    EXPECT_EQ(Check(), Kind::kRefused) << name;
  }
}

TEST_F(RecordProofTest, CannotDecideAHigherFormat) {
  proof_["format"] = 2;
  EXPECT_EQ(Check(), Kind::kCannotDecide);
}

TEST_F(RecordProofTest, RefusesTextThatIsNoObject) {
  EXPECT_EQ(CheckRecordProof("", bundle_).kind, Kind::kRefused);
  EXPECT_EQ(CheckRecordProof("[1]", bundle_).kind, Kind::kRefused);
  EXPECT_EQ(CheckRecordProof(proof_.dump(), "junk").kind, Kind::kRefused);
}

TEST_F(RecordProofTest, ShowsTheRecordThatStoodInTheFile) {
  const RecordVerdict verdict = CheckRecordProof(proof_.dump(), bundle_);
  EXPECT_EQ(verdict.kind, Kind::kProved);
  EXPECT_EQ(verdict.record, "c");
  EXPECT_EQ(verdict.index, 3u);
}

}  // namespace
}  // namespace dataip::client
