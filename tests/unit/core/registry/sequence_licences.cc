#include "tests/unit/core/registry/sequence_licences.h"

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "core/registry/values/civil_date.h"

namespace dataip::testing {
namespace {

using registry::State;
namespace v1 = registry::v1;

bool Bars(const v1::Licence& licence) {
  return licence.kind() == v1::EXCLUSIVE || licence.kind() == v1::SOLE;
}

const std::string& LastOf(const v1::Licence& licence) {
  return licence.ended_on().empty() ? licence.valid_to() : licence.ended_on();
}

// What lies on no certificate any more is over, and what is over with its
// certificate ended no later.
bool MayBeOff(const State& state, const v1::Licence& licence) {
  const std::string today =
      registry::FormatDate(registry::ShanghaiDate(state.last_decided_at_ms));
  if (licence.ended_on().empty()) return false;
  if (licence.ended_on() < today) return true;
  const auto sheet = state.certificates.find(licence.certificate_number());
  return licence.ended_on() == today && sheet != state.certificates.end() &&
         sheet->second.status().state() != v1::VALID;
}

}  // namespace

std::vector<std::string> BrokenInLicences(const State& state) {
  std::vector<std::string> out;
  std::map<std::string, std::set<std::string>> stand;
  for (const auto& [number, one] : state.licences) {
    const v1::Licence& licence = one.licence;
    const auto overlay = state.licence_overlays.find(number);
    if (overlay != state.licence_overlays.end()) {
      stand[licence.certificate_number()].insert(overlay->second);
    } else if (!MayBeOff(state, licence)) {
      out.push_back(absl::StrCat("the overlay of ", number, " is lost"));
    }
    if (state.unconfirmed_licences.count(number) !=
        (licence.ended_on().empty() && licence.confirmed_at_ms() == 0)) {
      out.push_back(absl::StrCat(number, " waits for its licensee, or not"));
    }
    for (const auto& [other_number, other] : state.licences) {
      if (number >= other_number ||
          licence.certificate_number() != other.licence.certificate_number() ||
          LastOf(licence) < other.licence.valid_from() ||
          LastOf(other.licence) < licence.valid_from()) {
        continue;
      }
      if (!Bars(licence) && !Bars(other.licence)) continue;
      out.push_back(absl::StrCat(number, " and ", other_number, " overlap"));
    }
  }
  for (const auto& [number, sheet] : state.certificates) {
    if (sheet.status().state() != v1::VALID && !stand[number].empty()) {
      out.push_back(absl::StrCat("a licence outlives ", number));
    }
    std::set<std::string> shown;
    for (const v1::Overlay& one : sheet.status().overlays()) {
      if (one.kind() == v1::LICENCE) shown.insert(one.commitment());
    }
    if (shown != stand[number]) {
      out.push_back(absl::StrCat("licences shown on ", number, " are others"));
    }
  }
  return out;
}

}  // namespace dataip::testing
