#include "tests/support/ledger_book.h"

#include <algorithm>
#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/export/export_layout.h"
#include "client/export/ledger_export.h"
#include "client/export/regular_file.h"
#include "core/base/status_macros.h"
#include "core/crypto/command_signature.h"
#include "core/proof/chain.h"
#include "core/proof/note.h"
#include "core/proof/seal.h"
#include "core/registry/values/canonical.h"
#include "dataip/registry/v1/certificate.pb.h"

namespace dataip::test {
namespace {

namespace fs = std::filesystem;

std::string PayloadOf(const Draft& draft, const hash::Hash& prev,
                      const proof::Map& map) {
  if (!draft.IsSeal()) return draft.payload;
  return proof::EncodeSeal({draft.false_map_root.value_or(map.Root()), prev});
}

}  // namespace

absl::StatusOr<KeyRing> ReadKeyRing(const std::string& dir) {
  KeyRing keys;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(dir, error)) {
    if (!entry.is_regular_file()) continue;
    ASSIGN_OR_RETURN(
        const std::string text,
        client::ReadNamedFile(entry.path(), client::kSmallFileBytes));
    if (!absl::StrContains(text, "-----BEGIN PRIVATE KEY-----")) continue;
    auto key = crypto::PrivateKey::FromPem(text);
    if (key.ok()) keys.emplace(key->KeyId(), *key);
  }
  if (error) return absl::NotFoundError(absl::StrCat(dir, ": no folder"));
  return keys;
}

absl::StatusOr<std::vector<crypto::NoteSigner>> NoteSigners(
    const std::string& origin, const std::vector<std::string>& vkeys,
    const KeyRing& keys) {
  std::vector<crypto::NoteSigner> signers;
  for (const std::string& vkey : vkeys) {
    ASSIGN_OR_RETURN(const auto verifier, crypto::NoteVerifier::FromVkey(vkey));
    const auto found = keys.find(verifier.key().KeyId());
    if (found == keys.end()) {
      return absl::NotFoundError(absl::StrCat("no private key of ", vkey));
    }
    ASSIGN_OR_RETURN(auto signer,
                     crypto::NoteSigner::Create(origin, found->second));
    signers.push_back(std::move(signer));
  }
  return signers;
}

Draft SealDraft(int64_t time_ms) {
  Draft draft;
  draft.time_ms = time_ms;
  draft.type = std::string(proof::kSealType);
  return draft;
}

absl::StatusOr<Book> MakeBook(const std::string& origin,
                              const std::vector<Draft>& drafts,
                              const std::vector<crypto::NoteSigner>& signers) {
  Book book;
  book.origin = origin;
  hash::Hash prev = proof::ChainStart(origin);
  for (const Draft& draft : drafts) {
    const std::string payload = PayloadOf(draft, prev, book.map);
    if (draft.erased) book.erased.insert(book.size());
    proof::EntryHeader header;
    header.index = book.size();
    header.time_ms = draft.time_ms;
    header.prev = prev;
    header.type = draft.type;
    header.stream = draft.stream;
    header.payload_size = payload.size();
    header.payload_sha256 = hash::Sha256(hash::AsBytes(payload));
    header.payload_sm3 = hash::Sm3(hash::AsBytes(payload));
    header.updates = draft.updates;
    auto encoded = proof::EncodeHeader(header);
    if (!encoded.ok()) {
      return absl::InternalError(proof::Describe(encoded.flaw));
    }
    prev = proof::NextPrev(hash::AsBytes(*encoded));
    book.tree.Append(hash::LeafHash(hash::AsBytes(*encoded)));
    for (const proof::Update& update : draft.updates) {
      book.map.Set(update.key, update.value);
    }
    book.headers.push_back(*std::move(encoded));
    book.payloads.push_back(payload);
  }
  const auto root = proof::RootAt(book.size(), book.tree.reader());
  const std::string text =
      proof::FormatCheckpoint({origin, book.size(), *root});
  ASSIGN_OR_RETURN(book.checkpoint, crypto::SignNote(text, prev, signers));
  return book;
}

absl::Status WriteExport(const Book& book, const std::string& dir) {
  ASSIGN_OR_RETURN(const auto writer, client::LedgerExport::Create(dir));
  for (uint64_t i = 0; i < book.size(); ++i) {
    client::ExportedEntry entry{book.headers[i], book.payloads[i]};
    if (book.erased.count(i) > 0) {
      entry.payload.clear();
      entry.status = client::ExportedEntry::Payload::kErased;
    }
    RETURN_IF_ERROR(writer->Add(entry));
  }
  return writer->Finish(book.checkpoint);
}

absl::StatusOr<std::map<std::string, std::string>> LoadExport(
    const std::string& dir) {
  ASSIGN_OR_RETURN(const auto files, client::OpenExportFolder(dir));
  std::map<std::string, std::string> contents;
  for (const std::string& path : files.paths) {
    ASSIGN_OR_RETURN(contents[path], files.read(path));
  }
  return contents;
}

client::ExportFiles FilesInMemory(
    const std::map<std::string, std::string>& files) {
  client::ExportFiles out;
  for (const auto& [path, unused] : files) out.paths.push_back(path);
  out.read = [&files](const std::string& path) -> absl::StatusOr<std::string> {
    const auto found = files.find(path);
    if (found == files.end()) return absl::NotFoundError(path);
    return found->second;
  };
  return out;
}

absl::StatusOr<LoadedBook> LoadDrafts(const std::string& dir) {
  ASSIGN_OR_RETURN(const auto files, client::OpenExportFolder(dir));
  ASSIGN_OR_RETURN(const std::string note, files.read(client::kCheckpointFile));
  const auto parsed = proof::ParseNote(note);
  if (!parsed.ok()) return absl::DataLossError("checkpoint");
  const auto checkpoint = proof::ParseCheckpoint(parsed->text);
  if (!checkpoint.ok()) return absl::DataLossError("checkpoint");
  LoadedBook book;
  book.origin = checkpoint->origin;
  for (const client::Piece& piece : client::PiecesOf(checkpoint->size)) {
    ASSIGN_OR_RETURN(const auto headers,
                     files.read(client::EntriesPath(piece)));
    ASSIGN_OR_RETURN(const auto payloads,
                     files.read(client::PayloadPath(piece)));
    ASSIGN_OR_RETURN(auto entries,
                     client::ReadPiece({headers, payloads, piece.width}));
    for (verify::ReplayEntry& entry : entries) {
      const auto header = proof::DecodeHeader(hash::AsBytes(entry.header));
      if (!header.ok()) return absl::DataLossError("a header");
      book.drafts.push_back({header->time_ms, header->type, header->stream,
                             header->updates, std::move(entry.payload),
                             std::nullopt});
    }
  }
  return book;
}

absl::StatusOr<v1::SignedCommand> SignCommand(
    const std::string& origin, const std::string& command,
    const std::vector<std::string>& key_ids, const KeyRing& keys) {
  std::vector<std::string> ascending = key_ids;
  std::sort(ascending.begin(), ascending.end());
  v1::SignedCommand signed_command;
  signed_command.set_command(command);
  for (const std::string& key_id : ascending) {
    const auto key = keys.find(key_id);
    if (key == keys.end()) {
      return absl::NotFoundError(absl::StrCat("no private key ", key_id));
    }
    ASSIGN_OR_RETURN(const std::string signature,
                     key->second.Sign(hash::AsBytes(crypto::CommandMessage(
                         {origin, key_id, hash::AsBytes(command)}))));
    v1::Signature* added = signed_command.add_signatures();
    added->set_key_id(key_id);
    added->set_signature(signature);
  }
  return signed_command;
}

absl::Status SignCertificate(const std::string& origin, const KeyRing& keys,
                             v1::Transition& transition) {
  transition.clear_certificate_signatures();
  for (const v1::Event& event : transition.events()) {
    if (!event.has_certificate_issued()) continue;
    const std::string& bytes = event.certificate_issued().content();
    v1::CertificateContent content;
    content.ParseFromString(bytes);
    for (const std::string& key_id :
         {content.issuing_sm2_key_id(), content.issuing_p256_key_id()}) {
      const auto key = keys.find(key_id);
      if (key == keys.end()) {
        return absl::NotFoundError(absl::StrCat("no issuing key ", key_id));
      }
      ASSIGN_OR_RETURN(
          const std::string signature,
          key->second.Sign(hash::AsBytes(
              crypto::CertificateMessage(origin, hash::AsBytes(bytes)))));
      auto* added = transition.add_certificate_signatures();
      added->set_key_id(key_id);
      added->set_signature(signature);
    }
  }
  return absl::OkStatus();
}

}  // namespace dataip::test
