// A registry with an application in its public notice and short ways to the
// commands about objections and suspension.
#pragma once

#include <string>

#include "core/registry/state/state.h"
#include "core/registry/tables/calendar.h"
#include "core/registry/values/civil_date.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"

namespace dataip::testing {

inline void SetEvidence(v1::FileCommitment* file, char fill) {
  file->set_kind("evidence");
  file->set_media_type("application/pdf");
  file->set_byte_size(4096);
  file->mutable_sha256()->set_digest(Digest32(fill));
}

// Opened on 2024-06-20; the notice runs to 2024-07-04. `enterprise` is the
// applicant, `licensee` and `person` object.
class ObjectionTest : public ::testing::Test {
 protected:
  ObjectionTest() : application_no_(fixture_.Submit("R-1")) {
    fixture_.Do(fixture_.NoticeCommand(application_no_),
                {kExaminer, kApprover});
  }

  const v1::Application& Application() {
    return *registry::FindApplication(fixture_.state(), application_no_);
  }
  const v1::Objection& Get(const std::string& number) {
    return *registry::FindObjection(fixture_.state(), number);
  }
  uint64_t VersionOf(const std::string& number) {
    const auto* found = registry::FindObjection(fixture_.state(), number);
    return found == nullptr ? 1 : found->version();
  }

  v1::Command FileCommand(const std::string& objector) {
    v1::Command command = fixture_.NewCommand(objector, 0);
    v1::FileObjection* body = command.mutable_file_objection();
    body->set_application_no(application_no_);
    v1::ObjectionClaim* claim = body->mutable_claim();
    claim->set_right(v1::RIGHT_OWNERSHIP);
    claim->add_fields("sources");
    claim->set_statement("该数据来自本单位的热量表,未经授权。");
    SetEvidence(claim->add_evidence(), 'e');
    return command;
  }
  std::string File(const std::string& objector, const std::string& key) {
    const registry::Events events = fixture_.Do(FileCommand(objector), {key});
    return events.empty()
               ? ""
               : events[0].objection_filed().objection().objection_no();
  }

  v1::Command Accept(const std::string& number) {
    v1::Command command = fixture_.NewCommand(kExaminer, VersionOf(number));
    command.mutable_accept_objection()->set_objection_no(number);
    return command;
  }
  v1::Command Reject(const std::string& number) {
    v1::Command command = fixture_.NewCommand(kExaminer, VersionOf(number));
    command.mutable_reject_objection()->set_objection_no(number);
    command.mutable_reject_objection()->set_reason("证据与主张无关");
    return command;
  }
  v1::Command Forward(const std::string& number) {
    v1::Command command = fixture_.NewCommand(kExaminer, VersionOf(number));
    command.mutable_forward_objection()->set_objection_no(number);
    return command;
  }
  v1::Command Answer(const std::string& number) {
    v1::Command command =
        fixture_.NewCommand(fixture_.enterprise, VersionOf(number));
    command.mutable_answer_objection()->set_objection_no(number);
    command.mutable_answer_objection()->set_answer("数据由本单位自有设备采集");
    return command;
  }
  v1::Command Uphold(const std::string& number) {
    v1::Command command = fixture_.NewCommand(kExaminer, VersionOf(number));
    command.mutable_uphold_objection()->set_objection_no(number);
    command.mutable_uphold_objection()->set_reason("来源确无授权");
    return command;
  }
  v1::Command CloseUnanswered(const std::string& number) {
    v1::Command command =
        fixture_.NewCommand(registry::kClockActor, VersionOf(number));
    command.mutable_close_unanswered_objection()->set_objection_no(number);
    return command;
  }
  v1::Command Dismiss(const std::string& number) {
    v1::Command command = fixture_.NewCommand(kExaminer, VersionOf(number));
    command.mutable_dismiss_objection()->set_objection_no(number);
    command.mutable_dismiss_objection()->set_reason("采集记录证明来源合法");
    return command;
  }
  v1::Command Withdraw(const std::string& number, const std::string& objector) {
    v1::Command command = fixture_.NewCommand(objector, VersionOf(number));
    command.mutable_withdraw_objection()->set_objection_no(number);
    return command;
  }
  v1::Command Suspend() {
    v1::Command command =
        fixture_.NewCommand(kExaminer, Application().version());
    v1::SuspendApplication* body = command.mutable_suspend_application();
    body->set_application_no(application_no_);
    v1::Proceedings* proceedings = body->mutable_proceedings();
    proceedings->set_kind(v1::SUIT);
    proceedings->set_authority("温州市中级人民法院");
    proceedings->set_case_number("(2024)浙03民初100号");
    proceedings->set_date("2024-06-20");
    SetEvidence(proceedings->mutable_document(), 'd');
    return command;
  }
  v1::Command Resume() {
    v1::Command command =
        fixture_.NewCommand(kExaminer, Application().version());
    command.mutable_resume_application()->set_application_no(application_no_);
    command.mutable_resume_application()->set_reason("法院准许撤诉");
    return command;
  }
  v1::Command WithdrawApplication() {
    v1::Command command =
        fixture_.NewCommand(fixture_.enterprise, Application().version());
    command.mutable_withdraw_application()->set_application_no(application_no_);
    return command;
  }

  std::string Accepted(const std::string& objector, const std::string& key) {
    std::string number = File(objector, key);
    fixture_.Do(Accept(number), {kExaminer});
    return number;
  }
  std::string Forwarded(const std::string& objector, const std::string& key) {
    std::string number = Accepted(objector, key);
    fixture_.Do(Forward(number), {kExaminer});
    return number;
  }
  std::string Answered(const std::string& objector, const std::string& key) {
    std::string number = Forwarded(objector, key);
    fixture_.Do(Answer(number), {"enterprise"});
    return number;
  }

  // 09:00 in Shanghai.
  void GoTo(const std::string& day) {
    fixture_.AdvanceTo(registry::StartOfDayMs(*registry::ParseDate(day)) +
                       9 * 3'600'000);
  }

  RegistryFixture fixture_ = RegistryFixture::Ready();
  std::string application_no_;
};

}  // namespace dataip::testing
