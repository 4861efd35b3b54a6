// Personal data in the cells of a sample: what looks like it, and how to mask
// it (rules 1.2 field 14). By cell and declared type: a decimal, a date or a
// time is never a phone number or a bank card.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace dataip::registry {

enum class PersonalDataKind {
  kIdNumber,     // GB 11643 with its check character
  kMobilePhone,  // mainland: 11 digits from 13x to 19x, +86 or 86 before
  kBankCard,     // 16 to 19 digits that pass Luhn
  kEmail,
  kPlate,    // number plate of a mainland vehicle
  kAddress,  // words of a street address with a number
};

struct CellToScan {
  absl::string_view text;
  absl::string_view type;  // word of the field table, e.g. `decimal`; may be
                           // empty: then the cell is text
};

// Each kind found at most once, ascending.
std::vector<PersonalDataKind> ScanCell(const CellToScan& cell);

// Text that many may read (names, scenes, summaries): numbers and e-mail only,
// since such text rightly speaks of addresses.
std::vector<PersonalDataKind> ScanPublicText(absl::string_view text);

// `身份证号`, `id number`.
absl::string_view NameZh(PersonalDataKind kind);
absl::string_view NameEn(PersonalDataKind kind);
// How to mask it, in Chinese, to stand behind 请.
absl::string_view MaskingAdvice(PersonalDataKind kind);
// The same in English, e.g. `keep the last 4 digits, the rest as *`.
absl::string_view MaskingAdviceEn(PersonalDataKind kind);

}  // namespace dataip::registry
