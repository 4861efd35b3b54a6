// Papers of objections, requests, orders, powers and imports, for those who see
// what they belong to; the history of a case with an objection.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "client/status.h"
#include "tests/integration/registry/bureau.h"
#include "tests/integration/registry/office.h"
#include "tests/support/status_matchers.h"

namespace dataip::test {
namespace {

using Names = std::vector<std::string>;

constexpr auto kNotYours = rpc::v1::NOT_FOR_THIS_READER;

class Papers : public ::testing::Test {
 protected:
  client::RegistryClient& As(const std::string& actor) {
    return office_.bureau.As(actor);
  }

  // The content, or the error's reason.
  std::string Read(const std::string& actor, const std::string& object_no,
                   const std::string& kind, uint32_t position = 0) {
    const auto file = As(actor).Download({"", kind, position, object_no});
    return file.ok() ? file->content
                     : rpc::v1::Reason_Name(client::ReasonOf(file.status()));
  }

  void ExpectClosedTo(const Names& actors, const std::string& object_no,
                      const std::string& kind) {
    for (const std::string& actor : actors) {
      EXPECT_EQ(Read(actor, object_no, kind), rpc::v1::Reason_Name(kNotYours))
          << actor;
    }
  }

  void ExpectOpenTo(const Names& actors, const std::string& object_no,
                    const std::string& kind, const std::string& content) {
    for (const std::string& actor : actors) {
      EXPECT_EQ(Read(actor, object_no, kind), content) << actor;
    }
  }

  Office office_;
};

TEST_F(Papers, OfAnObjectionAreReadByBothSides) {
  const std::string number = *office_.bureau.File("a");
  ASSERT_OK(office_.bureau.OpenNotice(number));
  const std::string objection = office_.Object(number);
  const std::string evidence = "热量表采集记录";
  ExpectOpenTo({kExaminer, kApprover, "root", kLicensee}, objection, "evidence",
               evidence);
  ExpectClosedTo({kEnterprise, kThird, "stranger"}, objection, "evidence");
  office_.Forward(objection);
  ExpectOpenTo({kEnterprise}, objection, "evidence", evidence);
  office_.Answer(objection, "自有设备采购合同");
  ExpectOpenTo({kExaminer, kLicensee, kEnterprise}, objection, "answer",
               "自有设备采购合同");
  ExpectClosedTo({kThird}, objection, "answer");
  EXPECT_EQ(Read(kExaminer, objection, "sample"), "NOT_FOUND");
  EXPECT_EQ(Read(kExaminer, objection, "evidence", 1), "NOT_FOUND");
  EXPECT_EQ(Read(kExaminer, "O20240000099", "evidence"), "NOT_FOUND");
  EXPECT_EQ(Read(kExaminer, "", "evidence"), "NOT_FOUND");
  const auto both = As(kExaminer).Download({number, "sample", 0, objection});
  EXPECT_EQ(client::ReasonOf(both.status()), rpc::v1::INVALID_FIELD);
}

TEST_F(Papers, OfACertificateAreReadByThoseWithAPart) {
  const std::string certificate = office_.Certify("a");
  const std::string request = office_.AskTransfer(certificate, "转让合同");
  ExpectOpenTo({kExaminer, kEnterprise, kLicensee}, request, "contract",
               "转让合同");
  ExpectClosedTo({kThird}, request, "contract");
  const std::string revocation =
      office_.OpenRevocation(certificate, "终审判决书");
  ExpectOpenTo({kExaminer, kEnterprise}, revocation, "judgment", "终审判决书");
  ExpectClosedTo({kLicensee, kThird, "stranger"}, revocation, "judgment");
  EXPECT_EQ(Read(kExaminer, revocation, "statement"), "NOT_FOUND");
  office_.StateIn(revocation, "核对记录");
  ExpectOpenTo({kExaminer, kEnterprise}, revocation, "statement", "核对记录");
  ExpectClosedTo({kLicensee, kThird}, revocation, "statement");
  const std::string freeze = office_.Freeze(certificate, "保全裁定书");
  ExpectOpenTo({kApprover, kEnterprise}, freeze, "decision", "保全裁定书");
  ExpectClosedTo({kLicensee, "stranger"}, freeze, "decision");
}

TEST_F(Papers, OfPowersDraftsAndImportsAreRead) {
  const std::string power = office_.Empower(
      {kEnterprise, "enterprise", kLicensee, v1::ACT_LICENCE, "委托书"});
  ExpectOpenTo({kExaminer, kEnterprise, kLicensee}, power, "power", "委托书");
  ExpectClosedTo({kThird}, power, "power");
  const std::string draft = office_.Prepare("joint");
  EXPECT_OK(As(kThird).Download({"", "sample", 0, draft}));
  ExpectClosedTo({kLicensee}, draft, "sample");
  const std::string imported = office_.Import("旧平台登记记录");
  ExpectOpenTo({kExaminer, kEnterprise}, imported, "record", "旧平台登记记录");
  ExpectClosedTo({kLicensee, "stranger"}, imported, "record");
  EXPECT_EQ(Read(kExaminer, imported, "sample"), "NOT_FOUND");
  const std::string issued = office_.Certify("a");
  EXPECT_EQ(Read(kExaminer, issued, "record"), "NOT_FOUND");
}

class CaseHistory : public Papers {
 protected:
  std::vector<v1::HistoryStep> Steps(const std::string& actor,
                                     const std::string& number) {
    const auto found = As(actor).GetApplication(number);
    EXPECT_OK(found);
    if (!found.ok()) return {};
    return {found->history().begin(), found->history().end()};
  }
  Names Events(const std::string& actor, const std::string& number) {
    Names events;
    for (const v1::HistoryStep& step : Steps(actor, number)) {
      events.push_back(step.event());
    }
    return events;
  }
};

TEST_F(CaseHistory, NamesAllWhoSignedToThoseWhoMayKnow) {
  const std::string number = *office_.bureau.File("a");
  const auto signers = [&](const std::string& actor, size_t at) {
    const auto step = Steps(actor, number).at(at);
    return Names(step.signers().begin(), step.signers().end());
  };
  EXPECT_EQ(signers(kExaminer, 0), Names{kEnterprise});
  EXPECT_EQ(signers("stranger", 0), Names{}) << "who applies is not public yet";
  ASSERT_OK(office_.bureau.OpenNotice(number));
  for (const char* actor : {kExaminer, kEnterprise, "stranger"}) {
    EXPECT_EQ(signers(actor, 1), (Names{kApprover, kExaminer})) << actor;
  }
  office_.Object(number);
  EXPECT_EQ(signers(kLicensee, 2), Names{kLicensee});
  EXPECT_EQ(signers(kEnterprise, 2), Names{}) << "the objector is not told";
}

TEST_F(CaseHistory, HasTheWholeOfADismissedObjection) {
  const std::string number = *office_.bureau.File("a");
  ASSERT_OK(office_.bureau.OpenNotice(number));
  const std::string objection = office_.Object(number);
  office_.Forward(objection);
  office_.Answer(objection, "自有设备采购合同");
  office_.Dismiss(objection);
  ASSERT_OK(office_.bureau.AdvanceTo(kClockStartMs + 60 * kDayMs));
  ASSERT_OK(office_.bureau.Register(number));
  const Names whole = {
      "ApplicationSubmitted", "NoticeOpened",        "ObjectionFiled",
      "ObjectionAccepted",    "ObjectionForwarded",  "ObjectionAnswered",
      "ObjectionDismissed",   "NoticeResumed",       "ApplicationRegistered",
      "CertificateIssued",    "CertificateAnnounced"};
  for (const char* actor : {kExaminer, kEnterprise, kLicensee}) {
    EXPECT_EQ(Events(actor, number), whole) << actor;
  }
  const Names shown = {"ApplicationSubmitted", "NoticeOpened",
                       "ObjectionAccepted",    "ObjectionDismissed",
                       "NoticeResumed",        "ApplicationRegistered",
                       "CertificateIssued",    "CertificateAnnounced"};
  EXPECT_EQ(Events("stranger", number), shown);
}

TEST_F(CaseHistory, TellsNobodyWhoObjectsBeforeItIsForwarded) {
  const std::string number = *office_.bureau.File("a");
  ASSERT_OK(office_.bureau.OpenNotice(number));
  office_.WithdrawObjection(office_.Object(number));
  const Names whole = {"ApplicationSubmitted", "NoticeOpened", "ObjectionFiled",
                       "ObjectionWithdrawn"};
  EXPECT_EQ(Events(kEnterprise, number), whole);
  for (const char* actor : {kEnterprise, kThird, "stranger"}) {
    for (const v1::HistoryStep& step : Steps(actor, number)) {
      EXPECT_NE(step.actor(), kLicensee) << step.event() << " to " << actor;
    }
  }
  for (const char* actor : {kExaminer, kLicensee}) {
    EXPECT_EQ(Steps(actor, number)[2].actor(), kLicensee) << actor;
  }
}

}  // namespace
}  // namespace dataip::test
