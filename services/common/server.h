// A gRPC server as our programs run it: TLS or loopback, limits, health,
// reflection (v1 and v1alpha), a port of its own, and an orderly end.
//
//   int main: StopSignal stop;                     // before any thread
//             auto server = Server::Start(
//                 options, {{v1::FooService::service_full_name(), &service}});
//             stop.Wait();
//             server->Stop([&] { service.Drain(); });
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/common/config.h"
#include "services/common/metrics.h"
#include "services/common/tls.h"

namespace grpc {
class Server;
class Service;
}  // namespace grpc

namespace dataip::services {

// Blocks SIGTERM and SIGINT for this thread and those made later, and ignores
// SIGPIPE. Make it first thing in main.
class StopSignal {
 public:
  StopSignal();
  // Returns when SIGTERM or SIGINT came.
  void Wait();
};

struct ServerOptions {
  std::string listen;                 // "127.0.0.1:0", "unix:/path"
  std::optional<ServerTlsFiles> tls;  // none: no TLS
  std::string port_file;              // "" = none
  int max_receive_bytes = 4 << 20;
  // What gRPC may hold of calls that are arriving or leaving, all together.
  size_t memory_bytes = size_t{512} << 20;
  Metrics* metrics = nullptr;  // of calls; none when null
};

// A service under its full name, e.g. v1::LedgerService::service_full_name().
struct ServedService {
  std::string name;
  grpc::Service* service = nullptr;
};

// The settings `listen`, `tls_ca`, `tls_certificate`, `tls_key`, `port_file`;
// a program appends its own.
std::vector<SettingRule> ServerSettings(std::string_view default_listen);

// From those settings. INVALID_ARGUMENT when only some of the three TLS files
// are given, or none on an address that is not loopback or a Unix socket and
// `remote_without_tls` is false.
absl::StatusOr<ServerOptions> ServerOptionsFrom(const Config& config,
                                                bool remote_without_tls = true);

// What a start would say of the address and the TLS files, without starting.
absl::Status CheckServerOptions(const ServerOptions& options);

class Server {
 public:
  // Starts serving; then prints `listening on ADDRESS` as one line on stdout
  // and, with a port file, writes the bare port number into it (whole or not
  // at all). The services outlive the server. INVALID_FIELD when the
  // port is taken.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      const ServerOptions& options, const std::vector<ServedService>& services);

  ~Server();

  int port() const { return port_; }
  const std::string& address() const { return address_; }

  // Health of the server and of each service: NOT_SERVING while they decide
  // nothing, though reads may go on. Any thread, until Stop.
  void SetServing(bool serving);

  // Health says NOT_SERVING, then `drain` makes the services finish the calls
  // that would not end by themselves, then no call is taken any more and
  // those running are waited for, at most `patience`; the rest is cancelled.
  void Stop(const std::function<void()>& drain,
            std::chrono::milliseconds patience = std::chrono::seconds(8));

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
  std::string address_;
  int port_ = 0;
};

}  // namespace dataip::services
