// `dataip-registry`: the registry as a program.
#include <grpcpp/channel.h>
#include <signal.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/status.h"
#include "core/base/status_macros.h"
#include "services/common/config.h"
#include "services/common/error.h"
#include "services/common/http_listen.h"
#include "services/common/logging.h"
#include "services/common/metrics.h"
#include "services/common/notify.h"
#include "services/common/server.h"
#include "services/registry/registry.h"
#include "services/registry/registry_service.h"
#include "services/registry/settings.h"

namespace dataip::registryd {
namespace {

constexpr int kExitFailed = 1;
constexpr int kExitConfiguration = 2;

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
  const auto until = std::chrono::steady_clock::now() +
                     std::chrono::seconds(settings.ledger_wait_s);
  while (!channel.WaitForConnected(std::chrono::system_clock::now() +
                                   kConnectAttempt)) {
    if (StopWasAsked()) return false;
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

absl::Status Serve(const Settings& settings, services::StopSignal& stop) {
  ASSIGN_OR_RETURN(auto channel,
                   client::MakeChannel(settings.ledger, settings.ledger_tls));
  ASSIGN_OR_RETURN(const bool connected, WaitForLedger(*channel, settings));
  if (!connected) return absl::OkStatus();
  services::Metrics metrics;
  RegistryOptions options{
      settings.data_dir, channel, settings.signer,   settings.clock_actor,
      settings.workers,  NowMs,   settings.root_key, &metrics};
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
  return absl::OkStatus();
}

// Says why, and answers with the exit code that fits.
int Fail(const absl::Status& status) {
  const auto detail = client::ErrorDetailOf(status);
  const std::string zh =
      detail.has_value() ? absl::StrCat(detail->message_zh(), "\n") : "";
  std::fprintf(stderr, "%s%s\n", zh.c_str(),
               std::string(status.message()).c_str());
  return absl::IsInvalidArgument(status) || absl::IsNotFound(status)
             ? kExitConfiguration
             : kExitFailed;
}

int Main(const std::vector<std::string>& arguments) {
  services::StopSignal stop;
  const auto rules = SettingRules();
  const auto config = services::Config::Load(rules, arguments);
  if (!config.ok()) {
    Fail(config.status());
    return kExitConfiguration;
  }
  if (config->help()) {
    std::fputs(services::Usage("dataip-registry", rules).c_str(), stdout);
    return 0;
  }
  const auto settings = SettingsFrom(*config);
  if (!settings.ok()) {
    Fail(settings.status());
    return kExitConfiguration;
  }
  if (config->check_only()) {
    std::puts("configuration ok / 配置无误");
    return 0;
  }
  const absl::Status served = Serve(*settings, stop);
  return served.ok() ? 0 : Fail(served);
}

}  // namespace
}  // namespace dataip::registryd

int main(int argc, char** argv) {
  return dataip::registryd::Main({argv + 1, argv + argc});
}
