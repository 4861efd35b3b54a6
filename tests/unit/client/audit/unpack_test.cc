#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "core/registry/values/canonical.h"
#include "dataip/bundle/v1/bundle.pb.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/client/audit/unpacked.h"

namespace dataip::client {
namespace {

using test::Sample;
using testing::IsOk;

class Unpacked : public ::testing::Test {
 protected:
  void Unpack(const std::string& bundle) {
    const verify::Trust trust = Sample().trust();
    ASSERT_THAT(unpacked_.Unpack(bundle, &trust), IsOk());
  }

  void UnpackSample() {
    Unpack(test::MakeSampleBundle(Sample(), Sample().certificates[0]));
  }

  test::Ended Check(const std::vector<std::string>& steps = {},
                    const std::string& shell = "/bin/sh") {
    return unpacked_.Check(steps, shell);
  }

  // Flips a bit of an unpacked file, runs the check, and mends it.
  int CheckWithout(const std::string& name) {
    const std::string path = unpacked_.Path(name);
    const std::string good = test::ReadFile(path);
    std::string bad = good;
    bad[bad.size() / 2] ^= 1;
    test::WriteFile(path, bad);
    const auto ended = Check({"2", "3", "4", "5", "6", "7", "8"});
    test::WriteFile(path, good);
    return ended.exit_code;
  }

  // Puts other bytes into the folder as if they had been unpacked, so that
  // check.sh meets what UnpackBundle refuses.
  void Force(const bundle::v1::Bundle& bundle) {
    test::WriteFile(unpacked_.Path("bundle"),
                    registry::SerializeCanonical(bundle));
    test::WriteFile(unpacked_.Path("checkpoint"), bundle.checkpoint());
    test::WriteFile(
        unpacked_.Path("checkpoint.text"),
        bundle.checkpoint().substr(0, bundle.checkpoint().find("\n\n") + 1));
    test::WriteFile(unpacked_.Path("issue.header"), bundle.issue_header());
    test::WriteFile(unpacked_.Path("content"), bundle.content());
  }

  static bundle::v1::Bundle SampleBundle() {
    bundle::v1::Bundle bundle;
    bundle.ParseFromString(
        test::MakeSampleBundle(Sample(), Sample().certificates[0]));
    return bundle;
  }

  void ExpectRefused(const bundle::v1::Bundle& bundle) {
    const verify::Trust trust = Sample().trust();
    test::UnpackedBundle other;
    EXPECT_THAT(other.Unpack(registry::SerializeCanonical(bundle), &trust),
                testing::StatusIs(absl::StatusCode::kInvalidArgument));
    Force(bundle);
    for (const char* shell : {"/bin/sh", "/bin/bash"}) {
      const auto ended = Check({}, shell);
      EXPECT_EQ(ended.exit_code, 20) << ended.out << ended.err;
      EXPECT_EQ(ended.out.find('\x1b'), std::string::npos) << ended.out;
      EXPECT_FALSE(std::filesystem::exists(unpacked_.Beside("u/ran")));
    }
  }

  test::UnpackedBundle unpacked_;
};

TEST_F(Unpacked, PassesItsOwnScript) {
  test::BundleOptions options;
  options.history = true;
  options.open_names = true;
  Unpack(test::MakeSampleBundle(Sample(), Sample().certificates[2], options));
  for (const char* shell : {"/bin/sh", "/bin/bash"}) {
    const auto ended = Check({}, shell);
    EXPECT_EQ(ended.exit_code, 0) << ended.out << ended.err;
    for (char step = '1'; step <= '9'; ++step) {
      EXPECT_TRUE(absl::StrContains(ended.out, std::string("[ OK ] ") + step))
          << ended.out;
    }
    EXPECT_EQ(ended.err, "");
  }
}

TEST_F(Unpacked, FailsWhenAnyFileIsNotWhatWasSigned) {
  UnpackSample();
  for (const char* name :
       {"bundle", "checkpoint", "checkpoint.text", "checkpoint.chain_head",
        "checkpoint.sig/ledger-0-ed25519", "checkpoint.sig/ledger-1-sm2",
        "issue.header", "issue.path/000", "content", "content.sm2.sig",
        "content.p256.sig", "content.sm2.chain/000", "content.p256.chain/001",
        "status/000", "status/001", "seal.header", "seal.payload",
        "seal.path/001", "map/000"}) {
    EXPECT_EQ(CheckWithout(name), 20) << name;
  }
  EXPECT_EQ(Check().exit_code, 0);
}

TEST_F(Unpacked, CannotDecideUnderTrustOfAnotherLedger) {
  UnpackSample();
  test::WriteFile(unpacked_.Path("trust/origin"), "other");
  EXPECT_EQ(Check({"1"}).exit_code, 22);
  EXPECT_EQ(Check({"2"}).exit_code, 22);
}

TEST_F(Unpacked, CannotDecideWithoutATrustFile) {
  const std::string bundle =
      test::MakeSampleBundle(Sample(), Sample().certificates[0]);
  ASSERT_THAT(unpacked_.Unpack(bundle, nullptr), IsOk());
  EXPECT_EQ(Check().exit_code, 22);
  for (const char* step : {"1", "2", "3", "4", "5", "6", "7", "8", "9"}) {
    EXPECT_EQ(Check({step}).exit_code, 22) << step;
  }
}

TEST_F(Unpacked, CannotDecideWithoutAnyPartOfTheTrustFile) {
  UnpackSample();
  for (const char* name : {"origin", "quorum", "max_age_hours", "demonstration",
                           "issuing-sm2.pem", "issuing-p256.pem"}) {
    const std::string path = unpacked_.Path(std::string("trust/") + name);
    const std::string good = test::ReadFile(path);
    std::filesystem::remove(path);
    EXPECT_EQ(Check().exit_code, 22) << name;
    test::WriteFile(path, good);
  }
}

TEST_F(Unpacked, CannotDecideWithKeysThatOpensslCannotRead) {
  UnpackSample();
  test::WriteFile(unpacked_.Path("trust/ledger-1-sm2.pem"), "of later years");
  EXPECT_EQ(Check().exit_code, 22);
}

TEST_F(Unpacked, RefusesStepsThatThereAreNot) {
  UnpackSample();
  for (const char* step :
       {"77", "0", "x", "", "1; exit 0", "3 4", "a[$(exit 0)]", "*"}) {
    const auto ended = Check({"3", step});
    EXPECT_EQ(ended.exit_code, 2) << step;
    EXPECT_EQ(ended.out, "") << step;
  }
}

TEST_F(Unpacked, MakesNoVerdictOfChosenSteps) {
  UnpackSample();
  for (const char* step : {"1", "2", "3", "4", "5", "6", "7", "8"}) {
    const auto ended = Check({step});
    EXPECT_EQ(ended.exit_code, 0) << step;
    EXPECT_FALSE(absl::StrContains(ended.out, "in force")) << ended.out;
    EXPECT_TRUE(absl::StrContains(ended.out, "[ OK ] 1.")) << ended.out;
    EXPECT_TRUE(absl::StrContains(ended.out, "[ OK ] 2.")) << ended.out;
    EXPECT_TRUE(absl::StrContains(ended.out, "no verdict")) << ended.out;
  }
}

TEST_F(Unpacked, MakesTheVerdictOfAllStepsOnly) {
  UnpackSample();
  const auto ended = Check({"9"});
  EXPECT_EQ(ended.exit_code, 0);
  for (char step = '1'; step <= '9'; ++step) {
    EXPECT_TRUE(absl::StrContains(ended.out, std::string("[ OK ] ") + step));
  }
  // What a step before it would refuse.
  bundle::v1::Bundle bundle = SampleBundle();
  bundle.mutable_sm2()->mutable_signature()->back() ^= 1;
  Unpack(registry::SerializeCanonical(bundle));
  EXPECT_EQ(Check({"9"}).exit_code, 20);
  EXPECT_EQ(Check({"3"}).exit_code, 0);
}

TEST_F(Unpacked, RunsNothingThatStandsInTheSizeOfTheCheckpoint) {
  UnpackSample();
  const std::string size = std::to_string(Sample().book.size());
  const std::string ran = unpacked_.Path("ran");
  for (const std::string& bad :
       {"a[$(touch " + ran + ")]", std::string("0") + size, size + " ",
        "-" + size, std::string("99999999999999999999"), std::string("0x10"),
        std::string("\x1b[2J7"), std::string("")}) {
    bundle::v1::Bundle bundle = SampleBundle();
    bundle.set_checkpoint(absl::StrReplaceAll(
        bundle.checkpoint(), {{"\n" + size + "\n", "\n" + bad + "\n"}}));
    ExpectRefused(bundle);
  }
}

TEST_F(Unpacked, RefusesTypesThatAreNotPrintableOrTooLong) {
  UnpackSample();
  constexpr size_t kTypeAt = 49;  // its length byte
  for (const char bad : {'\x1b', ' ', '\x7f', '\n', '\0', '\xe4'}) {
    bundle::v1::Bundle bundle = SampleBundle();
    (*bundle.mutable_issue_header())[kTypeAt + 3] = bad;
    ExpectRefused(bundle);
  }
  bundle::v1::Bundle bundle = SampleBundle();
  std::string& header = *bundle.mutable_issue_header();
  const size_t size = static_cast<size_t>(header[kTypeAt]);
  header.insert(kTypeAt + 1, std::string(65 - size, 'd'));
  header[kTypeAt] = 65;
  ExpectRefused(bundle);
}

TEST_F(Unpacked, PrintsNoBytesOfTheBundleThatSteerATerminal) {
  UnpackSample();
  bundle::v1::Bundle bundle = SampleBundle();
  const std::string number = Sample().certificates[0].number;
  bundle.set_content(absl::StrReplaceAll(
      bundle.content(),
      {{number, "\x1b[2J\n" + number.substr(0, number.size() - 5)}}));
  Force(bundle);
  for (const char* shell : {"/bin/sh", "/bin/bash"}) {
    const auto ended = Check({}, shell);
    EXPECT_EQ(ended.exit_code, 20) << ended.out << ended.err;
    EXPECT_EQ(ended.out.find('\x1b'), std::string::npos) << ended.out;
  }
}

TEST_F(Unpacked, RefusesBytesThatAreNotABundle) {
  std::string bundle =
      test::MakeSampleBundle(Sample(), Sample().certificates[0]);
  bundle.pop_back();
  EXPECT_THAT(unpacked_.Unpack(bundle, nullptr),
              testing::StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(Unpacked, RefusesAFolderThatIsNotEmpty) {
  UnpackSample();
  const std::string bundle =
      test::MakeSampleBundle(Sample(), Sample().certificates[0]);
  EXPECT_THAT(UnpackBundle(hash::AsBytes(bundle), nullptr, unpacked_.Path("")),
              testing::StatusIs(absl::StatusCode::kAlreadyExists));
}

}  // namespace
}  // namespace dataip::client
