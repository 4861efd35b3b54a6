#include "client/cli/corrected_row.h"

#include "client/cli/correction_rows.h"
#include "client/cli/sealing.h"
#include "client/filing/csv_file.h"
#include "core/registry/form/form_path.h"
#include "gmock/gmock.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class UnchangedDefectsTest : public ::testing::Test {
 protected:
  UnchangedDefectsTest() {
    v1::ApplicationForm& form = *application_.mutable_form();
    form.set_name("甲");
    form.set_algorithm_summary("乙");
    form.add_sources()->set_method("丙");
    for (const char* field : {"name", "algorithm_summary", "name"}) {
      application_.add_defects()->set_field(field);
    }
  }

  v1::Application application_;
};

TEST_F(UnchangedDefectsTest, AreNamedOnceEach) {
  v1::ApplicationForm form = application_.form();
  EXPECT_THAT(UnchangedDefects(application_, form),
              ElementsAre("algorithm_summary", "name"));
  form.set_algorithm_summary("丁");
  EXPECT_THAT(UnchangedDefects(application_, form), ElementsAre("name"));
  form.set_name("戊");
  EXPECT_THAT(UnchangedDefects(application_, form), IsEmpty());
}

// Empty before and after, and yet another text.
TEST_F(UnchangedDefectsTest, LooksAtWhatIsSealed) {
  application_.clear_defects();
  application_.add_defects()->set_field("sources[0].method");
  v1::ApplicationForm& before = *application_.mutable_form();
  before.mutable_sources(0)->clear_method();
  v1::SealedField& sealed = *before.add_sealed();
  sealed.set_field("sources[0].method");
  sealed.mutable_value()->set_digest("one");
  v1::ApplicationForm form = before;
  EXPECT_THAT(UnchangedDefects(application_, form),
              ElementsAre("sources[0].method"));
  form.mutable_sealed(0)->mutable_value()->set_digest("other");
  EXPECT_THAT(UnchangedDefects(application_, form), IsEmpty());
}

// The first metering row, filed as it stands, and mended.
class CorrectRowTest : public ::testing::Test {
 protected:
  CorrectRowTest()
      : table_(*ReadCsvFile(std::string(kMetering) + "/applications.csv")),
        fields_(*FieldTables::Parse(
            *ReadCsvFile(std::string(kMetering) + "/fields.csv"))),
        row_(table_.rows.front()) {
    *application_.mutable_form() =
        MakeFiling(table_, row_, Context()).filing.form;
    application_.add_defects()->set_field("algorithm_summary");
  }

  FilingContext Context() const {
    return {.party_number = "P0000001",
            .data_dir = kMetering,
            .master_key = {},
            .fields = &fields_};
  }

  void Set(const std::string& column, const std::string& text) {
    for (size_t i = 0; i < table_.columns.size(); ++i) {
      if (table_.columns[i] == column) row_.cells[i] = text;
    }
  }

  CorrectedRow Corrected(const std::set<std::string>& reasons = {}) {
    return *CorrectRow(table_, row_, Context(), {application_, reasons});
  }

  std::set<std::string> Changed(const CorrectedRow& corrected) {
    return registry::ChangedFields(application_.form(), corrected.filing.form);
  }

  static constexpr char kMetering[] = DATAIP_SOURCE_DIR "/tests/data/metering";
  CsvTable table_;
  FieldTables fields_;
  CsvRow row_;
  v1::Application application_;
};

TEST_F(CorrectRowTest, ChangesNothingOfARowThatSaysTheSame) {
  const CorrectedRow corrected = Corrected();
  EXPECT_THAT(Changed(corrected), IsEmpty());
  EXPECT_THAT(corrected.kept, IsEmpty());
  EXPECT_THAT(corrected.filing.openings, IsEmpty());
  EXPECT_THAT(corrected.filing.uploads, IsEmpty());
}

TEST_F(CorrectRowTest, ChangesWhatTheRowSays) {
  Set("algorithm_summary", "改");
  Set("region_code", "330300");
  EXPECT_THAT(Changed(Corrected()),
              ElementsAre("algorithm_summary", "region_code"));
}

// Of a field that a defect names only the meaning changed.
TEST_F(CorrectRowTest, KeepsTheSampleWhereTheFieldsSampleTheSame) {
  application_.mutable_defects(0)->set_field("fields[3].meaning");
  application_.mutable_form()->mutable_fields(3)->set_meaning("旧");
  const CorrectedRow corrected = Corrected();
  EXPECT_THAT(Changed(corrected), ElementsAre("fields"));
  EXPECT_THAT(CheckCorrection(application_, corrected, {}), IsEmpty());
  EXPECT_THAT(corrected.filing.uploads, IsEmpty());
}

TEST_F(CorrectRowTest, KeepsTheSampleOfARowThatSaysTheSameOfItsFields) {
  application_.mutable_defects(0)->set_field("fields[3].meaning");
  EXPECT_THAT(Changed(Corrected()), IsEmpty());
}

TEST_F(CorrectRowTest, WantsAReasonForTheSampleOfOtherFields) {
  application_.mutable_defects(0)->set_field("fields[3].type");
  application_.mutable_form()->mutable_fields(3)->set_type("text");
  const CorrectedRow corrected = Corrected();
  EXPECT_THAT(Changed(corrected), ElementsAre("fields", "sample"));
  const Violations refused = CheckCorrection(application_, corrected, {});
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(refused[0].field(), "sample");
  EXPECT_THAT(refused[0].message_zh(), HasSubstr("--reason sample="));
  EXPECT_THAT(refused[0].message_en(), HasSubstr("made anew"));
  EXPECT_THAT(CheckCorrection(application_, Corrected({"sample"}),
                              {{"sample", "字段类型更正"}}),
              IsEmpty());
}

TEST_F(CorrectRowTest, MakesTheSampleAnewWhereADefectNamesIt) {
  application_.mutable_defects(0)->set_field("sample");
  EXPECT_THAT(Changed(Corrected()), ElementsAre("sample"));
}

TEST_F(CorrectRowTest, TellsOfWhatItKeepsAndTakesItForAReason) {
  Set("contact_role", "另一岗位");
  Set("prepared_from", "2024-01-02");
  const CorrectedRow kept = Corrected();
  EXPECT_THAT(Changed(kept), IsEmpty());
  EXPECT_THAT(kept.kept, ElementsAre("contact", "prepared_from"));
  const CorrectedRow taken = Corrected({"contact", "prepared_from"});
  EXPECT_THAT(Changed(taken), ElementsAre("contact", "prepared_from"));
  EXPECT_THAT(taken.kept, IsEmpty());
  EXPECT_FALSE(taken.filing.openings.empty()) << "of the new contact";
}

// The row of the table has the text that was sealed.
TEST_F(CorrectRowTest, TellsOfASealedTextThatItWouldPublish) {
  v1::ApplicationForm& filed = *application_.mutable_form();
  filed.clear_algorithm_summary();
  v1::SealedField& sealed = *filed.add_sealed();
  sealed.set_field("algorithm_summary");
  sealed.mutable_value()->set_digest("one");
  application_.mutable_defects(0)->set_field("name");
  Set("name", "另一名称");
  CorrectedRow corrected = Corrected();
  EXPECT_THAT(UnsealedTexts(application_, corrected.filing.form), IsEmpty())
      << "no defect names it: it stays sealed";
  EXPECT_THAT(CheckCorrection(application_, corrected, {}), IsEmpty());
  // Neither the defect nor a reason that counts for all rows lets it out.
  application_.mutable_defects(0)->set_field("algorithm_summary");
  Set("name", filed.name());
  for (const ChangeReasons& reasons :
       {ChangeReasons(), ChangeReasons{{"algorithm_summary", "说明用途"}}}) {
    corrected = Corrected();
    EXPECT_THAT(UnsealedTexts(application_, corrected.filing.form),
                ElementsAre("algorithm_summary"));
    const Violations refused =
        CheckCorrection(application_, corrected, reasons);
    ASSERT_EQ(refused.size(), 1u);
    EXPECT_EQ(refused[0].field(), "algorithm_summary");
    EXPECT_THAT(refused[0].message_zh(), HasSubstr("--seal"));
    EXPECT_THAT(refused[0].message_en(), HasSubstr("--reason"));
  }
  application_.mutable_defects(0)->set_field("name");
  EXPECT_THAT(
      UnsealedTexts(application_, Corrected({"algorithm_summary"}).filing.form),
      ElementsAre("algorithm_summary"));
  // Sealed anew it is no text any more.
  ASSERT_TRUE(SealField("algorithm_summary", corrected.filing).ok());
  EXPECT_THAT(UnsealedTexts(application_, corrected.filing.form), IsEmpty());
}

TEST_F(CorrectRowTest, RefusesACellThatCannotBeRead) {
  Set("record_count", "many");
  const auto corrected =
      CorrectRow(table_, row_, Context(), {.application = application_});
  EXPECT_TRUE(absl::IsInvalidArgument(corrected.status()));
}

}  // namespace
}  // namespace dataip::client
