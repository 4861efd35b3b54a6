// Tree and map verifiers on arbitrary proofs: they answer, and only in favour
// of what the proof's own hashes lead to.
#include <cstdlib>

#include "core/proof/byte_reader.h"
#include "core/proof/map.h"
#include "core/proof/tree.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace dataip;
  proof::ByteReader reader({bytes, size});
  const uint64_t first = reader.TakeNumber(8);
  const uint64_t second = reader.TakeNumber(8);
  const bool has_terminal = reader.TakeNumber(1) % 2 == 1;
  const hash::Hash start = reader.TakeHash();
  const hash::Hash root = reader.TakeHash();
  std::vector<hash::Hash> path;
  while (reader.remaining() >= hash::kHashBytes) {
    path.push_back(reader.TakeHash());
  }
  // One root only for one path: a second one is another tree's.
  if (proof::VerifyInclusion(start, first, second, path, root)) {
    hash::Hash other = root;
    other.bytes[0] ^= 1;
    if (proof::VerifyInclusion(start, first, second, path, other)) {
      std::abort();
    }
  }
  proof::VerifyConsistency(first, second, start, root, path);
  proof::MapProof map_proof;
  map_proof.siblings = path;
  if (has_terminal) {
    map_proof.terminal = {proof::MapKeyHash("key"), start};
  }
  if (proof::VerifyPresence("key", start, map_proof, root) &&
      proof::VerifyAbsence("key", map_proof, root)) {
    std::abort();
  }
  return 0;
}
