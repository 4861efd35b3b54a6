// What an invocation has made so far. For invocation.cc and
// invocation_servers.cc alone.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "client/checkpoint_store.h"
#include "client/cli/invocation.h"
#include "client/ledger_client.h"
#include "client/registry_client.h"
#include "core/verify/trust.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {

struct Invocation::Kept {
  std::recursive_mutex mutex;
  std::unique_ptr<RegistryClient> registry;
  std::unique_ptr<LedgerClient> ledger;
  std::optional<CheckpointStore> checkpoints;
  bool said_not_compared = false;
  std::optional<verify::Trust> trust;
  std::optional<registry::v1::GetRegistryResponse> info;
  std::chrono::steady_clock::time_point info_at;
  std::map<std::string, std::string> actors;  // by key id
};

}  // namespace dataip::client
