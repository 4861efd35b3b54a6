#include "client/export/bundle_unpack.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "client/export/unpack_script.h"
#include "core/base/status_macros.h"
#include "core/crypto/x509.h"
#include "core/proof/note.h"
#include "core/registry/canonical.h"
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

  // NAME/000, NAME/001, ...
  void WriteAll(const std::string& name, const Strings& parts) {
    for (int i = 0; i < parts.size(); ++i) {
      char number[16];
      std::snprintf(number, sizeof number, "%03d", i);
      Write(absl::StrCat(name, "/", number), parts[i]);
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
  for (size_t i = 0; i < trust.ledger_keys.size(); ++i) {
    const auto& key = trust.ledger_keys[i];
    folder.Write(absl::StrCat("trust/", LedgerKeyName(i, key), ".pem"),
                 key.key().ToPem());
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

// The note's parts; which line is whose, the trust file says.
void WriteNote(const proof::SignedNote& note, const verify::Trust& trust,
               Folder& folder) {
  for (size_t i = 0; i < trust.ledger_keys.size(); ++i) {
    const auto& key = trust.ledger_keys[i];
    for (const proof::SignatureLine& line : note.signatures) {
      if (!proof::IsLineOf(key.note_key(), line)) continue;
      const auto signature =
          proof::ReadSignature(key.note_key(), note.text, line);
      if (!signature.ok()) continue;
      folder.Write(absl::StrCat("checkpoint.sig/", LedgerKeyName(i, key)),
                   signature->signature);
      if (signature->chain_head.has_value()) {
        const auto head = signature->chain_head->text();
        folder.Write("checkpoint.chain_head", {head.data(), head.size()});
      }
    }
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
    const std::string name = absl::StrCat("openings/", opening.holder());
    folder.Write(absl::StrCat(name, ".salt"), opening.salt());
    folder.Write(absl::StrCat(name, ".name"), opening.name());
  }
}

}  // namespace

absl::Status UnpackBundle(Bytes bytes, const verify::Trust* trust,
                          const std::string& dir) {
  ASSIGN_OR_RETURN(const auto bundle,
                   registry::ParseCanonical<bundle::v1::Bundle>(bytes));
  if (bundle.format() != 1) {
    return absl::UnimplementedError(
        "证书包格式更新，请更新本程序/a higher format: update this program");
  }
  const auto note = proof::ParseNote(bundle.checkpoint());
  if (!note.ok()) {
    return absl::InvalidArgumentError(
        "checkpoint: 不是签名文本/not a signed note");
  }
  RETURN_IF_ERROR(MakeEmpty(dir));
  Folder folder(dir);
  folder.Write("bundle",
               {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  WriteBundle(bundle, folder);
  folder.Write("checkpoint.text", note->text);
  if (trust != nullptr) {
    WriteTrust(*trust, folder);
    WriteNote(*note, *trust, folder);
  }
  folder.Write("README", UnpackedReadme());
  folder.Write("check.sh", CheckScript());
  std::error_code ignored;
  fs::permissions(fs::path(dir) / "check.sh", fs::perms(0755), ignored);
  return folder.status();
}

}  // namespace dataip::client
