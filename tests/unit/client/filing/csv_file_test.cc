#include "client/filing/csv_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dataip::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(ParseCsv, RefusesAnEmptyFile) {
  EXPECT_EQ(ParseCsv("").status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(ParseCsv, RefusesBytesOfNeitherEncoding) {
  EXPECT_EQ(ParseCsv("a,b\n\x80\xff,1\n").status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(ParseCsv, RefusesAHeaderWithBrokenQuotes) {
  EXPECT_EQ(ParseCsv("a,\"b\n1,2\n").status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(ParseCsv, NamesWhatIsNoCsvFile) {
  struct Case {
    std::string bytes;
    const char* said;
  };
  const std::string utf16 = {'a', '\0', ',', '\0', 'b', '\0', '\n', '\0'};
  for (const Case& bad :
       {Case{"PK\x03\x04 and so on", "Excel"},
        Case{"\xd0\xcf\x11\xe0\xa1\xb1", "Excel"},
        Case{"\xff\xfe" + utf16, "UTF-16"}, Case{utf16, "UTF-16"},
        Case{"a;b\n1;2\n", "';'"}, Case{"a\tb\n1\t2\n", "tabs"}}) {
    const auto table = ParseCsv(bad.bytes);
    EXPECT_EQ(table.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(table.status().message()), HasSubstr(bad.said));
  }
}

TEST(ParseCsv, LeavesOutRowsWithNothingInThem) {
  const auto table = ParseCsv("a,b,c\n1,2,3\n,,\n \n,,,,,\n4,5,6\n");
  ASSERT_TRUE(table.ok());
  ASSERT_EQ(table->rows.size(), 2u);
  EXPECT_EQ(table->rows[1].line, 6u);
  EXPECT_THAT(table->rows[1].flaw, IsEmpty());
}

TEST(ReadCsvFile, TellsAMissingFileFromOneThatIsNone) {
  EXPECT_EQ(ReadCsvFile("/no/such/file.csv").status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(ReadCsvFile("/tmp").status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(ParseCsv, KeepsTheRowsAroundABrokenOne) {
  const auto table = ParseCsv("a,b\n1,2\n3,\"4\n5,6\n7\n8,9\n");
  ASSERT_TRUE(table.ok());
  ASSERT_EQ(table->rows.size(), 5u);
  EXPECT_THAT(table->rows[0].flaw, IsEmpty());
  EXPECT_FALSE(table->rows[1].flaw.empty());
  EXPECT_EQ(table->rows[1].line, 3u);
  EXPECT_THAT(table->rows[1].cells, ElementsAre("3,\"4"));
  EXPECT_THAT(table->rows[2].cells, ElementsAre("5", "6"));
  EXPECT_FALSE(table->rows[3].flaw.empty());
  EXPECT_THAT(table->rows[4].cells, ElementsAre("8", "9"));
  EXPECT_EQ(table->rows[4].line, 6u);
}

TEST(ParseCsv, ReadsBomAndCarriageReturns) {
  const auto table = ParseCsv(
      "\xef\xbb\xbf"
      "a,b\r\n1,\"2\"\r\n");
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->encoding, "UTF-8 BOM");
  EXPECT_THAT(table->columns, ElementsAre("a", "b"));
  EXPECT_THAT(table->rows[0].cells, ElementsAre("1", "2"));
}

TEST(ParseCsv, ReadsGb18030) {
  // 名称,数据 / 供热,集
  const auto table = ParseCsv(
      "\xc3\xfb\xb3\xc6,\xca\xfd\xbe\xdd\n\xb9\xa9\xc8\xc8,\xbc\xaf\n");
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_EQ(table->encoding, "GB18030");
  EXPECT_THAT(table->columns, ElementsAre("名称", "数据"));
  EXPECT_EQ(table->Cell(table->rows[0], "名称"), "供热");
}

TEST(ParseCsv, ReadsQuotedCellsOverLines) {
  const auto table = ParseCsv("a,b\n\"x\"\"y\",\"1\n2\"\n3,4\n");
  ASSERT_TRUE(table.ok());
  EXPECT_THAT(table->rows[0].cells, ElementsAre("x\"y", "1\n2"));
  EXPECT_EQ(table->rows[1].line, 4u);
}

TEST(CsvLine, IsReadBackAsItWas) {
  const std::vector<std::string> cells = {"a,b", "\"", "", "c\nd", "数据"};
  const auto table = ParseCsv("1,2,3,4,5\n" + CsvLine(cells) + "\n");
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->rows[0].cells, cells);
}

}  // namespace
}  // namespace dataip::client
