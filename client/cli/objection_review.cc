// `dataip objection` and `dataip review`: what officers do about objections and
// about proceedings elsewhere.
#include <set>
#include <utility>

#include "client/cli/case_labels.h"
#include "client/cli/commands.h"
#include "client/cli/decision.h"
#include "client/cli/evidence_files.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

constexpr char kDocumentKind[] = "document";

absl::StatusOr<int> RunAccept(Invocation& invocation) {
  return ActOnEach(
      invocation,
      {ObjectionVersion(), [](const std::string& number, v1::Command& command) {
         command.mutable_accept_objection()->set_objection_no(number);
       }});
}

absl::StatusOr<int> RunReject(Invocation& invocation) {
  const std::string reason = invocation.Text("--reason");
  return ActByTwoOfficers(
      invocation, {ObjectionVersion(),
                   [reason](const std::string& number, v1::Command& command) {
                     v1::RejectObjection& body =
                         *command.mutable_reject_objection();
                     body.set_objection_no(number);
                     body.set_reason(reason);
                   }});
}

absl::StatusOr<int> RunForward(Invocation& invocation) {
  return ActOnEach(
      invocation,
      {ObjectionVersion(), [](const std::string& number, v1::Command& command) {
         command.mutable_forward_objection()->set_objection_no(number);
       }});
}

absl::StatusOr<int> RunUphold(Invocation& invocation) {
  const auto list = invocation.List("--ground");
  const std::set<std::string> grounds(list.begin(), list.end());
  const std::string reason = invocation.Text("--reason");
  return ActByTwoOfficers(
      invocation,
      {ObjectionVersion(),
       [grounds, reason](const std::string& number, v1::Command& command) {
         v1::UpholdObjection& body = *command.mutable_uphold_objection();
         body.set_objection_no(number);
         for (const auto& ground : grounds) body.add_grounds(ground);
         body.set_reason(reason);
       }});
}

absl::StatusOr<int> RunDismiss(Invocation& invocation) {
  const std::string reason = invocation.Text("--reason");
  return ActByTwoOfficers(
      invocation, {ObjectionVersion(),
                   [reason](const std::string& number, v1::Command& command) {
                     v1::DismissObjection& body =
                         *command.mutable_dismiss_objection();
                     body.set_objection_no(number);
                     body.set_reason(reason);
                   }});
}

absl::StatusOr<int> RunSuspend(Invocation& invocation) {
  v1::Proceedings proceedings;
  ASSIGN_OR_RETURN(const v1::ProceedingsKind kind,
                   ParseProceedingsKind(invocation.Text("--kind")));
  proceedings.set_kind(kind);
  proceedings.set_authority(invocation.Text("--authority"));
  proceedings.set_case_number(invocation.Text("--case-number"));
  proceedings.set_date(invocation.Text("--date"));
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(
      AttachedFiles attached,
      AttachFiles(*registry, kDocumentKind, {invocation.Text("--document")}));
  *proceedings.mutable_document() = attached.files[0];
  const auto fill = [proceedings](const std::string& number,
                                  v1::Command& command) {
    v1::SuspendApplication& body = *command.mutable_suspend_application();
    body.set_application_no(number);
    *body.mutable_proceedings() = proceedings;
  };
  return ActByTwoOfficers(
      invocation, {ApplicationVersion(), fill, std::move(attached.openings)});
}

absl::StatusOr<int> RunResume(Invocation& invocation) {
  const std::string reason = invocation.Text("--reason");
  return ActByTwoOfficers(
      invocation, {ApplicationVersion(),
                   [reason](const std::string& number, v1::Command& command) {
                     v1::ResumeApplication& body =
                         *command.mutable_resume_application();
                     body.set_application_no(number);
                     body.set_reason(reason);
                   }});
}

FlagRule ReasonFlag(const std::string& help) {
  return {.name = "--reason", .value = "TEXT", .help = help, .required = true};
}

CommandSpec SuspendSpec() {
  return {.group = "review",
          .name = "suspend",
          .words = "NO",
          .word_count = {1, 1},
          .summary =
              "中止 Suspends a case for proceedings elsewhere: its "
              "clocks stand still; two officers sign",
          .flags = {{.name = "--kind",
                     .value = "suit|arbitration|complaint",
                     .help = "which proceedings",
                     .required = true},
                    {.name = "--authority",
                     .value = "TEXT",
                     .help = "court, commission or authority",
                     .required = true},
                    {.name = "--case-number",
                     .value = "TEXT",
                     .help = "number of the case there",
                     .required = true},
                    {.name = "--date",
                     .value = "DAY",
                     .help = "when it was taken up, YYYY-MM-DD",
                     .required = true},
                    {.name = "--document",
                     .value = "FILE",
                     .help = "the notice that it was taken up",
                     .required = true},
                    HalfSignedFlag()},
          .examples = {"dataip review suspend 20240000001 --kind suit "
                       "--authority 温州市中级人民法院 --case-number "
                       "（2024）浙03民初100号 --date 2024-07-02 --document "
                       "notice.pdf --key examiner.pem --key approver.pem"},
          .run = RunSuspend};
}

CommandSpec ResumeSpec() {
  return {.group = "review",
          .name = "resume",
          .words = "NO...",
          .word_count = {1, kAnyNumber},
          .summary =
              "恢复处理 Takes a suspended case up again; two officers "
              "sign",
          .flags = {ReasonFlag("how the proceedings ended"), HalfSignedFlag()},
          .examples = {"dataip review resume 20240000001 --reason "
                       "法院准许撤诉 --key examiner.pem --key approver.pem"},
          .run = RunResume};
}

CommandSpec UpholdSpec() {
  return {.group = "objection",
          .name = "uphold",
          .words = "O...",
          .word_count = {1, kAnyNumber},
          .summary =
              "异议成立 The objection is right: the application is "
              "refused by ground R12; two officers sign",
          .flags = {ReasonFlag("why, for both sides"),
                    {.name = "--ground",
                     .value = "CODE",
                     .help = "further ground of refusal, as in `review refuse`",
                     .repeatable = true},
                    HalfSignedFlag()},
          .examples = {"dataip objection uphold O20240000001 --reason "
                       "来源确无授权 --ground R02 --key examiner.pem --key "
                       "approver.pem"},
          .run = RunUphold};
}

}  // namespace

std::vector<CommandSpec> ObjectionReviewCommands() {
  return {{.group = "objection",
           .name = "accept",
           .words = "O...",
           .word_count = {1, kAnyNumber},
           .summary = "受理异议 Takes an objection up: the notice stands still",
           .examples = {"dataip objection accept O20240000001 --key "
                        "examiner.pem"},
           .run = RunAccept},
          {.group = "objection",
           .name = "reject",
           .words = "O...",
           .word_count = {1, kAnyNumber},
           .summary = "不予受理 Rejects one that is not in due form; two "
                      "officers sign",
           .flags = {ReasonFlag("why, for the objector"), HalfSignedFlag()},
           .examples = {"dataip objection reject O20240000001 --reason "
                        "证据与主张无关 --key examiner.pem --key "
                        "approver.pem"},
           .run = RunReject},
          {.group = "objection",
           .name = "forward",
           .words = "O...",
           .word_count = {1, kAnyNumber},
           .summary = "转送异议 Sends it to the applicant for an answer",
           .examples = {"dataip objection forward O20240000001 --key "
                        "examiner.pem"},
           .run = RunForward},
          UpholdSpec(),
          {.group = "objection",
           .name = "dismiss",
           .words = "O...",
           .word_count = {1, kAnyNumber},
           .summary = "异议不成立 The objection is not right; two officers "
                      "sign",
           .flags = {ReasonFlag("why, for both sides"), HalfSignedFlag()},
           .examples = {"dataip objection dismiss O20240000001 --reason "
                        "采集记录证明来源合法 --key examiner.pem --key "
                        "approver.pem"},
           .run = RunDismiss}};
}

std::vector<CommandSpec> SuspensionCommands() {
  return {SuspendSpec(), ResumeSpec()};
}

}  // namespace dataip::client
