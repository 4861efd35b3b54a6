// How both clients of a running ledger reach it.
#pragma once

#include <map>
#include <string>

#include "client/ledger_client.h"
#include "tests/bench/options.h"

namespace dataip::bench {

// `values` and --address, --tls-ca, --tls-certificate, --tls-key.
std::map<std::string, std::string> WithConnection(
    std::map<std::string, std::string> values);

client::LedgerClient Connect(const Options& options);

}  // namespace dataip::bench
