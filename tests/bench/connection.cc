#include "tests/bench/connection.h"

#include "client/channel.h"

namespace dataip::bench {

std::map<std::string, std::string> WithConnection(
    std::map<std::string, std::string> values) {
  for (const char* name :
       {"--address", "--tls-ca", "--tls-certificate", "--tls-key"}) {
    values.emplace(name, "");
  }
  return values;
}

client::LedgerClient Connect(const Options& options) {
  const auto channel =
      client::MakeChannel(options.Text("--address"), options.Tls());
  Require(channel.ok(), channel.status().ToString());
  return client::LedgerClient(*channel);
}

}  // namespace dataip::bench
