// Reads files of folders that somebody else may have filled: no link, pipe or
// device is followed, and no more is read than such a file can have.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dataip::client {

// The whole file, which does not block. NOT_FOUND without it;
// FAILED_PRECONDITION when it is no regular file; OUT_OF_RANGE when it has more
// than `most_bytes`; UNAVAILABLE when it cannot be read. Messages name it.
absl::StatusOr<std::string> ReadRegularFile(const std::string& path,
                                            uint64_t most_bytes);

// FAILED_PRECONDITION, naming it, when a part of `path` below `dir` is a link.
absl::Status CheckNoLinks(const std::string& dir, absl::string_view path);

}  // namespace dataip::client
