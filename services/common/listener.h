// The port of a server: takes connections and hands them to gRPC.
//
// gRPC 1.51's own listener takes every connection, and when no descriptor is
// left it stops listening for good. Ours leaves descriptors for the rest of
// the program (descriptors.h): a connection over that number is closed at
// once, and the port goes on.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "absl/status/statusor.h"

namespace dataip::services {

// Whether `address` has the form HOST:PORT (no host: any of ours);
// INVALID_ARGUMENT otherwise.
absl::Status CheckHostAndPort(const std::string& address);

class Listener {
 public:
  // "HOST:PORT" (port 0: a free one) or "unix:PATH", where a socket that
  // nobody listens on any more is replaced, and nothing else is: a file stays
  // as it is, and so does a socket that is served. Connections queue until
  // Start. Fails with INTERNAL saying what the system said. Two that replace
  // the same socket in the same moment are not kept apart.
  static absl::StatusOr<std::unique_ptr<Listener>> Open(
      const std::string& address);
  // As Stop.
  ~Listener();

  // 0 for unix:.
  int port() const { return port_; }

  // Hands every connection to `take`, which owns its descriptor, in a thread
  // of its own.
  using Take = std::function<void(int descriptor)>;
  void Start(Take take);

  // No connection is taken any more, and the port is free; the path too, unless
  // it has become another's.
  void Stop();

 private:
  // What a path names; of its own socket as long as that is open.
  struct Inode {
    dev_t device = 0;
    ino_t number = 0;
    bool operator==(const Inode&) const = default;
  };
  static std::optional<Inode> InodeOf(const std::string& path);

  Listener(int socket, int wake, std::string path);
  void Run(const Take& take) const;
  // Takes what waits; false when there is no descriptor for the next one.
  bool TakeAll(const Take& take) const;

  int socket_;
  const int wake_;          // eventfd: Stop was called
  const std::string path_;  // of unix:
  const std::optional<Inode> inode_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace dataip::services
