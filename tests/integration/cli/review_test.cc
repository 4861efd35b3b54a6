// `dataip review` and `dataip command`: two officers, together or one after
// the other.
#include "client/command.h"
#include "gmock/gmock.h"
#include "tests/integration/cli/office.h"

namespace dataip::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Words = std::vector<std::string>;

class Review : public ::testing::Test {
 protected:
  Ended Decide(Words words, const std::string& standard_input = "") {
    words.insert(words.end(), {"--key", office_.KeyFile("examiner"), "--key",
                               office_.KeyFile("approver")});
    return office_.Run("examiner", words, standard_input);
  }

  Office& office_ = Office::Shared();
};

TEST_F(Review, OfAnUnknownApplicationEndsWith3) {
  EXPECT_EQ(Decide({"review", "notice", "20249999999"}).exit_code, 3);
}

TEST_F(Review, TakesTwoDifferentOfficers) {
  const std::string number = office_.File("TWO-1");
  EXPECT_EQ(office_
                .Run("examiner", {"review", "notice", number, "--key",
                                  office_.KeyFile("examiner"), "--key",
                                  office_.KeyFile("enterprise")})
                .exit_code,
            4);
  EXPECT_EQ(office_
                .Run("examiner", {"review", "notice", number, "--key",
                                  office_.KeyFile("examiner"), "--key",
                                  office_.KeyFile("examiner")})
                .exit_code,
            2);
}

TEST_F(Review, DoesNotRegisterBeforeTheNoticeIsOver) {
  const std::string number = office_.FileAndOpenNotice("EARLY-1");
  const Ended early = Decide({"review", "register", number});
  EXPECT_EQ(early.exit_code, 4);
  EXPECT_THAT(early.err, HasSubstr("届满"));
}

TEST_F(Review, NeedsAllFourStatementsForANotice) {
  const std::string number = office_.File("CHECKED-1");
  const Ended missing =
      Decide({"review", "notice", number, "--checked=sample,files,duplicates"});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.err, HasSubstr("masking"));
  const Ended signed_ = Decide({"review", "notice", number, number, number});
  EXPECT_EQ(signed_.exit_code, 0) << signed_.err;
  EXPECT_THAT(signed_.err, HasSubstr("[x] duplicates"));
}

TEST_F(Review, PrintsNothingAsDataWhenAllIsRefused) {
  const Ended table = Decide({"review", "register", "20249999999"});
  EXPECT_EQ(table.out, "");
  EXPECT_EQ(Decide({"review", "register", "20249999999", "-o", "json"}).out,
            "[]\n");
  EXPECT_EQ(office_
                .Run("examiner", {"certificate", "get", "20240733009999999",
                                  "--out", office_.Path("no.bundle")})
                .out,
            "");
}

TEST_F(Review, ShowsTheCaseWithOthersOfTheSameDataFile) {
  const std::string one = office_.File("SAME-1");
  const std::string two = office_.File("SAME-2");
  const Ended shown = office_.Run("examiner", {"review", "show", two});
  for (const char* part : {"同一数据文件", "字段表", "算法摘要", "样本",
                           "场景：条件", "申请受理"}) {
    EXPECT_THAT(shown.out, HasSubstr(part));
  }
  EXPECT_THAT(shown.out, HasSubstr(one + "  待审核"));
  EXPECT_THAT(office_.Run("licensee", {"review", "show", two}).out,
              HasSubstr("无法比对"));
  const Ended stranger = office_.Run("licensee", {"application", "show", two});
  EXPECT_EQ(stranger.exit_code, 0);
  EXPECT_THAT(stranger.out, HasSubstr("未公开"));
  EXPECT_THAT(stranger.out, Not(HasSubstr("0 条")));
}

TEST_F(Review, RefusesWithAGroundOfTheProfile) {
  const std::string number = office_.File("REFUSE-1");
  const Ended unknown =
      Decide({"review", "refuse", number, "--ground=R77", "--reason=未经加工"});
  EXPECT_NE(unknown.exit_code, 0);
  const Ended refused =
      Decide({"review", "refuse", number, "--ground=R03", "--reason=未经加工"});
  EXPECT_EQ(refused.exit_code, 0) << refused.err;
  EXPECT_THAT(refused.out, HasSubstr("不予登记"));
  EXPECT_THAT(office_.Run("enterprise", {"application", "show", number}).out,
              HasSubstr("R03 不属于登记对象"));
  EXPECT_EQ(Decide({"review", "notice", number}).exit_code, 4);
}

TEST_F(Review, SaysSomeRejectedWhenSomeGoThrough) {
  const std::string good = office_.File("MIXED-1");
  const Ended mixed = Decide({"review", "notice", good, "20249999999"});
  EXPECT_EQ(mixed.exit_code, 5);
  EXPECT_THAT(mixed.out, HasSubstr(good));
  EXPECT_THAT(mixed.err, HasSubstr("20249999999"));
}

TEST_F(Review, TakesNumbersFromStandardInput) {
  const std::string one = office_.File("STDIN-1");
  const std::string two = office_.File("STDIN-2");
  const Ended ended = Decide({"review", "notice", "-", "-o", "json"},
                             one + "\n\n  " + two + "\n");
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("\"application_no\":\"" + one));
  EXPECT_THAT(ended.out, HasSubstr("\"application_no\":\"" + two));
}

TEST_F(Review, ListsWhatWaitsOldestFirst) {
  const std::string number = office_.File("QUEUE-1");
  const auto list = office_.Json("examiner", {"review", "list"});
  const auto& values = list.list_value().values();
  ASSERT_GT(values.size(), 0);
  EXPECT_EQ(TextIn(values[0], "state"), "UNDER_REVIEW");
  const Ended shown = office_.Run("examiner", {"review", "show", number});
  EXPECT_THAT(shown.out, HasSubstr("QUEUE-1"));
}

TEST_F(Review, SignsNothingForAnotherLedgerOrAChangedCommand) {
  const std::string number = office_.File("EDIT-1");
  const std::string other = office_.File("EDIT-2");
  const std::string file = office_.Path("edit-1.json");
  const std::string foreign = office_.Path("edit-2.json");
  for (const auto& [no, path] : {std::pair(number, file), {other, foreign}}) {
    ASSERT_EQ(office_.Run("examiner", {"review", "notice", no, "--out", path})
                  .exit_code,
              0);
  }
  // The second command with the first one's signature.
  auto mixed = *client::ParseCommandFile(test::ReadFile(file));
  mixed.commands[0].command.set_command(
      client::ParseCommandFile(test::ReadFile(foreign))
          ->commands[0]
          .command.command());
  test::WriteFile(file, client::FormatCommandFile(mixed));
  EXPECT_EQ(office_.Run("approver", {"command", "sign", file}).exit_code, 4);
  EXPECT_EQ(test::ReadFile(file), client::FormatCommandFile(mixed));
  auto renamed = *client::ParseCommandFile(test::ReadFile(foreign));
  renamed.origin = "ledger.example/another";
  test::WriteFile(foreign, client::FormatCommandFile(renamed));
  EXPECT_EQ(office_.Run("approver", {"command", "sign", foreign}).exit_code, 4);
  EXPECT_EQ(test::ReadFile(foreign), client::FormatCommandFile(renamed));
}

TEST_F(Review, HandsAHalfSignedCommandToTheSecondOfficer) {
  const std::string number = office_.File("HALF-1");
  const std::string file = office_.Path("half-1.json");
  const Ended half =
      office_.Run("examiner", {"review", "notice", number, "--out", file});
  ASSERT_EQ(half.exit_code, 0) << half.err;
  EXPECT_EQ(half.out, "");
  EXPECT_THAT(office_.Run("", {"command", "show", file}).out,
              HasSubstr("开始公示 (open_notice)"));
  const Ended known = office_.Run("approver", {"command", "show", file});
  EXPECT_EQ(known.exit_code, 0);
  for (const char* part :
       {"examiner-1（审查员）", "名称", "[x] sample", "尚缺 1 个签名"}) {
    EXPECT_THAT(known.out, HasSubstr(part));
  }
  EXPECT_EQ(office_.Run("approver", {"command", "send", file}).exit_code, 4);
  EXPECT_EQ(office_.Run("approver", {"command", "sign", file}).exit_code, 0);
  EXPECT_EQ(office_.Run("approver", {"command", "sign", file}).exit_code, 6);
  const Ended dry =
      office_.Run("approver", {"command", "send", file, "--dry-run"});
  EXPECT_EQ(dry.exit_code, 0) << dry.err;
  EXPECT_THAT(dry.out,
              AllOf(HasSubstr("未提交（试运行）"), Not(HasSubstr("公示至")),
                    Not(HasSubstr("账本序号"))));
  const Ended sent =
      office_.Run("approver", {"command", "send", file, "-o", "json"});
  EXPECT_EQ(sent.exit_code, 0) << sent.err;
  // Sent again, the same bytes have the same answer.
  const auto shown = office_.Json("approver", {"application", "show", number});
  EXPECT_EQ(TextIn(FieldIn(shown, "application"), "state"), "PUBLICITY");
  const Ended again = office_.Run("approver", {"command", "send", file});
  EXPECT_EQ(again.exit_code, 0) << again.err;
}

TEST_F(Review, RefusesACommandOfAnotherVersion) {
  const std::string number = office_.File("STALE-1");
  const std::string file = office_.Path("stale-1.json");
  ASSERT_EQ(office_
                .Run("examiner", {"review", "notice", number, "--out", file,
                                  "--key", office_.KeyFile("examiner"), "--key",
                                  office_.KeyFile("approver")})
                .exit_code,
            0);
  ASSERT_EQ(office_
                .Run("examiner", {"review", "correction", number,
                                  "--field=name", "--reason=请改"})
                .exit_code,
            0);
  const Ended sent = office_.Run("approver", {"command", "send", file});
  EXPECT_EQ(sent.exit_code, 6) << sent.err;
}

TEST_F(Review, DoesNotOverwriteAFile) {
  const std::string number = office_.File("KEEP-1");
  WriteFile(office_.Path("kept.json"), "mine");
  EXPECT_EQ(office_
                .Run("examiner", {"review", "notice", number, "--out",
                                  office_.Path("kept.json")})
                .exit_code,
            6);
  EXPECT_EQ(ReadFile(office_.Path("kept.json")), "mine");
}

}  // namespace
}  // namespace dataip::test
