// What the actor of a command is told of its events.
#include "services/registry/answers.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"

namespace dataip::registryd {
namespace {

using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::dataip::testing::RegistryFixture;

class Answers : public ::testing::Test {
 protected:
  // The answer to a filing that resembles that case, as the actor gets it.
  v1::DuplicateReport Told(const std::string& actor,
                           const std::string& application_no) {
    v1::SubmitCommandResponse answer;
    v1::DuplicateReport& report = *answer.add_events()
                                       ->mutable_application_submitted()
                                       ->mutable_application()
                                       ->mutable_duplicates();
    v1::SimilarApplication& line = *report.add_similar();
    line.set_application_no(application_no);
    line.set_same_file(true);
    report.set_score(1000);
    report.set_same_series(2);
    EXPECT_TRUE(TellsOfOthers(answer));
    CutToReader(Caller{actor}, fixture_.state(), answer);
    return answer.events(0).application_submitted().application().duplicates();
  }

  RegistryFixture fixture_ = RegistryFixture::Ready();
};

TEST_F(Answers, NameCasesOfOthersFromTheirNoticeOn) {
  const std::string number = fixture_.Submit("R-1");
  for (const std::string& actor :
       {std::string(kExaminer), fixture_.enterprise}) {
    EXPECT_EQ(Told(actor, number).similar_size(), 1) << actor;
    EXPECT_EQ(Told(actor, number).score(), 1000u) << actor;
  }
  const v1::DuplicateReport hidden = Told(fixture_.licensee, number);
  EXPECT_EQ(hidden.similar_size(), 0);
  EXPECT_EQ(hidden.score(), 0u);
  EXPECT_EQ(hidden.same_series(), 2u);
  EXPECT_EQ(hidden.reason_en().find(number), std::string::npos);
  fixture_.Do(fixture_.NoticeCommand(number), {kExaminer, kApprover});
  EXPECT_EQ(Told(fixture_.licensee, number).similar_size(), 1);
}

TEST_F(Answers, NameWhoMustConsentToThoseOfTheCertificate) {
  v1::Certificate& sheet = fixture_.state().certificates["20240000001"];
  sheet.mutable_content()->set_number("20240000001");
  sheet.set_number("20240000001");
  sheet.mutable_content()->add_holders()->set_party_number(fixture_.enterprise);
  v1::SubmitCommandResponse answer;
  auto* request =
      answer.add_events()->mutable_request_filed()->mutable_request();
  request->set_certificate_number("20240000001");
  request->add_cosigners(fixture_.person);
  EXPECT_TRUE(TellsOfOthers(answer));
  CutToReader(Caller{fixture_.enterprise}, fixture_.state(), answer);
  EXPECT_EQ(request->cosigners_size(), 1);
  CutToReader(Caller{fixture_.licensee}, fixture_.state(), answer);
  EXPECT_EQ(request->cosigners_size(), 0);
}

}  // namespace
}  // namespace dataip::registryd
