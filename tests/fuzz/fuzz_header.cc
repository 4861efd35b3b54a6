// Entry headers and seals: what is decoded encodes to the same bytes.
#include <cstdlib>

#include "core/proof/header.h"
#include "core/proof/seal.h"
#include "core/proof/tree.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace dataip::proof;
  const dataip::Bytes input(bytes, size);
  const dataip::hash::Hash digest = dataip::hash::Sha256(input);
  const auto is_input = [&](const std::string& again) {
    return dataip::hash::Sha256(dataip::hash::AsBytes(again)) == digest;
  };
  if (const auto header = DecodeHeader(input); header.ok()) {
    const auto again = EncodeHeader(*header);
    if (!again.ok() || !is_input(*again)) std::abort();
    CheckSeal(*header, input);
  }
  if (const auto seal = DecodeSeal(input); seal.ok()) {
    if (!is_input(EncodeSeal(*seal))) std::abort();
  }
  if (const auto frontier = Frontier::Decode(input)) {
    if (!is_input(frontier->Encode())) std::abort();
  }
  return 0;
}
