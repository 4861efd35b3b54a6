#include "client/cli/ledger_stream.h"

#include <chrono>

namespace dataip::client {
namespace {

// How soon a signal is noticed while nobody answers.
constexpr std::chrono::milliseconds kConnectSlice{200};

}  // namespace

bool WaitForLedger(LedgerClient& ledger, const Interruption& interruption) {
  while (!interruption.came()) {
    if (ledger.WaitUntilConnected(kConnectSlice)) return true;
  }
  return false;
}

}  // namespace dataip::client
