#include "services/common/http_gate.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"

namespace dataip::services {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPatience{limits::kHttpTimeoutMs};
constexpr std::chrono::milliseconds kRefusedPatience{limits::kHttpRefusedMs};
constexpr size_t kReadBytes = 16'384;
constexpr int kUnavailable = 503;
constexpr char kContinue[] = "HTTP/1.1 100 Continue\r\n\r\n";

// These few bytes fit into any socket's buffer; a client for which they do
// not is not told.
void Tell(const HttpConnection& connection, const std::string& line) {
  [[maybe_unused]] const ssize_t sent =
      send(connection.descriptor, line.data(), line.size(), MSG_NOSIGNAL);
}

void Refuse(HttpConnection& connection, int code) {
  Tell(connection,
       absl::StrCat("HTTP/1.1 ", code, " Refused\r\n",
                    code == kUnavailable ? "Retry-After: 1\r\n" : "",
                    "Content-Length: 0\r\nConnection: close\r\n\r\n"));
  shutdown(connection.descriptor, SHUT_WR);
  connection.refused = true;
  connection.bytes.clear();
  connection.deadline = Clock::now() + kRefusedPatience;
}

// False when the connection is to be closed.
bool Send(HttpConnection& connection) {
  const ssize_t sent = send(connection.descriptor, connection.unsent.data(),
                            connection.unsent.size(), MSG_NOSIGNAL);
  if (sent < 0) return errno == EAGAIN || errno == EINTR;
  connection.unsent.erase(0, static_cast<size_t>(sent));
  if (!connection.unsent.empty()) return true;
  connection.unsent.shrink_to_fit();
  connection.deadline = Clock::now() + kPatience;
  return !connection.closes;
}

}  // namespace

HttpConnection::~HttpConnection() { close(descriptor); }

std::unique_ptr<HttpGate> HttpGate::Open(size_t most, Take take) {
  const int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake < 0) return nullptr;
  return std::unique_ptr<HttpGate>(new HttpGate(wake, most, std::move(take)));
}

HttpGate::HttpGate(int wake, size_t most, Take take)
    : wake_(wake),
      most_(most),
      take_(std::move(take)),
      thread_([this] { Run(); }) {}

HttpGate::~HttpGate() {
  Stop();
  close(wake_);
}

void HttpGate::Add(std::unique_ptr<HttpConnection> connection) {
  {
    base::MutexLock lock(mutex_);
    if (stopping_) return;
    const auto unsent = static_cast<int64_t>(connection->unsent.size());
    connection->deadline =
        Clock::now() + kPatience +
        std::chrono::milliseconds(unsent / limits::kHttpLeastBytesPerMs);
    new_.push_back(std::move(connection));
  }
  Wake();
}

void HttpGate::Wake() const {
  const uint64_t one = 1;
  DATAIP_ASSERT(write(wake_, &one, sizeof(one)) == sizeof(one));
}

bool HttpGate::GoesOn() {
  const bool looked = looked_.exchange(false);
  Wake();
  base::MutexLock lock(mutex_);
  return looked || stopping_;
}

void HttpGate::Stop() {
  {
    base::MutexLock lock(mutex_);
    stopping_ = true;
  }
  Wake();
  if (thread_.joinable()) thread_.join();
}

void HttpGate::Run() {
  Connections waiting;
  std::vector<bool> ready;
  while (TakeNew(waiting)) {
    Wait(waiting, ready);
    const auto now = Clock::now();
    size_t at = 0;
    for (auto it = waiting.begin(); it != waiting.end(); ++at) {
      HttpConnection& connection = **it;
      bool stays = connection.deadline > now;
      if (stays && ready[at]) stays = Step(*it);
      it = stays ? std::next(it) : waiting.erase(it);
    }
  }
  SendUnsentAndEnd(waiting);
}

void HttpGate::SendUnsentAndEnd(Connections& waiting) const {
  const auto until = Clock::now() + kPatience;
  std::vector<bool> ready;
  waiting.remove_if(
      [](const auto& connection) { return connection->unsent.empty(); });
  for (const auto& connection : waiting) {
    connection->deadline = std::min(connection->deadline, until);
    connection->closes = true;
  }
  while (!waiting.empty()) {
    Wait(waiting, ready);
    const auto now = Clock::now();
    size_t at = 0;
    waiting.remove_if([&](const auto& connection) {
      const bool is_ready = ready[at++];
      return connection->deadline <= now || (is_ready && !Send(*connection));
    });
  }
}

// False when the connection has been taken, or is to be closed.
bool HttpGate::Step(std::unique_ptr<HttpConnection>& connection) const {
  if (connection->unsent.empty()) {
    return Read(*connection) && Advance(connection);
  }
  if (!Send(*connection)) return false;
  // The next request may have come before.
  return !connection->unsent.empty() || Advance(connection);
}

// False when the gate stops; what was added before waits then too.
bool HttpGate::TakeNew(Connections& waiting) {
  Connections fresh;
  bool stops = false;
  {
    base::MutexLock lock(mutex_);
    fresh.swap(new_);
    stops = stopping_;
  }
  looked_ = true;
  for (auto& connection : fresh) {
    // The next request may have come together with the last one.
    const bool idle = !stops && connection->unsent.empty();
    if (idle && !Advance(connection)) continue;
    waiting.push_back(std::move(connection));
    if (waiting.size() > most_) waiting.pop_front();
  }
  return !stops;
}

void HttpGate::Wait(const Connections& waiting,
                    std::vector<bool>& ready) const {
  std::vector<pollfd> polled;
  polled.reserve(waiting.size() + 1);
  auto until = Clock::now() + kPatience;
  for (const auto& connection : waiting) {
    const short awaited = connection->unsent.empty() ? POLLIN : POLLOUT;
    polled.push_back({connection->descriptor, awaited, 0});
    until = std::min(until, connection->deadline);
  }
  polled.push_back({wake_, POLLIN, 0});
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
  poll(polled.data(), polled.size(),
       static_cast<int>(std::max<int64_t>(0, left.count())));
  uint64_t count = 0;
  [[maybe_unused]] const ssize_t drained = read(wake_, &count, sizeof(count));
  ready.resize(waiting.size());
  for (size_t i = 0; i < waiting.size(); ++i) {
    ready[i] = polled[i].revents != 0;
  }
}

bool HttpGate::Read(HttpConnection& connection) const {
  std::array<char, kReadBytes> piece;
  const ssize_t got =
      recv(connection.descriptor, piece.data(), piece.size(), 0);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return false;
  if (connection.refused) return true;
  // A request has to be whole within one time from its first byte on.
  if (connection.bytes.empty()) {
    connection.deadline = Clock::now() + kPatience;
  }
  connection.bytes.append(piece.data(), static_cast<size_t>(got));
  return true;
}

// False when the connection has been taken.
bool HttpGate::Advance(std::unique_ptr<HttpConnection>& connection) const {
  if (connection->refused || connection->bytes.empty()) return true;
  connection->frame = FrameRequest(connection->bytes);
  const HttpFrame& frame = connection->frame;
  switch (frame.state) {
    case HttpFrame::State::kRefused:
      Refuse(*connection, frame.refusal);
      return true;
    case HttpFrame::State::kPartial:
      if (frame.awaits_continue && !connection->told_to_continue) {
        Tell(*connection, kContinue);
        connection->told_to_continue = true;
      }
      return true;
    case HttpFrame::State::kWhole:
      take_(connection);
      if (connection == nullptr) return false;
      Refuse(*connection, kUnavailable);
      return true;
  }
  return true;
}

}  // namespace dataip::services
