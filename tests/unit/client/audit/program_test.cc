// dataip-audit as a program.
#include <sys/stat.h>

#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/support/process.h"
#include "tests/unit/core/verify/sample.h"

namespace dataip::client {
namespace {

using test::Sample;

class AuditProgram : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(test::WriteExport(Sample().book, dir_ / "export").ok());
    test::WriteFile(dir_ / "trust.json", Sample().trust_json);
  }

  test::Ended Run(std::vector<std::string> arguments) {
    return test::Run({"dataip-audit", std::move(arguments), {}, ""});
  }

  test::TempDir dir_;
};

TEST_F(AuditProgram, LinksNothingAtRunTime) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "the sanitizer's runtime is shared";
#endif
  const std::string program = DATAIP_BIN_DIR "/dataip-audit";
  const auto ended = test::Run({"/usr/bin/readelf",
                                {"--dynamic", "--program-headers", program},
                                {},
                                ""});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_FALSE(absl::StrContains(ended.out, "NEEDED")) << ended.out;
  EXPECT_FALSE(absl::StrContains(ended.out, "INTERP")) << ended.out;
}

TEST_F(AuditProgram, HoldsNeitherGrpcNorRocksDb) {
  const auto ended = test::Run(
      {"/usr/bin/nm", {"-C", DATAIP_BIN_DIR "/dataip-audit"}, {}, ""});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_TRUE(absl::StrContains(ended.out, "dataip::verify::Replayer"));
  EXPECT_FALSE(absl::StrContains(ended.out, "grpc_"));
  EXPECT_FALSE(absl::StrContains(ended.out, "grpc::"));
  EXPECT_FALSE(absl::StrContains(ended.out, "rocksdb::"));
}

TEST_F(AuditProgram, EndsWithTheCodesOfTheTable) {
  const std::string trust = dir_ / "trust.json";
  const std::string ledger = dir_ / "export";
  EXPECT_EQ(Run({ledger, "--trust", trust}).exit_code, 0);
  EXPECT_EQ(Run({ledger, "--trust=" + trust, "--hashes-only"}).exit_code, 0);
  EXPECT_EQ(Run({"--version"}).exit_code, 0);
  EXPECT_EQ(Run({ledger}).exit_code, 2);
  EXPECT_EQ(Run({"--trust", trust}).exit_code, 2);
  EXPECT_EQ(Run({ledger, "--trust", trust, "--wrong"}).exit_code, 2);
  EXPECT_EQ(Run({ledger, ledger, "--trust", trust}).exit_code, 2);
  EXPECT_EQ(Run({"--help"}).exit_code, 0);
  EXPECT_EQ(Run({dir_ / "none", "--trust", trust}).exit_code, 22);
  EXPECT_EQ(Run({ledger, "--trust", dir_ / "none"}).exit_code, 22);
  EXPECT_EQ(Run({ledger, "--trust", trust, "--seen", dir_ / "none"}).exit_code,
            22);
  EXPECT_EQ(
      Run({ledger, "--trust", trust, "--report", dir_ / "none/r"}).exit_code,
      1);
  const auto no_trust = Run({ledger, "--trust", ledger + "/checkpoint"});
  EXPECT_EQ(no_trust.exit_code, 22);
  EXPECT_TRUE(absl::StrContains(no_trust.err, ledger + "/checkpoint: "))
      << no_trust.err;
  const std::string empty_folder = dir_ / "export/tile/empty";
  std::filesystem::create_directory(empty_folder);
  EXPECT_EQ(Run({ledger, "--trust", trust}).exit_code, 20);
  std::filesystem::remove(empty_folder);
  EXPECT_EQ(Run({ledger, "--trust", trust}).exit_code, 0);
  test::WriteFile(dir_ / "export/extra", "");
  EXPECT_EQ(Run({ledger, "--trust", trust}).exit_code, 20);
}

TEST_F(AuditProgram, IsNotCleanWhenItsReportCannotBePrinted) {
  const std::string ledger = dir_ / "export";
  const std::string command =
      absl::StrCat("exec " DATAIP_BIN_DIR "/dataip-audit ", ledger, " --trust ",
                   dir_ / "trust.json");
  for (const std::string form : {"", " -o json", " --help", " --version"}) {
    const auto ended =
        test::Run({"/bin/sh", {"-c", command + form + " > /dev/full"}, {}, ""});
    EXPECT_EQ(ended.exit_code, 1) << form;
    EXPECT_TRUE(absl::StrContains(ended.err, "standard output")) << ended.err;
  }
  test::WriteFile(ledger + "/extra", "");
  EXPECT_EQ(test::Run({"/bin/sh", {"-c", command + " > /dev/full"}, {}, ""})
                .exit_code,
            20);
}

TEST_F(AuditProgram, ReadsNoMoreOfAFileThanItCanHave) {
  const std::string trust = dir_ / "trust.json";
  const std::string ledger = dir_ / "export";
  const std::string huge = dir_ / "huge";
  test::WriteFile(huge, "");
  std::filesystem::resize_file(huge, uint64_t{64} << 30);
  const std::string pipe = dir_ / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& path : {huge, pipe, std::string("/dev/zero")}) {
    for (const char* option : {"--seen", "--since", "--trust"}) {
      const auto ended = Run({ledger, "--trust", trust, option, path});
      EXPECT_EQ(ended.exit_code, 22) << option;
      EXPECT_TRUE(absl::StrContains(ended.err, path)) << ended.err;
    }
  }
}

TEST_F(AuditProgram, TakesSeveralThingsSeenAndWritesAReport) {
  std::vector<std::string> arguments = {dir_ / "export",
                                        "--trust",
                                        dir_ / "trust.json",
                                        "--since",
                                        dir_ / "export/checkpoint",
                                        "-o",
                                        "json",
                                        "--report",
                                        dir_ / "r.json",
                                        "--seen"};
  for (size_t i = 0; i < Sample().certificates.size(); ++i) {
    arguments.push_back(dir_ / (std::to_string(i) + ".bundle"));
    test::WriteFile(arguments.back(),
                    test::MakeSampleBundle(Sample(), Sample().certificates[i]));
  }
  const auto ended = Run(arguments);
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(test::ReadFile(dir_ / "r.json"), ended.out);
  EXPECT_TRUE(absl::StrContains(ended.out, "\"seen.on_ledger\":6"))
      << ended.out;
}

}  // namespace
}  // namespace dataip::client
