// Making signed commands (formats.md 7), and files of commands that wait for
// further signatures.
//
// Pure functions but for the randomness of command ids; safe from any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/limits.h"
#include "core/crypto/signer.h"
#include "dataip/registry/v1/command.pb.h"

namespace dataip::client {

struct CommandStart {
  std::string actor;  // a party number, `officers/<id>`, `root` or `clock`
  google::protobuf::Timestamp now;  // by the registry's clock
  // Of a command of one party, or the profile's cosign.window.
  int64_t life_s = limits::kCommandLifeMs / 1'000;
  uint64_t version = 0;  // of the object acted on
};

// A Command with a fresh random id, issued_at = now and expires_at; the caller
// sets the body.
registry::v1::Command StartCommand(const CommandStart& start);

// Fills `command`, signed by every key, in ascending order of key id. The
// bytes are the canonical serialisation, made once here and never again.
// INVALID_ARGUMENT: no key, a key twice, more than 8.
absl::StatusOr<registry::v1::SignedCommand> SignCommand(
    const registry::v1::Command& command, absl::string_view origin,
    std::span<const crypto::PrivateKey> keys);

// Adds one signature to what was signed before. ALREADY_EXISTS when the key
// has signed.
absl::Status AddSignature(absl::string_view origin,
                          const crypto::PrivateKey& key,
                          registry::v1::SignedCommand& command);

// A public key as messages carry it.
registry::v1::PublicKey KeyMessage(const crypto::PublicKey& key);

// The command inside; INVALID_ARGUMENT when the bytes are not canonical.
absl::StatusOr<registry::v1::Command> ReadCommand(
    const registry::v1::SignedCommand& command);

// Name of the body's field, e.g. `open_notice`; "" when none is set.
std::string BodyName(const registry::v1::Command& command);
// What it acts on, e.g. an application number; "" when it makes something.
std::string SubjectOf(const registry::v1::Command& command);

// A command on its way to its last signature, with the openings that go with
// it to the registry.
struct PendingCommand {
  registry::v1::SignedCommand command;
  std::vector<registry::v1::Opening> openings;
};

// Commands in a file, all for one ledger: JSON,
//   {"format": 1, "origin": "...", "commands": [{"command": base64,
//    "signatures": [{"key_id": hex, "signature": base64}],
//    "openings": [{"salt": base64, "value": base64}]}]}
struct CommandFile {
  std::string origin;
  std::vector<PendingCommand> commands;  // 1 to limits::kCommandsPerFile
};
std::string FormatCommandFile(const CommandFile& file);

// Strict: unknown names, repeated names and anything behind the end are
// INVALID_ARGUMENT; a higher format is UNIMPLEMENTED.
absl::StatusOr<CommandFile> ParseCommandFile(absl::string_view text);

}  // namespace dataip::client
