#include "tests/support/whole_ledger.h"

#include <chrono>
#include <optional>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/proof/chain.h"
#include "core/proof/header.h"
#include "core/proof/map.h"
#include "core/proof/note.h"
#include "core/proof/seal.h"
#include "core/proof/tree.h"
#include "dataip/ledger/v1/ledger.pb.h"

namespace dataip::test {
namespace {

constexpr size_t kSampledKeys = 8;

absl::Status Wrong(const std::string& what) {
  return absl::DataLossError(what);
}

bool IsForeign(const proof::EntryHeader& header) {
  return header.type.rfind(proof::kLedgerTypePrefix, 0) != 0;
}

class Reading {
 public:
  explicit Reading(const Witnessed& witnessed)
      : witnessed_(witnessed),
        chain_head_(proof::ChainStart(witnessed.origin)) {}

  // The next entry.
  absl::Status Add(const ledger::v1::Entry& entry);
  // After the last: the newest checkpoint against it.
  absl::Status CheckNewest(const std::string& note);
  absl::Status CheckKeys(client::LedgerClient& ledger);
  Contents Take();

 private:
  absl::Status AddSeal(const proof::EntryHeader& header,
                       const std::string& payload);
  absl::Status AddForeign(const proof::EntryHeader& header,
                          const Hash& leaf_hash);
  absl::Status CheckServed();

  const Witnessed& witnessed_;
  Contents contents_;
  Hash chain_head_;
  int64_t time_ms_ = 0;
  proof::Frontier tree_;
  proof::Map map_;
  std::map<std::string, Hash> values_;  // of every key, now
  // As of the last seal.
  Hash sealed_map_root_;
  std::map<std::string, Hash> sealed_values_;
};

absl::Status Reading::Add(const ledger::v1::Entry& entry) {
  const uint64_t index = contents_.size++;
  const std::string where = absl::StrCat("entry ", index, ": ");
  const auto header = proof::DecodeHeader(hash::AsBytes(entry.header()));
  if (!header.ok()) return Wrong(where + proof::Describe(header.flaw));
  if (entry.index() != index || header->index != index) {
    return Wrong(where + "another index");
  }
  if (header->prev != chain_head_) return Wrong(where + "the chain is broken");
  if (header->time_ms < time_ms_) return Wrong(where + "time went back");
  if (entry.payload_status() != ledger::v1::PRESENT ||
      !proof::PayloadMatches(*header, hash::AsBytes(entry.payload()))) {
    return Wrong(where + "the payload is another");
  }
  const Hash leaf_hash = hash::LeafHash(hash::AsBytes(entry.header()));
  if (IsForeign(*header)) {
    RETURN_IF_ERROR(AddForeign(*header, leaf_hash));
  } else if (header->type == proof::kSealType) {
    RETURN_IF_ERROR(AddSeal(*header, entry.payload()));
  }
  chain_head_ = proof::NextPrev(hash::AsBytes(entry.header()));
  time_ms_ = header->time_ms;
  tree_.Append(leaf_hash);
  return CheckServed();
}

absl::Status Reading::AddForeign(const proof::EntryHeader& header,
                                 const Hash& leaf_hash) {
  contents_.has_foreign = true;
  contents_.foreign_index = header.index;
  contents_.foreign_leaf_hash = leaf_hash;
  const auto [before, fresh] =
      contents_.payloads.try_emplace(header.payload_sha256, header.index);
  if (!fresh) {
    return Wrong(absl::StrCat("entry ", header.index, " is there twice: as ",
                              before->second, " too"));
  }
  const auto known = witnessed_.acknowledged.find(header.index);
  if (known != witnessed_.acknowledged.end() &&
      known->second.leaf_hash != leaf_hash) {
    ++contents_.lost;
  }
  for (const proof::Update& update : header.updates) {
    map_.Set(update.key, update.value);
    values_[update.key] = update.value;
  }
  return absl::OkStatus();
}

absl::Status Reading::AddSeal(const proof::EntryHeader& header,
                              const std::string& payload) {
  const auto seal = proof::CheckSeal(header, hash::AsBytes(payload));
  const std::string where = absl::StrCat("seal ", header.index, ": ");
  if (!seal.ok()) return Wrong(where + proof::Describe(seal.flaw));
  if (seal->map_root != map_.Root()) return Wrong(where + "another map root");
  sealed_map_root_ = seal->map_root;
  sealed_values_ = values_;
  return absl::OkStatus();
}

absl::Status Reading::CheckServed() {
  const auto served = witnessed_.served.find(contents_.size);
  if (served == witnessed_.served.end() || served->second == tree_.Root()) {
    return absl::OkStatus();
  }
  return Wrong(absl::StrCat("the checkpoint served at size ", contents_.size,
                            " had another root"));
}

absl::Status Reading::CheckNewest(const std::string& note) {
  const auto verified = crypto::VerifyNote(note, witnessed_.verifiers);
  RETURN_IF_ERROR(verified.status());
  const auto checkpoint = proof::ParseCheckpoint(verified->text);
  if (!checkpoint.ok() || !crypto::AllSigned(*verified) ||
      checkpoint->origin != witnessed_.origin) {
    return Wrong("the newest checkpoint does not hold");
  }
  if (checkpoint->size != contents_.size || checkpoint->root != tree_.Root() ||
      verified->chain_head != chain_head_) {
    return Wrong(absl::StrCat("the newest checkpoint, of size ",
                              checkpoint->size, ", has another root"));
  }
  if (!witnessed_.served.empty() &&
      witnessed_.served.rbegin()->first > checkpoint->size) {
    return Wrong(absl::StrCat("sizes served shrank from ",
                              witnessed_.served.rbegin()->first, " to ",
                              checkpoint->size));
  }
  return absl::OkStatus();
}

absl::StatusOr<proof::MapProof> ReadProof(const ledger::v1::MapProof& from) {
  proof::MapProof proof;
  for (const std::string& sibling : from.siblings()) {
    const auto hash = Hash::From(hash::AsBytes(sibling));
    if (!hash.has_value()) return Wrong("a map proof does not decode");
    proof.siblings.push_back(*hash);
  }
  if (from.has_terminal()) {
    const auto key = Hash::From(hash::AsBytes(from.terminal().key_hash()));
    const auto value = Hash::From(hash::AsBytes(from.terminal().value()));
    if (!key.has_value() || !value.has_value()) {
      return Wrong("a map proof does not decode");
    }
    proof.terminal = proof::MapProof::Terminal{*key, *value};
  }
  return proof;
}

absl::Status Reading::CheckKeys(client::LedgerClient& ledger) {
  ledger::v1::GetStateProofRequest request;
  request.set_size(contents_.size);
  request.add_keys("certificates/none");
  const size_t step = sealed_values_.size() / kSampledKeys + 1;
  size_t at = 0;
  for (const auto& [key, value] : sealed_values_) {
    if (at++ % step == 0) request.add_keys(key);
  }
  ASSIGN_OR_RETURN(const auto response, ledger.GetStateProof(request));
  if (response.map_proofs_size() != request.keys_size()) {
    return Wrong("a map proof is missing");
  }
  for (int i = 0; i < request.keys_size(); ++i) {
    const std::string& key = request.keys(i);
    ASSIGN_OR_RETURN(const auto proof, ReadProof(response.map_proofs(i)));
    const bool holds = i == 0
                           ? proof::VerifyAbsence(key, proof, sealed_map_root_)
                           : proof::VerifyPresence(key, sealed_values_[key],
                                                   proof, sealed_map_root_);
    if (!holds) return Wrong("the map proof does not hold of " + key);
  }
  return absl::OkStatus();
}

Contents Reading::Take() {
  for (const auto& [index, entry] : witnessed_.acknowledged) {
    if (index >= contents_.size) ++contents_.lost;
  }
  return std::move(contents_);
}

absl::Status ReadOn(client::LedgerClient& ledger, Reading& reading,
                    uint64_t* size) {
  ledger::v1::ReadEntriesRequest request;
  request.set_start_index(*size);
  request.set_with_payloads(true);
  const auto stream = ledger.ReadEntries(request);
  while (true) {
    ASSIGN_OR_RETURN(const auto next, stream->Next());
    if (!next.has_value()) return absl::OkStatus();
    for (const ledger::v1::Entry& entry : next->entries()) {
      RETURN_IF_ERROR(reading.Add(entry));
      ++*size;
    }
  }
}

}  // namespace

absl::StatusOr<Contents> CheckWholeLedger(client::LedgerClient& ledger,
                                          const Witnessed& witnessed) {
  Reading reading(witnessed);
  uint64_t size = 0;
  // Until the checkpoint covers all that was read: a seal follows the last
  // entry by itself.
  while (true) {
    RETURN_IF_ERROR(ReadOn(ledger, reading, &size));
    if (size == 0) return reading.Take();
    ASSIGN_OR_RETURN(const auto checkpoint, ledger.GetCheckpoint(size));
    if (checkpoint.size() > size) continue;
    RETURN_IF_ERROR(reading.CheckNewest(checkpoint.note()));
    RETURN_IF_ERROR(reading.CheckKeys(ledger));
    return reading.Take();
  }
}

}  // namespace dataip::test
