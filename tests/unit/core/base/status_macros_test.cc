#include "core/base/status_macros.h"

#include <memory>

#include "tests/support/status_matchers.h"

namespace dataip::base {
namespace {

using ::dataip::testing::IsOk;
using ::dataip::testing::StatusIs;

absl::StatusOr<std::unique_ptr<int>> Make(bool works) {
  if (!works) return absl::NotFoundError("none");
  return std::make_unique<int>(7);
}

absl::StatusOr<int> Use(bool works) {
  ASSIGN_OR_RETURN(const std::unique_ptr<int> made, Make(works));
  ASSIGN_OR_RETURN(auto again, Make(true));
  return *made + *again;
}

absl::Status Pass(const absl::Status& status) {
  RETURN_IF_ERROR(status);
  return absl::CancelledError("went on");
}

TEST(AssignOrReturn, LeavesWithTheError) {
  EXPECT_THAT(Use(false), StatusIs(absl::StatusCode::kNotFound));
  ASSERT_OK_AND_ASSIGN(const int sum, Use(true));
  EXPECT_EQ(sum, 14);
}

TEST(ReturnIfError, LeavesWithTheErrorOnly) {
  EXPECT_THAT(Pass(absl::AbortedError("x")),
              StatusIs(absl::StatusCode::kAborted, "x"));
  EXPECT_THAT(Pass(absl::OkStatus()), StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(Pass(absl::OkStatus()), ::testing::Not(IsOk()));
}

TEST(DataipAssertDeathTest, EndsTheProcess) {
  DATAIP_ASSERT(1 + 1 == 2);
  EXPECT_DEATH(DATAIP_ASSERT(1 + 1 == 3), "assertion failed: 1 \\+ 1 == 3");
}

}  // namespace
}  // namespace dataip::base
