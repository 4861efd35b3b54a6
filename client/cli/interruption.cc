#include "client/cli/interruption.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <utility>

#include "core/base/status_macros.h"

namespace dataip::client {

Interruption::Interruption() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signals_ = signalfd(-1, &set, SFD_CLOEXEC);
  DATAIP_ASSERT(signals_ >= 0 && pipe2(stop_, O_CLOEXEC) == 0);
  thread_ = std::thread([this] { Run(); });
}

Interruption::~Interruption() {
  close(stop_[1]);
  thread_.join();
  close(stop_[0]);
  close(signals_);
}

void Interruption::Run() {
  pollfd files[] = {{signals_, POLLIN, 0}, {stop_[0], POLLIN, 0}};
  while (poll(files, 2, -1) < 0) {
  }
  if ((files[0].revents & POLLIN) == 0) return;
  base::MutexLock lock(mutex_);
  came_ = true;
  if (action_ != nullptr) action_();
  changed_.NotifyAll();
}

bool Interruption::came() const {
  base::MutexLock lock(mutex_);
  return came_;
}

bool Interruption::Wait(std::chrono::milliseconds time) {
  const auto until = std::chrono::steady_clock::now() + time;
  base::MutexLock lock(mutex_);
  while (!came_ && changed_.WaitUntil(mutex_, until)) {
  }
  return came_;
}

void Interruption::SetAction(std::function<void()> action) {
  base::MutexLock lock(mutex_);
  action_ = std::move(action);
  if (came_ && action_ != nullptr) action_();
}

}  // namespace dataip::client
