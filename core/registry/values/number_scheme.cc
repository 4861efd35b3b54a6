#include "core/registry/values/number_scheme.h"

#include <algorithm>

#include "core/base/status_macros.h"
#include "core/registry/values/identifiers.h"

namespace dataip::registry {
namespace {

constexpr size_t kCertificateDigits = 7;
constexpr size_t kRegistrationDigits = 9;

// `digits` of them before the last `behind` characters.
uint64_t SerialAt(absl::string_view number, size_t behind, size_t digits) {
  if (number.size() < behind + digits) return 0;
  uint64_t serial = 0;
  for (const char c : number.substr(number.size() - behind - digits, digits)) {
    if (c < '0' || c > '9') return 0;
    serial = serial * 10 + static_cast<uint64_t>(c - '0');
  }
  return serial;
}

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
         registry_code + Padded(serial, kCertificateDigits);
}

uint64_t CertificateSerial(absl::string_view number) {
  return SerialAt(number, 0, kCertificateDigits);
}

uint64_t RegistrationSerial(absl::string_view number) {
  return SerialAt(number, 1, kRegistrationDigits);
}

void CountUp(uint64_t& counter, uint64_t serial) {
  counter = std::max(counter + 1, serial);
}

std::string RegistrationNumber(const CivilDate& decided_on,
                               const RegistrationCodes& codes,
                               uint64_t serial) {
  std::string number = Padded(decided_on.year, 4) + codes.source +
                       codes.party_kind + Padded(serial, kRegistrationDigits);
  const auto check = Mod3736CheckCharacter(number);
  DATAIP_ASSERT(check.has_value());
  return number + *check;
}

}  // namespace dataip::registry
