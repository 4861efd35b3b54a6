#include "core/registry/admission.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/state/case.h"
#include "core/registry/state/context.h"
#include "core/registry/state/profiles.h"
#include "core/registry/state/signing.h"
#include "core/registry/tables/calendar.h"
#include "core/registry/values/civil_date.h"

namespace dataip::registry {
namespace {

constexpr int64_t kHourMs = 3'600'000;

Refusal OtherContext(absl::string_view field, absl::string_view zh,
                     absl::string_view en) {
  return Refuse(rpc::v1::RULE_REFUSES,
                {absl::StrCat("context.", field), "CONTEXT", std::string(zh),
                 std::string(en), "ARCHITECTURE"});
}

MaybeRefusal CheckContext(const Case& a_case, const v1::Context& context) {
  const State& state = a_case.state;
  if (!KnowsDecider(context.decider())) {
    return OtherContext("decider", "决定程序的版本不同，请升级程序",
                        "another decider; use the program that knows it");
  }
  if (context.profile_id() != a_case.profile.profile_id() ||
      context.profile_sha256() != a_case.profile.sha256()) {
    return OtherContext("profile_id", "规则版本与此案适用的不同",
                        "not the profile that rules this case");
  }
  bool same = static_cast<size_t>(context.tables_size()) == state.tables.size();
  auto table = state.tables.begin();
  for (int i = 0; same && i < context.tables_size(); ++i, ++table) {
    same = context.tables(i).name() == table->first &&
           context.tables(i).sha256() == table->second.sha256.text();
  }
  if (!same) {
    return OtherContext("tables", "代码表与账上有效的不同，请按现行表重新决定",
                        "not the tables in force; decide again under them");
  }
  return std::nullopt;
}

MaybeRefusal CheckTime(const State& state, const v1::Command& command,
                       const v1::Context& context) {
  const std::optional<int64_t> decided_ms = ToUnixMs(context.decided_at());
  if (!decided_ms || context.decided_at().nanos() % 1'000'000 != 0 ||
      *decided_ms < state.last_decided_at_ms) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"context.decided_at", "CLOCK",
                   "决定时间早于上一决定或不是整毫秒，请校准时钟",
                   "the time of decision goes back or is not in whole "
                   "milliseconds; set the clock",
                   "ARCHITECTURE"});
  }
  // The simulated clock stands still between AdvanceClock commands.
  if (DecisionTimeMs(state, command, *decided_ms) != *decided_ms) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"context.decided_at", "CLOCK",
                   "演示登记的决定时间应等于模拟时钟，请按模拟时钟决定",
                   "a demonstration decides at its simulated clock; use it",
                   "ARCHITECTURE"});
  }
  return std::nullopt;
}

MaybeRefusal CheckShape(const v1::Command& command) {
  if (command.command_id().size() != limits::kCommandIdBytes) {
    return Refuse(rpc::v1::INVALID_FIELD,
                  {"command_id", "COMMAND", "命令编号应为 16 字节随机数",
                   "a command id is 16 random bytes", "formats 7"});
  }
  const auto issued_ms = ToUnixMs(command.issued_at());
  const auto expires_ms = ToUnixMs(command.expires_at());
  if (!command.has_issued_at() || !command.has_expires_at() || !issued_ms ||
      !expires_ms || *expires_ms <= *issued_ms) {
    return Refuse(rpc::v1::INVALID_FIELD,
                  {"expires_at", "COMMAND",
                   "命令的签发时间与失效时间缺失或次序颠倒，请重新生成命令",
                   "issued_at and expires_at are missing or out of order; make "
                   "the command again",
                   "formats 7"});
  }
  return std::nullopt;
}

MaybeRefusal CheckOpening(const State& state, const v1::Command& command) {
  const bool opens = command.has_open_registry();
  if (opens && state.opened) {
    return Refuse(
        rpc::v1::ALREADY_EXISTS,
        {"open_registry", "OPENING", "登记簿已经开立，不能再次开立",
         "the registry is open already; it opens once", "ARCHITECTURE"});
  }
  if (!opens && !state.opened) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"open_registry", "OPENING", "登记簿尚未开立，请先开立",
                   "the registry is not open; open it first", "ARCHITECTURE"});
  }
  if (!opens && !command.has_load_table() && !HasAllTables(state)) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"load_table", "OPENING",
                   "规则、工作日历、行业与区划表尚未全部载入，请先载入",
                   "profile, calendar, industries and regions are not all "
                   "loaded; load them first",
                   "ARCHITECTURE"});
  }
  return std::nullopt;
}

MaybeRefusal CheckWindow(const Case& a_case, Signers signers) {
  const int64_t decided_ms = a_case.decided_at_ms;
  const int64_t issued_ms = *ToUnixMs(a_case.command.issued_at());
  const int64_t expires_ms = *ToUnixMs(a_case.command.expires_at());
  const int64_t last_ms =
      signers == Signers::kTwoOfficers
          ? CosignUntilMs(a_case.state, a_case.values, issued_ms)
          : issued_ms + limits::kCommandLifeMs;
  if (expires_ms > last_ms) {
    const int64_t hours = (last_ms - issued_ms) / kHourMs;
    return Refuse(
        rpc::v1::INVALID_FIELD,
        {"expires_at", "WINDOW",
         absl::StrCat("此命令有效期最长 ", hours, " 小时，请重新生成命令"),
         absl::StrCat("this command lives at most ", hours,
                      " hours; make it again"),
         "formats 7"});
  }
  if (decided_ms < issued_ms - limits::kIssuedAheadMs) {
    return Refuse(rpc::v1::EXPIRED,
                  {"issued_at", "WINDOW",
                   "命令的签发时间晚于决定时间 5 秒以上，请校准时钟后重新生成",
                   "the command was issued more than 5 s after the time of "
                   "decision; set your clock and make it again",
                   "formats 7"});
  }
  if (decided_ms > expires_ms) {
    return Refuse(
        rpc::v1::EXPIRED,
        {"expires_at", "WINDOW", "命令已过期，请重新生成并签名",
         "the command has expired; make and sign it again", "formats 7"});
  }
  return std::nullopt;
}

}  // namespace

int64_t CosignUntilMs(const State& state, const Profile* values,
                      int64_t issued_ms) {
  if (values != nullptr) {
    const auto hours = values->Hours(kCosignWindow);
    if (hours.ok()) return issued_ms + *hours * kHourMs;
    const auto days = values->WorkingDays(kCosignWindow);
    if (days.ok() && state.calendar != nullptr) {
      return DueInstantMs(MakeDeadline(kCosignWindow, ShanghaiDate(issued_ms),
                                       *days, *state.calendar));
    }
  }
  return issued_ms + limits::kCommandLifeMs;
}

MaybeRefusal Admit(const Case& a_case, const Proposal& proposal,
                   const v1::Context& context, Signers signers) {
  const State& state = a_case.state;
  const v1::Command& command = a_case.command;
  RETURN_IF_REFUSED(CheckContext(a_case, context));
  RETURN_IF_REFUSED(CheckTime(state, command, context));
  RETURN_IF_REFUSED(CheckShape(command));
  RETURN_IF_REFUSED(CheckOpening(state, command));
  if (state.commands.Find(command.actor(), command.command_id()) != nullptr) {
    return Refuse(
        rpc::v1::ALREADY_EXISTS,
        {"command_id", "COMMAND_ID", "该命令编号已用过，请以新编号重新生成命令",
         "this actor has used the command id; make the command again "
         "with a new one",
         "formats 7"});
  }
  RETURN_IF_REFUSED(CheckWindow(a_case, signers));
  return CheckSigners(state, proposal, signers, a_case.today());
}

MaybeRefusal CheckVersion(const Case& a_case, uint64_t current) {
  const uint64_t named = a_case.command.version();
  if (named == current) return std::nullopt;
  return Refuse(rpc::v1::VERSION_CONFLICT,
                {"version", "VERSION",
                 absl::StrCat("对象现为第 ", current, " 版，命令写的是第 ",
                              named, " 版，请重新读取后再提交"),
                 absl::StrCat("the object has version ", current, ", not ",
                              named, "; read it again"),
                 "formats 7"});
}

}  // namespace dataip::registry
