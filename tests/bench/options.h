// What the benchmarks of the ledger take on the command line, and what they
// print.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "client/channel.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "tests/bench/random_bytes.h"

namespace dataip::bench {

// `--name value` pairs over defaults; prints `usage` and ends the program for
// --help (0), and for an unknown name or a missing value (2).
class Options {
 public:
  Options(const char* usage, std::map<std::string, std::string> values,
          int argc, char** argv);

  const std::string& Text(const std::string& name) const;
  uint64_t Number(const std::string& name) const;
  // Of --tls-ca, --tls-certificate and --tls-key; nothing without the first.
  std::optional<client::TlsFiles> Tls() const;

 private:
  std::map<std::string, std::string> values_;
};

// Ends the program with 1 when it does not hold, and says what on stderr.
void Require(bool holds, const std::string& what);

// What the entries look like.
struct Load {
  uint64_t entries = 0;        // in all
  uint64_t message = 1;        // entries a message
  uint64_t payload_bytes = 0;  // random
  uint64_t updates = 0;        // of the map, an entry
  uint64_t keys = 1;           // that the updates choose from
};

// The name of one of the keys that updates choose from.
std::string KeyName(uint64_t key);

// Adds the next message's entries: `count` of them.
void FillMessage(const Load& load, uint64_t count, RandomBytes& random,
                 ledger::v1::AppendRequest& request);

// When each message was sent and answered; a message's latency counts for
// each of its entries alike, so messages are what is sorted.
struct Timing {
  std::chrono::steady_clock::time_point begin;
  std::chrono::steady_clock::time_point end;
  std::vector<double> latencies_ms;
};

// One line of JSON on stdout: entries, entries_per_s, p50_ms, p99_ms, max_ms.
void PrintResult(const Load& load, Timing timing);

}  // namespace dataip::bench
