// HTTP for what is not gRPC: tiles, metrics, witnesses. The only user of
// httplib; everything else speaks of requests and responses.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/limits.h"

namespace dataip::services {

struct HttpRequest {
  std::string method;  // "GET", "POST"
  std::string path;    // decoded, without query
  std::string body;    // at most limits::kHttpRequestBytes
  bool local = false;  // the peer is on this machine
};

struct HttpResponse {
  int status = 200;
  std::string content_type;  // none when empty
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

// Runs in one of limits::kHttpThreads threads; must not wait long.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

// A server of its own threads. Thread safe.
class HttpServer {
 public:
  // `listen` is host:port, port 0 for any free one. Refusals: INVALID_ARGUMENT
  // (an address that is none), UNAVAILABLE (in use).
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(
      const std::string& listen, HttpHandler handler);
  // As Stop.
  ~HttpServer();

  int port() const;

  // Closes the listener, answers what has begun, ends the threads.
  void Stop();

 private:
  struct Running;
  explicit HttpServer(std::unique_ptr<Running> running);
  std::unique_ptr<Running> running_;
};

struct HttpCall {
  std::string url;           // http:// or https://
  std::string content_type;  // of the body
  std::string body;          // POST when not empty, else GET
  std::chrono::milliseconds timeout{limits::kHttpTimeoutMs};
  size_t response_bytes = limits::kHttpRequestBytes;  // at most
};

// One request, answered or failed within `timeout`; redirects are not
// followed. UNAVAILABLE (no answer), DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED
// (the answer is too large), INVALID_ARGUMENT (the URL). Any status code that
// the server sends is an answer.
absl::StatusOr<HttpResponse> HttpFetch(const HttpCall& call);

}  // namespace dataip::services
