// `dataip profile` and `dataip calendar`.
#include "gmock/gmock.h"
#include "tests/integration/cli/office.h"

namespace dataip::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Words = std::vector<std::string>;

constexpr char kTables[] = DATAIP_SOURCE_DIR "/deploy/tables/";

class Tables : public ::testing::Test {
 protected:
  Ended AsRoot(Words words) {
    words.insert(words.end(), {"--key", office_.KeyFile("root")});
    return office_.Run("root", words);
  }
  static std::string Table(const std::string& name) { return kTables + name; }

  Office& office_ = Office::Shared();
};

TEST_F(Tables, ADeadlineExplainsItselfWithoutAServer) {
  const Ended due =
      office_.Run("", {"calendar", "due", "2026-02-06", "--working-days=10",
                       "--file", Table("calendar_cn.csv")});
  EXPECT_EQ(due.exit_code, 0) << due.err;
  EXPECT_THAT(due.out,
              AllOf(HasSubstr("2026-02-27"), HasSubstr("2026-02-15…2026-02-23"),
                    HasSubstr("春节"), HasSubstr("2026-02-14"),
                    HasSubstr("start 2026-02-06, 10 working days")));
  const Ended rule = office_.Run(
      "", {"calendar", "due", "2026-02-13", "--rule=revocation.hearing",
           "--file", Table("calendar_cn.csv"), "--rules-file",
           Table("profile_ZJ-2023.csv"), "-o", "json"});
  EXPECT_EQ(rule.exit_code, 0) << rule.err;
  EXPECT_THAT(rule.out, HasSubstr("\"due_date\":\"2026-02-27\""));
}

TEST_F(Tables, ADeadlineNeedsADayAndALength) {
  const std::string file = Table("calendar_cn.csv");
  for (const Words& wrong :
       {Words{"calendar", "due", "6 February", "--working-days=1"},
        Words{"calendar", "due", "2026-02-06"},
        Words{"calendar", "due", "2026-02-06", "--working-days=x"},
        Words{"calendar", "due", "2026-02-06", "--working-days=1001"},
        Words{"calendar", "due", "2026-02-06", "--working-days=1",
              "--rule=publicity"},
        Words{"calendar", "due", "2026-02-06", "--rule=certificate.term",
              "--rules-file", Table("profile_ZJ-2023.csv")},
        Words{"calendar", "show", "next"}, Words{"calendar", "show", "1999"}}) {
    Words words = wrong;
    words.insert(words.end(), {"--file", file});
    const Ended ended = office_.Run("", words);
    EXPECT_EQ(ended.exit_code, 2) << wrong[2] << ended.err;
  }
  EXPECT_EQ(
      office_.Run("", {"calendar", "show", "--file", office_.Path("no.csv")})
          .exit_code,
      3);
  EXPECT_EQ(
      office_
          .Run("", {"calendar", "show", "--file", Table("profile_ZJ-2023.csv")})
          .exit_code,
      2);
}

TEST_F(Tables, TheCalendarShowsYearsAndOneYear) {
  const Ended years = office_.Run("examiner", {"calendar", "show"});
  EXPECT_EQ(years.exit_code, 0) << years.err;
  EXPECT_THAT(years.out, AllOf(HasSubstr("2026"), HasSubstr("248")));
  const Ended year = office_.Run("examiner", {"calendar", "show", "2026"});
  EXPECT_THAT(year.out, AllOf(HasSubstr("2026-02-15…2026-02-23 春节"),
                              HasSubstr("2026-10-10"), HasSubstr("248")));
  EXPECT_THAT(office_.Run("examiner", {"calendar", "show", "2090"}).out,
              HasSubstr("未载入"));
}

TEST_F(Tables, RootLoadsTheNextYear) {
  EXPECT_EQ(AsRoot({"calendar", "load", Table("calendar_cn.csv")}).exit_code,
            6);
  const std::string next = office_.Path("calendar_next.csv");
  WriteFile(next, ReadFile(Table("calendar_cn.csv")) +
                      "2090-01-01,off,元旦\n2090-01-02,off,元旦\n");
  const Ended stranger = office_.Run(
      "examiner",
      {"calendar", "load", next, "--key", office_.KeyFile("examiner")});
  EXPECT_EQ(stranger.exit_code, 4) << stranger.err;
  const std::string part = office_.Path("calendar_part.csv");
  WriteFile(part, "date,kind,name\n2090-01-01,off,元旦\n");
  const Ended lost = AsRoot({"calendar", "load", part});
  EXPECT_EQ(lost.exit_code, 2) << lost.err;
  EXPECT_THAT(lost.err, AllOf(HasSubstr("2026 年"), HasSubstr("--replace")));
  const Ended loaded = AsRoot({"calendar", "load", next});
  EXPECT_EQ(loaded.exit_code, 0) << loaded.err;
  EXPECT_THAT(loaded.out, HasSubstr("calendars/cn"));
  EXPECT_THAT(office_.Run("examiner", {"calendar", "show", "2090"}).out,
              HasSubstr("2090-01-01…2090-01-02 元旦"));
  // The command under it names the version by hand.
  const std::string third = office_.Path("calendar_third.csv");
  WriteFile(third, ReadFile(next) + "2090-01-03,off,元旦\n");
  EXPECT_EQ(AsRoot({"registry", "load-table", "calendars/cn", third}).exit_code,
            6);
  EXPECT_EQ(
      AsRoot({"registry", "load-table", "calendars/cn", third, "--version=2"})
          .exit_code,
      0);
}

TEST_F(Tables, AProfileShowsItsClauses) {
  const Ended shown = office_.Run("licensee", {"profile", "show", "ZJ-2023"});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.out,
              AllOf(HasSubstr("correction.window"), HasSubstr("10 工作日"),
                    HasSubstr("凭记忆"), HasSubstr("duplicate.threshold")));
  EXPECT_EQ(office_.Run("licensee", {"profile", "show", "NO-1"}).exit_code, 3);
  EXPECT_EQ(
      office_.Run("licensee", {"profile", "show", "ZJ-2023", "--digest=zz"})
          .exit_code,
      2);
  EXPECT_EQ(office_
                .Run("licensee", {"profile", "show", "ZJ-2023",
                                  "--digest=" + std::string(64, '0')})
                .exit_code,
            3);
}

TEST_F(Tables, ProfilesDifferByProvince) {
  const Ended diff = office_.Run(
      "licensee", {"profile", "diff", "ZJ-2023", Table("profile_BJ-2023.csv")});
  EXPECT_EQ(diff.exit_code, 0) << diff.err;
  EXPECT_THAT(diff.out,
              AllOf(HasSubstr("form.required"), HasSubstr("coverage_from"),
                    HasSubstr("3300"), HasSubstr("1100"), HasSubstr("（无）"),
                    Not(HasSubstr("correction.window"))));
  EXPECT_THAT(office_
                  .Run("", {"profile", "diff", Table("profile_ZJ-2023.csv"),
                            Table("profile_BJ-2023.csv"), "--clauses"})
                  .out,
              HasSubstr("correction.window"));
}

TEST_F(Tables, AProfileIsLoadedThenAdopted) {
  const std::string odd = office_.Path("rules.csv");
  WriteFile(odd, ReadFile(Table("profile_BJ-2023.csv")));
  EXPECT_EQ(AsRoot({"profile", "load", odd}).exit_code, 2);
  const Ended stranger =
      office_.Run("examiner", {"profile", "load", Table("profile_BJ-2023.csv"),
                               "--key", office_.KeyFile("examiner")});
  EXPECT_EQ(stranger.exit_code, 4);
  EXPECT_THAT(stranger.err,
              AllOf(HasSubstr("根密钥"), HasSubstr("officers/examiner-1")));
  EXPECT_EQ(AsRoot({"profile", "adopt", "BJ-2023", "--from=2099-01-01",
                    "--basis=市场监管总局公告"})
                .exit_code,
            3);
  const Ended loaded =
      AsRoot({"profile", "load", Table("profile_BJ-2023.csv")});
  EXPECT_EQ(loaded.exit_code, 0) << loaded.err;
  EXPECT_THAT(loaded.err, HasSubstr("尚未生效"));
  EXPECT_THAT(office_.Run("licensee", {"profile", "list"}).out,
              AllOf(HasSubstr("新案适用"), HasSubstr("已载入，未生效")));
  const Ended elsewhere =
      AsRoot({"profile", "adopt", "BJ-2023", "--from=2099-01-01",
              "--basis=市场监管总局公告"});
  EXPECT_EQ(elsewhere.exit_code, 2);
  EXPECT_THAT(elsewhere.err,
              AllOf(HasSubstr("1100"), HasSubstr("--other-jurisdiction")));
  EXPECT_EQ(AsRoot({"profile", "adopt", "BJ-2023", "--from=2001-01-01",
                    "--basis=市场监管总局公告", "--other-jurisdiction"})
                .exit_code,
            2);
  const Ended adopted =
      AsRoot({"profile", "adopt", "BJ-2023", "--from=2099-01-01",
              "--basis=市场监管总局公告", "--other-jurisdiction"});
  EXPECT_EQ(adopted.exit_code, 0) << adopted.err;
  EXPECT_THAT(office_.Run("licensee", {"profile", "list"}).out,
              AllOf(HasSubstr("2099-01-01"), HasSubstr("已公布")));
}

}  // namespace
}  // namespace dataip::test
