// A dataip-ledger as a program of its own, and a writer that talks to it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/channel.h"
#include "client/ledger_client.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "tests/support/process.h"

namespace dataip::test {

class LedgerProcess {
 public:
  // Makes keys and a configuration in a fresh folder.
  explicit LedgerProcess(const std::string& origin = "test.example/process");

  // Starts the program and waits until it listens. Fatal failure otherwise.
  void Start(const std::vector<std::string>& more_flags = {});
  // Runs the program to its end with these flags.
  Ended RunWith(const std::vector<std::string>& more_flags);

  std::shared_ptr<grpc::Channel> Connect(
      const std::optional<client::TlsFiles>& tls = std::nullopt) const;

  // RLIMIT_NOFILE of the program, soft and hard; 0: ours.
  int descriptor_limit = 0;
  TempDir dir;
  std::string config_path;
  std::string address;
  std::unique_ptr<Process> process;
};

// One message of `count` entries with random-looking payloads.
ledger::v1::AppendRequest MessageOf(uint64_t epoch, uint64_t sequence,
                                    int count = 1, size_t payload_bytes = 64);

// Opens a writer at the ledger's true tail, found by reading it.
ledger::v1::OpenWriterResponse OpenAtTail(client::LedgerClient& client);

}  // namespace dataip::test
