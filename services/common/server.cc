#include "services/common/server.h"

#include <grpc/grpc.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <signal.h>

#include <cstdio>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/channel.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "services/common/calls.h"
#include "services/common/checks.h"
#include "services/common/error.h"
#include "services/common/latch.h"
#include "services/common/logging.h"
#include "services/common/port_file.h"
#include "services/common/reflection.h"

namespace dataip::services {
namespace {

// How long clients get to acknowledge that we go, once all calls are answered.
constexpr std::chrono::milliseconds kGoodbye{500};

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

std::string AddressOf(const std::string& listen, int port) {
  if (listen.rfind("unix", 0) == 0) return listen;
  const size_t colon = listen.rfind(':');
  return absl::StrCat(listen.substr(0, colon), ":", port);
}

void Limit(const ServerOptions& options, grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(options.max_receive_bytes);
  // Under pressure gRPC refuses connections and cancels calls.
  grpc::ResourceQuota quota("server");
  quota.Resize(options.memory_bytes);
  quota.SetMaxThreads(limits::kCallThreads);
  builder.SetResourceQuota(quota);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS,
                             limits::kHandshakeMs);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE,
                             limits::kCallMetadataBytes);
  // A message of a writer comes without waiting for the window to grow.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES,
                             limits::kStreamWindowBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                             limits::kStreamsPerConnection);
  builder.AddChannelArgument(
      GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
      limits::kPingIntervalLeastMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
}

}  // namespace

StopSignal::StopSignal() {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

void StopSignal::Wait() {
  const sigset_t signals = StopSignals();
  int received = 0;
  while (sigwait(&signals, &received) != 0) {
  }
  Log(Severity::kInfo, "stopping", {{"signal", std::to_string(received)}});
}

std::vector<SettingRule> ServerSettings(std::string_view default_listen) {
  return {
      {"listen", SettingKind::kText, std::string(default_listen),
       "Address and port, or unix:PATH; port 0 picks a free one."},
      {"tls_ca", SettingKind::kPath, "",
       "PEM of the authorities that client certificates hang on."},
      {"tls_certificate", SettingKind::kPath, "",
       "PEM of our certificate, then its intermediates."},
      {"tls_key", SettingKind::kPath, "", "PEM of our private key."},
      {"port_file", SettingKind::kPath, "",
       "File that receives the port number once we listen."},
  };
}

absl::StatusOr<ServerOptions> ServerOptionsFrom(const Config& config,
                                                bool remote_without_tls) {
  ServerOptions options;
  options.listen = config.Text("listen");
  options.port_file = config.Text("port_file");
  const ServerTlsFiles files{config.Text("tls_ca"),
                             config.Text("tls_certificate"),
                             config.Text("tls_key")};
  const int given = !files.ca_path.empty() + !files.certificate_path.empty() +
                    !files.key_path.empty();
  if (given == 3) options.tls = files;
  if (given == 1 || given == 2) {
    return InvalidField(
        "tls_ca",
        {"set tls_ca, tls_certificate and tls_key together, or none of them",
         "tls_ca、tls_certificate、tls_key 三项须同时设置，或都不设置"});
  }
  if (given == 0 && !remote_without_tls &&
      !client::IsLocalAddress(options.listen)) {
    return InvalidField(
        "listen", {"without TLS only a loopback address or unix:PATH is served",
                   "未启用 TLS 时只能监听回环地址或 unix:PATH"});
  }
  return options;
}

absl::Status CheckServerOptions(const ServerOptions& options) {
  if (!absl::StartsWith(options.listen, "unix:") &&
      !CheckHostAndPort(options.listen).ok()) {
    return InvalidField(
        "listen",
        {absl::StrCat("\"", options.listen,
                      "\" is neither HOST:PORT nor unix:PATH"),
         absl::StrCat("「", options.listen, "」不是 主机:端口 或 unix:路径")});
  }
  const absl::Status usable = CredentialsFor(options.tls).status();
  if (usable.ok()) return usable;
  for (const auto& [setting, path] :
       {std::pair("tls_certificate", options.tls->certificate_path),
        std::pair("tls_key", options.tls->key_path)}) {
    if (IsAboutFile(usable, path)) {
      return AboutSetting(setting, usable);
    }
  }
  return AboutSetting("tls_ca", usable);
}

struct Server::Parts {
  std::shared_ptr<Calls> calls;
  std::unique_ptr<grpc::Service> reflection;
  std::unique_ptr<grpc::Server> server;
  std::unique_ptr<Listener> listener;
  bool stopped = false;
};

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() {
  if (!parts_->stopped) Stop([] {}, std::chrono::milliseconds(0));
}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(
    const ServerOptions& options, const std::vector<ServedService>& services) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  ASSIGN_OR_RETURN(const auto credentials, CredentialsFor(options.tls));
  auto parts = std::make_unique<Parts>();
  grpc::ServerBuilder builder;
  Limit(options, builder);
  std::vector<std::string> names = {"grpc.health.v1.Health",
                                    "grpc.reflection.v1.ServerReflection",
                                    "grpc.reflection.v1alpha.ServerReflection"};
  for (const ServedService& served : services) {
    builder.RegisterService(served.service);
    names.push_back(served.name);
  }
  parts->reflection = MakeReflectionService(std::move(names));
  builder.RegisterService(parts->reflection.get());
  parts->calls = Calls::Watch(builder, options.metrics);
  ASSIGN_OR_RETURN(RunningServer running,
                   StartServer(builder, options.listen, credentials));
  parts->server = std::move(running.server);
  parts->listener = std::move(running.listener);
  std::unique_ptr<Server> server(new Server(std::move(parts)));
  server->port_ = running.port;
  server->address_ = AddressOf(options.listen, running.port);
  grpc::HealthCheckServiceInterface* health =
      server->parts_->server->GetHealthCheckService();
  health->SetServingStatus(true);
  for (const ServedService& served : services) {
    health->SetServingStatus(served.name, true);
  }
  RETURN_IF_ERROR(
      WritePortFile({options.port_file, "port_file"}, running.port));
  std::printf("listening on %s\n", server->address_.c_str());
  std::fflush(stdout);
  Log(Severity::kInfo, "listening",
      {{"address", server->address_},
       {"tls", options.tls.has_value() ? "true" : "false"}});
  return server;
}

void Server::SetServing(bool serving) {
  parts_->server->GetHealthCheckService()->SetServingStatus(serving);
}

void Server::Stop(const std::function<void()>& drain,
                  std::chrono::milliseconds patience) {
  parts_->stopped = true;
  SetServing(false);
  drain();
  parts_->listener->Stop();
  const auto until = std::chrono::steady_clock::now() + patience;
  Latch down;
  std::thread shutdown([&] {
    parts_->server->Shutdown(std::chrono::system_clock::now() + patience);
    down.Set();
  });
  parts_->calls->AwaitNone(until);
  if (!down.WaitFor(kGoodbye)) {
    // gRPC waits until every idle client has acknowledged the goodbye, which
    // it does when it looks at its connections next, seconds later.
    grpc_server_cancel_all_calls(parts_->server->c_server());
  }
  shutdown.join();
  parts_->server->Wait();
}

}  // namespace dataip::services
