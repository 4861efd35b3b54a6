#include "client/cli/arguments.h"

#include <set>

#include "client/cli/commands.h"
#include "tests/support/status_matchers.h"

namespace dataip::client {
namespace {

using ::dataip::testing::IsOk;
using ::dataip::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Words = std::vector<std::string>;

std::vector<CommandSpec> SomeCommands() {
  return {{.group = "review",
           .name = "notice",
           .words = "NO...",
           .word_count = {1, kAnyNumber},
           .flags = {{.name = "--out", .value = "FILE"},
                     {.name = "--on", .value = "DAY"},
                     {.name = "--status", .value = "STATE"}}},
          {.group = "review",
           .name = "refuse",
           .words = "NO",
           .word_count = {1, 1},
           .flags = {{.name = "--ground",
                      .value = "CODE",
                      .required = true,
                      .repeatable = true},
                     {.name = "--quiet"}}},
          {.group = "verify", .words = "FILE", .word_count = {1, 1}}};
}

absl::StatusOr<ParsedArguments> Parse(const Words& words) {
  static const auto* const commands =
      new std::vector<CommandSpec>(SomeCommands());
  return ParseArguments(*commands, words);
}

struct WrongCase {
  const char* name;
  Words words;
  const char* says;
};

class ParseArgumentsRefuses : public ::testing::TestWithParam<WrongCase> {};

TEST_P(ParseArgumentsRefuses, WithAHint) {
  EXPECT_THAT(
      Parse(GetParam().words),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(GetParam().says)));
}

INSTANTIATE_TEST_SUITE_P(
    All, ParseArgumentsRefuses,
    ::testing::Values(
        WrongCase{"Nothing", {}, "dataip --help"},
        WrongCase{"GroupAlone", {"review"}, "dataip review --help"},
        WrongCase{"UnknownGroup", {"reviev"}, "did you mean review"},
        WrongCase{"UnknownCommand", {"review", "notise"}, "mean notice"},
        WrongCase{"UnknownFlag",
                  {"review", "notice", "1", "--uot", "x"},
                  "did you mean --out"},
        WrongCase{"UnknownFlagFarFromAll",
                  {"review", "notice", "1", "--zzzzzzzz"},
                  "dataip review notice --help"},
        WrongCase{"FlagOfAnotherCommand",
                  {"review", "notice", "1", "--ground=R01"},
                  "--ground"},
        WrongCase{"NoValue", {"review", "notice", "1", "--out"}, "needs FILE"},
        WrongCase{"ValueOfASwitch",
                  {"review", "refuse", "1", "--ground=R01", "--quiet=yes"},
                  "takes no value"},
        WrongCase{"FlagTwice",
                  {"review", "notice", "1", "--out=a", "--out=b"},
                  "once"},
        WrongCase{"RequiredFlagLeftOut",
                  {"review", "refuse", "1"},
                  "--ground CODE is needed"},
        WrongCase{"TooFewWords", {"review", "notice"}, "needs NO..."},
        WrongCase{
            "TooManyWords", {"verify", "a", "b"}, "unexpected argument b"},
        WrongCase{"ShortUnknown", {"verify", "a", "-x"}, "-x"}),
    [](const auto& info) { return info.param.name; });

TEST(ParseArguments, TakesBothFormsOfFlagsAmongTheWords) {
  ASSERT_OK_AND_ASSIGN(
      const ParsedArguments parsed,
      Parse({"review", "notice", "1", "--out=half", "2", "-o", "json"}));
  EXPECT_EQ(parsed.command->FullName(), "review notice");
  EXPECT_THAT(parsed.words, ElementsAre("1", "2"));
  EXPECT_THAT(parsed.flags.at("--out"), ElementsAre("half"));
  EXPECT_THAT(parsed.flags.at("--output"), ElementsAre("json"));
}

TEST(ParseArguments, KeepsTheOrderOfARepeatedFlag) {
  ASSERT_OK_AND_ASSIGN(
      const ParsedArguments parsed,
      Parse({"review", "refuse", "1", "--ground", "R03", "--ground=R01"}));
  EXPECT_THAT(parsed.flags.at("--ground"), ElementsAre("R03", "R01"));
}

TEST(ParseArguments, TakesAnEmptyValueAndAValueLikeAFlag) {
  ASSERT_OK_AND_ASSIGN(const ParsedArguments parsed,
                       Parse({"review", "notice", "1", "--out", "--help"}));
  EXPECT_THAT(parsed.flags.at("--out"), ElementsAre("--help"));
  EXPECT_FALSE(parsed.help);
  EXPECT_THAT(Parse({"review", "notice", "1", "--out="}), IsOk());
}

TEST(ParseArguments, TakesAHyphenAndWhatFollowsTwoHyphensAsWords) {
  ASSERT_OK_AND_ASSIGN(const ParsedArguments parsed,
                       Parse({"review", "notice", "-", "--", "--out"}));
  EXPECT_THAT(parsed.words, ElementsAre("-", "--out"));
}

TEST(ParseArguments, HelpAsksForNothingElse) {
  ASSERT_OK_AND_ASSIGN(const ParsedArguments parsed,
                       Parse({"review", "refuse", "--help"}));
  EXPECT_TRUE(parsed.help);
  EXPECT_EQ(parsed.command->name, "refuse");
  ASSERT_OK_AND_ASSIGN(const ParsedArguments group, Parse({"review", "-h"}));
  EXPECT_EQ(group.command, nullptr);
  EXPECT_EQ(group.group, "review");
}

TEST(AllCommands, HaveDistinctNamesSummariesAndExamples) {
  std::set<std::string> names;
  for (const CommandSpec& command : AllCommands()) {
    EXPECT_TRUE(names.insert(command.FullName()).second) << command.FullName();
    EXPECT_FALSE(command.summary.empty()) << command.FullName();
    EXPECT_FALSE(command.examples.empty()) << command.FullName();
    EXPECT_TRUE(command.run != nullptr) << command.FullName();
    EXPECT_THAT(CommandHelp(command), HasSubstr("Examples:"));
  }
}

TEST(AllCommands, AreThoseThatOthersScriptAgainst) {
  std::set<std::string> names;
  for (const CommandSpec& command : AllCommands()) {
    names.insert(command.FullName());
  }
  for (const char* name : {"keys new",
                           "keys ca",
                           "keys cert",
                           "registry open",
                           "registry load-table",
                           "clock advance",
                           "party register",
                           "party list",
                           "party show",
                           "officer add",
                           "officer list",
                           "trust show",
                           "application import",
                           "application list",
                           "application show",
                           "application correct",
                           "application withdraw",
                           "review list",
                           "review show",
                           "review correction",
                           "review refuse",
                           "review notice",
                           "review register",
                           "command show",
                           "command sign",
                           "command send",
                           "certificate list",
                           "certificate show",
                           "certificate get",
                           "certificate as-of",
                           "certificate expiring",
                           "certificate encumbrances",
                           "certificate change",
                           "certificate transfer",
                           "certificate renew",
                           "certificate pledge",
                           "certificate release-pledge",
                           "certificate cancel",
                           "certificate report-error",
                           "certificate replace",
                           "certificate requests",
                           "certificate request",
                           "certificate consent",
                           "certificate withdraw-request",
                           "certificate grant",
                           "certificate refuse",
                           "certificate open-revocation",
                           "certificate answer-revocation",
                           "certificate revoke",
                           "certificate drop-revocation",
                           "certificate freeze",
                           "certificate release-freeze",
                           "certificate correct",
                           "certificate import",
                           "licence confirm",
                           "licence end",
                           "data hash",
                           "data prove",
                           "data check",
                           "licence file",
                           "licence list",
                           "licence show",
                           "usage send",
                           "usage show",
                           "value show",
                           "verify",
                           "bundle unpack",
                           "ledger checkpoint",
                           "ledger entry",
                           "ledger export"}) {
    EXPECT_EQ(names.count(name), 1u) << name;
  }
}

TEST(ParseArguments, KnowsTheVersionFlagBeforeACommandOnly) {
  const std::vector<CommandSpec> commands = AllCommands();
  const auto parse = [&](std::vector<std::string> words) {
    return ParseArguments(commands, words);
  };
  EXPECT_TRUE(parse({"--version"})->version);
  EXPECT_FALSE(
      parse({"registry", "load-table", "industries", "f", "--version", "2"})
          ->version);
  EXPECT_FALSE(parse({"party", "list", "--version"}).ok());
}

TEST(AllCommands, TakeNoFlagThatEveryCommandTakes) {
  for (const CommandSpec& command : AllCommands()) {
    for (const FlagRule& own : command.flags) {
      for (const FlagRule& common : CommonFlags()) {
        EXPECT_NE(own.name, common.name) << command.FullName();
      }
    }
  }
}

TEST(ParseArguments, ReadsADayAsTablesDo) {
  for (const char* day : {"2024-07-01", "2024/7/1", "2024/07/01"}) {
    const auto parsed = Parse({"review", "notice", "1", "--on", day});
    ASSERT_THAT(parsed, IsOk()) << day;
    EXPECT_THAT(parsed->flags.at("--on"), ElementsAre("2024-07-01"));
  }
  for (const char* day :
       {"2024年7月1日", "２０２４-０７-０１", "2024-02-30", "tomorrow", ""}) {
    const auto parsed = Parse({"review", "notice", "1", "--on", day});
    EXPECT_THAT(parsed, StatusIs(absl::StatusCode::kInvalidArgument)) << day;
    for (const char* told : {"--on", day, "2024-07-01"}) {
      EXPECT_THAT(std::string(parsed.status().message()), HasSubstr(told));
    }
  }
}

TEST(ParseArguments, TellsAStateFromTheFolderOfCheckpoints) {
  const auto parsed = Parse({"review", "notice", "1", "--state", "no-folder"});
  EXPECT_THAT(parsed, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(parsed.status().message()),
              HasSubstr("--status no-folder"));
  EXPECT_THAT(Parse({"review", "notice", "1", "--state", "/"}), IsOk());
  // Where no state is asked for the folder is made.
  EXPECT_THAT(Parse({"verify", "a", "--state", "no-folder"}), IsOk());
}

}  // namespace
}  // namespace dataip::client
