#include "services/registry/settings.h"

#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/pki/key_file.h"
#include "core/base/hex.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "services/common/checks.h"
#include "services/common/error.h"
#include "services/common/listener.h"

namespace dataip::registryd {
namespace {

// What a ledger or a witness has in its folder.
constexpr const char* kForeignFiles[] = {"db", "witness"};
constexpr const char* kLedgerTls[] = {"ledger_tls_ca", "ledger_tls_certificate",
                                      "ledger_tls_key"};

using services::SettingKind;

absl::StatusOr<std::optional<client::TlsFiles>> LedgerTls(
    const services::Config& config) {
  client::TlsFiles files;
  files.ca_path = config.Text("ledger_tls_ca");
  files.certificate_path = config.Text("ledger_tls_certificate");
  files.key_path = config.Text("ledger_tls_key");
  const int given = !files.ca_path.empty() + !files.certificate_path.empty() +
                    !files.key_path.empty();
  if (given == 0) return std::nullopt;
  if (given == 3) {
    const absl::Status checked = client::CheckTlsFiles(files);
    if (checked.ok()) return files;
    return services::AboutSettings(config, kLedgerTls, checked);
  }
  return services::InvalidField(
      "ledger_tls_ca",
      {"set ledger_tls_ca, ledger_tls_certificate and ledger_tls_key "
       "together, or none of them",
       "ledger_tls_ca、ledger_tls_certificate、ledger_tls_key "
       "三项须同时设置，或都不设置"});
}

absl::StatusOr<CertificateSigner::KeyPem> IssuingKey(
    const services::Config& config, const std::string& name) {
  const auto read = [&config](const std::string& setting) {
    auto text = client::ReadPemFile(config.Text(setting));
    if (text.ok()) return text;
    return absl::StatusOr<std::string>(
        services::AboutSetting(setting, text.status()));
  };
  CertificateSigner::KeyPem pem;
  pem.key_path = config.Text(name + "_key");
  ASSIGN_OR_RETURN(pem.key, read(name + "_key"));
  ASSIGN_OR_RETURN(pem.chain, read(name + "_chain"));
  return pem;
}

absl::StatusOr<std::string> RootKey(const services::Config& config) {
  const std::string& key_id = config.Text("root_key");
  const auto digest = base::HexDecode(std::string_view(key_id));
  const bool is_key_id = digest.has_value() &&
                         Hash::From(*digest).has_value() &&
                         base::HexEncode(*digest) == key_id;
  if (key_id.empty() || is_key_id) return key_id;
  return services::InvalidField(
      "root_key",
      {"a key id: 64 lowercase hex digits (`dataip keys show FILE`)",
       "应为密钥编号：64 位小写十六进制（dataip keys show FILE）"});
}

absl::Status CheckLedger(const std::string& address) {
  if (absl::StartsWith(address, "unix:") ||
      services::CheckHostAndPort(address).ok()) {
    return absl::OkStatus();
  }
  return services::InvalidField(
      "ledger",
      {absl::StrCat("\"", address, "\" is neither HOST:PORT nor unix:PATH"),
       absl::StrCat("「", address, "」不是 主机:端口 或 unix:路径")});
}

// OpenRegistry takes four keys that differ.
absl::Status CheckClockKey(const services::Config& config,
                           const crypto::PrivateKey& clock,
                           const CertificateSigner& signer,
                           const std::string& root_key) {
  const std::string id = clock.KeyId();
  if (!signer.HasKey(id) && id != root_key) return absl::OkStatus();
  const std::string& path = config.Text("clock_key");
  return services::InvalidField(
      "clock_key",
      {absl::StrCat(path,
                    " is the key of root or of the issuing authority: "
                    "the clock has one of its own, `dataip keys new`"),
       absl::StrCat(path,
                    " 是根密钥或签发密钥；时钟须有单独的密钥：dataip "
                    "keys new")});
}

}  // namespace

std::vector<services::SettingRule> SettingRules() {
  auto rules = services::ServerSettings("127.0.0.1:7102");
  const auto add = [&](std::string name, SettingKind kind, std::string value,
                       std::string help, bool required) {
    rules.push_back(
        {std::move(name), kind, std::move(value), std::move(help), required});
  };
  add("data_dir", SettingKind::kPath, "",
      "Folder of openings, files and projections; for one process.", true);
  add("ledger", SettingKind::kText, "",
      "Address of the ledger, HOST:PORT or unix:PATH.", true);
  add("ledger_tls_ca", SettingKind::kPath, "",
      "PEM of the authorities that the ledger's certificate hangs on.", false);
  add("ledger_tls_certificate", SettingKind::kPath, "",
      "PEM of our certificate towards the ledger, then its intermediates.",
      false);
  add("ledger_tls_key", SettingKind::kPath, "",
      "PEM of our private key towards the ledger.", false);
  add("ledger_wait_s", SettingKind::kNumber, "30",
      "How long a start waits for the ledger to answer.", false);
  rules.back().most = limits::kConfiguredSeconds;
  add("issuing_sm2_key", SettingKind::kPath, "",
      "PEM of the issuing authority's SM2 private key.", true);
  add("issuing_sm2_chain", SettingKind::kPath, "",
      "PEM of its certificate, then its intermediates.", true);
  add("issuing_p256_key", SettingKind::kPath, "",
      "PEM of the issuing authority's P-256 private key.", true);
  add("issuing_p256_chain", SettingKind::kPath, "",
      "PEM of its certificate, then its intermediates.", true);
  add("clock_key", SettingKind::kPath, "",
      "PEM of the clock actor's private key.", true);
  add("root_key", SettingKind::kText, "",
      "Key id of the root that may open this registry (`dataip keys show "
      "FILE`); needed until it is opened.",
      false);
  add("openings_key", SettingKind::kPath, "",
      "File of the key that openings are sealed under, made at the first "
      "start; openings.key of data_dir when it is not set.",
      false);
  add("sketch_key", SettingKind::kPath, "",
      "File of the key that samples are sketched under for the search for "
      "duplicates, made when it is missing; sketch.key of data_dir when it is "
      "not set.",
      false);
  add("workers", SettingKind::kNumber, "0",
      "Threads that verify signatures; 0 = one a processor.", false);
  for (auto& rule : services::HttpListenSettings(
           "metrics",
           "Where /metrics is served for Prometheus; not for the "
           "public.")) {
    rules.push_back(std::move(rule));
  }
  return rules;
}

absl::StatusOr<Settings> SettingsFrom(const services::Config& config) {
  ASSIGN_OR_RETURN(auto server, services::ServerOptionsFrom(config));
  server.max_receive_bytes = static_cast<int>(limits::kCallBytes);
  RETURN_IF_ERROR(services::CheckServerOptions(server));
  ASSIGN_OR_RETURN(auto metrics, services::HttpListenFrom(config, "metrics"));
  const std::vector<services::AddressSetting> addresses = {
      {"listen", server.listen}, {"metrics_listen", metrics.address}};
  RETURN_IF_ERROR(services::CheckPortsDiffer(addresses));
  const std::string& data = config.Text("data_dir");
  RETURN_IF_ERROR(services::CheckFolder("data_dir", data));
  RETURN_IF_ERROR(services::CheckOwnFolder("data_dir", data, kForeignFiles));
  RETURN_IF_ERROR(CheckLedger(config.Text("ledger")));
  ASSIGN_OR_RETURN(auto ledger_tls, LedgerTls(config));
  ASSIGN_OR_RETURN(const auto sm2, IssuingKey(config, "issuing_sm2"));
  ASSIGN_OR_RETURN(const auto p256, IssuingKey(config, "issuing_p256"));
  ASSIGN_OR_RETURN(auto signer, CertificateSigner::Create(sm2, p256));
  ASSIGN_OR_RETURN(auto clock_key, services::ReadKey(config, "clock_key"));
  ASSIGN_OR_RETURN(auto root_key, RootKey(config));
  RETURN_IF_ERROR(CheckClockKey(config, clock_key, signer, root_key));
  uint64_t workers = config.Number("workers");
  if (workers > limits::kWorkers) {
    return services::InvalidField("workers",
                                  {absl::StrCat("at most ", limits::kWorkers),
                                   absl::StrCat("最多 ", limits::kWorkers)});
  }
  if (workers == 0) workers = std::max(1U, std::thread::hardware_concurrency());
  return Settings{std::move(server),
                  std::move(metrics),
                  config.Text("data_dir"),
                  config.Text("ledger"),
                  std::move(ledger_tls),
                  config.Number("ledger_wait_s"),
                  workers,
                  std::move(signer),
                  ClockActor(std::move(clock_key), config.Text("clock_key")),
                  std::move(root_key),
                  config.Text("openings_key"),
                  config.Text("sketch_key")};
}

}  // namespace dataip::registryd
