// Until when a licence runs.
#pragma once

#include <string>

#include "core/registry/state/due.h"
#include "dataip/registry/v1/licence.pb.h"

namespace dataip::registry {

// Its real last day, `YYYY-MM-DD`: the one that it was ended as of, else the
// one of its term. Lives as long as the licence.
const std::string& LastDayOf(const v1::Licence& licence);

// When the clock ends it: the end of its last day.
Due LicenceDueOf(const v1::Licence& licence);

}  // namespace dataip::registry
