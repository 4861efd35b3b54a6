// `dataip ledger follow`: entries as they come.
#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/interruption.h"
#include "client/cli/ledger_stream.h"
#include "client/ledger_client.h"
#include "core/base/base64.h"
#include "core/base/status_macros.h"
#include "core/proof/chain.h"
#include "core/proof/header.h"
#include "dataip/ledger/v1/ledger.pb.h"

namespace dataip::client {
namespace {

namespace ledgerv1 = ledger::v1;

constexpr std::chrono::milliseconds kFirstRetry{200};
constexpr std::chrono::milliseconds kLongestRetry{5'000};

absl::Status Broken(uint64_t index, absl::string_view zh,
                    absl::string_view en) {
  return absl::DataLossError(
      absl::StrCat("条目 ", index, "：", zh, " (entry ", index, ": ", en, ")"));
}

// For people; JSON has the names below.
absl::string_view ShownStatus(const ledgerv1::Entry& entry) {
  switch (entry.payload_status()) {
    case ledgerv1::ERASED:
      return "已删除/erased";
    case ledgerv1::NOT_FOR_THIS_READER:
      return "无权读取/not_for_this_reader";
    case ledgerv1::PRESENT:
      return "有/present";
    default:
      return "-";
  }
}

absl::string_view StatusName(const ledgerv1::Entry& entry) {
  switch (entry.payload_status()) {
    case ledgerv1::ERASED:
      return "erased";
    case ledgerv1::NOT_FOR_THIS_READER:
      return "not_for_this_reader";
    case ledgerv1::PRESENT:
      return "present";
    default:
      return "not_asked";
  }
}

// Where the stream stands, over connections.
class Follower {
 public:
  Follower(Invocation& invocation, LedgerClient& ledger)
      : invocation_(invocation), ledger_(ledger) {}

  absl::Status Start() {
    ASSIGN_OR_RETURN(count_, invocation_.Number("--count"));
    if (invocation_.Has("--from")) {
      ASSIGN_OR_RETURN(next_, invocation_.Number("--from"));
      return absl::OkStatus();
    }
    const auto checkpoint = ledger_.GetCheckpoint(0, invocation_.timeout());
    if (absl::IsNotFound(checkpoint.status())) return absl::OkStatus();
    RETURN_IF_ERROR(checkpoint.status());
    next_ = checkpoint->size();
    return absl::OkStatus();
  }

  bool done() const { return done_; }
  uint64_t next() const { return next_; }

  // Until the connection ends, or the signal comes.
  absl::Status Run(Interruption& interruption) {
    RETURN_IF_ERROR(FindPrevious());
    arrived_ = [&interruption] { interruption.Postpone(); };
    ledgerv1::ReadEntriesRequest request;
    request.set_start_index(next_);
    request.set_with_payloads(invocation_.Switch("--payloads"));
    request.set_follow(true);
    const auto stream = ledger_.ReadEntries(request);
    interruption.SetAction([&stream] { stream->Cancel(); });
    absl::Status status = Read(*stream);
    interruption.SetAction(nullptr);
    return status;
  }

 private:
  // The link of the next entry to the one before it.
  absl::Status FindPrevious() {
    if (prev_.has_value() || next_ == 0) return absl::OkStatus();
    const auto before =
        ledger_.GetEntry(next_ - 1, false, invocation_.timeout());
    if (absl::IsNotFound(before.status())) {
      return absl::NotFoundError(
          absl::StrCat("条目 ", next_,
                       " 还不是账本的下一条，--from 至多为账本现有的条目数 "
                       "(entry ",
                       next_,
                       " is not the ledger's next one yet: --from is at "
                       "most the number of its entries)"));
    }
    RETURN_IF_ERROR(before.status());
    const auto header = proof::DecodeHeader(hash::AsBytes(before->header()));
    if (!header.ok() || header->index != next_ - 1) {
      return Broken(next_ - 1, "条目头不成形", "its header is not one");
    }
    prev_ = proof::NextPrev(hash::AsBytes(before->header()));
    return absl::OkStatus();
  }

  absl::Status Read(EntryStream& stream) {
    while (!done_) {
      ASSIGN_OR_RETURN(const auto run, stream.Next());
      if (!run.has_value()) {
        return absl::UnavailableError("账本结束了连接 (the ledger hung up)");
      }
      for (const ledgerv1::Entry& entry : run->entries()) {
        arrived_();
        RETURN_IF_ERROR(Show(entry));
        if (done_) break;
      }
    }
    return absl::OkStatus();
  }

  absl::Status Show(const ledgerv1::Entry& entry) {
    const Bytes bytes = hash::AsBytes(entry.header());
    const auto header = proof::DecodeHeader(bytes);
    if (!header.ok() || header->index != next_) {
      return Broken(next_, "条目头不成形", "its header is not one");
    }
    if (prev_.has_value() && header->prev != *prev_) {
      return Broken(next_, "未接续链，账本的历史被改动",
                    "it does not continue the chain: the ledger's history was "
                    "changed");
    }
    if (entry.payload_status() == ledgerv1::PRESENT &&
        !proof::PayloadMatches(*header, hash::AsBytes(entry.payload()))) {
      return Broken(next_, "内容与摘要不符", "the payload is not the header's");
    }
    prev_ = proof::NextPrev(bytes);
    ++next_;
    if (!invocation_.json() && !has_head_) invocation_.Print(Head());
    has_head_ = true;
    invocation_.Print(invocation_.json() ? Json(*header, entry)
                                         : Line(*header, entry));
    if (!invocation_.Flush()) done_ = true;
    if (count_ > 0 && --count_ == 0) done_ = true;
    return absl::OkStatus();
  }

  bool with_payloads() const { return invocation_.Switch("--payloads"); }

  std::string Head() const {
    std::vector<std::string> head = {"序号/index", "时间/time", "类型/type",
                                     "流/stream", "字节/bytes"};
    if (with_payloads()) head.push_back("内容/payload");
    return FormatRow(head, columns_);
  }

  std::string Line(const proof::EntryHeader& header,
                   const ledgerv1::Entry& entry) const {
    std::vector<std::string> row = {
        absl::StrCat(header.index), FormatZonedTime(header.time_ms),
        std::string(header.type),
        header.stream.empty() ? "-" : std::string(header.stream),
        absl::StrCat(header.payload_size)};
    if (with_payloads()) row.emplace_back(ShownStatus(entry));
    return FormatRow(row, columns_);
  }

  static std::string Json(const proof::EntryHeader& header,
                          const ledgerv1::Entry& entry) {
    std::string line =
        absl::StrCat("{\"index\": \"", header.index, "\", \"time_ms\": \"",
                     header.time_ms, "\", \"type\": ", JsonString(header.type),
                     ", \"stream\": ", JsonString(header.stream),
                     ", \"payload_size\": \"", header.payload_size,
                     "\", \"payload_status\": \"", StatusName(entry), "\"");
    if (entry.payload_status() == ledgerv1::PRESENT) {
      absl::StrAppend(&line, ", \"payload\": \"",
                      base::Base64Encode(hash::AsBytes(entry.payload())), "\"");
    }
    return line + "}\n";
  }

  Invocation& invocation_;
  LedgerClient& ledger_;
  // In the order of Head; a longer cell moves its own line only.
  const std::vector<size_t> columns_ = {10, 25, 29, 32, 10};
  bool has_head_ = false;
  uint64_t next_ = 0;
  uint64_t count_ = 0;  // still wanted; 0 = no end
  std::optional<hash::Hash> prev_;
  bool done_ = false;
  std::function<void()> arrived_;
};

// How it ends when it was interrupted: OK by a signal.
absl::StatusOr<int> Ended(const Invocation& invocation,
                          const Interruption& interruption, uint64_t next) {
  if (!interruption.late()) return kExitOk;
  const int64_t ms = invocation.timeout().count();
  return absl::DeadlineExceededError(
      absl::StrCat("已有 ", ms, " ms 没有新条目（--timeout），可用 --from ",
                   next, " 接着查看 (no entry came for ", ms,
                   " ms, as --timeout says; go on with --from ", next, ")"));
}

absl::StatusOr<int> RunFollow(Invocation& invocation) {
  Interruption interruption(invocation.given_timeout());
  ASSIGN_OR_RETURN(LedgerClient* const ledger, invocation.Ledger());
  Follower follower(invocation, *ledger);
  RETURN_IF_ERROR(follower.Start());
  auto retry = kFirstRetry;
  bool shown_any = false;
  std::string said;
  while (true) {
    const uint64_t before = follower.next();
    const absl::Status status = follower.Run(interruption);
    if (follower.done()) return kExitOk;
    if (interruption.came()) {
      return Ended(invocation, interruption, follower.next());
    }
    if (follower.next() > before) retry = kFirstRetry;
    shown_any = shown_any || follower.next() > before;
    if (absl::IsNotFound(status) && shown_any) {
      return absl::DataLossError(
          absl::StrCat("账本变短了，已显示过 ", follower.next(),
                       " 条 (the ledger has become shorter: ", follower.next(),
                       " entries were shown before)"));
    }
    if (!absl::IsUnavailable(status)) return status;
    const std::string lost = absl::StrCat(
        "连接中断，恢复后从 ", follower.next(),
        " 继续 (connection lost, goes on from ", follower.next(), ")");
    if (lost != said) invocation.Say(lost);
    said = lost;
    if (interruption.Wait(retry) || !WaitForLedger(*ledger, interruption)) {
      return Ended(invocation, interruption, follower.next());
    }
    retry = std::min(retry * 2, kLongestRetry);
  }
}

}  // namespace

CommandSpec LedgerFollowCommand() {
  return {.group = "ledger",
          .name = "follow",
          .summary =
              "实时查看条目 Shows entries as they come, a line each, "
              "until interrupted; with --timeout, until none came for so long "
              "(exit 8)",
          .flags = {{.name = "--from",
                     .value = "N",
                     .help = "begins with this index, not at the end; at most "
                             "the number of entries that there are"},
                    {.name = "--count",
                     .value = "N",
                     .help = "ends after so many",
                     .default_value = "0"},
                    {.name = "--payloads",
                     .help = "asks for payloads, checks them, shows which are "
                             "there, and gives them with -o json"}},
          .examples = {"dataip ledger follow --from 0 -o json",
                       "dataip ledger follow --count 1 --timeout 30s"},
          .run = RunFollow};
}

}  // namespace dataip::client
