// Has the ledger carry out orders to erase: asks until it has.
#pragma once

#include <cstdint>
#include <map>
#include <thread>

#include "client/ledger_client.h"
#include "core/base/mutex.h"
#include "services/registry/erasures.h"

namespace dataip::registryd {

// Thread safe.
class ErasureDesk {
 public:
  // `ledger` outlives it.
  explicit ErasureDesk(client::LedgerClient& ledger);
  // Stop().
  ~ErasureDesk();

  // The ledger is asked in the desk's own thread, again and again while it
  // does not answer or a reader still holds what is to be erased. One that it
  // refuses is told in the log and comes again with the next start.
  void Take(const ErasureToDo& order);
  // How many orders the ledger has not yet carried out.
  size_t waiting() const;

  // What is not carried out comes again with the next start.
  void Stop();

 private:
  void Run();
  bool Carried(const ErasureToDo& order);

  client::LedgerClient& ledger_;
  mutable base::Mutex mutex_;
  base::CondVar changed_;
  std::map<uint64_t, ErasureToDo> orders_ DATAIP_GUARDED_BY(mutex_);
  bool stopping_ DATAIP_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dataip::registryd
