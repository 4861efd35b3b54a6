// A whole ledger in one process: opened, checked, writing and serving. Knows
// no network.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/limits.h"
#include "core/base/mutex.h"
#include "services/common/latch.h"
#include "services/common/worker.h"
#include "services/ledger/backup.h"
#include "services/ledger/checkpointer.h"
#include "services/ledger/clock.h"
#include "services/ledger/eraser.h"
#include "services/ledger/mapper.h"
#include "services/ledger/meters.h"
#include "services/ledger/milestone.h"
#include "services/ledger/proofs.h"
#include "services/ledger/published.h"
#include "services/ledger/publisher.h"
#include "services/ledger/self_check.h"
#include "services/ledger/sequencer.h"
#include "services/ledger/states.h"
#include "services/ledger/store.h"

namespace dataip::ledger {

struct LedgerOptions {
  std::string database_path;   // created when there is none
  std::string published_path;  // outside the database and its backups
  Signing signing;
  TimeSource time = TimeSource::System();
  bool clock_confirmed = false;
  SequencerOptions sequencer;
  std::chrono::milliseconds sizes_kept{limits::kSizesKeptMs};
  size_t cache_bytes = limits::kDefaultDatabaseCacheBytes;
  size_t map_cache_bytes = limits::kDefaultMapCacheBytes;
  BackupOptions backup;
  WitnessOptions witnesses;
  services::Metrics* metrics = nullptr;  // outlives the ledger; may be none
};

// Ed25519 and SM2 key of a ledger, with what readers verify by.
// INVALID_ARGUMENT for another algorithm or an origin that formats.md 3
// refuses.
absl::StatusOr<Signing> MakeSigning(absl::string_view origin,
                                    crypto::PrivateKey ed25519,
                                    crypto::PrivateKey sm2);

// Thread safe.
class Ledger {
 public:
  // Creates the ledger in an empty directory. Fails as CheckAtStart and Rocks
  // do. Afterwards a seal that was written but not signed is on its way.
  static absl::StatusOr<std::unique_ptr<Ledger>> Open(LedgerOptions options);
  ~Ledger();

  // Ends backups, erasures and rebuilt states under way, soon, and answers
  // those that wait: for a server that stops, before it waits for its calls.
  void EndLongWork();
  // That, and ends writing: what is queued becomes durable, sealed and
  // published. Reading goes on.
  void Stop();

  // Set when the clock may not be believed, or a witness contradicts the
  // ledger: nothing is appended any more.
  services::Latch& halting() { return halting_; }

  const std::string& origin() const { return signing_.origin; }
  Sequencer& sequencer() { return *sequencer_; }
  const Store& store() const { return *store_; }
  const Tree& tree() const { return *tree_; }
  const States& states() const { return *states_; }
  Proofs& proofs() { return *proofs_; }
  Milestone& durable() { return *durable_; }      // entries readable
  Milestone& published() { return *published_; }  // size of the checkpoint
  Backups& backups() { return *backups_; }
  Meters* meters() { return meters_.get(); }  // null without metrics
  Eraser& eraser() { return *eraser_; }
  // For slow reads.
  services::Worker& rebuilds() { return *rebuilds_; }

 private:
  Ledger() = default;
  absl::Status ServePublished(const CheckedLedger& checked);
  // A witness has seen what this ledger did not sign: ends writing.
  void Refuse() DATAIP_EXCLUDES(stopping_);
  absl::Status SignLeftover(const CheckedLedger& checked);

  Signing signing_;
  services::Latch halting_;
  base::Mutex stopping_;  // the sequencer is stopped once
  std::unique_ptr<Meters> meters_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<PublishedFile> file_;
  std::unique_ptr<Tree> tree_;
  std::unique_ptr<States> states_;
  std::unique_ptr<Proofs> proofs_;
  std::unique_ptr<Backups> backups_;
  std::unique_ptr<Milestone> durable_;
  std::unique_ptr<Milestone> published_;
  // Threads, the last one first to end.
  std::unique_ptr<services::Worker> notifier_;
  std::unique_ptr<services::Worker> rebuilds_;
  std::unique_ptr<Eraser> eraser_;
  std::unique_ptr<Publisher> publisher_;
  std::unique_ptr<Checkpointer> checkpointer_;
  std::unique_ptr<Mapper> mapper_;
  std::unique_ptr<Sequencer> sequencer_;
};

}  // namespace dataip::ledger
