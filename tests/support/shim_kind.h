// What a file is for, by its name.
#pragma once

#include <string>

#include "tests/support/shim_control.h"

namespace dataip::shim {

Kind KindOf(const std::string& name, bool folder);

}  // namespace dataip::shim
