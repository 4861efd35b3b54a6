#include "client/cli/settings.h"

#include "tests/support/process.h"
#include "tests/support/status_matchers.h"

namespace dataip::client {
namespace {

using ::dataip::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Variables = std::map<std::string, std::string>;

Settings::Environment Environment(const Variables& variables) {
  return [variables](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
}

class SettingsLoad : public ::testing::Test {
 protected:
  std::string Profile(const std::string& text) {
    const std::string path = folder_ / "profile";
    test::WriteFile(path, text);
    return path;
  }

  test::TempDir folder_;
  ParsedArguments arguments_;
};

TEST_F(SettingsLoad, RefusesAnUnknownKeyOfAProfileByItsLine) {
  arguments_.flags["--profile"] = {Profile("# mine\nsever = a:1\n")};
  EXPECT_THAT(Settings::Load(arguments_, Environment({})),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("profile:2: unknown key sever")));
}

TEST_F(SettingsLoad, RefusesAKeyTwiceALineWithoutEqualsAndNoValue) {
  for (const char* text :
       {"server = a\nserver = b\n", "server a\n", "server =\n"}) {
    arguments_.flags["--profile"] = {Profile(text)};
    EXPECT_THAT(Settings::Load(arguments_, Environment({})),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << text;
  }
}

TEST_F(SettingsLoad, RefusesAProfileThatIsNotThere) {
  arguments_.flags["--profile"] = {folder_ / "none"};
  EXPECT_THAT(Settings::Load(arguments_, Environment({})),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(SettingsLoad, HasNothingWhenNobodyGaveAnything) {
  ASSERT_OK_AND_ASSIGN(const Settings settings,
                       Settings::Load(arguments_, Environment({})));
  EXPECT_EQ(settings.Text("--server"), "");
  EXPECT_THAT(settings.List("--key"), IsEmpty());
}

TEST_F(SettingsLoad, PrefersFlagToEnvironmentToProfile) {
  const std::string path =
      Profile("server = profile:1\nledger = profile:2\noutput = json\n");
  const auto environment = Environment({{"DATAIP_PROFILE", path},
                                        {"DATAIP_SERVER", "environment:1"},
                                        {"DATAIP_LEDGER", "environment:2"}});
  arguments_.flags["--server"] = {"flag:1"};
  ASSERT_OK_AND_ASSIGN(const Settings settings,
                       Settings::Load(arguments_, environment));
  EXPECT_EQ(settings.Text("--server"), "flag:1");
  EXPECT_EQ(settings.Text("--ledger"), "environment:2");
  EXPECT_EQ(settings.Text("--output"), "json");
}

TEST_F(SettingsLoad, ReplacesAListWholeByTheStrongerSource) {
  const std::string path = Profile("key = a.pem\nkey = /b.pem\n");
  const auto environment =
      Environment({{"DATAIP_PROFILE", path}, {"DATAIP_KEY", "c.pem:d.pem"}});
  ASSERT_OK_AND_ASSIGN(const Settings by_environment,
                       Settings::Load(arguments_, environment));
  EXPECT_THAT(by_environment.List("--key"), ElementsAre("c.pem", "d.pem"));
  arguments_.flags["--key"] = {"e.pem"};
  ASSERT_OK_AND_ASSIGN(const Settings by_flag,
                       Settings::Load(arguments_, environment));
  EXPECT_THAT(by_flag.List("--key"), ElementsAre("e.pem"));
}

TEST_F(SettingsLoad, TakesPathsOfAProfileFromItsFolder) {
  arguments_.flags["--profile"] = {Profile("key = a.pem\nkey = /b.pem\n")};
  ASSERT_OK_AND_ASSIGN(const Settings settings,
                       Settings::Load(arguments_, Environment({})));
  EXPECT_THAT(settings.List("--key"), ElementsAre(folder_ / "a.pem", "/b.pem"));
}

TEST_F(SettingsLoad, TakesAnEmptyVariableAsNotSet) {
  arguments_.flags["--profile"] = {Profile("server = profile:1\n")};
  ASSERT_OK_AND_ASSIGN(
      const Settings settings,
      Settings::Load(arguments_, Environment({{"DATAIP_SERVER", ""}})));
  EXPECT_EQ(settings.Text("--server"), "profile:1");
}

}  // namespace
}  // namespace dataip::client
