// Sentences for people stand in Chinese and English in one message: "中文
// (English)", "中文 (English): what it is about", or "中文/English". Where each
// language has a place of its own they are taken apart.
//
// Pure, safe from any thread.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace dataip::base {

struct Sentences {
  std::string zh;
  std::string en;
};

// What names the subject, before or behind, stands in both. A message in one
// language, or in none of these forms, is both as it is.
Sentences SplitLanguages(absl::string_view message);

}  // namespace dataip::base
