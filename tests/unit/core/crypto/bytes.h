// Short forms that the tests of this folder share.
#pragma once

#include <string>
#include <vector>

#include "core/base/hex.h"
#include "core/hash/hash.h"

namespace dataip::crypto {

inline std::vector<uint8_t> Hex(const std::string& text) {
  const auto bytes = base::HexDecode(text);
  if (!bytes.has_value()) abort();
  return *bytes;
}

inline Bytes B(const std::string& text) { return hash::AsBytes(text); }

// SEQUENCE{INTEGER, INTEGER} around contents that are taken as they are.
inline std::vector<uint8_t> DerOf(const std::string& r_hex,
                                  const std::string& s_hex) {
  std::vector<uint8_t> body;
  for (const std::string& hex : {r_hex, s_hex}) {
    const std::vector<uint8_t> value = Hex(hex);
    body.push_back(0x02);
    body.push_back(static_cast<uint8_t>(value.size()));
    body.insert(body.end(), value.begin(), value.end());
  }
  std::vector<uint8_t> der = {0x30, static_cast<uint8_t>(body.size())};
  der.insert(der.end(), body.begin(), body.end());
  return der;
}

}  // namespace dataip::crypto
