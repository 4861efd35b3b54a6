// What happens before and around a call: usage, no server, no answer.
#include <signal.h>

#include "gmock/gmock.h"
#include "tests/integration/cli/office.h"

namespace dataip::test {
namespace {

using ::testing::HasSubstr;
using Words = std::vector<std::string>;

struct UsageCase {
  const char* name;
  Words words;
};

class Usage : public ::testing::TestWithParam<UsageCase> {};

TEST_P(Usage, EndsWith2AndSaysNothingOnStandardOutput) {
  const Ended ended = Office::Shared().Run("examiner", GetParam().words);
  EXPECT_EQ(ended.exit_code, 2) << ended.err;
  EXPECT_EQ(ended.out, "");
  EXPECT_NE(ended.err, "");
}

INSTANTIATE_TEST_SUITE_P(
    All, Usage,
    ::testing::Values(
        UsageCase{"NoCommand", {}},
        UsageCase{"UnknownFlag", {"party", "list", "--quick"}},
        UsageCase{"UnknownForm", {"party", "list", "-o", "xml"}},
        UsageCase{"BadTimeout", {"party", "list", "--timeout", "never"}},
        UsageCase{"NoServer", {"party", "list", "--server="}},
        UsageCase{"OneKeyWhereTwoAreNeeded", {"review", "notice", "1"}},
        UsageCase{"HalfOfTheTlsFiles", {"party", "list", "--tls-key="}},
        UsageCase{"ProfileThatIsNotThere",
                  {"party", "list", "--profile", "/none"}},
        UsageCase{"FieldsWithoutReasons",
                  {"review", "correction", "1", "--field", "name", "--reason",
                   "a", "--reason", "b"}},
        UsageCase{"NothingOnStandardInput",
                  {"review", "register", "-", "--out", "/none"}},
        UsageCase{"CommandFileThatIsNone", {"command", "show", "/dev/null"}}),
    [](const auto& info) { return info.param.name; });

// One code for a named file that is not there (client/cli/input_files.h).
TEST(NamedFile, ThatIsNotThereEndsWith3) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"application", "withdraw", "1", "--key",
                                 "/none"},
        {"party", "list", "--tls-cert", "/none"},
        {"command", "show", "/none"}}) {
    const Ended ended = Office::Shared().Run("enterprise", words);
    EXPECT_EQ(ended.exit_code, 3) << words[0] << "\n" << ended.err;
    EXPECT_EQ(ended.out, "");
  }
}

TEST(Usage, ComesBeforeAServerThatDoesNotAnswer) {
  const Ended ended = Office::Shared().Run(
      "examiner", {"party", "list", "--server=127.0.0.1:1", "--kind=robot"});
  EXPECT_EQ(ended.exit_code, 2) << ended.err;
}

TEST(Errors, ObeyTheFormThatIsAskedFor) {
  const Ended unknown =
      Office::Shared().Run("", {"party", "list", "--quick", "-o", "json"});
  EXPECT_THAT(unknown.err, HasSubstr("{\"error\":{"));
  EXPECT_THAT(unknown.err, HasSubstr("\"exit_code\":2"));
  const Ended missing =
      Office::Shared().Run("examiner", {"party", "show", "P9", "-o", "json"});
  EXPECT_EQ(missing.exit_code, 3);
  EXPECT_EQ(missing.out, "");
  EXPECT_THAT(missing.err, HasSubstr("\"reason\":\"NOT_FOUND\""));
}

TEST(Server, ThatDoesNotListenEndsWith7) {
  Office& office = Office::Shared();
  EXPECT_EQ(office.Run("examiner", {"party", "list", "--server=127.0.0.1:1"})
                .exit_code,
            7);
  EXPECT_EQ(office.Run("root", {"ledger", "checkpoint", "--ledger=127.0.0.1:1"})
                .exit_code,
            7);
}

TEST(Server, ThatRefusesOurCertificateEndsWith7) {
  Office& office = Office::Shared();
  // Plain text towards a server that wants TLS.
  EXPECT_EQ(office.Run("", {"party", "list", "--timeout=2s"}).exit_code, 7);
}

TEST(Server, ThatStandsStillEndsWith7) {
  Office& office = Office::Shared();
  // Its kernel takes the connection, but nobody answers.
  office.registry->Signal(SIGSTOP);
  const int read =
      office.Run("examiner", {"party", "list", "--timeout=700ms"}).exit_code;
  office.registry->Signal(SIGCONT);
  EXPECT_EQ(read, 7);
}

TEST(Server, ThatHasNotWhatIsWaitedForEndsWith8) {
  EXPECT_EQ(Office::Shared()
                .Run("root", {"ledger", "checkpoint", "--min-size=1000000",
                              "--timeout=300ms"})
                .exit_code,
            8);
}

TEST(Profile, GivesWhatNobodyElseGives) {
  Office& office = Office::Shared();
  WriteFile(office.Path("profile"), "output = json\ntimeout = 5s\n");
  const Ended ended =
      office.Run("examiner", {"party", "list", "--kind=unincorporated",
                              "--profile", office.Path("profile")});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(ended.out, "[]\n");
  EXPECT_EQ(ended.err, "");
}

TEST(Help, NeedsNoServerAndEndsWith0) {
  for (const Words& words : std::vector<Words>{
           {"--help"}, {"review", "--help"}, {"review", "notice", "-h"}}) {
    const Ended ended = Office::Shared().Run("", words);
    EXPECT_EQ(ended.exit_code, 0);
    EXPECT_THAT(ended.out, HasSubstr("Examples:"));
    EXPECT_EQ(ended.err, "");
  }
}

TEST(Output, ThatCannotBeWrittenIsAnError) {
  Command command{"/bin/sh",
                  {"-c", DATAIP_BIN_DIR "/dataip --help > /dev/full"}};
  EXPECT_EQ(test::Run(command).exit_code, 1);
}

}  // namespace
}  // namespace dataip::test
