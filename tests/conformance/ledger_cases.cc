// Kind "ledger": a whole small ledger with everything that is derived from it.
#include <map>

#include "absl/strings/str_cat.h"
#include "core/base/hex.h"
#include "core/base/status_macros.h"
#include "core/crypto/note_signer.h"
#include "core/proof/chain.h"
#include "core/proof/note.h"
#include "core/proof/seal.h"
#include "core/proof/tree.h"
#include "tests/conformance/cases.h"
#include "tests/conformance/proof_cases.h"

namespace dataip::conformance {
namespace {

using hash::Hash;

// What has been rebuilt from the entries so far.
struct Rebuilt {
  std::string origin;
  Hash chain_head;
  proof::Frontier frontier;
  proof::StoredTree tree;
  proof::Map map;
  std::vector<Hash> leaf_hashes;
  std::vector<Hash> roots;        // [i] at size i + 1
  std::vector<Hash> chain_heads;  // [i] at size i + 1
  std::vector<uint64_t> seals;
};

absl::StatusOr<proof::EntryHeader> ReadHeader(const Json& json,
                                              const std::string& payload) {
  proof::EntryHeader header;
  ASSIGN_OR_RETURN(header.index, json.Number("index"));
  ASSIGN_OR_RETURN(const uint64_t time_ms, json.Number("time_ms"));
  header.time_ms = static_cast<int64_t>(time_ms);
  ASSIGN_OR_RETURN(header.prev, json.Hash("prev"));
  ASSIGN_OR_RETURN(header.type, json.Text("type"));
  ASSIGN_OR_RETURN(header.stream, json.Text("stream"));
  header.payload_size = payload.size();
  header.payload_sha256 = hash::Sha256(hash::AsBytes(payload));
  header.payload_sm3 = hash::Sm3(hash::AsBytes(payload));
  ASSIGN_OR_RETURN(const std::vector<Json> updates, json.List("updates"));
  for (const Json& pair : updates) {
    ASSIGN_OR_RETURN(proof::Update update, ReadUpdate(pair));
    header.updates.push_back(std::move(update));
  }
  return header;
}

absl::Status RunSeal(const proof::EntryHeader& header,
                     const std::string& payload, Rebuilt& rebuilt,
                     Tally& tally) {
  const auto seal = proof::CheckSeal(header, hash::AsBytes(payload));
  RETURN_IF_ERROR(tally.Same("seal", proof::Describe(proof::Flaw::kNone),
                             proof::Describe(seal.flaw)));
  rebuilt.seals.push_back(header.index);
  RETURN_IF_ERROR(
      tally.SameBytes("seal encoded", payload, proof::EncodeSeal(*seal)));
  return tally.SameHash("seal's map root", seal->map_root, rebuilt.map.Root());
}

void Append(const proof::EntryHeader& header, const std::string& encoded,
            Rebuilt& rebuilt) {
  const Hash leaf_hash = hash::LeafHash(hash::AsBytes(encoded));
  rebuilt.leaf_hashes.push_back(leaf_hash);
  rebuilt.frontier.Append(leaf_hash);
  rebuilt.tree.Append(leaf_hash);
  rebuilt.chain_head = proof::NextPrev(hash::AsBytes(encoded));
  rebuilt.roots.push_back(rebuilt.frontier.Root());
  rebuilt.chain_heads.push_back(rebuilt.chain_head);
  for (const proof::Update& update : header.updates) {
    rebuilt.map.Set(update.key, update.value);
  }
}

absl::Status RunEntry(const Json& json, Rebuilt& rebuilt, Tally& tally) {
  ASSIGN_OR_RETURN(const std::string payload, json.Hex("payload"));
  ASSIGN_OR_RETURN(const proof::EntryHeader header, ReadHeader(json, payload));
  ASSIGN_OR_RETURN(const std::string expected, json.Hex("header"));
  RETURN_IF_ERROR(
      tally.SameNumber("index", rebuilt.leaf_hashes.size(), header.index));
  RETURN_IF_ERROR(tally.SameHash("prev", header.prev, rebuilt.chain_head));
  const auto encoded = proof::EncodeHeader(header);
  RETURN_IF_ERROR(tally.SameBytes("header", expected,
                                  encoded.ok() ? *encoded : std::string()));
  const auto decoded = proof::DecodeHeader(hash::AsBytes(expected));
  RETURN_IF_ERROR(tally.Holds("header decodes to the same",
                              decoded.ok() && *decoded == header));
  if (header.type == proof::kSealType) {
    RETURN_IF_ERROR(RunSeal(header, payload, rebuilt, tally));
  }
  Append(header, *encoded, rebuilt);
  ASSIGN_OR_RETURN(const Hash leaf_hash, json.Hash("leaf_hash"));
  return tally.SameHash("leaf_hash", leaf_hash, rebuilt.leaf_hashes.back());
}

absl::Status RunEntries(const Json& file, Rebuilt& rebuilt, Tally& tally) {
  ASSIGN_OR_RETURN(const std::vector<Json> entries, file.List("entries"));
  for (size_t i = 0; i < entries.size(); ++i) {
    tally.Case(absl::StrCat("entries[", i, "]"));
    RETURN_IF_ERROR(RunEntry(entries[i], rebuilt, tally));
  }
  ASSIGN_OR_RETURN(const std::vector<Json> seals, file.List("seals"));
  tally.Case("seals");
  RETURN_IF_ERROR(
      tally.SameNumber("count", seals.size(), rebuilt.seals.size()));
  for (size_t i = 0; i < seals.size(); ++i) {
    ASSIGN_OR_RETURN(const uint64_t index, seals[i].AsNumber());
    RETURN_IF_ERROR(tally.SameNumber("index", index, rebuilt.seals[i]));
  }
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> ReadSize(const Json& json, const char* member,
                                  const Rebuilt& rebuilt) {
  ASSIGN_OR_RETURN(const uint64_t size, json.Number(member));
  if (size == 0 || size > rebuilt.leaf_hashes.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("vector file: no ", member, " ", size));
  }
  return size;
}

absl::Status RunRoots(const Json& file, const Rebuilt& rebuilt, Tally& tally) {
  ASSIGN_OR_RETURN(const std::vector<Json> roots, file.List("roots"));
  for (size_t i = 0; i < roots.size(); ++i) {
    tally.Case(absl::StrCat("roots[", i, "]"));
    ASSIGN_OR_RETURN(const uint64_t size, ReadSize(roots[i], "size", rebuilt));
    ASSIGN_OR_RETURN(const Hash root, roots[i].Hash("root"));
    ASSIGN_OR_RETURN(const Hash head, roots[i].Hash("chain_head"));
    RETURN_IF_ERROR(tally.SameHash("root", root, rebuilt.roots[size - 1]));
    RETURN_IF_ERROR(
        tally.SameHash("chain_head", head, rebuilt.chain_heads[size - 1]));
    const auto read = proof::RootAt(size, rebuilt.tree.reader());
    RETURN_IF_ERROR(
        tally.SameHash("root from nodes", root, read.value_or(Hash{})));
  }
  return absl::OkStatus();
}

std::string ToText(const std::optional<proof::Path>& path) {
  if (!path) return "no path";
  std::string text;
  for (const Hash& node : *path) {
    absl::StrAppend(&text, base::HexEncode(node.span()), " ");
  }
  return text;
}

absl::Status RunInclusion(const Json& json, const Rebuilt& rebuilt,
                          Tally& tally) {
  ASSIGN_OR_RETURN(const uint64_t size, ReadSize(json, "size", rebuilt));
  ASSIGN_OR_RETURN(const uint64_t index, json.Number("index"));
  ASSIGN_OR_RETURN(const proof::Path path, json.Hashes("path"));
  const auto built = proof::InclusionPath(index, size, rebuilt.tree.reader());
  RETURN_IF_ERROR(tally.Same("path", ToText(path), ToText(built)));
  return tally.Holds(
      "verifies", proof::VerifyInclusion(rebuilt.leaf_hashes[index], index,
                                         size, path, rebuilt.roots[size - 1]));
}

absl::Status RunConsistency(const Json& json, const Rebuilt& rebuilt,
                            Tally& tally) {
  ASSIGN_OR_RETURN(const uint64_t old_size,
                   ReadSize(json, "old_size", rebuilt));
  ASSIGN_OR_RETURN(const uint64_t new_size,
                   ReadSize(json, "new_size", rebuilt));
  ASSIGN_OR_RETURN(const proof::Path path, json.Hashes("path"));
  const auto built =
      proof::ConsistencyPath(old_size, new_size, rebuilt.tree.reader());
  RETURN_IF_ERROR(tally.Same("path", ToText(path), ToText(built)));
  return tally.Holds(
      "verifies",
      proof::VerifyConsistency(old_size, new_size, rebuilt.roots[old_size - 1],
                               rebuilt.roots[new_size - 1], path));
}

template <typename Run>
absl::Status RunList(const Json& file, const std::string& member,
                     const Rebuilt& rebuilt, Tally& tally, Run run) {
  ASSIGN_OR_RETURN(const std::vector<Json> list, file.List(member));
  for (size_t i = 0; i < list.size(); ++i) {
    tally.Case(absl::StrCat(member, "[", i, "]"));
    RETURN_IF_ERROR(run(list[i], rebuilt, tally));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<crypto::NoteVerifier>> ReadVerifiers(
    const Json& file, const Rebuilt& rebuilt, Tally& tally) {
  ASSIGN_OR_RETURN(const std::vector<Json> vkeys, file.List("vkeys"));
  std::vector<crypto::NoteVerifier> verifiers;
  for (size_t i = 0; i < vkeys.size(); ++i) {
    tally.Case(absl::StrCat("vkeys[", i, "]"));
    ASSIGN_OR_RETURN(const std::string vkey, vkeys[i].AsText());
    const auto key = proof::ParseVkey(vkey);
    RETURN_IF_ERROR(tally.Same("key", proof::Describe(proof::Flaw::kNone),
                               proof::Describe(key.flaw)));
    RETURN_IF_ERROR(tally.Same("written again", vkey, proof::FormatVkey(*key)));
    RETURN_IF_ERROR(tally.Same("name", rebuilt.origin, key->name));
    auto verifier = crypto::NoteVerifier::FromVkey(vkey);
    RETURN_IF_ERROR(tally.Holds("key can verify", verifier.ok()));
    verifiers.push_back(*std::move(verifier));
  }
  return verifiers;
}

absl::Status RunNote(const Json& json, const Rebuilt& rebuilt,
                     std::span<const crypto::NoteVerifier> verifiers,
                     Tally& tally) {
  ASSIGN_OR_RETURN(const std::string text, json.Text("note"));
  ASSIGN_OR_RETURN(const uint64_t size, ReadSize(json, "size", rebuilt));
  const auto note = proof::ParseNote(text);
  RETURN_IF_ERROR(tally.Same("note", proof::Describe(proof::Flaw::kNone),
                             proof::Describe(note.flaw)));
  RETURN_IF_ERROR(tally.Same("written again", text, proof::FormatNote(*note)));
  const proof::Checkpoint expected = {rebuilt.origin, size,
                                      rebuilt.roots[size - 1]};
  RETURN_IF_ERROR(
      tally.Same("checkpoint", note->text, proof::FormatCheckpoint(expected)));
  const auto checkpoint = proof::ParseCheckpoint(note->text);
  RETURN_IF_ERROR(tally.Holds("checkpoint parses to the same",
                              checkpoint.ok() && *checkpoint == expected));
  const auto verified = crypto::VerifyNote(text, verifiers);
  RETURN_IF_ERROR(tally.Same("signatures", "OK", verified.status().ToString()));
  RETURN_IF_ERROR(
      tally.Holds("every key has signed", crypto::AllSigned(*verified)));
  if (!verified->chain_head) return absl::OkStatus();
  return tally.SameHash("chain head that SM2 signs",
                        rebuilt.chain_heads[size - 1], *verified->chain_head);
}

absl::Status RunNotes(const Json& file, const Rebuilt& rebuilt, Tally& tally) {
  ASSIGN_OR_RETURN(const std::vector<crypto::NoteVerifier> verifiers,
                   ReadVerifiers(file, rebuilt, tally));
  ASSIGN_OR_RETURN(const std::vector<Json> notes, file.List("notes"));
  for (size_t i = 0; i < notes.size(); ++i) {
    tally.Case(absl::StrCat("notes[", i, "]"));
    RETURN_IF_ERROR(RunNote(notes[i], rebuilt, verifiers, tally));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status RunLedger(const Json& file, Tally& tally) {
  Rebuilt rebuilt;
  ASSIGN_OR_RETURN(rebuilt.origin, file.Text("origin"));
  tally.Case("origin");
  RETURN_IF_ERROR(
      tally.Same("origin", proof::Describe(proof::Flaw::kNone),
                 proof::Describe(proof::CheckOrigin(rebuilt.origin))));
  rebuilt.chain_head = proof::ChainStart(rebuilt.origin);
  RETURN_IF_ERROR(RunEntries(file, rebuilt, tally));
  RETURN_IF_ERROR(RunRoots(file, rebuilt, tally));
  RETURN_IF_ERROR(RunList(file, "inclusion", rebuilt, tally, RunInclusion));
  RETURN_IF_ERROR(RunList(file, "consistency", rebuilt, tally, RunConsistency));
  ASSIGN_OR_RETURN(const Hash map_root, file.Hash("map_root"));
  tally.Case("map_root");
  RETURN_IF_ERROR(tally.SameHash("root", map_root, rebuilt.map.Root()));
  RETURN_IF_ERROR(
      RunMapProofs(file, {"map_proofs", ""}, {rebuilt.map, map_root}, tally));
  return RunNotes(file, rebuilt, tally);
}

}  // namespace dataip::conformance
