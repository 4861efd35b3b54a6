#include "services/registry/page_token.h"

#include "core/base/limits.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace dataip::registryd {
namespace {

using ::dataip::testing::StatusIs;

const PageTokens& Tokens() {
  static const PageTokens* tokens = new PageTokens(std::string(32, 'k'));
  return *tokens;
}

TEST(PageTokens, RefuseGarbage) {
  const std::string too_long(limits::kPageTokenBytes + 1, 'A');
  for (const std::string& token :
       {std::string("x"), std::string("Z2FyYmFnZQ=="), std::string(64, 'A'),
        too_long}) {
    EXPECT_THAT(Tokens().Read("filter", token),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << token;
  }
}

TEST(PageTokens, RefuseEveryChangedCharacter) {
  const std::string token = Tokens().Make("filter", "20240000017");
  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'B' ? 'C' : 'B';
    EXPECT_FALSE(Tokens().Read("filter", changed).ok()) << i;
  }
}

TEST(PageTokens, RefuseAnotherFilterAndAnotherRegistry) {
  const std::string token = Tokens().Make("filter", "last");
  EXPECT_FALSE(Tokens().Read("filter2", token).ok());
  EXPECT_FALSE(PageTokens(std::string(32, 'j')).Read("filter", token).ok());
}

TEST(PageTokens, GiveBackWhatTheyWereMadeOf) {
  const std::string last("a\0b\xff", 4);
  EXPECT_EQ(*Tokens().Read("filter", Tokens().Make("filter", last)), last);
  EXPECT_EQ(*Tokens().Read("filter", ""), "");
}

TEST(PageSize, RefusesWhatIsOutOfRange) {
  for (const int32_t asked : {-1, 1'001, INT32_MIN, INT32_MAX}) {
    EXPECT_THAT(PageSize(asked), StatusIs(absl::StatusCode::kInvalidArgument));
  }
  EXPECT_EQ(*PageSize(0), 100u);
  EXPECT_EQ(*PageSize(1), 1u);
  EXPECT_EQ(*PageSize(1'000), 1'000u);
}

}  // namespace
}  // namespace dataip::registryd
