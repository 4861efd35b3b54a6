// `dataip usage` and `dataip value`: use of licensed data, and what it earned.
//
// A file of usage has one JSON object a line: the fields of
// dataip.registry.v1.UsageEvent and `licence_no` (or --licence for all):
//   {"licence_no": "L20240000001", "source": "meter-gw", "id": "a1",
//    "occurred_on": "2024-07-10", "quantity": 1200}
#include <google/protobuf/descriptor.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/cli/batch.h"
#include "client/cli/commands.h"
#include "client/cli/input_files.h"
#include "client/registry_client.h"
#include "client/status.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/base/text.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using google::protobuf::Descriptor;
using google::protobuf::Struct;

constexpr char kLicenceName[] = "licence_no";

struct UsageLine {
  std::string licence_no;
  v1::UsageEvent event;
};

// The names of `object` are fields of `type`, also inside.
absl::Status CheckNames(const Struct& object, const Descriptor& type) {
  for (const auto& [name, value] : object.fields()) {
    const auto* const field = type.FindFieldByName(name);
    if (field == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat("未知字段 (unknown field): ", name));
    }
    if (value.has_struct_value() && field->message_type() != nullptr) {
      RETURN_IF_ERROR(CheckNames(value.struct_value(), *field->message_type()));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<UsageLine> ParseLine(const std::string& text,
                                    const std::string& licence_no) {
  UsageLine line;
  line.licence_no = licence_no;
  Struct object;
  if (!google::protobuf::util::JsonStringToMessage(text, &object).ok()) {
    return absl::InvalidArgumentError("不是 JSON 对象 (not a JSON object)");
  }
  const auto named = object.fields().find(kLicenceName);
  if (named != object.fields().end()) {
    line.licence_no = named->second.string_value();
    object.mutable_fields()->erase(kLicenceName);
  }
  if (line.licence_no.empty()) {
    return absl::InvalidArgumentError(
        "缺少 licence_no，也没有 --licence (no licence_no, and no --licence)");
  }
  RETURN_IF_ERROR(CheckNames(object, *v1::UsageEvent::descriptor()));
  // From the text itself: a Struct's numbers would lose digits.
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  const auto parsed =
      google::protobuf::util::JsonStringToMessage(text, &line.event, options);
  if (!parsed.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "不是运用记录 (not a usage event): ", parsed.message().as_string()));
  }
  return line;
}

// Events of one licence, cut into commands, in the order of the file.
struct LicenceUsage {
  std::string licence_no;
  std::vector<v1::RecordUsage> bodies;
};

void AddEvent(UsageLine line, std::vector<LicenceUsage>& all) {
  auto place = all.begin();
  while (place != all.end() && place->licence_no != line.licence_no) ++place;
  if (place == all.end()) {
    all.push_back({line.licence_no, {}});
    place = all.end() - 1;
  }
  if (place->bodies.empty() ||
      place->bodies.back().events_size() == limits::kEventsPerUsage) {
    place->bodies.emplace_back().set_licence_no(line.licence_no);
  }
  *place->bodies.back().add_events() = std::move(line.event);
}

// Whether all of it was recorded before, and just so: the same ids with other
// content are a conflict.
bool IsKnown(const absl::Status& status) {
  const auto detail = ErrorDetailOf(status);
  return detail.has_value() && detail->field_violations_size() == 1 &&
         detail->field_violations(0).rule() == "USAGE_KNOWN";
}

// Sends what there is of one licence, one command after the other, since each
// raises the licence's version.
absl::StatusOr<v1::SubmitCommandResponse> SendUsage(
    Invocation& invocation, const std::vector<crypto::PrivateKey>& keys,
    const LicenceUsage& usage) {
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const std::string actor,
                   invocation.ActorOf(keys.front().public_key()));
  v1::SubmitCommandResponse all;
  for (const v1::RecordUsage& body : usage.bodies) {
    ASSIGN_OR_RETURN(const auto licence,
                     registry->GetLicence(usage.licence_no));
    ASSIGN_OR_RETURN(v1::Command command, invocation.NewCommand(actor));
    command.set_version(licence.licence().version());
    *command.mutable_record_usage() = body;
    auto response = invocation.Submit(command, keys);
    if (IsKnown(response.status())) continue;
    RETURN_IF_ERROR(response.status());
    *all.mutable_receipt() = response->receipt();
    all.mutable_events()->MergeFrom(response->events());
  }
  return all;
}

struct UsageTotals {
  int64_t counted = 0;
  int64_t fen = 0;
};

UsageTotals TotalsOf(const v1::SubmitCommandResponse& response) {
  UsageTotals totals;
  for (const v1::Event& event : response.events()) {
    totals.counted += event.usage_recorded().counted_size();
    totals.fen += event.usage_recorded().value_fen();
  }
  return totals;
}

void PrintSent(Invocation& invocation, const std::vector<BatchItem>& items) {
  Table table{{"许可编号", "本次新增记录", "本次新增金额"}, {}};
  std::vector<const google::protobuf::Message*> messages;
  for (const BatchItem& item : items) {
    if (!item.response.ok()) continue;
    const UsageTotals totals = TotalsOf(*item.response);
    messages.push_back(&*item.response);
    table.rows.push_back(
        {item.subject, absl::StrCat(totals.counted), FormatFen(totals.fen)});
  }
  if (table.rows.empty() && !invocation.json()) return;  // all is on stderr
  invocation.PrintList(messages, table);
}

absl::StatusOr<int> RunSend(Invocation& invocation) {
  ASSIGN_OR_RETURN(const auto keys, invocation.Keys(1, 1));
  ASSIGN_OR_RETURN(
      const std::string text,
      ReadInputFile(invocation.words().front(), limits::kImportFileBytes));
  std::vector<LicenceUsage> usage;
  std::vector<ExitCode> codes;
  size_t number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (base::Trim(line).empty()) continue;
    auto parsed = ParseLine(std::string(line), invocation.Text("--licence"));
    if (parsed.ok()) {
      AddEvent(*std::move(parsed), usage);
      continue;
    }
    invocation.Report(absl::StrCat("第 ", number, " 行"), parsed.status());
    codes.push_back(kExitUsage);
  }
  if (usage.empty()) {
    if (!codes.empty()) return kExitUsage;
    return absl::InvalidArgumentError("文件中没有记录 (no event in the file)");
  }
  RETURN_IF_ERROR(invocation.RegistryInfo().status());
  std::vector<BatchItem> items;
  for (const LicenceUsage& one : usage) items.push_back({one.licence_no});
  codes.push_back(RunBatch(invocation, items, [&](size_t i) {
    return SendUsage(invocation, keys, usage[i]);
  }));
  PrintSent(invocation, items);
  return CodeOfBatch(codes);
}

absl::StatusOr<int> RunShow(Invocation& invocation) {
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto usage,
                   registry->ListUsage(invocation.words().front()));
  Table table{{"来源", "编号", "日期", "数量", "金额", "冲正"}, {}};
  std::vector<const google::protobuf::Message*> messages;
  for (const v1::CountedUsage& counted : usage) {
    messages.push_back(&counted);
    const v1::UsageEvent& event = counted.event();
    table.rows.push_back(
        {event.source(), event.id(), event.occurred_on(),
         event.quantity() == 0 ? "" : absl::StrCat(event.quantity()),
         FormatFen(counted.value_fen()), event.reverses_id()});
  }
  invocation.PrintList(messages, table);
  return kExitOk;
}

absl::StatusOr<int> RunValue(Invocation& invocation) {
  if (invocation.Has("--certificate") && invocation.Has("--party")) {
    return absl::InvalidArgumentError(
        "--certificate 与 --party 只能给出其一 (one of the two at most)");
  }
  v1::GetValueRequest request;
  request.set_certificate_number(invocation.Text("--certificate"));
  request.set_party(invocation.Text("--party"));
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto response, registry->GetValue(request));
  const v1::RealisedValue& value = response.value();
  invocation.PrintMessage(
      response, {{"对象", value.subject()},
                 {"运用金额", FormatFen(value.fen())},
                 {"运用记录", absl::StrCat(value.events(), " 条")},
                 {"口径", value.metric()},
                 {"账本序号", absl::StrCat(response.position().index())},
                 {"封存时间", FormatTime(response.position().seal_time_ms())}});
  return kExitOk;
}

}  // namespace

std::vector<CommandSpec> UsageCommands() {
  return {{.group = "usage",
           .name = "send",
           .words = "FILE.ndjson",
           .word_count = {1, 1},
           .summary = "报送运用 Records usage, one JSON object a line; sending "
                      "a file again adds nothing",
           .flags = {{.name = "--licence",
                      .value = "NO",
                      .help = "for lines that name none"}},
           .examples = {"dataip usage send quarter.ndjson --licence "
                        "L20240000001 --key enterprise.pem"},
           .run = RunSend},
          {.group = "usage",
           .name = "show",
           .words = "NO",
           .word_count = {1, 1},
           .summary = "运用明细 Lists the usage recorded under a licence",
           .examples = {"dataip usage show L20240000001"},
           .run = RunShow}};
}

std::vector<CommandSpec> ValueCommands() {
  return {{.group = "value",
           .name = "show",
           .summary =
               "运用金额 Shows realised value: of a certificate, a party, "
               "or in total",
           .flags = {{.name = "--certificate",
                      .value = "NUMBER",
                      .help = "of this certificate"},
                     {.name = "--party",
                      .value = "NUMBER|USCC",
                      .help = "of this party"}},
           .examples = {"dataip value show",
                        "dataip value show --party 91330382MA00005413"},
           .run = RunValue}};
}

}  // namespace dataip::client
