#include "client/export/bundle_unpack.h"

#include <filesystem>
#include <fstream>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "client/export/unpack_script.h"
#include "core/base/status_macros.h"
#include "core/crypto/x509.h"
#include "core/proof/bundle.h"
#include "core/proof/certificate.h"
#include "core/proof/header.h"
#include "core/proof/note.h"
#include "core/registry/values/canonical.h"
#include "dataip/bundle/v1/bundle.pb.h"

namespace dataip::client {
namespace {

namespace fs = std::filesystem;
using Strings = google::protobuf::RepeatedPtrField<std::string>;

// Writes files into one folder; the first failure is kept.
class Folder {
 public:
  explicit Folder(std::string dir) : dir_(std::move(dir)) {}

  void Write(const std::string& name, absl::string_view bytes) {
    if (!status_.ok()) return;
    const fs::path path = fs::path(dir_) / name;
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    std::ofstream out(path, std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (error || !out) {
      status_ = absl::UnavailableError(
          absl::StrCat("无法写入/cannot write ", path.string()));
    }
  }

  // NAME/000, NAME/001, ...: the order of the names is that of the parts.
  void WriteAll(const std::string& name, const Strings& parts) {
    const int digits = parts.size() > 1000 ? 6 : 3;
    for (int i = 0; i < parts.size(); ++i) {
      Write(absl::StrFormat("%s/%0*d", name, digits, i), parts[i]);
    }
  }

  void MakeFolder(const std::string& name) {
    std::error_code error;
    fs::create_directories(fs::path(dir_) / name, error);
    if (error && status_.ok()) status_ = absl::UnavailableError(name);
  }

  const absl::Status& status() const { return status_; }

 private:
  std::string dir_;
  absl::Status status_;
};

absl::Status MakeEmpty(const std::string& dir) {
  std::error_code error;
  if (fs::exists(dir, error) &&
      !(fs::is_directory(dir, error) && fs::is_empty(dir, error))) {
    return absl::AlreadyExistsError(absl::StrCat(
        dir, ": 已存在且不为空，请换一个目录/exists and is not empty: ",
        "choose another folder"));
  }
  fs::create_directories(dir, error);
  return error
             ? absl::UnavailableError(absl::StrCat(dir, ": ", error.message()))
             : absl::OkStatus();
}

std::string LedgerKeyName(size_t position, const crypto::NoteVerifier& key) {
  return absl::StrCat(
      "ledger-", position, "-",
      key.note_key().type == proof::NoteKeyType::kSm2 ? "sm2" : "ed25519");
}

void WriteTrust(const verify::Trust& trust, Folder& folder) {
  folder.Write("trust/origin", trust.origin);
  folder.Write("trust/quorum", absl::StrCat(trust.witness_quorum));
  folder.Write("trust/max_age_hours", absl::StrCat(trust.max_age_hours));
  folder.Write("trust/demonstration", trust.demonstration ? "true" : "false");
  for (size_t i = 0; i < trust.ledger_keys.size(); ++i) {
    const auto& key = trust.ledger_keys[i];
    folder.Write(absl::StrCat("trust/", LedgerKeyName(i, key), ".pem"),
                 key.key().ToPem());
  }
  for (size_t i = 0; i < trust.witness_keys.size(); ++i) {
    const std::string name = absl::StrCat("trust/witness-", i);
    folder.Write(absl::StrCat(name, ".pem"),
                 trust.witness_keys[i].key().ToPem());
    folder.Write(absl::StrCat(name, ".name"), trust.witness_keys[i].name());
  }
  std::string sm2;
  std::string p256;
  for (const std::string& pem : trust.issuing_cas) {
    const auto certificate = crypto::ParseCertificatePem(pem);
    if (!certificate.ok()) continue;
    std::string& out =
        certificate->public_key.algorithm() == crypto::Algorithm::kSm2 ? sm2
                                                                       : p256;
    absl::StrAppend(&out, pem, pem.ends_with('\n') ? "" : "\n");
  }
  folder.Write("trust/issuing-sm2.pem", sm2);
  folder.Write("trust/issuing-p256.pem", p256);
}

// The parts of a ledger key's first line; check.sh reads the note itself and
// looks at every line.
void WriteLine(const proof::SignedNote& note, const std::string& name,
               const proof::NoteKey& key, Folder& folder) {
  for (const proof::SignatureLine& line : note.signatures) {
    if (!proof::IsLineOf(key, line)) continue;
    const auto signature = proof::ReadSignature(key, note.text, line);
    if (!signature.ok()) return;
    folder.Write(absl::StrCat("checkpoint.sig/", name), signature->signature);
    if (signature->chain_head.has_value()) {
      const auto head = signature->chain_head->text();
      folder.Write("checkpoint.chain_head", {head.data(), head.size()});
    }
    return;
  }
}

// Which line is whose, the trust file says.
void WriteNote(const proof::SignedNote& note, const verify::Trust& trust,
               Folder& folder) {
  for (size_t i = 0; i < trust.ledger_keys.size(); ++i) {
    const auto& key = trust.ledger_keys[i];
    WriteLine(note, LedgerKeyName(i, key), key.note_key(), folder);
  }
}

void WriteBundle(const bundle::v1::Bundle& bundle, Folder& folder) {
  folder.Write("origin", bundle.origin());
  folder.Write("checkpoint", bundle.checkpoint());
  folder.Write("issue.header", bundle.issue_header());
  folder.WriteAll("issue.path", bundle.issue_path());
  folder.Write("content", bundle.content());
  folder.Write("content.sm2.sig", bundle.sm2().signature());
  folder.WriteAll("content.sm2.chain", bundle.sm2().chain());
  folder.Write("content.p256.sig", bundle.p256().signature());
  folder.WriteAll("content.p256.chain", bundle.p256().chain());
  folder.WriteAll("status", bundle.status_records());
  folder.Write("seal.header", bundle.seal_header());
  folder.Write("seal.payload", bundle.seal_payload());
  folder.WriteAll("seal.path", bundle.seal_path());
  if (bundle.has_map()) {
    folder.MakeFolder("map");
    folder.WriteAll("map", bundle.map().siblings());
  }
  for (const bundle::v1::NameOpening& opening : bundle.name_openings()) {
    const std::string name =
        absl::StrFormat("openings/%010d", opening.holder());
    folder.Write(absl::StrCat(name, ".salt"), opening.salt());
    folder.Write(absl::StrCat(name, ".name"), opening.name());
  }
}

absl::Status Malformed(absl::string_view part, proof::Flaw flaw) {
  return absl::InvalidArgumentError(absl::StrCat(
      part, ": ", proof::DescribeChinese(flaw), "/", proof::Describe(flaw)));
}

// Whether every part is what its name says, in its one spelling: check.sh
// looks for values in them and does not parse them as strictly.
absl::Status CheckForms(const proof::Bundle& bundle) {
  const auto content =
      proof::DecodeCertificateContent(hash::AsBytes(bundle.content));
  if (!content.ok()) return Malformed("content", content.flaw);
  for (const std::string& bytes : bundle.status_records) {
    const auto record = proof::DecodeStatusRecord(hash::AsBytes(bytes));
    if (!record.ok()) return Malformed("status", record.flaw);
  }
  const auto issue = proof::DecodeHeader(hash::AsBytes(bundle.issue_header));
  if (!issue.ok()) return Malformed("issue.header", issue.flaw);
  const auto seal = proof::DecodeHeader(hash::AsBytes(bundle.seal_header));
  if (!seal.ok()) return Malformed("seal.header", seal.flaw);
  return absl::OkStatus();
}

absl::StatusOr<proof::SignedNote> ReadNote(const proof::Bundle& bundle) {
  auto note = proof::ParseNote(bundle.checkpoint);
  if (!note.ok()) return Malformed("checkpoint", note.flaw);
  const auto checkpoint = proof::ParseCheckpoint(note->text);
  if (!checkpoint.ok()) return Malformed("checkpoint", checkpoint.flaw);
  return *std::move(note);
}

}  // namespace

absl::Status UnpackBundle(Bytes bytes, const verify::Trust* trust,
                          const std::string& dir) {
  const auto decoded = proof::DecodeBundle(bytes);
  if (decoded.flaw == proof::Flaw::kFormat) {
    return absl::UnimplementedError(
        "证书包格式更新，请更新本程序/a higher format: update this program");
  }
  if (!decoded.ok()) return Malformed("bundle", decoded.flaw);
  ASSIGN_OR_RETURN(const auto bundle,
                   registry::ParseCanonical<bundle::v1::Bundle>(bytes));
  ASSIGN_OR_RETURN(const auto note, ReadNote(*decoded));
  RETURN_IF_ERROR(CheckForms(*decoded));
  RETURN_IF_ERROR(MakeEmpty(dir));
  Folder folder(dir);
  folder.Write("bundle",
               {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  WriteBundle(bundle, folder);
  folder.Write("checkpoint.text", note.text);
  if (trust != nullptr) {
    WriteTrust(*trust, folder);
    WriteNote(note, *trust, folder);
  }
  folder.Write("README", UnpackedReadme());
  folder.Write("check.sh", CheckScript());
  std::error_code ignored;
  fs::permissions(fs::path(dir) / "check.sh", fs::perms(0755), ignored);
  return folder.status();
}

}  // namespace dataip::client
