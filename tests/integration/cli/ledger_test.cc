// `dataip ledger`: checkpoints that are believed, and those that are not.
#include <filesystem>

#include "gmock/gmock.h"
#include "tests/integration/cli/office.h"

namespace dataip::test {
namespace {

using ::testing::HasSubstr;

TEST(LedgerCheckpoint, IsVerifiedByTheTrustFile) {
  Office& office = Office::Shared();
  const Ended good = office.Run("root", {"ledger", "checkpoint"});
  EXPECT_EQ(good.exit_code, 0) << good.err;
  EXPECT_THAT(good.out, HasSubstr("cli.dataip.test/1\n"));
  EXPECT_EQ(good.err, "");
  const std::string other = office.Path("other-keys.json");
  const Ended made =
      office.Run("", {"trust", "make", "--origin=cli.dataip.test/1",
                      "--ledger-key=" + office.KeyFile("licensee"),
                      "--ledger-key=" + office.KeyFile("spare"),
                      "--root-key=" + office.KeyFile("root"),
                      "--issuing-ca=" + office.Path("keys/ca-sm2.crt"),
                      "--issuing-ca=" + office.Path("keys/ca-p256.crt"),
                      "--out=" + other});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const Ended bad =
      office.Run("root", {"ledger", "checkpoint", "--trust", other});
  EXPECT_EQ(bad.exit_code, 20);
  EXPECT_EQ(bad.out, "");
}

TEST(LedgerCheckpoint, ThatContradictsTheKeptOneEndsWith20) {
  Office& office = Office::Shared();
  const std::string state = office.Path("state-2");
  ASSERT_EQ(
      office.Run("root", {"ledger", "checkpoint", "--state", state}).exit_code,
      0);
  std::string kept;
  for (const auto& file : std::filesystem::directory_iterator(state)) {
    kept = file.path().string();
  }
  std::string note = ReadFile(kept);
  // Another root at the same size: the third line.
  const size_t root = note.find('\n', note.find('\n') + 1) + 1;
  note[root] = note[root] == 'A' ? 'B' : 'A';
  WriteFile(kept, note);
  const Ended ended =
      office.Run("root", {"ledger", "checkpoint", "--state", state});
  EXPECT_EQ(ended.exit_code, 20);
  EXPECT_THAT(ended.err, HasSubstr("two"));
}

TEST(LedgerEntry, IsShownByItsIndex) {
  Office& office = Office::Shared();
  const Ended first = office.Run("root", {"ledger", "entry", "0"});
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.out, HasSubstr("dataip.registry.v1.Transition"));
  EXPECT_EQ(office.Run("root", {"ledger", "entry", "1000000"}).exit_code, 3);
  EXPECT_EQ(office.Run("root", {"ledger", "entry", "x"}).exit_code, 2);
  EXPECT_EQ(office.Run("root", {"ledger", "entry", "-1"}).exit_code, 2);
}

TEST(LedgerExport, IsWholeAndWrittenOnce) {
  Office& office = Office::Shared();
  const std::string folder = office.Path("export");
  const Ended ended = office.Run("root", {"ledger", "export", folder});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_TRUE(std::filesystem::exists(folder + "/manifest.json"));
  EXPECT_EQ(office.Run("root", {"ledger", "export", folder}).exit_code, 6);
  const Ended audit = test::Run(
      {"dataip-audit", {folder, "--trust", office.Path("trust.json")}});
  EXPECT_EQ(audit.exit_code, 0) << audit.out << audit.err;
}

}  // namespace
}  // namespace dataip::test
