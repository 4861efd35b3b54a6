// dataip-ledger: one ledger, served over gRPC.
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/export/durable_file.h"
#include "client/pki/authority.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "dataip/ledger/v1/ledger_service.grpc.pb.h"
#include "services/common/checks.h"
#include "services/common/config.h"
#include "services/common/error.h"
#include "services/common/http_listen.h"
#include "services/common/logging.h"
#include "services/common/metrics.h"
#include "services/common/notify.h"
#include "services/common/program.h"
#include "services/common/server.h"
#include "services/ledger/backup_commands.h"
#include "services/ledger/backup_folder.h"
#include "services/ledger/ledger.h"
#include "services/ledger/ledger_service.h"
#include "services/ledger/meters.h"
#include "services/ledger/tiles.h"

namespace dataip::ledger {
namespace {

using services::Config;
using services::SettingKind;
using services::SettingRule;

constexpr char kDefaultListen[] = "127.0.0.1:7101";
constexpr char kMoreHelp[] =
    "  dataip-ledger backup create | list | verify | restore --config FILE\n"
    "      Backups of a ledger that serves or not; `dataip-ledger backup "
    "--help`.\n      备份、核对与恢复。\n\n";
// What a registry or a witness has in its folder.
constexpr const char* kForeignFiles[] = {"projections", "witness"};
// Beside the messages themselves, gRPC frames need a little.
constexpr int kReceiveBytes =
    static_cast<int>(limits::kAppendMessageBytes) + (1 << 20);

std::vector<SettingRule> WitnessSettings() {
  return {
      {"witness", SettingKind::kList, "",
       "Who is asked to cosign checkpoints: VKEY URL (C2SP tlog-witness)."},
      {"witness_quorum", SettingKind::kNumber, "0",
       "How many of them must cosign, from 1 to their number; to be set with "
       "witnesses, and 0 only without."},
      {"witness_policy", SettingKind::kText, "publish",
       "When fewer cosign within a second: publish the checkpoint as it is, or "
       "hold it back."},
  };
}

std::vector<SettingRule> Settings() {
  std::vector<SettingRule> rules = services::ServerSettings(kDefaultListen);
  const std::vector<SettingRule> own = {
      {"origin", SettingKind::kText, "",
       "Name of the ledger, for ever: the first line of its checkpoints.",
       true},
      {"data_dir", SettingKind::kPath, "",
       "Folder of the ledger; created, and then bound to origin and keys.",
       true},
      {"published_file", SettingKind::kPath, "",
       "Where the last checkpoint is remembered, outside of backups; "
       "data_dir/published when not set."},
      {"ed25519_key", SettingKind::kPath, "",
       "PEM of the private Ed25519 key that signs checkpoints.", true},
      {"sm2_key", SettingKind::kPath, "",
       "PEM of the private SM2 key that signs checkpoints.", true},
      {"writer", SettingKind::kList, "",
       "Actor of a client certificate that may write (may read payloads "
       "too)."},
      {"payload_reader", SettingKind::kList, "",
       "Actor of a client certificate that may read payloads."},
      {"cache_mib", SettingKind::kNumber,
       absl::StrCat(limits::kDefaultDatabaseCacheBytes >> 20),
       "Cache of the database.", false, 1, limits::kConfiguredMib},
      {"map_cache_mib", SettingKind::kNumber,
       absl::StrCat(limits::kDefaultMapCacheBytes >> 20),
       "Cache of the map, at most, as far as it has keys; 192 MiB hold more "
       "than a million.",
       false, 1, limits::kConfiguredMib},
      {"checkpoint_interval_ms", SettingKind::kNumber,
       absl::StrCat(limits::kCheckpointIntervalMs),
       "A checkpoint follows an entry within this time.", false, 1,
       limits::kLongestCheckpointIntervalMs},
      {"queue_messages", SettingKind::kNumber,
       absl::StrCat(limits::kQueuedMessages),
       "Messages that wait to be written; more are refused for now.", false, 1,
       limits::kConfiguredMessages},
      {"queue_mib", SettingKind::kNumber,
       absl::StrCat(limits::kQueuedBytes >> 20),
       "Size of those messages at most.", false,
       limits::kAppendMessageBytes >> 20, limits::kConfiguredMib},
      {"confirm_clock", SettingKind::kFlag, "false",
       "The operator has checked the clock: accept one that is behind the "
       "last entry, or that has jumped ahead."},
  };
  rules.insert(rules.end(), own.begin(), own.end());
  const std::vector<SettingRule> witnesses = WitnessSettings();
  rules.insert(rules.end(), witnesses.begin(), witnesses.end());
  for (const auto& more :
       {services::HttpListenSettings(
            "http",
            "Where checkpoint, tiles and entries are served over HTTP "
            "(C2SP tlog-tiles)."),
        services::HttpListenSettings(
            "metrics",
            "Where /metrics is served for Prometheus; not for the "
            "public.")}) {
    rules.insert(rules.end(), more.begin(), more.end());
  }
  const std::vector<SettingRule> backup = BackupSettings();
  rules.insert(rules.end(), backup.begin(), backup.end());
  return rules;
}

absl::StatusOr<LedgerOptions> OptionsFrom(const Config& config) {
  LedgerOptions options;
  const std::string& folder = config.Text("data_dir");
  options.database_path = folder + "/db";
  options.published_path = config.Text("published_file").empty()
                               ? folder + "/published"
                               : config.Text("published_file");
  ASSIGN_OR_RETURN(
      auto ed25519,
      services::ReadKey(config, "ed25519_key", crypto::Algorithm::kEd25519));
  ASSIGN_OR_RETURN(
      auto sm2, services::ReadKey(config, "sm2_key", crypto::Algorithm::kSm2));
  auto signing =
      MakeSigning(config.Text("origin"), std::move(ed25519), std::move(sm2));
  if (!signing.ok()) {
    return services::InvalidField("origin",
                                  {std::string(signing.status().message()),
                                   "账本名称无效：不可含空格、加号与控制字符"});
  }
  options.signing = *std::move(signing);
  options.clock_confirmed = config.Flag("confirm_clock");
  options.cache_bytes = config.Number("cache_mib") << 20;
  options.map_cache_bytes = config.Number("map_cache_mib") << 20;
  options.backup = BackupOptionsFrom(config);
  ASSIGN_OR_RETURN(options.witnesses,
                   WitnessOptions::From(config.List("witness"),
                                        config.Number("witness_quorum"),
                                        config.Text("witness_policy")));
  options.sequencer.queued_messages = config.Number("queue_messages");
  options.sequencer.queued_bytes = config.Number("queue_mib") << 20;
  options.sequencer.checkpoint_interval = std::chrono::milliseconds(
      static_cast<int64_t>(config.Number("checkpoint_interval_ms")));
  return options;
}

Access AccessFrom(const Config& config, bool tls) {
  const auto& writers = config.List("writer");
  const auto& readers = config.List("payload_reader");
  const auto& operators = config.List("operator");
  return {tls,
          {writers.begin(), writers.end()},
          {readers.begin(), readers.end()},
          {operators.begin(), operators.end()}};
}

// Where it would write, and that it would not write to what is not its own.
absl::Status CheckPlaces(const Config& config, const LedgerOptions& options) {
  const std::string& data = config.Text("data_dir");
  RETURN_IF_ERROR(services::CheckFolder("data_dir", data));
  RETURN_IF_ERROR(services::CheckOwnFolder("data_dir", data, kForeignFiles));
  std::error_code error;
  if (!config.Text("published_file").empty() ||
      std::filesystem::exists(options.published_path, error)) {
    RETURN_IF_ERROR(
        services::CheckFile("published_file", options.published_path));
  }
  const std::string& backup = config.Text("backup_dir");
  if (backup.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(services::CheckFolder("backup_dir", backup));
  RETURN_IF_ERROR(services::CheckApart("backup_dir", backup, "data_dir", data));
  return CheckBackupFolder(backup, options.signing);
}

absl::Status CheckAddresses(const Config& config) {
  const std::vector<services::AddressSetting> addresses = {
      {"listen", config.Text("listen")},
      {"http_listen", config.Text("http_listen")},
      {"metrics_listen", config.Text("metrics_listen")}};
  return services::CheckPortsDiffer(addresses);
}

absl::Status CreateFolder(const std::string& folder) {
  absl::Status made = client::MakeFolderDurably(folder);
  if (made.ok()) return made;
  return services::AboutSetting("data_dir", made);
}

// No certificate could have such a name.
absl::Status CheckActors(const Config& config) {
  for (const char* setting : {"writer", "payload_reader", "operator"}) {
    for (const std::string& actor : config.List(setting)) {
      if (client::IsActor(actor)) continue;
      return services::InvalidField(
          setting,
          {absl::StrCat(
               "\"", actor,
               "\" is no actor of a certificate (`dataip keys cert "
               "--for`): letters, digits and . _ - / only, one a line"),
           absl::StrCat("「", actor,
                        "」不是证书中的身份（dataip keys cert --for）：只可用"
                        "字母、数字与 . _ - /，每行一个")});
    }
  }
  return absl::OkStatus();
}

// For the watchdog: whether sequencer and committer have answered since the
// last time; asks them again then.
class Heartbeat {
 public:
  explicit Heartbeat(Sequencer& sequencer) : sequencer_(sequencer) {}

  bool operator()() const {
    if (!answered_->exchange(false)) return false;
    sequencer_.Ask([answered = answered_] { *answered = true; });
    return true;
  }

 private:
  Sequencer& sequencer_;
  // The answer may come when this is gone.
  const std::shared_ptr<std::atomic<bool>> answered_ =
      std::make_shared<std::atomic<bool>>(true);
};

absl::Status Serve(const Config& config) {
  services::StopSignal stop;
  ASSIGN_OR_RETURN(services::ServerOptions server_options,
                   services::ServerOptionsFrom(config));
  server_options.max_receive_bytes = kReceiveBytes;
  RETURN_IF_ERROR(services::CheckServerOptions(server_options));
  ASSIGN_OR_RETURN(const services::HttpListen tiles_listen,
                   services::HttpListenFrom(config, "http"));
  ASSIGN_OR_RETURN(const services::HttpListen metrics_listen,
                   services::HttpListenFrom(config, "metrics"));
  RETURN_IF_ERROR(CheckAddresses(config));
  RETURN_IF_ERROR(CheckActors(config));
  ASSIGN_OR_RETURN(LedgerOptions options, OptionsFrom(config));
  RETURN_IF_ERROR(CheckPlaces(config, options));
  if (config.check_only()) {
    std::printf("configuration ok / 配置无误\n");
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(CreateFolder(config.Text("data_dir")));
  for (const crypto::NoteSigner& signer : options.signing.signers) {
    services::Log(services::Severity::kInfo, "ledger key",
                  {{"vkey", signer.vkey()}});
  }
  services::Metrics metrics;
  server_options.metrics = &metrics;
  options.metrics = &metrics;
  ASSIGN_OR_RETURN(auto ledger, Ledger::Open(std::move(options)));
  MeasureLedger(*ledger, metrics);
  const Tiles tiles(*ledger, server_options.tls.has_value()
                                 ? Tiles::Payloads::kNobody
                                 : Tiles::Payloads::kThisMachine);
  ASSIGN_OR_RETURN(
      const auto tiles_server,
      services::StartHttp(tiles_listen,
                          [&tiles](const services::HttpRequest& request) {
                            return tiles.Answer(request);
                          }));
  ASSIGN_OR_RETURN(
      const auto metrics_server,
      services::StartHttp(metrics_listen, services::MetricsHandler(metrics)));
  LedgerService service(*ledger,
                        AccessFrom(config, server_options.tls.has_value()));
  ASSIGN_OR_RETURN(auto server,
                   services::Server::Start(
                       server_options, {{v1::LedgerService::service_full_name(),
                                         &service.service()}}));
  services::ReadyNotice notice("serving " + server->address(),
                               Heartbeat(ledger->sequencer()));
  ledger->halting().Then([&server, &notice] {
    server->SetServing(false);
    notice.SetStatus("halted, see the log; reads go on");
  });
  stop.Wait();
  notice.Stopping();
  server->Stop([&service] { service.Drain(); });
  ledger->Stop();
  services::Log(services::Severity::kInfo, "stopped");
  return absl::OkStatus();
}

int Main(const std::vector<std::string>& arguments) {
  const services::Program program{"dataip-ledger", Settings(), Serve,
                                  kMoreHelp};
  services::KeepFilesPrivate();
  if (!arguments.empty() && arguments[0] == "backup") {
    return services::ExitCodeOf(
        program.name,
        RunBackupCommand({arguments.begin() + 1, arguments.end()},
                         program.rules, {OptionsFrom, CheckPlaces}));
  }
  return services::RunProgram(program, arguments);
}

}  // namespace
}  // namespace dataip::ledger

int main(int argc, char** argv) {
  return dataip::ledger::Main({argv + 1, argv + argc});
}
