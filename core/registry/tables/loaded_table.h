// One table, parsed by what its name says that it is.
#pragma once

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/registry/tables/calendar.h"
#include "core/registry/tables/profile.h"
#include "core/registry/tables/tables.h"

namespace dataip::registry {

// 1 to 64 of [A-Za-z0-9-].
bool IsProfileId(absl::string_view text);

struct ParsedTable {
  // Exactly one is set.
  std::shared_ptr<const Calendar> calendar;
  std::shared_ptr<const Profile> profile;
  std::shared_ptr<const CodeTable> codes;  // industries or regions
  uint32_t rows = 0;

  // Fails with INVALID_ARGUMENT on an unknown name or a content that is none.
  static absl::StatusOr<ParsedTable> Parse(absl::string_view name,
                                           absl::string_view content);
};

}  // namespace dataip::registry
