#include "core/verify/value_totals.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/registry/state/state.h"

namespace dataip::verify {
namespace {

using registry::ByName;
using registry::Realised;

Realised In(const ByName<Realised>& sums, const std::string& name) {
  const auto found = sums.find(name);
  return found == sums.end() ? Realised() : found->second;
}

}  // namespace

std::optional<std::string> ValueTotals::Add(
    const registry::v1::UsageRecorded& usage, const registry::State& state) {
  const auto* filed = registry::FindLicence(state, usage.licence_no());
  if (filed == nullptr) return std::nullopt;
  const std::string& number = filed->licence.certificate_number();
  const std::string& licensor = filed->licence.licensor();
  const std::pair<std::string, Realised> subjects[] = {
      {absl::StrCat("certificates/", number),
       In(state.value_of_certificate, number)},
      {absl::StrCat("parties/", licensor), In(state.value_of_party, licensor)},
      {"total", state.value_total}};
  std::optional<std::string> differs;
  for (const auto& [subject, of_state] : subjects) {
    RealisedTotal& total = totals_[subject];
    for (const auto& counted : usage.counted()) {
      total.fen += counted.value_fen();
      ++total.events;
    }
    const bool equal =
        total.fen == of_state.fen && total.events == of_state.events;
    if (!equal && !differs.has_value()) differs = subject;
  }
  return differs;
}

}  // namespace dataip::verify
