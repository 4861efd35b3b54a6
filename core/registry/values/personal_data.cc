#include "core/registry/values/personal_data.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/base/text.h"
#include "core/registry/values/identifiers.h"

namespace dataip::registry {
namespace {

using Kind = PersonalDataKind;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool IsWord(char c) { return IsDigit(c) || IsLetter(c); }

// A sign, digits with at most one point, an exponent: what a measurement
// looks like.
struct NumberShape {
  bool is_number = false;
  bool digits_only = false;  // perhaps behind a sign
  bool whole = false;        // digits only, no sign
};

NumberShape ShapeOf(absl::string_view text) {
  size_t at = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  const bool has_sign = at == 1;
  size_t digits = 0;
  size_t points = 0;
  for (; at < text.size() && (IsDigit(text[at]) || text[at] == '.'); ++at) {
    ++(text[at] == '.' ? points : digits);
  }
  if (digits == 0 || points > 1) return {};
  bool exponent = false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    exponent = true;
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    const size_t begin = at;
    while (at < text.size() && IsDigit(text[at])) ++at;
    if (at == begin) return {};
  }
  if (at != text.size()) return {};
  const bool digits_only = points == 0 && !exponent;
  return {true, digits_only, digits_only && !has_sign};
}

bool IsMeasurementType(absl::string_view type) {
  constexpr std::array<absl::string_view, 9> kTypes = {
      "decimal", "float",     "double",  "numeric", "real",
      "number",  "timestamp", "boolean", "bool"};
  return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

bool IsDayOrTimeType(absl::string_view type) {
  constexpr std::array<absl::string_view, 3> kTypes = {"date", "datetime",
                                                       "time"};
  return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

// Only what days and times are written with.
bool LooksLikeDayOrTime(absl::string_view text) {
  bool separated = false;
  for (char c : text) {
    const bool separator = c == '-' || c == ':' || c == '/' || c == '.' ||
                           c == ' ' || c == 'T' || c == 'Z' || c == '+';
    if (!separator && !IsDigit(c)) return false;
    separated = separated || separator;
  }
  return separated;
}

bool IsMobile(absl::string_view digits) {
  if (digits.size() == 13 && digits.substr(0, 2) == "86") {
    digits.remove_prefix(2);
  }
  return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3';
}

bool PassesLuhn(absl::string_view digits) {
  if (digits.size() < 16 || digits.size() > 19) return false;
  int sum = 0;
  bool any = false;
  for (size_t i = 0; i < digits.size(); ++i) {
    int value = digits[digits.size() - 1 - i] - '0';
    any = any || value != 0;
    if (i % 2 == 1) value = value * 2 > 9 ? value * 2 - 9 : value * 2;
    sum += value;
  }
  return any && sum % 10 == 0;
}

// Runs of digits, in which single spaces or hyphens may separate groups of at
// least three, and a last X: how people write numbers of cards and phones.
void ScanNumbers(absl::string_view text, std::vector<Kind>& found) {
  size_t at = 0;
  while (at < text.size()) {
    if (!IsDigit(text[at]) || (at > 0 && IsLetter(text[at - 1]))) {
      ++at;
      continue;
    }
    std::string digits;
    size_t group = 0;
    size_t end = at;
    while (end < text.size()) {
      if (IsDigit(text[end])) {
        digits += text[end++];
        ++group;
      } else if ((text[end] == ' ' || text[end] == '-') && group >= 3 &&
                 end + 1 < text.size() && IsDigit(text[end + 1])) {
        group = 0;
        ++end;
      } else {
        break;
      }
    }
    const bool fraction = (end < text.size() && text[end] == '.' &&
                           end + 1 < text.size() && IsDigit(text[end + 1])) ||
                          (at > 0 && text[at - 1] == '.');
    if (end < text.size() && (text[end] == 'X' || text[end] == 'x') &&
        digits.size() == 17) {
      digits += 'X';
      ++end;
    }
    const bool ends_word = end == text.size() || !IsLetter(text[end]);
    if (ends_word && !fraction) {
      if (IsValidIdNumber(digits)) {
        found.push_back(Kind::kIdNumber);
      } else if (IsMobile(digits)) {
        found.push_back(Kind::kMobilePhone);
      } else if (digits.back() != 'X' && PassesLuhn(digits)) {
        found.push_back(Kind::kBankCard);
      }
    }
    at = end;
  }
}

bool HasEmail(absl::string_view text) {
  for (size_t at = text.find('@'); at != absl::string_view::npos;
       at = text.find('@', at + 1)) {
    const bool local = at > 0 && (IsWord(text[at - 1]) || text[at - 1] == '_');
    size_t end = at + 1;
    size_t last_dot = 0;
    while (end < text.size() &&
           (IsWord(text[end]) || text[end] == '-' || text[end] == '.')) {
      if (text[end] == '.') last_dot = end;
      ++end;
    }
    if (local && last_dot > at + 1 && end - last_dot > 2) return true;
  }
  return false;
}

// GA 36: province character, letter, 5 or 6 letters and digits, perhaps a
// middle dot after the letter.
bool HasPlate(absl::string_view text) {
  constexpr absl::string_view kProvinces =
      "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
  for (size_t at = 0; at + 3 < text.size(); ++at) {
    const size_t province = kProvinces.find(text.substr(at, 3));
    if (province == absl::string_view::npos || province % 3 != 0) continue;
    absl::string_view rest = text.substr(at + 3);
    if (rest.empty() || rest[0] < 'A' || rest[0] > 'Z') continue;
    rest.remove_prefix(1);
    if (rest.substr(0, 2) == "·") rest.remove_prefix(2);
    size_t length = 0;
    size_t digits = 0;
    while (length < rest.size() &&
           (IsDigit(rest[length]) ||
            (rest[length] >= 'A' && rest[length] <= 'Z'))) {
      digits += IsDigit(rest[length]) ? 1 : 0;
      ++length;
    }
    if ((length == 5 || length == 6) && digits >= 1) return true;
  }
  return false;
}

// A road, lane or estate, and behind it a number of house, building or room.
bool HasAddress(absl::string_view text) {
  constexpr std::array<absl::string_view, 14> kPlaces = {
      "路",   "街", "弄",   "巷",   "大道", "小区", "新村",
      "花园", "村", "胡同", "公寓", "家园", "大厦", "社区"};
  constexpr std::array<absl::string_view, 9> kUnits = {
      "号", "幢", "栋", "单元", "号楼", "室", "座", "组", "户"};
  size_t place = absl::string_view::npos;
  for (absl::string_view word : kPlaces) {
    place = std::min(place, text.find(word));
  }
  if (place == absl::string_view::npos) return false;
  for (size_t at = place; at < text.size(); ++at) {
    if (!IsDigit(text[at])) continue;
    size_t end = at;
    while (end < text.size() && IsDigit(text[end])) ++end;
    if (end < text.size() && text[end] == ' ') ++end;
    for (absl::string_view unit : kUnits) {
      if (text.substr(end, unit.size()) == unit) return true;
    }
    at = end - 1;
  }
  return false;
}

std::vector<Kind> Sorted(std::vector<Kind> found) {
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace

std::vector<PersonalDataKind> ScanCell(const CellToScan& cell) {
  const std::string half_width = base::NormaliseFullWidth(cell.text);
  const absl::string_view text = base::Trim(half_width);
  const NumberShape shape = ShapeOf(text);
  const bool dialled = shape.digits_only && text.substr(0, 3) == "+86";
  const bool whole = dialled || shape.whole;
  if (shape.is_number && (!whole || IsMeasurementType(cell.type))) return {};
  if (IsDayOrTimeType(cell.type) &&
      (shape.is_number || LooksLikeDayOrTime(text))) {
    return {};
  }
  std::vector<Kind> found;
  ScanNumbers(text, found);
  if (HasEmail(text)) found.push_back(Kind::kEmail);
  if (HasPlate(text)) found.push_back(Kind::kPlate);
  if (HasAddress(text)) found.push_back(Kind::kAddress);
  return Sorted(std::move(found));
}

std::vector<PersonalDataKind> ScanPublicText(absl::string_view text) {
  const std::string half_width = base::NormaliseFullWidth(text);
  std::vector<Kind> found;
  ScanNumbers(half_width, found);
  if (HasEmail(half_width)) found.push_back(Kind::kEmail);
  return Sorted(std::move(found));
}

absl::string_view NameZh(PersonalDataKind kind) {
  switch (kind) {
    case Kind::kIdNumber:
      return "公民身份号码";
    case Kind::kMobilePhone:
      return "手机号码";
    case Kind::kBankCard:
      return "银行卡号";
    case Kind::kEmail:
      return "电子邮箱";
    case Kind::kPlate:
      return "机动车号牌";
    case Kind::kAddress:
      return "住址";
  }
  return "";
}

absl::string_view NameEn(PersonalDataKind kind) {
  switch (kind) {
    case Kind::kIdNumber:
      return "ID number";
    case Kind::kMobilePhone:
      return "mobile phone number";
    case Kind::kBankCard:
      return "bank card number";
    case Kind::kEmail:
      return "e-mail address";
    case Kind::kPlate:
      return "number plate";
    case Kind::kAddress:
      return "street address";
  }
  return "";
}

absl::string_view MaskingAdvice(PersonalDataKind kind) {
  switch (kind) {
    case Kind::kIdNumber:
      return "保留前 6 位地区码，其余以 * 代替，或换成随机编号";
    case Kind::kMobilePhone:
      return "保留前 3 位与后 2 位，中间以 * 代替，或换成随机编号";
    case Kind::kBankCard:
      return "只保留后 4 位，其余以 * 代替";
    case Kind::kEmail:
      return "将 @ 前的部分以 * 代替，只保留域名";
    case Kind::kPlate:
      return "保留省份与发牌机关代号，其余以 * 代替";
    case Kind::kAddress:
      return "只保留到区县或乡镇街道";
  }
  return "";
}

absl::string_view MaskingAdviceEn(PersonalDataKind kind) {
  switch (kind) {
    case Kind::kIdNumber:
      return "keep the first 6 digits, the rest as *, or use a random number";
    case Kind::kMobilePhone:
      return "keep the first 3 and last 2 digits, the rest as *, or use a "
             "random number";
    case Kind::kBankCard:
      return "keep the last 4 digits, the rest as *";
    case Kind::kEmail:
      return "put * before the @, keep the domain";
    case Kind::kPlate:
      return "keep province and office, the rest as *";
    case Kind::kAddress:
      return "keep no more than county or township";
  }
  return "";
}

}  // namespace dataip::registry
