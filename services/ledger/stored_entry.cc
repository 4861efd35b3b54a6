#include "services/ledger/stored_entry.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/proof/seal.h"
#include "services/common/error.h"

namespace dataip::ledger {
namespace {

absl::Status NotASeal(uint64_t index) {
  return services::MakeStatus(
      rpc::v1::DATA_LOSS,
      {absl::StrCat("entry ", index, " is not a seal; restore a backup"),
       absl::StrCat("条目 ", index, " 不是封印，请从备份恢复")});
}

}  // namespace

std::optional<proof::EntryHeader> ReadLinked(const EntryView& entry,
                                             const Hash& prev) {
  auto header = proof::DecodeHeader(hash::AsBytes(entry.header));
  if (!header.ok() || header->index != entry.index || header->prev != prev) {
    return std::nullopt;
  }
  return std::move(header.value);
}

bool PayloadStands(const proof::EntryHeader& header, const EntryView& entry,
                   uint64_t size) {
  if (!entry.erased_by.has_value()) {
    return proof::PayloadMatches(header, hash::AsBytes(entry.payload));
  }
  return *entry.erased_by > entry.index && *entry.erased_by < size;
}

absl::StatusOr<std::string> ReadSealPayload(const Store& store,
                                            uint64_t index) {
  auto payload = store.ReadPayload(index);
  if (absl::IsNotFound(payload.status())) return NotASeal(index);
  return payload;
}

absl::StatusOr<Hash> ReadSealedMapRoot(const Store& store, uint64_t index) {
  ASSIGN_OR_RETURN(const std::string payload, ReadSealPayload(store, index));
  const auto seal = proof::DecodeSeal(hash::AsBytes(payload));
  if (!seal.ok()) return NotASeal(index);
  return seal->map_root;
}

}  // namespace dataip::ledger
