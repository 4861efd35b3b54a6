// Hashes side by side are those that OpenSSL gives one at a time, whatever the
// lengths of the messages and the way.
//
// Input: a byte for the number of messages, two bytes a message that say where
// in the rest it begins and how long it is, then the rest. A length with the
// highest bit set repeats the rest, so that long messages stand beside short
// ones.
#include <algorithm>
#include <cstdlib>
#include <vector>

#include "core/hash/lanes.h"

namespace {

using dataip::Bytes;
using dataip::hash::Hash;
using dataip::hash::lanes::Function;
using dataip::hash::lanes::Way;
using dataip::hash::lanes::WaysHere;

constexpr size_t kMaxMessages = 80;
constexpr size_t kRepeats = 16;
constexpr uint8_t kPrefix[] = {0x00};

struct Input {
  std::vector<uint8_t> repeated;
  std::vector<Bytes> messages;
};

Input Read(Bytes bytes) {
  Input input;
  if (bytes.empty()) return input;
  const size_t count = bytes[0] % (kMaxMessages + 1);
  bytes = bytes.subspan(1);
  const Bytes places = bytes.first(std::min(bytes.size() / 2 * 2, 2 * count));
  const Bytes rest = bytes.subspan(places.size());
  for (size_t i = 0; i < kRepeats; ++i) {
    input.repeated.insert(input.repeated.end(), rest.begin(), rest.end());
  }
  for (size_t i = 0; i < places.size(); i += 2) {
    const bool is_long = (places[i + 1] & 0x80) != 0;
    const Bytes from = is_long ? Bytes(input.repeated) : rest;
    const size_t at = std::min<size_t>(places[i], from.size());
    const size_t size = (places[i + 1] & 0x7f) * (is_long ? 40 : 3);
    input.messages.push_back(
        from.subspan(at, std::min(size, from.size() - at)));
  }
  return input;
}

void Check(Function function, Bytes prefix, const Input& input) {
  std::vector<Hash> hashes(input.messages.size());
  for (const Way way : WaysHere()) {
    std::fill(hashes.begin(), hashes.end(), Hash{});
    HashMany(function, way, prefix, input.messages, hashes);
    for (size_t i = 0; i < hashes.size(); ++i) {
      const Bytes message = input.messages[i];
      const Hash expected = function == Function::kSm3
                                ? dataip::hash::Sm3({prefix, message})
                                : dataip::hash::Sha256({prefix, message});
      if (hashes[i] != expected) std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const Input input = Read({bytes, size});
  for (const Function function : {Function::kSm3, Function::kSha256}) {
    Check(function, {}, input);
    Check(function, kPrefix, input);
  }
  return 0;
}
