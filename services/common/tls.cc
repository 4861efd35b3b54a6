#include "services/common/tls.h"

#include <grpcpp/security/auth_context.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/server_context.h>

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "services/common/error.h"

namespace dataip::services {
namespace {

constexpr char kActorPrefix[] = "dataip:";

absl::Status CannotListen(const std::string& address, absl::string_view why) {
  return MakeStatus(
      rpc::v1::INVALID_FIELD,
      {absl::StrCat("listen: cannot listen on ", address, ": ", why,
                    "; choose another address, or stop what holds this one"),
       absl::StrCat("listen：无法监听 ", address, "（", why,
                    "）：请更换地址，或停止占用它的程序")});
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeServerCredentials(
    const ServerTlsFiles& files) {
  RETURN_IF_ERROR(client::CheckTlsFiles(files));
  grpc::experimental::TlsServerCredentialsOptions options(
      std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
          files.key_path, files.certificate_path, files.ca_path,
          client::kTlsReloadSeconds));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(
      GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  return grpc::experimental::TlsServerCredentials(options);
}

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> CredentialsFor(
    const std::optional<ServerTlsFiles>& files) {
  if (files.has_value()) return MakeServerCredentials(*files);
  return grpc::InsecureServerCredentials();
}

std::optional<std::string> PeerActor(const grpc::ServerContextBase& context) {
  const auto auth = context.auth_context();
  if (auth == nullptr || !auth->IsPeerAuthenticated()) return std::nullopt;
  std::optional<std::string> actor;
  for (const grpc::string_ref& uri :
       auth->FindPropertyValues(GRPC_PEER_URI_PROPERTY_NAME)) {
    absl::string_view name(uri.data(), uri.size());
    if (!absl::ConsumePrefix(&name, kActorPrefix)) continue;
    if (actor.has_value() || name.empty()) return std::nullopt;
    actor = std::string(name);
  }
  return actor;
}

bool HasTls(const grpc::ServerContextBase& context) {
  const auto auth = context.auth_context();
  return auth != nullptr &&
         !auth->FindPropertyValues(GRPC_TRANSPORT_SECURITY_TYPE_PROPERTY_NAME)
              .empty();
}

bool IsLocalPeer(const grpc::ServerContextBase& context) {
  const std::string peer = context.peer();
  if (absl::StartsWith(peer, "unix:")) return true;
  // "ipv4:127.0.0.1:5", "ipv6:%5B::1%5D:5"; the brackets come escaped.
  absl::string_view address = peer;
  if (!absl::ConsumePrefix(&address, "ipv4:") &&
      !absl::ConsumePrefix(&address, "ipv6:")) {
    return false;
  }
  return client::IsLocalAddress(
      absl::StrReplaceAll(address, {{"%5B", "["}, {"%5D", "]"}}));
}

absl::StatusOr<RunningServer> StartServer(
    grpc::ServerBuilder& builder, const std::string& address,
    const std::shared_ptr<grpc::ServerCredentials>& credentials) {
  RunningServer running;
  auto listener = Listener::Open(address);
  if (!listener.ok()) {
    return CannotListen(address, listener.status().message());
  }
  running.listener = *std::move(listener);
  running.port = running.listener->port();
  std::shared_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor =
      builder.experimental().AddExternalConnectionAcceptor(
          grpc::ServerBuilder::experimental_type::ExternalConnectionType::
              FROM_FD,
          credentials);
  running.server = builder.BuildAndStart();
  if (running.server == nullptr) {
    return CannotListen(address, "gRPC does not start");
  }
  running.listener->Start([acceptor = std::move(acceptor)](int descriptor) {
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters
        connection;
    connection.fd = descriptor;
    acceptor->HandleNewConnection(&connection);
  });
  return running;
}

}  // namespace dataip::services
