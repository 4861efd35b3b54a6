// Reads files that somebody else may have made: no pipe or device is opened to
// be read, and no more is read than such a file can have. What the command line
// names is read by this too, whoever wrote it.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dataip::client {

// More than a trust file, a profile, a key or a certificate has.
inline constexpr uint64_t kSmallFileBytes = uint64_t{1} << 20;

// The whole file, which does not block; of a folder that somebody else filled:
// a link is no regular file. NOT_FOUND without it; FAILED_PRECONDITION when it
// is no regular file; OUT_OF_RANGE when it has more than `most_bytes`;
// UNAVAILABLE when it cannot be read. Messages name it, in both languages.
absl::StatusOr<std::string> ReadRegularFile(const std::string& path,
                                            uint64_t most_bytes);

// The same of a file that a person named: a link to one is followed.
absl::StatusOr<std::string> ReadNamedFile(const std::string& path,
                                          uint64_t most_bytes);

// The same, but of a longer file only the first `most_bytes`.
absl::StatusOr<std::string> ReadStartOfFile(const std::string& path,
                                            uint64_t most_bytes);

// To read a file that a person named in pieces, however long it is; the caller
// closes the descriptor. Fails as ReadNamedFile does.
absl::StatusOr<int> OpenNamedFile(const std::string& path);

// FAILED_PRECONDITION, naming it, when a part of `path` below `dir` is a link.
absl::Status CheckNoLinks(const std::string& dir, absl::string_view path);

}  // namespace dataip::client
