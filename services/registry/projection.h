// What reads want beside the state, kept in RocksDB and derived from the
// ledger alone: the steps of every stream, where a command and a
// certificate's issue stand, usage in the order recorded, what every entry
// changed. It may be deleted while the registry is down: replaying makes the
// same again, and so it does with one that an older program has made.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/mutex.h"
#include "dataip/registry/v1/registry_service.pb.h"
#include "services/registry/ledger_entry.h"
#include "services/registry/store.h"

namespace dataip::services {
class Rocks;
}  // namespace dataip::services

namespace dataip::registryd {

// A step of a history, and who is told of it. When `objection_no` is set, its
// actor may be the objector, whom not everybody knows.
struct PastStep {
  v1::HistoryStep step;
  Audience audience = Audience::kAll;
  std::string objection_no;
};

// One writer at a time; reads in any thread.
class Projection {
 public:
  // Begins anew, without a mark, when what is there has another format.
  static absl::StatusOr<std::unique_ptr<Projection>> Open(
      const std::string& path);
  ~Projection();

  // The last entry that it holds.
  const std::optional<LedgerMark>& mark() const { return mark_; }

  // Entries in the ledger's order, in one write with the new mark. Those up
  // to the mark are passed over.
  absl::Status Apply(std::span<const SeenEntry> entries);

  // Entries that an order to erase has put in another's place: their lines are
  // written again, and no file of the projection has the old ones afterwards.
  // Those done before are passed over.
  absl::Status Rewrite(std::span<const SeenEntry> entries);

  // Steps of a stream, e.g. `applications/20240000001`, oldest first: all that
  // happened to the object, whatever the entry was told under (history.h).
  absl::StatusOr<std::vector<PastStep>> History(
      const std::string& stream) const;

  // Index of the entry. NOT_FOUND when there is none.
  absl::StatusOr<uint64_t> CommandIndex(const std::string& actor,
                                        const std::string& command_id) const;
  absl::StatusOr<uint64_t> IssueIndex(
      const std::string& certificate_number) const;

  // Usage of a licence after the given key ("" for the first), at most
  // `lines`, each with its key.
  struct UsageLine {
    std::string key;
    v1::CountedUsage usage;
  };
  absl::StatusOr<std::vector<UsageLine>> Usage(const std::string& licence_no,
                                               const std::string& after,
                                               size_t lines) const;

  // What entries changed, from this index on, in the ledger's order, until
  // `take` answers false. Entries without lines are passed over. Waits for
  // Rewrite and makes it wait, so `take` is short and takes no lock.
  absl::Status ForEachChange(
      uint64_t from,
      const std::function<bool(const ChangedEntry& entry)>& take) const;

  // SHA-256 over everything stored, the mark included.
  absl::StatusOr<Hash> Digest() const;

 private:
  explicit Projection(std::unique_ptr<services::Rocks> rocks);
  absl::Status LoadMark();
  absl::StatusOr<bool> HasThisFormat() const;
  absl::StatusOr<uint64_t> IndexAt(size_t family, const std::string& key) const;

  std::unique_ptr<services::Rocks> rocks_;
  std::optional<LedgerMark> mark_;
  // A reader of changes keeps the files alive that a rewriting is to end.
  mutable base::Mutex changes_read_;
};

}  // namespace dataip::registryd
