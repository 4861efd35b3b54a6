// `dataip command`: commands on their way to the last signature.
#include "client/command.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/application_precheck.h"
#include "client/cli/batch.h"
#include "client/cli/command_objects.h"
#include "client/cli/command_view.h"
#include "client/cli/commands.h"
#include "client/cli/decision.h"
#include "client/cli/input_files.h"
#include "client/cli/labels.h"
#include "client/registry_client.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/registry/decide.h"
#include "core/registry/values/civil_date.h"
#include "core/verify/trust.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

absl::StatusOr<CommandFile> ReadFile(const Invocation& invocation) {
  ASSIGN_OR_RETURN(
      const std::string text,
      ReadInputFile(invocation.words().front(), limits::kCommandFileBytes));
  return ParseCommandFile(text);
}

std::string ShownName(const v1::Command& command) {
  const std::string subject = SubjectOf(command);
  return subject.empty() ? BodyName(command)
                         : absl::StrCat(BodyName(command), " ", subject);
}

void PrintJson(Invocation& invocation, const CommandFile& file,
               const std::vector<v1::Command>& commands) {
  std::vector<std::string> items;
  for (size_t i = 0; i < commands.size(); ++i) {
    std::vector<std::string> key_ids;
    for (const auto& signature : file.commands[i].command.signatures()) {
      key_ids.push_back(JsonString(signature.key_id()));
    }
    items.push_back(absl::StrCat("{\"command\":", ToJson(commands[i]),
                                 ",\"key_ids\":[", absl::StrJoin(key_ids, ","),
                                 "]}"));
  }
  invocation.Print(JsonArray(items) + "\n");
}

void AddSigners(const std::vector<v1::Officer>& officers,
                CommandSurroundings& known) {
  for (const v1::Officer& officer : officers) {
    std::vector<std::string> roles;
    for (const int role : officer.roles()) {
      roles.push_back(LabelOf(static_cast<v1::OfficerRole>(role)));
    }
    for (const std::string& key_id : officer.key_ids()) {
      known.signers[key_id] = absl::StrCat(officer.officer_id(), "（",
                                           absl::StrJoin(roles, "、"), "）");
    }
  }
}

void AddSigners(const std::vector<v1::Party>& parties,
                CommandSurroundings& known) {
  for (const v1::Party& party : parties) {
    for (const std::string& key_id : party.key_ids()) {
      known.signers[key_id] =
          absl::StrCat(party.party_number(), " ", party.identity().name());
    }
  }
}

// The registry of the file's ledger, where there is one to ask.
absl::StatusOr<CommandSurroundings> AskRegistry(
    Invocation& invocation, const std::string& origin,
    const std::vector<v1::Command>& commands) {
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto* const info, invocation.RegistryInfo());
  if (info->origin() != origin) {
    return absl::FailedPreconditionError(absl::StrCat(
        "另一账本的登记系统 (of another ledger): ", info->origin()));
  }
  CommandSurroundings known;
  known.now_ms = registry::ToUnixMs(info->now()).value_or(0);
  ASSIGN_OR_RETURN(const auto officers, registry->ListOfficers());
  AddSigners(officers, known);
  ASSIGN_OR_RETURN(const auto parties,
                   registry->ListParties(v1::ListPartiesRequest()));
  AddSigners(parties, known);
  std::set<std::string> subjects;
  for (const v1::Command& command : commands) {
    subjects.insert(SubjectOf(command));
  }
  ASSIGN_OR_RETURN(const auto applications,
                   registry->ListApplications(v1::ListApplicationsRequest()));
  for (const v1::ApplicationSummary& line : applications) {
    if (subjects.count(line.application_no()) == 0) continue;
    known.names[line.application_no()] = line.name();
  }
  AddObjects(*registry, commands, known);
  return known;
}

CommandSurroundings SurroundingsOf(Invocation& invocation,
                                   const std::string& origin,
                                   const std::vector<v1::Command>& commands) {
  if (invocation.settings().Text("--server").empty()) return {};
  auto known = AskRegistry(invocation, origin, commands);
  if (known.ok()) return *std::move(known);
  invocation.Say(
      absl::StrCat("登记系统没有回答，只显示密钥号 (the registry did "
                   "not answer, key ids only): ",
                   known.status().message()));
  return {};
}

absl::StatusOr<int> RunShow(Invocation& invocation) {
  ASSIGN_OR_RETURN(const CommandFile file, ReadFile(invocation));
  std::vector<v1::Command> commands;
  for (const PendingCommand& pending : file.commands) {
    ASSIGN_OR_RETURN(v1::Command command, ReadCommand(pending.command));
    commands.push_back(std::move(command));
  }
  if (invocation.json()) {
    PrintJson(invocation, file, commands);
    return kExitOk;
  }
  const CommandSurroundings known =
      SurroundingsOf(invocation, file.origin, commands);
  invocation.Print(FormatRecord({{"账本", file.origin}}));
  for (size_t i = 0; i < commands.size(); ++i) {
    std::vector<std::string> key_ids;
    for (const auto& signature : file.commands[i].command.signatures()) {
      key_ids.push_back(signature.key_id());
    }
    invocation.Print("\n" +
                     FormatRecord(CommandRecord(commands[i], key_ids, known)));
  }
  return kExitOk;
}

absl::Status OfAnotherLedger(const std::string& origin) {
  return absl::FailedPreconditionError(
      absl::StrCat("命令属于另一账本，请核对命令文件与信任文件 (the commands "
                   "are for another "
                   "ledger; compare file and trust file): ",
                   origin));
}

// A key signs for the ledger that its owner trusts, not for the one that a
// file names: a signature for a trial would be good on the real one.
absl::Status CheckOrigin(Invocation& invocation, const std::string& origin) {
  if (invocation.HasTrust()) {
    ASSIGN_OR_RETURN(const verify::Trust* const trust, invocation.Trust());
    return trust->origin == origin ? absl::OkStatus() : OfAnotherLedger(origin);
  }
  if (invocation.settings().Text("--server").empty()) {
    return absl::InvalidArgumentError(
        "请以 --trust 指明所信任的账本 (name the ledger that you trust by "
        "--trust)");
  }
  ASSIGN_OR_RETURN(const auto* const info, invocation.RegistryInfo());
  return info->origin() == origin ? absl::OkStatus() : OfAnotherLedger(origin);
}

v1::SubmitCommandRequest RequestOf(const PendingCommand& pending) {
  v1::SubmitCommandRequest request;
  *request.mutable_command() = pending.command;
  for (const v1::Opening& opening : pending.openings) {
    *request.add_openings() = opening;
  }
  return request;
}

// A file may have been changed since the first signature: what is complete
// now is shown to the registry before the last signature leaves this program.
absl::Status CheckComplete(Invocation& invocation,
                           const PendingCommand& pending) {
  ASSIGN_OR_RETURN(const v1::Command command, ReadCommand(pending.command));
  const auto signatures =
      static_cast<size_t>(pending.command.signatures_size());
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  const auto consents = ConsentsFor(*registry, command);
  // Who may not see the pledges cannot tell; the registry will.
  if (!consents.ok()) return absl::OkStatus();
  if (signatures < registry::RequiredSigners(command, *consents)) {
    return absl::OkStatus();
  }
  v1::SubmitCommandRequest request = RequestOf(pending);
  request.set_validate_only(true);
  ASSIGN_OR_RETURN(const auto response, invocation.Send(request));
  SayFindings(invocation, response);
  return absl::OkStatus();
}

absl::StatusOr<int> RunSign(Invocation& invocation) {
  ASSIGN_OR_RETURN(CommandFile file, ReadFile(invocation));
  RETURN_IF_ERROR(CheckOrigin(invocation, file.origin));
  ASSIGN_OR_RETURN(const auto keys, invocation.Keys());
  for (PendingCommand& pending : file.commands) {
    for (const crypto::PrivateKey& key : keys) {
      RETURN_IF_ERROR(AddSignature(file.origin, key, pending.command));
    }
    if (invocation.settings().Text("--server").empty()) continue;
    RETURN_IF_ERROR(CheckComplete(invocation, pending));
  }
  const std::string out = invocation.Has("--out") ? invocation.Text("--out")
                                                  : invocation.words().front();
  const std::string text = FormatCommandFile(file);
  if (out == "-") {
    invocation.Print(text);
    return kExitOk;
  }
  RETURN_IF_ERROR(WriteOutputFile(out, text));
  invocation.Say(
      absl::StrCat("已签名 ", file.commands.size(), " 件 (signed): ", out));
  return kExitOk;
}

// Numbers and indexes of what was only tried are nobody's.
void PrintTried(Invocation& invocation, const std::vector<BatchItem>& items) {
  Table table{{"对象", "结果"}, {}};
  for (const BatchItem& item : items) {
    if (!item.response.ok()) continue;
    table.rows.push_back({item.subject, "未提交（试运行）"});
  }
  if (!table.rows.empty()) invocation.Print(FormatTable(table));
}

absl::StatusOr<int> RunSend(Invocation& invocation) {
  ASSIGN_OR_RETURN(const CommandFile file, ReadFile(invocation));
  ASSIGN_OR_RETURN(const auto* const info, invocation.RegistryInfo());
  if (info->origin() != file.origin) {
    return OfAnotherLedger(file.origin);
  }
  std::vector<BatchItem> items;
  for (const PendingCommand& pending : file.commands) {
    ASSIGN_OR_RETURN(const v1::Command command, ReadCommand(pending.command));
    items.push_back({ShownName(command)});
  }
  const ExitCode code = RunBatch(
      invocation, items,
      [&](size_t i) {
        v1::SubmitCommandRequest request = RequestOf(file.commands[i]);
        request.set_validate_only(invocation.Switch("--dry-run"));
        return invocation.Send(request);
      },
      invocation.Switch("--in-order") ? 1 : kCommandsInFlight);
  for (const BatchItem& item : items) {
    if (item.response.ok()) SayFindings(invocation, *item.response);
  }
  if (invocation.Switch("--dry-run") && !invocation.json()) {
    PrintTried(invocation, items);
  } else {
    PrintBatch(invocation, items);
  }
  return code;
}

}  // namespace

std::vector<CommandSpec> CommandCommands() {
  return {{.group = "command",
           .name = "show",
           .words = "FILE",
           .word_count = {1, 1},
           .summary = "查看命令文件 Shows what the commands in a file would do",
           .examples = {"dataip command show notice.json"},
           .run = RunShow},
          {.group = "command",
           .name = "sign",
           .words = "FILE",
           .word_count = {1, 1},
           .summary = "补签命令 Adds a signature to every command in a file",
           .flags = {{.name = "--out",
                      .value = "FILE",
                      .help = "instead of the same file"}},
           .examples = {"dataip command sign notice.json --key approver.pem"},
           .run = RunSign},
          {.group = "command",
           .name = "send",
           .words = "FILE",
           .word_count = {1, 1},
           .summary = "发送命令 Sends the commands in a file",
           .flags = {{.name = "--dry-run",
                      .help = "only asks what the answer would be"},
                     InOrderFlag()},
           .examples = {"dataip command send notice.json"},
           .run = RunSend}};
}

}  // namespace dataip::client
