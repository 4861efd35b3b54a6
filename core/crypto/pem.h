// PEM text (RFC 7468), strict: only blocks of one label, each exact base64.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/hash/hash.h"

namespace dataip::crypto {

// The decoded blocks in their order, 1 to `max_blocks`. INVALID_ARGUMENT on
// other labels, headers inside a block, or text outside of blocks other than
// empty lines.
absl::StatusOr<std::vector<std::string>> ReadPem(absl::string_view text,
                                                 absl::string_view label,
                                                 size_t max_blocks);

// One block in lines of 64 characters.
std::string WritePem(absl::string_view label, Bytes bytes);

}  // namespace dataip::crypto
