// Forgeries: one named edit of a ledger, made by somebody who holds all its
// keys. Everything after the edit is made again (events, headers, map, seals,
// chain, tree, checkpoint, every signature), so that hashes and signatures
// prove nothing and only the rules can tell.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/registry/state/state.h"
#include "dataip/registry/v1/command.pb.h"
#include "dataip/registry/v1/transition.pb.h"
#include "tests/support/ledger_book.h"

namespace dataip::test {

// A ledger open on the forger's desk.
class Forger {
 public:
  // What a forged entry says. The decision is made on `state`, which the
  // forger has doctored so that it comes out as wanted.
  struct Lie {
    registry::State state;
    v1::Command command;
    std::vector<std::string> signers;  // key ids
    int64_t decided_at_ms = 0;
  };

  Forger(LoadedBook book, KeyRing keys,
         std::vector<crypto::NoteSigner> signers);

  uint64_t size() const { return drafts_.size(); }
  const std::string& origin() const { return origin_; }
  Draft& draft(uint64_t index) { return drafts_[index]; }
  bool IsTransition(uint64_t index) const;
  // The body's kind; BODY_NOT_SET for what is no transition.
  v1::Command::BodyCase KindOf(uint64_t index) const;
  v1::Transition TransitionAt(uint64_t index) const;
  v1::Command CommandAt(uint64_t index) const;
  std::vector<std::string> SignersAt(uint64_t index) const;
  int64_t DecidedAtMs(uint64_t index) const;
  // Before the entry, as the ledger now says.
  registry::State StateBefore(uint64_t index) const;

  // A fresh key, known to this forger only.
  absl::StatusOr<std::string> NewKey();

  // A new command id and a window around the time of decision.
  void Refresh(v1::Command& command, int64_t decided_at_ms) const;

  // Signs and decides; FAILED_PRECONDITION when even the doctored state
  // refuses.
  absl::StatusOr<v1::Transition> Forge(const Lie& lie) const;

  absl::StatusOr<v1::SignedCommand> Sign(
      const v1::Command& command,
      const std::vector<std::string>& key_ids) const;

  // Header parts follow from the events.
  void Put(uint64_t index, const v1::Transition& transition);
  // Header parts stay.
  void PutPayload(uint64_t index, const v1::Transition& transition);
  void Insert(uint64_t index, const v1::Transition& transition);

  // Decides every transition from `index` on again. What is refused now
  // stays as it was.
  absl::Status Rebuild(uint64_t index);
  absl::StatusOr<Book> Finish() const;

 private:
  // The transition as `state` decides it; as it was when that is refused.
  absl::StatusOr<v1::Transition> Again(uint64_t index,
                                       const registry::State& state) const;

  std::string origin_;
  std::vector<Draft> drafts_;
  KeyRing keys_;
  std::vector<crypto::NoteSigner> note_signers_;
};

// One named edit. `rule` is what the audit must name.
struct NamedEdit {
  std::string name;
  std::string rule;
  std::string what_zh;
  std::string what_en;
  // Whether the entry that will be broken can be the one at this index.
  std::function<bool(const Forger&, uint64_t index)> fits;
  // Makes the edit; what follows is rebuilt from `index` + 1 afterwards.
  std::function<absl::Status(Forger&, uint64_t index)> apply;
  // An audit of hashes alone finds it too, at the same entry.
  bool hashes_see = false;
};

// Those that the sample ledger and a first demonstration have a place for.
const std::vector<NamedEdit>& NamedEdits();
// Those against the whole life of registrations; life_ledger.h has a place for
// each.
const std::vector<NamedEdit>& LifeEdits();

// The first index that fits; nothing when none does.
std::optional<uint64_t> FirstFit(const NamedEdit& edit, const Forger& forger);

// Applies the edit at `index`, which fits, and rebuilds the rest.
absl::StatusOr<Book> ForgeBook(Forger forger, const NamedEdit& edit,
                               uint64_t index);

}  // namespace dataip::test
