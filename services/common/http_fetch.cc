#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
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

std::unique_ptr<httplib::ClientImpl> ClientOf(const Url& url) {
  if (url.https)
    return std::make_unique<httplib::SSLClient>(url.host, url.port);
  return std::make_unique<httplib::ClientImpl>(url.host, url.port);
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
  const std::unique_ptr<httplib::ClientImpl> client = ClientOf(url);
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
  request.content_receiver = [&](const char* data, size_t size, uint64_t,
                                 uint64_t total) {
    too_large =
        total > call.response_bytes || body.size() + size > call.response_bytes;
    if (!too_large) body.append(data, size);
    return !too_large;
  };
  httplib::Result result = client->send(request);
  if (result) return ResponseOf(*result, std::move(body));
  if (too_large) {
    return absl::ResourceExhaustedError(absl::StrCat(
        call.url, ": the answer is over ", call.response_bytes, " bytes"));
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
