// The frame of every command that acts on an object that stands already: reads
// its version, fills the body, collects the signatures, sends, prints.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/arguments.h"
#include "client/cli/invocation.h"
#include "client/command.h"
#include "dataip/registry/v1/command.pb.h"
#include "dataip/registry/v1/common.pb.h"

namespace dataip::client {

// The version of an object as it stands now, by its number.
using VersionOf = std::function<absl::StatusOr<uint64_t>(
    RegistryClient& registry, const std::string& number)>;
VersionOf ApplicationVersion();
VersionOf DraftVersion();
VersionOf ObjectionVersion();
VersionOf RequestVersion();
// Of its status record.
VersionOf CertificateVersion();
VersionOf LicenceVersion();
// For what makes something new.
VersionOf NoVersion();

// What is done to one object.
struct Act {
  VersionOf version_of;
  // Puts the body of the command about the object into it.
  std::function<void(const std::string& number, registry::v1::Command& command)>
      fill;
  // What opens the commitments of the body (evidence_files.h). They go with
  // every command, half-signed ones too, so name one object only with them, or
  // set `openings_of`, which is asked instead.
  std::vector<registry::v1::Opening> openings = {};
  std::function<std::vector<registry::v1::Opening>(const std::string& number)>
      openings_of = nullptr;
  // Sent one by one, so that new numbers follow the order of the objects.
  bool in_order = false;
};

// `--out` of what two officers sign.
FlagRule HalfSignedFlag();
// `--in-order`, for `in_order`.
FlagRule InOrderFlag();
// Writes the commands to --out, which must not be there yet.
absl::StatusOr<int> WriteHalfSigned(Invocation& invocation,
                                    const CommandFile& file);

// Two officers, over each of the words (or of the lines of stdin, for `-`):
// both keys at once (the first one's owner is the actor), or one key and --out,
// which writes the half-signed commands for `dataip command sign` and `send`.
absl::StatusOr<int> ActByTwoOfficers(Invocation& invocation, const Act& act);
// The same over numbers that are known.
absl::StatusOr<int> ActByTwoOfficers(Invocation& invocation, const Act& act,
                                     const std::vector<std::string>& numbers);

// One key, over each of the words (or of the lines of stdin, for `-`).
absl::StatusOr<int> ActOnEach(Invocation& invocation, const Act& act);
// The same over numbers that are known.
absl::StatusOr<int> ActOnEach(Invocation& invocation, const Act& act,
                              const std::vector<std::string>& numbers);

// One key, one object: its heading and its number, which may be empty for what
// is new. Prints both, what came of it, and the ledger's index.
absl::StatusOr<int> ActOnOne(Invocation& invocation, const Act& act,
                             const std::pair<std::string, std::string>& object);

}  // namespace dataip::client
