// What an event means to the one who asked for it, in a few words.
#pragma once

#include <string>

#include "dataip/registry/v1/transition.pb.h"

namespace dataip::client {

// Number made, due day, new state; "" for what needs no word.
std::string EventText(const registry::v1::Event& event);

}  // namespace dataip::client
