// `dataip attorney`, and what an agent does with a power.
#include "gmock/gmock.h"
#include "tests/integration/cli/office.h"

namespace dataip::test {
namespace {

using ::testing::HasSubstr;
using Words = std::vector<std::string>;

class AttorneyCommands : public ::testing::Test {
 protected:
  int Code(const std::string& who, const Words& words) {
    const Ended ended = office_.Run(who, words);
    out_ = ended.out;
    err_ = ended.err;
    return ended.exit_code;
  }
  // The enterprise lets the licensee act; the power's number.
  std::string Granted(Words more) {
    Words words = {
        "attorney",          "grant",           "--agent", kLicenseeCode,
        "--from=2024-01-01", "--to=2030-12-31", "-o",      "json"};
    words.insert(words.end(), more.begin(), more.end());
    EXPECT_EQ(Code("enterprise", words), 0) << err_;
    const size_t at = out_.find("\"attorney_no\":\"");
    return at == std::string::npos ? "" : out_.substr(at + 15, 12);
  }

  Office& office_ = Office::Shared();
  std::string out_;
  std::string err_;
};

TEST_F(AttorneyCommands, LetAnAgentFileAndCorrectUntilRevoked) {
  const std::string csv = office_.WriteRow("AGENT-1");
  const Words file = {"application",        "file",  csv,        "--data",
                      Office::DataFolder(), "--for", kEnterprise};
  EXPECT_EQ(Code("licensee", file), 4);
  EXPECT_THAT(err_, HasSubstr("此事项只能由"));
  EXPECT_THAT(err_, HasSubstr("its agent"));
  WriteFile(office_.Path("power.pdf"), "授权委托书");
  const std::string power = Granted(
      {"--act=file", "--act=correct", "--document", office_.Path("power.pdf")});
  ASSERT_THAT(power, HasSubstr("A20"));
  const Ended list = office_.Run("licensee", {"attorney", "list"});
  EXPECT_THAT(list.out, HasSubstr(power));
  EXPECT_THAT(list.out, HasSubstr("补正"));
  ASSERT_EQ(Code("licensee", file), 0) << err_;
  const auto found =
      office_.Json("enterprise", {"application", "list", "--party", kEnterprise,
                                  "--reference", "AGENT-1"});
  ASSERT_EQ(found.list_value().values_size(), 1);
  const std::string number =
      TextIn(found.list_value().values(0), "application_no");
  EXPECT_THAT(office_.Run("enterprise", {"application", "show", number}).out,
              HasSubstr("P0000002"));
  ASSERT_EQ(Code("examiner", {"review", "correction", number,
                              "--field=contact.role", "--reason=请写明职务"}),
            0)
      << err_;
  EXPECT_EQ(Code("licensee", {"application", "correct", number,
                              "--set=contact.role=数据资产部经理"}),
            0)
      << err_;
  // Not in the power.
  EXPECT_EQ(Code("licensee", {"application", "withdraw", number}), 4);
  EXPECT_THAT(err_, HasSubstr("B22"));
  EXPECT_EQ(Code("licensee", {"attorney", "revoke", power}), 0) << err_;
  const std::string later = office_.WriteRow("AGENT-2");
  EXPECT_EQ(Code("licensee", {"application", "import", later, "--data",
                              Office::DataFolder(), "--for", kEnterprise}),
            4);
  EXPECT_THAT(err_, HasSubstr("B22"));
}

TEST_F(AttorneyCommands, LetAnAgentImportATable) {
  const std::string power = Granted({"--act=file"});
  const std::string csv = office_.WriteRow("AGENT-3");
  EXPECT_EQ(Code("licensee", {"application", "import", csv, "--data",
                              Office::DataFolder(), "--for", kEnterpriseCode}),
            0)
      << err_;
  EXPECT_THAT(out_, HasSubstr("已受理"));
  EXPECT_EQ(Code("enterprise", {"attorney", "revoke", power}), 0) << err_;
}

TEST_F(AttorneyCommands, SayWhatIsWrong) {
  const Words days = {"--from=2024-01-01", "--to=2030-12-31"};
  Words words = {"attorney",  "grant", "--agent", kLicenseeCode,
                 "--act=fly", days[0], days[1]};
  EXPECT_EQ(Code("enterprise", words), 2);
  EXPECT_THAT(err_, HasSubstr("certificate, licence"));
  words = {"attorney",   "grant", "--agent", "P9999999",
           "--act=file", days[0], days[1]};
  EXPECT_EQ(Code("enterprise", words), 3);
  words = {"attorney",       "grant",      "--agent",
           kLicenseeCode,    "--act=file", "--from=2024-01-01",
           "--to=2023-12-31"};
  EXPECT_EQ(Code("enterprise", words), 2);
  EXPECT_THAT(err_, HasSubstr("valid_to"));
  EXPECT_EQ(Code("enterprise", {"attorney", "revoke", "A20249999999"}), 3);
  EXPECT_THAT(err_, HasSubstr("attorney list"));
}

}  // namespace
}  // namespace dataip::test
