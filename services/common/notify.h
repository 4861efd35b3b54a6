// What systemd is told of a unit of Type=notify (sd_notify(3)). The only user
// of libsystemd. Nothing happens when the program was started by anybody else.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "services/common/repeater.h"

namespace dataip::services {

// The server serves; `status` is shown by `systemctl status`. With
// WatchdogSec= the watchdog is fed from now on until it stops, as long as the
// server gets on with its work.
class ReadyNotice {
 public:
  // Whether it has got on since the last call; the first one may say true.
  // Asked four times in each WatchdogSec, in a thread of its own: while it says
  // false, or does not return, the watchdog is not fed.
  using GoesOn = std::function<bool()>;
  ReadyNotice(const std::string& status, GoesOn goes_on);
  // As Stopping, unless it was called.
  ~ReadyNotice();
  ReadyNotice(const ReadyNotice&) = delete;
  ReadyNotice& operator=(const ReadyNotice&) = delete;

  // Another line for `systemctl status`. Any thread.
  void SetStatus(const std::string& status) const;

  // The server ends, as it was asked to.
  void Stopping();

 private:
  bool stopping_ = false;
  std::unique_ptr<Repeater> watchdog_;  // none without WatchdogSec=
};

}  // namespace dataip::services
