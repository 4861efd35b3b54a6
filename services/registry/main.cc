// `dataip-registry`: the registry as a program.
#include <grpcpp/channel.h>
#include <signal.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "services/common/config.h"
#include "services/common/error.h"
#include "services/common/http_listen.h"
#include "services/common/logging.h"
#include "services/common/metrics.h"
#include "services/common/notify.h"
#include "services/common/program.h"
#include "services/common/server.h"
#include "services/registry/registry.h"
#include "services/registry/registry_service.h"
#include "services/registry/settings.h"

namespace dataip::registryd {
namespace {

constexpr std::chrono::milliseconds kConnectAttempt{200};

int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

bool StopWasAsked() {
  sigset_t pending;
  sigemptyset(&pending);
  sigpending(&pending);
  return sigismember(&pending, SIGTERM) == 1 ||
         sigismember(&pending, SIGINT) == 1;
}

// Waits until the ledger's port answers; false when asked to stop meanwhile.
absl::StatusOr<bool> WaitForLedger(grpc::Channel& channel,
                                   const Settings& settings) {
  bool told = false;
  const auto until = std::chrono::steady_clock::now() +
                     std::chrono::seconds(settings.ledger_wait_s);
  while (!channel.WaitForConnected(std::chrono::system_clock::now() +
                                   kConnectAttempt)) {
    if (StopWasAsked()) return false;
    if (!std::exchange(told, true)) {
      services::Log(services::Severity::kInfo, "waiting for the ledger",
                    {{"address", settings.ledger},
                     {"seconds", std::to_string(settings.ledger_wait_s)}});
    }
    if (std::chrono::steady_clock::now() < until) continue;
    return services::MakeStatus(
        rpc::v1::NOT_SERVING,
        {absl::StrCat("no ledger answers at ", settings.ledger,
                      ", or it refuses our certificate; start it or correct "
                      "`ledger` and `ledger_tls_*`"),
         absl::StrCat("地址 ", settings.ledger,
                      " 没有账本应答，或其拒绝了本方证书；请启动账本，或更正 "
                      "ledger 与 ledger_tls_* 设置")});
  }
  return true;
}

absl::Status Serve(const services::Config& config) {
  services::StopSignal stop;
  ASSIGN_OR_RETURN(const Settings settings, SettingsFrom(config));
  if (config.check_only()) {
    std::printf("configuration ok / 配置无误\n");
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(auto channel,
                   client::MakeChannel(settings.ledger, settings.ledger_tls));
  ASSIGN_OR_RETURN(const bool connected, WaitForLedger(*channel, settings));
  if (!connected) return absl::OkStatus();
  services::Metrics metrics;
  RegistryOptions options{
      settings.data_dir,   channel, settings.signer,   settings.clock_actor,
      settings.workers,    NowMs,   settings.root_key, settings.openings_key,
      settings.sketch_key, &metrics};
  ASSIGN_OR_RETURN(const auto registry, Registry::Start(std::move(options)));
  RegistryService service(*registry);
  ASSIGN_OR_RETURN(
      const auto metrics_server,
      services::StartHttp(settings.metrics, services::MetricsHandler(metrics)));
  services::ServerOptions server_options = settings.server;
  server_options.metrics = &metrics;
  ASSIGN_OR_RETURN(const auto server,
                   services::Server::Start(
                       server_options,
                       {{v1::RegistryService::service_full_name(), &service}}));
  services::ReadyNotice notice("serving " + server->address(),
                               [&registry] { return registry->GoesOn(); });
  registry->halting().Then([&server, &notice] {
    server->SetServing(false);
    notice.SetStatus("halted: decides no more; reads go on");
  });
  stop.Wait();
  notice.Stopping();
  server->Stop([&] { registry->Stop(); });
  services::Log(services::Severity::kInfo, "stopped");
  return absl::OkStatus();
}

}  // namespace
}  // namespace dataip::registryd

int main(int argc, char** argv) {
  return dataip::services::RunProgram(
      {"dataip-registry", dataip::registryd::SettingRules(),
       dataip::registryd::Serve},
      {argv + 1, argv + argc});
}
