#include "services/common/notify.h"

#include <systemd/sd-daemon.h>

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace dataip::services {
namespace {

// A line end would begin another assignment.
std::string OneLine(std::string status) {
  std::replace(status.begin(), status.end(), '\n', ' ');
  return status;
}

// Without NOTIFY_SOCKET nobody listens; what cannot be told is no reason to
// end.
void Tell(const std::string& state) { sd_notify(0, state.c_str()); }

}  // namespace

ReadyNotice::ReadyNotice(const std::string& status) {
  Tell("READY=1\nSTATUS=" + OneLine(status));
  uint64_t usec = 0;
  if (sd_watchdog_enabled(0, &usec) <= 0) return;
  const auto half = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::microseconds(usec / 2));
  watchdog_ = std::make_unique<Repeater>(half, [] { Tell("WATCHDOG=1"); });
}

ReadyNotice::~ReadyNotice() { Stopping(); }

void ReadyNotice::SetStatus(const std::string& status) const {
  Tell("STATUS=" + OneLine(status));
}

void ReadyNotice::Stopping() {
  if (stopping_) return;
  stopping_ = true;
  Tell("STOPPING=1\nSTATUS=stopping");
}

}  // namespace dataip::services
