#include "core/registry/number_scheme.h"

#include "core/base/status_macros.h"
#include "core/registry/identifiers.h"

namespace dataip::registry {
namespace {

std::string Padded(uint64_t value, size_t width) {
  std::string digits = std::to_string(value);
  DATAIP_ASSERT(digits.size() <= width);
  return std::string(width - digits.size(), '0') + digits;
}

}  // namespace

std::string PartyNumber(uint64_t serial) { return "P" + Padded(serial, 7); }

std::string ApplicationNumber(const CivilDate& decided_on, uint64_t serial) {
  return Padded(decided_on.year, 4) + Padded(serial, 7);
}

std::string LicenceNumber(const CivilDate& decided_on, uint64_t serial) {
  return "L" + Padded(decided_on.year, 4) + Padded(serial, 7);
}

std::string LetterNumber(char letter, const CivilDate& decided_on,
                         uint64_t serial) {
  return letter + Padded(decided_on.year, 4) + Padded(serial, 7);
}

std::string NumberScheme::CertificateNumber(const CivilDate& decided_on,
                                            uint64_t serial) const {
  return Padded(decided_on.year, 4) + Padded(decided_on.month, 2) +
         registry_code + Padded(serial, 7);
}

std::string RegistrationNumber(const CivilDate& decided_on,
                               const RegistrationCodes& codes,
                               uint64_t serial) {
  std::string number = Padded(decided_on.year, 4) + codes.source +
                       codes.party_kind + Padded(serial, 9);
  const auto check = Mod3736CheckCharacter(number);
  DATAIP_ASSERT(check.has_value());
  return number + *check;
}

}  // namespace dataip::registry
