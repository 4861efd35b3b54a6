#include "core/registry/state/licence_term.h"

#include "core/registry/values/civil_date.h"

namespace dataip::registry {

const std::string& LastDayOf(const v1::Licence& licence) {
  return licence.ended_on().empty() ? licence.valid_to() : licence.ended_on();
}

Due LicenceDueOf(const v1::Licence& licence) {
  const auto last = ParseDate(LastDayOf(licence));
  return {last ? EndOfDayMs(*last) : 0, DueKind::kLicence,
          licence.licence_no()};
}

}  // namespace dataip::registry
