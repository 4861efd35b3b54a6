// `dataip registry redact` and `registry erase`: an order to erase payloads,
// the last resort (docs/OPERATIONS.md).
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/audit/audit.h"
#include "client/cli/commands.h"
#include "client/cli/input_files.h"
#include "client/ledger_client.h"
#include "core/base/hex.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/proof/header.h"
#include "core/registry/erasure/redaction.h"
#include "core/registry/values/canonical.h"
#include "core/verify/trust.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
namespace ledgerv1 = ledger::v1;

constexpr char kRoot[] = "root";

// An entry whose payload is there, with what it says.
struct FetchedEntry {
  proof::EntryHeader header;
  v1::Transition transition;
};

absl::StatusOr<FetchedEntry> Fetch(Invocation& invocation, uint64_t index) {
  ASSIGN_OR_RETURN(LedgerClient* const ledger, invocation.Ledger());
  ASSIGN_OR_RETURN(const ledgerv1::Entry entry, ledger->GetEntry(index, true));
  const auto header = proof::DecodeHeader(hash::AsBytes(entry.header()));
  if (!header.ok() || header->index != index) {
    return absl::DataLossError(
        "条目头不成形 (the entry's header does not hold)");
  }
  if (header->type != proof::kTransitionType) {
    return absl::FailedPreconditionError(
        absl::StrCat("第 ", index,
                     " 条不是登记事项，不能删除 (not a transition: only those "
                     "can be erased)"));
  }
  if (entry.payload_status() == ledgerv1::ERASED) {
    return absl::FailedPreconditionError(absl::StrCat(
        "第 ", index,
        " 条的内容已依令删除，无须再删 (its payload was erased by an order "
        "before: there is nothing left to erase)"));
  }
  if (entry.payload_status() != ledgerv1::PRESENT) {
    return absl::PermissionDeniedError(absl::StrCat(
        "第 ", index,
        " 条的内容不向本身份提供，请改用账本配置中 payload_reader 所列的身份，"
        "如审计方的证书 (its payload is not for this reader: use a name that "
        "the ledger's payload_reader lists, an auditor's certificate for "
        "example)"));
  }
  if (!proof::PayloadMatches(*header, hash::AsBytes(entry.payload()))) {
    return absl::DataLossError(
        "内容与摘要不符 (the payload is not the header's)");
  }
  ASSIGN_OR_RETURN(auto transition,
                   registry::ParseCanonical<v1::Transition>(entry.payload()));
  return FetchedEntry{*header, std::move(transition)};
}

std::string TakenOut(const v1::Transition& original,
                     const v1::Transition& substitute) {
  std::vector<std::string> lines = {
      "命令正文、签名与随机数 / the command's body, signatures and salt"};
  for (const auto& text : registry::RedactedTexts(original, substitute)) {
    lines.push_back(absl::StrCat(text.path, ": ", text.text));
  }
  if (lines.size() == 1) {
    lines.push_back(
        "未给出 --field，事项中的文字全部保留 / no --field: every text of the "
        "events stays");
  }
  return absl::StrJoin(lines, "\n");
}

// Paths of the texts in `message`, which lies at `path`.
void ListTexts(const google::protobuf::Message& message,
               const std::string& path, std::vector<std::string>& texts) {
  using google::protobuf::FieldDescriptor;
  const auto& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const bool is_message =
        field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!is_message && field->type() != FieldDescriptor::TYPE_STRING) continue;
    const std::string below = absl::StrCat(path, ".", field->name());
    if (!field->is_repeated()) {
      if (!is_message) texts.push_back(below);
      if (is_message) {
        ListTexts(reflection.GetMessage(message, field), below, texts);
      }
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      const std::string item = absl::StrCat(below, "[", i, "]");
      if (!is_message) texts.push_back(item);
      if (is_message) {
        ListTexts(reflection.GetRepeatedMessage(message, field, i), item,
                  texts);
      }
    }
  }
}

// A path that names nothing, with those that do.
absl::Status WithTextsThatExist(const absl::Status& status,
                                const v1::Transition& transition) {
  std::vector<std::string> texts;
  for (int i = 0; i < transition.events_size(); ++i) {
    ListTexts(transition.events(i), absl::StrCat("events[", i, "]"), texts);
  }
  std::string paths;
  for (const std::string& text : texts) {
    if (!registry::Redact(transition, {text}).ok()) continue;
    absl::StrAppend(&paths, "\n  ", text);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("--field 所指的路径不能删去，可用的路径见下 (--field cannot "
                   "be taken out: ",
                   status.message(),
                   "; the paths that can):", paths.empty() ? " -" : paths));
}

absl::StatusOr<int> RunRedact(Invocation& invocation) {
  uint64_t index = 0;
  if (!absl::SimpleAtoi(invocation.words().front(), &index)) {
    return absl::InvalidArgumentError(
        absl::StrCat("序号应为非负整数 (an index is a whole number): ",
                     invocation.words().front()));
  }
  const std::string out = invocation.Text("--out");
  std::error_code error;
  if (std::filesystem::exists(out, error)) {
    return absl::AlreadyExistsError(absl::StrCat(
        out,
        ": 文件已存在，不会覆盖；请换一个路径或先移走它 (exists and is not "
        "overwritten; choose another path or move it away)"));
  }
  ASSIGN_OR_RETURN(const FetchedEntry fetched, Fetch(invocation, index));
  const auto redacted =
      registry::Redact(fetched.transition, invocation.List("--field"));
  if (absl::IsInvalidArgument(redacted.status())) {
    return WithTextsThatExist(redacted.status(), fetched.transition);
  }
  RETURN_IF_ERROR(redacted.status());
  const v1::Transition& substitute = *redacted;
  v1::ErasedEntry entry;
  entry.set_index(index);
  entry.set_payload_sha256(std::string(fetched.header.payload_sha256.text()));
  entry.set_payload_sm3(std::string(fetched.header.payload_sm3.text()));
  entry.set_substitute(registry::SerializeCanonical(substitute));
  RETURN_IF_ERROR(WriteOutputFile(out, registry::SerializeCanonical(entry)));
  invocation.PrintMessage(
      entry, {{"序号 / index", absl::StrCat(index)},
              {"对象 / stream", fetched.header.stream},
              {"内容 SHA-256 / payload", HexOf(entry.payload_sha256())},
              {"内容 SM3 / payload", HexOf(entry.payload_sm3())},
              {"删去 / taken out", TakenOut(fetched.transition, substitute)},
              {"保留 / stays public", ToIndentedJson(substitute)},
              {"文件 / file", out}});
  return kExitOk;
}

absl::StatusOr<v1::ErasePayload> OrderFrom(Invocation& invocation) {
  v1::ErasePayload order;
  order.set_ordered_by(invocation.Text("--ordered-by"));
  order.set_legal_basis(invocation.Text("--legal-basis"));
  std::vector<v1::ErasedEntry> entries;
  for (const std::string& path : invocation.words()) {
    ASSIGN_OR_RETURN(const std::string bytes,
                     ReadInputFile(path, limits::kCommandBytes));
    auto entry = registry::ParseCanonical<v1::ErasedEntry>(bytes);
    if (!entry.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(
          path,
          ": 不是 registry redact 写出的文件 (not a file of `registry "
          "redact`): ",
          entry.status().message()));
    }
    entries.push_back(*std::move(entry));
  }
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.index() < b.index(); });
  for (v1::ErasedEntry& entry : entries) {
    *order.add_entries() = std::move(entry);
  }
  RETURN_IF_ERROR(CheckOrder(order));
  return order;
}

Record OrderRecord(const v1::ErasePayload& order) {
  Record record = {{"命令机关 / ordered by", order.ordered_by()},
                   {"法律依据 / legal basis", order.legal_basis()}};
  for (const v1::ErasedEntry& entry : order.entries()) {
    record.push_back({absl::StrCat("删除 / erase ", entry.index()),
                      absl::StrCat("SHA-256 ", HexOf(entry.payload_sha256()),
                                   "\nSM3 ", HexOf(entry.payload_sm3()))});
  }
  return record;
}

// Replays an export as if the order stood on it.
absl::StatusOr<int> Rehearse(Invocation& invocation,
                             const v1::ErasePayload& order) {
  ASSIGN_OR_RETURN(const verify::Trust* const trust, invocation.Trust());
  ASSIGN_OR_RETURN(const ExportFiles files,
                   AsUsage(OpenExportFolder(invocation.Text("--rehearse"))));
  AuditOptions options;
  options.rehearse = order;
  options.parallel_for = OnAllCores();
  const verify::ReplayReport report = Audit(files, *trust, options);
  if (report.ExitCode() == kExitOk) {
    RETURN_IF_ERROR(CheckRehearsed(order, report));
  }
  invocation.Print(invocation.json() ? FormatAuditJson(report)
                                     : FormatAudit(report));
  return report.ExitCode();
}

absl::StatusOr<int> RunErase(Invocation& invocation) {
  ASSIGN_OR_RETURN(const v1::ErasePayload order, OrderFrom(invocation));
  if (invocation.Has("--rehearse")) return Rehearse(invocation, order);
  ASSIGN_OR_RETURN(const auto keys, invocation.Keys(1, 1));
  ASSIGN_OR_RETURN(v1::Command command, invocation.NewCommand(kRoot));
  *command.mutable_erase_payload() = order;
  ASSIGN_OR_RETURN(const auto response, invocation.Submit(command, keys));
  Record record = OrderRecord(order);
  record.push_back(
      {"账本序号 / index", absl::StrCat(response.receipt().index())});
  record.push_back({"执行 / done",
                    "账本随即删除；dataip ledger entry N 显示是否完成 / the "
                    "ledger erases now: dataip ledger entry N says when"});
  invocation.PrintMessage(response, record);
  return kExitOk;
}

}  // namespace

std::vector<CommandSpec> ErasureCommands() {
  return {
      {.group = "registry",
       .name = "redact",
       .words = "INDEX",
       .word_count = {1, 1},
       .summary =
           "拟定替代内容 Makes what stands in for an entry that is to be "
           "erased",
       .flags = {{.name = "--field",
                  .value = "PATH",
                  .help = "text of the events to take out; below a message or "
                          "list, all texts",
                  .repeatable = true},
                 {.name = "--out",
                  .value = "FILE",
                  .help = "the file for `registry erase`, a new one",
                  .required = true}},
       .examples = {"dataip registry redact 7 --field events[0]."
                    "application_submitted.application.form.deid "
                    "--out entry-7.erase"},
       .run = RunRedact},
      {.group = "registry",
       .name = "erase",
       .words = "FILE [FILE...]",
       .word_count = {1, kAnyNumber},
       .summary = "依令删除内容 Orders payloads erased, signed by root; it "
                  "cannot be taken back",
       .flags = {{.name = "--ordered-by",
                  .value = "TEXT",
                  .help = "the authority that ordered it",
                  .required = true},
                 {.name = "--legal-basis",
                  .value = "TEXT",
                  .help = "law and article, number of the judgment",
                  .required = true},
                 {.name = "--rehearse",
                  .value = "DIR",
                  .help = "only audits this export as if the order stood on "
                          "it; needs --trust"}},
       .examples = {"dataip registry erase entry-7.erase --ordered-by "
                    "杭州互联网法院 --legal-basis '个人信息保护法 第四十七条' "
                    "--rehearse ledger/ --trust trust.json",
                    "dataip registry erase entry-7.erase --ordered-by "
                    "杭州互联网法院 --legal-basis '个人信息保护法 第四十七条' "
                    "--key root.pem"},
       .run = RunErase}};
}

}  // namespace dataip::client
