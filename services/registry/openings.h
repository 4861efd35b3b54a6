// Commitments in commands and the openings that come with them (formats.md
// 1): what may ever have to be erased lies in the store, never on the ledger.
#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/hash/hash.h"
#include "core/registry/tables/profile.h"
#include "dataip/registry/v1/registry_service.pb.h"
#include "services/registry/files.h"
#include "services/registry/store.h"

namespace dataip::registryd {

namespace v1 = ::dataip::registry::v1;

// A commitment that stands somewhere in a message.
struct FoundCommitment {
  std::string path;    // in the form or body, e.g. `sources[0].contract.sha256`
  std::string digest;  // as it stands there
  bool is_file = false;
  std::string kind;        // of the file
  uint64_t byte_size = 0;  // of the file
};

// All of them, in the message's order. Paths of a command are those of its
// body, without a leading `form.`.
std::vector<FoundCommitment> CommitmentsIn(const v1::Command& command);
std::vector<FoundCommitment> CommitmentsIn(const v1::ApplicationForm& form);
std::vector<FoundCommitment> CommitmentsIn(
    const google::protobuf::Message& message);
// Those of its events.
std::vector<FoundCommitment> CommitmentsIn(const v1::Transition& transition);

struct OpeningsToCheck {
  const v1::SubmitCommandRequest& request;
  const v1::Command& command;
  // Digests that need no opening: they stand already in the application that
  // is corrected.
  const std::set<std::string>& known;
  // Whether one of those who send or sign the command uploaded the file.
  const std::function<bool(const Hash& sha256)>& uploaded;
};

// The openings to be stored. Every commitment must have its opening, every
// opening its commitment, and the file of a file commitment must have been
// uploaded by one of those who send or sign it (not looked for when only
// validating: uploading is a write). INVALID_FIELD with the paths otherwise,
// the same whether others uploaded it; TOO_LARGE over limits.
absl::StatusOr<std::vector<StoredOpening>> CheckOpenings(
    const OpeningsToCheck& check, const FileStore& files);

// B23: INVALID_FIELD when a text of the command's form that a notice shows
// holds the value of one of these openings that the form seals. Decide cannot
// ask it, since it sees no opening.
absl::Status CheckSealedStaySealed(const v1::Command& command,
                                   const registry::Profile* profile,
                                   const std::vector<StoredOpening>& openings);

// The values of 32 bytes of all stored openings: what may be the SHA-256 of a
// file.
absl::StatusOr<std::set<Hash>> NamedFiles(const Store& store);

}  // namespace dataip::registryd
