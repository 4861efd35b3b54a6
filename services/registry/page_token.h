// Page tokens of lists: where the next page begins, bound to the list's
// filter and to this registry by a MAC, so that a token of another filter, a
// changed one or garbage is refused instead of answered with a wrong page.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/hash/hash.h"

namespace dataip::registryd {

// Makes and reads tokens under one 32-byte key. Immutable, thread safe.
class PageTokens {
 public:
  explicit PageTokens(std::string key) : key_(std::move(key)) {}

  // `filter` is everything of the request but page size and token; `last` is
  // the key of the last line that was sent. Printable ASCII.
  std::string Make(absl::string_view filter, absl::string_view last) const;

  // What Make was given as `last`; "" for an empty token, which is the first
  // page. INVALID_ARGUMENT (field `page_token`) for anything else.
  absl::StatusOr<std::string> Read(absl::string_view filter,
                                   absl::string_view token) const;

 private:
  std::string MacOf(absl::string_view filter, absl::string_view last) const;

  std::string key_;
};

// The number of lines that a page has: `asked`, or 100 for 0.
// INVALID_ARGUMENT (field `page_size`) below 0 or over
// limits::kListPageLines.
absl::StatusOr<size_t> PageSize(int32_t asked);

}  // namespace dataip::registryd
