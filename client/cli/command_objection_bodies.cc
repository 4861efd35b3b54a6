#include "absl/strings/str_join.h"
#include "client/cli/case_view.h"
#include "client/cli/command_bodies.h"
#include "client/cli/form_labels.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

void AppendFiled(const v1::FileObjection& body, Record& record) {
  if (!body.principal().empty()) {
    record.push_back({"异议人", body.principal()});
  }
  AppendClaim(body.claim(), record);
}

void AppendAnswer(const v1::AnswerObjection& body, Record& record) {
  record.push_back({"答复", body.answer()});
  if (!body.files().empty()) {
    record.push_back({"答复文件", FileLines(body.files())});
  }
}

void AppendUpheld(const v1::UpholdObjection& body, Record& record) {
  std::vector<std::string> grounds = {GroundLabel("R12")};
  for (const std::string& code : body.grounds()) {
    grounds.push_back(GroundLabel(code));
  }
  record.push_back({"不予登记依据", absl::StrJoin(grounds, "\n")});
  record.push_back({"理由", body.reason()});
}

}  // namespace

bool AppendObjectionBody(const v1::Command& command, Record& record) {
  switch (command.body_case()) {
    case v1::Command::kFileObjection:
      AppendFiled(command.file_objection(), record);
      return true;
    case v1::Command::kAcceptObjection:
    case v1::Command::kForwardObjection:
    case v1::Command::kCloseUnansweredObjection:
      return true;  // the number is all of it
    case v1::Command::kRejectObjection:
      record.push_back({"理由", command.reject_objection().reason()});
      return true;
    case v1::Command::kAnswerObjection:
      AppendAnswer(command.answer_objection(), record);
      return true;
    case v1::Command::kUpholdObjection:
      AppendUpheld(command.uphold_objection(), record);
      return true;
    case v1::Command::kDismissObjection:
      record.push_back({"理由", command.dismiss_objection().reason()});
      return true;
    case v1::Command::kWithdrawObjection:
      record.push_back({"理由", command.withdraw_objection().reason()});
      return true;
    case v1::Command::kSuspendApplication:
      AppendProceedings(command.suspend_application().proceedings(), record);
      return true;
    case v1::Command::kResumeApplication:
      record.push_back({"理由", command.resume_application().reason()});
      return true;
    default:
      return false;
  }
}

}  // namespace dataip::client
