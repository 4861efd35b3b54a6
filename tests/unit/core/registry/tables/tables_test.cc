#include "core/registry/tables/tables.h"

#include "absl/strings/str_cat.h"
#include "core/registry/tables/loaded_table.h"
#include "core/registry/tables/profile.h"
#include "core/registry/values/money.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"
#include "tests/support/status_matchers.h"

namespace dataip::registry {
namespace {

using ::dataip::testing::ReadSourceFile;
using ::dataip::testing::StatusIs;
using ::testing::HasSubstr;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

TEST(ParseCsv, RefusesBrokenText) {
  for (const char* csv :
       {"\xEF\xBB\xBF,a\n", "a,b\nc\n", "a\r\nb\r\n", "a\"b\n", "\"a\"b\n",
        "\"a\n", "\xb2\xe2\n", "a,b\n\nc,d\n"}) {
    EXPECT_THAT(ParseCsv(csv), StatusIs(kInvalid)) << csv;
  }
}

TEST(ParseCsv, NamesTheLine) {
  EXPECT_THAT(ParseCsv("a,b\n\"c\nd\",e\nf\n"),
              StatusIs(kInvalid, HasSubstr("line 4")));
}

TEST(ParseCsv, ReadsQuotedCells) {
  const auto rows = ParseCsv("a,\"b,\"\"c\"\"\nd\"\n,\"\"");
  ASSERT_OK(rows);
  EXPECT_EQ(*rows, (std::vector<CsvRow>{{"a", "b,\"c\"\nd"}, {"", ""}}));
}

TEST(CodeTable, RefusesBadRows) {
  for (const char* csv :
       {"code,name\nA,x\n", "code,name,level\n", "code,name,level\n,x,y\n",
        "code,name,level\nA,,y\n", "code,name,level\nA,x,y\nA,z,y\n"}) {
    EXPECT_THAT(CodeTable::Parse(csv), StatusIs(kInvalid)) << csv;
  }
}

TEST(CodeTable, KnowsTheCodesOfTheField) {
  const auto industries =
      CodeTable::Parse(ReadSourceFile("deploy/tables/industries.csv"));
  ASSERT_OK(industries);
  EXPECT_EQ(industries->NameOf("C4016"), "供应用仪器仪表制造");
  EXPECT_FALSE(industries->Contains("C4099"));
  EXPECT_EQ(industries->NameOf("Z1"), "");
  const auto regions =
      CodeTable::Parse(ReadSourceFile("deploy/tables/regions.csv"));
  ASSERT_OK(regions);
  EXPECT_EQ(regions->NameOf("330382"), "乐清市");
}

TEST(ParsedTable, RefusesOtherNames) {
  const std::string regions = ReadSourceFile("deploy/tables/regions.csv");
  for (const char* name : {"", "region", "regions/", "profiles/",
                           "profiles/a/b", "profiles/a b"}) {
    EXPECT_THAT(ParsedTable::Parse(name, regions), StatusIs(kInvalid)) << name;
  }
  EXPECT_THAT(ParsedTable::Parse("profiles/ZJ-2023", regions),
              StatusIs(kInvalid));
}

TEST(Profile, ReadsEveryKeyOfZj2023) {
  const auto profile =
      Profile::Parse(ReadSourceFile("deploy/tables/profile_ZJ-2023.csv"));
  ASSERT_OK(profile);
  EXPECT_EQ(*profile->WorkingDays("publicity"), 10u);
  EXPECT_EQ(*profile->WorkingDays("correction.window"), 10u);
  EXPECT_EQ(*profile->Years("certificate.term"), 3u);
  EXPECT_EQ(*profile->WorkingDays("cosign.window"), 10u);
  EXPECT_EQ(*profile->Months("renewal.window"), 6u);
  EXPECT_EQ(*profile->Text("number.registry_code"), "3300");
  EXPECT_TRUE(profile->Lists(kObjectKinds, "DATA_SET"));
  EXPECT_FALSE(profile->Lists(kObjectKinds, "DATA"));
  EXPECT_TRUE(profile->Lists(kAiShares, "PARTIAL"));
  EXPECT_FALSE(profile->GroundText("R03").empty());
  EXPECT_TRUE(profile->GroundText("R13").empty());
  int grounds = 0;
  for (const auto& [key, value] : profile->values()) {
    EXPECT_FALSE(value.clause.empty()) << key;
    grounds += key.rfind("ground.", 0) == 0 ? 1 : 0;
  }
  EXPECT_EQ(grounds, 13);
}

TEST(Profile, AnswersWithAnErrorForAMissingKeyOrAnotherUnit) {
  const auto profile =
      Profile::Parse(ReadSourceFile("deploy/tables/profile_ZJ-2023.csv"));
  ASSERT_OK(profile);
  EXPECT_THAT(profile->WorkingDays("nothing"),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(profile->Years("publicity"), StatusIs(kInvalid));
  EXPECT_THAT(profile->Text("nothing"), StatusIs(absl::StatusCode::kNotFound));
}

TEST(Profile, RefusesEachMissingKeyThatRulesRead) {
  const std::string csv = ReadSourceFile("deploy/tables/profile_ZJ-2023.csv");
  for (const absl::string_view key : Profile::RequiredKeys()) {
    std::string less = csv;
    const size_t at = less.find(absl::StrCat("\n", key, ","));
    ASSERT_NE(at, std::string::npos) << key;
    less.erase(at, less.find('\n', at + 1) - at);
    EXPECT_THAT(Profile::Parse(less), StatusIs(absl::StatusCode::kNotFound))
        << key;
  }
}

TEST(Profile, RefusesBadValues) {
  const std::string csv = ReadSourceFile("deploy/tables/profile_ZJ-2023.csv");
  const auto with = [&csv](const std::string& from, const std::string& to) {
    std::string other = csv;
    const size_t at = other.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return other.replace(at, from.size(), to);
  };
  for (const std::string& other :
       {with("publicity,10,", "publicity,ten,"),
        with("publicity,10,", "publicity,010,"),
        with("publicity,10,", "publicity,0,"),
        with("publicity,10,working_days", "publicity,10,months"),
        with("certificate.term,3,", "certificate.term,101,"),
        with("registry_code,3300", "registry_code,330"),
        with("RECALLED", "GUESSED"), with("key,value", "name,value"),
        csv + "publicity,10,working_days,x,RECALLED\n"}) {
    EXPECT_FALSE(Profile::Parse(other).ok());
  }
}

TEST(Money, NeverWraps) {
  EXPECT_EQ(AddFen(INT64_MAX, 1), std::nullopt);
  EXPECT_EQ(AddFen(INT64_MIN, -1), std::nullopt);
  EXPECT_EQ(AddFen(2, -3), -1);
  EXPECT_EQ(MultiplyFen(INT64_MAX / 2 + 1, 2), std::nullopt);
  EXPECT_EQ(MultiplyFen(25, 4), 100);
  EXPECT_EQ(NegateFen(INT64_MIN), std::nullopt);
  EXPECT_EQ(NegateFen(5), -5);
}

}  // namespace
}  // namespace dataip::registry
