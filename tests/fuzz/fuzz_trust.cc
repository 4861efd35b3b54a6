// Trust files and their JSON: what is taken reads the same again.
#include <cstdlib>

#include "core/verify/json.h"
#include "core/verify/trust.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace dataip::verify;
  const absl::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto json = ParseJson(text);
  if (json.ok() && json->kind == Json::Kind::kText) {
    const auto again = ParseJson(QuoteJson(json->text));
    if (!again.ok() || again->text != json->text) std::abort();
  }
  const auto trust = ParseTrust(text);
  if (trust.ok() && (!json.ok() || trust->ledger_keys.size() < 2 ||
                     trust->issuing_cas.size() < 2)) {
    std::abort();
  }
  return 0;
}
