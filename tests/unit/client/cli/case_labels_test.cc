#include "client/cli/case_labels.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/cli/enum_words.h"
#include "core/base/text.h"
#include "gmock/gmock.h"
#include "tests/unit/client/cli/every_value_named.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(CaseLabels, NameEveryValueOfEveryEnum) {
  ExpectEveryValueNamed<v1::ObjectionState>();
  ExpectEveryValueNamed<v1::ObjectionRight>();
  ExpectEveryValueNamed<v1::ProceedingsKind>();
  ExpectEveryValueNamed<v1::AttorneyAct>();
  ExpectEveryValueNamed<v1::DisclosureTier>();
  ExpectEveryValueNamed<v1::QueueStep>();
  ExpectEveryValueNamed<v1::DueLight>();
  EXPECT_EQ(LabelOf(v1::DUE_LIGHT_UNSPECIFIED), "");
}

TEST(CaseLabels, AreParsedWithAndWithoutTheirPrefix) {
  EXPECT_EQ(*ParseObjectionRight("trade-secret"), v1::RIGHT_TRADE_SECRET);
  EXPECT_EQ(*ParseObjectionRight("RIGHT_TRADE_SECRET"), v1::RIGHT_TRADE_SECRET);
  EXPECT_EQ(*ParseObjectionState("forwarded"), v1::OBJECTION_FORWARDED);
  EXPECT_EQ(*ParseProceedingsKind("suit"), v1::SUIT);
  EXPECT_EQ(*ParseAttorneyAct("certificate"), v1::ACT_CERTIFICATE);
  EXPECT_EQ(*ParseDisclosureTier("sealed"), v1::TIER_SEALED);
  const auto wrong = ParseProceedingsKind("war");
  EXPECT_TRUE(absl::IsInvalidArgument(wrong.status()));
  EXPECT_THAT(std::string(wrong.status().message()),
              HasSubstr("suit, arbitration, complaint"));
  EXPECT_FALSE(ParseAttorneyAct("unspecified").ok());
  EXPECT_THAT(EnumWords<v1::DisclosureTier>("TIER_"),
              ElementsAre("public", "examiner", "sealed"));
}

TEST(SpanText, CountsDaysAndHours) {
  constexpr int64_t kHour = 3'600'000;
  EXPECT_EQ(SpanText(0), "不足 1 小时");
  EXPECT_EQ(SpanText(kHour - 1), "不足 1 小时");
  EXPECT_EQ(SpanText(23 * kHour), "23 小时");
  EXPECT_EQ(SpanText(76 * kHour), "3 天 4 小时");
}

TEST(QueueTable, HasNoFalseZeroWithoutADueDay) {
  v1::QueueLine draft;
  draft.set_object_no("D20240000001");
  draft.set_step(v1::STEP_COSIGN);
  draft.add_parties("P0000002");
  draft.add_parties("P0000003");
  v1::QueueLine late;
  late.set_object_no("20240000001");
  late.set_due_date("2024-07-04");
  late.set_working_days_left(-2);
  late.set_light(v1::DUE_RED);
  late.set_step(v1::STEP_CORRECT);
  const Table table = QueueTable({draft, late});
  EXPECT_THAT(table.head, ElementsAre("对象", "等候", "期限", "剩余", "主体"));
  EXPECT_THAT(table.rows[0], ElementsAre("D20240000001", "待共同申请人确认", "",
                                         "", "P0000002、P0000003"));
  EXPECT_THAT(table.rows[1],
              ElementsAre("20240000001", "待补正", "2024-07-04", "-2 红", ""));
}

TEST(QueueTable, TellsAnObjectorThatItMayProveProceedings) {
  v1::QueueLine line;
  line.set_object_no("O20240000001");
  line.set_case_no("20240000001");
  line.set_step(v1::STEP_PROCEEDINGS);
  line.set_due_date("2024-07-04");
  EXPECT_THAT(QueueTable({line}).rows[0], Contains("等候诉讼、仲裁等程序"));
  line.add_parties("P0000003");
  EXPECT_THAT(QueueTable({line}).rows[0], Contains("可证明诉讼等程序"));
}

TEST(QueueTable, FitsATerminal) {
  v1::QueueLine line;
  line.set_object_no("Q20240000001");
  line.set_case_no("20240733000000001");
  line.set_name("供热调度与能耗分析用2018年1月智能热量表小时级用能数据集");
  line.set_step(v1::STEP_PROCEEDINGS);
  line.set_due_date("2024-07-04");
  line.set_working_days_left(-12);
  line.set_light(v1::DUE_RED);
  line.add_parties("P0000002");
  line.set_claimed_by("officers/examiner-1");
  const Table table = QueueTable({line});
  EXPECT_EQ(table.rows[0].back(), "examiner-1");
  const std::vector<std::string> text =
      absl::StrSplit(FormatTable(table), '\n');
  EXPECT_LE(base::DisplayWidth(text[1]), 120u) << text[1];
  // An application is its own case.
  line.set_object_no("20240000001");
  line.set_case_no("20240000001");
  EXPECT_EQ(QueueTable({line}).head.size(), table.head.size() - 1);
}

}  // namespace
}  // namespace dataip::client
