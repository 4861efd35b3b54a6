// Whether every value of an enum has a label.
#pragma once

#include <google/protobuf/generated_enum_reflection.h>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace dataip::client {

// Value 0 is not set and needs none. LabelOf of the enum is found where this is
// used.
template <typename Enum>
void ExpectEveryValueNamed() {
  const auto* const type = google::protobuf::GetEnumDescriptor<Enum>();
  for (int i = 0; i < type->value_count(); ++i) {
    const int number = type->value(i)->number();
    if (number == 0) continue;
    EXPECT_NE(LabelOf(static_cast<Enum>(number)), absl::StrCat(number))
        << type->value(i)->name();
  }
}

}  // namespace dataip::client
