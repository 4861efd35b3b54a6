// `dataip review queue`, `claim`, `release`, `opinion`.
#include <filesystem>

#include "gmock/gmock.h"
#include "tests/integration/cli/office.h"

namespace dataip::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Words = std::vector<std::string>;

constexpr char kMetering[] = DATAIP_SOURCE_DIR "/tests/data/metering";

class ReviewQueue : public ::testing::Test {
 protected:
  Ended As(const std::string& who, Words words) {
    words.insert(words.end(), {"--key", office_.KeyFile(who)});
    return office_.Run(who, words);
  }

  Words OpinionOn(const std::string& number) {
    return {"review",
            "opinion",
            number,
            "--department=浙江省数据局",
            "--document-no=浙数函〔2024〕1号",
            "--document=" + office_.Path("opinion.pdf")};
  }

  // An application one of whose fields is IMPORTANT.
  std::string FileImportant(const std::string& reference) {
    office_.File(reference + "-0");
    std::string row = ReadFile(office_.Path(reference + "-0.csv"));
    const size_t at = row.find(reference + "-0");
    row.replace(at, reference.size() + 2, reference + "-1");
    const std::string csv = office_.Path(reference + "-1.csv");
    WriteFile(csv, row);
    const std::string data = office_.Path(reference);
    std::filesystem::create_directory(data);
    std::filesystem::create_directory_symlink(std::string(kMetering) + "/data",
                                              data + "/data");
    std::string fields = ReadFile(std::string(kMetering) + "/fields.csv");
    for (size_t general = fields.find(",GENERAL"); general != std::string::npos;
         general = fields.find(",GENERAL")) {
      fields.replace(general, 8, ",IMPORTANT");
    }
    WriteFile(data + "/fields.csv", fields);
    const Ended filed =
        As("enterprise", {"application", "import", csv, "--data", data});
    EXPECT_EQ(filed.exit_code, 0) << filed.err;
    const auto found = office_.Json(
        "enterprise", {"application", "list", "--party", kEnterprise,
                       "--reference", reference + "-1"});
    return TextIn(found.list_value().values(0), "application_no");
  }

  Office& office_ = Office::Shared();
};

TEST_F(ReviewQueue, SaysWhatWaitsUntilWhenAndWhoHasIt) {
  const std::string number = office_.File("QUEUE-1");
  Ended queue = As("examiner", {"review", "queue", "--free"});
  EXPECT_EQ(queue.exit_code, 0) << queue.err;
  EXPECT_THAT(queue.out, AllOf(HasSubstr(number), HasSubstr("待审核"),
                               HasSubstr("绿"), Not(HasSubstr("主体"))));
  const Ended claimed = As("examiner", {"review", "claim", number});
  EXPECT_EQ(claimed.exit_code, 0) << claimed.err;
  EXPECT_THAT(As("examiner", {"review", "queue", "--mine"}).out,
              AllOf(HasSubstr(number), HasSubstr("examiner-1")));
  EXPECT_THAT(As("examiner", {"review", "queue", "--free"}).out,
              Not(HasSubstr(number)));
  EXPECT_THAT(
      As("approver", {"review", "queue", "--claimed-by=examiner-1"}).out,
      HasSubstr(number));
  EXPECT_THAT(As("approver", {"review", "queue", "--mine"}).out,
              Not(HasSubstr(number)));
  EXPECT_EQ(As("examiner", {"review", "release", number}).exit_code, 0);
  EXPECT_EQ(As("examiner", {"review", "release", number}).exit_code, 4);
  EXPECT_THAT(As("examiner", {"review", "queue", "--free", "-o", "json"}).out,
              HasSubstr("\"object_no\":\"" + number + "\""));
}

TEST_F(ReviewQueue, IsForOfficersAndOneChoiceAtATime) {
  EXPECT_EQ(As("examiner", {"review", "queue", "--mine", "--free"}).exit_code,
            2);
  EXPECT_EQ(As("enterprise", {"review", "queue"}).exit_code, 4);
  const std::string number = office_.File("QUEUE-2");
  EXPECT_EQ(As("enterprise", {"review", "claim", number}).exit_code, 4);
  EXPECT_EQ(As("examiner", {"review", "claim", "20249999999"}).exit_code, 3);
  const Ended lines = office_.Run(
      "examiner",
      {"review", "claim", "-", "--key", office_.KeyFile("examiner")},
      number + "\n20249999999\n");
  EXPECT_EQ(lines.exit_code, 5) << lines.err;
  EXPECT_THAT(lines.out, HasSubstr(number));
}

TEST_F(ReviewQueue, AnOpinionIsAboutImportantData) {
  WriteFile(office_.Path("opinion.pdf"), "%PDF-1.4 an opinion");
  const std::string plain = office_.File("OPINION-1");
  Words words = OpinionOn(plain);
  EXPECT_EQ(As("examiner", words).exit_code, 2);
  words.push_back("--agrees");
  const Ended needless = As("examiner", words);
  EXPECT_EQ(needless.exit_code, 4) << needless.err;
  EXPECT_THAT(needless.err, HasSubstr("B17"));
  words.push_back("--disagrees");
  EXPECT_EQ(As("examiner", words).exit_code, 2);
  words = OpinionOn(plain);
  words.back() = "--document=" + office_.Path("no.pdf");
  words.push_back("--agrees");
  EXPECT_EQ(As("examiner", words).exit_code, 3);
}

TEST_F(ReviewQueue, ANoticeOfImportantDataWaitsForTheOpinion) {
  WriteFile(office_.Path("opinion.pdf"), "%PDF-1.4 an opinion");
  const std::string number = FileImportant("IMPORTANT");
  const auto open_notice = [&] {
    return office_.Run("examiner", {"review", "notice", number, "--key",
                                    office_.KeyFile("examiner"), "--key",
                                    office_.KeyFile("approver")});
  };
  const Ended refused = open_notice();
  EXPECT_EQ(refused.exit_code, 4) << refused.out;
  EXPECT_THAT(refused.err, HasSubstr("B17"));
  Words words = OpinionOn(number);
  words.push_back("--agrees");
  const Ended recorded = As("examiner", words);
  EXPECT_EQ(recorded.exit_code, 0) << recorded.err;
  const Ended opened = open_notice();
  EXPECT_EQ(opened.exit_code, 0) << opened.err;
}

}  // namespace
}  // namespace dataip::test
