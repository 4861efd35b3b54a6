#include "services/common/config.h"

#include "client/status.h"
#include "gtest/gtest.h"
#include "tests/support/process.h"

namespace dataip::services {
namespace {

const std::vector<SettingRule> kRules = {
    {"name", SettingKind::kText, "nobody", ""},
    {"folder", SettingKind::kPath, "", ""},
    {"count", SettingKind::kNumber, "7", ""},
    {"loud", SettingKind::kFlag, "false", ""},
    {"friend", SettingKind::kList, "", ""},
    {"must_be", SettingKind::kText, "", "", true},
    {"share", SettingKind::kNumber, "50", "", false, 1, 100},
};

class ConfigTest : public testing::Test {
 protected:
  absl::StatusOr<Config> Load(const std::string& file,
                              std::vector<std::string> arguments = {}) {
    test::WriteFile(dir / "config", file);
    arguments.insert(arguments.begin(), {"--config", dir / "config"});
    return Config::Load(kRules, arguments);
  }

  // The setting that the refusal names.
  std::string Refused(const std::string& file,
                      std::vector<std::string> arguments = {}) {
    const auto config = Load(file, std::move(arguments));
    if (config.ok()) return "";
    EXPECT_TRUE(absl::IsInvalidArgument(config.status()));
    const auto detail = client::ErrorDetailOf(config.status());
    EXPECT_FALSE(detail->message_zh().empty());
    return detail->field_violations(0).field();
  }

  test::TempDir dir;
};

TEST_F(ConfigTest, RefusesAnUnknownKey) {
  EXPECT_EQ(Refused("must_be = x\nnmae = y\n"), "nmae");
  EXPECT_EQ(Refused("must_be = x\n", {"--nmae", "y"}), "nmae");
}

TEST_F(ConfigTest, RefusesAKeyTwice) {
  EXPECT_EQ(Refused("must_be = x\nname = a\nname = b\n"), "name");
}

TEST_F(ConfigTest, RefusesWhatIsNoNumberOrFlag) {
  EXPECT_EQ(Refused("must_be = x\ncount = many\n"), "count");
  EXPECT_EQ(Refused("must_be = x\ncount = -1\n"), "count");
  EXPECT_EQ(Refused("must_be = x\nloud = yes\n"), "loud");
}

TEST_F(ConfigTest, RefusesANumberOutsideItsBounds) {
  EXPECT_EQ(Refused("must_be = x\nshare = 0\n"), "share");
  EXPECT_EQ(Refused("must_be = x\n", {"--share", "101"}), "share");
  EXPECT_EQ(Refused("must_be = x\nshare = 18446744073709551615\n"), "share");
  EXPECT_EQ(Refused("must_be = x\nshare = 1\n", {"--share", "100"}), "");
}

TEST_F(ConfigTest, RefusesAMissingRequiredKey) {
  EXPECT_EQ(Refused("name = a\n"), "must_be");
}

TEST_F(ConfigTest, RefusesARequiredKeyWithoutValue) {
  EXPECT_EQ(Refused("must_be =\n"), "must_be");
  EXPECT_EQ(Refused("", {"--must-be", ""}), "must_be");
}

TEST_F(ConfigTest, RefusesALineWithoutEquals) {
  EXPECT_EQ(Refused("must_be\n"), "must_be");
}

TEST_F(ConfigTest, RefusesAFlagWithoutValueAndAPlainWord) {
  EXPECT_EQ(Refused("must_be = x\n", {"--name"}), "name");
  EXPECT_EQ(Refused("must_be = x\n", {"word"}), "word");
}

TEST_F(ConfigTest, RefusesAFileThatIsNotThere) {
  const std::vector<std::string> arguments = {"--config", dir / "none"};
  EXPECT_FALSE(Config::Load(kRules, arguments).ok());
}

TEST_F(ConfigTest, RefusesAFileThatCannotBeRead) {
  // Opens, and reading fails.
  const std::vector<std::string> arguments = {"--config", "/proc/self/mem",
                                              "--must-be=x"};
  EXPECT_FALSE(Config::Load(kRules, arguments).ok());
}

TEST_F(ConfigTest, RefusesAListItemWithoutValue) {
  EXPECT_EQ(Refused("must_be = x\nfriend =\n"), "friend");
  EXPECT_EQ(Refused("must_be = x\n", {"--friend", ""}), "friend");
}

TEST_F(ConfigTest, NamesTheSettingThatASlipMeant) {
  const auto slip = Load("must_be = x\nfreind = one\n");
  EXPECT_NE(slip.status().message().find("friend"), std::string::npos);
  const auto far = Load("must_be = x\ncolour = red\n");
  EXPECT_EQ(far.status().message().find("count"), std::string::npos);
}

TEST_F(ConfigTest, ReadsAFile) {
  const auto config = Load(
      "# comment\n\n must_be = a b = c \nfriend=one\nfriend = two\n"
      "folder = sub/../other\n");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->Text("must_be"), "a b = c");
  EXPECT_EQ(config->Text("name"), "nobody");
  EXPECT_EQ(config->Number("count"), 7u);
  EXPECT_FALSE(config->Flag("loud"));
  EXPECT_EQ(config->List("friend"), (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(config->Text("folder"), dir / "other");
}

TEST_F(ConfigTest, LetsFlagsOverrideTheFile) {
  const auto config =
      Load("must_be = x\nfriend = one\ncount = 1\n",
           {"--must-be=y", "--friend", "two", "--loud", "--check-config"});
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->Text("must_be"), "y");
  EXPECT_EQ(config->Number("count"), 1u);
  EXPECT_TRUE(config->Flag("loud"));
  EXPECT_EQ(config->List("friend"), std::vector<std::string>{"two"});
  EXPECT_TRUE(config->check_only());
}

TEST_F(ConfigTest, AsksForNothingRequiredWhenHelping) {
  const auto config = Config::Load(kRules, std::vector<std::string>{"--help"});
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_TRUE(config->help());
  const auto shortly = Config::Load(kRules, std::vector<std::string>{"-h"});
  ASSERT_TRUE(shortly.ok()) << shortly.status();
  EXPECT_TRUE(shortly->help());
}

}  // namespace
}  // namespace dataip::services
