#include "core/crypto/pem.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/base/base64.h"

namespace dataip::crypto {
namespace {

constexpr size_t kLineChars = 64;
constexpr size_t kTextBytes = size_t{1} << 20;

absl::Status NotPem(absl::string_view label, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("not a PEM file of \"", label, "\": ", why));
}

}  // namespace

absl::StatusOr<std::vector<std::string>> ReadPem(absl::string_view text,
                                                 absl::string_view label,
                                                 size_t max_blocks) {
  if (text.size() > kTextBytes) return NotPem(label, "longer than 1 MiB");
  const std::string begin = absl::StrCat("-----BEGIN ", label, "-----");
  const std::string end = absl::StrCat("-----END ", label, "-----");
  std::vector<std::string> blocks;
  std::string base64;
  bool inside = false;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    line = absl::StripTrailingAsciiWhitespace(line);
    if (inside && line != end) {
      absl::StrAppend(&base64, line);
    } else if (inside) {
      const auto bytes = base::Base64Decode(base64);
      if (!bytes.has_value()) return NotPem(label, "broken base64");
      blocks.emplace_back(bytes->begin(), bytes->end());
      base64.clear();
      inside = false;
    } else if (line == begin) {
      if (blocks.size() == max_blocks) return NotPem(label, "too many blocks");
      inside = true;
    } else if (!line.empty()) {
      return NotPem(label, "other text in it");
    }
  }
  if (inside) return NotPem(label, "no END line");
  if (blocks.empty()) return NotPem(label, "no block in it");
  return blocks;
}

std::string WritePem(absl::string_view label, Bytes bytes) {
  const std::string base64 = base::Base64Encode(bytes);
  std::string text = absl::StrCat("-----BEGIN ", label, "-----\n");
  for (size_t at = 0; at < base64.size(); at += kLineChars) {
    absl::StrAppend(&text, base64.substr(at, kLineChars), "\n");
  }
  absl::StrAppend(&text, "-----END ", label, "-----\n");
  return text;
}

}  // namespace dataip::crypto
