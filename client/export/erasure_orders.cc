#include "client/export/erasure_orders.h"

#include "dataip/registry/v1/transition.pb.h"

namespace dataip::client {

std::vector<OrderedErasure> OrdersIn(const proof::EntryHeader& header,
                                     const ExportedEntry& entry) {
  std::vector<OrderedErasure> orders;
  registry::v1::Transition transition;
  if (header.type != proof::kTransitionType ||
      entry.status != ExportedEntry::Payload::kPresent ||
      !transition.ParseFromString(entry.payload)) {
    return orders;
  }
  for (const registry::v1::Event& event : transition.events()) {
    for (const auto& named : event.payload_erased().order().entries()) {
      const auto sha256 =
          hash::Hash::From(hash::AsBytes(named.payload_sha256()));
      const auto sm3 = hash::Hash::From(hash::AsBytes(named.payload_sm3()));
      if (!sha256.has_value() || !sm3.has_value() ||
          named.index() >= header.index) {
        continue;
      }
      orders.push_back({named.index(), *sha256, *sm3});
    }
  }
  return orders;
}

}  // namespace dataip::client
