// Queues as officers and parties see them, and certificates that end soon.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "client/status.h"
#include "tests/integration/registry/bureau.h"
#include "tests/integration/registry/office.h"
#include "tests/support/status_matchers.h"

namespace dataip::test {
namespace {

template <typename Answer>
rpc::v1::Reason Reason(const Answer& answer) {
  return client::ReasonOf(answer.status());
}

void Claim(Bureau& bureau, const std::string& number) {
  v1::Command command;
  command.set_version(bureau.Application(number).version());
  command.mutable_claim_application()->set_application_no(number);
  EXPECT_OK(bureau.Do(kExaminer, {"examiner-1"}, command));
}

std::vector<std::string> NumbersOf(const std::vector<v1::QueueLine>& lines) {
  std::vector<std::string> numbers;
  for (const v1::QueueLine& line : lines) numbers.push_back(line.object_no());
  return numbers;
}

v1::ListQueueRequest ClaimedBy(const std::string& officer) {
  v1::ListQueueRequest request;
  request.set_claimed_by(officer);
  return request;
}

TEST(QueueReads, ShowOfficersWhatWaitsForThem) {
  Office office;
  Bureau& bureau = office.bureau;
  bureau.UploadShared();
  std::vector<std::string> filed;
  for (const char* reference : {"a", "b", "c"}) {
    filed.push_back(*bureau.File(reference));
  }
  Claim(bureau, filed[1]);
  ASSERT_OK(bureau.AskCorrection(filed[2]));
  const auto all = bureau.As(kExaminer).ListQueue({});
  ASSERT_OK(all);
  EXPECT_EQ(NumbersOf(*all), (std::vector<std::string>{filed[0], filed[1]}));
  const v1::QueueLine& line = all->front();
  EXPECT_EQ(line.case_no(), filed[0]);
  EXPECT_NE(line.name(), "");
  EXPECT_EQ(line.state(), v1::UNDER_REVIEW);
  EXPECT_EQ(line.step(), v1::STEP_REVIEW);
  EXPECT_NE(line.due_date(), "");
  EXPECT_EQ(line.light(), v1::DUE_GREEN);
  EXPECT_GT(line.working_days_left(), 0);
  EXPECT_EQ(line.claimed_by(), "");
  EXPECT_EQ((*all)[1].claimed_by(), kExaminer);
  const auto of = [&](const std::string& officer) {
    return NumbersOf(*bureau.As(kApprover).ListQueue(ClaimedBy(officer)));
  };
  EXPECT_EQ(of("none"), std::vector<std::string>{filed[0]});
  EXPECT_EQ(of(kExaminer), std::vector<std::string>{filed[1]});
  EXPECT_TRUE(of(kApprover).empty());
  EXPECT_EQ(Reason(bureau.As(kExaminer).ListQueue(ClaimedBy("nobody"))),
            rpc::v1::INVALID_FIELD);
  v1::ListQueueRequest paged;
  paged.set_page_size(1);
  EXPECT_EQ(NumbersOf(*bureau.As(kExaminer).ListQueue(paged)), NumbersOf(*all));
  paged.set_page_size(1'001);
  EXPECT_EQ(Reason(bureau.As(kExaminer).ListQueue(paged)),
            rpc::v1::INVALID_FIELD);
  paged.set_page_size(1);
  paged.set_page_token("AAAA");
  EXPECT_EQ(Reason(bureau.As(kExaminer).ListQueue(paged)),
            rpc::v1::INVALID_FIELD);
  for (const char* actor : {kEnterprise, "stranger", "officers/nobody"}) {
    EXPECT_EQ(Reason(bureau.As(actor).ListQueue({})),
              rpc::v1::NOT_FOR_THIS_READER);
  }
}

TEST(QueueReads, CountWhatIsLateAndWhoseTimeItTook) {
  Office office;
  Bureau& bureau = office.bureau;
  const std::string number = *bureau.File("a");
  // Far behind every deadline of the review.
  ASSERT_OK(bureau.AdvanceTo(kClockStartMs + 200 * kDayMs));
  const auto lines = bureau.As("root").ListQueue({});
  ASSERT_OK(lines);
  ASSERT_EQ(lines->size(), 1u);
  EXPECT_EQ(lines->front().light(), v1::DUE_RED);
  EXPECT_LT(lines->front().working_days_left(), 0);
  EXPECT_EQ(lines->front().staff_time_ms(), 200 * kDayMs);
  EXPECT_EQ(lines->front().applicant_time_ms(), 0);
  EXPECT_EQ(lines->front().waiting_time_ms(), 0);
  EXPECT_EQ(lines->front().object_no(), number);
}

TEST(QueueReads, ShowPartiesWhatIsExpectedOfThem) {
  Office office;
  Bureau& bureau = office.bureau;
  const std::string draft = office.Prepare("joint");
  const std::string number = *bureau.File("a");
  Claim(bureau, number);
  ASSERT_OK(bureau.AskCorrection(number));
  v1::ListExpectedRequest request;
  const auto own = bureau.As(kEnterprise).ListExpected(request);
  ASSERT_OK(own);
  EXPECT_EQ(NumbersOf(*own), (std::vector<std::string>{number, draft}));
  EXPECT_EQ((*own)[0].step(), v1::STEP_CORRECT);
  EXPECT_EQ((*own)[0].parties(0), kEnterprise);
  EXPECT_EQ((*own)[0].claimed_by(), "") << "not for parties";
  EXPECT_NE((*own)[1].name(), "");
  EXPECT_EQ((*own)[1].step(), v1::STEP_COSIGN);
  EXPECT_EQ((*own)[1].parties(0), kThird);
  request.set_page_size(1);
  EXPECT_EQ(NumbersOf(*bureau.As(kEnterprise).ListExpected(request)),
            NumbersOf(*own));
  request.set_party("91330100716105852F");
  EXPECT_OK(bureau.As(kEnterprise).ListExpected(request));
  EXPECT_EQ(NumbersOf(*bureau.As(kExaminer).ListExpected(request)),
            NumbersOf(*own));
  EXPECT_EQ(Reason(bureau.As(kThird).ListExpected(request)),
            rpc::v1::NOT_FOR_THIS_READER);
  EXPECT_EQ(NumbersOf(*bureau.As(kThird).ListExpected({})),
            std::vector<std::string>{draft});
  EXPECT_EQ(Reason(bureau.As("stranger").ListExpected({})),
            rpc::v1::NOT_FOR_THIS_READER);
  EXPECT_EQ(Reason(bureau.As(kExaminer).ListExpected({})),
            rpc::v1::INVALID_FIELD);
  request.set_party("P0000099");
  EXPECT_EQ(Reason(bureau.As(kExaminer).ListExpected(request)),
            rpc::v1::NOT_FOUND);
}

TEST(QueueReads, ShowAgentsTheOpenCasesOfTheirPrincipals) {
  Office office;
  Bureau& bureau = office.bureau;
  const std::string draft = office.Prepare("joint");
  const std::string number = *bureau.File("a");
  const auto expected = [&] {
    return NumbersOf(*bureau.As(kLicensee).ListExpected({}));
  };
  EXPECT_TRUE(expected().empty());
  office.Empower({kEnterprise, "enterprise", kLicensee, v1::ACT_CORRECT});
  EXPECT_EQ(expected(), std::vector<std::string>{number});
  office.Empower({kEnterprise, "enterprise", kLicensee, v1::ACT_FILE});
  EXPECT_EQ(expected(), (std::vector<std::string>{number, draft}));
  ASSERT_OK(bureau.AdvanceTo(kClockStartMs + 31 * kDayMs));
  EXPECT_TRUE(expected().empty()) << "the powers are over";
}

TEST(QueueReads, TellAnybodyWhatEndsSoon) {
  Office office;
  Bureau& bureau = office.bureau;
  const std::string ends = office.Certify("a", "2024-08-31");
  v1::ListExpiringRequest request;
  const auto all = bureau.As("stranger").ListExpiring(request);
  ASSERT_OK(all);
  ASSERT_EQ(all->size(), 1u);
  EXPECT_EQ(all->front().number(), ends);
  EXPECT_NE(all->front().name(), "");
  EXPECT_EQ(all->front().valid_to(), "2024-08-31");
  EXPECT_EQ(all->front().renewable_from(), "2024-02-29");
  EXPECT_EQ(all->front().days_left(), 57);
  request.set_party("91330100716105852F");
  EXPECT_EQ(bureau.As("stranger").ListExpiring(request)->size(), 1u);
  request.set_party(kLicensee);
  EXPECT_TRUE(bureau.As("stranger").ListExpiring(request)->empty());
  request.set_page_size(-1);
  EXPECT_EQ(Reason(bureau.As("stranger").ListExpiring(request)),
            rpc::v1::INVALID_FIELD);
  request.set_page_size(1);
  request.set_page_token("AAAA");
  EXPECT_EQ(Reason(bureau.As("stranger").ListExpiring(request)),
            rpc::v1::INVALID_FIELD);
}

}  // namespace
}  // namespace dataip::test
