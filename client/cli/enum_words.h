// Words of the command line for the values of an enum.
#pragma once

#include <google/protobuf/generated_enum_reflection.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace dataip::client {

// The words of all values but 0, in their order, without `prefix`.
template <typename Enum>
std::vector<std::string> EnumWords(absl::string_view prefix = "") {
  const auto* const type = google::protobuf::GetEnumDescriptor<Enum>();
  std::vector<std::string> words;
  for (int i = 0; i < type->value_count(); ++i) {
    const auto& value = *type->value(i);
    if (value.number() == 0) continue;
    words.push_back(absl::StrReplaceAll(
        absl::AsciiStrToLower(absl::StripPrefix(value.name(), prefix)),
        {{"_", "-"}}));
  }
  return words;
}

// The enum's names in lower case with '-' for '_', or as they are; without
// `prefix`, or with it. INVALID_ARGUMENT lists the known ones.
template <typename Enum>
absl::StatusOr<Enum> ParseEnumWord(absl::string_view word,
                                   absl::string_view prefix = "") {
  const std::string name =
      absl::AsciiStrToUpper(absl::StrReplaceAll(word, {{"-", "_"}}));
  const auto* const type = google::protobuf::GetEnumDescriptor<Enum>();
  for (int i = 0; i < type->value_count(); ++i) {
    const auto& value = *type->value(i);
    if (value.number() == 0) continue;
    const absl::string_view shown = absl::StripPrefix(value.name(), prefix);
    if (name == value.name() || name == shown) {
      return static_cast<Enum>(value.number());
    }
  }
  const std::string known = absl::StrJoin(EnumWords<Enum>(prefix), ", ");
  return absl::InvalidArgumentError(
      absl::StrCat("未知的值 ", word, "，请填其一：", known, " (`", word,
                   "` is not one of: ", known, ")"));
}

}  // namespace dataip::client
