// The part of Store that reads entries whose payload may be erased, and that
// erases.
#include <rocksdb/write_batch.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/rocks_purge.h"
#include "services/ledger/store_database.h"

namespace dataip::ledger {
namespace {

using services::FromRocks;
using services::NumberKey;
using services::NumberOfKey;

// A marker: the order's index, then whether the bytes are gone from the disk.
constexpr size_t kMarkerBytes = sizeof(uint64_t) + 1;

std::string EncodeMarker(uint64_t order_index, bool purged) {
  return NumberKey(order_index) + (purged ? '\1' : '\0');
}

absl::StatusOr<uint64_t> OrderOf(const rocksdb::Slice& marker) {
  if (marker.size() != kMarkerBytes) return Broken("marker of an erasure");
  return NumberOfKey({marker.data(), sizeof(uint64_t)});
}

absl::Status WasErased(uint64_t index) {
  return absl::NotFoundError(absl::StrCat("payload ", index, " was erased"));
}

}  // namespace

absl::Status Broken(const std::string& what) {
  return services::MakeStatus(
      rpc::v1::DATA_LOSS,
      {absl::StrCat("stored data is broken: ", what, "; restore a backup"),
       absl::StrCat("存储的数据已损坏：", what, "；请从备份恢复")});
}

// Readers never see what an earlier process has erased and not yet purged.
absl::Status Store::DropUnpurged() {
  ASSIGN_OR_RETURN(const std::vector<uint64_t> indices, UnpurgedErasures());
  for (const uint64_t index : indices) {
    database_->dropped.Add(NumberKey(index));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Store::ReadPayload(uint64_t index) const {
  const std::string key = NumberKey(index);
  if (database_->dropped.Has(key)) return WasErased(index);
  auto payload =
      database_->Get(database_->family(kPayloads), key, "reading a payload");
  if (!absl::IsNotFound(payload.status())) return payload;
  ASSIGN_OR_RETURN(const auto erased_by, ErasedBy(index));
  if (erased_by.has_value()) return WasErased(index);
  return Broken(absl::StrCat("payload ", index, " is missing"));
}

absl::StatusOr<std::optional<uint64_t>> Store::ErasedBy(uint64_t index) const {
  const auto marker = database_->Get(database_->family(kErased),
                                     NumberKey(index), "reading an erasure");
  if (absl::IsNotFound(marker.status())) return std::nullopt;
  RETURN_IF_ERROR(marker.status());
  ASSIGN_OR_RETURN(const uint64_t order, OrderOf(*marker));
  return std::optional<uint64_t>(order);
}

absl::Status Store::ForEachEntry(IndexRange range,
                                 const VisitEntry& visit) const {
  if (range.begin >= range.end) return absl::OkStatus();
  const auto payloads = database_->Iterate(kPayloads);
  payloads->Seek(NumberKey(range.begin));
  absl::Status status;
  const auto take = [&](uint64_t index,
                        std::string_view header) -> absl::StatusOr<bool> {
    EntryView entry{index, header, {}, std::nullopt};
    if (payloads->Valid() && NumberOfKey(payloads->key()) == index) {
      if (database_->dropped.Has(payloads->key())) {
        ASSIGN_OR_RETURN(entry.erased_by, ErasedBy(index));
      } else {
        entry.payload = ViewOf(payloads->value());
      }
      const bool more = visit(entry);
      payloads->Next();
      return more;
    }
    RETURN_IF_ERROR(FromRocks(payloads->status(), "reading payloads"));
    ASSIGN_OR_RETURN(entry.erased_by, ErasedBy(index));
    if (!entry.erased_by.has_value()) {
      return Broken(absl::StrCat("payload ", index, " is missing"));
    }
    return visit(entry);
  };
  RETURN_IF_ERROR(
      ForEachHeader(range, [&](uint64_t index, std::string_view header) {
        const auto more = take(index, header);
        status = more.status();
        return status.ok() && *more;
      }));
  return status;
}

absl::StatusOr<std::vector<uint64_t>> Store::NotErased(
    const std::vector<uint64_t>& indices) const {
  std::vector<uint64_t> standing;
  for (const uint64_t index : indices) {
    ASSIGN_OR_RETURN(const auto erased_by, ErasedBy(index));
    if (!erased_by.has_value()) standing.push_back(index);
  }
  return standing;
}

// No deletion: it would leave the bytes in the files for as long as a snapshot
// of the map is kept.
absl::Status Store::Erase(const Erasing& erasing) {
  if (erasing.indices.empty()) return absl::OkStatus();
  rocksdb::WriteBatch batch;
  for (const uint64_t index : erasing.indices) {
    RETURN_IF_ERROR(FromRocks(
        batch.Put(database_->family(kErased), NumberKey(index),
                  EncodeMarker(erasing.order_index, /*purged=*/false)),
        "marking an erasure"));
  }
  RETURN_IF_ERROR(
      FromRocks(database_->db().Write(Synced(), &batch), "erasing payloads"));
  base::MutexLock lock(database_->purging);
  for (const uint64_t index : erasing.indices) {
    database_->dropped.Add(NumberKey(index));
  }
  database_->old_payloads = {};
  return absl::OkStatus();
}

absl::StatusOr<std::vector<uint64_t>> Store::UnpurgedErasures() const {
  std::vector<uint64_t> indices;
  const auto markers = database_->Iterate(kErased);
  for (markers->SeekToFirst(); markers->Valid(); markers->Next()) {
    RETURN_IF_ERROR(OrderOf(markers->value()).status());
    if (markers->value()[kMarkerBytes - 1] == '\0') {
      indices.push_back(NumberOfKey(markers->key()));
    }
  }
  RETURN_IF_ERROR(FromRocks(markers->status(), "reading erasures"));
  return indices;
}

absl::Status Store::PurgeErased(const std::vector<uint64_t>& indices) {
  std::vector<std::string> keys;
  keys.reserve(indices.size());
  for (const uint64_t index : indices) keys.push_back(NumberKey(index));
  base::MutexLock lock(database_->purging);
  return services::PurgeDropped(
      {*database_->rocks, database_->family(kPayloads), std::move(keys),
       &database_->purge_stop},
      database_->old_payloads);
}

void Store::StopPurging() { database_->purge_stop = true; }

absl::Status Store::FinishErasures(const std::vector<uint64_t>& indices) {
  rocksdb::WriteBatch batch;
  for (const uint64_t index : indices) {
    ASSIGN_OR_RETURN(const auto order, ErasedBy(index));
    if (!order.has_value()) continue;
    RETURN_IF_ERROR(
        FromRocks(batch.Put(database_->family(kErased), NumberKey(index),
                            EncodeMarker(*order, /*purged=*/true)),
                  "marking an erasure"));
  }
  return FromRocks(database_->db().Write(Synced(), &batch),
                   "finishing an erasure");
}

}  // namespace dataip::ledger
