// What holders ask: who may, who must consent, what stands against it.
#include <memory>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/certificate/certificate_content.h"
#include "tests/unit/core/registry/request/request_fixture.h"

namespace dataip::registry {
namespace {

using namespace ::dataip::rpc::v1;  // NOLINT: the reasons
using ::dataip::testing::Allows;
using ::dataip::testing::DocumentFile;
using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::dataip::testing::Refuses;

class Requests : public ::dataip::testing::RequestFixture {};

TEST_F(Requests, AreFiledByWhoMayAsk) {
  EXPECT_THAT(fixture_.Decide(File(Change(), fixture_.person), {"person"}),
              Refuses(NOT_ALLOWED, "C1", "actor"));
  EXPECT_THAT(fixture_.Decide(File(Transfer(v1::ASSIGNMENT), fixture_.licensee),
                              {"licensee"}),
              Refuses(NOT_ALLOWED, "C2", "actor"));
  // Who held it may be no more.
  for (v1::TransferKind kind :
       {v1::MERGER, v1::SPLIT, v1::INHERITANCE, v1::JUDGMENT}) {
    EXPECT_THAT(
        fixture_.Decide(File(Transfer(kind), fixture_.licensee), {"licensee"}),
        Allows())
        << kind;
  }
  EXPECT_THAT(fixture_.Decide(File(Pledge(), fixture_.licensee), {"licensee"}),
              Allows());
  EXPECT_THAT(Ask(Release("G20240000001")),
              Refuses(NOT_ALLOWED, "C5", "actor"));
  EXPECT_THAT(Ask(Change()), Allows());
}

TEST_F(Requests, NeedACertificateAtItsVersion) {
  v1::Command command = File(Change(), fixture_.enterprise);
  command.set_version(9);
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(VERSION_CONFLICT, "VERSION", "version"));
  command.mutable_file_request()->set_certificate_number("2024");
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(NOT_FOUND, "EXISTS", "file_request.certificate_number"));
}

TEST_F(Requests, AskForSomething) {
  EXPECT_THAT(Ask({}), Refuses(INVALID_FIELD, "REQUEST", "file_request.body"));
  v1::RequestBody body = Cancellation();
  body.mutable_cancellation()->set_reason("x");
  EXPECT_THAT(Ask(body), Refuses(INVALID_FIELD, "REASON",
                                 "file_request.body.cancellation.reason"));
  body = Replacement();
  body.mutable_replacement()->clear_reason();
  EXPECT_THAT(Ask(body), Refuses(INVALID_FIELD, "REASON",
                                 "file_request.body.replacement.reason"));
  body.mutable_correction()->set_error("规模有误");
  EXPECT_THAT(Ask(body), Refuses(INVALID_FIELD, "C10",
                                 "file_request.body.correction.values"));
}

TEST_F(Requests, ChangesAreOfTodayAndGrow) {
  v1::RequestBody body = Change();
  body.mutable_change()->set_changed_on("2024-07-06");
  EXPECT_THAT(Ask(body), Refuses(INVALID_FIELD, "C1",
                                 "file_request.body.change.changed_on"));
  body.mutable_change()->set_changed_on("2024-07-05");
  EXPECT_THAT(Ask(body), Allows());
  // Later than the profile says: the register is to become true all the same.
  body.mutable_change()->set_changed_on("2024-06-20");
  EXPECT_THAT(Ask(body), Allows());
  body.mutable_change()->set_record_count(696);
  EXPECT_THAT(Ask(body), Refuses(RULE_REFUSES, "C1",
                                 "file_request.body.change.record_count"));
  body.mutable_change()->set_record_count(697);
  EXPECT_THAT(Ask(body),
              Refuses(INVALID_FIELD, "C1", "file_request.body.change"));
  body.mutable_change()->set_region_code("999999");
  EXPECT_THAT(Ask(body), Refuses(INVALID_FIELD, "REGION",
                                 "file_request.body.change.region_code"));
  body = Change();
  body.mutable_change()->set_name("智能热量表平台");
  EXPECT_THAT(Ask(body),
              Refuses(INVALID_FIELD, "B01", "file_request.body.change.name"));
}

// The profile leaves ten working days.
TEST_F(Requests, ChangesSayThatTheyAreLate) {
  v1::RequestBody body = Change();
  body.mutable_change()->set_changed_on("2024-06-21");
  const std::string in_time = Filed(body);
  EXPECT_FALSE(Request(in_time).late());
  fixture_.Do(Withdraw(in_time, fixture_.enterprise), {"enterprise"});
  body.mutable_change()->set_changed_on("2024-06-20");
  EXPECT_TRUE(Request(Filed(body)).late());
  v1::RequestBody correction;
  correction.mutable_correction()->set_error("记录数多登了一百条");
  *correction.mutable_correction()->mutable_values() = body.change();
  EXPECT_FALSE(Request(Filed(correction)).late());
}

TEST_F(Requests, ChangesAreNeverLateWithoutATimeInTheProfile) {
  for (auto& [sha256, values] : fixture_.state().profiles) {
    values = std::make_shared<const Profile>();
  }
  v1::RequestBody body = Change();
  body.mutable_change()->set_changed_on("2023-06-20");
  EXPECT_FALSE(Request(Filed(body)).late());
}

TEST_F(Requests, TransfersNameNewHoldersAndADocument) {
  const std::string holders = "file_request.body.transfer.new_holders";
  v1::RequestBody body = Transfer(v1::TRANSFER_KIND_UNSPECIFIED);
  EXPECT_THAT(Ask(body),
              Refuses(INVALID_FIELD, "C2", "file_request.body.transfer.kind"));
  body = Transfer(v1::ASSIGNMENT);
  body.mutable_transfer()->mutable_new_holders(0)->set_share_bp(9000);
  EXPECT_THAT(Ask(body), Refuses(INVALID_FIELD, "C2", holders));
  body.mutable_transfer()->mutable_new_holders(0)->set_share_bp(0);
  *body.mutable_transfer()->add_new_holders() = body.transfer().new_holders(0);
  EXPECT_THAT(Ask(body), Refuses(INVALID_FIELD, "C2", holders));
  body.mutable_transfer()->mutable_new_holders()->RemoveLast();
  body.mutable_transfer()->mutable_new_holders(0)->set_party_number(
      fixture_.enterprise);
  EXPECT_THAT(Ask(body), Refuses(INVALID_FIELD, "C2", holders));
  body = Transfer(v1::ASSIGNMENT);
  body.mutable_transfer()->clear_document();
  EXPECT_THAT(Ask(body), Refuses(INVALID_FIELD, "FILE",
                                 "file_request.body.transfer.document"));
  body = Transfer(v1::ASSIGNMENT);
  body.mutable_transfer()->clear_document_no();
  EXPECT_THAT(Ask(body), Refuses(INVALID_FIELD, "C2",
                                 "file_request.body.transfer.document_no"));
}

TEST_F(Requests, PledgesAreWhole) {
  const auto with = [&](void (*change)(v1::PledgeRequest&)) {
    v1::RequestBody body = Pledge();
    change(*body.mutable_pledge());
    return Ask(body);
  };
  const std::string at = "file_request.body.pledge.";
  EXPECT_THAT(with([](auto& pledge) { pledge.clear_action(); }),
              Refuses(INVALID_FIELD, "C5", at + "action"));
  EXPECT_THAT(with([](auto& pledge) { pledge.set_pledgee("P0000001"); }),
              Refuses(INVALID_FIELD, "C5", at + "pledgee"));
  EXPECT_THAT(with([](auto& pledge) { pledge.clear_amount(); }),
              Refuses(INVALID_FIELD, "C5", at + "amount"));
  EXPECT_THAT(with([](auto& pledge) { pledge.set_valid_to("2024-07-04"); }),
              Refuses(INVALID_FIELD, "C5", at + "valid_to"));
  EXPECT_THAT(with([](auto& pledge) { pledge.clear_contract_no(); }),
              Refuses(INVALID_FIELD, "C5", at + "contract_no"));
  EXPECT_THAT(with([](auto& pledge) { pledge.set_salt("short"); }),
              Refuses(INVALID_FIELD, "C5", at + "salt"));
}

TEST_F(Requests, RenewalsAreFiledInTheirWindow) {
  EXPECT_THAT(Ask(Renewal()),
              Refuses(RULE_REFUSES, "C3", "file_request.body.renewal"));
  fixture_.AdvanceTo(EndOfDayMs({2027, 1, 3}));
  EXPECT_THAT(Ask(Renewal()),
              Refuses(RULE_REFUSES, "C3", "file_request.body.renewal"));
  fixture_.AdvanceTo(EndOfDayMs({2027, 1, 3}) + 1);
  EXPECT_THAT(Ask(Renewal()), Allows());
  v1::RequestBody body = Renewal();
  body.mutable_renewal()->set_statement_of_use("短");
  EXPECT_THAT(Ask(body), Refuses(INVALID_FIELD, "REASON",
                                 "file_request.body.renewal.statement_of_use"));
  body = Renewal();
  body.mutable_renewal()->set_valid_to("2027-07-04");
  EXPECT_THAT(Ask(body), Refuses(INVALID_FIELD, "C3",
                                 "file_request.body.renewal.valid_to"));
  body.mutable_renewal()->set_valid_to("2030-07-05");
  EXPECT_THAT(Ask(body), Refuses(RULE_REFUSES, "C3",
                                 "file_request.body.renewal.valid_to"));
  body.mutable_renewal()->set_valid_to("2030-07-04");
  EXPECT_THAT(Ask(body), Allows());
  body.mutable_renewal()->add_contract_ends("2029-01-01");
  EXPECT_THAT(Ask(body), Refuses(INVALID_FIELD, "C3",
                                 "file_request.body.renewal.contract_ends"));
  body = Renewal();
  body.mutable_renewal()->mutable_deposit();
  EXPECT_THAT(Ask(body), Refuses(INVALID_FIELD, "C3",
                                 "file_request.body.renewal.deposit"));
  fixture_.AdvanceTo(EndOfDayMs({2027, 7, 4}));
  EXPECT_THAT(Ask(Renewal()), Allows());
  fixture_.AdvanceTo(EndOfDayMs({2027, 7, 4}) + 1);
  EXPECT_THAT(Ask(Renewal()),
              Refuses(RULE_REFUSES, "C3", "file_request.body.renewal"));
}

TEST_F(Requests, AreOneOfAKindAtATime) {
  Filed(Change());
  EXPECT_THAT(Ask(Change()), Refuses(RULE_REFUSES, "C1", "file_request.body"));
  EXPECT_THAT(Ask(Cancellation()), Allows());
}

TEST_F(Requests, OfOthersStandInNoHoldersWay) {
  Filed(Transfer(v1::JUDGMENT), "licensee");
  EXPECT_THAT(Ask(Transfer(v1::ASSIGNMENT)), Allows());
  EXPECT_THAT(fixture_.Decide(File(Transfer(v1::JUDGMENT), fixture_.licensee),
                              {"licensee"}),
              Refuses(RULE_REFUSES, "C2", "file_request.body"));
  Filed(Pledge('1'), "licensee");
  EXPECT_THAT(
      fixture_.Decide(File(Pledge('2'), fixture_.licensee), {"licensee"}),
      Refuses(RULE_REFUSES, "NUMBERS", "file_request.body"));
  // So many of strangers that no other gets in.
  v1::Certificate& sheet = fixture_.state().certificates[number_];
  for (int i = 1; i < limits::kOpenRequestsOfOthers; ++i) {
    const std::string request_no = absl::StrCat("Q202400009", i);
    v1::CertificateRequest& open = fixture_.state().requests[request_no];
    open.set_request_no(request_no);
    open.set_requester(absl::StrCat("P900000", i));
    open.mutable_body()->mutable_pledge();
    sheet.add_open_requests(request_no);
    v1::RequestBody pledge = Pledge('3');
    pledge.mutable_pledge()->set_pledgee(fixture_.person);
    const Decision third =
        fixture_.Decide(File(pledge, fixture_.person), {"person"});
    if (i + 1 < limits::kOpenRequestsOfOthers) {
      EXPECT_THAT(third, Allows());
    } else {
      EXPECT_THAT(third, Refuses(RULE_REFUSES, "NUMBERS", "file_request.body"));
    }
  }
  // A successor is not kept out by them.
  v1::RequestBody to_another = Transfer(v1::JUDGMENT);
  to_another.mutable_transfer()->mutable_new_holders(0)->set_party_number(
      fixture_.person);
  EXPECT_THAT(fixture_.Decide(File(to_another, fixture_.person), {"person"}),
              Allows());
  for (int i = 0; i < limits::kOpenRequests; ++i) {
    EXPECT_FALSE(Filed(Pledge(static_cast<char>('A' + i))).empty());
  }
  EXPECT_THAT(Ask(Change()),
              Refuses(RULE_REFUSES, "NUMBERS", "file_request.body"));
  sheet.mutable_content()->add_holders()->set_party_number(fixture_.person);
  EXPECT_THAT(fixture_.Decide(File(Change(), fixture_.person), {"person"}),
              Allows());
}

TEST_F(Requests, RenewalsNeedTheConsentOfEachHolder) {
  fixture_.state()
      .certificates[number_]
      .mutable_content()
      ->add_holders()
      ->set_party_number(fixture_.licensee);
  fixture_.AdvanceTo(EndOfDayMs({2027, 7, 4}));
  const std::string number = Filed(Renewal());
  EXPECT_EQ(Request(number).state(), v1::REQUEST_AWAITING_COSIGN);
  EXPECT_THAT(fixture_.Decide(Grant(number), {kExaminer, kApprover}),
              Refuses(RULE_REFUSES, "C3", "request_no"));
  // Each may file; what one has renewed is not due to the other once more.
  const std::string other = Filed(Renewal(), "licensee");
  fixture_.Do(Cosign(other, fixture_.enterprise), {"enterprise"});
  Consented(number);
  Granted(number);
  EXPECT_EQ(Newest().content().valid_to(), "2030-07-04");
  EXPECT_THAT(fixture_.Decide(Grant(other), {kExaminer, kApprover}),
              Refuses(RULE_REFUSES, "C3", "request.body.renewal"));
}

TEST_F(Requests, AFreezeBarsTransferPledgeAndCancellation) {
  fixture_.Do(Freeze(number_), {kExaminer, kApprover});
  EXPECT_THAT(Ask(Transfer(v1::ASSIGNMENT)),
              Refuses(RULE_REFUSES, "C2", "certificate_number"));
  EXPECT_THAT(Ask(Pledge()), Refuses(RULE_REFUSES, "C5", "certificate_number"));
  EXPECT_THAT(Ask(Cancellation()),
              Refuses(RULE_REFUSES, "C6", "certificate_number"));
  EXPECT_THAT(Ask(Change()), Allows());
}

TEST_F(Requests, AnOpenRevocationBarsThem) {
  const std::string waiting = Filed(Replacement());
  Opened(number_);
  for (const v1::RequestBody& body :
       {Change(), Transfer(v1::ASSIGNMENT), Pledge(), Cancellation()}) {
    EXPECT_THAT(Ask(body),
                Refuses(RULE_REFUSES, RuleOf(body), "certificate_number"));
  }
  EXPECT_THAT(fixture_.Decide(Grant(waiting), {kExaminer, kApprover}),
              Refuses(RULE_REFUSES, "REQUEST", "certificate_number"));
}

TEST_F(Requests, WaitForTheirCosigners) {
  const std::string number = Filed(Transfer(v1::ASSIGNMENT));
  EXPECT_EQ(Request(number).state(), v1::REQUEST_AWAITING_COSIGN);
  ASSERT_EQ(Request(number).cosigners_size(), 1);
  EXPECT_EQ(Request(number).cosigners(0), fixture_.licensee);
  EXPECT_THAT(fixture_.Decide(Grant(number), {kExaminer, kApprover}),
              Refuses(RULE_REFUSES, "C2", "request_no"));
  const auto early = fixture_.Decide(Grant(number), {kExaminer, kApprover});
  EXPECT_THAT(std::get<Refusal>(early).violations[0].message_zh(),
              ::testing::HasSubstr("尚待 " + fixture_.licensee + " 同意"));
  EXPECT_THAT(fixture_.Decide(Cosign(number, fixture_.person), {"person"}),
              Refuses(NOT_ALLOWED, "C2", "actor"));
  Consented(number);
  EXPECT_EQ(Request(number).state(), v1::REQUEST_UNDER_REVIEW);
  EXPECT_EQ(Request(number).version(), 2u);
  EXPECT_THAT(fixture_.Decide(Cosign(number, fixture_.licensee), {"licensee"}),
              Refuses(RULE_REFUSES, "C2", "request_no"));
  EXPECT_THAT(fixture_.Decide(Grant(number), {kExaminer, kApprover}), Allows());
}

TEST_F(Requests, AreWithdrawnByWhoFiledThem) {
  const std::string number = Filed(Change());
  EXPECT_THAT(fixture_.Decide(Withdraw(number, fixture_.person), {"person"}),
              Refuses(NOT_ALLOWED, "C1", "actor"));
  EXPECT_THAT(
      fixture_.Decide(Withdraw("Q2", fixture_.enterprise), {"enterprise"}),
      Refuses(NOT_FOUND, "EXISTS", "request_no"));
  fixture_.Do(Withdraw(number, fixture_.enterprise), {"enterprise"});
  EXPECT_EQ(Request(number).state(), v1::REQUEST_WITHDRAWN);
  EXPECT_TRUE(Newest().open_requests().empty());
}

TEST_F(Requests, AreDecidedByTwoOfficersOnce) {
  const std::string number = Filed(Change());
  for (const v1::Command& command : {Grant(number), RefuseRequest(number)}) {
    EXPECT_THAT(fixture_.Decide(command, {kExaminer}),
                Refuses(NOT_ALLOWED, "TWO_OFFICERS", "actor"));
    v1::Command stale = command;
    stale.set_version(7);
    EXPECT_THAT(fixture_.Decide(stale, {kExaminer, kApprover}),
                Refuses(VERSION_CONFLICT, "VERSION", "version"));
  }
  v1::Command silent = RefuseRequest(number);
  silent.mutable_refuse_request()->clear_reason();
  EXPECT_THAT(fixture_.Decide(silent, {kExaminer, kApprover}),
              Refuses(INVALID_FIELD, "REASON", "refuse_request.reason"));
  fixture_.Do(RefuseRequest(number), {kExaminer, kApprover});
  EXPECT_EQ(Request(number).refusal_reason(), "材料不足");
  for (const v1::Command& command : {Grant(number), RefuseRequest(number)}) {
    EXPECT_THAT(fixture_.Decide(command, {kExaminer, kApprover}),
                Refuses(RULE_REFUSES, "C1", "request_no"));
  }
  EXPECT_THAT(
      fixture_.Decide(Withdraw(number, fixture_.enterprise), {"enterprise"}),
      Refuses(RULE_REFUSES, "C1", "request_no"));
}

}  // namespace
}  // namespace dataip::registry
