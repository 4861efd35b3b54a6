// GoogleMock matchers for absl::Status and absl::StatusOr; this abseil has
// none.
//
//   EXPECT_THAT(store.Append(entry), IsOk());
//   EXPECT_THAT(Parse(text), StatusIs(absl::StatusCode::kInvalidArgument));
//   EXPECT_THAT(Parse(text), StatusIs(absl::StatusCode::kNotFound,
//                                     HasSubstr("fields[3]")));
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/status_macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dataip::testing {

inline const absl::Status& StatusOf(const absl::Status& status) {
  return status;
}
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

MATCHER(IsOk, negation ? "is not OK" : "is OK") {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).ok();
}

MATCHER_P(StatusIs, code, "has code " + absl::StatusCodeToString(code)) {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code;
}

MATCHER_P2(StatusIs, code, message,
           "has code " + absl::StatusCodeToString(code) +
               " and a message that " +
               ::testing::DescribeMatcher<std::string>(message)) {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code &&
         ::testing::ExplainMatchResult(
             message, std::string(StatusOf(arg).message()), result_listener);
}

}  // namespace dataip::testing

#define EXPECT_OK(expression) EXPECT_THAT(expression, ::dataip::testing::IsOk())
#define ASSERT_OK(expression) ASSERT_THAT(expression, ::dataip::testing::IsOk())

#define DATAIP_ASSERT_OK_AND_ASSIGN_(result, target, expression) \
  auto result = (expression);                                    \
  ASSERT_TRUE(result.ok()) << result.status();                   \
  target = std::move(result).value()
#define ASSERT_OK_AND_ASSIGN(target, expression)                              \
  DATAIP_ASSERT_OK_AND_ASSIGN_(DATAIP_JOIN(dataip_result_, __LINE__), target, \
                               expression)
