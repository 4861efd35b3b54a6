// The command loop: one thread that decides. It works on the working state =
// acknowledged state + own appends in flight, and rebuilds it when an append
// fails (architecture.md, "A command's way").
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/mutex.h"
#include "core/registry/state/state.h"
#include "services/common/latch.h"
#include "services/common/worker.h"
#include "services/registry/append_line.h"
#include "services/registry/certificate_signer.h"
#include "services/registry/clock_actor.h"
#include "services/registry/store.h"
#include "services/registry/submission.h"

namespace dataip::registryd {

// Thread safe.
class CommandLoop {
 public:
  // The references outlive it.
  struct Parts {
    client::LedgerClient& ledger;
    Acknowledged& acknowledged;
    Store& store;
    CertificateSigner signer;
    ClockActor clock_actor;
    std::function<int64_t()> now_ms;  // the real clock, Unix ms
    // Key id of the root that may open this registry; "" for nobody.
    std::string root_key;
  };

  explicit CommandLoop(Parts parts);
  // Stop().
  ~CommandLoop();

  // Reads the ledger to its tail, for what must be known before it is opened.
  absl::Status Read() { return line_.ReadToTail(); }
  // Reads on and opens an epoch of writing, which fences every other
  // registry. One attempt; nothing is decided before Start. OK too when the
  // ledger has entries and takes no more for now: reads go on, and the loop
  // tries again.
  absl::Status Open();
  const std::string& origin() const { return line_.origin(); }
  // What fell due is acted on before the first command.
  void Start();

  // Gets the command in line; `answer` is called once, perhaps before this
  // returns. NOT_SERVING when stopped, fenced or without a ledger, OVERLOADED
  // when the queue is full.
  void Submit(Submission submission, Answer answer);

  // Commands in line.
  size_t queued() const;
  // Why it decides no more: fenced, or the ledger is another one. OK else.
  absl::Status halted() const;
  // Set when it halts.
  services::Latch& halting() { return halting_; }

  // For a watchdog: whether the loop has turned since the last call, or has
  // been stopped. It turns every second; while it waits for the ledger, which
  // has a watchdog of its own, or reads it, it counts as turning.
  bool GoesOn();

  // Takes no more commands, decides those in line, and answers each: with
  // NOT_SERVING what is not done within `patience`.
  void Stop(std::chrono::milliseconds patience = std::chrono::seconds(3));

 private:
  struct Waiting {
    Submission submission;
    std::vector<Answer> answers;
  };
  // While it lives the loop is at the ledger, for as long as that takes.
  class AtLedger {
   public:
    explicit AtLedger(CommandLoop& loop);
    ~AtLedger();
    AtLedger(const AtLedger&) = delete;
    AtLedger& operator=(const AtLedger&) = delete;

   private:
    CommandLoop& loop_;
  };

  void Run();
  bool WaitForWork() DATAIP_EXCLUDES(mutex_);
  std::vector<Waiting> TakeWaiting() DATAIP_EXCLUDES(mutex_);
  void Recover();
  bool WaitToRetry(std::chrono::milliseconds pause);
  void Redo();
  bool PauseAfterQuickFailures(const absl::Status& why);
  void Halt(const absl::Status& why);
  void AnswerAll(const absl::Status& status);

  void Admit(Waiting waiting);
  void AdmitDecided(Waiting waiting);
  // erasing.cc: an order to erase is rehearsed and decided with nothing in
  // flight, and the state is made again when it is acknowledged.
  void AdmitErasure(Waiting waiting);
  absl::Status CheckErasure(Waiting& waiting);
  // One that is only to be validated is rehearsed aside: others are decided
  // meanwhile.
  void RehearseAside(Waiting waiting);
  absl::Status Rehearse(const std::string& origin,
                        const v1::ErasePayload& order) DATAIP_EXCLUDES(mutex_);
  bool AwaitAcknowledged() DATAIP_EXCLUDES(mutex_);
  void ReadAgain();
  bool AnswerIfSeen(Waiting& waiting);
  // Answers once all that the decision rests on is acknowledged.
  void AnswerLater(Waiting waiting, absl::StatusOr<Outcome> outcome);
  // Why the command is not this registry's, or not now; OK else.
  absl::Status CheckOwn(const v1::Command& command) const;
  // Whether OpenRegistry names the root that the operator configured.
  absl::Status CheckRoot(const v1::OpenRegistry& open) const;
  absl::StatusOr<Pending> Decide(Waiting& waiting);
  void ActOnDue();
  void Flush();

  client::LedgerClient& ledger_;
  Acknowledged& acknowledged_;
  Store& store_;
  const CertificateSigner signer_;
  const ClockActor clock_actor_;
  const std::function<int64_t()> now_ms_;
  const std::string root_key_;

  // Of the loop's thread.
  registry::State working_;
  std::vector<Pending> gathered_;
  size_t gathered_bytes_ = 0;
  bool without_ledger_told_ = false;
  std::chrono::steady_clock::time_point recovered_at_{};
  int quick_failures_ = 0;

  mutable base::Mutex mutex_;
  base::CondVar changed_;
  std::deque<Waiting> queue_ DATAIP_GUARDED_BY(mutex_);
  bool stopping_ DATAIP_GUARDED_BY(mutex_) = false;
  std::optional<std::chrono::steady_clock::time_point> stop_by_
      DATAIP_GUARDED_BY(mutex_);
  bool without_ledger_ DATAIP_GUARDED_BY(mutex_) = false;
  bool turned_ DATAIP_GUARDED_BY(mutex_) = true;
  int at_ledger_ DATAIP_GUARDED_BY(mutex_) = 0;
  absl::Status halted_ DATAIP_GUARDED_BY(mutex_);
  // Of rehearsals under way; Stop cancels them.
  std::set<client::EntryStream*> rehearsed_ DATAIP_GUARDED_BY(mutex_);
  services::Latch halting_;

  AppendLine line_;
  services::Worker rehearsals_;
  std::thread thread_;
};

}  // namespace dataip::registryd
