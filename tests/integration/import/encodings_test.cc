// The filing table as spreadsheets save it: with a BOM, in GB18030, with CR
// LF line ends, with a broken row in the middle.
#include <gtest/gtest.h>
#include <iconv.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "client/filing/filing.h"
#include "tests/support/process.h"

namespace dataip::client {
namespace {

const char kMetering[] = DATAIP_SOURCE_DIR "/tests/data/metering";
constexpr size_t kRows = 54;

std::string Metering() {
  return test::ReadFile(std::string(kMetering) + "/applications.csv");
}

std::string ToGb18030(std::string text) {
  const iconv_t converter = ::iconv_open("GB18030", "UTF-8");
  std::string out(text.size() * 2, '\0');
  char* from = text.data();
  char* to = out.data();
  size_t from_left = text.size();
  size_t to_left = out.size();
  EXPECT_EQ(::iconv(converter, &from, &from_left, &to, &to_left), 0u);
  ::iconv_close(converter);
  out.resize(out.size() - to_left);
  return out;
}

// What stands in the form of a row, without the fresh salts.
std::string FormOf(const CsvTable& table, const CsvRow& row) {
  const auto fields =
      *FieldTables::Parse(*ReadCsvFile(std::string(kMetering) + "/fields.csv"));
  FilingResult made = MakeFiling(table, row,
                                 {.party_number = "P0000001",
                                  .data_dir = kMetering,
                                  .master_key = {},
                                  .fields = &fields});
  EXPECT_TRUE(made.violations.empty()) << row.line;
  made.filing.form.clear_contact();
  made.filing.form.mutable_sample()->clear_file();
  return made.filing.form.SerializeAsString();
}

void ExpectTheSameForms(const CsvTable& table) {
  const CsvTable plain = *ParseCsv(Metering());
  ASSERT_EQ(table.rows.size(), kRows);
  EXPECT_EQ(table.columns, plain.columns);
  for (size_t i = 0; i < kRows; ++i) {
    EXPECT_EQ(table.rows[i].cells, plain.rows[i].cells) << i;
  }
  for (const size_t i : {size_t{0}, kRows - 1}) {
    EXPECT_EQ(FormOf(table, table.rows[i]), FormOf(plain, plain.rows[i]));
  }
}

TEST(MeteringTable, RefusesGb18030ThatIsCutInTheMiddleOfACharacter) {
  const std::string text = ToGb18030("名称\n数据集");
  EXPECT_FALSE(ParseCsv(text.substr(0, text.size() - 1)).ok());
}

TEST(MeteringTable, ReadsTheSameWithABom) {
  const auto table = ParseCsv("\xef\xbb\xbf" + Metering());
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->encoding, "UTF-8 BOM");
  ExpectTheSameForms(*table);
}

TEST(MeteringTable, ReadsTheSameInGb18030) {
  const auto table = ParseCsv(ToGb18030(Metering()));
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->encoding, "GB18030");
  ExpectTheSameForms(*table);
}

TEST(MeteringTable, ReadsTheSameWithCarriageReturns) {
  const auto table =
      ParseCsv(absl::StrReplaceAll(Metering(), {{"\n", "\r\n"}}));
  ASSERT_TRUE(table.ok());
  ExpectTheSameForms(*table);
}

TEST(MeteringTable, KeepsAllRowsAroundABrokenOne) {
  for (const std::string& broken :
       {std::string("27,\"ZJ-METER-BROKEN,data"), std::string("27,a,b"),
        std::string("27,a\"b,c")}) {
    std::string text = Metering();
    size_t at = 0;
    for (int line = 0; line < 27; ++line) at = text.find('\n', at) + 1;
    text.insert(at, broken + "\n");
    const auto table = ParseCsv(text);
    ASSERT_TRUE(table.ok());
    ASSERT_EQ(table->rows.size(), kRows + 1) << broken;
    for (size_t i = 0; i <= kRows; ++i) {
      EXPECT_EQ(table->rows[i].flaw.empty(), i != 26) << broken << " " << i;
    }
    EXPECT_EQ(table->rows[26].line, 28u);
    EXPECT_EQ(table->rows[27].line, 29u);
  }
}

}  // namespace
}  // namespace dataip::client
