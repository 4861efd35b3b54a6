// Labels of an enum's values, as a list that is searched.
#pragma once

#include <initializer_list>
#include <string>

#include "absl/strings/str_cat.h"

namespace dataip::client {

template <typename Enum>
struct Label {
  Enum value;
  const char* text;
};

// An unknown number is shown as the number.
template <typename Enum>
std::string FindLabel(Enum value, std::initializer_list<Label<Enum>> labels) {
  for (const Label<Enum>& label : labels) {
    if (label.value == value) return label.text;
  }
  return absl::StrCat(static_cast<int>(value));
}

}  // namespace dataip::client
