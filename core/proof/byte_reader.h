// Reads big-endian fields off the front of bytes; for decoders here.
#pragma once

#include <cstdint>
#include <string>

#include "core/hash/hash.h"

namespace dataip::proof {

// After a read past the end every read gives zeros and ok() is false.
class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) : rest_(bytes) {}

  Bytes Take(size_t count) {
    if (count > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const Bytes taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }

  uint64_t TakeNumber(size_t byte_count) {
    uint64_t number = 0;
    for (const uint8_t byte : Take(byte_count)) number = number << 8 | byte;
    return number;
  }

  hash::Hash TakeHash() {
    return hash::Hash::From(Take(hash::kHashBytes)).value_or(hash::Hash{});
  }

  // Behind one length byte.
  std::string TakeText() {
    const Bytes text = Take(TakeNumber(1));
    return {text.begin(), text.end()};
  }

  bool ok() const { return ok_; }
  bool empty() const { return rest_.empty(); }
  size_t remaining() const { return rest_.size(); }

 private:
  Bytes rest_;
  bool ok_ = true;
};

inline void AppendNumber(std::string& out, uint64_t number, size_t byte_count) {
  for (size_t i = byte_count; i > 0; --i) {
    out.push_back(static_cast<char>(number >> (8 * (i - 1)) & 0xff));
  }
}

inline void AppendHash(std::string& out, const hash::Hash& hash) {
  out.append(hash.text());
}

// Behind one length byte: `text` has at most 255 bytes.
inline void AppendText(std::string& out, const std::string& text) {
  AppendNumber(out, text.size(), 1);
  out.append(text);
}

}  // namespace dataip::proof
