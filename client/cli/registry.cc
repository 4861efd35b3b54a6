// `dataip registry` and `dataip clock`: what root signs.
#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/input_files.h"
#include "client/cli/labels.h"
#include "client/cli/table_loading.h"
#include "client/command.h"
#include "client/pki/key_file.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"
#include "core/registry/values/civil_date.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

constexpr char kRoot[] = "root";

absl::Status SetKeyFromFile(const Invocation& invocation,
                            absl::string_view flag, v1::PublicKey& message) {
  ASSIGN_OR_RETURN(const crypto::PublicKey key,
                   AsUsage(ReadPublicKeyFile(invocation.Text(flag))));
  message = KeyMessage(key);
  return absl::OkStatus();
}

absl::StatusOr<int> RunOpen(Invocation& invocation) {
  ASSIGN_OR_RETURN(const auto keys, invocation.Keys(1, 1));
  v1::OpenRegistry open;
  open.set_jurisdiction(invocation.Text("--jurisdiction"));
  open.set_profile_id(invocation.Text("--rules"));
  *open.mutable_root_key() = KeyMessage(keys.front().public_key());
  RETURN_IF_ERROR(
      SetKeyFromFile(invocation, "--clock-key", *open.mutable_clock_key()));
  RETURN_IF_ERROR(
      SetKeyFromFile(invocation, "--issuing-sm2", *open.mutable_issuing_sm2()));
  RETURN_IF_ERROR(SetKeyFromFile(invocation, "--issuing-p256",
                                 *open.mutable_issuing_p256()));
  const std::string start = invocation.Text("--demonstration-start");
  if (!start.empty()) {
    ASSIGN_OR_RETURN(const int64_t start_ms, ParseInstant(start));
    open.set_demonstration(true);
    *open.mutable_demonstration_start() = registry::FromUnixMs(start_ms);
  }
  ASSIGN_OR_RETURN(v1::Command command, invocation.NewCommand(kRoot));
  if (open.demonstration()) {
    // Its clock begins with this very command.
    const int64_t life_s =
        command.expires_at().seconds() - command.issued_at().seconds();
    *command.mutable_issued_at() = open.demonstration_start();
    *command.mutable_expires_at() = open.demonstration_start();
    command.mutable_expires_at()->set_seconds(
        open.demonstration_start().seconds() + life_s);
  }
  *command.mutable_open_registry() = open;
  ASSIGN_OR_RETURN(const auto response, invocation.Submit(command, keys));
  invocation.PrintMessage(response, ReceiptRecord(response));
  return kExitOk;
}

absl::StatusOr<int> RunLoadTable(Invocation& invocation) {
  const auto& words = invocation.words();
  ASSIGN_OR_RETURN(const uint64_t version, invocation.Number("--version"));
  ASSIGN_OR_RETURN(const auto response,
                   LoadTable(invocation, {words[0], words[1]}, version));
  invocation.PrintMessage(response, LoadedRecord(words[0], response));
  return kExitOk;
}

int64_t UnixMs(const google::protobuf::Timestamp& time) {
  return time.seconds() * 1'000 + time.nanos() / 1'000'000;
}

absl::StatusOr<int> RunShow(Invocation& invocation) {
  ASSIGN_OR_RETURN(const v1::GetRegistryResponse* const info,
                   invocation.RegistryInfo());
  Record record = {{"账本", info->origin()},
                   {"已开立", info->opened() ? "是" : "否"}};
  if (info->opened()) {
    record.push_back({"地区", info->registry().jurisdiction()});
    record.push_back({"规则", info->registry().profile_id()});
    record.push_back(
        {"演示", info->registry().demonstration() ? "是（演示登记）" : "否"});
  }
  record.push_back({"决定时钟", FormatTime(UnixMs(info->now()))});
  for (const v1::TableRef& table : info->tables()) {
    record.push_back({table.name(), HexOf(table.sha256())});
  }
  record.push_back({"账本序号", absl::StrCat(info->position().index())});
  invocation.PrintMessage(*info, record);
  return kExitOk;
}

absl::StatusOr<int> RunAdvance(Invocation& invocation) {
  ASSIGN_OR_RETURN(const auto keys, invocation.Keys(1, 1));
  ASSIGN_OR_RETURN(const int64_t to_ms, ParseInstant(invocation.Text("--to")));
  ASSIGN_OR_RETURN(v1::Command command, invocation.NewCommand(kRoot));
  *command.mutable_advance_clock()->mutable_to() = registry::FromUnixMs(to_ms);
  ASSIGN_OR_RETURN(const auto response, invocation.Submit(command, keys));
  Record record = {{"决定时钟", FormatTime(to_ms)}};
  for (const auto& line : ReceiptRecord(response)) record.push_back(line);
  invocation.PrintMessage(response, record);
  return kExitOk;
}

CommandSpec OpenSpec() {
  return {
      .group = "registry",
      .name = "open",
      .summary = "开立登记簿 Opens the registry, signed by root",
      .flags = {{.name = "--jurisdiction",
                 .value = "CODE",
                 .help = "GB/T 2260 code",
                 .default_value = "330000"},
                {.name = "--rules",
                 .value = "ID",
                 .help = "the rule profile",
                 .default_value = "ZJ-2023"},
                {.name = "--clock-key",
                 .value = "FILE",
                 .help = "key of the registry's clock",
                 .required = true},
                {.name = "--issuing-sm2",
                 .value = "FILE",
                 .help = "key that issues certificates, SM2",
                 .required = true},
                {.name = "--issuing-p256",
                 .value = "FILE",
                 .help = "key that issues certificates, P-256",
                 .required = true},
                {.name = "--demonstration-start",
                 .value = "TIME",
                 .help = "a demonstration with a clock that starts here"}},
      .examples = {"dataip registry open --key root.pem --clock-key clock.pem "
                   "--issuing-sm2 issue-sm2.pem --issuing-p256 issue-p256.pem"},
      .run = RunOpen};
}

}  // namespace

std::vector<CommandSpec> RegistryCommands() {
  return {OpenSpec(),
          {.group = "registry",
           .name = "load-table",
           .words = "NAME FILE",
           .word_count = {2, 2},
           .summary = "载入代码表 Loads a table of codes, days or rules",
           .flags = {{.name = "--version",
                      .value = "N",
                      .help = "version of the table that it replaces",
                      .default_value = "0"}},
           .examples = {"dataip registry load-table calendars/cn "
                        "calendar_cn.csv --key root.pem"},
           .run = RunLoadTable},
          {.group = "registry",
           .name = "show",
           .summary = "查看登记簿 Shows the registry, its clock and tables",
           .examples = {"dataip registry show -o json"},
           .run = RunShow}};
}

std::vector<CommandSpec> ClockCommands() {
  return {{.group = "clock",
           .name = "advance",
           .summary = "推进演示时钟 Moves the clock of a demonstration",
           .flags = {{.name = "--to",
                      .value = "TIME",
                      .help = "the new time, not past the real one",
                      .required = true}},
           .examples = {"dataip clock advance --to 2024-07-05T09:00+08:00 "
                        "--key root.pem"},
           .run = RunAdvance}};
}

}  // namespace dataip::client
