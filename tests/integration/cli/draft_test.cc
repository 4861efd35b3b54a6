// Drafts of several applicants, sealed values.
#include "gmock/gmock.h"
#include "tests/integration/cli/office.h"

namespace dataip::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Words = std::vector<std::string>;

class DraftCommands : public ::testing::Test {
 protected:
  int Code(const std::string& who, const Words& words) {
    const Ended ended = office_.Run(who, words);
    out_ = ended.out;
    err_ = ended.err;
    return ended.exit_code;
  }
  // `file` or `prepare` of one row.
  Words Make(const std::string& command, const std::string& reference,
             const Words& more) {
    Words words = {"application", command, office_.WriteRow(reference),
                   "--data", Office::DataFolder()};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  // A draft of enterprise and licensee; its number.
  std::string Prepared(const std::string& reference) {
    EXPECT_EQ(Code("enterprise",
                   Make("prepare", reference,
                        {"--co-applicant=P0000002=3000", "--share=7000"})),
              0)
        << err_;
    const auto drafts = office_.Json("licensee", {"application", "drafts"});
    for (const auto& draft : drafts.list_value().values()) {
      if (TextIn(FieldIn(draft, "form"), "client_reference") == reference) {
        return TextIn(draft, "draft_no");
      }
    }
    ADD_FAILURE() << "no draft of " << reference;
    return "";
  }

  Office& office_ = Office::Shared();
  std::string out_;
  std::string err_;
};

TEST_F(DraftCommands, AreFiledWhenAllHaveSigned) {
  const std::string draft = Prepared("DRAFT-1");
  EXPECT_EQ(Code("enterprise", {"application", "submit", draft}), 4);
  EXPECT_THAT(err_, HasSubstr("B03"));
  EXPECT_EQ(Code("licensee", {"application", "draft", draft}), 0);
  for (const char* part :
       {"等候确认", "P0000002  份额 30.00%", "P0000001（主）  份额 70.00%"}) {
    EXPECT_THAT(out_, HasSubstr(part));
  }
  EXPECT_EQ(Code("licensee", {"application", "cosign", draft, "--form-sha256",
                              std::string(64, '0')}),
            6);
  EXPECT_EQ(
      Code("licensee", {"application", "cosign", draft, "--form-sha256=12"}),
      2);
  EXPECT_EQ(Code("licensee", {"application", "cosign", draft}), 0) << err_;
  EXPECT_THAT(err_, HasSubstr("确认的申请表"));
  EXPECT_THAT(err_, HasSubstr("DRAFT-1"));
  EXPECT_EQ(Code("enterprise", {"application", "submit", draft}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("已受理"));
  EXPECT_EQ(Code("enterprise", {"application", "submit", draft}), 4);
  EXPECT_EQ(Code("enterprise", {"application", "drafts", "--closed"}), 0);
  EXPECT_THAT(out_, HasSubstr("已提交"));
}

TEST_F(DraftCommands, AreSignedAnewWhenTheirFormChanges) {
  const std::string draft = Prepared("DRAFT-2");
  ASSERT_EQ(Code("licensee", {"application", "cosign", draft}), 0) << err_;
  EXPECT_EQ(Code("enterprise", {"application", "prepare", "--draft", draft,
                                "--set=contact.role=数据资产部经理"}),
            0)
      << err_;
  EXPECT_EQ(Code("enterprise", {"application", "submit", draft}), 4);
  EXPECT_EQ(Code("licensee", {"application", "discard", draft}), 0) << err_;
  EXPECT_EQ(Code("licensee", {"application", "cosign", draft}), 4);
}

TEST_F(DraftCommands, SayWhatIsWrong) {
  EXPECT_EQ(Code("enterprise", {"application", "prepare"}), 2);
  EXPECT_THAT(err_, HasSubstr("--draft"));
  EXPECT_EQ(Code("enterprise", Make("prepare", "DRAFT-3", {})), 4);
  EXPECT_THAT(err_, HasSubstr("只有一个申请人"));
  EXPECT_THAT(err_, HasSubstr("file the form directly"));
  EXPECT_EQ(Code("enterprise",
                 Make("prepare", "DRAFT-3", {"--co-applicant=P9999999"})),
            3);
  EXPECT_EQ(Code("enterprise",
                 Make("prepare", "DRAFT-3", {"--co-applicant=P0000002=0"})),
            2);
  EXPECT_EQ(Code("enterprise", Make("file", "DRAFT-3", {"--row=NOBODY"})), 3);
  EXPECT_EQ(Code("enterprise", {"application", "draft", "D20249999999"}), 3);
  EXPECT_EQ(
      Code("enterprise", {"application", "file", office_.WriteRow("DRAFT-3")}),
      2);
  EXPECT_THAT(err_, HasSubstr("--data"));
}

TEST_F(DraftCommands, AreNotNeededWhenAllSignAtOnce) {
  const Words both =
      Make("file", "BOTH-1",
           {"--co-applicant=P0000002", "--key", office_.KeyFile("enterprise"),
            "--key", office_.KeyFile("licensee")});
  EXPECT_EQ(Code("enterprise", both), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("BOTH-1"));
  EXPECT_EQ(
      Code("enterprise", Make("file", "BOTH-2", {"--co-applicant=P0000002"})),
      4);
}

TEST_F(DraftCommands, SealAValueAndDiscloseItLater) {
  const std::string sealed = office_.Path("sealed.json");
  EXPECT_EQ(
      Code("enterprise", Make("file", "SEAL-1", {"--seal=sources[0].method"})),
      2);
  EXPECT_THAT(err_, HasSubstr("--sealed-file"));
  ASSERT_EQ(Code("enterprise",
                 Make("file", "SEAL-1",
                      {"--seal=sources[0].method", "--sealed-file", sealed})),
            0)
      << err_;
  const auto found = office_.Json(
      "enterprise",
      {"application", "list", "--party", kEnterprise, "--reference", "SEAL-1"});
  ASSERT_EQ(found.list_value().values_size(), 1);
  const std::string number =
      TextIn(found.list_value().values(0), "application_no");
  const Words disclose = {"application", "disclose",
                          number,        "--field=sources[0].method",
                          "--opening",   sealed};
  EXPECT_EQ(Code("enterprise", disclose), 4);  // before the notice
  ASSERT_EQ(Code("examiner", {"review", "notice", number, "--key",
                              office_.KeyFile("examiner"), "--key",
                              office_.KeyFile("approver")}),
            0)
      << err_;
  EXPECT_EQ(Code("licensee", disclose), 4);
  EXPECT_EQ(Code("enterprise", {"application", "disclose", number,
                                "--field=contact.role", "--opening", sealed}),
            3);
  EXPECT_EQ(Code("enterprise", disclose), 0) << err_;
  EXPECT_EQ(Code("enterprise", disclose), 6);
  EXPECT_EQ(Code("enterprise", {"application", "show", number}), 0);
  EXPECT_THAT(out_, HasSubstr("已公开内容"));
  EXPECT_THAT(out_, HasSubstr("sources[0].method"));
  // Everybody reads the value, and what proves it.
  EXPECT_EQ(Code("licensee", {"application", "show", number}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("承诺 "));
  EXPECT_THAT(out_, HasSubstr("盐 "));
  const auto shown = office_.Json("licensee", {"application", "show", number});
  const auto& values = FieldIn(shown, "disclosed").list_value();
  ASSERT_EQ(values.values_size(), 1);
  const std::string text = TextIn(values.values(0), "text");
  EXPECT_FALSE(text.empty());
  const auto& sources =
      FieldIn(FieldIn(FieldIn(shown, "application"), "form"), "sources")
          .list_value();
  ASSERT_GE(sources.values_size(), 1);
  EXPECT_EQ(TextIn(sources.values(0), "method"), text);
}

}  // namespace
}  // namespace dataip::test
