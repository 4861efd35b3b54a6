#include "core/registry/certificate/hearing.h"

#include <algorithm>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace dataip::registry {
namespace {

std::string BeginningOf(absl::string_view party) {
  return absl::StrCat(party, ": ");
}

}  // namespace

std::string StatementOf(absl::string_view party, absl::string_view text) {
  return absl::StrCat(BeginningOf(party),
                      absl::StrReplaceAll(text, {{"\n", "\n  "}}));
}

bool HasStated(const v1::Revocation& revocation, absl::string_view party) {
  const std::vector<absl::string_view> lines =
      absl::StrSplit(revocation.statement(), '\n');
  return std::any_of(lines.begin(), lines.end(), [&](absl::string_view line) {
    return absl::StartsWith(line, BeginningOf(party));
  });
}

}  // namespace dataip::registry
