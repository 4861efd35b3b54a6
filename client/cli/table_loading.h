// What root loads into the registry: tables of codes, days and rules. Shared by
// `registry load-table`, `profile load` and `calendar load`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "client/cli/invocation.h"
#include "client/cli/output.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {

inline constexpr char kCalendarTable[] = "calendars/cn";
inline constexpr char kProfileTables[] = "profiles/";

struct TableFile {
  std::string name;  // `calendars/cn`, `profiles/<id>`, ...
  std::string path;
};

// PERMISSION_DENIED, with whose it is, when the key is somebody else's than
// root's.
absl::Status CheckRootKey(Invocation& invocation,
                          const crypto::PrivateKey& key);

// Signs by --key, which is root's, and sends. `version` is that of the table
// which it replaces; without one the registry is asked, which decides nothing.
// Errors: those of reading the file, then the registry's.
absl::StatusOr<registry::v1::SubmitCommandResponse> LoadTable(
    Invocation& invocation, const TableFile& file,
    std::optional<uint64_t> version);

// Table, rows, digest, how many deadlines were made anew, and the receipt.
Record LoadedRecord(const std::string& name,
                    const registry::v1::SubmitCommandResponse& response);
// Index of the entry, and whether it is sealed.
Record ReceiptRecord(const registry::v1::SubmitCommandResponse& response);

// The newest content of a table, or of the version with this digest (lowercase
// hex; empty for the newest). INVALID_ARGUMENT for what is no digest, else the
// registry's errors.
absl::StatusOr<registry::v1::GetTableResponse> ReadTable(
    Invocation& invocation, const std::string& name, const std::string& digest);

}  // namespace dataip::client
