// Who uploaded which file and when. A command may name a file only when one of
// those who send or sign it uploaded it: whoever knows a file's SHA-256 alone
// neither gets it nor learns whether it is here.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/limits.h"
#include "core/base/mutex.h"
#include "core/hash/hash.h"
#include "services/registry/store.h"

namespace dataip::registryd {

// Thread safe.
class Uploads {
 public:
  struct Bounds {
    uint64_t of_one = limits::kUnfiledBytesOfOne;
    uint64_t of_all = limits::kUnfiledBytes;
  };
  // Reads what the store knows; `store` outlives it.
  static absl::StatusOr<std::unique_ptr<Uploads>> Open(
      Store& store, std::function<int64_t()> now_ms, const Bounds& bounds);

  // Room for an upload under way; given back by its destructor.
  class Room {
   public:
    ~Room();
    Room(const Room&) = delete;
    Room& operator=(const Room&) = delete;

   private:
    friend class Uploads;
    Room(Uploads& uploads, std::string actor, uint64_t bytes)
        : uploads_(uploads), actor_(std::move(actor)), bytes_(bytes) {}
    Uploads& uploads_;
    const std::string actor_;
    const uint64_t bytes_;
  };
  // TOO_LARGE when the actor has uploaded too much that no command came for,
  // OVERLOADED when all have. Answers alike whether the file is here or not.
  absl::StatusOr<std::unique_ptr<Room>> Reserve(const std::string& actor,
                                                uint64_t byte_size);

  // That the actor has uploaded the file; "" is who came without TLS.
  absl::Status Note(const std::string& actor, const Hash& sha256,
                    uint64_t byte_size);
  // Whether one of the actors uploaded it within limits::kUnusedFileKeptS.
  bool Has(const std::set<std::string>& actors, const Hash& sha256) const;

  // A command that names the file is recorded: it counts no more.
  void Filed(const Hash& sha256);
  // The same for the files that they open.
  void Filed(const std::vector<StoredOpening>& openings);
  // Nobody has uploaded it: it is gone.
  absl::Status Forget(const Hash& sha256);
  // Forgets those that are older than limits::kUnusedFileKeptS.
  absl::Status Sweep();

 private:
  struct Upload {
    int64_t at_ms = 0;
    uint64_t bytes = 0;
    bool filed = false;
  };
  using ByActor = std::map<std::string, Upload>;

  Uploads(Store& store, std::function<int64_t()> now_ms, const Bounds& bounds)
      : store_(store), now_ms_(std::move(now_ms)), bounds_(bounds) {}
  bool IsFresh(const Upload& upload) const;
  void Add(const std::string& actor, uint64_t bytes) DATAIP_REQUIRES(mutex_);
  void Take(const std::string& actor, uint64_t bytes) DATAIP_REQUIRES(mutex_);
  void TakeUnfiled(const std::string& actor, Upload& upload)
      DATAIP_REQUIRES(mutex_);

  Store& store_;
  const std::function<int64_t()> now_ms_;
  const Bounds bounds_;
  mutable base::Mutex mutex_;
  std::map<Hash, ByActor> uploads_ DATAIP_GUARDED_BY(mutex_);
  // Not filed or under way.
  std::map<std::string, uint64_t> bytes_of_ DATAIP_GUARDED_BY(mutex_);
  uint64_t bytes_ DATAIP_GUARDED_BY(mutex_) = 0;
};

}  // namespace dataip::registryd
