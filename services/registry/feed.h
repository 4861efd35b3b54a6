// The feed of changes: what each reader is told next, and who waits for more.
// Waiting holds no thread but the feed's own one, which sleeps until the
// acknowledged entries grow or the first reader is to hear that it is still
// there.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/limits.h"
#include "core/base/mutex.h"
#include "dataip/registry/v1/queue_queries.pb.h"
#include "services/registry/acknowledged.h"
#include "services/registry/caller.h"

namespace dataip::registryd {

// A reader that has nothing else to hear gets an empty change so often.
inline constexpr std::chrono::milliseconds kFeedHeartbeat{15'000};

// Thread safe.
class Feed {
 public:
  // Both outlive it. It takes the acknowledged state's growth listener, and
  // begins at the projection's end: no entry may come meanwhile.
  Feed(Acknowledged& acknowledged, std::function<int64_t()> now_ms,
       std::chrono::milliseconds heartbeat = kFeedHeartbeat);
  // Stop().
  ~Feed();

  // Index after the last entry that can be told.
  uint64_t end() const;
  bool stopped() const;

  // A reader's place; given back by its destructor, before the feed's.
  class Place {
   public:
    ~Place();
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    friend class Feed;
    Place(Feed& feed, std::string actor, bool of_office)
        : feed_(feed), actor_(std::move(actor)), of_office_(of_office) {}
    Feed& feed_;
    const std::string actor_;
    const bool of_office_;
  };
  // `cut` ends the call of a reader that takes nothing while the feed stops;
  // from any thread, perhaps after its end. OVERLOADED when there are too many.
  absl::StatusOr<std::unique_ptr<Place>> Enter(const Caller& caller,
                                               std::function<void()> cut);

  // What a reader asks for.
  struct Asked {
    Caller caller;
    std::string party;  // number; empty = all
  };
  // NOT_FOUND for a party that there is not, and for a `from_index` behind the
  // end: nobody was told so much.
  absl::StatusOr<Asked> Check(const Caller& caller,
                              const v1::FollowChangesRequest& request) const;

  // The first change from `from` on, below `end`, that the reader may hear and
  // asked for. Without one: no objects, and the index of the last entry that
  // was looked at (`next` says where to go on).
  struct Told {
    v1::Change change;
    uint64_t next = 0;
    bool at_end = false;  // nothing further is below `end`
  };
  absl::StatusOr<Told> Next(const Asked& asked, uint64_t from,
                            uint64_t end) const;

  enum class Woken { kGrown, kHeartbeat, kStopped };
  using Waiter = std::function<void(Woken woken)>;
  // Calls `waiter` once, from the feed's thread, when there are entries from
  // `next` on, a heartbeat after `since`, or at the end of the feed. 0 when it
  // has stopped: then never.
  uint64_t Await(uint64_t next, std::chrono::steady_clock::time_point since,
                 Waiter waiter);
  // True when the waiter will never be called now.
  bool Cancel(uint64_t ticket);

  // Wakes all who wait, for the last time, and cuts the calls of readers that
  // have not gone after a moment.
  void Stop();

 private:
  struct Waiting {
    uint64_t next = 0;
    std::chrono::steady_clock::time_point until;
    Waiter waiter;
  };

  void Run();
  void Leave(const Place& place);
  // Whether the caller is the party, or an agent of it for the line's object.
  bool StandsFor(const registry::State& state, const Caller& caller,
                 const std::string& party, const ChangedLine& line) const;
  bool Hears(const registry::State& state, const Asked& asked,
             const ChangedLine& line) const;
  // The next entries below `end`, at most limits::kFeedEntriesRead.
  absl::StatusOr<std::vector<ChangedEntry>> Read(uint64_t from,
                                                 uint64_t end) const;
  // The first of them that the reader hears of; `next` goes behind the last
  // that was looked at.
  std::optional<v1::Change> HeardOf(const Asked& asked,
                                    const std::vector<ChangedEntry>& entries,
                                    uint64_t& next) const;
  // Those who are to be woken; waits until there are some, or it stops.
  std::vector<std::pair<Waiter, Woken>> TakeWoken();

  Acknowledged& acknowledged_;
  const std::function<int64_t()> now_ms_;
  const std::chrono::milliseconds heartbeat_;
  mutable base::Mutex mutex_;
  base::CondVar changed_;
  uint64_t end_ DATAIP_GUARDED_BY(mutex_) = 0;
  bool stopping_ DATAIP_GUARDED_BY(mutex_) = false;
  uint64_t tickets_ DATAIP_GUARDED_BY(mutex_) = 0;
  std::map<uint64_t, Waiting> waiting_ DATAIP_GUARDED_BY(mutex_);
  std::map<const Place*, std::function<void()>> places_
      DATAIP_GUARDED_BY(mutex_);
  std::map<std::string, size_t> places_of_ DATAIP_GUARDED_BY(mutex_);
  size_t places_of_parties_ DATAIP_GUARDED_BY(mutex_) = 0;
  std::thread thread_;
};

}  // namespace dataip::registryd
