// What a command does, as those read it who sign it next.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "client/cli/output.h"
#include "dataip/registry/v1/command.pb.h"

namespace dataip::client {

// What only a registry knows; empty when none was asked.
struct CommandSurroundings {
  std::map<std::string, std::string> signers;  // by key id: "examiner-1"
  // Of applications and certificates, by number.
  std::map<std::string, std::string> names;
  // Of requests, revocations and freezes as they stand, by number.
  std::map<std::string, Record> objects;
  // Party numbers of those by whose consent a licence is filed or changed, by
  // what the command is about.
  std::map<std::string, std::set<std::string>> consents;
  int64_t now_ms = 0;  // by the registry's clock
};

// Title, object, every field of the body that matters to a signer, times and
// signatures. A signer without a name is shown by the key id alone.
Record CommandRecord(const registry::v1::Command& command,
                     const std::vector<std::string>& key_ids,
                     const CommandSurroundings& known);

}  // namespace dataip::client
