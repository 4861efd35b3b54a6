// From a checkpoint that the ledger's keys have signed to one that is served.
//
// Without witnesses it is served at once. With them it is served with their
// cosignatures, so that checkpoints follow the witnesses' pace, one a second;
// entries are acknowledged meanwhile. A round asks all of them for the newest
// checkpoint, once a second at most:
//
//   quorum reached            served with the lines that came; those that come
//                             later in the second are added to it
//   not in time, publish      served as it is; until a later round reaches the
//                             quorum the next ones are served at once and the
//                             witnesses are asked beside, so nobody waits for
//                             witnesses that are away
//   not in time, hold         not served: the last witnessed one stays the
//                             newest, and the newest signed one is asked for
//                             again each second
//   contradicted, confirmed   nothing is signed or served any more
//
// `published` has been written before any of this: it says what was signed,
// not what was served, since a signed checkpoint is known to the witnesses.
// What was served stands in the store's archive, synced with or without
// witnesses, since the next start may have some: it serves that, and never
// less.
//
// A claim to have seen more is not signed. At a start, and until something is
// served, one is enough to refuse; later it is a witness that fails, until it
// is confirmed (witnesses.h).
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "core/base/mutex.h"
#include "services/common/metrics.h"
#include "services/ledger/milestone.h"
#include "services/ledger/signing.h"
#include "services/ledger/states.h"
#include "services/ledger/store.h"
#include "services/ledger/witnesses.h"

namespace dataip::ledger {

// Thread safe. A failed write ends the process.
class Publisher {
 public:
  struct Parts {
    const Signing& signing;
    Store& store;
    States& states;
    Milestone& published;
  };
  // `metrics` may be null and outlives this.
  Publisher(Parts parts, WitnessOptions options,
            const WitnessClient::ReaderOf& reader_of,
            services::Metrics* metrics);
  // As Stop.
  ~Publisher();

  // At a start, before Start: what was served last (null: nothing was), and
  // the newest that was signed (null: the same). Asks the witnesses for the
  // newest one, at most their timeout. DATA_LOSS, with what was found and what
  // to do, when one of them has seen what this ledger did not sign.
  absl::Status Resume(std::shared_ptr<State> served,
                      std::shared_ptr<State> newest);

  // Begins the thread that works with witnesses; without any there is none.
  // `refuse` is called from it, once, when a witness contradicts the ledger.
  void Start(std::function<void()> refuse);

  // Signed, written to `published`, larger than any before. Newest only.
  void Take(State state);

  // True when a witness contradicted the ledger: nothing may be signed.
  bool refuses() const;

  // Gives what was taken one more round, then ends the thread.
  void Stop();

 private:
  using Time = std::chrono::steady_clock::time_point;
  // The checkpoint that the witnesses are asked for.
  struct Round {
    std::shared_ptr<State> state;
    Time until;
    bool served = false;   // its state, maybe by a round before
    bool decided = false;  // quorum or not
    size_t lines = 0;      // that were served
  };

  void Run();
  // Until there may be something to do. False when all is done and the thread
  // is to end.
  bool Wait();
  Time NextTime() const DATAIP_REQUIRES(mutex_);
  bool HasWork() const DATAIP_REQUIRES(mutex_);
  // The note as the ledger signed it, with the lines of witnesses that are
  // asked and verify: what stands in the archive may be damaged, or of
  // witnesses that are not asked any more.
  std::string WithKnownLines(const std::string& note) const;
  void Begin(std::shared_ptr<State> state, bool served);
  void BeginWhatIsDue();
  void LookAtRound();
  void Decide(const Gathered& gathered);
  // With these lines of witnesses instead of those that its note has, if there
  // are any.
  void Serve(const State& state, const std::string& lines);
  void SetConflict(bool conflict) const;
  void SetWitnessed(bool witnessed);
  bool holds() const { return options_.policy == WitnessPolicy::kHold; }

  const Parts parts_;
  const WitnessOptions options_;
  services::Metrics* const metrics_;

  mutable base::Mutex mutex_;
  base::CondVar changed_;
  std::shared_ptr<State> next_ DATAIP_GUARDED_BY(mutex_);  // not served
  bool answered_ DATAIP_GUARDED_BY(mutex_) = false;
  bool refuses_ DATAIP_GUARDED_BY(mutex_) = false;
  std::optional<Time> stop_by_ DATAIP_GUARDED_BY(mutex_);

  // The thread only.
  std::function<void()> refuse_;
  std::optional<Round> round_;
  Time next_round_;
  bool witnessed_ = true;  // the last round reached the quorum

  std::unique_ptr<Witnesses> witnesses_;  // null: nobody is asked
  std::thread thread_;
};

}  // namespace dataip::ledger
