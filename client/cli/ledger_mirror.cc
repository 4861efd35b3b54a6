// `dataip ledger mirror`: a verified copy that goes on.
#include "client/export/ledger_mirror.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/checkpoint_store.h"
#include "client/cli/commands.h"
#include "client/cli/interruption.h"
#include "client/cli/ledger_stream.h"
#include "client/ledger_client.h"
#include "client/local_fault.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "dataip/ledger/v1/ledger.pb.h"

namespace dataip::client {
namespace {

namespace ledgerv1 = ledger::v1;

constexpr char kDefaultIntervalS[] = "10";

// One command, over rounds.
class Mirroring {
 public:
  Mirroring(Invocation& invocation, LedgerClient& ledger,
            Interruption& interruption)
      : invocation_(invocation), ledger_(ledger), interruption_(interruption) {}

  absl::Status Open() {
    ASSIGN_OR_RETURN(const verify::Trust* const trust, invocation_.Trust());
    mirror_.reset();
    auto mirror = LedgerMirror::Open(invocation_.words().front(), *trust);
    if (!mirror.ok()) return AsLocalFault(mirror.status());
    mirror_ = *std::move(mirror);
    return absl::OkStatus();
  }

  bool is_open() const { return mirror_ != nullptr; }

  // To the newest checkpoint.
  absl::Status Round() {
    absl::Status status = Advance();
    // What was begun and not ended is begun anew.
    if (!status.ok()) mirror_.reset();
    return status;
  }

 private:
  absl::Status Advance() {
    ASSIGN_OR_RETURN(const auto begun, Begin(0));
    if (begun == LedgerMirror::Comparison::kBehind) return Behind();
    if (begun == LedgerMirror::Comparison::kSame) return FillIn();
    RETURN_IF_ERROR(Fetch());
    while (mirror_->needed_size() > mirror_->target_size()) {
      ASSIGN_OR_RETURN(const auto again, Begin(mirror_->needed_size()));
      if (again != LedgerMirror::Comparison::kAhead) break;
      RETURN_IF_ERROR(Fetch());
    }
    RETURN_IF_ERROR(mirror_->Commit(CheckpointStore::AskLedger(ledger_)));
    return FillIn();
  }

  absl::Status Behind() const {
    return absl::UnavailableError(absl::StrCat(
        "账本出示的检查点有 ", shown_by_ledger_, " 条，而镜像已有 ",
        mirror_->size(),
        " 条：账本可能被回退，请通知其运维方 (the ledger shows a checkpoint "
        "of ",
        shown_by_ledger_, " entries, the mirror holds one of ", mirror_->size(),
        ": the ledger may have been rolled back, tell its operator)"));
  }

  // What was withheld from an earlier run may be for this one.
  absl::Status FillIn() {
    ASSIGN_OR_RETURN(const bool came,
                     mirror_->FillIn([this](uint64_t first, uint64_t count) {
                       return ReadRange(first, count);
                     }));
    if (came) RETURN_IF_ERROR(Open());
    return Report();
  }

  absl::StatusOr<std::vector<ExportedEntry>> ReadRange(uint64_t first,
                                                       uint64_t count) {
    ledgerv1::ReadEntriesRequest request;
    request.set_start_index(first);
    request.set_count(count);
    request.set_with_payloads(true);
    const auto stream = ledger_.ReadEntries(request);
    interruption_.SetAction([&stream] { stream->Cancel(); });
    std::vector<ExportedEntry> entries;
    absl::Status status;
    while (status.ok() && entries.size() < count) {
      const auto run = stream->Next();
      status = run.status();
      if (!run.ok() || !run->has_value()) break;
      for (const ledgerv1::Entry& entry : (*run)->entries()) {
        entries.push_back(Exported(entry));
      }
    }
    interruption_.SetAction(nullptr);
    RETURN_IF_ERROR(status);
    return entries;
  }

  absl::StatusOr<LedgerMirror::Comparison> Begin(uint64_t least) {
    ASSIGN_OR_RETURN(const ledgerv1::Checkpoint checkpoint,
                     ledger_.GetCheckpoint(least, invocation_.timeout()));
    shown_by_ledger_ = checkpoint.size();
    return mirror_->Begin(checkpoint.note());
  }

  absl::Status Fetch() {
    const uint64_t target = mirror_->target_size();
    if (mirror_->added() >= target) return absl::OkStatus();
    ledgerv1::ReadEntriesRequest request;
    request.set_start_index(mirror_->added());
    request.set_count(target - mirror_->added());
    request.set_with_payloads(true);
    const auto stream = ledger_.ReadEntries(request);
    interruption_.SetAction([&stream] { stream->Cancel(); });
    absl::Status status = Read(*stream, target);
    interruption_.SetAction(nullptr);
    return status;
  }

  absl::Status Read(EntryStream& stream, uint64_t target) {
    Progress progress("ledger mirror", target - mirror_->added());
    while (mirror_->added() < target) {
      ASSIGN_OR_RETURN(const auto run, stream.Next());
      if (!run.has_value()) {
        return absl::DataLossError(absl::StrCat(
            "账本在第 ", mirror_->added(), " 条中断 (the ledger ended at ",
            mirror_->added(), " of ", target, ")"));
      }
      for (const ledgerv1::Entry& entry : run->entries()) {
        if (mirror_->added() == target) break;
        const absl::Status added = mirror_->Add(Exported(entry));
        if (absl::IsDataLoss(added)) {
          return mirror_->Explain(added, CheckpointStore::AskLedger(ledger_));
        }
        RETURN_IF_ERROR(added);
        progress.Step();
      }
    }
    return absl::OkStatus();
  }

  absl::Status Report() {
    const bool same = shown_ == mirror_->size();
    if (same && withheld_ == mirror_->withheld()) return absl::OkStatus();
    shown_ = mirror_->size();
    withheld_ = mirror_->withheld();
    WarnOfWithheld();
    const std::string& dir = invocation_.words().front();
    invocation_.Print(
        invocation_.json()
            ? absl::StrCat("{\"folder\": ", JsonString(dir), ", \"size\": \"",
                           shown_, "\", \"withheld\": \"", withheld_, "\"}\n")
            : FormatRecord({{"目录 / folder", dir},
                            {"条目 / entries", absl::StrCat(shown_)}}));
    invocation_.Flush();
    return absl::OkStatus();
  }

  void WarnOfWithheld() {
    if (withheld_ == 0) return;
    invocation_.Say(absl::StrCat(
        "注意：", withheld_,
        " 条的内容不向本身份提供，镜像中没有，dataip-audit 将以 22 "
        "结束；请改用账"
        "本 payload_reader 所列的身份再运行本命令，即会补入 (warning: ",
        withheld_,
        " payloads are not for this reader and not in the mirror: dataip-audit "
        "will end with 22; run this again under a name that the ledger's "
        "payload_reader lists, and they are filled in)"));
  }

  Invocation& invocation_;
  LedgerClient& ledger_;
  Interruption& interruption_;
  std::unique_ptr<LedgerMirror> mirror_;
  uint64_t shown_ = 0;
  uint64_t withheld_ = 0;
  uint64_t shown_by_ledger_ = 0;
};

std::string Now() { return FormatZonedTime(absl::ToUnixMillis(absl::Now())); }

// What passes: the ledger is away, behind, or has no entries yet.
bool MayPass(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsNotFound(status) ||
         absl::IsDeadlineExceeded(status) || absl::IsResourceExhausted(status);
}

absl::StatusOr<int> RunMirror(Invocation& invocation) {
  ASSIGN_OR_RETURN(const uint64_t interval_s, invocation.Number("--interval"));
  if (interval_s == 0 || interval_s > limits::kMirrorIntervalS) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--interval 须为 1 至 ", limits::kMirrorIntervalS,
        " 秒 (--interval: 1 to ", limits::kMirrorIntervalS, " seconds)"));
  }
  RETURN_IF_ERROR(invocation.Trust().status());
  Interruption interruption;
  ASSIGN_OR_RETURN(LedgerClient* const ledger, invocation.Ledger());
  Mirroring mirroring(invocation, *ledger, interruption);
  const bool follow = invocation.Switch("--follow");
  std::string said;
  while (true) {
    if (!mirroring.is_open()) RETURN_IF_ERROR(mirroring.Open());
    const absl::Status status = mirroring.Round();
    if (interruption.came()) return kExitOk;
    if (!follow) {
      RETURN_IF_ERROR(status);
      return kExitOk;
    }
    if (!status.ok() && !MayPass(status)) return status;
    if (!status.ok() && SentenceOf(status) != said) {
      said = SentenceOf(status);
      invocation.Say(absl::StrCat(Now(), " ", said, "；每 ", interval_s,
                                  " 秒重试 (tries again every ", interval_s,
                                  " s)"));
    }
    if (status.ok() && !said.empty()) {
      said.clear();
      invocation.Say(absl::StrCat(Now(), " 已恢复 (goes on again)"));
    }
    if (interruption.Wait(std::chrono::seconds(interval_s))) return kExitOk;
    if (!WaitForLedger(*ledger, interruption)) return kExitOk;
  }
}

}  // namespace

CommandSpec LedgerMirrorCommand() {
  return {.group = "ledger",
          .name = "mirror",
          .words = "DIR",
          .word_count = {1, 1},
          .summary = "镜像账本 Keeps a verified copy of the ledger as files",
          .flags = {{.name = "--follow", .help = "goes on until interrupted"},
                    {.name = "--interval",
                     .value = "S",
                     .help = "seconds between two looks with --follow",
                     .default_value = kDefaultIntervalS}},
          .examples = {"dataip ledger mirror mirror/ --trust trust.json "
                       "--follow"},
          .run = RunMirror};
}

}  // namespace dataip::client
