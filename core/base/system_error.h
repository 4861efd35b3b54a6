// What the system says went wrong, in Chinese.
#pragma once

#include <string>

namespace dataip::base {

// Of an errno that people meet with files; anything else in the system's words.
std::string ChineseOf(int error);

}  // namespace dataip::base
