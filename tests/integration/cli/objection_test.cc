// `dataip objection` and suspension: both sides and the officers.
#include <filesystem>

#include "gmock/gmock.h"
#include "tests/integration/cli/office.h"

namespace dataip::test {
namespace {

using ::testing::HasSubstr;
using Words = std::vector<std::string>;

class ObjectionCommands : public ::testing::Test {
 protected:
  ObjectionCommands() {
    WriteFile(evidence_, "%PDF-1.7 合同");
    WriteFile(office_.Path("empty.pdf"), "");
  }

  Ended File(const std::string& who, const std::string& number,
             Words more = {}) {
    Words words = {"objection",
                   "file",
                   number,
                   "--right=ownership",
                   "--field=sources",
                   "--statement=该数据来自本单位的热量表，未经授权使用",
                   "--evidence=" + evidence_};
    words.insert(words.end(), more.begin(), more.end());
    return office_.Run(who, words);
  }
  // In its notice, with an objection of the licensee; its number.
  std::string Filed(const std::string& number) {
    const Ended filed = File("licensee", number);
    EXPECT_EQ(filed.exit_code, 0) << filed.err;
    const auto list = office_.Json(
        "licensee", {"objection", "list", "--application", number});
    EXPECT_EQ(list.list_value().values_size(), 1);
    return list.list_value().values_size() == 0
               ? ""
               : TextIn(list.list_value().values(0), "objection_no");
  }
  Ended Decide(Words words) {
    words.insert(words.end(), {"--key", office_.KeyFile("examiner"), "--key",
                               office_.KeyFile("approver")});
    return office_.Run("examiner", words);
  }
  int Code(const std::string& who, const Words& words) {
    const Ended ended = office_.Run(who, words);
    err_ = ended.err;
    return ended.exit_code;
  }
  std::string Shown(const std::string& who, const std::string& number) {
    return office_.Run(who, {"application", "show", number}).out;
  }

  Office& office_ = Office::Shared();
  std::string evidence_ = office_.Path("evidence.pdf");
  std::string err_;
};

TEST_F(ObjectionCommands, GoFromFilingToDismissal) {
  const std::string number = office_.FileAndOpenNotice("OBJECT-1");
  const std::string objection = Filed(number);
  EXPECT_EQ(Code("licensee", {"objection", "accept", objection}), 4);
  ASSERT_EQ(Code("examiner", {"objection", "accept", objection}), 0) << err_;
  EXPECT_THAT(Shown("enterprise", number), HasSubstr("异议处理中"));
  EXPECT_THAT(Shown("examiner", number), HasSubstr(objection));
  EXPECT_EQ(Code("enterprise", {"objection", "answer", objection,
                                "--text=数据由本单位自有设备采集"}),
            4);  // not forwarded yet
  ASSERT_EQ(Code("examiner", {"objection", "forward", objection}), 0) << err_;
  const Ended expected = office_.Run("enterprise", {"application", "expected"});
  EXPECT_EQ(expected.exit_code, 0) << expected.err;
  EXPECT_THAT(expected.out, HasSubstr(objection));
  EXPECT_THAT(expected.out, HasSubstr("异议待答复"));
  EXPECT_EQ(Code("licensee", {"objection", "answer", objection,
                              "--text=数据由本单位自有设备采集"}),
            4);
  ASSERT_EQ(Code("enterprise",
                 {"objection", "answer", objection,
                  "--text=数据由本单位自有设备采集", "--file", evidence_}),
            0)
      << err_;
  const std::string file = office_.Path("dismiss.json");
  ASSERT_EQ(Code("examiner", {"objection", "dismiss", objection,
                              "--reason=采集记录证明来源合法", "--out", file}),
            0)
      << err_;
  const Ended read = office_.Run("approver", {"command", "show", file});
  EXPECT_THAT(read.out, HasSubstr("异议不成立 (dismiss_objection)"));
  EXPECT_THAT(read.out, HasSubstr("采集记录证明来源合法"));
  ASSERT_EQ(Code("approver", {"command", "sign", file}), 0) << err_;
  ASSERT_EQ(Code("approver", {"command", "send", file}), 0) << err_;
  EXPECT_THAT(Shown("enterprise", number), HasSubstr("公示中"));
  const std::string shown =
      office_.Run("licensee", {"objection", "show", objection}).out;
  for (const char* part : {"异议不成立", "数据由本单位自有设备采集",
                           "证明诉讼等程序的期限", "application/pdf"}) {
    EXPECT_THAT(shown, HasSubstr(part));
  }
}

TEST_F(ObjectionCommands, GiveTheEvidenceToThoseWhoReadThem) {
  const std::string number = office_.FileAndOpenNotice("OBJECT-FILES");
  const std::string objection = Filed(number);
  const auto show = [&](const std::string& who) {
    return office_.Run(who, {"objection", "show", objection, "--files",
                             office_.Path("papers-of-" + who)});
  };
  const auto file = [&](const std::string& who) {
    return office_.Path("papers-of-" + who) + "/" + objection +
           "-evidence-0.pdf";
  };
  for (const char* who : {"examiner", "licensee"}) {
    const Ended shown = show(who);
    EXPECT_EQ(shown.exit_code, 0) << shown.err;
    EXPECT_THAT(shown.err, HasSubstr(file(who)));
    EXPECT_EQ(ReadFile(file(who)), ReadFile(evidence_));
  }
  EXPECT_EQ(show("enterprise").exit_code, 0) << "there is one";
  EXPECT_FALSE(std::filesystem::exists(file("enterprise")));
  ASSERT_EQ(Code("examiner", {"objection", "accept", objection}), 0) << err_;
  ASSERT_EQ(Code("examiner", {"objection", "forward", objection}), 0) << err_;
  EXPECT_EQ(show("enterprise").exit_code, 0);
  EXPECT_EQ(ReadFile(file("enterprise")), ReadFile(evidence_));
  for (const char* step : {"提出异议", "异议受理", "异议转送"}) {
    EXPECT_THAT(Shown("enterprise", number), HasSubstr(step));
  }
}

TEST_F(ObjectionCommands, UpheldRefuseTheApplication) {
  const std::string number = office_.FileAndOpenNotice("OBJECT-2");
  const std::string objection = Filed(number);
  ASSERT_EQ(Code("examiner", {"objection", "accept", objection}), 0) << err_;
  ASSERT_EQ(Code("examiner", {"objection", "forward", objection}), 0) << err_;
  ASSERT_EQ(Code("enterprise",
                 {"objection", "answer", objection, "--text=未取得授权"}),
            0)
      << err_;
  EXPECT_NE(Decide({"objection", "uphold", objection, "--reason=来源确无授权",
                    "--ground=R77"})
                .exit_code,
            0);
  const Ended upheld = Decide({"objection", "uphold", objection,
                               "--reason=来源确无授权", "--ground=R02"});
  EXPECT_EQ(upheld.exit_code, 0) << upheld.err;
  const std::string shown = Shown("enterprise", number);
  for (const char* part : {"不予登记", "R12", "R02", "来源确无授权"}) {
    EXPECT_THAT(shown, HasSubstr(part));
  }
}

TEST_F(ObjectionCommands, AreRejectedOrWithdrawn) {
  const std::string number = office_.FileAndOpenNotice("OBJECT-3");
  const std::string first = Filed(number);
  EXPECT_EQ(Code("examiner", {"objection", "reject", first}), 2);  // no reason
  const Ended rejected =
      Decide({"objection", "reject", first, "--reason=证据与主张无关"});
  EXPECT_EQ(rejected.exit_code, 0) << rejected.err;
  ASSERT_EQ(File("licensee", number, {"--interest=该表由本单位安装"}).exit_code,
            0);
  const auto open = office_.Json(
      "licensee",
      {"objection", "list", "--application", number, "--status=filed"});
  ASSERT_EQ(open.list_value().values_size(), 1);
  const std::string second =
      TextIn(open.list_value().values(0), "objection_no");
  EXPECT_EQ(Code("enterprise", {"objection", "withdraw", second}), 4);
  EXPECT_EQ(Code("licensee", {"objection", "withdraw", second}), 0) << err_;
  EXPECT_EQ(Code("licensee", {"objection", "withdraw", second}), 4);
}

TEST_F(ObjectionCommands, SayWhatIsWrongInBothLanguages) {
  const std::string number = office_.FileAndOpenNotice("OBJECT-4");
  const Ended own = File("enterprise", number);
  EXPECT_EQ(own.exit_code, 4);
  EXPECT_THAT(own.err, HasSubstr("申请人不能对自己的申请提出异议"));
  EXPECT_THAT(own.err, HasSubstr("withdraw it instead"));
  const Ended field = File("licensee", number, {"--field=contact"});
  EXPECT_EQ(field.exit_code, 2);
  EXPECT_THAT(field.err, HasSubstr("claim.fields[0]"));
  EXPECT_THAT(field.err, HasSubstr("不是公示字段"));
  EXPECT_EQ(Code("licensee",
                 {"objection", "file", number, "--right=everything",
                  "--field=sources", "--statement=该数据来自本单位的热量表",
                  "--evidence", evidence_}),
            2);
  EXPECT_THAT(err_, HasSubstr("trade-secret"));
  EXPECT_EQ(File("licensee", number, {"--evidence=/nowhere.pdf"}).exit_code, 3);
  EXPECT_EQ(
      File("licensee", number, {"--evidence=" + office_.Path("empty.pdf")})
          .exit_code,
      2);
  EXPECT_EQ(File("licensee", "20249999999").exit_code, 3);
  EXPECT_EQ(Code("licensee", {"objection", "show", "O20249999999"}), 3);
  EXPECT_EQ(Code("licensee", {"objection", "list", "--status=lost"}), 2);
  EXPECT_EQ(File("licensee", number, {"--for=P0000001"}).exit_code, 4);
}

TEST_F(ObjectionCommands, StandStillForASuit) {
  const std::string number = office_.FileAndOpenNotice("SUSPEND-1");
  const Words suspend = {"review",
                         "suspend",
                         number,
                         "--kind=suit",
                         "--authority=温州市中级人民法院",
                         "--case-number=（2024）浙03民初100号",
                         "--date=2024-06-20",
                         "--document=" + evidence_};
  const std::string file = office_.Path("suspend.json");
  Words half = suspend;
  half.insert(half.end(), {"--out", file});
  ASSERT_EQ(Code("examiner", half), 0) << err_;
  const std::string read =
      office_.Run("approver", {"command", "show", file}).out;
  for (const char* part :
       {"温州市中级人民法院", "（2024）浙03民初100号", "诉讼", "2024-06-20"}) {
    EXPECT_THAT(read, HasSubstr(part));
  }
  ASSERT_EQ(Code("approver", {"command", "sign", file}), 0) << err_;
  // The document's opening goes along in the file.
  ASSERT_EQ(Code("approver", {"command", "send", file}), 0) << err_;
  const std::string shown = Shown("examiner", number);
  for (const char* part : {"中止", "公示剩余", "（2024）浙03民初100号"}) {
    EXPECT_THAT(shown, HasSubstr(part));
  }
  const std::string papers = office_.Path("papers-of-suit");
  EXPECT_EQ(Code("examiner", {"review", "show", number, "--files", papers}), 0)
      << err_;
  EXPECT_EQ(ReadFile(papers + "/document-0.pdf"), ReadFile(evidence_));
  EXPECT_EQ(Decide(suspend).exit_code, 4);
  const Ended resumed =
      Decide({"review", "resume", number, "--reason=法院准许撤诉"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_THAT(Shown("enterprise", number), HasSubstr("公示中"));
  EXPECT_EQ(Decide({"review", "resume", number, "--reason=再次"}).exit_code, 4);
}

}  // namespace
}  // namespace dataip::test
