#include "client/channel.h"

#include <arpa/inet.h>
#include <grpc/support/log.h>
#include <grpcpp/channel.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <cstdlib>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/pki/key_file.h"
#include "core/base/status_macros.h"
#include "core/crypto/x509.h"

namespace dataip::client {
namespace {

constexpr int kKeepaliveTimeMs = 20'000;
constexpr int kKeepaliveTimeoutMs = 10'000;
constexpr int kFirstReconnectMs = 100;
constexpr int kConnectAttemptMs = 10'000;
constexpr int kLastReconnectMs = 2'000;
// The ledger sends 32 MiB a call (architecture.md) and a little around it.
constexpr int kReceiveBytes = 33 << 20;

absl::StatusOr<std::vector<crypto::Certificate>> ReadCertificates(
    const std::string& path) {
  ASSIGN_OR_RETURN(const std::string pem, ReadPemFile(path));
  auto certificates = crypto::ParseCertificatesPem(pem);
  if (certificates.ok()) return certificates;
  return absl::InvalidArgumentError(
      absl::StrCat(path, "：不是证书文件。 ", path,
                   ": no certificate file: ", certificates.status().message()));
}

std::shared_ptr<grpc::ChannelCredentials> TlsCredentialsOf(
    const TlsFiles& files) {
  grpc::experimental::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(
      std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
          files.key_path, files.certificate_path, files.ca_path,
          kTlsReloadSeconds));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_verify_server_certs(true);
  return grpc::experimental::TlsCredentials(options);
}

bool IsLoopbackHost(const std::string& host) {
  if (host == "localhost" || host == "[::1]") return true;
  in_addr address{};
  return inet_pton(AF_INET, host.c_str(), &address) == 1 &&
         (ntohl(address.s_addr) >> 24) == 127;
}

}  // namespace

absl::Status CheckTlsFiles(const TlsFiles& files) {
  ASSIGN_OR_RETURN(const auto authorities, ReadCertificates(files.ca_path));
  for (const crypto::Certificate& authority : authorities) {
    if (authority.is_ca) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        files.ca_path, "：含有不是签发机构的证书。 ", files.ca_path,
        ": holds a certificate that is not an authority's."));
  }
  ASSIGN_OR_RETURN(const auto chain, ReadCertificates(files.certificate_path));
  ASSIGN_OR_RETURN(const auto key, ReadKeyFile(files.key_path));
  if (chain[0].public_key != key.public_key()) {
    return absl::InvalidArgumentError(absl::StrCat(
        files.key_path, "：私钥与证书 ", files.certificate_path, " 不是一对。 ",
        files.key_path, ": the key does not belong to the certificate ",
        files.certificate_path, "."));
  }
  return absl::OkStatus();
}

void SilenceGrpcLog() {
  if (std::getenv("GRPC_VERBOSITY") != nullptr ||
      std::getenv("GRPC_TRACE") != nullptr) {
    return;
  }
  gpr_set_log_function([](gpr_log_func_args*) {});
}

bool IsLocalAddress(absl::string_view address) {
  if (absl::StartsWith(address, "unix:") ||
      absl::StartsWith(address, "unix-abstract:")) {
    return true;
  }
  const size_t colon = address.rfind(':');
  if (colon == absl::string_view::npos) return false;
  return IsLoopbackHost(std::string(address.substr(0, colon)));
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(
    const std::string& address, const std::optional<TlsFiles>& tls) {
  std::shared_ptr<grpc::ChannelCredentials> credentials;
  if (tls.has_value()) {
    RETURN_IF_ERROR(CheckTlsFiles(*tls));
    credentials = TlsCredentialsOf(*tls);
  } else if (IsLocalAddress(address)) {
    credentials = grpc::InsecureChannelCredentials();
  } else {
    return absl::InvalidArgumentError(absl::StrCat(
        "连接 ", address,
        " 必须使用 TLS：请给出 CA、证书和私钥文件；只有本机地址可以不用。 ",
        address,
        " needs TLS: give the files of CA, certificate and key; only addresses "
        "of this machine go without."));
  }
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveTimeMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kFirstReconnectMs);
  // Despite its name it bounds one attempt, TLS handshake included.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectAttemptMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kLastReconnectMs);
  // Mutual TLS ends at our server; a proxy from the environment could only
  // break it, and on loopback does.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetMaxReceiveMessageSize(kReceiveBytes);
  return grpc::CreateCustomChannel(address, credentials, arguments);
}

}  // namespace dataip::client
