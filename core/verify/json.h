// Reads JSON (RFC 8259) strictly, for files that a verifier believes: no
// repeated name, no float, no text that is not UTF-8, nothing behind the
// value, and no deeper nesting than limits::kJsonDepth.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/limits.h"

namespace dataip::verify {

struct Json {
  enum class Kind { kNull, kBool, kNumber, kText, kArray, kObject };

  Kind kind = Kind::kNull;
  bool boolean = false;
  int64_t number = 0;
  std::string text;
  // Of an array; of an object the values of `names`, in their order.
  std::vector<Json> elements;
  std::vector<std::string> names;

  // Null when there is no such name.
  const Json* Find(absl::string_view name) const;
};

// INVALID_ARGUMENT with the byte at which the text is wrong.
absl::StatusOr<Json> ParseJson(absl::string_view text);

// `text` as a JSON string with its quotes; only what must be escaped is.
std::string QuoteJson(absl::string_view text);

}  // namespace dataip::verify
