// What the registry keeps and the ledger does not have: the openings of
// commitments (formats.md 1), how far this registry has seen the ledger, and
// the key of its page tokens. Openings are sealed under a master key of their
// own (core/crypto/sealed_record.h). Losing either loses data for ever;
// everything else on disk but the files is derived.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/mutex.h"
#include "core/crypto/sealed_record.h"
#include "core/hash/hash.h"

namespace dataip::services {
class Rocks;
}  // namespace dataip::services

namespace dataip::registryd {

using hash::Hash;

// An entry that was seen on the ledger.
struct LedgerMark {
  uint64_t index = 0;
  Hash leaf_hash;

  friend bool operator==(const LedgerMark&, const LedgerMark&) = default;
};

// 40 bytes, as stored.
std::string EncodeMark(const LedgerMark& mark);
// Nothing for anything that EncodeMark does not make.
std::optional<LedgerMark> DecodeMark(Bytes bytes);

// A commitment's opening under the commitment's digest.
struct StoredOpening {
  Hash digest;
  std::string salt;  // 32 bytes
  std::string value;
};

// Thread safe.
class Store {
 public:
  // The master key's file is made when nothing was sealed yet and it is
  // missing; an empty `key_path` means `path` + ".key". Openings that an older
  // version left in clear are sealed, and what was ordered erased is purged,
  // before it returns. FAILED_PRECONDITION when another process has it open;
  // INVALID_ARGUMENT when the key is missing or another one than that which
  // the openings were sealed under.
  static absl::StatusOr<std::unique_ptr<Store>> Open(
      const std::string& path, const std::string& key_path = "");
  ~Store();

  // All of them, synced before it returns.
  absl::Status PutOpenings(const std::vector<StoredOpening>& openings);
  // Sees the openings that PutOpenings has stored. Must be set before they
  // are put.
  using OpeningsSink =
      std::function<void(const std::vector<StoredOpening>& openings)>;
  void SetOpeningsSink(OpeningsSink sink) { openings_sink_ = std::move(sink); }
  // Whether there is a record of it, readable or not.
  absl::StatusOr<bool> HasOpening(const Hash& digest) const;
  // NOT_FOUND when it was erased or never sent, DATA_LOSS when the record was
  // changed on the disk.
  absl::StatusOr<StoredOpening> GetOpening(const Hash& digest) const;
  // All of them, in no order that means anything.
  absl::Status ForEachOpening(
      const std::function<void(const StoredOpening& opening)>& take) const;
  // Deletes the openings whose digest `keep` refuses; says how many. The disk
  // forgets them with the next compaction, which this starts.
  absl::StatusOr<uint64_t> SweepOpenings(
      const std::function<bool(const Hash& digest)>& keep);

  // A sealed sketch (sketch_desk.h) of the file that this commitment opens. It
  // goes where the opening goes: swept, erased and purged with it. NOT_FOUND
  // when the opening is not here. Not synced: it can be made again.
  absl::Status PutSketch(const Hash& digest, const std::string& sealed);
  // NOT_FOUND when there is none.
  absl::StatusOr<std::string> GetSketch(const Hash& digest) const;

  // Deletes them, synced before it returns; those that are not there are no
  // fault. The disk forgets them with PurgeErased.
  absl::Status EraseOpenings(const std::vector<Hash>& digests);
  // The values of 32 bytes that were erased since the last ForgetErased: what
  // may be the SHA-256 of a file. Not kept over a restart.
  std::set<Hash> ErasedDigests() const;
  void ForgetErased(const std::set<Hash>& digests);
  // Whether openings had been erased and not purged when it was opened.
  bool opened_unpurged() const { return opened_unpurged_; }
  // Rewrites the files that may still hold what was erased; does nothing when
  // there is nothing. UNAVAILABLE when it has to be called again.
  absl::Status PurgeErased();

  // Records of who uploaded what (uploads.h). Not synced.
  absl::Status PutUpload(const std::string& key, const std::string& record);
  absl::Status DeleteUpload(const std::string& key);
  absl::Status ForEachUpload(
      const std::function<void(const std::string& key,
                               const std::string& record)>& take) const;

  // The last entry seen; not synced, it may lag behind after a crash.
  absl::Status SetMark(const LedgerMark& mark);
  absl::StatusOr<std::optional<LedgerMark>> GetMark() const;

  // 32 random bytes, the same for the life of the store.
  const std::string& token_key() const { return token_key_; }

 private:
  explicit Store(std::unique_ptr<services::Rocks> rocks);
  absl::Status LoadTokenKey();
  absl::Status LoadSealer(const std::string& key_path);
  absl::Status SealPlainOpenings();
  absl::StatusOr<StoredOpening> Unseal(const Hash& digest,
                                       absl::string_view record) const;

  std::unique_ptr<services::Rocks> rocks_;
  std::optional<crypto::RecordSealer> sealer_;
  std::string token_key_;
  OpeningsSink openings_sink_;
  bool opened_unpurged_ = false;
  // No sketch is put while its opening is being deleted.
  mutable base::Mutex deleting_;
  std::set<Hash> erased_ DATAIP_GUARDED_BY(deleting_);
};

}  // namespace dataip::registryd
