// Reads entry and payload files item by item (formats.md 6).
#pragma once

#include <cstddef>
#include <optional>

#include "absl/strings/string_view.h"
#include "client/export/ledger_export.h"

namespace dataip::client {

// Takes headers, or payloads, off such a file, which outlives it.
class PieceReader {
 public:
  enum class Kind { kHeaders, kPayloads };

  PieceReader(absl::string_view file, Kind kind) : rest_(file), kind_(kind) {}

  struct Item {
    absl::string_view bytes;  // none when erased or withheld
    ExportedEntry::Payload status = ExportedEntry::Payload::kPresent;
    absl::string_view whole;  // with the length before it
  };

  // Nothing at the end, when the file ends within it, or when it is larger
  // than a payload may be.
  std::optional<Item> Take();

  bool empty() const { return rest_.empty(); }

 private:
  absl::string_view rest_;
  Kind kind_;
};

}  // namespace dataip::client
