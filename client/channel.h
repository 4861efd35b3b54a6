// Channels to our services: mutual TLS, or plain on this machine only.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace grpc {
class Channel;
}  // namespace grpc

namespace dataip::client {

// PEM files of one side of mutual TLS.
struct TlsFiles {
  std::string ca_path;           // the authorities that the other side hangs on
  std::string certificate_path;  // own leaf, then its intermediates
  std::string key_path;
};

// How soon a changed file is noticed, by clients and servers.
inline constexpr unsigned kTlsReloadSeconds = 1;

// Fails with NOT_FOUND or INVALID_ARGUMENT, naming the file, when one is
// missing, holds something else, or the key is not the certificate's: gRPC
// itself would only refuse every connection later.
absl::Status CheckTlsFiles(const TlsFiles& files);

// A channel to "host:port" or "unix:/path". It connects at the first call,
// not here, and notices a dead server by keep-alive.
//
// Without `tls` only loopback addresses and Unix sockets are allowed
// (INVALID_ARGUMENT otherwise). With it, fails as CheckTlsFiles does.
absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(
    const std::string& address, const std::optional<TlsFiles>& tls);

// What gRPC itself has to say does not go to stderr: every error comes back as
// a status. For programs of people; GRPC_VERBOSITY or GRPC_TRACE in the
// environment keeps it. Before the first channel.
void SilenceGrpcLog();

// "localhost:1", "127.0.0.1:1", "[::1]:1", "unix:/path", "unix-abstract:x".
bool IsLocalAddress(absl::string_view address);

}  // namespace dataip::client
