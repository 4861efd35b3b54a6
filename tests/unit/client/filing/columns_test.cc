#include "client/filing/columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/support/process.h"

namespace dataip::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const char kMetering[] = DATAIP_SOURCE_DIR "/tests/data/metering";

CsvTable Metering() {
  return *ReadCsvFile(absl::StrCat(kMetering, "/applications.csv"));
}

TEST(FilingColumns, ListAllThatAreMissingAtOnce) {
  CsvTable table = Metering();
  std::erase(table.columns, "name");
  std::erase(table.columns, "problem_solved");
  table.columns.push_back("row");
  const auto unknown = UnknownFilingColumns(table);
  ASSERT_EQ(unknown.status().code(), absl::StatusCode::kInvalidArgument);
  const std::string message(unknown.status().message());
  EXPECT_THAT(message, HasSubstr("name, problem_solved"));
  EXPECT_THAT(message, HasSubstr("repeated columns: row"));
}

TEST(FilingColumns, TellTheUnknownFromThoseOfARejectedFile) {
  CsvTable table = Metering();
  EXPECT_THAT(*UnknownFilingColumns(table), IsEmpty());
  for (const char* name : {"line", "reason_zh", "reason_en", "备注", "Name"}) {
    table.columns.emplace_back(name);
  }
  EXPECT_THAT(*UnknownFilingColumns(table), ElementsAre("备注", "Name"));
}

TEST(FilingColumns, FieldTablesNeedTheirsToo) {
  const absl::Status status =
      CheckFieldColumns(*ParseCsv("series,name,meaning\nS,a,b\n"));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("type, classification"));
}

TEST(FilingColumns, StandForThePathsOfTheForm) {
  EXPECT_EQ(ColumnOf("deidentification.irreversible"), "irreversible");
  EXPECT_EQ(ColumnOf("deidentification"), "deid_method");
  EXPECT_EQ(ColumnOf("sources[0].contract_end"), "contract_end");
  EXPECT_EQ(ColumnOf("sources[12].category"), "source_categories");
  EXPECT_EQ(ColumnOf("scenario.scope"), "scenario_scope");
  EXPECT_EQ(ColumnOf("contact.phone"), "contact_phone");
  EXPECT_EQ(ColumnOf("prior_registrations[2].date"), "prior_registrations");
  EXPECT_EQ(ColumnOf("name"), "name");
  EXPECT_EQ(ColumnOf("sample.scan_findings"), "");
  EXPECT_EQ(ColumnOf("fields[3].name"), "");
  EXPECT_EQ(ColumnOf("scenario"), "");
  EXPECT_EQ(ColumnOf(""), "");
}

TEST(FilingColumns, EveryColumnStandsInTheManual) {
  const std::string manual =
      test::ReadFile(DATAIP_SOURCE_DIR "/docs/FILING.md");
  for (const std::string& column : Metering().columns) {
    EXPECT_THAT(manual, HasSubstr(absl::StrCat("| `", column, "` |")));
  }
}

rpc::v1::FieldViolation Quoted(const std::string& cell,
                               const std::string& message) {
  const CsvTable table =
      *ParseCsv(absl::StrCat("irreversible,name\n", CsvCell(cell), ",x\n"));
  rpc::v1::FieldViolation violation;
  violation.set_field("deidentification.irreversible");
  violation.set_message_zh(message);
  violation.set_message_en("wrong");
  QuoteCell(table, table.rows[0], violation);
  return violation;
}

TEST(QuoteCell, ShowsWhatWasTypedUnlessItIsShown) {
  EXPECT_EQ(Quoted("False", "有误").message_zh(), "有误(所填：“False”)");
  EXPECT_EQ(Quoted("False", "有误").message_en(), "wrong (typed: 'False')");
  EXPECT_EQ(Quoted("False", "“False”有误").message_zh(), "“False”有误");
  EXPECT_EQ(Quoted("", "有误").message_zh(), "有误");
}

TEST(QuoteCell, CutsALongCellBetweenCharacters) {
  std::string cell;
  for (int i = 0; i < 100; ++i) cell += "数";
  const std::string message = Quoted(cell, "有误").message_zh();
  EXPECT_LT(message.size(), 150u);
  EXPECT_THAT(message, HasSubstr("数…”)"));
}

}  // namespace
}  // namespace dataip::client
