#include "client/cli/checklist.h"

#include "tests/support/status_matchers.h"

namespace dataip::client {
namespace {

using ::dataip::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(ParseChecklist, NamesTheStatementsThatAreMissing) {
  EXPECT_THAT(ParseChecklist("sample,files,duplicates"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("missing): masking（")));
  EXPECT_THAT(ParseChecklist(""), StatusIs(absl::StatusCode::kInvalidArgument,
                                           HasSubstr("duplicates（")));
}

TEST(ParseChecklist, RefusesAnUnknownWord) {
  EXPECT_THAT(
      ParseChecklist("sample,masking,files,duplicates,coffee"),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("coffee")));
}

TEST(ParseChecklist, TakesAllFourInAnyOrder) {
  const auto checklist = ParseChecklist("duplicates,files,masking,sample");
  ASSERT_TRUE(checklist.ok());
  EXPECT_TRUE(checklist->sample_checked());
  EXPECT_TRUE(checklist->masking_checked());
  EXPECT_TRUE(checklist->files_checked());
  EXPECT_TRUE(checklist->duplicates_checked());
  EXPECT_TRUE(ParseChecklist(kAllStatements).ok());
}

TEST(ChecklistText, MarksWhatIsNotStated) {
  registry::v1::Checklist checklist;
  checklist.set_sample_checked(true);
  const std::string text = ChecklistText(checklist);
  EXPECT_THAT(text, HasSubstr("[x] sample"));
  EXPECT_THAT(text, HasSubstr("[ ] duplicates"));
  EXPECT_THAT(text, Not(HasSubstr("[x] masking")));
}

TEST(RuleLines, NamesEveryRuleWithWhatWasFound) {
  google::protobuf::RepeatedPtrField<registry::v1::Finding> findings;
  registry::v1::Finding& found = *findings.Add();
  found.set_rule("B08");
  found.set_field("fields[3].name");
  found.set_reason_zh("字段重名");
  found.set_remedy_zh("请改名");
  found.set_severity(registry::v1::FINDING_BLOCKS);
  registry::v1::Finding& other = *findings.Add();
  other.set_rule("REGION");
  other.set_reason_zh("没有这个区划");
  const std::string lines = RuleLines(findings);
  EXPECT_THAT(lines, HasSubstr("[x] B01 名称格式"));
  EXPECT_THAT(lines, HasSubstr("[ ] B08 字段表\n不予受理 [B08] "
                               "fields[3].name: 字段重名；请改名\n[x] B09"));
  EXPECT_THAT(lines, HasSubstr("[x] B24"));
  EXPECT_THAT(lines, HasSubstr("没有这个区划"));
  EXPECT_THAT(lines, Not(HasSubstr("[ ] B09")));
}

}  // namespace
}  // namespace dataip::client
