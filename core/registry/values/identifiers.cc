#include "core/registry/values/identifiers.h"

#include <array>

#include "core/base/text.h"

namespace dataip::registry {
namespace {

// GB 32100 5.1: no I, O, S, V, Z.
constexpr absl::string_view kUsccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr absl::string_view kAlphabet36 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

int IndexIn(absl::string_view alphabet, char c) {
  const size_t index = alphabet.find(c);
  return index == absl::string_view::npos ? -1 : static_cast<int>(index);
}

// GB 11714: the check character of the organisation code (positions 9 to 16).
char OrganisationCheck(absl::string_view first_8) {
  constexpr std::array<int, 8> kWeights = {3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (size_t i = 0; i < kWeights.size(); ++i) {
    sum += kWeights[i] * IndexIn(kAlphabet36, first_8[i]);
  }
  const int check = 11 - sum % 11;
  if (check == 10) return 'X';
  return check == 11 ? '0' : static_cast<char>('0' + check);
}

}  // namespace

std::string NormaliseIdentifier(absl::string_view text) {
  const std::string half_width = base::NormaliseFullWidth(text);
  return base::UpperAscii(base::Trim(half_width));
}

std::optional<char> UsccCheckCharacter(absl::string_view first_17) {
  constexpr std::array<int, 17> kWeights = {1,  3,  9,  27, 19, 26, 16, 17, 20,
                                            29, 25, 13, 8,  24, 10, 30, 28};
  if (first_17.size() != kWeights.size()) return std::nullopt;
  int sum = 0;
  for (size_t i = 0; i < kWeights.size(); ++i) {
    const int value = IndexIn(kUsccAlphabet, first_17[i]);
    if (value < 0) return std::nullopt;
    sum += kWeights[i] * value;
  }
  return kUsccAlphabet[(31 - sum % 31) % 31];
}

bool IsValidUscc(absl::string_view text) {
  if (text.size() != 18) return false;
  for (char region : text.substr(2, 6)) {
    if (!IsDigit(region)) return false;
  }
  const auto check = UsccCheckCharacter(text.substr(0, 17));
  return check.has_value() && *check == text[17] &&
         OrganisationCheck(text.substr(8, 8)) == text[16];
}

bool IsValidIdNumber(absl::string_view text) {
  constexpr std::array<int, 17> kWeights = {7, 9, 10, 5,  8, 4, 2, 1, 6,
                                            3, 7, 9,  10, 5, 8, 4, 2};
  if (text.size() != 18 || text[0] == '0') return false;
  int sum = 0;
  for (size_t i = 0; i < kWeights.size(); ++i) {
    if (!IsDigit(text[i])) return false;
    sum += kWeights[i] * (text[i] - '0');
  }
  std::string birth(text.substr(6, 4));
  birth += '-';
  birth.append(text.data() + 10, 2);
  birth += '-';
  birth.append(text.data() + 12, 2);
  const auto date = ParseDate(birth);
  if (!date || date->year < 1850) return false;
  return absl::string_view("10X98765432")[sum % 11] == text[17];
}

// ISO 7064, hybrid system MOD 37,36 (rules 6.6).
std::optional<char> Mod3736CheckCharacter(absl::string_view text) {
  if (text.empty()) return std::nullopt;
  int p = 36;
  for (char c : text) {
    const int value = IndexIn(kAlphabet36, c);
    if (value < 0) return std::nullopt;
    p = (p + value) % 36;
    if (p == 0) p = 36;
    p = p * 2 % 37;
  }
  return kAlphabet36[(37 - p) % 36];
}

bool IsValidMod3736(absl::string_view text) {
  if (text.size() < 2) return false;
  const auto check = Mod3736CheckCharacter(text.substr(0, text.size() - 1));
  return check.has_value() && *check == text.back();
}

bool IsPartyNumber(absl::string_view text) {
  if (text.size() != 8 || text[0] != 'P') return false;
  for (char c : text.substr(1)) {
    if (!IsDigit(c)) return false;
  }
  return true;
}

bool IsOfficerId(absl::string_view text) {
  if (text.empty() || text.size() > 64 || text.front() == '-' ||
      text.back() == '-') {
    return false;
  }
  for (char c : text) {
    if (!IsDigit(c) && c != '-' && (c < 'a' || c > 'z')) return false;
  }
  return true;
}

}  // namespace dataip::registry
