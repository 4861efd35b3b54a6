#include "client/export/erasure_orders.h"

#include "core/verify/erasure.h"

namespace dataip::client {

std::vector<OrderedErasure> OrderReader::Take(const proof::EntryHeader& header,
                                              const ExportedEntry& entry) {
  std::vector<OrderedErasure> orders;
  if (header.type != proof::kTransitionType ||
      header.stream != verify::kOrderStream ||
      entry.status != ExportedEntry::Payload::kPresent) {
    return orders;
  }
  const Bytes payload = hash::AsBytes(entry.payload);
  if (!root_.has_value()) root_ = verify::RootKeyIn(payload, trust_->root_key);
  if (!root_.has_value()) return orders;
  const auto order =
      verify::OrderOfRoot({trust_->origin, *root_, header, payload});
  if (!order.has_value()) return orders;
  for (const auto& named : order->entries()) {
    const auto sha256 = hash::Hash::From(hash::AsBytes(named.payload_sha256()));
    const auto sm3 = hash::Hash::From(hash::AsBytes(named.payload_sm3()));
    if (!sha256.has_value() || !sm3.has_value()) continue;
    orders.push_back({named.index(), *sha256, *sm3});
  }
  return orders;
}

}  // namespace dataip::client
