// dataip-witness: signs checkpoints of logs for those who send them.
#include <chrono>
#include <cstdio>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "services/common/checks.h"
#include "services/common/config.h"
#include "services/common/error.h"
#include "services/common/http_listen.h"
#include "services/common/logging.h"
#include "services/common/metrics.h"
#include "services/common/notify.h"
#include "services/common/program.h"
#include "services/common/server.h"
#include "services/witness/witness.h"

namespace dataip::witness {
namespace {

using services::Config;
using services::HttpRequest;
using services::HttpResponse;
using services::SettingKind;

constexpr char kDefaultListen[] = "127.0.0.1:7103";
// What a ledger or a registry has in its folder.
constexpr const char* kForeignFiles[] = {"db", "projections"};

std::vector<services::SettingRule> Settings() {
  std::vector<services::SettingRule> rules = {
      {"listen", SettingKind::kText, kDefaultListen,
       "Address and port of plain HTTP; port 0 picks a free one. For TLS put a "
       "proxy in front."},
      {"port_file", SettingKind::kPath, "",
       "File that receives the port number once we listen."},
      {"name", SettingKind::kText, "",
       "Name of the witness in its key, a URL without scheme; for ever.", true},
      {"ed25519_key", SettingKind::kPath, "",
       "PEM of the private Ed25519 key that signs, and signs nothing else.",
       true},
      {"data_dir", SettingKind::kPath, "",
       "Folder that remembers what was signed; created. Not to be put back to "
       "an earlier day.",
       true},
      {"log", SettingKind::kList, "",
       "A log to sign for: ORIGIN VKEY [VKEY...]. With a ledger's SM2 key "
       "every key must have signed, else one."},
  };
  const auto metrics = services::HttpListenSettings(
      "metrics",
      "Where /metrics is served for Prometheus; not for the public.");
  rules.insert(rules.end(), metrics.begin(), metrics.end());
  return rules;
}

absl::Status WrongLog(size_t number, absl::string_view en,
                      absl::string_view zh) {
  return services::InvalidField(absl::StrCat("log[", number, "]"),
                                {std::string(en), std::string(zh)});
}

absl::StatusOr<std::vector<WatchedLog>> LogsFrom(const Config& config) {
  const std::vector<std::string>& lines = config.List("log");
  if (lines.empty() || lines.size() > limits::kWitnessLogs) {
    return services::InvalidField(
        "log", {absl::StrCat("set 1 to ", limits::kWitnessLogs, " logs"),
                absl::StrCat("须设置 1 到 ", limits::kWitnessLogs, " 个日志")});
  }
  std::vector<WatchedLog> logs;
  std::set<std::string> origins;
  for (const std::string& line : lines) {
    auto log = WatchedLog::Parse(line);
    const size_t number = logs.size() + 1;
    if (!log.ok()) {
      const services::ErrorText why =
          services::SplitText(log.status().message());
      return WrongLog(number, why.en, why.zh);
    }
    if (!origins.insert(log->origin()).second) {
      return WrongLog(number, "its origin stands there twice",
                      "来源名重复出现");
    }
    logs.push_back(*std::move(log));
  }
  return logs;
}

absl::StatusOr<WitnessOptions> OptionsFrom(const Config& config) {
  ASSIGN_OR_RETURN(auto key, services::ReadKey(config, "ed25519_key",
                                               crypto::Algorithm::kEd25519));
  auto cosigner = crypto::Cosigner::Create(config.Text("name"), std::move(key));
  if (!cosigner.ok()) {
    return services::AboutSetting("name", cosigner.status());
  }
  ASSIGN_OR_RETURN(auto logs, LogsFrom(config));
  return WitnessOptions{
      *std::move(cosigner), config.Text("data_dir"), std::move(logs), [] {
        return static_cast<uint64_t>(
            std::chrono::duration_cast<std::chrono::seconds>(
                std::chrono::system_clock::now().time_since_epoch())
                .count());
      }};
}

HttpResponse Text(int status, std::string body) {
  return {.status = status,
          .content_type = "text/plain; charset=utf-8",
          .body = std::move(body)};
}

HttpResponse Handle(const HttpRequest& request, Witness& witness) {
  if (request.path == "/add-checkpoint") {
    if (request.method != "POST") {
      HttpResponse refused = Text(405, "POST a checkpoint\n");
      refused.headers.emplace_back("Allow", "POST");
      return refused;
    }
    Answer answer = witness.AddCheckpoint(request.body);
    return {.status = answer.status,
            .content_type = std::move(answer.content_type),
            .body = std::move(answer.body)};
  }
  return Text(404, "not found\n");
}

absl::StatusOr<services::HttpListen> ListenFrom(const Config& config) {
  services::HttpListen listen{"witness",
                              config.Text("listen"),
                              {config.Text("port_file"), "port_file"}};
  if (services::CheckHttpAddress(listen.address).ok()) return listen;
  return services::InvalidField(
      "listen",
      {absl::StrCat("\"", listen.address, "\" is not HOST:PORT"),
       absl::StrCat("「", listen.address, "」不是 主机:端口 形式的地址")});
}

absl::Status Serve(const Config& config) {
  services::StopSignal stop;
  ASSIGN_OR_RETURN(const services::HttpListen listen, ListenFrom(config));
  ASSIGN_OR_RETURN(const services::HttpListen metrics_listen,
                   services::HttpListenFrom(config, "metrics"));
  const std::vector<services::AddressSetting> addresses = {
      {"listen", listen.address}, {"metrics_listen", metrics_listen.address}};
  RETURN_IF_ERROR(services::CheckPortsDiffer(addresses));
  ASSIGN_OR_RETURN(WitnessOptions options, OptionsFrom(config));
  const std::string& data = config.Text("data_dir");
  RETURN_IF_ERROR(services::CheckFolder("data_dir", data));
  RETURN_IF_ERROR(services::CheckOwnFolder("data_dir", data, kForeignFiles));
  if (config.check_only()) {
    std::printf("configuration ok / 配置无误\n");
    return absl::OkStatus();
  }
  services::Metrics metrics;
  ASSIGN_OR_RETURN(const auto witness,
                   Witness::Open(std::move(options), metrics));
  services::Log(services::Severity::kInfo, "witness key",
                {{"vkey", witness->vkey()}});
  ASSIGN_OR_RETURN(
      const auto metrics_server,
      services::StartHttp(metrics_listen, services::MetricsHandler(metrics)));
  ASSIGN_OR_RETURN(const auto http,
                   services::StartHttp(listen, [&](const HttpRequest& request) {
                     return Handle(request, *witness);
                   }));
  const std::string address = absl::StrCat(
      listen.address.substr(0, listen.address.rfind(':')), ":", http->port());
  std::printf("listening on %s\n", address.c_str());
  std::fflush(stdout);
  services::ReadyNotice notice("serving " + address,
                               [&http] { return http->GoesOn(); });
  stop.Wait();
  notice.Stopping();
  http->Stop();
  services::Log(services::Severity::kInfo, "stopped");
  return absl::OkStatus();
}

}  // namespace
}  // namespace dataip::witness

int main(int argc, char** argv) {
  return dataip::services::RunProgram(
      {"dataip-witness", dataip::witness::Settings(), dataip::witness::Serve},
      {argv + 1, argv + argc});
}
