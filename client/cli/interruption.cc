#include "client/cli/interruption.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <limits>
#include <utility>

#include "core/base/status_macros.h"

namespace dataip::client {

using std::chrono::milliseconds;

Interruption::Interruption(std::optional<milliseconds> patience)
    : patience_(patience) {
  Postpone();
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
  int ready = 0;
  do {
    ready = poll(files, 2, LeftMs());
  } while (ready < 0 || (ready == 0 && LeftMs() != 0));
  if (ready > 0 && (files[0].revents & POLLIN) == 0) return;
  base::MutexLock lock(mutex_);
  came_ = true;
  late_ = ready == 0;
  if (action_ != nullptr) action_();
  changed_.NotifyAll();
}

int Interruption::LeftMs() const {
  if (!patience_.has_value()) return -1;
  base::MutexLock lock(mutex_);
  const auto left = std::chrono::ceil<milliseconds>(
      until_ - std::chrono::steady_clock::now());
  return static_cast<int>(
      std::clamp<int64_t>(left.count(), 0, std::numeric_limits<int>::max()));
}

void Interruption::Postpone() {
  if (!patience_.has_value()) return;
  base::MutexLock lock(mutex_);
  until_ = std::chrono::steady_clock::now() + *patience_;
}

bool Interruption::late() const {
  base::MutexLock lock(mutex_);
  return late_;
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
