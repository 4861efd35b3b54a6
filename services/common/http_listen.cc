#include "services/common/http_listen.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "services/common/error.h"
#include "services/common/logging.h"

namespace dataip::services {
namespace {

constexpr int kNotFound = 404;
constexpr char kMetricsPath[] = "/metrics";

}  // namespace

std::vector<SettingRule> HttpListenSettings(const std::string& name,
                                            const std::string& help) {
  return {
      {name + "_listen", SettingKind::kText, "",
       absl::StrCat(help, " HOST:PORT; off when empty.")},
      {name + "_port_file", SettingKind::kPath, "",
       "File that receives that port's number once we listen."},
  };
}

absl::StatusOr<HttpListen> HttpListenFrom(const Config& config,
                                          const std::string& name) {
  HttpListen listen{name,
                    config.Text(name + "_listen"),
                    {config.Text(name + "_port_file"), name + "_port_file"}};
  if (!listen.address.empty() && !CheckHttpAddress(listen.address).ok()) {
    return InvalidField(
        name + "_listen",
        {absl::StrCat("\"", listen.address, "\" is not HOST:PORT"),
         absl::StrCat("「", listen.address, "」不是 主机:端口 形式的地址")});
  }
  return listen;
}

absl::StatusOr<std::unique_ptr<HttpServer>> StartHttp(const HttpListen& listen,
                                                      HttpHandler handler) {
  if (listen.address.empty()) return std::unique_ptr<HttpServer>();
  auto server = HttpServer::Start(listen.address, std::move(handler));
  if (!server.ok()) {
    const std::string why(server.status().message());
    return InvalidField(listen.name + "_listen",
                        {why, absl::StrCat("无法监听 ", listen.address, "：",
                                           why, "；请更换地址或端口")});
  }
  RETURN_IF_ERROR(WritePortFile(listen.port_file, (*server)->port()));
  const std::string host = listen.address.substr(0, listen.address.rfind(':'));
  Log(Severity::kInfo, "listening for HTTP",
      {{"serves", listen.name},
       {"address", absl::StrCat(host, ":", (*server)->port())}});
  return server;
}

HttpHandler MetricsHandler(const Metrics& metrics) {
  return [&metrics](const HttpRequest& request) {
    HttpResponse response;
    if (request.path != kMetricsPath || request.method != "GET") {
      response.status = kNotFound;
      return response;
    }
    response.content_type = kMetricsContentType;
    response.body = metrics.Text();
    return response;
  };
}

}  // namespace dataip::services
