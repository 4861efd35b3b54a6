// The way from decided commands to acknowledged entries: an epoch of writing,
// its stream, and the thread that takes the acknowledgements.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/ledger_client.h"
#include "core/base/mutex.h"
#include "core/registry/state/header_of.h"
#include "services/registry/acknowledged.h"
#include "services/registry/submission.h"

namespace dataip::registryd {

// A command that was refused, or only validated, on a state that rests on
// entries still on their way: answered once those are acknowledged, decided
// again when they are not.
struct Held {
  Submission submission;
  std::vector<Answer> answers;
  absl::StatusOr<Outcome> outcome;
};

// A decided command on its way.
struct Pending {
  Submission submission;
  std::vector<Answer> answers;  // none: nobody asks
  v1::Transition transition;
  registry::EntryParts parts;
  std::vector<v1::Finding> findings;
  std::string payload;
  std::vector<Held> held;  // decided after it, before the next
};

// For one thread (the command loop), but for Join and the callbacks.
class AppendLine {
 public:
  struct Options {
    std::string instance_id;
    // Runs in the line's own thread, when the last of what was sent is
    // acknowledged or the stream has ended.
    std::function<void()> changed;
  };

  // The references outlive it.
  AppendLine(client::LedgerClient& ledger, Acknowledged& acknowledged,
             Options options);
  ~AppendLine();

  // Reads the ledger to its tail into the acknowledged state and opens an
  // epoch. Entries of ours among them are answered. FENCED when another
  // writer's entries are found after this line was open once. The errors of
  // the connection may be tried again.
  absl::Status Open();
  // Not opened, for this reason: broken() until Open succeeds.
  void OpenLater(absl::Status why);
  // Reads on without opening: to settle what was sent when it is fenced. Reads
  // everything again when an order to erase names what was taken before.
  absl::Status ReadToTail();
  const std::string& origin() const { return origin_; }

  struct Bounds {
    int64_t not_before_ms = 0;
    int64_t not_after_ms = 0;
  };
  // Sends the commands as one message; they are answered when acknowledged.
  void Send(std::vector<Pending> commands, const Bounds& bounds);

  // Adds an answer to a command that is on its way; false when it is not.
  bool Join(const std::string& actor, const std::string& command_id,
            const Answer& answer);

  // Keeps the answer until all that was sent is acknowledged. False, and
  // `held` as it was, when nothing is in flight.
  bool Hold(Held& held);

  size_t messages_in_flight() const;
  // Whether so much is on its way, or held for it, that the rest has to wait.
  bool full() const;
  // How the stream ended; nothing while it lives.
  std::optional<absl::Status> broken() const;
  // Takes back what is not acknowledged, after the stream has ended.
  std::vector<Pending> TakeBack();
  // Takes the answers of all that is in flight; the commands stay known.
  std::vector<Answer> TakeAnswers();
  // Ends the stream and waits for its thread; what was sent stays in flight.
  void Close();

 private:
  struct Message {
    uint64_t sequence = 0;
    std::vector<Pending> commands;
  };

  absl::Status ReadOn();
  absl::Status LearnErasureOf(const ledger::v1::Entry& entry);
  void Listen();
  absl::Status TakeResponse(const ledger::v1::AppendResponse& response);
  // Whether the entry is the next of ours; then it is answered.
  bool AnswerIfOurs(const SeenEntry& seen);

  client::LedgerClient& ledger_;
  Acknowledged& acknowledged_;
  const Options options_;
  std::string origin_;
  bool was_open_ = false;
  uint64_t epoch_ = 0;
  uint64_t next_sequence_ = 0;
  std::unique_ptr<client::AppendStream> stream_;
  std::thread listener_;

  mutable base::Mutex mutex_;
  std::deque<Message> messages_ DATAIP_GUARDED_BY(mutex_);
  std::optional<absl::Status> broken_ DATAIP_GUARDED_BY(mutex_);
};

}  // namespace dataip::registryd
