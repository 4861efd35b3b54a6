#include "core/base/status_macros.h"

#include <cstdio>
#include <cstdlib>

namespace dataip::base {

void AssertionFailed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, condition);
  std::abort();
}

}  // namespace dataip::base
