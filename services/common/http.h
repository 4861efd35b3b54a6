// HTTP for what is not gRPC: tiles, metrics, witnesses. The only user of
// httplib; everything else speaks of requests and responses.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
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
  std::string path;    // as sent, not decoded, without query
  std::string body;    // at most limits::kHttpRequestBytes
  bool local = false;  // the peer is on this machine and is no proxy
};

struct HttpResponse {
  int status = 200;
  std::string content_type;  // none when empty
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;

  // A body that is too large for memory, in pieces instead of `body`. Together
  // they have `streamed_bytes`, at least 1; none is empty. After an error the
  // connection is cut. Called in the handler's thread.
  uint64_t streamed_bytes = 0;
  std::function<absl::StatusOr<std::string>()> next_piece;
};

// Runs in one of limits::kHttpThreads threads; must not wait long. HEAD comes
// as GET, its body is left away; other methods but POST are refused before.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

// INVALID_ARGUMENT when `listen` is not HOST:PORT.
absl::Status CheckHttpAddress(const std::string& listen);

// A server of its own threads. Thread safe.
//
// Bounded whatever clients do (http_gate.h, http_frame.h): a connection has
// limits::kHttpTimeoutMs for each request from its first byte to its last and
// to begin the next one, costs no thread before a request is whole or while it
// takes the last 256 KiB of a response, and is cut when it takes a response too
// slowly. What is longer holds its thread until so much is left. At most
// limits::kHttpQueuedConnections requests wait for a thread, the next ones are
// answered 503. Of more than Descriptors().http connections that wait the one
// that waited longest is closed.
class HttpServer {
 public:
  // `listen` is host:port, port 0 for any free one. Refusals: INVALID_ARGUMENT
  // (an address that is none), UNAVAILABLE (in use).
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(
      const std::string& listen, HttpHandler handler);
  // As Stop.
  ~HttpServer();

  int port() const;

  // Closes the listener, answers what has begun, ends the threads; what comes
  // on old connections meanwhile is answered 503. Clients that read slowly are
  // cut after limits::kHttpTimeoutMs.
  void Stop();

  // For a watchdog: whether connections have been looked at since the last
  // call, and no handler has been at one request all the time. The first call
  // says true.
  bool GoesOn();

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
  size_t response_bytes = limits::kHttpRequestBytes;  // of a body at most
};

// One request, answered or failed within `timeout`; redirects are not
// followed, proxies of the environment not used; https is verified with the
// system's authorities. UNAVAILABLE (no answer), DEADLINE_EXCEEDED,
// RESOURCE_EXHAUSTED (the answer is too large: its body, or its head, which
// may have limits::kHttpHeadBytes), INVALID_ARGUMENT (the URL).
// Any status code that the server sends is an answer. SIGPIPE has to be ignored
// (StopSignal does). Thread safe.
absl::StatusOr<HttpResponse> HttpFetch(const HttpCall& call);

}  // namespace dataip::services
