#include "services/common/http.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <deque>
#include <exception>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/mutex.h"
#include "core/base/status_macros.h"
#include "httplib.h"
#include "services/common/descriptors.h"
#include "services/common/http_gate.h"
#include "services/common/listener.h"
#include "services/common/logging.h"
#include "services/common/steps.h"

namespace dataip::services {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPatience{limits::kHttpTimeoutMs};
constexpr int kNotImplemented = 501;
constexpr int kInternalError = 500;

// What httplib reads and writes while it answers one request: the bytes of
// that request and no others, and the socket; or, while the client does not
// take them, bytes that the gate will send.
class Exchange : public httplib::Stream {
 public:
  // `stopping` says that the server stops: who reads slowly is then cut.
  Exchange(HttpConnection& connection, const std::atomic<bool>& stopping)
      : connection_(connection),
        stopping_(stopping),
        until_(Clock::now() + kPatience) {}

  bool is_readable() const override { return read_ < Head().size(); }
  bool is_writable() const override { return !failed_; }
  socket_t socket() const override { return connection_.descriptor; }

  ssize_t read(char* to, size_t size) override {
    const std::string_view piece = Head().substr(read_, size);
    std::memcpy(to, piece.data(), piece.size());
    read_ += piece.size();
    return static_cast<ssize_t>(piece.size());
  }

  ssize_t write(const char* from, size_t size) override {
    if (!connection_.unsent.empty()) {
      if (Keep(from, size)) return static_cast<ssize_t>(size);
      if (!SendUnsent()) return -1;
    }
    return Send(from, size);
  }

  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    Name(&getpeername, ip, port);
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override {
    Name(&getsockname, ip, port);
  }

  bool failed() const { return failed_; }

 private:
  std::string_view Head() const {
    return std::string_view(connection_.bytes)
        .substr(0, connection_.frame.head_bytes);
  }

  // Leaves the bytes to the gate when they are few: a body in memory. A longer
  // one, made in pieces, holds the thread while it is read.
  bool Keep(const char* from, size_t size) {
    if (stopping_ || failed_) return false;
    if (size > limits::kHttpUnsentBytes - connection_.unsent.size())
      return false;
    connection_.unsent.append(from, size);
    return true;
  }

  bool SendUnsent() {
    const std::string bytes = std::exchange(connection_.unsent, {});
    for (size_t at = 0; at < bytes.size();) {
      const ssize_t sent = SendNow(bytes.data() + at, bytes.size() - at);
      if (sent < 0) return false;
      at += static_cast<size_t>(sent);
    }
    return true;
  }

  ssize_t Send(const char* from, size_t size) {
    const ssize_t sent =
        send(connection_.descriptor, from, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EAGAIN && Keep(from, size)) {
      return static_cast<ssize_t>(size);
    }
    return sent >= 0 ? Sent(sent) : SendNow(from, size);
  }

  ssize_t SendNow(const char* from, size_t size) {
    while (!failed_) {
      const ssize_t sent =
          send(connection_.descriptor, from, size, MSG_NOSIGNAL);
      if (sent >= 0) return Sent(sent);
      failed_ = !(errno == EINTR || (errno == EAGAIN && WaitForRoom()));
    }
    return -1;
  }

  ssize_t Sent(ssize_t bytes) {
    if (!stopping_) {
      until_ += std::chrono::milliseconds(bytes / limits::kHttpLeastBytesPerMs);
    }
    return bytes;
  }

  bool WaitForRoom() {
    const auto now = Clock::now();
    if (stopping_) until_ = std::min(until_, now + kPatience);
    // However much was taken at once, it may not be followed by nothing.
    const auto left = std::min(
        kPatience, std::chrono::ceil<std::chrono::milliseconds>(until_ - now));
    pollfd polled{connection_.descriptor, POLLOUT, 0};
    return left.count() > 0 &&
           poll(&polled, 1, static_cast<int>(left.count())) > 0;
  }

  using NameOf = int (*)(int, sockaddr*, socklen_t*);
  void Name(NameOf name_of, std::string& ip, int& port) const {
    sockaddr_storage name{};
    socklen_t size = sizeof(name);
    char host[NI_MAXHOST];
    char service[NI_MAXSERV];
    if (name_of(connection_.descriptor, reinterpret_cast<sockaddr*>(&name),
                &size) == 0 &&
        getnameinfo(reinterpret_cast<const sockaddr*>(&name), size, host,
                    sizeof(host), service, sizeof(service),
                    NI_NUMERICHOST | NI_NUMERICSERV) == 0) {
      ip = host;
      [[maybe_unused]] const bool is_number = absl::SimpleAtoi(service, &port);
    }
  }

  HttpConnection& connection_;
  const std::atomic<bool>& stopping_;
  Clock::time_point until_;  // grows with what has been sent
  size_t read_ = 0;
  bool failed_ = false;
};

// Whether the peer is on this machine, and asks for itself: a proxy says in
// one of these fields that it asks for somebody else.
bool IsLocal(const httplib::Request& request) {
  for (const char* field : {"Forwarded", "Via", "X-Forwarded-For",
                            "X-Forwarded-Host", "X-Real-IP"}) {
    if (request.has_header(field)) return false;
  }
  const std::string& peer = request.remote_addr;
  return absl::StartsWith(peer, "127.") || peer == "::1" ||
         absl::StartsWith(peer, "::ffff:127.") ||
         (!peer.empty() && peer == request.local_addr);
}

// Not httplib's, which is decoded: %2F would be a separator for us, and none
// for a proxy that keeps some paths to itself.
std::string PathOf(const httplib::Request& request) {
  return request.target.substr(0, request.target.find('?'));
}

// httplib's parsing of requests and writing of responses. Its own listener,
// threads and reading of sockets are not used: they have no bounds.
class Answering : private httplib::Server {
 public:
  explicit Answering(HttpHandler handler) : handler_(std::move(handler)) {
    set_pre_routing_handler(
        [this](const httplib::Request& request, httplib::Response& response) {
          Respond(request, response);
          return HandlerResponse::Handled;
        });
    // Without a socket it takes itself for shutting down and sends no pieces.
    svr_sock_ = 0;
    set_keep_alive_timeout(limits::kHttpTimeoutMs / 1'000);
    set_keep_alive_max_count(limits::kHttpRequestsPerConnection);
  }

  // From now on slow readers get no more time. Any thread.
  void Hurry() { stopping_ = true; }

  bool GoesOn() { return handling_.GoOn(); }

  // False when the connection is to be closed at once.
  bool Answer(HttpConnection& connection) {
    // httplib refuses ranges that it does not understand; bodies are whole.
    DropField("range", connection.frame, connection.bytes);
    Exchange exchange(connection, stopping_);
    const HttpFrame& frame = connection.frame;
    const bool is_last =
        ++connection.answered >= limits::kHttpRequestsPerConnection;
    bool closes = false;
    const bool ok = process_request(
        exchange, is_last, closes, [&](httplib::Request& request) {
          request.body =
              connection.bytes.substr(frame.head_bytes, frame.body_bytes);
          // Answered by the gate.
          request.headers.erase("Expect");
          // Whole and as they are: bytes are compared with those of files.
          request.headers.erase("Accept-Encoding");
        });
    connection.bytes.erase(0, frame.head_bytes + frame.body_bytes);
    connection.told_to_continue = false;
    connection.closes = !ok || is_last || closes;
    return !exchange.failed() &&
           !(connection.closes && connection.unsent.empty());
  }

 private:
  void Respond(const httplib::Request& request,
               httplib::Response& response) const {
    const bool is_head = request.method == "HEAD";
    if (!is_head && request.method != "GET" && request.method != "POST") {
      response.status = kNotImplemented;
      return;
    }
    // httplib promises ranges to HEAD.
    if (is_head) response.set_header("Accept-Ranges", "none");
    try {
      Fill(Handle({is_head ? "GET" : request.method, PathOf(request),
                   request.body, IsLocal(request)}),
           response);
    } catch (const std::exception& error) {
      Log(Severity::kError, "HTTP request failed", {{"error", error.what()}});
      response = httplib::Response{};
      response.status = kInternalError;
    }
  }

  HttpResponse Handle(const HttpRequest& request) const {
    const Steps::Step step(handling_);
    return handler_(request);
  }

  static void Fill(HttpResponse answer, httplib::Response& response) {
    response.status = answer.status;
    for (const auto& [name, value] : answer.headers) {
      response.set_header(name, value);
    }
    if (answer.next_piece != nullptr) {
      response.set_content_provider(
          answer.streamed_bytes, answer.content_type,
          [next = std::move(answer.next_piece)](size_t, size_t left,
                                                httplib::DataSink& sink) {
            const absl::StatusOr<std::string> piece = next();
            // Cut short, the client sees by Content-Length that it is.
            return piece.ok() && !piece->empty() && piece->size() <= left &&
                   sink.write(piece->data(), piece->size());
          });
      return;
    }
    response.body = std::move(answer.body);
    if (!answer.content_type.empty()) {
      response.set_header("Content-Type", answer.content_type);
    }
  }

  const HttpHandler handler_;
  std::atomic<bool> stopping_ = false;
  mutable Steps handling_;
};

}  // namespace

absl::Status CheckHttpAddress(const std::string& listen) {
  return CheckHostAndPort(listen);
}

struct HttpServer::Running {
  Running(std::unique_ptr<Listener> port, HttpHandler handler)
      : listener(std::move(port)), answering(std::move(handler)) {}

  // In the gate's thread.
  void Enqueue(std::unique_ptr<HttpConnection>& connection) {
    {
      base::MutexLock lock(mutex);
      if (stopping || queue.size() >= limits::kHttpQueuedConnections) return;
      queue.push_back(std::move(connection));
    }
    changed.NotifyOne();
  }

  std::unique_ptr<HttpConnection> Dequeue() {
    base::MutexLock lock(mutex);
    while (queue.empty() && !stopping) changed.Wait(mutex);
    if (queue.empty()) return nullptr;
    auto connection = std::move(queue.front());
    queue.pop_front();
    return connection;
  }

  void Work() {
    while (std::unique_ptr<HttpConnection> connection = Dequeue()) {
      // Out of memory, or out of httplib: this connection ends, no other.
      try {
        if (!answering.Answer(*connection)) continue;
      } catch (const std::exception& error) {
        Log(Severity::kError, "HTTP connection failed",
            {{"error", error.what()}});
        continue;
      }
      gate->Add(std::move(connection));
    }
  }

  std::unique_ptr<Listener> listener;
  Answering answering;
  base::Mutex mutex;
  base::CondVar changed;
  std::deque<std::unique_ptr<HttpConnection>> queue DATAIP_GUARDED_BY(mutex);
  bool stopping DATAIP_GUARDED_BY(mutex) = false;
  std::unique_ptr<HttpGate> gate;
  std::vector<std::thread> threads;
};

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(
    const std::string& listen, HttpHandler handler) {
  RETURN_IF_ERROR(CheckHttpAddress(listen));
  absl::StatusOr<std::unique_ptr<Listener>> listener = Listener::Open(listen);
  if (!listener.ok()) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", listen, ": ",
                     std::string(listener.status().message())));
  }
  auto running =
      std::make_unique<Running>(*std::move(listener), std::move(handler));
  running->gate = HttpGate::Open(
      Descriptors().http,
      [running = running.get()](std::unique_ptr<HttpConnection>& connection) {
        running->Enqueue(connection);
      });
  if (running->gate == nullptr) {
    return absl::UnavailableError(
        absl::StrCat("eventfd: ", std::strerror(errno)));
  }
  for (size_t i = 0; i < limits::kHttpThreads; ++i) {
    running->threads.emplace_back(
        [running = running.get()] { running->Work(); });
  }
  running->listener->Start([gate = running->gate.get()](int descriptor) {
    gate->Add(std::make_unique<HttpConnection>(descriptor));
  });
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(running)));
}

HttpServer::HttpServer(std::unique_ptr<Running> running)
    : running_(std::move(running)) {}

HttpServer::~HttpServer() { Stop(); }

int HttpServer::port() const { return running_->listener->port(); }

bool HttpServer::GoesOn() {
  const bool looks = running_->gate->GoesOn();
  return running_->answering.GoesOn() && looks;
}

void HttpServer::Stop() {
  running_->answering.Hurry();
  running_->listener->Stop();
  {
    base::MutexLock lock(running_->mutex);
    running_->stopping = true;
  }
  running_->changed.NotifyAll();
  for (std::thread& thread : running_->threads) thread.join();
  running_->threads.clear();
  // Last: what the threads have left unsent is its to send.
  running_->gate->Stop();
}

}  // namespace dataip::services
