#include "core/proof/chain.h"

namespace dataip::proof {

hash::Hash ChainStart(std::string_view origin) {
  return hash::Sm3(hash::AsBytes(origin));
}

hash::Hash NextPrev(Bytes header) { return hash::Sm3(header); }

}  // namespace dataip::proof
