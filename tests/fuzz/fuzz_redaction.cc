// A substitute as an order or a .erase file has it: what ParseSubstitute takes
// is canonical, makes a header, and redacts itself and nothing else.
#include <cstdlib>
#include <string>

#include "core/registry/erasure/redaction.h"
#include "core/registry/values/canonical.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace dataip;
  namespace v1 = dataip::registry::v1;
  const std::string input(bytes, bytes + size);
  // The first line may name what to take out of the rest.
  const size_t line = input.find('\n');
  if (line != std::string::npos && line < 128) {
    const auto original =
        registry::ParseCanonical<v1::Transition>(input.substr(line + 1));
    if (original.ok()) {
      const auto redacted =
          registry::Redact(*original, {input.substr(0, line)});
      if (redacted.ok() &&
          !registry::CheckRedaction(*original, *redacted).ok()) {
        std::abort();
      }
    }
  }
  const auto substitute = registry::ParseSubstitute(input);
  if (!substitute.ok()) return 0;
  if (registry::SerializeCanonical(substitute->transition) != input ||
      substitute->parts.type.empty() ||
      !registry::CheckRedaction(substitute->transition, substitute->transition)
           .ok() ||
      !registry::RedactedTexts(substitute->transition, substitute->transition)
           .empty()) {
    std::abort();
  }
  return 0;
}
