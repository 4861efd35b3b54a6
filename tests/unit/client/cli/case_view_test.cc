#include "client/cli/case_view.h"

#include "gmock/gmock.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

v1::Draft DraftOfThree() {
  v1::Draft draft;
  draft.set_draft_no("D20240000001");
  for (const char* party : {"P0000001", "P0000003", "P0000002"}) {
    v1::Applicant& applicant = *draft.mutable_form()->add_applicants();
    applicant.set_party_number(party);
    applicant.set_primary(std::string(party) == "P0000001");
  }
  draft.mutable_form()->set_client_reference("R-1");
  draft.set_form_sha256("\x01\xff");
  return draft;
}

TEST(DraftRecord, NamesWhoHasSignedAndWhoIsAwaited) {
  v1::Draft draft = DraftOfThree();
  EXPECT_THAT(AwaitedIn(draft), ElementsAre("P0000002", "P0000003"));
  draft.add_cosigned("P0000003");
  const Record record = DraftRecord(draft);
  EXPECT_THAT(record, Contains(Pair("状态", "待确认")));
  EXPECT_THAT(record, Contains(Pair("已确认", "P0000003")));
  EXPECT_THAT(record, Contains(Pair("等候确认", "P0000002")));
  EXPECT_THAT(record, Contains(Pair("申请表 SHA-256", "01ff")));
  draft.add_cosigned("P0000002");
  EXPECT_THAT(DraftRecord(draft), Contains(Pair("状态", "待提交")));
}

TEST(DraftRecord, AwaitsNobodyWhenItIsClosed) {
  v1::Draft draft = DraftOfThree();
  draft.set_closed(true);
  EXPECT_THAT(DraftRecord(draft), Contains(Pair("状态", "已放弃")));
  EXPECT_THAT(DraftRecord(draft),
              Not(Contains(Pair("等候确认", ::testing::_))));
  draft.set_application_no("20240000001");
  EXPECT_THAT(DraftRecord(draft), Contains(Pair("状态", "已提交 20240000001")));
}

TEST(ObjectionTable, ShowsTheDeadlineThatRuns) {
  v1::Objection objection;
  objection.set_objection_no("O20240000001");
  objection.mutable_forward_deadline()->set_due_date("2024-07-01");
  objection.mutable_reply_deadline()->set_due_date("2024-07-15");
  objection.set_state(v1::OBJECTION_FORWARDED);
  EXPECT_EQ(ObjectionTable({objection}).rows[0].back(), "2024-07-15");
  objection.set_state(v1::OBJECTION_ACCEPTED);
  EXPECT_EQ(ObjectionTable({objection}).rows[0].back(), "2024-07-01");
  objection.set_state(v1::OBJECTION_UPHELD);
  EXPECT_EQ(ObjectionTable({objection}).rows[0].back(), "");
}

TEST(AttorneyTable, SaysThatItCoversAll) {
  v1::PowerOfAttorney power;
  power.add_acts(v1::ACT_FILE);
  power.add_acts(v1::ACT_CORRECT);
  power.set_valid_from("2024-01-01");
  power.set_valid_to("2024-12-31");
  const Table table = AttorneyTable({power});
  EXPECT_THAT(table.rows[0], Contains("提交、确认申请；补正"));
  EXPECT_THAT(table.rows[0], Contains("全部"));
  EXPECT_THAT(table.rows[0], Contains("2024-01-01 至 2024-12-31"));
}

}  // namespace
}  // namespace dataip::client
