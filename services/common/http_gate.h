// Where connections of an HTTP server wait: for their next request, for the
// rest of one, or for their client to take the answer. One thread looks at all
// of them, so that however slowly clients send and read, they cost a
// descriptor, limits::kHttpUnsentBytes at most, and no thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/base/limits.h"
#include "core/base/mutex.h"
#include "services/common/http_frame.h"

namespace dataip::services {

// Closes its descriptor at its end.
struct HttpConnection {
  explicit HttpConnection(int socket) : descriptor(socket) {}
  ~HttpConnection();
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  const int descriptor;  // non-blocking
  std::string bytes;     // received, not answered
  HttpFrame frame;       // of the request that `bytes` begins with
  size_t answered = 0;   // requests
  std::string unsent;    // of the last answer; sent before anything is read
  bool closes = false;   // when that is sent
  std::chrono::steady_clock::time_point deadline;
  bool told_to_continue = false;
  bool refused = false;  // what still comes is thrown away
};

// Thread safe.
class HttpGate {
 public:
  // Takes a connection with a whole request, or leaves it where it is when
  // there is no room: it is answered 503 then.
  using Take = std::function<void(std::unique_ptr<HttpConnection>&)>;

  // Holds at most `most` connections; over that the one that has waited
  // longest is closed.
  static std::unique_ptr<HttpGate> Open(size_t most, Take take);
  // As Stop.
  ~HttpGate();

  // A new connection, or one that has been answered and may go on. It is
  // closed when its client does not take what is unsent, or sends no whole
  // request, within limits::kHttpTimeoutMs (and a while for each byte unsent).
  void Add(std::unique_ptr<HttpConnection> connection);

  // Sends what is unsent, of all that was added before, to those that take it
  // within limits::kHttpTimeoutMs; closes what else waits and what is added
  // later.
  void Stop();

  // Whether its thread has looked at its connections since the last call, or
  // has been stopped.
  bool GoesOn();

 private:
  using Connections = std::list<std::unique_ptr<HttpConnection>>;
  HttpGate(int wake, size_t most, Take take);

  void Wake() const;
  void Run();
  bool TakeNew(Connections& waiting);
  void SendUnsentAndEnd(Connections& waiting) const;
  bool Step(std::unique_ptr<HttpConnection>& connection) const;
  void Wait(const Connections& waiting, std::vector<bool>& ready) const;
  // Reads what has come and hands the connection on when a request is whole;
  // false when it is to be closed.
  bool Read(HttpConnection& connection) const;
  bool Advance(std::unique_ptr<HttpConnection>& connection) const;

  const int wake_;  // eventfd
  const size_t most_;
  const Take take_;
  base::Mutex mutex_;
  Connections new_ DATAIP_GUARDED_BY(mutex_);
  bool stopping_ DATAIP_GUARDED_BY(mutex_) = false;
  std::atomic<bool> looked_ = true;
  std::thread thread_;
};

}  // namespace dataip::services
