// How a server is reached: TLS with client certificates, who the peer is, and
// opening the port.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "client/channel.h"
#include "services/common/listener.h"

namespace grpc {
class Server;
class ServerBuilder;
class ServerContextBase;
class ServerCredentials;
}  // namespace grpc

namespace dataip::services {

// ca_path: the authorities of the clients.
using ServerTlsFiles = client::TlsFiles;

// Credentials that demand a client certificate and read the files again when
// they change (within client::kTlsReloadSeconds). Fails with NOT_FOUND or
// INVALID_ARGUMENT when a file is missing, holds something else, or the key
// is not the certificate's: a server must not start and then refuse everyone.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeServerCredentials(
    const ServerTlsFiles& files);

// TLS when `files` are given, else none.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> CredentialsFor(
    const std::optional<ServerTlsFiles>& files);

// The <actor> of the one SAN URI `dataip:<actor>` of the peer's verified
// certificate. Nothing without TLS, without such a URI, or with two.
std::optional<std::string> PeerActor(const grpc::ServerContextBase& context);

// Whether the call came over TLS.
bool HasTls(const grpc::ServerContextBase& context);

// Whether the call came over loopback or a Unix socket.
bool IsLocalPeer(const grpc::ServerContextBase& context);

struct RunningServer {
  std::unique_ptr<grpc::Server> server;
  std::unique_ptr<Listener> listener;  // stopped before the server
  int port = 0;  // the one chosen when the address says :0; 0 for unix:
};

// Opens the address, starts the server and says where it listens. The port is
// never shared with another process. Fails with INVALID_FIELD naming the
// address when it is taken or not ours.
absl::StatusOr<RunningServer> StartServer(
    grpc::ServerBuilder& builder, const std::string& address,
    const std::shared_ptr<grpc::ServerCredentials>& credentials);

}  // namespace dataip::services
