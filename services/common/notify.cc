#include "services/common/notify.h"

#include <systemd/sd-daemon.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

#include "services/common/logging.h"

namespace dataip::services {
namespace {

// Of each WatchdogSec: what takes long is asked for again before it ends.
constexpr uint64_t kTurns = 4;

// A line end would begin another assignment.
std::string OneLine(std::string status) {
  std::replace(status.begin(), status.end(), '\n', ' ');
  return status;
}

// Without NOTIFY_SOCKET nobody listens; what cannot be told is no reason to
// end.
void Tell(const std::string& state) { sd_notify(0, state.c_str()); }

}  // namespace

ReadyNotice::ReadyNotice(const std::string& status, GoesOn goes_on) {
  Tell("READY=1\nSTATUS=" + OneLine(status));
  uint64_t usec = 0;
  if (sd_watchdog_enabled(0, &usec) <= 0) return;
  const auto turn = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::microseconds(usec / kTurns));
  watchdog_ = std::make_unique<Repeater>(turn, [goes_on = std::move(goes_on)] {
    if (goes_on()) {
      Tell("WATCHDOG=1");
    } else {
      Log(Severity::kError, "the server does not get on with its work");
    }
  });
}

ReadyNotice::~ReadyNotice() { Stopping(); }

void ReadyNotice::SetStatus(const std::string& status) const {
  Tell("STATUS=" + OneLine(status));
}

void ReadyNotice::Stopping() {
  if (stopping_) return;
  stopping_ = true;
  // systemd watches no unit that stops; telling it blocks when nobody reads.
  watchdog_.reset();
  Tell("STOPPING=1\nSTATUS=stopping");
}

}  // namespace dataip::services
