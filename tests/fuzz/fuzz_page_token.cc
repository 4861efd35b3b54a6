// Page tokens: only what was made for this filter is read.
#include <cstdlib>
#include <string>

#include "services/registry/page_token.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const dataip::registryd::PageTokens tokens(std::string(32, 'k'));
  const absl::string_view token(reinterpret_cast<const char*>(bytes), size);
  const auto last = tokens.Read("filter", token);
  if (last.ok() && !token.empty() && tokens.Make("filter", *last) != token) {
    std::abort();
  }
  return 0;
}
