#include "services/ledger/proofs.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/proof/header.h"
#include "core/proof/note.h"
#include "core/proof/seal.h"
#include "services/common/error.h"
#include "services/ledger/stored_entry.h"

namespace dataip::ledger {
namespace {

absl::Status Lost(const std::string& en, const std::string& zh) {
  return services::MakeStatus(rpc::v1::DATA_LOSS,
                              {absl::StrCat(en, "; tell the ledger's operator"),
                               absl::StrCat(zh, "；请通知账本运维方")});
}

absl::Status NotPublished(uint64_t size) {
  return services::MakeStatus(
      rpc::v1::NOT_FOUND,
      {absl::StrCat("no checkpoint of size ", size, " was published"),
       absl::StrCat("没有规模为 ", size, " 的已公布检查点")});
}

absl::Status TreeIsDamaged() {
  return Lost("the tiles do not lead to the signed root",
              "树节点与已签名的根不符");
}

// Of a checkpoint that this ledger has signed.
absl::StatusOr<Hash> RootOf(const std::string& note) {
  const auto parsed = proof::ParseNote(note);
  const auto checkpoint = parsed.ok()
                              ? proof::ParseCheckpoint(parsed->text)
                              : proof::Parsed<proof::Checkpoint>(parsed.flaw);
  if (checkpoint.ok()) return checkpoint->root;
  return Lost("a stored checkpoint is broken", "存储的检查点已损坏");
}

}  // namespace

absl::StatusOr<State> ReadState(const Store& store, uint64_t size,
                                std::string note) {
  State state;
  state.size = size;
  state.note = std::move(note);
  ASSIGN_OR_RETURN(state.seal_header, store.ReadHeader(size - 1));
  ASSIGN_OR_RETURN(state.seal_payload, ReadSealPayload(store, size - 1));
  const auto header = proof::DecodeHeader(hash::AsBytes(state.seal_header));
  if (!header.ok() || header->type != proof::kSealType) {
    return Lost(absl::StrCat("entry ", size - 1, " is not a seal"),
                absl::StrCat("条目 ", size - 1, " 不是封印"));
  }
  state.seal_time_ms = header->time_ms;
  return state;
}

absl::StatusOr<std::shared_ptr<const State>> Proofs::Find(uint64_t size) const {
  auto state = size == 0 ? states_.Newest() : states_.At(size);
  if (state != nullptr && state->map != nullptr) return state;
  if (state == nullptr && size == 0) {
    return services::MakeStatus(rpc::v1::NOT_FOUND,
                                {"no checkpoint yet: the ledger has no entries",
                                 "尚无检查点：账本还没有条目"});
  }
  if (state == nullptr &&
      absl::IsNotFound(store_.ReadCheckpoint(size).status())) {
    return NotPublished(size);
  }
  return std::shared_ptr<const State>();
}

absl::StatusOr<std::shared_ptr<const State>> Proofs::Rebuild(uint64_t size) {
  if (size == 0) {
    const auto newest = states_.Newest();
    if (newest == nullptr) return NotPublished(size);
    size = newest->size;
  }
  base::MutexLock lock(mutex_);
  if (rebuilt_ != nullptr && rebuilt_->size == size) return rebuilt_;
  ASSIGN_OR_RETURN(std::string note, store_.ReadCheckpoint(size));
  ASSIGN_OR_RETURN(State state, ReadState(store_, size, std::move(note)));
  // What was rebuilt last makes room first.
  rebuilt_ = nullptr;
  ASSIGN_OR_RETURN(state.map, rebuilds_.Rebuild(store_, size - 1));
  const auto seal = proof::DecodeSeal(hash::AsBytes(state.seal_payload));
  if (!seal.ok() || seal->map_root != state.map->root()) {
    return Lost(absl::StrCat("the map of size ", size,
                             " does not have the root of its seal"),
                absl::StrCat("规模 ", size, " 的映射与其封印的根不符"));
  }
  rebuilt_ = std::make_shared<State>(std::move(state));
  return rebuilt_;
}

absl::StatusOr<StateProofs> Proofs::Prove(const State& state,
                                          const ProofsWanted& wanted) const {
  const proof::NodeReader read = tree_.Reader();
  ASSIGN_OR_RETURN(const Hash root, RootOf(state.note));
  const auto inclusion = [&](uint64_t index) -> absl::StatusOr<proof::Path> {
    auto path = proof::InclusionPath(index, state.size, read);
    ASSIGN_OR_RETURN(const std::string header, store_.ReadHeader(index));
    if (path.has_value() &&
        proof::VerifyInclusion(hash::LeafHash(hash::AsBytes(header)), index,
                               state.size, *path, root)) {
      return *std::move(path);
    }
    return Lost(absl::StrCat("header ", index,
                             " or its tiles do not lead to the signed root"),
                absl::StrCat("条目头 ", index, " 或其树节点与已签名的根不符"));
  };
  StateProofs proofs;
  ASSIGN_OR_RETURN(proofs.seal, inclusion(state.size - 1));
  for (size_t i = 0; i < wanted.indices.size(); ++i) {
    if (wanted.indices[i] >= state.size) {
      return services::InvalidField(
          absl::StrCat("indices[", i, "]"),
          {absl::StrCat("must be below the size ", state.size),
           absl::StrCat("须小于规模 ", state.size)});
    }
    ASSIGN_OR_RETURN(proof::Path path, inclusion(wanted.indices[i]));
    proofs.inclusions.push_back(std::move(path));
  }
  for (const std::string& key : wanted.keys) {
    ASSIGN_OR_RETURN(proof::MapProof proof, state.map->Prove(key));
    proofs.map_proofs.push_back(std::move(proof));
  }
  return proofs;
}

absl::StatusOr<proof::Path> Proofs::Consistency(const Sizes& sizes) const {
  const auto newest = states_.Newest();
  const uint64_t published = newest == nullptr ? 0 : newest->size;
  if (sizes.old_size == 0 || sizes.old_size > sizes.new_size) {
    return services::InvalidField("old_size",
                                  {"must be at least 1 and at most new_size",
                                   "须不小于 1 且不大于 new_size"});
  }
  if (sizes.new_size > published) {
    return services::InvalidField(
        "new_size", {absl::StrCat("at most the published size ", published),
                     absl::StrCat("不得大于已公布的规模 ", published)});
  }
  ASSIGN_OR_RETURN(const Hash root, RootOfSize(sizes.new_size, *newest));
  return PathTo(root, sizes);
}

// The one that was signed, or one that leads on to it: an answer that no root
// vouches for would accuse the ledger of a fork when only a tile is damaged.
absl::StatusOr<Hash> Proofs::RootOfSize(uint64_t size,
                                        const State& newest) const {
  if (size == newest.size) return RootOf(newest.note);
  const auto note = store_.ReadCheckpoint(size);
  if (note.ok()) return RootOf(*note);
  if (!absl::IsNotFound(note.status())) return note.status();
  ASSIGN_OR_RETURN(const Hash newest_root, RootOf(newest.note));
  RETURN_IF_ERROR(PathTo(newest_root, {size, newest.size}).status());
  const auto root = proof::RootAt(size, tree_.Reader());
  if (root.has_value()) return *root;
  return TreeIsDamaged();
}

absl::StatusOr<proof::Path> Proofs::PathTo(const Hash& new_root,
                                           const Sizes& sizes) const {
  const proof::NodeReader read = tree_.Reader();
  auto path = proof::ConsistencyPath(sizes.old_size, sizes.new_size, read);
  const auto old_root = proof::RootAt(sizes.old_size, read);
  if (path.has_value() && old_root.has_value() &&
      proof::VerifyConsistency(sizes.old_size, sizes.new_size, *old_root,
                               new_root, *path)) {
    return *std::move(path);
  }
  return TreeIsDamaged();
}

}  // namespace dataip::ledger
