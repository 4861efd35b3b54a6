// A command between its authentication and its decision.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/hash/hash.h"
#include "dataip/registry/v1/command.pb.h"
#include "dataip/registry/v1/finding.pb.h"
#include "dataip/registry/v1/transition.pb.h"
#include "services/registry/store.h"

namespace dataip::registryd {

namespace v1 = ::dataip::registry::v1;

// A command whose bytes are canonical and whose signatures hold
// mathematically; who may sign is for Decide to say.
struct Submission {
  v1::SignedCommand signed_command;
  v1::Command command;
  hash::Hash command_sha256;
  std::vector<std::string> signer_key_ids;
  // To be stored before the append.
  std::vector<StoredOpening> openings;
  // What is wrong with the openings; said only when Decide refuses nothing,
  // since its reasons help more.
  absl::Status openings_status;
  bool validate_only = false;
};

// What became of it. `repeated` means that the same bytes were decided
// before; then nothing else is set and the ledger has the rest.
struct Outcome {
  bool repeated = false;
  uint64_t index = 0;
  std::string header;  // empty when only validated
  std::vector<v1::Event> events;
  std::vector<v1::Finding> findings;
};

// Called once, from any thread; must not wait.
using Answer = std::function<void(absl::StatusOr<Outcome>)>;

}  // namespace dataip::registryd
