// Drafts that wait for co-applicants, and filing them.
#include "core/registry/application/drafts.h"

#include <string>

#include "core/registry/decide.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"
#include "tests/unit/core/registry/matchers.h"

namespace dataip::registry {
namespace {

using namespace ::dataip::rpc::v1;  // NOLINT: the reasons
using ::dataip::testing::Allows;
using ::dataip::testing::Digest32;
using ::dataip::testing::kTestStartMs;
using ::dataip::testing::Refuses;
using ::dataip::testing::RegistryFixture;

// The enterprise is the primary applicant, the person the other one; the
// licensee has nothing to do with it until it gets a power.
class Drafts : public ::testing::Test {
 protected:
  const v1::Draft& Get(const std::string& draft_no) {
    return *FindDraft(fixture_.state(), draft_no);
  }

  v1::ApplicationForm Form(const std::string& reference) {
    v1::ApplicationForm form = fixture_.GoodForm(reference);
    form.add_applicants()->set_party_number(fixture_.person);
    return form;
  }

  v1::Command Prepare(v1::ApplicationForm form) {
    v1::Command command = fixture_.NewCommand(fixture_.enterprise, 0);
    *command.mutable_prepare_application()->mutable_form() = std::move(form);
    return command;
  }

  std::string Prepared() {
    const Events events = fixture_.Do(Prepare(Form("R-1")), {"enterprise"});
    return events.empty() ? ""
                          : events[0].application_prepared().draft().draft_no();
  }

  v1::Command Replace(const std::string& draft_no, v1::ApplicationForm form) {
    v1::Command command = Prepare(std::move(form));
    command.set_version(Get(draft_no).version());
    command.mutable_prepare_application()->set_draft_no(draft_no);
    return command;
  }

  v1::Command Cosign(const std::string& actor, const std::string& draft_no) {
    v1::Command command = fixture_.NewCommand(actor, Get(draft_no).version());
    command.mutable_cosign_application()->set_draft_no(draft_no);
    command.mutable_cosign_application()->set_form_sha256(
        Get(draft_no).form_sha256());
    return command;
  }

  v1::Command Discard(const std::string& actor, const std::string& draft_no) {
    v1::Command command = fixture_.NewCommand(actor, Get(draft_no).version());
    command.mutable_discard_draft()->set_draft_no(draft_no);
    return command;
  }

  v1::Command Submit(const std::string& actor, const std::string& draft_no) {
    v1::Command command = fixture_.NewCommand(actor, Get(draft_no).version());
    command.mutable_submit_application()->set_draft_no(draft_no);
    return command;
  }

  void Empower(const std::string& principal, const std::string& key) {
    v1::Command command = fixture_.NewCommand(principal, 0);
    v1::GrantAttorney* body = command.mutable_grant_attorney();
    body->set_agent(fixture_.licensee);
    body->add_acts(v1::ACT_FILE);
    body->set_valid_from("2024-06-20");
    body->set_valid_to("2024-12-31");
    fixture_.Do(command, {key});
  }

  RegistryFixture fixture_ = RegistryFixture::Ready();
};

TEST_F(Drafts, AreOfGoodForms) {
  v1::ApplicationForm form = Form("R-1");
  form.set_record_count(1);
  EXPECT_THAT(fixture_.Decide(Prepare(form), {"enterprise"}),
              Refuses(INVALID_FIELD, "B11", "record_count"));
  form = Form("R-1");
  form.mutable_applicants(1)->set_party_number("P0000099");
  EXPECT_THAT(fixture_.Decide(Prepare(form), {"enterprise"}),
              Refuses(INVALID_FIELD, "B02", "applicants[1].party_number"));
  fixture_.Submit("R-1");
  EXPECT_THAT(fixture_.Decide(Prepare(Form("R-1")), {"enterprise"}),
              Refuses(ALREADY_EXISTS, "REFERENCE", "client_reference"));
}

TEST_F(Drafts, HaveSomebodyToWaitFor) {
  EXPECT_THAT(
      fixture_.Decide(Prepare(fixture_.GoodForm("R-1")), {"enterprise"}),
      Refuses(RULE_REFUSES, "T1", "applicants"));
}

TEST_F(Drafts, AreThePrimaryApplicantsOrItsAgents) {
  v1::Command command = Prepare(Form("R-1"));
  command.set_actor(fixture_.person);
  EXPECT_THAT(fixture_.Decide(command, {"person"}),
              Refuses(NOT_ALLOWED, "T1", "actor"));
  command.set_actor(fixture_.licensee);
  EXPECT_THAT(fixture_.Decide(command, {"licensee"}),
              Refuses(NOT_ALLOWED, "T1", "actor"));
  Empower(fixture_.enterprise, "enterprise");
  EXPECT_THAT(fixture_.Decide(command, {"licensee"}), Allows());
}

TEST_F(Drafts, GetNumbersOfTheYear) {
  EXPECT_EQ(Prepared(), "D20240000001");
  const v1::Draft& draft = Get("D20240000001");
  EXPECT_EQ(draft.version(), 1u);
  EXPECT_EQ(draft.cosigned_size(), 0);
  EXPECT_EQ(draft.form_sha256(), FormDigest(draft.form()));
  EXPECT_FALSE(draft.closed());
}

TEST_F(Drafts, AreSignedAsTheyStand) {
  const std::string number = Prepared();
  v1::Command command = Cosign(fixture_.person, number);
  command.mutable_cosign_application()->set_form_sha256(Digest32('x'));
  EXPECT_THAT(fixture_.Decide(command, {"person"}),
              Refuses(INVALID_FIELD, "B03", "form_sha256"));
  command = Cosign(fixture_.person, number);
  command.set_version(2);
  EXPECT_THAT(fixture_.Decide(command, {"person"}),
              Refuses(VERSION_CONFLICT, "VERSION", "version"));
  command = Cosign(fixture_.person, number);
  command.mutable_cosign_application()->set_draft_no("D20240000009");
  EXPECT_THAT(fixture_.Decide(command, {"person"}),
              Refuses(NOT_FOUND, "EXISTS", "draft_no"));
}

TEST_F(Drafts, AreSignedOnceByEachCoApplicant) {
  const std::string number = Prepared();
  EXPECT_THAT(fixture_.Decide(Cosign(fixture_.licensee, number), {"licensee"}),
              Refuses(NOT_ALLOWED, "B03", "actor"));
  // The primary applicant signs by filing.
  EXPECT_THAT(
      fixture_.Decide(Cosign(fixture_.enterprise, number), {"enterprise"}),
      Refuses(NOT_ALLOWED, "B03", "actor"));
  fixture_.Do(Cosign(fixture_.person, number), {"person"});
  EXPECT_EQ(Get(number).version(), 2u);
  ASSERT_EQ(Get(number).cosigned_size(), 1);
  EXPECT_EQ(Get(number).cosigned(0), fixture_.person);
  EXPECT_THAT(fixture_.Decide(Cosign(fixture_.person, number), {"person"}),
              Refuses(RULE_REFUSES, "T1", "draft_no"));
}

TEST_F(Drafts, AreSignedByAnAgent) {
  const std::string number = Prepared();
  Empower(fixture_.person, "person");
  fixture_.Do(Cosign(fixture_.licensee, number), {"licensee"});
  ASSERT_EQ(Get(number).cosigned_size(), 1);
  EXPECT_EQ(Get(number).cosigned(0), fixture_.person);
}

TEST_F(Drafts, WithAnotherFormAreSignedAnew) {
  const std::string number = Prepared();
  fixture_.Do(Cosign(fixture_.person, number), {"person"});
  fixture_.AdvanceTo(kTestStartMs + 3'600'000);
  v1::ApplicationForm form = Get(number).form();
  form.set_region_code("330300");
  v1::Command stale = Replace(number, form);
  stale.set_version(1);
  EXPECT_THAT(fixture_.Decide(stale, {"enterprise"}),
              Refuses(VERSION_CONFLICT, "VERSION", "version"));
  v1::ApplicationForm other = form;
  other.mutable_applicants(0)->set_primary(false);
  other.mutable_applicants(1)->set_primary(true);
  v1::Command by_other = Replace(number, other);
  by_other.set_actor(fixture_.person);
  EXPECT_THAT(fixture_.Decide(by_other, {"person"}),
              Refuses(RULE_REFUSES, "T1", "draft_no"));
  // The deposit stays and keeps its time.
  fixture_.Do(Replace(number, form), {"enterprise"});
  EXPECT_EQ(Get(number).version(), 3u);
  EXPECT_EQ(Get(number).cosigned_size(), 0);
  EXPECT_EQ(Get(number).prepared_at_ms(), kTestStartMs);
  EXPECT_EQ(Get(number).updated_at_ms(), kTestStartMs + 3'600'000);
  EXPECT_EQ(fixture_.state().counters.drafts, 1u);
}

TEST_F(Drafts, AreFiledWhenAllHaveSigned) {
  const std::string number = Prepared();
  EXPECT_THAT(
      fixture_.Decide(Submit(fixture_.enterprise, number), {"enterprise"}),
      Refuses(RULE_REFUSES, "B03", "draft_no"));
  fixture_.Do(Cosign(fixture_.person, number), {"person"});
  v1::Command with_form = Submit(fixture_.enterprise, number);
  *with_form.mutable_submit_application()->mutable_form() = Form("R-1");
  EXPECT_THAT(fixture_.Decide(with_form, {"enterprise"}),
              Refuses(BAD_SIGNATURE, "B03", "applicants"));
  EXPECT_THAT(fixture_.Decide(with_form, {"enterprise", "person"}),
              Refuses(INVALID_FIELD, "T2", "form"));
  EXPECT_THAT(fixture_.Decide(Submit(fixture_.person, number), {"person"}),
              Refuses(NOT_ALLOWED, "ACTOR", "actor"));
  v1::Command stale = Submit(fixture_.enterprise, number);
  stale.set_version(0);
  EXPECT_THAT(fixture_.Decide(stale, {"enterprise"}),
              Refuses(VERSION_CONFLICT, "VERSION", "version"));
  // Later than it was prepared: the deposit has the time of the draft.
  fixture_.AdvanceTo(kTestStartMs + 3'600'000);
  const v1::Command command = Submit(fixture_.enterprise, number);
  EXPECT_EQ(RequiredSigners(command), 1u);
  const Events events = fixture_.Do(command, {"enterprise"});
  ASSERT_EQ(events.size(), 1u);
  const v1::Application& application =
      events[0].application_submitted().application();
  EXPECT_EQ(application.draft_no(), number);
  EXPECT_EQ(application.agent(), "");
  EXPECT_EQ(FormDigest(application.form()), Get(number).form_sha256());
  EXPECT_TRUE(Get(number).closed());
  EXPECT_EQ(Get(number).application_no(), application.application_no());
}

TEST_F(Drafts, AreFiledByTheAgentOfThePrimaryApplicant) {
  const std::string number = Prepared();
  fixture_.Do(Cosign(fixture_.person, number), {"person"});
  Empower(fixture_.enterprise, "enterprise");
  const Events events =
      fixture_.Do(Submit(fixture_.licensee, number), {"licensee"});
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].application_submitted().application().agent(),
            fixture_.licensee);
}

TEST_F(Drafts, ThatAreClosedDoNothing) {
  const std::string number = Prepared();
  EXPECT_THAT(fixture_.Decide(Discard(fixture_.licensee, number), {"licensee"}),
              Refuses(NOT_ALLOWED, "T1", "actor"));
  EXPECT_THAT(fixture_.Decide(Submit(fixture_.licensee, number), {"licensee"}),
              Refuses(NOT_ALLOWED, "ACTOR", "actor"));
  fixture_.Do(Discard(fixture_.person, number), {"person"});
  EXPECT_THAT(fixture_.Decide(Discard(fixture_.licensee, number), {"licensee"}),
              Refuses(NOT_ALLOWED, "T1", "actor"));
  EXPECT_TRUE(Get(number).closed());
  EXPECT_EQ(Get(number).application_no(), "");
  EXPECT_THAT(fixture_.Decide(Discard(fixture_.person, number), {"person"}),
              Refuses(RULE_REFUSES, "T1", "draft_no"));
  EXPECT_THAT(fixture_.Decide(Cosign(fixture_.person, number), {"person"}),
              Refuses(RULE_REFUSES, "T1", "draft_no"));
  EXPECT_THAT(fixture_.Decide(Replace(number, Form("R-1")), {"enterprise"}),
              Refuses(RULE_REFUSES, "T1", "draft_no"));
  EXPECT_THAT(
      fixture_.Decide(Submit(fixture_.enterprise, number), {"enterprise"}),
      Refuses(RULE_REFUSES, "T1", "draft_no"));
}

TEST_F(Drafts, ThatWereFiledAreFiledOnce) {
  const std::string number = Prepared();
  fixture_.Do(Cosign(fixture_.person, number), {"person"});
  fixture_.Do(Submit(fixture_.enterprise, number), {"enterprise"});
  EXPECT_THAT(
      fixture_.Decide(Submit(fixture_.enterprise, number), {"enterprise"}),
      Refuses(RULE_REFUSES, "T1", "draft_no"));
  EXPECT_THAT(fixture_.Decide(Discard(fixture_.person, number), {"person"}),
              Refuses(RULE_REFUSES, "T1", "draft_no"));
}

}  // namespace
}  // namespace dataip::registry
