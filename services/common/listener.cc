#include "services/common/listener.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "services/common/descriptors.h"
#include "services/common/logging.h"

namespace dataip::services {
namespace {

// Until a descriptor may have become free.
constexpr int kRetryMs = 100;
constexpr std::chrono::seconds kBetweenLogs{10};

absl::Status Failed(const std::string& doing) {
  return absl::InternalError(absl::StrCat(doing, ": ", std::strerror(errno)));
}

absl::StatusOr<int> Listening(int family, const sockaddr* name,
                              socklen_t size) {
  const int socket =
      ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0) return Failed("socket");
  const int on = 1;
  const int off = 0;
  // Ports in TIME_WAIT may be taken again; one that is listened on may not.
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (family == AF_INET6) {
    setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
  }
  // What is taken inherits it.
  if (family != AF_UNIX) {
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  }
  if (bind(socket, name, size) == 0 &&
      listen(socket, limits::kPendingConnections) == 0) {
    return socket;
  }
  const absl::Status status = Failed("bind");
  close(socket);
  return status;
}

// Removes a socket that nobody listens on; fails when it is anything else.
absl::Status MakeRoom(const sockaddr_un& name) {
  struct stat found {};
  if (lstat(name.sun_path, &found) != 0) {
    return errno == ENOENT ? absl::OkStatus() : Failed("stat");
  }
  if (!S_ISSOCK(found.st_mode)) {
    return absl::InternalError("what is there is no socket; remove it");
  }
  const int probe =
      ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (probe < 0) return Failed("socket");
  const int connected =
      connect(probe, reinterpret_cast<const sockaddr*>(&name), sizeof(name));
  const int error = connected == 0 ? 0 : errno;
  close(probe);
  // EAGAIN: there is no room in its queue.
  if (error == 0 || error == EAGAIN) {
    return absl::InternalError("somebody listens there");
  }
  errno = error;
  if (error != ECONNREFUSED) return Failed("connect");
  return unlink(name.sun_path) == 0 ? absl::OkStatus() : Failed("unlink");
}

absl::StatusOr<int> ListeningOnPath(const std::string& path) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(name.sun_path)) {
    return absl::InternalError("the path is empty or too long");
  }
  std::memcpy(name.sun_path, path.data(), path.size());
  RETURN_IF_ERROR(MakeRoom(name));
  return Listening(AF_UNIX, reinterpret_cast<const sockaddr*>(&name),
                   sizeof(name));
}

absl::StatusOr<int> ListeningOnPort(absl::string_view address) {
  const size_t colon = address.rfind(':');
  if (colon == absl::string_view::npos) {
    return absl::InternalError("no port");
  }
  absl::string_view host = address.substr(0, colon);
  if (absl::ConsumePrefix(&host, "[") && !absl::ConsumeSuffix(&host, "]")) {
    return absl::InternalError("no ] after [");
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* names = nullptr;
  const int error = getaddrinfo(
      host.empty() ? nullptr : std::string(host).c_str(),
      std::string(address.substr(colon + 1)).c_str(), &hints, &names);
  if (error != 0) return absl::InternalError(gai_strerror(error));
  absl::StatusOr<int> socket = absl::InternalError("no address");
  for (const addrinfo* name = names; name != nullptr && !socket.ok();
       name = name->ai_next) {
    socket = Listening(name->ai_family, name->ai_addr, name->ai_addrlen);
  }
  freeaddrinfo(names);
  return socket;
}

int PortOf(int socket) {
  sockaddr_storage name{};
  socklen_t size = sizeof(name);
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&name), &size) != 0) {
    return 0;
  }
  if (name.ss_family == AF_INET) {
    return ntohs(reinterpret_cast<const sockaddr_in*>(&name)->sin_port);
  }
  return ntohs(reinterpret_cast<const sockaddr_in6*>(&name)->sin6_port);
}

// One line in a while, however many are refused.
void LogRefused(const char* why) {
  thread_local std::chrono::steady_clock::time_point last;
  const auto now = std::chrono::steady_clock::now();
  if (last.time_since_epoch().count() != 0 && now - last < kBetweenLogs) {
    return;
  }
  last = now;
  Log(Severity::kWarning, "too many connections", {{"reason", why}});
}

}  // namespace

absl::Status CheckHostAndPort(const std::string& address) {
  const size_t colon = address.rfind(':');
  int port = -1;
  if (colon == std::string::npos || address.find('/') != std::string::npos ||
      !absl::SimpleAtoi(address.substr(colon + 1), &port) || port < 0 ||
      port > limits::kGreatestPort) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", address, "\" is not HOST:PORT"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Listener>> Listener::Open(
    const std::string& address) {
  absl::string_view path = address;
  const bool on_path = absl::ConsumePrefix(&path, "unix:");
  if (on_path && absl::StartsWith(path, "//")) path.remove_prefix(2);
  ASSIGN_OR_RETURN(const int socket, on_path
                                         ? ListeningOnPath(std::string(path))
                                         : ListeningOnPort(address));
  const int wake = eventfd(0, EFD_CLOEXEC);
  std::unique_ptr<Listener> listener(
      new Listener(socket, wake, on_path ? std::string(path) : ""));
  if (wake < 0) return Failed("eventfd");
  if (!on_path) listener->port_ = PortOf(socket);
  return listener;
}

std::optional<Listener::Inode> Listener::InodeOf(const std::string& path) {
  struct stat found {};
  if (path.empty() || lstat(path.c_str(), &found) != 0) return std::nullopt;
  return Inode{found.st_dev, found.st_ino};
}

Listener::Listener(int socket, int wake, std::string path)
    : socket_(socket),
      wake_(wake),
      path_(std::move(path)),
      inode_(InodeOf(path_)) {}

Listener::~Listener() {
  Stop();
  if (wake_ >= 0) close(wake_);
}

void Listener::Start(Take take) {
  thread_ = std::thread([this, take = std::move(take)] { Run(take); });
}

void Listener::Stop() {
  if (socket_ < 0) return;
  if (thread_.joinable()) {
    const uint64_t one = 1;
    DATAIP_ASSERT(write(wake_, &one, sizeof(one)) == sizeof(one));
    thread_.join();
  }
  // Before it is closed: its number is not another's until then.
  if (inode_.has_value() && InodeOf(path_) == inode_) unlink(path_.c_str());
  close(socket_);
  socket_ = -1;
}

void Listener::Run(const Take& take) const {
  bool free = true;
  while (true) {
    std::array<pollfd, 2> waited = {{{wake_, POLLIN, 0}, {socket_, POLLIN, 0}}};
    // Without a free descriptor the socket stays ready: look again later.
    if (free) {
      poll(waited.data(), 2, -1);
    } else {
      poll(waited.data(), 1, kRetryMs);
    }
    if (waited[0].revents != 0) return;
    free = TakeAll(take);
  }
}

bool Listener::TakeAll(const Take& take) const {
  const size_t first_refused = Descriptors().first_refused;
  while (true) {
    const int descriptor =
        accept4(socket_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) {
      if (errno == EAGAIN || errno == EWOULDBLOCK) return true;
      // Of this one connection; ask for the next.
      if (errno == EINTR || errno == ECONNABORTED || errno == EPROTO) continue;
      LogRefused(std::strerror(errno));
      return false;
    }
    if (static_cast<size_t>(descriptor) >= first_refused) {
      LogRefused("descriptors are kept for the database and the files");
      close(descriptor);
      continue;
    }
    // Fails on a Unix socket, whose peer is on this machine.
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT,
                     &limits::kUntakenMs, sizeof(limits::kUntakenMs));
    take(descriptor);
  }
}

}  // namespace dataip::services
