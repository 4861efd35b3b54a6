// Files that go with a command: evidence, contracts, decisions of courts. Each
// is read, committed to under a fresh salt (formats.md 1), and uploaded before
// the command that names it; its opening goes along with the command.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dataip/registry/v1/common.pb.h"

namespace dataip::client {

class RegistryClient;

// One file, its kind as FileCommitment.kind has it: "evidence", "contract".
struct NamedFile {
  std::string kind;
  std::string path;
};

// What the command says of the files, in their order, and what opens that.
struct AttachedFiles {
  std::vector<registry::v1::FileCommitment> files;
  std::vector<registry::v1::Opening> openings;
};

// Reads all of them, then uploads all of them: nothing is sent while one cannot
// be read. Errors of reading are those of ReadInputFile; INVALID_ARGUMENT for
// an empty file; then those of the registry.
absl::StatusOr<AttachedFiles> AttachFiles(RegistryClient& registry,
                                          const std::vector<NamedFile>& files);
// The same for several files of one kind.
absl::StatusOr<AttachedFiles> AttachFiles(
    RegistryClient& registry, absl::string_view kind,
    const std::vector<std::string>& paths);

// `application/pdf` for `a.PDF`; `application/octet-stream` for what is not
// known.
std::string MediaTypeOf(absl::string_view path);
// `.pdf` for `application/pdf`; `.bin` for what is not known.
std::string ExtensionOf(absl::string_view media_type);

}  // namespace dataip::client
