// Runs every vector file, and then spoils vectors: a runner that passes
// whatever it reads would pass the first half too.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "tests/conformance/cases.h"
#include "tests/support/status_matchers.h"

namespace dataip::conformance {
namespace {

using ::dataip::testing::StatusIs;
namespace fs = std::filesystem;

constexpr char kVectors[] = DATAIP_SOURCE_DIR "/tests/conformance/vectors";

std::string Read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::set<std::string> VectorFiles() {
  std::set<std::string> paths;
  for (const auto& file : fs::directory_iterator(kVectors)) {
    paths.insert(file.path().string());
  }
  return paths;
}

class Conformance : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "conformance-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  absl::Status RunText(const std::string& text) {
    const fs::path path = folder_ / "vector.json";
    std::ofstream(path, std::ios::binary) << text;
    Tally tally;
    return RunFile(path.string(), tally);
  }

  // The file's text with the last hex digit of the `nth` value of a member
  // changed, members counted from 0.
  std::string Spoil(const std::string& file, const std::string& member,
                    int nth) {
    std::string text = Read(fs::path(kVectors) / file);
    const std::regex value("\"" + member + "\": ?\"[0-9a-f]+\"");
    std::sregex_iterator match(text.begin(), text.end(), value);
    std::advance(match, nth);
    char& digit = text[match->position() + match->length() - 2];
    digit = digit == '0' ? '1' : '0';
    return text;
  }

 private:
  fs::path folder_;
};

TEST_F(Conformance, RefusesFilesThatAreNoVectors) {
  const auto usage = StatusIs(absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(RunText(""), usage);
  EXPECT_THAT(RunText("[]"), usage);
  EXPECT_THAT(RunText("{}"), usage);
  EXPECT_THAT(RunText(R"({"kind": "unheard of"})"), usage);
  EXPECT_THAT(RunText(R"({"kind": "map"})"), usage);
  EXPECT_THAT(RunText(R"({"kind": "map", "maps": []})"), usage);
  Tally tally;
  EXPECT_FALSE(RunFile("/no/such/file", tally).ok());
}

TEST_F(Conformance, FindsTheSpoiltMember) {
  struct Case {
    const char* file;
    const char* member;
    int nth;
  };
  const Case cases[] = {
      {"ledger.json", "header", 7},
      {"ledger.json", "payload", 3},
      {"ledger.json", "leaf_hash", 299},
      {"ledger.json", "prev", 12},
      {"ledger.json", "root", 2},
      {"ledger.json", "chain_head", 4},
      {"ledger.json", "map_root", 0},
      {"ledger.json", "key_hash", 1},
      {"map.json", "root", 3},
      {"map.json", "value", 1},
      {"command.json", "message", 0},
      {"command.json", "signature", 0},
      {"command.json", "key_id", 2},
      {"opening.json", "commitment", 1},
      {"deposit.json", "root", 4},
      {"deposit.json", "salt", 6},
      {"deposit.json", "file_sm3", 2},
      {"certificate.json", "sha256", 1},
      {"certificate.json", "content", 0},
      {"bundle.json", "bundle", 0},
  };
  for (const Case& c : cases) {
    const absl::Status status = RunText(Spoil(c.file, c.member, c.nth));
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss)
        << c.file << " " << c.member << " " << status;
  }
}

TEST_F(Conformance, FindsTheSpoiltSignatureOfANote) {
  // How the base64 of each key's lines begins: with the key id.
  for (const char* const line : {"V1fn", "UJiT"}) {
    std::string text = Read(fs::path(kVectors) / "ledger.json");
    const size_t at = text.find(line, text.find("\"notes\"")) + 60;
    text[at] = text[at] == 'A' ? 'B' : 'A';
    EXPECT_THAT(RunText(text), StatusIs(absl::StatusCode::kDataLoss,
                                        ::testing::HasSubstr("notes[0]")));
  }
}

TEST_F(Conformance, NamesTheCaseThatDiffers) {
  const absl::Status status = RunText(Spoil("ledger.json", "leaf_hash", 5));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kDataLoss,
                               ::testing::HasSubstr("entries[5]")));
}

TEST(ConformanceVectors, AllAgree) {
  const std::set<std::string> paths = VectorFiles();
  EXPECT_GE(paths.size(), 9u);
  for (const std::string& path : paths) {
    Tally tally;
    EXPECT_OK(RunFile(path, tally)) << path;
    EXPECT_GT(tally.comparisons(), 0u) << path;
  }
}

}  // namespace
}  // namespace dataip::conformance
