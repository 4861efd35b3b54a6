// The data department's opinion (B17).
#pragma once

#include "core/registry/state/case.h"
#include "core/registry/state/refusal.h"

namespace dataip::registry {

// No field is IMPORTANT, or the data department agrees.
MaybeRefusal CheckImportantData(const v1::Application& application);

}  // namespace dataip::registry
