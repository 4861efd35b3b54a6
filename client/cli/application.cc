// `dataip application list|show|withdraw`.
#include <algorithm>
#include <chrono>
#include <thread>

#include "absl/strings/str_cat.h"
#include "client/cli/application_view.h"
#include "client/cli/commands.h"
#include "client/cli/labels.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using std::chrono::milliseconds;
using WaitClock = std::chrono::steady_clock;

constexpr milliseconds kFirstPause{100};
constexpr milliseconds kLongestPause{2'000};
// A wait without --timeout.
constexpr std::chrono::minutes kLongWait{60};

absl::StatusOr<int> RunList(Invocation& invocation) {
  v1::ListApplicationsRequest request;
  for (const std::string& word : invocation.List("--status")) {
    ASSIGN_OR_RETURN(const v1::ApplicationState state,
                     ParseApplicationState(word));
    request.add_states(state);
  }
  request.set_party(invocation.Text("--party"));
  request.set_client_reference(invocation.Text("--reference"));
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  RETURN_IF_ERROR(CheckParty(*registry, request.party()));
  ASSIGN_OR_RETURN(const auto applications,
                   registry->ListApplications(request));
  std::vector<const google::protobuf::Message*> messages;
  for (const auto& line : applications) messages.push_back(&line);
  invocation.PrintList(messages, SummaryTable(applications));
  return kExitOk;
}

bool IsFinal(v1::ApplicationState state) {
  return state == v1::REGISTERED || state == v1::REFUSED ||
         state == v1::WITHDRAWN || state == v1::DEEMED_WITHDRAWN;
}

struct Waited {
  v1::GetApplicationResponse response;
  ExitCode code = kExitOk;
};

// Asks again, ever more slowly, until the application is in a final state or
// wants a correction.
absl::StatusOr<Waited> WaitForEnd(const Invocation& invocation,
                                  RegistryClient& registry,
                                  const std::string& application_no) {
  const bool bounded = !invocation.settings().Text("--timeout").empty();
  const auto deadline = WaitClock::now() + (bounded ? invocation.timeout()
                                                    : milliseconds(kLongWait));
  milliseconds pause = kFirstPause;
  while (true) {
    Waited waited;
    ASSIGN_OR_RETURN(waited.response, registry.GetApplication(application_no));
    const v1::ApplicationState state = waited.response.application().state();
    if (IsFinal(state)) return waited;
    if (state == v1::CORRECTION_REQUIRED) {
      waited.code = kExitCorrection;
      return waited;
    }
    const auto left =
        std::chrono::duration_cast<milliseconds>(deadline - WaitClock::now());
    if (left <= milliseconds::zero()) {
      waited.code = kExitWaitedTooLong;
      return waited;
    }
    std::this_thread::sleep_for(std::min(pause, left));
    pause = std::min(pause * 2, kLongestPause);
  }
}

absl::StatusOr<int> RunShow(Invocation& invocation) {
  const std::string& application_no = invocation.words().front();
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  Waited shown;
  if (invocation.Switch("--wait")) {
    ASSIGN_OR_RETURN(shown, WaitForEnd(invocation, *registry, application_no));
  } else {
    ASSIGN_OR_RETURN(shown.response, registry->GetApplication(application_no));
  }
  ASSIGN_OR_RETURN(const auto disclosed,
                   DisclosedValues(*registry, shown.response.application()));
  if (invocation.json()) {
    invocation.Print(ApplicationJson(shown.response, disclosed) + "\n");
  } else {
    Record record = ApplicationRecord(shown.response);
    AppendDisclosed(disclosed, record);
    invocation.Print(FormatRecord(record));
  }
  if (shown.code == kExitWaitedTooLong) {
    invocation.Say("等待超时，申请尚未结束 (waited too long)");
  }
  const std::string folder = invocation.Text("--files");
  if (folder.empty()) return shown.code;
  ASSIGN_OR_RETURN(
      const auto paths,
      DownloadFiles(*registry, shown.response.application(), folder));
  for (const std::string& path : paths) {
    invocation.Say(absl::StrCat("已下载 (downloaded): ", path));
  }
  return shown.code;
}

absl::StatusOr<int> RunWithdraw(Invocation& invocation) {
  ASSIGN_OR_RETURN(const auto keys, invocation.Keys(1, 1));
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto current,
                   registry->GetApplication(invocation.words().front()));
  ASSIGN_OR_RETURN(const std::string actor,
                   invocation.ActorOf(keys.front().public_key()));
  ASSIGN_OR_RETURN(v1::Command command, invocation.NewCommand(actor));
  command.set_version(current.application().version());
  v1::WithdrawApplication& body = *command.mutable_withdraw_application();
  body.set_application_no(current.application().application_no());
  body.set_reason(invocation.Text("--reason"));
  ASSIGN_OR_RETURN(const auto response, invocation.Submit(command, keys));
  invocation.PrintMessage(
      response, {{"申请号", body.application_no()},
                 {"状态", LabelOf(v1::WITHDRAWN)},
                 {"账本序号", absl::StrCat(response.receipt().index())}});
  return kExitOk;
}

CommandSpec ListSpec() {
  return {.group = "application",
          .name = "list",
          .summary = "申请列表 Lists applications",
          .flags = {{.name = "--status",
                     .value = "STATE",
                     .help = "only this state, e.g. under-review",
                     .repeatable = true},
                    {.name = "--party",
                     .value = "NUMBER|USCC",
                     .help = "only this applicant's"},
                    {.name = "--reference",
                     .value = "TEXT",
                     .help = "only this reference of the applicant's; with "
                             "--party"}},
          .examples = {"dataip application list --status publicity",
                       "dataip application list --party P0000001 -o json"},
          .run = RunList};
}

}  // namespace

std::vector<CommandSpec> ApplicationCommands() {
  return {
      ListSpec(),
      {.group = "application",
       .name = "show",
       .words = "NO",
       .word_count = {1, 1},
       .summary = "查看申请 Shows an application; --wait until it has ended",
       .flags = {{.name = "--files",
                  .value = "DIR",
                  .help = "downloads its files"},
                 {.name = "--wait",
                  .help = "until a final state (0), a wanted correction "
                          "(9) or --timeout (8)"}},
       .examples = {"dataip application show 20240000001",
                    "dataip application show 20240000001 --wait "
                    "--timeout 1h"},
       .run = RunShow},
      {.group = "application",
       .name = "withdraw",
       .words = "NO",
       .word_count = {1, 1},
       .summary = "撤回申请 Withdraws an application; the applicant signs, or "
                  "its agent for withdraw",
       .flags = {{.name = "--reason",
                  .value = "TEXT",
                  .help = "why, for the record"}},
       .examples = {"dataip application withdraw 20240000001 --key "
                    "enterprise.pem"},
       .run = RunWithdraw}};
}

}  // namespace dataip::client
