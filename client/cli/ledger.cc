// `dataip ledger`: what the ledger itself says.
#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/commands.h"
#include "client/cli/ledger_stream.h"
#include "client/export/ledger_export.h"
#include "client/ledger_client.h"
#include "client/receipt.h"
#include "core/base/hex.h"
#include "core/base/status_macros.h"
#include "core/proof/header.h"
#include "core/verify/trust.h"
#include "dataip/ledger/v1/ledger.pb.h"

namespace dataip::client {
namespace {

namespace ledgerv1 = ledger::v1;

absl::StatusOr<int> RunCheckpoint(Invocation& invocation) {
  ASSIGN_OR_RETURN(const uint64_t least, invocation.Number("--min-size"));
  ASSIGN_OR_RETURN(LedgerClient* const ledger, invocation.Ledger());
  ASSIGN_OR_RETURN(const ledgerv1::Checkpoint checkpoint,
                   ledger->GetCheckpoint(least, invocation.timeout()));
  RETURN_IF_ERROR(invocation.KeepCheckpoint(checkpoint.note()));
  if (invocation.HasTrust()) {
    ASSIGN_OR_RETURN(const verify::Trust* const trust, invocation.Trust());
    RETURN_IF_ERROR(CheckCheckpoint(
        checkpoint.note(), {trust->origin, trust->ledger_keys,
                            trust->witness_keys, trust->witness_quorum}));
  } else {
    invocation.Say(
        "签名未验证，请给出 --trust (signatures not verified: no "
        "--trust)");
  }
  invocation.Print(invocation.json() ? ToJson(checkpoint) + "\n"
                                     : checkpoint.note());
  return kExitOk;
}

std::string PayloadText(const ledgerv1::Entry& entry) {
  switch (entry.payload_status()) {
    case ledgerv1::PRESENT:
      return absl::StrCat(entry.payload().size(), " 字节 / bytes");
    case ledgerv1::ERASED:
      return "已依令删除 / erased by order";
    case ledgerv1::NOT_FOR_THIS_READER:
      return "无权读取 / not for this reader";
    default:
      return "";
  }
}

absl::StatusOr<int> RunEntry(Invocation& invocation) {
  uint64_t index = 0;
  if (!absl::SimpleAtoi(invocation.words().front(), &index)) {
    return absl::InvalidArgumentError(
        absl::StrCat("序号应为非负整数 (an index is a whole number): ",
                     invocation.words().front()));
  }
  ASSIGN_OR_RETURN(LedgerClient* const ledger, invocation.Ledger());
  ASSIGN_OR_RETURN(const ledgerv1::Entry entry,
                   ledger->GetEntry(index, true, invocation.timeout()));
  const auto header = proof::DecodeHeader(hash::AsBytes(entry.header()));
  if (!header.ok() || header->index != index) {
    return absl::DataLossError(absl::StrCat(
        "条目头不成形 (the entry's header does not hold): ",
        header.ok() ? "another index" : proof::Describe(header.flaw)));
  }
  std::vector<std::string> updates;
  for (const auto& update : header->updates) {
    updates.push_back(
        absl::StrCat(update.key, " ", base::HexEncode(update.value.span())));
  }
  invocation.PrintMessage(
      entry,
      {{"序号 / index", absl::StrCat(index)},
       {"时间 / time", FormatZonedTime(header->time_ms)},
       {"类型 / type", header->type},
       {"流 / stream", header->stream.empty() ? "-" : header->stream},
       {"前一条 SM3 / previous", base::HexEncode(header->prev.span())},
       {"内容 SHA-256 / payload",
        base::HexEncode(header->payload_sha256.span())},
       {"内容 SM3 / payload", base::HexEncode(header->payload_sm3.span())},
       {"内容 / payload", PayloadText(entry)},
       {"状态更新 / updates",
        updates.empty() ? "-" : absl::StrJoin(updates, "\n")}});
  return kExitOk;
}

// The next entries up to `size`; counts those whose payload this reader may
// not have. Answers the size that a checkpoint must have to cover every order
// by which one of them was erased.
absl::StatusOr<uint64_t> ExportEntries(LedgerClient& ledger, uint64_t size,
                                       LedgerExport& out, uint64_t& withheld) {
  ledgerv1::ReadEntriesRequest request;
  request.set_start_index(out.size());
  request.set_count(size - out.size());
  request.set_with_payloads(true);
  const auto stream = ledger.ReadEntries(request);
  Progress progress("ledger export", size - out.size());
  uint64_t needed = size;
  while (out.size() < size) {
    ASSIGN_OR_RETURN(const auto run, stream->Next());
    if (!run.has_value()) {
      return absl::DataLossError(absl::StrCat("账本在第 ", out.size(),
                                              " 条中断 (the ledger ended at ",
                                              out.size(), " of ", size, ")"));
    }
    for (const ledgerv1::Entry& entry : run->entries()) {
      if (out.size() == size) break;
      const ExportedEntry exported = Exported(entry);
      if (exported.status == ExportedEntry::Payload::kNotForThisReader) {
        ++withheld;
      }
      if (exported.status == ExportedEntry::Payload::kErased) {
        needed = std::max(needed, exported.erased_by + 1);
      }
      RETURN_IF_ERROR(out.Add(exported));
      progress.Step();
    }
  }
  return needed;
}

absl::StatusOr<int> RunExport(Invocation& invocation) {
  const std::string& dir = invocation.words().front();
  ASSIGN_OR_RETURN(LedgerClient* const ledger, invocation.Ledger());
  ASSIGN_OR_RETURN(const auto out, LedgerExport::Create(dir));
  ledgerv1::Checkpoint checkpoint;
  uint64_t withheld = 0;
  // Erased by an order that the checkpoint does not cover: a later one does.
  for (uint64_t needed = 0; needed == 0 || needed > checkpoint.size();) {
    ASSIGN_OR_RETURN(checkpoint,
                     ledger->GetCheckpoint(needed, invocation.timeout()));
    RETURN_IF_ERROR(invocation.KeepCheckpoint(checkpoint.note()));
    ASSIGN_OR_RETURN(needed,
                     ExportEntries(*ledger, checkpoint.size(), *out, withheld));
  }
  RETURN_IF_ERROR(out->Finish(checkpoint.note()));
  if (withheld > 0) {
    invocation.Say(absl::StrCat(
        "注意：", withheld,
        " 条的内容不向本身份提供，未导出，dataip-audit 将以 22 结束；请改用账"
        "本 payload_reader 所列的身份 (warning: ",
        withheld,
        " payloads are not for this reader and not in the export: dataip-audit "
        "will end with 22; use a name that the ledger's payload_reader "
        "lists)"));
  }
  if (invocation.json()) {
    invocation.Print(ToJson(checkpoint) + "\n");
  } else {
    invocation.Print(FormatRecord(
        {{"目录 / folder", dir},
         {"条目 / entries", absl::StrCat(checkpoint.size())},
         {"封存时间 / sealed", FormatZonedTime(checkpoint.seal_time_ms())}}));
  }
  return kExitOk;
}

}  // namespace

ExportedEntry Exported(const ledgerv1::Entry& entry) {
  ExportedEntry exported{entry.header(), entry.payload(),
                         ExportedEntry::Payload::kPresent};
  if (entry.payload_status() == ledgerv1::ERASED) {
    exported.status = ExportedEntry::Payload::kErased;
  } else if (entry.payload_status() != ledgerv1::PRESENT) {
    exported.status = ExportedEntry::Payload::kNotForThisReader;
  }
  exported.erased_by = entry.erased_by();
  return exported;
}

std::vector<CommandSpec> LedgerCommands() {
  return {
      {.group = "ledger",
       .name = "checkpoint",
       .summary =
           "最新检查点 Shows the newest checkpoint, verified with --trust",
       .flags = {{.name = "--min-size",
                  .value = "N",
                  .help = "waits until it has this size",
                  .default_value = "0"}},
       .examples = {"dataip ledger checkpoint --trust trust.json"},
       .run = RunCheckpoint},
      {.group = "ledger",
       .name = "entry",
       .words = "N",
       .word_count = {1, 1},
       .summary = "查看条目 Shows one entry",
       .examples = {"dataip ledger entry 0 -o json"},
       .run = RunEntry},
      {.group = "ledger",
       .name = "export",
       .words = "DIR",
       .word_count = {1, 1},
       .summary = "导出账本 Writes the whole ledger as files for dataip-audit",
       .examples = {"dataip ledger export ledger/ --trust trust.json && "
                    "dataip-audit ledger/ --trust trust.json"},
       .run = RunExport},
      LedgerFollowCommand(),
      LedgerMirrorCommand()};
}

}  // namespace dataip::client
