// Whatever the bytes are: a conclusion comes out, and none is "genuine" unless
// all four signatures were asked about.
#include <cstdlib>

#include "core/proof/bundle.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace dataip::proof;
  static const BundleTrust trust = [] {
    BundleTrust vectors;
    vectors.origin = "ledger.example/vectors";
    vectors.max_age_ms = 7 * 86'400'000;
    vectors.demonstration = true;
    return vectors;
  }();
  const OpenedBundle opened = OpenBundle({bytes, size}, trust);
  const std::vector<SignatureAnswer> answers(
      opened.questions.size(), {SignatureAnswer::Result::kHolds, "", ""});
  BundleAsk ask;
  ask.now_ms = 1'720'300'000'000;
  const BundleReport report = ConcludeBundle(opened, answers, ask);
  if (report.lines.empty()) std::abort();
  // No ledger key is known here, so the SM2 chain head never is.
  if (report.conclusion == Conclusion::kInForce) std::abort();
  return 0;
}
