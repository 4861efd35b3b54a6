// The bytes of a witness's files (memory.h): written here, and read without
// trust.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/crypto/note_signer.h"
#include "core/hash/hash.h"

namespace dataip::witness {

struct Seen {
  uint64_t size = 0;
  std::optional<hash::Hash> root;  // nothing: no checkpoint was ever signed

  bool operator==(const Seen&) const = default;
};

// What DIR/witness says.
struct Index {
  std::string vkey;
  std::vector<std::string> origins;
};

// SHA-256 of the origin in hex: what its file is called.
std::string NameOf(std::string_view origin);

// DIR/<hex>.checkpoint of a log that nothing was signed of.
std::string NothingYet(std::string_view origin);
bool IsNothingYet(std::string_view content);

// DIR/<hex>.checkpoint: nothing when `witness` did not write it for this log.
std::optional<Seen> ParseSeen(std::string_view content, std::string_view origin,
                              const crypto::NoteVerifier& witness);

std::string FormatIndex(const Index& index);
// Nothing when it is not what FormatIndex writes.
std::optional<Index> ParseIndex(std::string_view content);

}  // namespace dataip::witness
