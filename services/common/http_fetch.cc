#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <limits>
#include <map>
#include <thread>

#include "absl/strings/str_cat.h"
#include "core/base/mutex.h"
#include "core/base/status_macros.h"
#include "httplib.h"
#include "services/common/http.h"
#include "services/common/url.h"

namespace dataip::services {
namespace {

using Clock = std::chrono::steady_clock;

std::vector<std::string> Numbers(const addrinfo* names) {
  std::vector<std::string> numbers;
  for (; names != nullptr; names = names->ai_next) {
    char host[NI_MAXHOST];
    if (getnameinfo(names->ai_addr, names->ai_addrlen, host, sizeof(host),
                    nullptr, 0, NI_NUMERICHOST) == 0) {
      numbers.emplace_back(host);
    }
  }
  return numbers;
}

// A question to the resolver that can be left behind: it knows no deadline.
struct Lookup {
  explicit Lookup(std::string host) : name(std::move(host)) {
    hints.ai_socktype = SOCK_STREAM;
    request.ar_name = name.c_str();
    request.ar_request = &hints;
  }
  ~Lookup() {
    if (request.ar_result != nullptr) freeaddrinfo(request.ar_result);
  }

  const std::string name;
  addrinfo hints{};
  gaicb request{};
};

absl::StatusOr<std::vector<std::string>> Resolve(const std::string& host,
                                                 Clock::time_point deadline) {
  auto lookup = std::make_unique<Lookup>(host);
  gaicb* const one[] = {&lookup->request};
  gaicb* asked[] = {&lookup->request};
  int error = getaddrinfo_a(GAI_NOWAIT, asked, 1, nullptr);
  while (error == 0 && gai_error(one[0]) == EAI_INPROGRESS) {
    const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(
        deadline - Clock::now());
    if (left.count() <= 0) {
      // What can't be cancelled still writes into it.
      if (gai_cancel(one[0]) != EAI_CANCELED &&
          gai_error(one[0]) == EAI_INPROGRESS) {
        [[maybe_unused]] const Lookup* left_behind = lookup.release();
      }
      return absl::DeadlineExceededError(
          absl::StrCat("no address of ", host, " in time"));
    }
    const timespec patience{
        static_cast<time_t>(left.count() / 1'000'000'000),
        static_cast<decltype(timespec::tv_nsec)>(left.count() % 1'000'000'000)};
    gai_suspend(one, 1, &patience);
  }
  if (error == 0) error = gai_error(one[0]);
  if (error != 0) {
    return absl::UnavailableError(
        absl::StrCat("no address of ", host, ": ", gai_strerror(error)));
  }
  return Numbers(lookup->request.ar_result);
}

// Shuts a socket down when the time is over: httplib bounds each read, but not
// their number.
class Watch {
 public:
  explicit Watch(Clock::time_point deadline)
      : deadline_(deadline), thread_([this] { Run(); }) {}

  ~Watch() {
    {
      base::MutexLock lock(mutex_);
      over_ = true;
    }
    changed_.NotifyAll();
    thread_.join();
    if (socket_ >= 0) close(socket_);
  }

  // A duplicate is kept: httplib closes its own whenever it likes, and the
  // number may then be another file's.
  void Socket(int socket) {
    base::MutexLock lock(mutex_);
    if (socket_ >= 0) close(socket_);
    socket_ = fcntl(socket, F_DUPFD_CLOEXEC, 0);
  }

 private:
  void Run() {
    base::MutexLock lock(mutex_);
    while (!over_ && changed_.WaitUntil(mutex_, deadline_)) {
    }
    if (!over_ && socket_ >= 0) shutdown(socket_, SHUT_RDWR);
  }

  const Clock::time_point deadline_;
  base::Mutex mutex_;
  base::CondVar changed_;
  bool over_ DATAIP_GUARDED_BY(mutex_) = false;
  int socket_ DATAIP_GUARDED_BY(mutex_) = -1;
  std::thread thread_;
};

HttpResponse ResponseOf(httplib::Response& from, std::string body) {
  HttpResponse response;
  response.status = from.status;
  response.content_type = from.get_header_value("Content-Type");
  response.body = std::move(body);
  for (const auto& [name, value] : from.headers) {
    response.headers.emplace_back(name, value);
  }
  return response;
}

// The connection as httplib reads and writes it, but no more than may be read:
// httplib bounds neither a line of an answer's head nor their number.
class BoundedStream : public httplib::Stream {
 public:
  // `ssl` is null without TLS. Both are httplib's.
  BoundedStream(int socket, SSL* ssl, size_t& may_read)
      : socket_(socket), ssl_(ssl), may_read_(may_read) {}

  bool is_readable() const override { return may_read_ > 0; }
  bool is_writable() const override { return true; }
  socket_t socket() const override { return socket_; }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}

  ssize_t read(char* to, size_t size) override {
    if (may_read_ == 0) return -1;
    if (at_ == end_) {
      const ssize_t got = Receive();
      if (got <= 0) return got;
      at_ = 0;
      end_ = static_cast<size_t>(got);
    }
    size = std::min({size, end_ - at_, may_read_});
    std::memcpy(to, piece_.data() + at_, size);
    at_ += size;
    may_read_ -= size;
    return static_cast<ssize_t>(size);
  }

  ssize_t write(const char* from, size_t size) override {
    if (ssl_ == nullptr) return send(socket_, from, size, MSG_NOSIGNAL);
    const size_t most = std::numeric_limits<int>::max();
    const int sent =
        SSL_write(ssl_, from, static_cast<int>(std::min(size, most)));
    return sent > 0 ? sent : -1;
  }

 private:
  ssize_t Receive() {
    if (ssl_ == nullptr) return recv(socket_, piece_.data(), piece_.size(), 0);
    return SSL_read(ssl_, piece_.data(), static_cast<int>(piece_.size()));
  }

  const int socket_;
  SSL* const ssl_;
  size_t& may_read_;
  std::array<char, 4'096> piece_;
  size_t at_ = 0;
  size_t end_ = 0;
};

// A client of httplib that reads no more than `may_read` bytes.
template <typename Client>
class Bounded : public Client {
 public:
  Bounded(const Url& url, size_t& may_read)
      : Client(url.host, url.port), may_read_(may_read) {}

 private:
  bool process_socket(const typename Client::Socket& socket,
                      std::function<bool(httplib::Stream&)> callback) override {
    BoundedStream stream(socket.sock, socket.ssl, may_read_);
    return callback(stream);
  }

  size_t& may_read_;
};

std::unique_ptr<httplib::ClientImpl> ClientOf(const Url& url,
                                              size_t& may_read) {
  if (url.https) {
    return std::make_unique<Bounded<httplib::SSLClient>>(url, may_read);
  }
  return std::make_unique<Bounded<httplib::ClientImpl>>(url, may_read);
}

httplib::Request RequestOf(const HttpCall& call, const Url& url) {
  httplib::Request request;
  request.method = call.body.empty() ? "GET" : "POST";
  request.path = url.target;
  request.body = call.body;
  if (!call.body.empty()) {
    request.set_header("Content-Type", call.content_type);
  }
  return request;
}

// What httplib names in one word.
std::string WhyNot(httplib::Error error) {
  switch (error) {
    case httplib::Error::Connection:
      return "nobody takes connections there";
    case httplib::Error::Read:
      return "the connection was cut before the answer was whole";
    case httplib::Error::Write:
      return "the connection was cut before the request was sent";
    case httplib::Error::SSLConnection:
      return "no TLS with it";
    case httplib::Error::SSLServerVerification:
      return "its certificate is not of an authority that this machine trusts";
    default:
      return httplib::to_string(error);
  }
}

// One attempt at one address of the host; `unreached` says whether nothing was
// sent to it.
absl::StatusOr<HttpResponse> Attempt(const HttpCall& call, const Url& url,
                                     const std::string& address,
                                     Clock::time_point deadline,
                                     bool& unreached) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  if (left.count() <= 0) {
    return absl::DeadlineExceededError(absl::StrCat(call.url, ": no answer"));
  }
  size_t may_read = limits::kHttpHeadBytes;
  const std::unique_ptr<httplib::ClientImpl> client = ClientOf(url, may_read);
  Watch watch(deadline);
  client->set_hostname_addr_map({{url.host, address}});
  client->set_socket_options([&watch](int socket) { watch.Socket(socket); });
  client->set_connection_timeout(left);
  client->set_read_timeout(left);
  client->set_write_timeout(left);
  client->set_url_encode(false);
  client->set_decompress(false);
  client->set_tcp_nodelay(true);
  std::string body;
  bool too_large = false;
  httplib::Request request = RequestOf(call, url);
  request.response_handler = [&](const httplib::Response&) {
    // A body that comes in chunks has their lengths, and fields behind it.
    may_read = 2 * call.response_bytes + limits::kHttpHeadBytes;
    return true;
  };
  request.content_receiver = [&](const char* data, size_t size, uint64_t,
                                 uint64_t total) {
    too_large =
        total > call.response_bytes || body.size() + size > call.response_bytes;
    if (!too_large) body.append(data, size);
    return !too_large;
  };
  httplib::Result result = client->send(request);
  if (result) return ResponseOf(*result, std::move(body));
  if (too_large || may_read == 0) {
    return absl::ResourceExhaustedError(
        absl::StrCat(call.url, ": the answer is over ", call.response_bytes,
                     " bytes, or its head over ", limits::kHttpHeadBytes));
  }
  if (Clock::now() >= deadline) {
    return absl::DeadlineExceededError(absl::StrCat(call.url, ": no answer"));
  }
  unreached = result.error() == httplib::Error::Connection;
  return absl::UnavailableError(
      absl::StrCat(call.url, ": ", WhyNot(result.error())));
}

}  // namespace

absl::StatusOr<HttpResponse> HttpFetch(const HttpCall& call) {
  const Clock::time_point deadline = Clock::now() + call.timeout;
  ASSIGN_OR_RETURN(const Url url, ParseUrl(call.url));
  try {
    ASSIGN_OR_RETURN(const std::vector<std::string> addresses,
                     Resolve(url.host, deadline));
    absl::StatusOr<HttpResponse> response =
        absl::UnavailableError(absl::StrCat("no address of ", url.host));
    for (const std::string& address : addresses) {
      bool unreached = false;
      response = Attempt(call, url, address, deadline, unreached);
      if (!unreached) break;
    }
    return response;
  } catch (const std::exception& error) {
    return absl::UnavailableError(absl::StrCat(call.url, ": ", error.what()));
  }
}

}  // namespace dataip::services
