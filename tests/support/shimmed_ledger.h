// A real dataip-ledger under the shim: what it writes lies in one folder, of
// which the shim records what is durable.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/ledger_client.h"
#include "core/crypto/note_signer.h"
#include "tests/support/durable_cut.h"
#include "tests/support/process.h"
#include "tests/support/shim_control.h"

namespace dataip::test {

// How the program runs.
struct LedgerSetup {
  bool no_sync = false;          // the shim swallows every sync
  bool published_apart = false;  // in a folder outside of data_dir
  std::vector<std::string> flags;
};

// One thread.
class ShimmedLedger {
 public:
  // Keys and configuration in `folder`, which exists. Aborts when they cannot
  // be made.
  ShimmedLedger(const std::string& folder, LedgerSetup setup);
  ~ShimmedLedger();

  // Empties the record and starts the program; Process::WaitForAddress says
  // when it listens. It is killed at the call that makes `calls_to_live` 0.
  void Start(uint64_t calls_to_live = 0);
  // Start, and wait until it listens: INTERNAL with its last words otherwise.
  absl::Status StartAndListen();

  // After the program ended: the folder becomes what was durable.
  absl::StatusOr<Cut> LosePower(Unsynced unsynced, std::mt19937_64& random);

  Process& process() { return *process_; }
  shim::Control& control() { return *control_; }
  const std::string& address() const { return address_; }
  const std::string& origin() const { return origin_; }
  const std::vector<crypto::NoteVerifier>& verifiers() const {
    return verifiers_;
  }
  // Where the program writes, the shim's record, keys and configuration.
  const Disk& disk() const { return disk_; }
  const std::string& folder() const { return folder_; }
  std::string data_dir() const { return disk_.root + "/ledger/data"; }

  client::LedgerClient Connect() const;

 private:
  void AddKey(const std::string& name, crypto::Algorithm algorithm);
  void MapControl();

  const std::string folder_;
  const LedgerSetup setup_;
  const Disk disk_;
  const std::string origin_;
  std::vector<crypto::NoteVerifier> verifiers_;
  std::unique_ptr<Process> process_;
  shim::Control* control_ = nullptr;
  std::string address_;
};

}  // namespace dataip::test
