// What a loss of power leaves of a folder: built anew from the shim's record
// (shim_record.h) after the program under it was killed.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace dataip::test {

// What becomes of that which was never synced.
enum class Unsynced {
  kGone,      // none of it is there
  kPartly,    // the first so many bytes and names, torn anywhere
  kZeros,     // as partly, the rest of what is left as zeros
  kRandomly,  // one of the above
};

struct Disk {
  std::string root;    // the folder that the program wrote to
  std::string record;  // the shim's
};

struct Cut {
  uint64_t synced_calls = 0;
  uint64_t lost_bytes = 0;
  uint64_t lost_names = 0;
  // What the record could not follow; must be empty.
  std::vector<std::string> escapes;
};

// Replaces the root. INTERNAL when the record cannot be read or followed.
absl::StatusOr<Cut> CutToDurable(const Disk& disk, Unsynced unsynced,
                                 std::mt19937_64& random);

// Empties the record for the next start of the program.
void ClearRecord(const std::string& record);

}  // namespace dataip::test
