// The settings of `dataip-registry`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/channel.h"
#include "services/common/config.h"
#include "services/common/http_listen.h"
#include "services/common/server.h"
#include "services/registry/certificate_signer.h"
#include "services/registry/clock_actor.h"

namespace dataip::registryd {

struct Settings {
  services::ServerOptions server;
  services::HttpListen metrics;
  std::string data_dir;
  std::string ledger;
  std::optional<client::TlsFiles> ledger_tls;
  uint64_t ledger_wait_s = 0;
  uint64_t workers = 0;
  CertificateSigner signer;
  ClockActor clock_actor;
  std::string root_key;      // key id; "" when not set
  std::string openings_key;  // path; "" when not set
  std::string sketch_key;    // path; "" when not set
};

// Every key with its default and meaning.
std::vector<services::SettingRule> SettingRules();

// Reads the key files too, so that --check-config finds what a start would.
absl::StatusOr<Settings> SettingsFrom(const services::Config& config);

}  // namespace dataip::registryd
