// Applications: drafts, powers, batches, objections, suspension, disclosure.
#include <utility>

#include "core/crypto/command_signature.h"
#include "core/registry/state/due.h"
#include "tests/support/life_story.h"

namespace dataip::test {

using registry::Events;
using testing::Digest32;
using testing::kApprover;
using testing::kExaminer;

namespace {

constexpr char kSealedPath[] = "sources[0].method";
constexpr char kSealedValue[] = "由三家供热公司按月提供";

}  // namespace

void LifeStory::Pass(const std::string& day) {
  fixture_.AdvanceTo(registry::StartOfDayMs(*registry::ParseDate(day)) +
                     9 * 3'600'000);
  ClockActs();
}

void LifeStory::ClockActs() {
  while (!fixture_.refused()) {
    const auto due = registry::NextDue(fixture_.state(), fixture_.now_ms());
    if (!due.has_value()) return;
    v1::Command command = fixture_.NewCommand(registry::kClockActor, 0);
    registry::SetClockCommand(fixture_.state(), *due, command);
    fixture_.Do(command, {"clock"});
  }
}

v1::Command LifeStory::AboutApplication(const std::string& actor,
                                        const std::string& application_no) {
  const auto* found =
      registry::FindApplication(fixture_.state(), application_no);
  return fixture_.NewCommand(actor, found == nullptr ? 0 : found->version());
}

v1::Command LifeStory::AboutObjection(const std::string& actor,
                                      const std::string& objection_no) {
  const auto* found = registry::FindObjection(fixture_.state(), objection_no);
  return fixture_.NewCommand(actor, found == nullptr ? 0 : found->version());
}

std::string LifeStory::Notice(const std::string& reference) {
  const std::string number = fixture_.Submit(reference);
  Officers(fixture_.NoticeCommand(number));
  return number;
}

std::string LifeStory::RegisterNow(const std::string& application_no) {
  fixture_.AdvancePastNotice(application_no);
  ClockActs();
  const Events events = Officers(fixture_.RegisterCommand(application_no));
  return events.empty()
             ? ""
             : events[0].application_registered().certificate_number();
}

void LifeStory::DraftWithCosigner() {
  v1::Command command = fixture_.NewCommand(fixture_.enterprise, 0);
  v1::ApplicationForm* form =
      command.mutable_prepare_application()->mutable_form();
  *form = fixture_.GoodForm("L-draft");
  form->add_applicants()->set_party_number(fixture_.person);
  const Events prepared = fixture_.Do(command, {"enterprise"});
  if (prepared.empty()) return;
  const v1::Draft& draft = prepared[0].application_prepared().draft();
  command = fixture_.NewCommand(fixture_.person, 1);
  command.mutable_cosign_application()->set_draft_no(draft.draft_no());
  command.mutable_cosign_application()->set_form_sha256(draft.form_sha256());
  fixture_.Do(command, {"person"});
  command = fixture_.NewCommand(fixture_.enterprise, 2);
  command.mutable_submit_application()->set_draft_no(draft.draft_no());
  fixture_.Do(command, {"enterprise"});
}

void LifeStory::PowerOfAttorney() {
  v1::Command command = fixture_.NewCommand(fixture_.enterprise, 0);
  v1::GrantAttorney* body = command.mutable_grant_attorney();
  body->set_agent(fixture_.licensee);
  body->add_acts(v1::ACT_FILE);
  body->set_valid_from("2024-07-05");
  body->set_valid_to("2024-07-10");
  fixture_.Do(command, {"enterprise"});
}

// Three are filed; one has a defect and stays behind.
void LifeStory::Batch() {
  for (const char* reference : {"L-b1", "L-b2"}) {
    batch_.push_back(fixture_.Submit(reference));
  }
  fixture_.Do(
      fixture_.CorrectionCommand(fixture_.Submit("L-b3"), "coverage_to"),
      {kExaminer});
  v1::Command command = fixture_.NewCommand(kExaminer, 0);
  v1::OpenNotices* body = command.mutable_open_notices();
  for (const std::string& number : batch_) {
    v1::BatchItem* item = body->add_items();
    item->set_application_no(number);
    item->set_version(1);
  }
  *body->mutable_checklist() =
      fixture_.NoticeCommand(batch_[0]).open_notice().checklist();
  Officers(command);
}

std::string LifeStory::SubmitSealed(const std::string& reference) {
  v1::ApplicationForm form = fixture_.GoodForm(reference);
  form.mutable_sources(0)->clear_method();
  v1::SealedField* sealed = form.add_sealed();
  sealed->set_field(kSealedPath);
  sealed->mutable_value()->set_digest(std::string(
      crypto::OpeningCommitment(hash::AsBytes(Digest32('s')),
                                hash::AsBytes(std::string(kSealedValue)))
          .text()));
  const Events events =
      fixture_.Do(fixture_.SubmitCommand(std::move(form)), {"enterprise"});
  return events.empty()
             ? ""
             : events[0].application_submitted().application().application_no();
}

void LifeStory::Disclose() {
  const std::string number = SubmitSealed("L-sealed");
  Officers(fixture_.NoticeCommand(number));
  v1::Command command = AboutApplication(fixture_.enterprise, number);
  v1::DiscloseField* body = command.mutable_disclose_field();
  body->set_application_no(number);
  body->set_field(kSealedPath);
  body->mutable_opening()->set_salt(Digest32('s'));
  body->mutable_opening()->set_value(kSealedValue);
  fixture_.Do(command, {"enterprise"});
  batch_.push_back(number);
}

// Its objection's number: accepted and forwarded.
std::string LifeStory::Opposed(const std::string& reference) {
  const std::string application_no = Notice(reference);
  v1::Command command = fixture_.NewCommand(fixture_.person, 0);
  v1::FileObjection* body = command.mutable_file_objection();
  body->set_application_no(application_no);
  body->mutable_claim()->set_right(v1::RIGHT_OWNERSHIP);
  body->mutable_claim()->add_fields("sources");
  body->mutable_claim()->set_statement("该数据来自本人的热量表,未经授权。");
  *body->mutable_claim()->add_evidence() = testing::DocumentFile();
  const Events filed = fixture_.Do(command, {"person"});
  if (filed.empty()) return "";
  std::string number = filed[0].objection_filed().objection().objection_no();
  command = AboutObjection(kExaminer, number);
  command.mutable_accept_objection()->set_objection_no(number);
  fixture_.Do(command, {kExaminer});
  command = AboutObjection(kExaminer, number);
  command.mutable_forward_objection()->set_objection_no(number);
  fixture_.Do(command, {kExaminer});
  return number;
}

void LifeStory::Object() {
  const std::string number = Opposed("L-opposed");
  v1::Command command = AboutObjection(fixture_.enterprise, number);
  command.mutable_answer_objection()->set_objection_no(number);
  command.mutable_answer_objection()->set_answer("数据由本单位自有设备采集");
  fixture_.Do(command, {"enterprise"});
  command = AboutObjection(kExaminer, number);
  command.mutable_dismiss_objection()->set_objection_no(number);
  command.mutable_dismiss_objection()->set_reason("采集记录证明来源合法");
  Officers(command);
  const auto* objection = registry::FindObjection(fixture_.state(), number);
  if (objection != nullptr) suspended_ = objection->application_no();
}

void LifeStory::Suspend() {
  v1::Command command = AboutApplication(kExaminer, suspended_);
  v1::SuspendApplication* body = command.mutable_suspend_application();
  body->set_application_no(suspended_);
  v1::Proceedings* proceedings = body->mutable_proceedings();
  proceedings->set_kind(v1::SUIT);
  proceedings->set_authority("示例市中级人民法院");
  proceedings->set_case_number("(2024)示01民初100号");
  proceedings->set_date("2024-07-05");
  *proceedings->mutable_document() = testing::DocumentFile();
  Officers(command);
  command = AboutApplication(kExaminer, suspended_);
  command.mutable_resume_application()->set_application_no(suspended_);
  command.mutable_resume_application()->set_reason("法院准许撤诉");
  Officers(command);
}

// Nobody answers: refused by the clock.
void LifeStory::ObjectAndRemainUnanswered() { Opposed("L-unanswered"); }

std::string LifeStory::SubmitUnderContract(const std::string& reference,
                                           const std::string& end) {
  v1::ApplicationForm form = fixture_.GoodForm(reference);
  v1::Source* source = form.mutable_sources(0);
  source->set_acquisition(v1::PURCHASED);
  *source->mutable_contract() = form.sample().file();
  source->set_contract_end(end);
  const Events events =
      fixture_.Do(fixture_.SubmitCommand(std::move(form)), {"enterprise"});
  if (events.empty()) return "";
  std::string number =
      events[0].application_submitted().application().application_no();
  Officers(fixture_.NoticeCommand(number));
  return number;
}

// After their notice, as a batch.
void LifeStory::RegisterAll() {
  v1::Command command = fixture_.NewCommand(kExaminer, 0);
  for (const std::string& number : batch_) {
    const auto* found = registry::FindApplication(fixture_.state(), number);
    if (found == nullptr) return;
    v1::BatchItem* item = command.mutable_register_applications()->add_items();
    item->set_application_no(number);
    item->set_version(found->version());
  }
  for (const v1::Event& event : Officers(command)) {
    if (!event.has_application_registered()) continue;
    certificates_.push_back(
        event.application_registered().certificate_number());
  }
}

}  // namespace dataip::test
