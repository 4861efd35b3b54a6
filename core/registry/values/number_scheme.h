// Numbers that the registry gives (rules 3.1; 规发〔2024〕79号). The lengths
// are sourced, the layout of the sequence and the check algorithm are assumed;
// imported numbers are never recomputed.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "core/registry/values/civil_date.h"

namespace dataip::registry {

// Serials from 1, never restarting; at most kSerial7 and kSerial9.
inline constexpr uint64_t kSerial7 = 9'999'999;
inline constexpr uint64_t kSerial9 = 999'999'999;

// `P` + 7 digits.
std::string PartyNumber(uint64_t serial);
// YYYY + 7 digits.
std::string ApplicationNumber(const CivilDate& decided_on, uint64_t serial);
// `L` + YYYY + 7 digits.
std::string LicenceNumber(const CivilDate& decided_on, uint64_t serial);

// The letter, YYYY + 7 digits: drafts D, objections O, powers of attorney A,
// requests Q, pledges G, revocations V, freezes F, batches B.
std::string LetterNumber(char letter, const CivilDate& decided_on,
                         uint64_t serial);

// The scheme of the unified national form.
struct NumberScheme {
  std::string registry_code;  // four digits, 3300 in Zhejiang

  // YYYYMM + registry code + 7 digits.
  std::string CertificateNumber(const CivilDate& decided_on,
                                uint64_t serial) const;
};

// Serial of a number of the scheme, of a registration; 0 when it has none.
uint64_t CertificateSerial(absl::string_view number);
uint64_t RegistrationSerial(absl::string_view number);

// The highest serials in use.
struct SerialsGiven {
  uint64_t certificates = 0;
  uint64_t registrations = 0;
};

// One more is in use, with this serial: those that were passed over are never
// given.
void CountUp(uint64_t& counter, uint64_t serial);

struct RegistrationCodes {
  char source = '0';      // 1 personal, 2 enterprise, 3 public, 4 several
  char party_kind = '0';  // number of v1::PartyKind
};

// YYYY + source + kind + 9 digits + ISO 7064 MOD 37,36.
std::string RegistrationNumber(const CivilDate& decided_on,
                               const RegistrationCodes& codes, uint64_t serial);

}  // namespace dataip::registry
