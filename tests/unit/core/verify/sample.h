// The sample ledger, made once for this program.
#pragma once

#include "core/base/status_macros.h"
#include "tests/support/sample_ledger.h"

namespace dataip::test {

inline const SampleLedger& Sample() {
  static const SampleLedger sample = [] {
    auto made = MakeSampleLedger({});
    if (!made.ok())
      std::fprintf(stderr, "%s\n", made.status().ToString().c_str());
    DATAIP_ASSERT(made.ok());
    return *std::move(made);
  }();
  return sample;
}

}  // namespace dataip::test
