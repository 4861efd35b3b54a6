#include "client/filing/filing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "client/filing/columns.h"
#include "client/filing/sample.h"
#include "core/base/hex.h"
#include "core/crypto/command_signature.h"
#include "nlohmann/json.hpp"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using ::testing::HasSubstr;

const char kMetering[] = DATAIP_SOURCE_DIR "/tests/data/metering";

class FilingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    table_ = *ReadCsvFile(std::string(kMetering) + "/applications.csv");
    fields_ = *FieldTables::Parse(
        *ReadCsvFile(std::string(kMetering) + "/fields.csv"));
    context_ = {.party_number = "P0000001",
                .data_dir = kMetering,
                .master_key = {},
                .fields = &fields_};
  }

  // The first row with one cell changed.
  FilingResult With(const std::string& column, const std::string& text) {
    CsvRow row = table_.rows[0];
    for (size_t i = 0; i < table_.columns.size(); ++i) {
      if (table_.columns[i] == column) row.cells[i] = text;
    }
    return MakeFiling(table_, row, context_);
  }

  CsvTable table_;
  FieldTables fields_;
  FilingContext context_;
};

TEST_F(FilingTest, NamesTheColumnThatCannotBeRead) {
  struct Case {
    const char* column;
    const char* text;
  };
  for (const Case& bad :
       {Case{"record_count", "many"}, Case{"record_count", "-1"},
        Case{"irreversible", "maybe"}, Case{"storage_format", "PAPER"},
        Case{"update_frequency", "SOMETIMES"}, Case{"public_state", "0"},
        Case{"source_categories", "ENTERPRISE;NOBODY"},
        Case{"prior_registrations", "浙江"}, Case{"file", "data/none.csv"},
        Case{"file", "../secret.csv"}, Case{"file", "/etc/passwd"},
        Case{"file", ""}}) {
    const FilingResult result = With(bad.column, bad.text);
    ASSERT_EQ(result.violations.size(), 1u) << bad.column << " " << bad.text;
    EXPECT_EQ(result.violations[0].field(), bad.column);
    EXPECT_FALSE(result.violations[0].message_zh().empty());
    EXPECT_FALSE(result.violations[0].message_en().empty());
  }
}

TEST_F(FilingTest, QuotesTheCellAsTypedAndListsTheAllowedWords) {
  const auto quotes = [this](const std::string& column, const std::string& text,
                             const std::string& words) {
    const FilingResult result = With(column, text);
    ASSERT_EQ(result.violations.size(), 1u) << column;
    for (const std::string& message : {result.violations[0].message_zh(),
                                       result.violations[0].message_en()}) {
      EXPECT_THAT(message, HasSubstr(text));
      EXPECT_THAT(message, HasSubstr(words));
    }
  };
  quotes("acquisition", "Found",
         "PUBLIC_AUTHORIZED_OPERATION, OPEN_DATA, OTHER");
  quotes("storage_format", "Paper", "EXCEL, CSV");
  quotes("source_categories", "Nobody", "PERSONAL, ENTERPRISE, PUBLIC");
  quotes("irreversible", "maybe", "true");
  quotes("prior_registrations", "浙江", "|");
}

TEST_F(FilingTest, TakesWordsInAnyCaseAndWithoutTheirPrefix) {
  EXPECT_EQ(With("storage_format", "csv").filing.form.storage_format(),
            v1::CSV);
  EXPECT_EQ(With("storage_format", "other").filing.form.storage_format(),
            v1::STORAGE_FORMAT_OTHER);
  EXPECT_EQ(With("acquisition", "OTHER").filing.form.sources(0).acquisition(),
            v1::ACQUISITION_OTHER);
}

TEST_F(FilingTest, TakesDatesAsSpreadsheetsSaveThem) {
  for (const char* date : {"2018/1/1", "2018/01/01", "2018-01-01"}) {
    EXPECT_EQ(With("coverage_from", date).filing.form.coverage_from(),
              "2018-01-01");
    EXPECT_EQ(With("prepared_from", date).filing.form.prepared_from(),
              "2018-01-01");
    EXPECT_EQ(With("prior_registrations", absl::StrCat("北京市|1|", date))
                  .filing.form.prior_registrations(0)
                  .date(),
              "2018-01-01");
  }
  // What is no such date stays as it is, for the registry to refuse.
  for (const char* text : {"2018/1", "18/1/1", "2018/1/1/1", "2018//1",
                           "2018/001/1", "2018-1-1", "x/y/z"}) {
    EXPECT_EQ(With("coverage_to", text).filing.form.coverage_to(), text);
  }
}

TEST_F(FilingTest, NamesTheKnownSeriesOnceForAnUnknownOne) {
  const FilingResult result = With("series", "S9 不存在");
  ASSERT_EQ(result.violations.size(), 1u);
  EXPECT_EQ(result.violations[0].field(), "series");
  EXPECT_THAT(result.violations[0].message_zh(), HasSubstr("S9 不存在"));
  EXPECT_THAT(result.violations[0].message_zh(),
              HasSubstr("S1 小时级用能数据"));
}

TEST_F(FilingTest, MakesAFormOfEveryRowOfTheMeteringSet) {
  ASSERT_EQ(table_.rows.size(), 54u);
  for (const CsvRow& row : table_.rows) {
    const FilingResult result = MakeFiling(table_, row, context_);
    ASSERT_TRUE(result.violations.empty())
        << row.line << ": " << result.violations[0].message_zh();
    const v1::ApplicationForm& form = result.filing.form;
    EXPECT_EQ(form.deposit().leaf_count() - 1, form.record_count());
    EXPECT_EQ(form.deposit().byte_size(), form.byte_size());
    EXPECT_EQ(form.sample().columns_size(), form.fields_size());
    EXPECT_EQ(form.sample().row_count(), 20u);
    EXPECT_EQ(result.filing.uploads.size(), 1u);
  }
}

TEST_F(FilingTest, TakesThePredecessorAndTheExplanationWhereTheyStand) {
  EXPECT_EQ(
      MakeFiling(table_, table_.rows[0], context_).filing.form.predecessor_no(),
      "");
  for (const char* column : {"predecessor_no", "duplicate_explanation"}) {
    table_.columns.emplace_back(column);
  }
  CsvRow row = table_.rows[0];
  row.cells.insert(row.cells.end(), {"20240000002", "采集的月份不同"});
  const FilingResult result = MakeFiling(table_, row, context_);
  EXPECT_THAT(result.violations, ::testing::IsEmpty());
  EXPECT_EQ(result.filing.form.predecessor_no(), "20240000002");
  EXPECT_EQ(result.filing.form.duplicate_explanation(), "采集的月份不同");
  EXPECT_THAT(*UnknownFilingColumns(table_), ::testing::IsEmpty());
}

TEST_F(FilingTest, OpensEveryCommitmentOfTheForm) {
  const Filing filing = MakeFiling(table_, table_.rows[0], context_).filing;
  const std::string phone = filing.form.contact().phone().digest();
  const std::string sample = filing.form.sample().file().sha256().digest();
  int found = 0;
  for (const v1::Opening& opening : filing.openings) {
    const hash::Hash digest = crypto::OpeningCommitment(
        hash::AsBytes(opening.salt()), hash::AsBytes(opening.value()));
    if (digest.text() == phone) {
      EXPECT_EQ(opening.value(), "0577-00000000");
      ++found;
    }
    if (digest.text() == sample) {
      EXPECT_EQ(opening.value(), filing.uploads[0].sha256.text());
      ++found;
    }
  }
  EXPECT_EQ(found, 2);
}

TEST_F(FilingTest, ShowsNoPersonalColumnInClearInTheSample) {
  const Filing filing = MakeFiling(table_, table_.rows[0], context_).filing;
  const std::string& ndjson = filing.uploads[0].bytes;
  const auto root =
      *hash::Hash::From(hash::AsBytes(filing.form.deposit().root()));
  size_t rows = 0;
  for (size_t at = 0, end; (end = ndjson.find('\n', at)) != std::string::npos;
       at = end + 1, ++rows) {
    const auto line = nlohmann::json::parse(ndjson.substr(at, end - at));
    const auto cells = *ParseCsvLine(line["row"].get<std::string>());
    EXPECT_EQ(cells[0], "7**");
    EXPECT_EQ(cells[1], "6**");
    proof::Path path;
    for (const auto& node : line["path"]) {
      path.push_back(
          *hash::Hash::From(*base::HexDecode(node.get<std::string>())));
    }
    EXPECT_TRUE(proof::VerifyInclusion(
        *hash::Hash::From(*base::HexDecode(line["leaf"].get<std::string>())),
        line["record"].get<uint64_t>(), filing.form.deposit().leaf_count(),
        path, root));
  }
  EXPECT_EQ(rows, 20u);
}

TEST_F(FilingTest, OneMasterKeyGivesOneSample) {
  const Filing first = MakeFiling(table_, table_.rows[0], context_).filing;
  const Filing again = MakeFiling(table_, table_.rows[0], context_).filing;
  EXPECT_EQ(first.uploads[0].sha256, again.uploads[0].sha256);
  context_.master_key[0] ^= 1;
  const Filing other = MakeFiling(table_, table_.rows[0], context_).filing;
  EXPECT_NE(first.form.deposit().root(), other.form.deposit().root());
}

TEST_F(FilingTest, FieldTableNamesTheLineOfAnUnknownClass) {
  const auto table = ParseCsv(
      "series,name,type,meaning,unit,nullable,classification\n"
      "S1,a,integer,甲,,false,SECRET\n");
  const auto fields = FieldTables::Parse(*table);
  EXPECT_EQ(fields.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(fields.status().message().find("2"), absl::string_view::npos);
}

}  // namespace
}  // namespace dataip::client
