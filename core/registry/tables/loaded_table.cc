#include "core/registry/tables/loaded_table.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"

namespace dataip::registry {

bool IsProfileId(absl::string_view text) {
  if (text.empty() || text.size() > limits::kProfileIdBytes) return false;
  for (char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool digit = c >= '0' && c <= '9';
    if (!letter && !digit && c != '-') return false;
  }
  return true;
}

absl::StatusOr<ParsedTable> ParsedTable::Parse(absl::string_view name,
                                               absl::string_view content) {
  const absl::string_view kPrefix = kProfileTablePrefix;
  ParsedTable parsed;
  size_t rows = 0;
  if (name == kCalendarTable) {
    ASSIGN_OR_RETURN(Calendar calendar, Calendar::Parse(content));
    rows = calendar.rows();
    parsed.calendar = std::make_shared<const Calendar>(std::move(calendar));
  } else if (name == kIndustriesTable || name == kRegionsTable) {
    ASSIGN_OR_RETURN(CodeTable codes, CodeTable::Parse(content));
    rows = codes.size();
    parsed.codes = std::make_shared<const CodeTable>(std::move(codes));
  } else if (absl::StartsWith(name, kPrefix) &&
             IsProfileId(name.substr(kPrefix.size()))) {
    ASSIGN_OR_RETURN(Profile profile, Profile::Parse(content));
    rows = profile.values().size();
    parsed.profile = std::make_shared<const Profile>(std::move(profile));
  } else {
    return absl::InvalidArgumentError(absl::StrCat(
        "no table is called `", name, "`; names are ", kCalendarTable, ", ",
        kIndustriesTable, ", ", kRegionsTable, " and ", kPrefix, "<id>"));
  }
  parsed.rows = static_cast<uint32_t>(rows);
  return parsed;
}

}  // namespace dataip::registry
