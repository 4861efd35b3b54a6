#include "services/ledger/clock.h"

#include <time.h>

#include <algorithm>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
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
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string boot_id;
  std::getline(file, boot_id);
  return {[] { return ReadMs(CLOCK_REALTIME); },
          [] { return ReadMs(CLOCK_BOOTTIME); }, std::move(boot_id)};
}

Clock::Clock(TimeSource source, Start start)
    : source_(std::move(source)),
      confirmed_(start.confirmed),
      halted_(std::move(start.halted)),
      last_time_ms_(start.last_time_ms),
      offset_ms_(start.confirmed || !start.last_offset_ms.has_value()
                     ? Read().offset_ms
                     : *start.last_offset_ms) {}

Clock::Reading Clock::Read() const {
  const int64_t wall_ms = source_.wall_ms();
  return {wall_ms, wall_ms - source_.monotonic_ms()};
}

absl::Status Clock::Check(const Reading& now) const {
  const int64_t behind = last_time_ms_ - now.wall_ms;
  if (behind > limits::kClockToleranceMs && !confirmed_) {
    return Halt(
        absl::StrCat("the clock is ", behind, " ms behind the last entry"),
        absl::StrCat("系统时钟比最后一个条目落后 ", behind, " 毫秒"));
  }
  const int64_t ahead = now.offset_ms - offset_ms_;
  if (ahead > limits::kClockToleranceMs) {
    return Halt(absl::StrCat("the clock jumped ahead by ", ahead, " ms"),
                absl::StrCat("系统时钟向前跳变 ", ahead, " 毫秒"));
  }
  return absl::OkStatus();
}

absl::Status Clock::HaltUnless(const Reading& now) {
  if (!halt_.ok()) return halt_;
  halt_ = Check(now);
  if (halt_.ok()) return halt_;
  services::Log(services::Severity::kError, std::string(halt_.message()));
  if (halted_) halted_();
  return halt_;
}

absl::Status Clock::Believe() { return HaltUnless(Read()); }

absl::StatusOr<int64_t> Clock::Now() {
  const Reading now = Read();
  RETURN_IF_ERROR(HaltUnless(now));
  offset_ms_ = now.offset_ms;
  last_time_ms_ = std::max(last_time_ms_, now.wall_ms);
  return last_time_ms_;
}

}  // namespace dataip::ledger
