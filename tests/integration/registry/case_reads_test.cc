// Drafts, powers, objections, requests and encumbrances as their readers see
// them; states on a day; profiles and tables.
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "client/status.h"
#include "core/registry/values/civil_date.h"
#include "dataip/registry/v1/registry_service.grpc.pb.h"
#include "tests/integration/registry/bureau.h"
#include "tests/integration/registry/office.h"
#include "tests/support/status_matchers.h"

namespace dataip::test {
namespace {

// Not there, not for this reader, not a question.
template <typename Answer>
rpc::v1::Reason Reason(const Answer& answer) {
  return client::ReasonOf(answer.status());
}

const std::vector<std::string>& Strangers() {
  static const auto* const kAll =
      new std::vector<std::string>{"stranger", "officers/nobody", "auditor"};
  return *kAll;
}
const std::vector<std::string>& Officials() {
  static const auto* const kAll =
      new std::vector<std::string>{kExaminer, kApprover, "root"};
  return *kAll;
}

template <typename Request>
Request Bad(int32_t page_size, const std::string& token) {
  Request request;
  request.set_page_size(page_size);
  request.set_page_token(token);
  return request;
}

TEST(CaseReads, ShowDraftsToThoseWhoSignThem) {
  Office office;
  Bureau& bureau = office.bureau;
  const std::string number = office.Prepare("joint");
  for (const std::string& actor :
       {std::string(kEnterprise), std::string(kThird)}) {
    const auto draft = bureau.As(actor).GetDraft(number);
    ASSERT_OK(draft);
    EXPECT_EQ(draft->draft().draft_no(), number);
    EXPECT_EQ(draft->draft().form().applicants_size(), 2);
    EXPECT_GT(draft->position().index(), 0u);
    EXPECT_EQ(bureau.As(actor).ListDrafts({})->size(), 1u);
  }
  for (const std::string& actor : Officials()) {
    EXPECT_OK(bureau.As(actor).GetDraft(number));
  }
  for (const std::string& actor : Strangers()) {
    EXPECT_EQ(Reason(bureau.As(actor).GetDraft(number)),
              rpc::v1::NOT_FOR_THIS_READER);
    EXPECT_TRUE(bureau.As(actor).ListDrafts({})->empty());
  }
  EXPECT_EQ(Reason(bureau.As(kExaminer).GetDraft("D20240000099")),
            rpc::v1::NOT_FOUND);
  office.Discard(number);
  EXPECT_TRUE(bureau.As(kEnterprise).ListDrafts({})->empty());
  v1::ListDraftsRequest closed;
  closed.set_closed(true);
  ASSERT_EQ(bureau.As(kEnterprise).ListDrafts(closed)->size(), 1u);
  EXPECT_TRUE(bureau.As(kEnterprise).ListDrafts(closed)->front().closed());
}

TEST(CaseReads, ShowAgentsTheCasesOfTheirPrincipals) {
  Office office;
  Bureau& bureau = office.bureau;
  const std::string draft = office.Prepare("joint");
  const std::string number = *bureau.File("a");
  const auto form_of = [&](const std::string& actor) {
    return bureau.As(actor).GetApplication(number)->application().form();
  };
  EXPECT_EQ(form_of(kLicensee).fields_size(), 0);
  const std::string power =
      office.Empower({kEnterprise, "enterprise", kLicensee, v1::ACT_FILE});
  EXPECT_EQ(form_of(kLicensee).fields_size(), 2);
  EXPECT_OK(bureau.As(kLicensee).Download({number, "sample", 0}));
  EXPECT_OK(bureau.As(kLicensee).GetDraft(draft));
  for (const std::string& actor :
       {std::string(kEnterprise), std::string(kLicensee),
        std::string(kExaminer)}) {
    ASSERT_EQ(bureau.As(actor).ListAttorneys({})->size(), 1u) << actor;
    EXPECT_EQ(bureau.As(actor).ListAttorneys({})->front().attorney_no(), power);
  }
  EXPECT_TRUE(bureau.As(kThird).ListAttorneys({})->empty());
  v1::ListAttorneysRequest filter;
  filter.set_party("914403001922038216");  // the agent's code
  EXPECT_EQ(bureau.As(kExaminer).ListAttorneys(filter)->size(), 1u);
  filter.set_party(kThird);
  EXPECT_TRUE(bureau.As(kExaminer).ListAttorneys(filter)->empty());
  ASSERT_OK(bureau.AdvanceTo(kClockStartMs + 31 * kDayMs));
  EXPECT_EQ(form_of(kLicensee).fields_size(), 0) << "the power is over";
  EXPECT_EQ(Reason(bureau.As(kLicensee).GetDraft(draft)),
            rpc::v1::NOT_FOR_THIS_READER);
}

TEST(CaseReads, ShowApplicantsAnObjectionOnceItIsForwarded) {
  Office office;
  Bureau& bureau = office.bureau;
  const std::string number = *bureau.File("a");
  ASSERT_OK(bureau.OpenNotice(number));
  const std::string objection_no = office.Object(number);
  const auto seen_by = [&](const std::string& actor) {
    return bureau.As(actor).GetObjection(objection_no);
  };
  ASSERT_OK(seen_by(kEnterprise));
  EXPECT_EQ(seen_by(kEnterprise)->objection().objector(), "");
  EXPECT_FALSE(seen_by(kEnterprise)->objection().has_claim());
  EXPECT_EQ(bureau.As(kEnterprise).ListObjections({})->front().objector(), "");
  EXPECT_EQ(seen_by(kLicensee)->objection().objector(), kLicensee);
  EXPECT_EQ(bureau.As(kLicensee)
                .GetApplication(number)
                ->application()
                .form()
                .fields_size(),
            0)
      << "an objector sees the public part";
  office.Forward(objection_no);
  ASSERT_OK(seen_by(kEnterprise));
  EXPECT_EQ(seen_by(kEnterprise)->objection().objector(), kLicensee);
  EXPECT_NE(seen_by(kEnterprise)->objection().claim().statement(), "");
  for (const std::string& actor : Officials()) {
    EXPECT_EQ(seen_by(actor)->objection().objector(), kLicensee);
  }
  for (const std::string& actor : Strangers()) {
    EXPECT_EQ(Reason(seen_by(actor)), rpc::v1::NOT_FOR_THIS_READER);
    EXPECT_TRUE(bureau.As(actor).ListObjections({})->empty());
  }
  EXPECT_EQ(Reason(bureau.As(kThird).GetObjection("O20240000099")),
            rpc::v1::NOT_FOUND);
  v1::ListObjectionsRequest filter;
  filter.set_application_no("20240000099");
  EXPECT_TRUE(bureau.As(kExaminer).ListObjections(filter)->empty());
  filter.set_application_no(number);
  EXPECT_EQ(bureau.As(kExaminer).ListObjections(filter)->size(), 1u);
  filter.add_states(v1::OBJECTION_FILED);
  EXPECT_TRUE(bureau.As(kExaminer).ListObjections(filter)->empty());
  filter.add_states(v1::OBJECTION_FORWARDED);
  EXPECT_EQ(bureau.As(kExaminer).ListObjections(filter)->size(), 1u);
}

// Numbers of objects that the actor is told of, of one party's or all.
std::set<std::string> ToldOf(Bureau& bureau, const std::string& actor,
                             const std::string& party) {
  const auto channel =
      client::MakeChannel(bureau.registry_address, bureau.TlsOf(actor));
  EXPECT_OK(channel);
  const auto stub = v1::RegistryService::NewStub(*channel);
  v1::FollowChangesRequest request;
  request.set_party(party);
  request.set_until_now(true);
  grpc::ClientContext context;
  const auto changes = stub->FollowChanges(&context, request);
  std::set<std::string> numbers;
  v1::Change change;
  while (changes->Read(&change)) {
    for (const auto& object : change.objects()) {
      numbers.insert(object.object_no());
    }
  }
  EXPECT_TRUE(changes->Finish().ok());
  return numbers;
}

TEST(CaseReads, TellApplicantsByNoFilterWhoObjects) {
  Office office;
  Bureau& bureau = office.bureau;
  const std::string number = *bureau.File("a");
  ASSERT_OK(bureau.OpenNotice(number));
  const std::string objection_no = office.Object(number);
  const auto told = [&](const std::string& actor, const std::string& party) {
    return ToldOf(bureau, actor, party).count(objection_no) > 0;
  };
  EXPECT_TRUE(told(kEnterprise, ""));
  EXPECT_TRUE(told(kEnterprise, kEnterprise));
  EXPECT_FALSE(told(kEnterprise, kLicensee));
  EXPECT_TRUE(told(kLicensee, kLicensee));
  EXPECT_TRUE(told(kExaminer, kLicensee));
  EXPECT_FALSE(told(kThird, ""));
}

TEST(CaseReads, ShowRequestsAndEncumbrancesToThoseWithAPart) {
  Office office;
  Bureau& bureau = office.bureau;
  const std::string certificate = office.Certify("a");
  const std::string request_no = office.AskPledge(certificate);
  for (const std::string& actor :
       {std::string(kEnterprise), std::string(kLicensee),
        std::string(kExaminer)}) {
    const auto found = bureau.As(actor).GetRequest(request_no);
    ASSERT_OK(found);
    EXPECT_EQ(found->request().requester(), kEnterprise);
    EXPECT_EQ(bureau.As(actor).ListRequests({})->size(), 1u) << actor;
  }
  EXPECT_EQ(Reason(bureau.As(kThird).GetRequest(request_no)),
            rpc::v1::NOT_FOR_THIS_READER);
  EXPECT_EQ(Reason(bureau.As(kThird).GetRequest("Q20240000099")),
            rpc::v1::NOT_FOUND);
  EXPECT_TRUE(bureau.As(kThird).ListRequests({})->empty());
  v1::ListRequestsRequest filter;
  filter.set_certificate_number("33002024000000099");
  EXPECT_TRUE(bureau.As(kExaminer).ListRequests(filter)->empty());
  filter.set_certificate_number(certificate);
  filter.add_states(v1::REQUEST_AWAITING_COSIGN);
  EXPECT_EQ(bureau.As(kExaminer).ListRequests(filter)->size(), 1u);
  EXPECT_EQ(Reason(bureau.As(kLicensee).GetEncumbrances(certificate)),
            rpc::v1::NOT_FOR_THIS_READER);
  office.ConsentAndGrant(request_no);
  office.OpenRevocation(certificate);
  for (const std::string& actor :
       {std::string(kEnterprise), std::string(kLicensee),
        std::string(kExaminer)}) {
    const auto found = bureau.As(actor).GetEncumbrances(certificate);
    ASSERT_OK(found);
    ASSERT_EQ(found->pledges_size(), 1) << actor;
    EXPECT_EQ(found->pledges(0).pledgee(), kLicensee);
    EXPECT_EQ(found->revocations_size(), 1);
    EXPECT_EQ(found->freezes_size(), 0);
  }
  EXPECT_EQ(bureau.As("root").GetEncumbrances("")->pledges_size(), 1);
  EXPECT_EQ(Reason(bureau.As(kEnterprise).GetEncumbrances("")),
            rpc::v1::NOT_FOR_THIS_READER);
  EXPECT_EQ(Reason(bureau.As(kThird).GetEncumbrances(certificate)),
            rpc::v1::NOT_FOR_THIS_READER);
  EXPECT_EQ(Reason(bureau.As(kExaminer).GetEncumbrances("没有")),
            rpc::v1::NOT_FOUND);
}

TEST(CaseReads, TellAnybodyTheStateOnADay) {
  Office office;
  Bureau& bureau = office.bureau;
  const std::string certificate = office.Certify("a");  // on 2024-07-05
  auto& stranger = bureau.As("stranger");
  const auto on = [&](const std::string& day) {
    return stranger.GetStatusOn(certificate, day);
  };
  ASSERT_OK(on("2024-07-04"));
  EXPECT_EQ(on("2024-07-04")->status().state(),
            v1::CERTIFICATE_STATE_UNSPECIFIED);
  ASSERT_OK(on("2024-07-05"));
  EXPECT_EQ(on("2024-07-05")->status().state(), v1::VALID);
  EXPECT_EQ(on("2024-07-05")->status().number(), certificate);
  EXPECT_EQ(Reason(on("2024-07-06")), rpc::v1::INVALID_FIELD) << "tomorrow";
  for (const char* day : {"", "2024-7-5", "2024-02-30", "heute"}) {
    EXPECT_EQ(Reason(on(day)), rpc::v1::INVALID_FIELD) << day;
  }
  EXPECT_EQ(Reason(stranger.GetStatusOn("没有", "2024-07-05")),
            rpc::v1::NOT_FOUND);
}

TEST(CaseReads, RefuseBadPagesAndTokens) {
  Office office;
  Bureau& bureau = office.bureau;
  auto& reader = bureau.As(kExaminer);
  const auto bad = rpc::v1::INVALID_FIELD;
  for (const int32_t size : {-1, 1'001}) {
    EXPECT_EQ(Reason(reader.ListDrafts(Bad<v1::ListDraftsRequest>(size, ""))),
              bad);
    EXPECT_EQ(
        Reason(reader.ListAttorneys(Bad<v1::ListAttorneysRequest>(size, ""))),
        bad);
    EXPECT_EQ(
        Reason(reader.ListObjections(Bad<v1::ListObjectionsRequest>(size, ""))),
        bad);
    EXPECT_EQ(
        Reason(reader.ListRequests(Bad<v1::ListRequestsRequest>(size, ""))),
        bad);
  }
  const std::string token = "AAAA";
  EXPECT_EQ(Reason(reader.ListDrafts(Bad<v1::ListDraftsRequest>(1, token))),
            bad);
  EXPECT_EQ(
      Reason(reader.ListAttorneys(Bad<v1::ListAttorneysRequest>(1, token))),
      bad);
  EXPECT_EQ(
      Reason(reader.ListObjections(Bad<v1::ListObjectionsRequest>(1, token))),
      bad);
  EXPECT_EQ(Reason(reader.ListRequests(Bad<v1::ListRequestsRequest>(1, token))),
            bad);
  for (int i = 0; i < 3; ++i) {
    office.Empower({kEnterprise, "enterprise", kLicensee, v1::ACT_FILE});
  }
  const auto all = reader.ListAttorneys(Bad<v1::ListAttorneysRequest>(1, ""));
  ASSERT_OK(all);
  EXPECT_EQ(all->size(), 3u) << "a page a line";
}

TEST(CaseReads, GiveTheBytesOfEveryVersionOfATable) {
  Office office;
  Bureau& bureau = office.bureau;
  auto& stranger = bureau.As("stranger");
  v1::GetTableRequest request;
  request.set_name("regions");
  const auto first = stranger.GetTable(request);
  ASSERT_OK(first);
  EXPECT_EQ(first->content(), office.TableContent("regions"));
  const std::string newer = first->content() + "330300,温州市,市\n";
  office.LoadTable("regions", newer);
  const auto look = [&] {
    request.clear_sha256();
    const auto newest = bureau.Connect("stranger")->GetTable(request);
    ASSERT_OK(newest);
    EXPECT_EQ(newest->content(), newer);
    request.set_sha256(first->sha256());
    const auto older = bureau.Connect("stranger")->GetTable(request);
    ASSERT_OK(older);
    EXPECT_EQ(older->content(), first->content());
    EXPECT_EQ(older->sha256(), first->sha256());
  };
  look();
  ASSERT_EQ(bureau.registry_process->Stop(), 0);
  bureau.StartRegistry();
  look();
  request.set_sha256(std::string(32, 'x'));
  EXPECT_EQ(Reason(stranger.GetTable(request)), rpc::v1::NOT_FOUND);
  request.set_sha256("x");
  EXPECT_EQ(Reason(stranger.GetTable(request)), rpc::v1::INVALID_FIELD);
  request.clear_sha256();
  request.set_name("nothing");
  EXPECT_EQ(Reason(stranger.GetTable(request)), rpc::v1::NOT_FOUND);
}

TEST(CaseReads, NameTheProfilesAndWhichRules) {
  Office office;
  Bureau& bureau = office.bureau;
  auto& stranger = bureau.As("stranger");
  const auto first = stranger.GetProfiles();
  ASSERT_OK(first);
  ASSERT_EQ(first->in_force_size(), 1);
  EXPECT_TRUE(first->in_force(0).current());
  EXPECT_EQ(first->in_force(0).effective_from(), "");
  EXPECT_EQ(first->in_force(0).profile().profile_id(), "ZJ-2023");
  EXPECT_EQ(first->loaded_size(), 1);
  EXPECT_EQ(stranger.GetRegistry()->cosign_window_s(),
            (registry::EndOfDayMs({2024, 7, 4}) - kClockStartMs) / 1'000);
  office.LoadTable("profiles/ZJ-2023", office.ShorterCosignWindow());
  const auto loaded = stranger.GetProfiles();
  ASSERT_OK(loaded);
  EXPECT_EQ(loaded->loaded_size(), 2);
  EXPECT_EQ(loaded->in_force_size(), 1) << "loading is not adopting";
  office.Adopt("ZJ-2023", "2024-07-01");
  const auto adopted = stranger.GetProfiles();
  ASSERT_OK(adopted);
  ASSERT_EQ(adopted->in_force_size(), 2);
  EXPECT_TRUE(adopted->in_force(0).current());
  EXPECT_FALSE(adopted->in_force(1).current());
  EXPECT_EQ(adopted->in_force(1).effective_from(), "2024-07-01");
  ASSERT_OK(bureau.AdvanceTo(kClockStartMs + 11 * kDayMs));
  const auto today = stranger.GetProfiles();
  ASSERT_OK(today);
  EXPECT_FALSE(today->in_force(0).current());
  EXPECT_TRUE(today->in_force(1).current());
  EXPECT_EQ(stranger.GetRegistry()->cosign_window_s(), 24 * 3'600);
}

TEST(CaseReads, TellTheFindingsOfAFiling) {
  Office office;
  Bureau& bureau = office.bureau;
  const std::string first = *bureau.File("a");
  v1::SubmitCommandRequest again = office.SameDataFiling("b", "a");
  again.set_validate_only(true);
  const Answer validated = bureau.Submit(again);
  ASSERT_OK(validated);
  ASSERT_EQ(validated->findings_size(), 1);
  EXPECT_EQ(validated->findings(0).rule(), "B18");
  EXPECT_EQ(validated->findings(0).severity(), v1::FINDING_WARNS);
  again.set_validate_only(false);
  const Answer answer = bureau.Submit(again);
  const Answer repeated = bureau.Submit(again);
  for (const Answer& told : {answer, repeated}) {
    ASSERT_OK(told);
    ASSERT_EQ(told->findings_size(), 1);
    EXPECT_EQ(told->findings(0).SerializeAsString(),
              validated->findings(0).SerializeAsString());
  }
  for (const std::string& actor : Officials()) {
    const auto seen = bureau.As(actor).GetApplication(first);
    ASSERT_OK(seen);
    ASSERT_EQ(seen->findings_size(), 1) << actor;
    EXPECT_EQ(seen->findings(0).rule(), "B18");
  }
  for (const char* actor : {kEnterprise, kLicensee, "stranger"}) {
    EXPECT_EQ(bureau.As(actor).GetApplication(first)->findings_size(), 0);
  }
}

}  // namespace
}  // namespace dataip::test
