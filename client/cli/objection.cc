// `dataip objection`: what objectors and applicants do, and reading.
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/case_labels.h"
#include "client/cli/case_view.h"
#include "client/cli/commands.h"
#include "client/cli/decision.h"
#include "client/cli/enum_words.h"
#include "client/cli/evidence_files.h"
#include "client/cli/object_files.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

constexpr char kEvidenceKind[] = "evidence";

absl::StatusOr<v1::ObjectionClaim> ClaimOf(const Invocation& invocation) {
  v1::ObjectionClaim claim;
  ASSIGN_OR_RETURN(const v1::ObjectionRight right,
                   ParseObjectionRight(invocation.Text("--right")));
  claim.set_right(right);
  const auto fields = invocation.List("--field");
  const std::set<std::string> once(fields.begin(), fields.end());
  for (const std::string& field : once) claim.add_fields(field);
  claim.set_statement(invocation.Text("--statement"));
  claim.set_interest(invocation.Text("--interest"));
  return claim;
}

absl::StatusOr<int> RunFile(Invocation& invocation) {
  v1::FileObjection body;
  body.set_application_no(invocation.words().front());
  ASSIGN_OR_RETURN(*body.mutable_claim(), ClaimOf(invocation));
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  if (invocation.Has("--for")) {
    ASSIGN_OR_RETURN(const auto principal,
                     registry->GetParty(invocation.Text("--for")));
    body.set_principal(principal.party().party_number());
  }
  ASSIGN_OR_RETURN(
      const AttachedFiles attached,
      AttachFiles(*registry, kEvidenceKind, invocation.List("--evidence")));
  for (const v1::FileCommitment& file : attached.files) {
    *body.mutable_claim()->add_evidence() = file;
  }
  const auto fill = [&](const std::string&, v1::Command& command) {
    *command.mutable_file_objection() = body;
  };
  return ActOnOne(invocation, {NoVersion(), fill, attached.openings},
                  {"申请号", body.application_no()});
}

absl::StatusOr<int> RunAnswer(Invocation& invocation) {
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(
      const AttachedFiles attached,
      AttachFiles(*registry, kEvidenceKind, invocation.List("--file")));
  const std::string text = invocation.Text("--text");
  const auto fill = [&](const std::string& number, v1::Command& command) {
    v1::AnswerObjection& body = *command.mutable_answer_objection();
    body.set_objection_no(number);
    body.set_answer(text);
    for (const v1::FileCommitment& file : attached.files) {
      *body.add_files() = file;
    }
  };
  return ActOnOne(invocation, {ObjectionVersion(), fill, attached.openings},
                  {"异议编号", invocation.words().front()});
}

absl::StatusOr<int> RunWithdraw(Invocation& invocation) {
  const std::string reason = invocation.Text("--reason");
  return ActOnEach(invocation,
                   {ObjectionVersion(),
                    [reason](const std::string& number, v1::Command& command) {
                      v1::WithdrawObjection& body =
                          *command.mutable_withdraw_objection();
                      body.set_objection_no(number);
                      body.set_reason(reason);
                    }});
}

absl::StatusOr<int> RunList(Invocation& invocation) {
  v1::ListObjectionsRequest request;
  request.set_application_no(invocation.Text("--application"));
  for (const std::string& word : invocation.List("--status")) {
    ASSIGN_OR_RETURN(const v1::ObjectionState state, ParseObjectionState(word));
    request.add_states(state);
  }
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto objections, registry->ListObjections(request));
  std::vector<const google::protobuf::Message*> messages;
  for (const v1::Objection& objection : objections) {
    messages.push_back(&objection);
  }
  invocation.PrintList(messages, ObjectionTable(objections));
  return kExitOk;
}

absl::StatusOr<int> RunShow(Invocation& invocation) {
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto response,
                   registry->GetObjection(invocation.words().front()));
  invocation.PrintMessage(response, ObjectionRecord(response.objection()));
  RETURN_IF_ERROR(DownloadFilesOf(
      invocation, response.objection().objection_no(), response.objection()));
  return kExitOk;
}

CommandSpec FileSpec() {
  return {.group = "objection",
          .name = "file",
          .words = "NO",
          .word_count = {1, 1},
          .summary = "提出异议 Objects to an application in its public notice",
          .flags = {{.name = "--right",
                     .value = "RIGHT",
                     .help = absl::StrCat(
                         "what is infringed: ",
                         absl::StrJoin(EnumWords<v1::ObjectionRight>("RIGHT_"),
                                       ", ")),
                     .required = true},
                    {.name = "--field",
                     .value = "FIELD",
                     .help = "field of the notice that is objected to, e.g. "
                             "sources, name, algorithm_summary",
                     .required = true,
                     .repeatable = true},
                    {.name = "--statement",
                     .value = "TEXT",
                     .help = "why, 10 to 2,000 characters",
                     .required = true},
                    {.name = "--interest",
                     .value = "TEXT",
                     .help = "how you are concerned; some profiles want it"},
                    {.name = "--evidence",
                     .value = "FILE",
                     .help = "1 to 20 files, up to 20 MiB each",
                     .required = true,
                     .repeatable = true},
                    {.name = "--for",
                     .value = "NUMBER|USCC",
                     .help = "for whom an agent objects; it holds a power with "
                             "the act object"}},
          .examples = {"dataip objection file 20240000001 --right ownership "
                       "--field sources --statement "
                       "该数据来自本单位的热量表，未经授权 --evidence "
                       "contract.pdf --key objector.pem"},
          .run = RunFile};
}

CommandSpec AnswerSpec() {
  return {.group = "objection",
          .name = "answer",
          .words = "O",
          .word_count = {1, 1},
          .summary = "答复异议 The applicant answers what was forwarded to it",
          .flags = {{.name = "--text",
                     .value = "TEXT",
                     .help = "2 to 2,000 characters",
                     .required = true},
                    {.name = "--file",
                     .value = "FILE",
                     .help = "at most 20 files",
                     .repeatable = true}},
          .examples = {"dataip objection answer O20240000001 --text "
                       "数据由本单位自有设备采集 --file log.pdf --key "
                       "enterprise.pem"},
          .run = RunAnswer};
}

CommandSpec ListSpec() {
  return {
      .group = "objection",
      .name = "list",
      .summary = "异议列表 Lists objections that you have a part in",
      .flags = {{.name = "--application",
                 .value = "NO",
                 .help = "only to this application"},
                {.name = "--status",
                 .value = "STATE",
                 .help = absl::StrCat(
                     "only this state: ",
                     absl::StrJoin(EnumWords<v1::ObjectionState>("OBJECTION_"),
                                   ", ")),
                 .repeatable = true}},
      .examples = {"dataip objection list --application 20240000001",
                   "dataip objection list --status forwarded -o json"},
      .run = RunList};
}

}  // namespace

std::vector<CommandSpec> ObjectionCommands() {
  return {FileSpec(),
          ListSpec(),
          {.group = "objection",
           .name = "show",
           .words = "O",
           .word_count = {1, 1},
           .summary = "查看异议 Shows an objection, its answer and decision",
           .flags = {FilesFlag()},
           .examples = {"dataip objection show O20240000001",
                        "dataip objection show O20240000001 --files evidence"},
           .run = RunShow},
          AnswerSpec(),
          {.group = "objection",
           .name = "withdraw",
           .words = "O...",
           .word_count = {1, kAnyNumber},
           .summary = "撤回异议 The objector or its agent gives it up",
           .flags = {{.name = "--reason",
                      .value = "TEXT",
                      .help = "why, for the record"}},
           .examples = {"dataip objection withdraw O20240000001 --key "
                        "objector.pem"},
           .run = RunWithdraw}};
}

}  // namespace dataip::client
