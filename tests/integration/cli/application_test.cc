// `dataip application` for the applicant.
#include <filesystem>

#include "gmock/gmock.h"
#include "tests/integration/cli/office.h"

namespace dataip::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(ApplicationList, IsAnEmptyArrayWhenThereIsNothing) {
  const Ended ended = Office::Shared().Run(
      "examiner",
      {"application", "list", "--status=deemed-withdrawn", "-o", "json"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(ended.out, "[]\n");
}

TEST(ApplicationList, OfAnUnknownPartyEndsWith3) {
  for (const char* list : {"application", "certificate", "licence"}) {
    EXPECT_EQ(Office::Shared()
                  .Run("examiner", {list, "list", "--party", "P9999999"})
                  .exit_code,
              3)
        << list;
  }
}

TEST(ApplicationShow, OfAnUnknownNumberEndsWith3) {
  EXPECT_EQ(Office::Shared()
                .Run("examiner", {"application", "show", "20249999999"})
                .exit_code,
            3);
}

TEST(ApplicationShow, WaitsTooLongWith8) {
  Office& office = Office::Shared();
  const std::string number = office.File("WAIT-1");
  const Ended ended = office.Run("enterprise", {"application", "show", number,
                                                "--wait", "--timeout=300ms"});
  EXPECT_EQ(ended.exit_code, 8) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("待审核"));
}

TEST(ApplicationShow, EndsAWaitWith9WhenACorrectionIsWanted) {
  Office& office = Office::Shared();
  const std::string number = office.File("WAIT-2");
  ASSERT_EQ(
      office
          .Run("examiner", {"review", "correction", number,
                            "--field=algorithm_summary", "--reason=请写明步骤"})
          .exit_code,
      0);
  const Ended ended =
      office.Run("enterprise", {"application", "show", number, "--wait"});
  EXPECT_EQ(ended.exit_code, 9) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("请写明步骤"));
}

TEST(ApplicationShow, EndsAWaitWith0InAFinalState) {
  Office& office = Office::Shared();
  const std::string number = office.File("WAIT-3");
  ASSERT_EQ(office
                .Run("enterprise",
                     {"application", "withdraw", number, "--reason=试验"})
                .exit_code,
            0);
  const Ended ended =
      office.Run("enterprise", {"application", "show", number, "--wait"});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(ended.out, HasSubstr("主动撤回"));
}

TEST(ApplicationShow, DownloadsTheFiles) {
  Office& office = Office::Shared();
  const std::string number = office.File("FILES-1");
  const std::string folder = office.Path("files");
  const Ended ended = office.Run(
      "enterprise", {"application", "show", number, "--files", folder});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_GT(std::filesystem::file_size(folder + "/sample-0.ndjson"), 1'000u);
  EXPECT_NE(
      office.Run("licensee", {"application", "show", number, "--files", folder})
          .out.find("FILES-1"),
      0u);
}

TEST(ApplicationWithdraw, IsForTheApplicantOnly) {
  Office& office = Office::Shared();
  const std::string number = office.File("WITHDRAW-1");
  EXPECT_EQ(
      office.Run("licensee", {"application", "withdraw", number}).exit_code, 4);
  EXPECT_EQ(office
                .Run("enterprise", {"application", "withdraw", number, "--key",
                                    office.KeyFile("spare")})
                .exit_code,
            3);  // nobody's key, nobody to act as
  EXPECT_EQ(
      office
          .Run("enterprise", {"application", "withdraw", number, "--key",
                              office.KeyFile("spare"), "--actor", kEnterprise})
          .exit_code,
      4);
  EXPECT_EQ(
      office.Run("enterprise", {"application", "withdraw", number}).exit_code,
      0);
  EXPECT_EQ(
      office.Run("enterprise", {"application", "withdraw", number}).exit_code,
      4);
}

class ApplicationCorrect : public ::testing::Test {
 protected:
  // Filed, and a correction of the summary is wanted.
  std::string Wanted(const std::string& reference) {
    const std::string number = office_.File(reference);
    EXPECT_EQ(office_
                  .Run("examiner",
                       {"review", "correction", number,
                        "--field=algorithm_summary", "--reason=请写明步骤"})
                  .exit_code,
              0);
    return number;
  }
  int Correct(const std::string& number, std::vector<std::string> flags) {
    std::vector<std::string> words = {"application", "correct", number};
    words.insert(words.end(), flags.begin(), flags.end());
    const Ended ended = office_.Run("enterprise", words);
    err_ = ended.err;
    return ended.exit_code;
  }

  Office& office_ = Office::Shared();
  std::string err_;
};

TEST_F(ApplicationCorrect, RefusesWhatIsNoCorrection) {
  const std::string number = Wanted("CORRECT-1");
  EXPECT_EQ(Correct(number, {}), 2);
  EXPECT_EQ(Correct(number, {"--set", "no_such_field=1"}), 2);
  EXPECT_EQ(Correct(number, {"--form", "/dev/null"}), 2);
  EXPECT_EQ(Correct(number, {"--csv", "/none", "--data", "/none"}), 3);
  EXPECT_EQ(Correct(number, {"--set", "algorithm_summary=短"}), 2);
  EXPECT_THAT(err_, HasSubstr("algorithm_summary"));
  EXPECT_EQ(Correct(number, {"--set", "region_code=330000"}), 2);
  EXPECT_THAT(err_, HasSubstr("region_code"));
}

TEST_F(ApplicationCorrect, TakesAChangedFieldAndAReasonForAnother) {
  const std::string number = Wanted("CORRECT-2");
  const auto shown =
      office_.Json("enterprise", {"application", "show", number});
  const std::string summary = TextIn(
      FieldIn(FieldIn(shown, "application"), "form"), "algorithm_summary");
  EXPECT_EQ(Correct(number, {"--set", "algorithm_summary=" + summary + "补正。",
                             "--set", "region_code=330300", "--reason",
                             "region_code=迁址"}),
            0)
      << err_;
  EXPECT_THAT(err_, Not(HasSubstr("没有改动")));
  EXPECT_EQ(Correct(number, {"--set", "region_code=330000"}), 4);
}

TEST_F(ApplicationCorrect, WarnsOfADefectThatIsLeftAsItWas) {
  const std::string number = Wanted("CORRECT-4");
  EXPECT_EQ(Correct(number, {"--set", "region_code=330300", "--reason",
                             "region_code=迁址"}),
            0)
      << err_;
  EXPECT_THAT(err_, HasSubstr("没有改动：algorithm_summary"));
  EXPECT_THAT(err_, HasSubstr("have not changed: algorithm_summary"));
}

TEST_F(ApplicationCorrect, TakesTheMendedRow) {
  const std::string number = Wanted("CORRECT-3");
  const std::string csv = office_.Path("CORRECT-3.csv");
  std::string table = ReadFile(csv);
  const std::string old = "先剔除";
  table.replace(table.find(old), old.size(), "首先剔除");
  WriteFile(csv, table);
  EXPECT_EQ(Correct(number, {"--csv", csv, "--data",
                             DATAIP_SOURCE_DIR "/tests/data/metering"}),
            0)
      << err_;
  const auto shown =
      office_.Json("enterprise", {"application", "show", number});
  EXPECT_THAT(TextIn(FieldIn(FieldIn(shown, "application"), "form"),
                     "algorithm_summary"),
              HasSubstr("首先剔除"));
}

}  // namespace
}  // namespace dataip::test
