// Whatever the bytes are: what splits joins again to the same bytes, and each
// part is a bundle.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "client/batch_proof.h"
#include "core/proof/bundle.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace dataip;
  const auto bundles = client::SplitBatchProof({bytes, size});
  if (!bundles.ok()) return 0;
  for (const std::string& bundle : *bundles) {
    if (!proof::DecodeBundle(hash::AsBytes(bundle)).ok()) std::abort();
  }
  const auto joined = client::JoinBundles(*bundles);
  if (!joined.ok()) std::abort();
  if (*joined != std::string(bytes, bytes + size)) std::abort();
  return 0;
}
