// HTTP beside the gRPC port of a server: its settings, its start, and what
// /metrics answers.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/common/config.h"
#include "services/common/http.h"
#include "services/common/metrics.h"
#include "services/common/port_file.h"

namespace dataip::services {

struct HttpListen {
  std::string name;     // "http": the settings http_listen, http_port_file
  std::string address;  // HOST:PORT; off when empty
  PortFile port_file;
};

// The settings `<name>_listen` (off by default; `help` says what is served)
// and `<name>_port_file`.
std::vector<SettingRule> HttpListenSettings(const std::string& name,
                                            const std::string& help);

// From those settings. INVALID_FIELD for what is no address.
absl::StatusOr<HttpListen> HttpListenFrom(const Config& config,
                                          const std::string& name);

// Serves, and writes the port file; null when it is off. INVALID_FIELD when
// the port is taken.
absl::StatusOr<std::unique_ptr<HttpServer>> StartHttp(const HttpListen& listen,
                                                      HttpHandler handler);

// Answers GET /metrics. `metrics` outlives the server.
HttpHandler MetricsHandler(const Metrics& metrics);

}  // namespace dataip::services
