// Signs: from a durable seal to a checkpoint that may be served (publisher.h).
//
// Order (architecture.md, "Ledger service"): the seal is durable; its new
// leaves are hashed a second time from the stored bytes; the root is signed;
// the `published` file is written; only then is the checkpoint served. Sizes
// served never shrink.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "core/base/mutex.h"
#include "core/crypto/note_signer.h"
#include "core/proof/tree.h"
#include "services/ledger/milestone.h"
#include "services/ledger/published.h"
#include "services/ledger/publisher.h"
#include "services/ledger/signing.h"
#include "services/ledger/states.h"
#include "services/ledger/store.h"

namespace dataip::ledger {

// A durable seal, and what the sequencer says about it.
struct Sealed {
  Hash root;
  Hash chain_head;
  State state;  // without the note
};

// One thread of its own; Submit from any. A failure ends the process: signing
// something else than what is stored, or a failed sync, is not survived. No
// free descriptor is no failure: nothing was written, it tries again.
class Checkpointer {
 public:
  struct Parts {
    Store& store;
    PublishedFile& file;
    const Signing& signing;
    Publisher& publisher;
  };
  // `signed_edge` is the tree of the last published checkpoint.
  Checkpointer(Parts parts, proof::Frontier signed_edge);
  // As Stop.
  ~Checkpointer();

  // Newest only: a seal that was not begun gives way to a later one.
  void Submit(Sealed sealed);

  // Publishes what was submitted, then ends the thread. What cannot be written
  // for want of a descriptor is left for the next start after a while.
  void Stop();

 private:
  void Run();
  void Publish(Sealed sealed);
  absl::Status HashAgain(const Sealed& sealed);
  // UNAVAILABLE when the ledger stops and there is still no descriptor.
  absl::Status Write(const std::string& note);
  absl::StatusOr<std::string> Sign(const Sealed& sealed) const;

  const Parts parts_;
  proof::Frontier edge_;  // from stored bytes
  base::Mutex mutex_;
  base::CondVar changed_;
  std::unique_ptr<Sealed> next_ DATAIP_GUARDED_BY(mutex_);
  bool stopping_ DATAIP_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dataip::ledger
