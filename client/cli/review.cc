// `dataip review`: what officers do.
//
// Refusal, notice and registration carry two signatures: both keys at once
// (the examiner's first, who is then the actor), or one key and --out, which
// writes the half-signed commands for `dataip command sign` and `send`.
#include <algorithm>
#include <functional>

#include "absl/strings/str_cat.h"
#include "client/cli/application_precheck.h"
#include "client/cli/application_view.h"
#include "client/cli/checklist.h"
#include "client/cli/commands.h"
#include "client/cli/decision.h"
#include "client/cli/labels.h"
#include "client/cli/review_batch.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

absl::StatusOr<int> RunList(Invocation& invocation) {
  v1::ListApplicationsRequest request;
  for (const std::string& word : invocation.List("--status")) {
    ASSIGN_OR_RETURN(const v1::ApplicationState state,
                     ParseApplicationState(word));
    request.add_states(state);
  }
  if (request.states_size() == 0) request.add_states(v1::UNDER_REVIEW);
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(auto applications, registry->ListApplications(request));
  std::stable_sort(applications.begin(), applications.end(),
                   [](const auto& a, const auto& b) {
                     return a.submitted_at_ms() < b.submitted_at_ms();
                   });
  std::vector<const google::protobuf::Message*> messages;
  for (const auto& line : applications) messages.push_back(&line);
  invocation.PrintList(messages, SummaryTable(applications));
  return kExitOk;
}

// What the examiner's statement on duplicates rests on.
absl::Status PrintWithDuplicates(Invocation& invocation,
                                 RegistryClient& registry,
                                 const v1::GetApplicationResponse& response) {
  ASSIGN_OR_RETURN(const auto all,
                   registry.ListApplications(v1::ListApplicationsRequest()));
  const auto same = SameFile(all, response.application());
  std::string found = SameFileText(same);
  if (response.application().form().deposit().file_sha256().empty()) {
    found = "未公开，无法比对";
  } else if (same.empty()) {
    found = absl::StrCat("无其他申请（已比对 ", all.size(),
                         " 件的数据文件 SHA-256）");
  }
  Record record = ApplicationRecord(response);
  record.push_back({"同一数据文件", found});
  const std::string findings = RuleLines(response.findings());
  record.push_back(
      {"预检", response.findings().empty()
                   ? "B01–B24 未发现问题（检查结果仅向登记机构提供）"
                   : findings});
  invocation.PrintMessage(response, record);
  if (invocation.json() && !same.empty()) {
    invocation.Say(
        absl::StrCat("同一数据文件的其他申请 (others with the same "
                     "data file):\n",
                     SameFileText(same)));
  }
  return absl::OkStatus();
}

absl::StatusOr<int> RunShow(Invocation& invocation) {
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto response,
                   registry->GetApplication(invocation.words().front()));
  RETURN_IF_ERROR(PrintWithDuplicates(invocation, *registry, response));
  const std::string folder = invocation.Text("--files");
  if (folder.empty()) return kExitOk;
  ASSIGN_OR_RETURN(const auto paths,
                   DownloadFiles(*registry, response.application(), folder));
  for (const std::string& path : paths) {
    invocation.Say(absl::StrCat("已下载 (downloaded): ", path));
  }
  return kExitOk;
}

absl::StatusOr<int> RunCorrection(Invocation& invocation) {
  const auto fields = invocation.List("--field");
  const auto reasons = invocation.List("--reason");
  const bool batch = invocation.Switch("--batch");
  if (fields.size() != reasons.size() || (fields.empty() && !batch)) {
    return absl::InvalidArgumentError(
        "--field 与 --reason 须成对给出 (one --reason for each --field, at "
        "least one)");
  }
  std::vector<v1::Defect> defects(fields.size());
  for (size_t i = 0; i < fields.size(); ++i) {
    defects[i].set_field(fields[i]);
    defects[i].set_reason(reasons[i]);
  }
  if (batch) return CorrectInBatches(invocation, defects);
  if (invocation.words().size() > 1 || invocation.Has("--except")) {
    return absl::InvalidArgumentError(
        "多件申请或 --except 须加 --batch (several applications, or --except, "
        "take --batch)");
  }
  const auto fill = [&](const std::string& number, v1::Command& command) {
    v1::RequestCorrection& body = *command.mutable_request_correction();
    body.set_application_no(number);
    for (const v1::Defect& defect : defects) *body.add_defects() = defect;
  };
  return ActOnOne(invocation, {ApplicationVersion(), fill},
                  {"申请号", invocation.words().front()});
}

using Fill =
    std::function<void(const std::string& number, v1::Command& command)>;

absl::StatusOr<int> Decide(Invocation& invocation, Fill fill) {
  return ActByTwoOfficers(invocation, {ApplicationVersion(), std::move(fill)});
}

absl::StatusOr<int> RunRefuse(Invocation& invocation) {
  auto grounds = invocation.List("--ground");
  std::sort(grounds.begin(), grounds.end());
  grounds.erase(std::unique(grounds.begin(), grounds.end()), grounds.end());
  const std::string reason = invocation.Text("--reason");
  return Decide(invocation, [grounds, reason](const std::string& number,
                                              v1::Command& command) {
    v1::RefuseApplication& body = *command.mutable_refuse_application();
    body.set_application_no(number);
    for (const std::string& ground : grounds) body.add_grounds(ground);
    body.set_reason(reason);
  });
}

absl::StatusOr<int> RunNotice(Invocation& invocation) {
  ASSIGN_OR_RETURN(const v1::Checklist checklist,
                   ParseChecklist(invocation.Text("--checked")));
  // Errors in JSON stay alone on stderr.
  if (!invocation.json()) {
    invocation.Say(absl::StrCat("签署的核查声明 (statements that you sign):\n",
                                ChecklistText(checklist)));
  }
  if (invocation.Switch("--batch")) {
    return OpenNoticesInBatches(invocation, checklist);
  }
  return Decide(invocation,
                [checklist](const std::string& number, v1::Command& command) {
                  v1::OpenNotice& body = *command.mutable_open_notice();
                  body.set_application_no(number);
                  *body.mutable_checklist() = checklist;
                });
}

absl::StatusOr<int> RunRegister(Invocation& invocation) {
  if (invocation.Switch("--batch")) return RegisterInBatches(invocation);
  Act act{ApplicationVersion(),
          [](const std::string& number, v1::Command& command) {
            command.mutable_register_application()->set_application_no(number);
          }};
  act.in_order = invocation.Switch("--in-order");
  return ActByTwoOfficers(invocation, act);
}

CommandSpec CorrectionSpec() {
  return {.group = "review",
          .name = "correction",
          .words = "NO...",
          .word_count = {1, kAnyNumber},
          .summary =
              "通知补正 Asks for corrections, all at once; of several "
              "applications with --batch",
          .flags = {{.name = "--field",
                     .value = "PATH",
                     .help = "field of the form at fault",
                     .repeatable = true},
                    {.name = "--reason",
                     .value = "TEXT",
                     .help = "why, one for each --field",
                     .repeatable = true},
                    BatchFlag(),
                    ExceptFlag()},
          .examples = {"dataip review correction 20240000001 --field "
                       "fields[3].meaning --reason 含义不清 --key "
                       "examiner.pem",
                       "dataip review correction --batch - --field coverage_to "
                       "--reason 请补充数据期限 --except "
                       "20240000001=fields[3].meaning:含义不清 --key "
                       "examiner.pem < numbers.txt"},
          .run = RunCorrection};
}

CommandSpec RefuseSpec() {
  return {.group = "review",
          .name = "refuse",
          .words = "NO",
          .word_count = {1, 1},
          .summary = "不予登记 Refuses an application; two officers sign",
          .flags = {{.name = "--ground",
                     .value = "CODE",
                     .help = "ground of the rule profile, e.g. R03; they are "
                             "the lines ground.* of its table "
                             "(deploy/tables/profile_ZJ-2023.csv)",
                     .required = true,
                     .repeatable = true},
                    {.name = "--reason",
                     .value = "TEXT",
                     .help = "why, for the applicant",
                     .required = true},
                    HalfSignedFlag()},
          .examples = {"dataip review refuse 20240000001 --ground R03 --reason "
                       "未经加工的原始数据 --key examiner.pem --key "
                       "approver.pem"},
          .run = RunRefuse};
}

}  // namespace

std::vector<CommandSpec> ReviewCommands() {
  return {
      {.group = "review",
       .name = "list",
       .summary = "待审列表 Lists what waits for examination, oldest first",
       .flags = {{.name = "--status",
                  .value = "STATE",
                  .help = "instead of under-review",
                  .repeatable = true}},
       .examples = {"dataip review list",
                    "dataip review list --status publicity -o json"},
       .run = RunList},
      {.group = "review",
       .name = "show",
       .words = "NO",
       .word_count = {1, 1},
       .summary = "查看案卷 Shows an application as officers see it",
       .flags = {{.name = "--files",
                  .value = "DIR",
                  .help = "downloads its files"}},
       .examples = {"dataip review show 20240000001 --files review/"},
       .run = RunShow},
      CorrectionSpec(),
      RefuseSpec(),
      {.group = "review",
       .name = "notice",
       .words = "NO...",
       .word_count = {1, kAnyNumber},
       .summary = "开始公示 Opens the public notice; two officers sign that "
                  "sample, masking, files and duplicates were checked",
       .flags = {{.name = "--checked",
                  .value = "LIST",
                  .help = "what you checked; a notice needs all four",
                  .default_value = kAllStatements},
                 BatchFlag(),
                 HalfSignedFlag()},
       .examples = {"dataip review notice 20240000001 20240000002 --key "
                    "examiner.pem --key approver.pem",
                    "dataip review notice - --key examiner.pem --out "
                    "notice.json < numbers.txt",
                    "dataip review notice --batch - --key examiner.pem --key "
                    "approver.pem < numbers.txt"},
       .run = RunNotice},
      {.group = "review",
       .name = "register",
       .words = "NO...",
       .word_count = {1, kAnyNumber},
       .summary = "登记发证 Registers and certifies; two officers sign",
       .flags = {BatchFlag(), InOrderFlag(), HalfSignedFlag()},
       .examples =
           {"dataip review register - --in-order --key examiner.pem --key "
            "approver.pem < numbers.txt",
            "dataip review register --batch - --key examiner.pem --key "
            "approver.pem < numbers.txt"},
       .run = RunRegister}};
}

}  // namespace dataip::client
