#include "client/cli/labels.h"

#include "tests/support/status_matchers.h"
#include "tests/unit/client/cli/every_value_named.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using ::dataip::testing::StatusIs;
using ::testing::HasSubstr;

TEST(LabelOf, HasTheSevenLabelsOfTheLivePlatform) {
  EXPECT_EQ(LabelOf(v1::UNDER_REVIEW), "待审核");
  EXPECT_EQ(LabelOf(v1::CORRECTION_REQUIRED), "待补正");
  EXPECT_EQ(LabelOf(v1::PUBLICITY), "公示中");
  EXPECT_EQ(LabelOf(v1::WITHDRAWN), "主动撤回");
  EXPECT_EQ(LabelOf(v1::REFUSED), "不予登记");
  EXPECT_EQ(LabelOf(v1::REGISTERED), "登记成功");
  EXPECT_EQ(LabelOf(v1::DEEMED_WITHDRAWN), "视为撤回");
}

TEST(LabelOf, NamesEveryKindOfLicence) {
  ExpectEveryValueNamed<v1::LicenceKind>();
  EXPECT_EQ(LabelOf(v1::SOLE), "排他许可");
  EXPECT_EQ(*ParseLicenceKind("sole"), v1::SOLE);
}

TEST(LicenceStateText, GoesByTheRealLastDay) {
  v1::Licence licence;
  licence.set_valid_to("2024-12-31");
  EXPECT_EQ(LicenceStateText(licence, "2024-12-31"), "待确认");
  EXPECT_EQ(LicenceStateText(licence, "2025-01-01"), "已终止");
  licence.set_confirmed_at_ms(1);
  EXPECT_EQ(LicenceStateText(licence, "2024-12-31"), "有效");
  licence.set_valid_from("2024-07-10");
  EXPECT_EQ(LicenceTermText(licence), "2024-07-10 至 2024-12-31");
  licence.set_ended_on("2024-08-31");
  EXPECT_EQ(LicenceTermText(licence), "2024-07-10 至 2024-08-31");
  EXPECT_EQ(LicenceStateText(licence, "2024-08-31"), "将终止");
  EXPECT_EQ(LicenceStateText(licence, "2024-09-01"), "已终止");
}

TEST(LabelOf, ShowsAnUnknownNumberAsItIs) {
  EXPECT_EQ(LabelOf(static_cast<v1::ApplicationState>(8)), "8");
}

TEST(ParseApplicationState, ListsTheKnownWordsForAnUnknownOne) {
  EXPECT_THAT(ParseApplicationState("done"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("under-review, correction-required")));
  EXPECT_THAT(ParseApplicationState("application-state-unspecified"),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ParseApplicationState, TakesHyphensAndEitherCase) {
  EXPECT_EQ(*ParseApplicationState("deemed-withdrawn"), v1::DEEMED_WITHDRAWN);
  EXPECT_EQ(*ParseApplicationState("PUBLICITY"), v1::PUBLICITY);
}

TEST(ParseInstant, RefusesWhatIsNotATime) {
  for (const char* text :
       {"", "2024", "2024-13-01", "2024-07-05T09", "2024-07-05 9 Uhr",
        "2024-07-05T25:00:00+08:00", "2024-07-05T25:00:00",
        "1969-12-31T00:00:00Z", "1969-12-31T00:00"}) {
    EXPECT_THAT(ParseInstant(text),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << text;
  }
}

TEST(ParseInstant, TakesSecondsOrNotAndADayInShanghai) {
  EXPECT_EQ(*ParseInstant("2024-06-20T09:00:00+08:00"), 1'718'845'200'000);
  EXPECT_EQ(*ParseInstant("2024-06-20T09:00+08:00"), 1'718'845'200'000);
  EXPECT_EQ(*ParseInstant("2024-06-20T01:00:00.250Z"), 1'718'845'200'250);
  EXPECT_EQ(*ParseInstant("2024-06-20"), 1'718'812'800'000);
}

TEST(ParseInstant, IsInShanghaiWithoutAnOffset) {
  for (const char* text : {"2024-06-20T09:00:00", "2024-06-20T09:00",
                           "2024-06-20 09:00:00", "2024-06-20 09:00"}) {
    EXPECT_EQ(*ParseInstant(text), 1'718'845'200'000) << text;
  }
}

TEST(ParseAge, RefusesWhatIsNotASpan) {
  for (const char* text :
       {"", "d", "-1d", "1w", "1.5d", "d7", "1 d", "9999999999999999999d"}) {
    EXPECT_THAT(ParseAge(text), StatusIs(absl::StatusCode::kInvalidArgument))
        << text;
  }
}

TEST(ParseAge, CountsDaysWhenNoUnitIsNamed) {
  EXPECT_EQ(*ParseAge("7"), 7 * 86'400'000LL);
  EXPECT_EQ(*ParseAge("7d"), 7 * 86'400'000LL);
  EXPECT_EQ(*ParseAge("36h"), 36 * 3'600'000LL);
  EXPECT_EQ(*ParseAge("90m"), 90 * 60'000LL);
  EXPECT_EQ(*ParseAge("0s"), 0);
}

}  // namespace
}  // namespace dataip::client
