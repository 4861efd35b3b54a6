#include <filesystem>

#include "absl/strings/match.h"
#include "client/export/bundle_unpack.h"
#include "gtest/gtest.h"
#include "tests/support/process.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/core/verify/sample.h"

namespace dataip::client {
namespace {

using test::Sample;
using testing::IsOk;

class Unpacked : public ::testing::Test {
 protected:
  void Unpack(const std::string& bundle) {
    const verify::Trust trust = Sample().trust();
    ASSERT_THAT(UnpackBundle(hash::AsBytes(bundle), &trust, dir_ / "u"),
                IsOk());
  }

  test::Ended Check(std::vector<std::string> steps = {}) {
    std::vector<std::string> arguments = {dir_ / "u/check.sh"};
    arguments.insert(arguments.end(), steps.begin(), steps.end());
    // A PATH without our programs.
    return test::Run({"/bin/sh", arguments, {"PATH=/usr/bin:/bin"}, ""});
  }

  // Flips a bit of an unpacked file, runs the check, and mends it.
  int CheckWithout(const std::string& name) {
    const std::string path = dir_ / ("u/" + name);
    const std::string good = test::ReadFile(path);
    std::string bad = good;
    bad[bad.size() / 2] ^= 1;
    test::WriteFile(path, bad);
    const auto ended = Check({"2", "3", "4", "5", "6", "7", "8"});
    test::WriteFile(path, good);
    return ended.exit_code;
  }

  test::TempDir dir_;
};

TEST_F(Unpacked, PassesItsOwnScript) {
  test::BundleOptions options;
  options.history = true;
  options.open_names = true;
  Unpack(test::MakeSampleBundle(Sample(), Sample().certificates[2], options));
  const auto ended = Check();
  EXPECT_EQ(ended.exit_code, 0) << ended.out << ended.err;
  for (char step = '1'; step <= '9'; ++step) {
    EXPECT_TRUE(absl::StrContains(ended.out, std::string("[ OK ] ") + step))
        << ended.out;
  }
  EXPECT_EQ(ended.err, "");
}

TEST_F(Unpacked, PassesWithALicenceOnIt) {
  Unpack(test::MakeSampleBundle(Sample(), Sample().certificates[0]));
  const auto ended = Check();
  EXPECT_EQ(ended.exit_code, 0) << ended.out << ended.err;
}

TEST_F(Unpacked, FailsWhenAnyFileIsNotWhatWasSigned) {
  Unpack(test::MakeSampleBundle(Sample(), Sample().certificates[0]));
  for (const char* name :
       {"checkpoint", "checkpoint.text", "checkpoint.chain_head",
        "checkpoint.sig/ledger-0-ed25519", "checkpoint.sig/ledger-1-sm2",
        "issue.header", "issue.path/000", "content", "content.sm2.sig",
        "content.p256.sig", "content.sm2.chain/000", "content.p256.chain/001",
        "status/000", "status/001", "seal.header", "seal.payload",
        "seal.path/001", "map/000"}) {
    EXPECT_EQ(CheckWithout(name), 20) << name;
  }
  EXPECT_EQ(Check().exit_code, 0);
}

TEST_F(Unpacked, FailsUnderOtherTrust) {
  Unpack(test::MakeSampleBundle(Sample(), Sample().certificates[0]));
  test::WriteFile(dir_ / "u/trust/origin", "other");
  EXPECT_EQ(Check({"1"}).exit_code, 20);
  EXPECT_EQ(Check({"2"}).exit_code, 20);
}

TEST_F(Unpacked, CannotDecideWithoutATrustFile) {
  const std::string bundle =
      test::MakeSampleBundle(Sample(), Sample().certificates[0]);
  ASSERT_THAT(UnpackBundle(hash::AsBytes(bundle), nullptr, dir_ / "u"), IsOk());
  EXPECT_EQ(Check().exit_code, 22);
  for (const char* step : {"1", "2", "5", "6", "9"}) {
    EXPECT_EQ(Check({step}).exit_code, 22) << step;
  }
  EXPECT_EQ(Check({"3", "4", "7", "8"}).exit_code, 0);
}

TEST_F(Unpacked, RefusesStepsThatThereAreNot) {
  Unpack(test::MakeSampleBundle(Sample(), Sample().certificates[0]));
  for (const char* step : {"77", "0", "x", "", "1; exit 0"}) {
    const auto ended = Check({"3", step});
    EXPECT_EQ(ended.exit_code, 2) << step;
    EXPECT_EQ(ended.out, "") << step;
  }
}

TEST_F(Unpacked, RefusesBytesThatAreNotABundle) {
  std::string bundle =
      test::MakeSampleBundle(Sample(), Sample().certificates[0]);
  bundle.pop_back();
  EXPECT_FALSE(UnpackBundle(hash::AsBytes(bundle), nullptr, dir_ / "v").ok());
}

TEST_F(Unpacked, RefusesAFolderThatIsNotEmpty) {
  test::WriteFile(dir_ / "x", "");
  const std::string bundle =
      test::MakeSampleBundle(Sample(), Sample().certificates[0]);
  EXPECT_THAT(UnpackBundle(hash::AsBytes(bundle), nullptr, dir_.path()),
              testing::StatusIs(absl::StatusCode::kAlreadyExists));
}

}  // namespace
}  // namespace dataip::client
