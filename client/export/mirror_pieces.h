// Entry and payload files as bytes (formats.md 6): what a mirror reads back
// and the one change that a payload file may undergo.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "absl/strings/string_view.h"

namespace dataip::client {

// The last header of an entry file of `width` entries. Nothing unless the
// file has exactly that many.
std::optional<std::string> LastHeader(absl::string_view entries,
                                      uint32_t width);

// The payload file with those at `positions` erased (length 0xffffffff, no
// bytes). Nothing unless the file has exactly `width` payloads.
std::optional<std::string> ErasedPayloads(absl::string_view payloads,
                                          uint32_t width,
                                          const std::set<uint32_t>& positions);

// Whether a payload file may give way to another of the same name: each
// payload is the same, or is erased now, or was withheld from this reader.
bool MayReplacePayloads(absl::string_view old_bytes,
                        absl::string_view new_bytes);

}  // namespace dataip::client
