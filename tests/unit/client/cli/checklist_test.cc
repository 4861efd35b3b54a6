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

}  // namespace
}  // namespace dataip::client
