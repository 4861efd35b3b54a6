// `dataip command`: commands on their way to the last signature.
#include "client/command.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/batch.h"
#include "client/cli/commands.h"
#include "client/cli/input_files.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

absl::StatusOr<CommandFile> ReadFile(const Invocation& invocation) {
  ASSIGN_OR_RETURN(const std::string text,
                   ReadInputFile(invocation.words().front()));
  return ParseCommandFile(text);
}

int64_t UnixMs(const google::protobuf::Timestamp& time) {
  return time.seconds() * 1'000 + time.nanos() / 1'000'000;
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

absl::StatusOr<int> RunShow(Invocation& invocation) {
  ASSIGN_OR_RETURN(const CommandFile file, ReadFile(invocation));
  std::vector<v1::Command> commands;
  Table table{{"命令", "对象", "行为人", "签发", "失效", "签名"}, {}};
  for (const PendingCommand& pending : file.commands) {
    ASSIGN_OR_RETURN(v1::Command command, ReadCommand(pending.command));
    std::vector<std::string> key_ids;
    for (const auto& signature : pending.command.signatures()) {
      key_ids.push_back(signature.key_id());
    }
    table.rows.push_back({BodyName(command), SubjectOf(command),
                          command.actor(),
                          FormatTime(UnixMs(command.issued_at())),
                          FormatTime(UnixMs(command.expires_at())),
                          absl::StrJoin(key_ids, " ")});
    commands.push_back(std::move(command));
  }
  if (invocation.json()) {
    PrintJson(invocation, file, commands);
  } else {
    invocation.Say(absl::StrCat("账本 (origin): ", file.origin));
    invocation.Print(FormatTable(table));
  }
  return kExitOk;
}

absl::StatusOr<int> RunSign(Invocation& invocation) {
  ASSIGN_OR_RETURN(CommandFile file, ReadFile(invocation));
  ASSIGN_OR_RETURN(const auto keys, invocation.Keys());
  for (PendingCommand& pending : file.commands) {
    for (const crypto::PrivateKey& key : keys) {
      RETURN_IF_ERROR(AddSignature(file.origin, key, pending.command));
    }
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

absl::StatusOr<int> RunSend(Invocation& invocation) {
  ASSIGN_OR_RETURN(const CommandFile file, ReadFile(invocation));
  ASSIGN_OR_RETURN(const auto* const info, invocation.RegistryInfo());
  if (info->origin() != file.origin) {
    return absl::FailedPreconditionError(
        absl::StrCat("命令属于另一账本 (the commands are for another ledger): ",
                     file.origin));
  }
  std::vector<BatchItem> items;
  for (const PendingCommand& pending : file.commands) {
    ASSIGN_OR_RETURN(const v1::Command command, ReadCommand(pending.command));
    items.push_back({ShownName(command)});
  }
  const ExitCode code = RunBatch(invocation, items, [&](size_t i) {
    v1::SubmitCommandRequest request;
    *request.mutable_command() = file.commands[i].command;
    for (const v1::Opening& opening : file.commands[i].openings) {
      *request.add_openings() = opening;
    }
    request.set_validate_only(invocation.Switch("--dry-run"));
    return invocation.Send(request);
  });
  PrintBatch(invocation, items);
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
                      .help = "only asks what the answer would be"}},
           .examples = {"dataip command send notice.json"},
           .run = RunSend}};
}

}  // namespace dataip::client
