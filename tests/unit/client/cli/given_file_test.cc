// `dataip` on files that somebody gives it: none takes its memory, none makes
// it wait, and each refusal says which file it was.
#include <sys/stat.h>

#include <filesystem>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "tests/support/process.h"
#include "tests/unit/core/verify/sample.h"

namespace dataip::client {
namespace {

namespace fs = std::filesystem;

using Words = std::vector<std::string>;

constexpr uint64_t kHugeBytes = uint64_t{64} << 30;  // more than there is room

class GivenFile : public ::testing::Test {
 protected:
  GivenFile() {
    test::WriteFile(trust_, test::Sample().trust_json);
    test::WriteFile(
        bundle_,
        test::MakeSampleBundle(test::Sample(), test::Sample().certificates[0]));
    test::WriteFile(huge_, "");
    fs::resize_file(huge_, kHugeBytes);
    EXPECT_EQ(mkfifo(pipe_.c_str(), 0600), 0);
  }

  test::Ended Run(const Words& words) const {
    return test::Run({"dataip", words, {}, ""});
  }

  // Each command that reads a file, on `path`; what all of them end with.
  void EndsWith(const std::string& path, int exit_code) const {
    const Words order = {"--ordered-by", "a", "--legal-basis", "b"};
    Words erase = {"registry", "erase", path};
    erase.insert(erase.end(), order.begin(), order.end());
    for (const Words& words :
         {erase, Words{"command", "show", path},
          Words{"data", "check", path, "--certificate", bundle_, "--trust",
                trust_},
          Words{"keys", "show", path}, Words{"trust", "show", "--trust", path},
          Words{"party", "list", "--profile", path}}) {
      const test::Ended ended = Run(words);
      EXPECT_EQ(ended.exit_code, exit_code) << words[1] << "\n" << ended.err;
      EXPECT_TRUE(absl::StrContains(ended.err, path)) << ended.err;
    }
  }

  test::TempDir dir_;
  const std::string trust_ = dir_ / "trust.json";
  const std::string bundle_ = dir_ / "a.bundle";
  const std::string huge_ = dir_ / "huge";
  const std::string pipe_ = dir_ / "pipe";
};

TEST_F(GivenFile, ThatIsAPipeOrADeviceIsRefused) {
  EndsWith(pipe_, 2);
  EndsWith("/dev/zero", 2);
  EndsWith(dir_.path(), 2);
  for (const std::string& path : {pipe_, std::string("/dev/zero")}) {
    EXPECT_EQ(Run({"verify", path, "--trust", trust_}).exit_code, 22);
    EXPECT_EQ(Run({"verify", bundle_, "--trust", path}).exit_code, 22);
    EXPECT_EQ(Run({"bundle", "unpack", path, dir_ / "out"}).exit_code, 2);
    EXPECT_EQ(Run({"data", "hash", path}).exit_code, 2);
  }
}

TEST_F(GivenFile, ThatIsTooLargeIsNotRead) {
  EndsWith(huge_, 2);
  EXPECT_EQ(Run({"verify", bundle_, "--trust", huge_}).exit_code, 22);
  const test::Ended hash = Run({"data", "hash", huge_});
  EXPECT_EQ(hash.exit_code, 2);
  EXPECT_TRUE(absl::StrContains(hash.err, "--cut blocks")) << hash.err;
}

// Too long is a verdict on a bundle (FORMATS 8), not a file to be read again.
TEST_F(GivenFile, ThatIsTooLongForABundleIsNotGenuine) {
  EXPECT_EQ(Run({"verify", huge_, "--trust", trust_}).exit_code, 20);
  EXPECT_EQ(Run({"bundle", "unpack", huge_, dir_ / "out"}).exit_code, 2);
  // Genuine, though of the sample's day.
  EXPECT_EQ(Run({"verify", bundle_, "--trust", trust_, "--max-age", "99999d"})
                .exit_code,
            0);
}

TEST(StandardOutput, ThatCannotBeWrittenEndsWith1) {
  for (const std::string words : {"--version", "--help", "verify --help"}) {
    const test::Ended ended = test::Run(
        {"/bin/sh",
         {"-c", "exec " DATAIP_BIN_DIR "/dataip " + words + " > /dev/full"},
         {},
         ""});
    EXPECT_EQ(ended.exit_code, 1) << words;
    EXPECT_TRUE(absl::StrContains(ended.err, "standard output")) << ended.err;
  }
}

}  // namespace
}  // namespace dataip::client
