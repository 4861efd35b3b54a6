#include "services/ledger/clock.h"

#include <time.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "services/common/error.h"
#include "services/common/logging.h"

namespace dataip::ledger {
namespace {

int64_t ReadMs(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return int64_t{now.tv_sec} * 1'000 + now.tv_nsec / 1'000'000;
}

absl::Status Halt(const std::string& en, const std::string& zh) {
  return services::MakeStatus(
      rpc::v1::NOT_SERVING,
      {absl::StrCat(en,
                    "; appends are stopped until an operator has checked the "
                    "clock and started the ledger again (--confirm-clock)"),
       absl::StrCat(zh,
                    "；已停止写入，请运维人员核对时钟后重新启动账本"
                    "（--confirm-clock）")});
}

}  // namespace

TimeSource TimeSource::System() {
  // CLOCK_BOOTTIME goes on while the machine sleeps, so that waking up is no
  // jump.
  return {[] { return ReadMs(CLOCK_REALTIME); },
          [] { return ReadMs(CLOCK_BOOTTIME); }};
}

Clock::Clock(TimeSource source, Start start)
    : source_(std::move(source)),
      confirmed_(start.confirmed),
      halted_(std::move(start.halted)),
      last_time_ms_(start.last_time_ms) {}

absl::Status Clock::Check(const Reading& now) const {
  const int64_t behind = last_time_ms_ - now.wall_ms;
  if (behind > limits::kClockToleranceMs && !confirmed_) {
    return Halt(
        absl::StrCat("the clock is ", behind, " ms behind the last entry"),
        absl::StrCat("系统时钟比最后一个条目落后 ", behind, " 毫秒"));
  }
  if (!last_.has_value()) return absl::OkStatus();
  const int64_t ahead =
      (now.wall_ms - last_->wall_ms) - (now.monotonic_ms - last_->monotonic_ms);
  if (ahead > limits::kClockToleranceMs) {
    return Halt(absl::StrCat("the clock jumped ahead by ", ahead, " ms"),
                absl::StrCat("系统时钟向前跳变 ", ahead, " 毫秒"));
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> Clock::Now() {
  if (!halt_.ok()) return halt_;
  const Reading now{source_.wall_ms(), source_.monotonic_ms()};
  halt_ = Check(now);
  if (!halt_.ok()) {
    services::Log(services::Severity::kError, std::string(halt_.message()));
    if (halted_) halted_();
    return halt_;
  }
  last_ = now;
  last_time_ms_ = std::max(last_time_ms_, now.wall_ms);
  return last_time_ms_;
}

}  // namespace dataip::ledger
