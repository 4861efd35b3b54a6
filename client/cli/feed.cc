// `dataip feed`: what changes at the registry, as it changes.
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/change_follower.h"
#include "client/cli/commands.h"
#include "client/cli/feed_state.h"
#include "client/cli/form_labels.h"
#include "client/cli/interruption.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

// Of the head; a longer cell moves its own line only.
const std::vector<size_t>& Columns() {
  static const auto* const columns = new std::vector<size_t>{10, 25, 24, 40};
  return *columns;
}

// Writes changes, and remembers how far it is.
class Writer {
 public:
  Writer(Invocation& invocation, std::optional<FeedState>& state)
      : invocation_(invocation), state_(state) {}

  // False when nobody takes what was written, or it could not be remembered.
  bool Take(const v1::Change& change) {
    if (change.objects_size() > 0) {
      Print(change);
      // Only what has left is remembered: a change may come twice after a
      // crash between the two, none is lost.
      if (!invocation_.Flush()) return false;
    }
    if (state_.has_value()) status_ = state_->Remember(change.index());
    return status_.ok();
  }

  const absl::Status& status() const { return status_; }

 private:
  void Print(const v1::Change& change) {
    if (invocation_.json()) {
      invocation_.Print(ToJson(change) + "\n");
      return;
    }
    if (!has_head_) {
      invocation_.Print(FormatRow(
          {"序号/index", "时间/time", "对象/object", "事项/event"}, Columns()));
    }
    has_head_ = true;
    for (const v1::ChangedObject& object : change.objects()) {
      invocation_.Print(FormatRow(
          {absl::StrCat(change.index()),
           FormatZonedTime(change.decided_at_ms()), object.object_no(),
           absl::StrCat(EventLabel(object.event()), " ", object.event())},
          Columns()));
    }
  }

  Invocation& invocation_;
  std::optional<FeedState>& state_;
  bool has_head_ = false;
  absl::Status status_;
};

absl::StatusOr<v1::FollowChangesRequest> RequestOf(
    const Invocation& invocation, const std::optional<FeedState>& state) {
  v1::FollowChangesRequest request;
  ASSIGN_OR_RETURN(const uint64_t from, invocation.Number("--from"));
  request.set_from_index(from);
  if (state.has_value() && state->last().has_value()) {
    if (invocation.Has("--from")) {
      return absl::InvalidArgumentError(
          "--state-file 已记有进度，不能再给 --from (the state file says where "
          "to go on; leave --from away, or delete the file)");
    }
    request.set_from_index(*state->last() + 1);
  }
  request.set_party(invocation.Text("--party"));
  request.set_until_now(invocation.Switch("--until-now"));
  return request;
}

absl::StatusOr<int> RunFollow(Invocation& invocation) {
  Interruption interruption(invocation.given_timeout());
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  std::optional<FeedState> state;
  if (invocation.Has("--state-file")) {
    ASSIGN_OR_RETURN(const auto* const info, invocation.RegistryInfo());
    ASSIGN_OR_RETURN(
        FeedState opened,
        FeedState::Open(invocation.Text("--state-file"), info->origin()));
    state.emplace(std::move(opened));
  }
  ASSIGN_OR_RETURN(const auto request, RequestOf(invocation, state));
  Writer writer(invocation, state);
  FollowStop stop;
  interruption.SetAction([&stop] { stop.Stop(); });
  uint64_t next = request.from_index();
  std::string said;
  Following following;
  following.stop = &stop;
  following.take = [&](const v1::Change& change) {
    if (change.objects_size() > 0) interruption.Postpone();
    next = change.index() + 1;
    return writer.Take(change);
  };
  following.lost = [&](uint64_t from) {
    std::string lost =
        absl::StrCat("连接中断，恢复后从 ", from,
                     " 继续 (connection lost, goes on from ", from, ")");
    if (lost != said) invocation.Say(lost);
    said = std::move(lost);
  };
  const absl::Status status = registry->FollowChanges(request, following);
  interruption.SetAction(nullptr);
  RETURN_IF_ERROR(writer.status());
  if (!interruption.came()) {
    RETURN_IF_ERROR(status);
    return kExitOk;
  }
  if (!interruption.late()) return kExitOk;
  return absl::DeadlineExceededError(absl::StrCat(
      "限时内（--timeout）没有新的变更，可用 --from ", next,
      " 接着查看 (no change came within --timeout; go on with --from ", next,
      ")"));
}

}  // namespace

std::vector<CommandSpec> FeedCommands() {
  return {
      {.group = "feed",
       .name = "follow",
       .summary =
           "跟踪变更 Tells what changes, a line for each object, until "
           "interrupted; with --timeout, until nothing came for so long (exit "
           "8). Names and numbers only, and only what you may see",
       .flags = {{.name = "--from",
                  .value = "INDEX",
                  .help = "first ledger index to be told of",
                  .default_value = "0"},
                 {.name = "--party",
                  .value = "NUMBER|USCC",
                  .help = "only changes with a part of this party"},
                 {.name = "--until-now",
                  .help = "ends when all that there is was told"},
                 {.name = "--state-file",
                  .value = "FILE",
                  .help = "remembers the last index that was written, and goes "
                          "on behind it next time; one process at a time"}},
       .examples = {"dataip feed follow --from 0 --party P0000001",
                    "dataip feed follow --until-now --state-file feed.state "
                    "-o json >> changes.ndjson"},
       .run = RunFollow}};
}

}  // namespace dataip::client
