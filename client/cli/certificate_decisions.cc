// `dataip certificate`: requests as they are read, consented to, withdrawn,
// granted and refused.
#include "absl/strings/str_cat.h"
#include "client/cli/certificate_view.h"
#include "client/cli/commands.h"
#include "client/cli/decision.h"
#include "client/cli/enum_words.h"
#include "client/cli/object_files.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

absl::StatusOr<int> RunList(Invocation& invocation) {
  v1::ListRequestsRequest request;
  for (const std::string& word : invocation.List("--status")) {
    ASSIGN_OR_RETURN(const auto state,
                     ParseEnumWord<v1::RequestState>(word, "REQUEST_"));
    request.add_states(state);
  }
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  request.set_certificate_number(invocation.Text("--certificate"));
  ASSIGN_OR_RETURN(const auto requests, registry->ListRequests(request));
  Table table{
      {"请求编号", "证书编号", "请求事项", "请求人", "状态", "提出时间"}, {}};
  std::vector<const google::protobuf::Message*> messages;
  for (const v1::CertificateRequest& line : requests) {
    messages.push_back(&line);
    table.rows.push_back({line.request_no(), line.certificate_number(),
                          RequestKindText(line.body()), line.requester(),
                          LabelOf(line.state()),
                          FormatTime(line.filed_at_ms())});
  }
  invocation.PrintList(messages, table);
  return kExitOk;
}

absl::StatusOr<int> RunShow(Invocation& invocation) {
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto response,
                   registry->GetRequest(invocation.words().front()));
  invocation.PrintMessage(response, RequestRecord(response.request()));
  RETURN_IF_ERROR(DownloadFilesOf(invocation, response.request().request_no(),
                                  response.request()));
  return kExitOk;
}

absl::StatusOr<int> RunConsent(Invocation& invocation) {
  return ActOnEach(
      invocation,
      {RequestVersion(), [](const std::string& number, v1::Command& command) {
         command.mutable_cosign_request()->set_request_no(number);
       }});
}

absl::StatusOr<int> RunWithdraw(Invocation& invocation) {
  return ActOnEach(
      invocation,
      {RequestVersion(), [](const std::string& number, v1::Command& command) {
         command.mutable_withdraw_request()->set_request_no(number);
       }});
}

absl::StatusOr<int> RunGrant(Invocation& invocation) {
  return ActByTwoOfficers(
      invocation,
      {RequestVersion(), [](const std::string& number, v1::Command& command) {
         command.mutable_grant_request()->set_request_no(number);
       }});
}

absl::StatusOr<int> RunRefuse(Invocation& invocation) {
  const std::string reason = invocation.Text("--reason");
  return ActByTwoOfficers(
      invocation, {RequestVersion(),
                   [reason](const std::string& number, v1::Command& command) {
                     v1::RefuseRequest& body =
                         *command.mutable_refuse_request();
                     body.set_request_no(number);
                     body.set_reason(reason);
                   }});
}

CommandSpec ListSpec() {
  return {.group = "certificate",
          .name = "requests",
          .summary = "请求列表 Lists requests for certificates",
          .flags = {{.name = "--certificate",
                     .value = "NUMBER",
                     .help = "only for this certificate"},
                    {.name = "--status",
                     .value = "STATE",
                     .help = "only this state: awaiting-cosign, under-review, "
                             "granted, refused or withdrawn",
                     .repeatable = true}},
          .examples = {"dataip certificate requests --status under-review",
                       "dataip certificate requests --certificate "
                       "20240733000000001 -o json"},
          .run = RunList};
}

// Over the requests of the words.
CommandSpec OverRequests(std::string name, std::string summary,
                         std::vector<FlagRule> flags, std::string example,
                         RunCommand run) {
  return {.group = "certificate",
          .name = std::move(name),
          .words = "Q...",
          .word_count = {1, kAnyNumber},
          .summary = std::move(summary),
          .flags = std::move(flags),
          .examples = {std::move(example)},
          .run = std::move(run)};
}

}  // namespace

std::vector<CommandSpec> CertificateDecisionCommands() {
  return {
      ListSpec(),
      {.group = "certificate",
       .name = "request",
       .words = "Q",
       .word_count = {1, 1},
       .summary = "查看请求 Shows a request",
       .flags = {FilesFlag()},
       .examples = {"dataip certificate request Q20240000001",
                    "dataip certificate request Q20240000001 --files papers"},
       .run = RunShow},
      OverRequests("consent", "同意请求 Consents to what others ask", {},
                   "dataip certificate consent Q20240000001 --key bank.pem",
                   RunConsent),
      OverRequests("withdraw-request", "撤回请求 Withdraws a request", {},
                   "dataip certificate withdraw-request Q20240000001 --key "
                   "enterprise.pem",
                   RunWithdraw),
      OverRequests("grant", "准予请求 Grants requests; two officers sign",
                   {HalfSignedFlag()},
                   "dataip certificate grant Q20240000001 --key examiner.pem "
                   "--key approver.pem",
                   RunGrant),
      OverRequests("refuse", "不予准许 Refuses requests; two officers sign",
                   {{.name = "--reason",
                     .value = "TEXT",
                     .help = "why, for the requester",
                     .required = true},
                    HalfSignedFlag()},
                   "dataip certificate refuse Q20240000001 --reason "
                   "转移文件与申请不符 --key examiner.pem --key approver.pem",
                   RunRefuse)};
}

}  // namespace dataip::client
