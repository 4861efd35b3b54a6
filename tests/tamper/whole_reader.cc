#include "tests/tamper/whole_reader.h"

#include <algorithm>
#include <map>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/receipt.h"
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

namespace v1 = ledger::v1;
using hash::Hash;

constexpr uint64_t kProofsPerCall = 256;
constexpr uint64_t kKeys = 50;
constexpr uint64_t kMessageEntries = 512;
constexpr char kOrderWord[] = "erase ";

absl::Status Wrong(const std::string& what) {
  return absl::DataLossError("reader: " + what);
}

absl::StatusOr<std::vector<Hash>> HashesOf(
    const google::protobuf::RepeatedPtrField<std::string>& texts) {
  std::vector<Hash> hashes;
  for (const std::string& text : texts) {
    const auto hash = Hash::From(hash::AsBytes(text));
    if (!hash.has_value()) return Wrong("a hash that is none");
    hashes.push_back(*hash);
  }
  return hashes;
}

// What a pass over the entries finds.
struct Seen {
  proof::StoredTree tree;
  Hash prev;
  std::map<std::string, Hash> values;   // of the map, seals left out
  std::map<uint64_t, uint64_t> erased;  // index -> the order's
};

absl::StatusOr<proof::Checkpoint> CheckpointOf(const std::string& note,
                                               const verify::Trust& trust) {
  RETURN_IF_ERROR(
      client::CheckCheckpoint(note, {trust.origin, trust.ledger_keys}));
  return *proof::ParseCheckpoint(proof::ParseNote(note)->text);
}

absl::Status See(const v1::Entry& entry, Seen& seen) {
  const Bytes bytes = hash::AsBytes(entry.header());
  const auto header = proof::DecodeHeader(bytes);
  if (!header.ok() || header->index != seen.tree.size() ||
      header->prev != seen.prev) {
    return Wrong(absl::StrCat("entry ", seen.tree.size(),
                              " does not continue the chain"));
  }
  if (entry.payload_status() == v1::ERASED) {
    seen.erased[header->index] = entry.erased_by();
  } else if (entry.payload_status() != v1::PRESENT ||
             !proof::PayloadMatches(*header, hash::AsBytes(entry.payload()))) {
    return Wrong(absl::StrCat("payload ", header->index, " is not its own"));
  }
  const auto ordered = std::find_if(
      seen.erased.begin(), seen.erased.end(),
      [&](const auto& one) { return one.second == header->index; });
  if (ordered != seen.erased.end()) {
    if (entry.payload() != absl::StrCat(kOrderWord, ordered->first)) {
      return Wrong(absl::StrCat("entry ", header->index,
                                " is no order to erase ", ordered->first));
    }
    seen.erased.erase(ordered);
  }
  for (const proof::Update& update : header->updates) {
    seen.values[update.key] = update.value;
  }
  seen.tree.Append(hash::LeafHash(bytes));
  seen.prev = proof::NextPrev(bytes);
  return absl::OkStatus();
}

absl::StatusOr<Seen> SeeAll(client::LedgerClient& ledger,
                            const proof::Checkpoint& checkpoint) {
  Seen seen;
  seen.prev = proof::ChainStart(checkpoint.origin);
  v1::ReadEntriesRequest request;
  request.set_count(checkpoint.size);
  request.set_with_payloads(true);
  const auto stream = ledger.ReadEntries(request);
  while (seen.tree.size() < checkpoint.size) {
    ASSIGN_OR_RETURN(const auto run, stream->Next());
    if (!run.has_value()) return Wrong("the entries end early");
    for (const v1::Entry& entry : run->entries()) {
      RETURN_IF_ERROR(See(entry, seen));
    }
  }
  if (proof::RootAt(checkpoint.size, seen.tree.reader()) != checkpoint.root) {
    return Wrong("the entries do not lead to the signed root");
  }
  if (!seen.erased.empty()) {
    return Wrong(absl::StrCat("payload ", seen.erased.begin()->first,
                              " is erased by no entry"));
  }
  return seen;
}

absl::Status CheckInclusions(const v1::GetStateProofResponse& response,
                             const proof::Checkpoint& checkpoint,
                             const Seen& seen) {
  for (const v1::InclusionProof& proof : response.inclusions()) {
    ASSIGN_OR_RETURN(const auto path, HashesOf(proof.path()));
    const auto leaf = seen.tree.Node({0, proof.index()});
    if (!leaf.has_value() ||
        !proof::VerifyInclusion(*leaf, proof.index(), checkpoint.size, path,
                                checkpoint.root)) {
      return Wrong(absl::StrCat("inclusion of ", proof.index()));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckValues(const v1::GetStateProofResponse& response,
                         const Seen& seen) {
  const auto seal = proof::DecodeSeal(hash::AsBytes(response.seal().payload()));
  if (!seal.ok()) return Wrong("the seal");
  for (const v1::MapProof& shown : response.map_proofs()) {
    proof::MapProof proof;
    ASSIGN_OR_RETURN(proof.siblings, HashesOf(shown.siblings()));
    if (shown.has_terminal()) {
      const auto key_hash =
          Hash::From(hash::AsBytes(shown.terminal().key_hash()));
      const auto value = Hash::From(hash::AsBytes(shown.terminal().value()));
      if (!key_hash.has_value() || !value.has_value()) return Wrong("terminal");
      proof.terminal = {*key_hash, *value};
    }
    if (!proof::VerifyPresence(shown.key(), seen.values.at(shown.key()), proof,
                               seal->map_root)) {
      return Wrong(absl::StrCat("value of ", shown.key()));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckProofs(client::LedgerClient& ledger,
                         const proof::Checkpoint& checkpoint,
                         const Seen& seen) {
  for (uint64_t first = 0; first < checkpoint.size; first += kProofsPerCall) {
    v1::GetStateProofRequest request;
    request.set_size(checkpoint.size);
    const uint64_t end = std::min(checkpoint.size, first + kProofsPerCall);
    for (uint64_t index = first; index < end; ++index) {
      request.add_indices(index);
    }
    if (first == 0) {
      for (const auto& [key, value] : seen.values) request.add_keys(key);
    }
    ASSIGN_OR_RETURN(const auto response, ledger.GetStateProof(request));
    RETURN_IF_ERROR(CheckInclusions(response, checkpoint, seen));
    RETURN_IF_ERROR(CheckValues(response, seen));
    const uint64_t old_size = first + 1;
    ASSIGN_OR_RETURN(const auto consistency,
                     ledger.GetConsistencyProof({old_size, checkpoint.size}));
    ASSIGN_OR_RETURN(const auto path, HashesOf(consistency.path()));
    if (!proof::VerifyConsistency(old_size, checkpoint.size,
                                  *proof::RootAt(old_size, seen.tree.reader()),
                                  checkpoint.root, path)) {
      return Wrong(absl::StrCat("consistency from ", old_size));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> OpenAtTail(client::LedgerClient& ledger) {
  v1::OpenWriterRequest open;
  open.set_instance_id("tamper");
  const auto newest = ledger.GetCheckpoint();
  for (uint64_t at = newest.ok() ? newest->size() : 0; at > 0; --at) {
    ASSIGN_OR_RETURN(const v1::Entry entry, ledger.GetEntry(at - 1, false));
    const auto header = proof::DecodeHeader(hash::AsBytes(entry.header()));
    if (!header.ok()) return Wrong("a header at the tail");
    if (header->type.rfind(proof::kLedgerTypePrefix, 0) == 0) continue;
    open.set_has_expected(true);
    open.set_expected_index(at - 1);
    const Hash leaf = hash::LeafHash(hash::AsBytes(entry.header()));
    open.mutable_expected_leaf_hash()->assign(leaf.text());
    break;
  }
  ASSIGN_OR_RETURN(const auto opened, ledger.OpenWriter(open));
  return opened.epoch();
}

}  // namespace

absl::Status ReadWhole(client::LedgerClient& ledger,
                       const verify::Trust& trust) {
  ASSIGN_OR_RETURN(const v1::Checkpoint newest, ledger.GetCheckpoint());
  ASSIGN_OR_RETURN(const proof::Checkpoint checkpoint,
                   CheckpointOf(newest.note(), trust));
  ASSIGN_OR_RETURN(const Seen seen, SeeAll(ledger, checkpoint));
  return CheckProofs(ledger, checkpoint, seen);
}

absl::Status ReadOlder(client::LedgerClient& ledger, const verify::Trust& trust,
                       uint64_t size) {
  v1::GetStateProofRequest request;
  request.set_size(size);
  ASSIGN_OR_RETURN(const auto response, ledger.GetStateProof(request));
  return CheckpointOf(response.checkpoint().note(), trust).status();
}

absl::Status WriteMore(client::LedgerClient& ledger, uint64_t count) {
  ASSIGN_OR_RETURN(const uint64_t epoch, OpenAtTail(ledger));
  uint64_t written = 0;
  uint64_t last = 0;
  for (uint64_t sequence = 0; written < count; ++sequence) {
    v1::AppendRequest request;
    request.set_epoch(epoch);
    request.set_sequence(sequence);
    for (uint64_t i = 0; i < kMessageEntries && written < count; ++i) {
      v1::NewEntry* entry = request.add_entries();
      entry->set_type("tamper.Entry");
      entry->set_stream(absl::StrCat("entries/", written));
      entry->set_payload(absl::StrCat("payload ", epoch, " ", written));
      v1::MapUpdate* update = entry->add_updates();
      update->set_key(absl::StrCat("keys/", written % kKeys));
      const Hash value = hash::Sha256(hash::AsBytes(entry->payload()));
      update->mutable_value_sha256()->assign(value.text());
      ++written;
    }
    ASSIGN_OR_RETURN(const auto response, ledger.AppendOne(request));
    last =
        response.first_index() + static_cast<uint64_t>(response.headers_size());
  }
  return ledger.GetCheckpoint(last).status();
}

absl::Status EraseOne(client::LedgerClient& ledger, uint64_t index) {
  ASSIGN_OR_RETURN(const v1::Entry erased, ledger.GetEntry(index, false));
  const auto header = proof::DecodeHeader(hash::AsBytes(erased.header()));
  if (!header.ok()) return Wrong("the header of what is to be erased");
  ASSIGN_OR_RETURN(const uint64_t epoch, OpenAtTail(ledger));
  v1::AppendRequest append;
  append.set_epoch(epoch);
  v1::NewEntry* entry = append.add_entries();
  entry->set_type(std::string(header->type));
  entry->set_stream("registry");
  entry->set_payload(absl::StrCat(kOrderWord, index));
  ASSIGN_OR_RETURN(const auto appended, ledger.AppendOne(append));
  v1::ErasePayloadRequest request;
  request.set_order_index(appended.first_index());
  v1::PayloadToErase* payload = request.add_payloads();
  payload->set_index(index);
  payload->mutable_payload_sha256()->assign(header->payload_sha256.text());
  payload->mutable_payload_sm3()->assign(header->payload_sm3.text());
  RETURN_IF_ERROR(ledger.ErasePayload(request).status());
  return ledger.GetCheckpoint(appended.first_index() + 1).status();
}

namespace {

// Appends the leaves of the entries from the tree's size on.
absl::Status AddLeaves(client::LedgerClient& ledger, uint64_t size,
                       proof::StoredTree& tree, std::string& leaves) {
  v1::ReadEntriesRequest request;
  request.set_start_index(tree.size());
  request.set_count(size - tree.size());
  const auto stream = ledger.ReadEntries(request);
  while (tree.size() < size) {
    ASSIGN_OR_RETURN(const auto run, stream->Next());
    if (!run.has_value()) return Wrong("the entries end early");
    for (const v1::Entry& entry : run->entries()) {
      const Hash leaf = hash::LeafHash(hash::AsBytes(entry.header()));
      tree.Append(leaf);
      leaves += leaf.text();
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> ReadLeaves(client::LedgerClient& ledger,
                                       const verify::Trust& trust) {
  ASSIGN_OR_RETURN(const v1::Checkpoint newest, ledger.GetCheckpoint());
  ASSIGN_OR_RETURN(const proof::Checkpoint checkpoint,
                   CheckpointOf(newest.note(), trust));
  proof::StoredTree tree;
  std::string leaves;
  RETURN_IF_ERROR(AddLeaves(ledger, checkpoint.size, tree, leaves));
  return leaves;
}

absl::Status CheckSignedRoot(client::LedgerClient& ledger,
                             const verify::Trust& trust,
                             const std::string& leaves) {
  ASSIGN_OR_RETURN(const v1::Checkpoint newest, ledger.GetCheckpoint());
  ASSIGN_OR_RETURN(const proof::Checkpoint checkpoint,
                   CheckpointOf(newest.note(), trust));
  proof::StoredTree tree;
  for (size_t at = 0; at + hash::kHashBytes <= leaves.size();
       at += hash::kHashBytes) {
    tree.Append(
        *Hash::From(hash::AsBytes(leaves.substr(at, hash::kHashBytes))));
  }
  if (checkpoint.size < tree.size()) return Wrong("it has become smaller");
  std::string added;
  // What it refuses to show cannot be compared.
  const absl::Status read = AddLeaves(ledger, checkpoint.size, tree, added);
  if (!read.ok()) return absl::UnavailableError(read.message());
  if (proof::RootAt(checkpoint.size, tree.reader()) == checkpoint.root) {
    return absl::OkStatus();
  }
  return Wrong("a wrong root was signed");
}

}  // namespace dataip::test
