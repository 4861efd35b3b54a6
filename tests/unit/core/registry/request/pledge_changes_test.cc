// Pledges changed by agreement (C5).
#include "core/crypto/command_signature.h"
#include "core/registry/certificate/certificate_content.h"
#include "tests/unit/core/registry/request/request_fixture.h"

namespace dataip::registry {
namespace {

using namespace ::dataip::rpc::v1;  // NOLINT: the reasons
using ::dataip::testing::Allows;
using ::dataip::testing::Digest32;
using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::dataip::testing::Refuses;
using ::testing::ElementsAre;

constexpr char kAt[] = "file_request.body.pledge.";

// Pledged to the licensee.
class PledgeChanges : public ::dataip::testing::RequestFixture {
 protected:
  PledgeChanges() { pledge_ = Pledged(); }

  // Half the amount.
  v1::RequestBody ChangePledge(void (*edit)(v1::PledgeRequest&) = nullptr) {
    v1::RequestBody body;
    v1::PledgeRequest* pledge = body.mutable_pledge();
    pledge->set_action(v1::PledgeRequest::CHANGE);
    pledge->set_pledge_no(pledge_);
    pledge->mutable_amount()->set_currency("CNY");
    pledge->mutable_amount()->set_fen(50'000'000);
    pledge->set_valid_to("2025-07-04");
    pledge->set_contract_no("ZY-2024-1");
    pledge->set_salt(Digest32('c'));
    if (edit != nullptr) edit(*pledge);
    return body;
  }

  Decision Changed(void (*edit)(v1::PledgeRequest&)) {
    return Ask(ChangePledge(edit));
  }

  // In the second rank, to the person.
  std::string PledgedAgain() {
    v1::RequestBody body = Pledge('2');
    body.mutable_pledge()->set_pledgee(fixture_.person);
    const std::string request = Filed(body);
    fixture_.Do(Cosign(request, fixture_.person), {"person"});
    return Granted(request).at(1).pledge_registered().pledge().pledge_no();
  }

  const v1::Pledge& Now() { return fixture_.state().pledges.at(pledge_); }

  std::string pledge_;
};

TEST_F(PledgeChanges, AreAskedForByAHolderOrThatPledgee) {
  EXPECT_THAT(
      fixture_.Decide(File(ChangePledge(), fixture_.person), {"person"}),
      Refuses(NOT_ALLOWED, "C5", "actor"));
  EXPECT_THAT(Ask(ChangePledge()), Allows());
  EXPECT_THAT(
      fixture_.Decide(File(ChangePledge(), fixture_.licensee), {"licensee"}),
      Allows());
  // Another pledgee is asked, and does not ask.
  PledgedAgain();
  EXPECT_THAT(
      fixture_.Decide(File(ChangePledge(), fixture_.person), {"person"}),
      Refuses(NOT_ALLOWED, "C5", "actor"));
}

TEST_F(PledgeChanges, TakeTheConsentOfHoldersAndOfAllPledgees) {
  const std::string early = Filed(ChangePledge());
  EXPECT_THAT(Request(early).cosigners(), ElementsAre(fixture_.licensee));
  PledgedAgain();
  fixture_.state()
      .certificates[number_]
      .mutable_content()
      ->add_holders()
      ->set_party_number("P0000009");
  // Who came after the filing is asked too, by another request.
  Consented(early);
  EXPECT_THAT(fixture_.Decide(Grant(early), {kExaminer, kApprover}),
              Refuses(RULE_REFUSES, "C5", "request_no"));
  fixture_.Do(Withdraw(early, fixture_.enterprise), {"enterprise"});
  const std::string later = Filed(ChangePledge(), "licensee");
  EXPECT_THAT(Request(later).cosigners(),
              ElementsAre(fixture_.enterprise, fixture_.person, "P0000009"));
}

// Each is written on the pledge as it is: a second one granted after the first
// would undo it.
TEST_F(PledgeChanges, AreOpenOneAtATimeWhoeverAsks) {
  const std::string first = Filed(ChangePledge());
  EXPECT_THAT(
      fixture_.Decide(File(ChangePledge(), fixture_.licensee), {"licensee"}),
      Refuses(RULE_REFUSES, "C5", "file_request.body"));
  // The pledgee may always give it up, once.
  v1::RequestBody release;
  release.mutable_pledge()->set_action(v1::PledgeRequest::RELEASE);
  release.mutable_pledge()->set_pledge_no(Now().pledge_no());
  Filed(release, "licensee");
  EXPECT_THAT(fixture_.Decide(File(release, fixture_.licensee), {"licensee"}),
              Refuses(RULE_REFUSES, "C5", "file_request.body"));
  fixture_.Do(Withdraw(first, fixture_.enterprise), {"enterprise"});
  EXPECT_FALSE(Filed(ChangePledge()).empty());
}

TEST_F(PledgeChanges, KeepPledgeeFirstDayAndRank) {
  PledgedAgain();
  const v1::Pledge before = Now();
  const std::string request = Filed(ChangePledge([](v1::PledgeRequest& body) {
    body.set_valid_to("2026-01-31");
    body.set_contract_no("ZY-2024-1B");
  }));
  Consented(request);
  EXPECT_THAT(fixture_.Decide(Grant(request), {kExaminer, kApprover}),
              Refuses(RULE_REFUSES, "C5", "request_no"));
  fixture_.Do(Cosign(request, fixture_.person), {"person"});
  const std::string other = Newest().status().overlays(1).commitment();
  const Events events = Granted(request);
  ASSERT_EQ(events.size(), 3u);
  v1::Pledge expected = before;
  expected.mutable_amount()->set_fen(50'000'000);
  expected.set_valid_to("2026-01-31");
  expected.set_contract_no("ZY-2024-1B");
  const std::string bytes = SerializeCanonical(expected);
  EXPECT_EQ(SerializeCanonical(events[1].pledge_changed().pledge()), bytes);
  EXPECT_EQ(SerializeCanonical(Now()), bytes);
  const v1::StatusRecord& status = Newest().status();
  ASSERT_EQ(status.overlays_size(), 2);
  EXPECT_EQ(status.overlays(0).rank(), 1u);
  EXPECT_EQ(status.overlays(0).commitment(),
            crypto::OpeningCommitment(
                hash::AsBytes(events[1].pledge_changed().salt()),
                hash::AsBytes(bytes))
                .text());
  EXPECT_EQ(status.overlays(1).commitment(), other);
  EXPECT_EQ(Request(request).state(), v1::REQUEST_GRANTED);
  Granted(Filed(RequestFixture::Release(pledge_), "licensee"));
  ASSERT_EQ(Newest().status().overlays_size(), 1);
  EXPECT_EQ(Newest().status().overlays(0).commitment(), other);
}

TEST_F(PledgeChanges, AreWhole) {
  const std::string at = kAt;
  EXPECT_THAT(Changed([](auto& body) { body.set_pledge_no("G2"); }),
              Refuses(INVALID_FIELD, "C5", at + "pledge_no"));
  EXPECT_THAT(Changed([](auto& body) { body.set_pledgee("P0000002"); }),
              Refuses(INVALID_FIELD, "C5", at + "pledgee"));
  EXPECT_THAT(Changed([](auto& body) { body.set_valid_from("2024-07-05"); }),
              Refuses(INVALID_FIELD, "C5", at + "valid_from"));
  EXPECT_THAT(Changed([](auto& body) { body.clear_amount(); }),
              Refuses(INVALID_FIELD, "C5", at + "amount"));
  EXPECT_THAT(Changed([](auto& body) { body.set_valid_to("2024-07-04"); }),
              Refuses(INVALID_FIELD, "C5", at + "valid_to"));
  EXPECT_THAT(Changed([](auto& body) { body.clear_contract_no(); }),
              Refuses(INVALID_FIELD, "C5", at + "contract_no"));
  EXPECT_THAT(Changed([](auto& body) { body.clear_salt(); }),
              Refuses(INVALID_FIELD, "C5", at + "salt"));
  EXPECT_THAT(
      Changed([](auto& body) { body.mutable_amount()->set_fen(100'000'000); }),
      Refuses(INVALID_FIELD, "C5", "file_request.body.pledge"));
}

TEST_F(PledgeChanges, AreBarredByAFreezeAndByARevocation) {
  const std::string request = Filed(ChangePledge());
  Consented(request);
  const std::string freeze = Frozen(number_);
  EXPECT_THAT(Ask(ChangePledge()),
              Refuses(RULE_REFUSES, "C5", "certificate_number"));
  EXPECT_THAT(fixture_.Decide(Grant(request), {kExaminer, kApprover}),
              Refuses(RULE_REFUSES, "C5", "certificate_number"));
  fixture_.Do(OrderFixture::Release(freeze, number_), {kExaminer, kApprover});
  Opened(number_);
  EXPECT_THAT(Ask(ChangePledge()),
              Refuses(RULE_REFUSES, "C5", "certificate_number"));
}

// Of one that was released before the grant nothing is left to change.
TEST_F(PledgeChanges, LoseTheirPledgeByItsRelease) {
  const std::string by_holder = Filed(ChangePledge());
  Consented(by_holder);
  Granted(Filed(RequestFixture::Release(pledge_), "licensee"));
  EXPECT_THAT(fixture_.Decide(Grant(by_holder), {kExaminer, kApprover}),
              Refuses(INVALID_FIELD, "C5", "request.body.pledge.pledge_no"));
}

TEST_F(PledgeChanges, OfThePledgeeLoseItByItsReleaseToo) {
  const std::string by_pledgee = Filed(ChangePledge(), "licensee");
  fixture_.Do(Cosign(by_pledgee, fixture_.enterprise), {"enterprise"});
  Granted(Filed(RequestFixture::Release(pledge_), "licensee"));
  EXPECT_THAT(fixture_.Decide(Grant(by_pledgee), {kExaminer, kApprover}),
              Refuses(RULE_REFUSES, "C5", "request_no"));
}

}  // namespace
}  // namespace dataip::registry
