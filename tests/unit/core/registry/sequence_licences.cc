#include "tests/unit/core/registry/sequence_licences.h"

#include <map>
#include <set>

#include "absl/strings/str_cat.h"

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

}  // namespace

std::vector<std::string> BrokenInLicences(const State& state) {
  std::vector<std::string> out;
  std::map<std::string, std::set<std::string>> stand;
  for (const auto& [number, one] : state.licences) {
    const v1::Licence& licence = one.licence;
    const auto overlay = state.licence_overlays.find(number);
    if (licence.ended_on().empty() !=
        (overlay != state.licence_overlays.end())) {
      out.push_back(absl::StrCat("the overlay of ", number, " is lost"));
    } else if (licence.ended_on().empty()) {
      stand[licence.certificate_number()].insert(overlay->second);
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
    if (sheet.status().state() != v1::VALID) continue;
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
