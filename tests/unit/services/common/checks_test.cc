#include "services/common/checks.h"

#include <filesystem>

#include "client/pki/key_file.h"
#include "client/status.h"
#include "gtest/gtest.h"
#include "tests/support/process.h"

namespace dataip::services {
namespace {

namespace fs = std::filesystem;

// The setting that a refusal names, "" for OK.
std::string Named(const absl::Status& status) {
  if (status.ok()) return "";
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  const auto detail = client::ErrorDetailOf(status);
  return detail->field_violations(0).field();
}

size_t CountFiles(const fs::path& folder) {
  return static_cast<size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(CheckFolder, RefusesWhatCannotBecomeAFolder) {
  const test::TempDir dir;
  test::WriteFile(dir / "file", "");
  EXPECT_EQ(Named(CheckFolder("data_dir", dir / "file")), "data_dir");
  EXPECT_EQ(Named(CheckFolder("data_dir", dir / "file/below")), "data_dir");
  EXPECT_EQ(Named(CheckFolder("data_dir", "/proc/nope")), "data_dir");
}

TEST(CheckFolder, RefusesNoName) {
  EXPECT_EQ(Named(CheckFolder("data_dir", "")), "data_dir");
}

TEST(CheckFolder, TakesAFolderToBeMadeAndLeavesNothing) {
  const test::TempDir dir;
  EXPECT_EQ(Named(CheckFolder("data_dir", dir / "a/b")), "");
  EXPECT_EQ(Named(CheckFolder("data_dir", dir / "")), "");
  EXPECT_EQ(CountFiles(dir / ""), 0u);
}

TEST(CheckFile, RefusesAFolderAndAFileInAMissingOne) {
  const test::TempDir dir;
  EXPECT_EQ(Named(CheckFile("published_file", dir / "")), "published_file");
  EXPECT_EQ(Named(CheckFile("published_file", dir / "none/x")),
            "published_file");
  EXPECT_EQ(Named(CheckFile("published_file", "/proc/x")), "published_file");
}

TEST(CheckFile, RefusesWhatIsNoRegularFile) {
  EXPECT_EQ(Named(CheckFile("published_file", "/dev/null")), "published_file");
}

TEST(CheckFile, TakesANewFileAndOneThatIsThere) {
  const test::TempDir dir;
  EXPECT_EQ(Named(CheckFile("published_file", dir / "x")), "");
  test::WriteFile(dir / "y", "");
  EXPECT_EQ(Named(CheckFile("published_file", dir / "y")), "");
  EXPECT_EQ(CountFiles(dir / ""), 1u);
}

TEST(CheckApart, RefusesTheSameFolderAndOneWithin) {
  const test::TempDir dir;
  const auto named = [&dir](const std::string& path) {
    return Named(CheckApart("backup_dir", path, "data_dir", dir / "data"));
  };
  EXPECT_EQ(named(dir / "data"), "backup_dir");
  EXPECT_EQ(named(dir / "data/"), "backup_dir");
  EXPECT_EQ(named(dir / "data/db/../backup"), "backup_dir");
  EXPECT_EQ(named(dir / "data2"), "");
  EXPECT_EQ(named(dir / ""), "");
}

TEST(CheckOwnFolder, RefusesAnotherServersFolder) {
  const test::TempDir dir;
  constexpr const char* foreign[] = {"projections"};
  EXPECT_EQ(Named(CheckOwnFolder("data_dir", dir / "", foreign)), "");
  fs::create_directory(dir / "projections");
  EXPECT_EQ(Named(CheckOwnFolder("data_dir", dir / "", foreign)), "data_dir");
}

TEST(CheckPortsDiffer, RefusesOnePortTwice) {
  const auto named = [](const std::string& one, const std::string& other) {
    const std::vector<AddressSetting> both = {{"listen", one},
                                              {"http_listen", other}};
    return Named(CheckPortsDiffer(both));
  };
  EXPECT_EQ(named("127.0.0.1:1", "127.0.0.1:1"), "http_listen");
  EXPECT_EQ(named("0.0.0.0:1", "127.0.0.1:1"), "http_listen");
  EXPECT_EQ(named("127.0.0.1:1", "[::]:1"), "http_listen");
  EXPECT_EQ(named("127.0.0.1:1", "127.0.0.2:1"), "");
  EXPECT_EQ(named("127.0.0.1:1", "127.0.0.1:2"), "");
  EXPECT_EQ(named("127.0.0.1:0", "127.0.0.1:0"), "");
  EXPECT_EQ(named("unix:/a:1", "127.0.0.1:1"), "");
  EXPECT_EQ(named("", ""), "");
}

TEST(SplitText, TakesBothOrdersOfTheLanguages) {
  EXPECT_EQ(SplitText("不好。 bad").en, "bad");
  EXPECT_EQ(SplitText("不好。 bad").zh, "不好");
  EXPECT_EQ(SplitText("bad / 不好").en, "bad");
  EXPECT_EQ(SplitText("bad / 不好").zh, "不好");
  EXPECT_EQ(SplitText("a / b").en, "a / b");
  EXPECT_EQ(SplitText("a / b").zh, "a / b");
}

class ReadKeyTest : public testing::Test {
 protected:
  std::string Refused(const std::string& path, crypto::Algorithm algorithm) {
    const std::vector<SettingRule> rules = {
        {"sm2_key", SettingKind::kPath, path, ""}};
    const auto config = Config::Load(rules, std::vector<std::string>{});
    EXPECT_TRUE(config.ok()) << config.status();
    return Named(ReadKey(*config, "sm2_key", algorithm).status());
  }
  test::TempDir dir;
};

TEST_F(ReadKeyTest, NamesTheSettingWhateverIsWrong) {
  const auto key = crypto::PrivateKey::Generate(crypto::Algorithm::kEd25519);
  ASSERT_TRUE(key.ok());
  ASSERT_TRUE(client::WriteKeyFile(dir / "key", *key).ok());
  EXPECT_EQ(Refused(dir / "key", crypto::Algorithm::kSm2), "sm2_key");
  EXPECT_EQ(Refused(dir / "none", crypto::Algorithm::kSm2), "sm2_key");
  EXPECT_EQ(Refused(dir / "", crypto::Algorithm::kSm2), "sm2_key");
  EXPECT_EQ(Refused(dir / "key", crypto::Algorithm::kEd25519), "");
}

}  // namespace
}  // namespace dataip::services
