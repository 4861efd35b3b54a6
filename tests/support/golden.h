// Files of expected text. With DATAIP_UPDATE_GOLDEN=1 in the environment they
// are written anew instead of compared: read the difference before you commit.
#pragma once

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"

namespace dataip::testing {

inline bool UpdatesGolden() {
  const char* wanted = std::getenv("DATAIP_UPDATE_GOLDEN");
  return wanted != nullptr && std::string(wanted) == "1";
}

// `path` from the root of the source tree.
inline void ExpectGolden(const std::string& path, const std::string& text) {
  if (UpdatesGolden()) {
    std::ofstream(std::string(DATAIP_SOURCE_DIR "/") + path) << text;
    return;
  }
  const std::string expected = ReadSourceFile(path);
  if (text == expected) return;
  const std::vector<std::string> is = absl::StrSplit(text, '\n');
  const std::vector<std::string> was = absl::StrSplit(expected, '\n');
  for (size_t i = 0; i < std::max(is.size(), was.size()); ++i) {
    const std::string a = i < was.size() ? was[i] : "(no line)";
    const std::string b = i < is.size() ? is[i] : "(no line)";
    if (a == b) continue;
    ADD_FAILURE() << path << ":" << i + 1 << "\n  expected " << a
                  << "\n  is       " << b;
  }
}

}  // namespace dataip::testing
