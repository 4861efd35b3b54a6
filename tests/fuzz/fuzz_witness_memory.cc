// The files of a witness: an index is taken in one spelling only, a checkpoint
// only with the signature of the witness. The seeds are signed by this key.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "services/witness/memory_files.h"

namespace {

constexpr char kVkey[] =
    "witness.example/w+37"
    "7a1f79+BIpQKjpQYjzfkyBnZcEb4U60dKQQTWZmIpWyB7lLWsCK";
// The one text that the key has signed.
constexpr std::string_view kSigned = "test.example/log\n8\n";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  namespace witness = dataip::witness;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto index = witness::ParseIndex(text);
  if (index.has_value() && witness::FormatIndex(*index) != text) std::abort();

  static const auto verifier = dataip::crypto::NoteVerifier::FromVkey(kVkey);
  if (!verifier.ok()) std::abort();
  const std::string_view origin = text.substr(0, text.find('\n'));
  const auto seen = witness::ParseSeen(text, origin, *verifier);
  if (!seen.has_value()) return 0;
  if (!seen->root.has_value()) {
    if (seen->size != 0 || !witness::IsNothingYet(text)) std::abort();
  } else if (seen->size != 8 || !text.starts_with(kSigned)) {
    std::abort();
  }
  return 0;
}
