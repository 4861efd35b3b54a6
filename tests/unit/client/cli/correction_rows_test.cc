#include "client/cli/correction_rows.h"

#include "client/cli/row_corrections.h"
#include "client/row_answers.h"
#include "gmock/gmock.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kParty[] = "P0000001";

v1::ApplicationSummary Summary(const std::string& number,
                               const std::string& reference,
                               v1::ApplicationState state) {
  v1::ApplicationSummary one;
  one.set_application_no(number);
  one.set_client_reference(reference);
  one.set_party_number(kParty);
  one.set_name("名称 " + reference);
  one.set_state(state);
  return one;
}

TEST(MatchRows, TakesOnlyFirstRowsOfApplicationsThatWait) {
  const CsvTable table = *ParseCsv(
      "client_reference,x\nA,1\nB,1\nC,1\nA,1\n,1\n\"broken,1\nD,1\n");
  v1::ApplicationSummary others =
      Summary("20240000009", "D", v1::CORRECTION_REQUIRED);
  others.set_party_number("P0000002");
  const auto rows =
      MatchRows(table, kParty,
                {Summary("20240000001", "A", v1::CORRECTION_REQUIRED),
                 Summary("20240000002", "B", v1::PUBLICITY), others});
  ASSERT_EQ(rows.size(), table.rows.size());
  EXPECT_EQ(rows[0].result, CorrectionResult::kNotReached);
  EXPECT_EQ(rows[0].application_no, "20240000001");
  EXPECT_EQ(rows[0].name, "名称 A");
  EXPECT_EQ(rows[1].result, CorrectionResult::kNotOpen);
  EXPECT_THAT(rows[1].violations.front().message_zh(), HasSubstr("公示中"));
  EXPECT_EQ(rows[2].result, CorrectionResult::kNotOpen);
  EXPECT_EQ(rows[2].application_no, "");
  for (size_t i = 3; i < rows.size(); ++i) {
    if (rows[i].client_reference == "D") {
      EXPECT_EQ(rows[i].result, CorrectionResult::kNotOpen) << "of another";
      continue;
    }
    EXPECT_EQ(rows[i].result, CorrectionResult::kRejected) << i;
    EXPECT_FALSE(rows[i].violations.empty());
  }
  EXPECT_THAT(rows[3].violations.front().message_en(), HasSubstr("line 2"));
}

class CheckCorrectionTest : public ::testing::Test {
 protected:
  CheckCorrectionTest() {
    v1::ApplicationForm& form = *application_.mutable_form();
    form.set_name("甲");
    form.set_algorithm_summary("乙");
    form.set_region_code("330300");
    application_.add_defects()->set_field("algorithm_summary");
    corrected_.filing.form = form;
  }

  std::vector<std::string> Fields(const ChangeReasons& reasons = {}) {
    std::vector<std::string> fields;
    for (const auto& one : CheckCorrection(application_, corrected_, reasons)) {
      EXPECT_EQ(one.rule(), "T4");
      fields.push_back(one.field());
    }
    return fields;
  }

  v1::Application application_;
  CorrectedRow corrected_;
};

TEST_F(CheckCorrectionTest, RefusesARowThatChangesNothing) {
  EXPECT_THAT(Fields(), ElementsAre(""));
}

TEST_F(CheckCorrectionTest, WantsAReasonForWhatNoDefectNames) {
  v1::ApplicationForm& form = corrected_.filing.form;
  form.set_algorithm_summary("丙");
  EXPECT_THAT(Fields(), IsEmpty());
  form.set_name("丁");
  form.set_region_code("330302");
  EXPECT_THAT(Fields(), ElementsAre("name", "region_code"));
  EXPECT_THAT(Fields({{"name", "用途写明"}}), ElementsAre("region_code"));
  const ChangeReasons all = {{"name", "一"}, {"region_code", "二"}};
  EXPECT_THAT(Fields(all), IsEmpty());
}

TEST_F(CheckCorrectionTest, TellsOfWhatTheTableCouldNotChange) {
  corrected_.filing.form.set_algorithm_summary("丙");
  corrected_.kept = {"contact"};
  EXPECT_THAT(Fields(), ElementsAre("contact"));
}

TEST_F(CheckCorrectionTest, GivesOnlyReasonsThatAreNeeded) {
  const ChangeReasons reasons = {
      {"algorithm_summary", "已指出"}, {"name", "用途"}, {"series", "未改"}};
  const auto needed =
      ReasonsFor(application_, {"algorithm_summary", "name"}, reasons);
  ASSERT_EQ(needed.size(), 1u);
  EXPECT_EQ(needed[0].field(), "name");
  EXPECT_EQ(needed[0].reason(), "用途");
}

// A row as it is made anew: every commitment under a fresh salt.
CorrectedRow Made(const std::string& name, const std::string& phone) {
  CorrectedRow row;
  row.filing.form.set_name(name);
  *row.filing.form.mutable_contact()->mutable_phone() =
      Commit(phone, row.filing.openings);
  return row;
}

TEST(ContentOf, IsThatOfTheRowAndNotOfItsSalts) {
  const hash::Hash content = ContentOf(Made("甲", "1"), {});
  EXPECT_EQ(ContentOf(Made("甲", "1"), {}), content);
  EXPECT_NE(ContentOf(Made("乙", "1"), {}), content);
  EXPECT_NE(ContentOf(Made("甲", "2"), {}), content);
  EXPECT_NE(ContentOf(Made("甲", "1"), {{"name", "改"}}), content);
}

TEST(ContentOf, TellsListsApart) {
  EXPECT_NE(ContentOf(Made("甲", "1"), {{"a", "bc"}}),
            ContentOf(Made("甲", "1"), {{"ab", "c"}}));
}

TEST(KeepReceipt, TakesNoNameThatIsNoNumber) {
  for (const char* number : {"", "../20240000", "2024000000x"}) {
    EXPECT_TRUE(absl::IsDataLoss(
        KeepReceipt({"/nowhere", number, ".receipt"}, v1::Receipt())))
        << number;
  }
}

TEST(CorrectionsReport, CountsByResult) {
  CorrectionsReport report;
  report.rows.resize(3);
  report.rows[0].result = CorrectionResult::kCorrected;
  report.rows[1].result = CorrectionResult::kCorrected;
  EXPECT_EQ(report.Count(CorrectionResult::kCorrected), 2u);
  EXPECT_EQ(report.Count(CorrectionResult::kNotReached), 1u);
}

}  // namespace
}  // namespace dataip::client
