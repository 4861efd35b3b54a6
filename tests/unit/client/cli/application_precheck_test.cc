#include "client/cli/application_precheck.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/registry/values/civil_date.h"

namespace dataip::client {
namespace {

using registry::Severity;

constexpr int64_t kFiledAtMs = 1'718'845'200'000;  // 2024-06-20T09:00+08:00

CheckedTable Check(const std::string& csv, const std::string& data_dir,
                   size_t* rows = nullptr) {
  const std::string root = DATAIP_SOURCE_DIR "/tests/data/";
  const CsvTable table = *ReadCsvFile(root + csv);
  const FieldTables fields =
      *FieldTables::Parse(*ReadCsvFile(root + data_dir + "/fields.csv"));
  registry::PrecheckContext context;
  context.form.filed_at_ms = kFiledAtMs;
  context.form.issued_at = registry::FromUnixMs(kFiledAtMs);
  const FilingContext filing{.party_number = "P0000001",
                             .data_dir = root + data_dir,
                             .master_key = {},
                             .fields = &fields};
  size_t told = 0;
  CheckedTable checked =
      PrecheckTable(table, filing, context, [&told] { ++told; });
  EXPECT_EQ(told, table.rows.size());
  if (rows != nullptr) *rows = table.rows.size();
  return checked;
}

TEST(ApplicationPrecheck, TheMeteringRowsPassAndAreFourSeries) {
  const CheckedTable checked = Check("metering/applications.csv", "metering");
  ASSERT_EQ(checked.rows.size(), 54u);
  for (const CheckedRow& row : checked.rows) {
    for (const registry::Finding& finding : row.findings) {
      ADD_FAILURE() << "line " << row.line << ": " << finding.rule << " "
                    << finding.field << " " << finding.reason_en;
    }
  }
  EXPECT_EQ(checked.Count(Severity::kBlocks), 0u);
  EXPECT_EQ(checked.Count(Severity::kWarns), 0u);
  ASSERT_EQ(checked.series.size(), 4u);
  EXPECT_EQ(checked.series.at("S1 小时级用能数据"), 36u);
}

TEST(ApplicationPrecheck, BadRowsComeBackWithReasonAndRemedy) {
  size_t rows = 0;
  const CheckedTable checked = Check("bad.csv", "bad", &rows);
  ASSERT_EQ(checked.rows.size(), rows);
  // Rows that only the registry's tables can tell are not blocked here.
  EXPECT_GT(checked.Count(Severity::kBlocks), rows - 10);
  std::set<std::string> rules;
  for (const CheckedRow& row : checked.rows) {
    for (const registry::Finding& finding : row.findings) {
      rules.insert(finding.rule);
      EXPECT_FALSE(finding.reason_zh.empty()) << "line " << row.line;
      EXPECT_FALSE(finding.reason_en.empty()) << "line " << row.line;
      EXPECT_FALSE(finding.remedy_zh.empty()) << "line " << row.line;
      EXPECT_FALSE(finding.remedy_en.empty()) << "line " << row.line;
    }
  }
  for (const char* rule : {"B01", "B05", "B06", "B08", "B10", "B11", "B15",
                           "B16", "B17", "B18", "CSV"}) {
    EXPECT_EQ(rules.count(rule), 1u) << rule;
  }
}

TEST(ApplicationPrecheck, TheSameFileTwiceWarnsInTheLaterRow) {
  const CheckedTable checked = Check("bad.csv", "bad");
  const CheckedRow* first = nullptr;
  for (const CheckedRow& row : checked.rows) {
    if (row.file_sha256.empty()) continue;
    const bool warned = std::any_of(
        row.findings.begin(), row.findings.end(), [](const auto& finding) {
          return finding.rule == "B18" && finding.severity == Severity::kWarns;
        });
    if (first == nullptr) {
      first = &row;
      EXPECT_FALSE(warned);
    } else if (row.file_sha256 == first->file_sha256) {
      EXPECT_TRUE(warned) << "line " << row.line;
    }
  }
}

}  // namespace
}  // namespace dataip::client
