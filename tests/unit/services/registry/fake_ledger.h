// A ledger that says what a test tells it to say, over gRPC on this machine.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "client/ledger_client.h"
#include "core/base/mutex.h"
#include "dataip/ledger/v1/ledger.pb.h"

namespace dataip::registryd {

// Thread safe.
class FakeLedger {
 public:
  using Entries = std::vector<ledger::v1::Entry>;

  FakeLedger(std::string origin, Entries entries);
  ~FakeLedger();

  // What readings from now on say, and GetEntry.
  void Say(Entries entries);
  // What the readings after the next one say, and GetEntry from then on.
  void SayAfterNextReading(Entries entries);
  // What GetEntry says of its index, whatever readings say.
  void SayAlone(const ledger::v1::Entry& entry);

  client::LedgerClient& client() { return *client_; }

 private:
  class Service;
  std::unique_ptr<Service> service_;
  std::unique_ptr<client::LedgerClient> client_;
};

}  // namespace dataip::registryd
