// A ledger in memory with all its keys: what tests build, export, and what
// the forgeries rebuild after an edit.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/audit/export_files.h"
#include "core/crypto/note_signer.h"
#include "core/crypto/signer.h"
#include "core/proof/header.h"
#include "core/proof/map.h"
#include "core/proof/tree.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::test {

namespace v1 = dataip::registry::v1;

// Private keys by key id.
using KeyRing = std::map<std::string, crypto::PrivateKey>;

// Every private key of the folder and those below, whatever their names.
absl::StatusOr<KeyRing> ReadKeyRing(const std::string& dir);

// The ledger's signers for the vkeys that a trust file names.
absl::StatusOr<std::vector<crypto::NoteSigner>> NoteSigners(
    const std::string& origin, const std::vector<std::string>& vkeys,
    const KeyRing& keys);

// An entry before its place in the ledger is known. A seal has no payload
// yet; the ledger makes it.
struct Draft {
  int64_t time_ms = 0;
  std::string type;
  std::string stream;
  std::vector<proof::Update> updates;
  std::string payload;
  // A seal that lies about the map.
  std::optional<hash::Hash> false_map_root;
  // Exported as erased.
  bool erased = false;

  bool IsSeal() const { return type == proof::kSealType; }
  bool IsTransition() const { return type == proof::kTransitionType; }
};

Draft SealDraft(int64_t time_ms);

// A whole ledger: headers, payloads and the signed checkpoint over them.
struct Book {
  std::string origin;
  std::vector<std::string> headers;
  std::vector<std::string> payloads;
  std::string checkpoint;
  proof::StoredTree tree;
  proof::Map map;             // of the entries before the last seal
  std::set<uint64_t> erased;  // exported without their payloads

  uint64_t size() const { return headers.size(); }
};

// Chains, seals, trees and signs. The last draft is a seal.
absl::StatusOr<Book> MakeBook(const std::string& origin,
                              const std::vector<Draft>& drafts,
                              const std::vector<crypto::NoteSigner>& signers);

// As LedgerExport writes it.
absl::Status WriteExport(const Book& book, const std::string& dir);

// The files of an export, read into memory.
absl::StatusOr<std::map<std::string, std::string>> LoadExport(
    const std::string& dir);
// Reads `files`, which outlive the result.
client::ExportFiles FilesInMemory(
    const std::map<std::string, std::string>& files);

// The drafts of an export, in order, and its origin.
struct LoadedBook {
  std::string origin;
  std::vector<Draft> drafts;
};
absl::StatusOr<LoadedBook> LoadDrafts(const std::string& dir);

// Signs `command` by each key and gives the whole signed command; key ids
// ascending.
absl::StatusOr<v1::SignedCommand> SignCommand(
    const std::string& origin, const std::string& command,
    const std::vector<std::string>& key_ids, const KeyRing& keys);

// SM2 then P-256 over the content that the events issue; nothing without one.
absl::Status SignCertificate(const std::string& origin, const KeyRing& keys,
                             v1::Transition& transition);

}  // namespace dataip::test
