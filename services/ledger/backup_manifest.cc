#include "services/ledger/backup_manifest.h"

#include <algorithm>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/base64.h"
#include "core/base/hex.h"
#include "core/base/status_macros.h"
#include "core/crypto/note_signer.h"
#include "services/common/error.h"

namespace dataip::ledger {
namespace {

constexpr char kFirstLine[] = "dataip ledger backup 1";

absl::Status Broken(absl::string_view en, absl::string_view zh) {
  return services::MakeStatus(rpc::v1::DATA_LOSS,
                              {absl::StrCat("the backup's manifest ", en),
                               absl::StrCat("备份清单", zh)});
}

absl::Status NotOne() { return Broken("is not in its form", "的形式不对"); }

// Takes words and lines off a text.
class TextReader {
 public:
  explicit TextReader(std::string_view rest) : rest_(rest) {}

  bool empty() const { return rest_.empty(); }

  // What stands before `end`, which is taken too.
  std::optional<std::string> TakeUntil(char end) {
    const size_t at = rest_.find(end);
    if (at == std::string_view::npos) return std::nullopt;
    const std::string taken(rest_.substr(0, at));
    rest_.remove_prefix(at + 1);
    return taken;
  }

  template <typename Number>
  bool TakeNumber(char end, Number& number) {
    const auto word = TakeUntil(end);
    return word.has_value() && absl::SimpleAtoi(*word, &number);
  }

  bool TakeHash(char end, hash::Hash& hash) {
    const auto word = TakeUntil(end);
    const auto bytes = word.has_value() ? base::HexDecode(*word) : std::nullopt;
    const auto value = bytes.has_value() ? hash::Hash::From(*bytes)
                                         : std::optional<hash::Hash>();
    if (value.has_value()) hash = *value;
    return value.has_value();
  }

  bool TakeWord(std::string_view word) {
    if (rest_.substr(0, word.size()) != word) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

 private:
  std::string_view rest_;
};

}  // namespace

std::string FormatManifest(const BackupManifest& manifest) {
  return absl::StrCat(kFirstLine, "\norigin ", manifest.origin, "\nbackup ",
                      manifest.id, "\nmade_ms ", manifest.made_ms,
                      "\ncheckpoint ",
                      base::Base64Encode(hash::AsBytes(manifest.checkpoint)),
                      "\nfiles ", manifest.file_count, " ",
                      base::HexEncode(manifest.files_sha256.span()), "\n");
}

absl::StatusOr<BackupManifest> ParseManifest(std::string_view text) {
  TextReader reader(text);
  BackupManifest manifest;
  std::optional<std::string> origin;
  std::optional<std::string> checkpoint;
  const bool read =
      reader.TakeUntil('\n') == kFirstLine && reader.TakeWord("origin ") &&
      (origin = reader.TakeUntil('\n')).has_value() &&
      reader.TakeWord("backup ") && reader.TakeNumber('\n', manifest.id) &&
      reader.TakeWord("made_ms ") &&
      reader.TakeNumber('\n', manifest.made_ms) &&
      reader.TakeWord("checkpoint ") &&
      (checkpoint = reader.TakeUntil('\n')).has_value() &&
      reader.TakeWord("files ") &&
      reader.TakeNumber(' ', manifest.file_count) &&
      reader.TakeHash('\n', manifest.files_sha256);
  if (!read) return NotOne();
  const auto note = base::Base64Decode(*checkpoint);
  if (!note.has_value()) return NotOne();
  manifest.origin = *std::move(origin);
  manifest.checkpoint.assign(note->begin(), note->end());
  if (FormatManifest(manifest) != text) return NotOne();
  return manifest;
}

std::string FormatFileList(const std::vector<BackupFile>& files) {
  std::string text;
  for (const BackupFile& file : files) {
    absl::StrAppend(&text, base::HexEncode(file.sha256.span()), " ",
                    file.byte_size, " ", file.path, "\n");
  }
  return text;
}

absl::StatusOr<std::vector<BackupFile>> ParseFileList(std::string_view text) {
  TextReader reader(text);
  std::vector<BackupFile> files;
  while (!reader.empty()) {
    BackupFile file;
    if (!reader.TakeHash(' ', file.sha256) ||
        !reader.TakeNumber(' ', file.byte_size)) {
      return NotOne();
    }
    auto path = reader.TakeUntil('\n');
    if (!path.has_value()) return NotOne();
    file.path = *std::move(path);
    if (!files.empty() && file.path <= files.back().path) return NotOne();
    files.push_back(std::move(file));
  }
  if (FormatFileList(files) != text) return NotOne();
  return files;
}

absl::StatusOr<std::string> SignManifest(const BackupManifest& manifest,
                                         const hash::Hash& chain_head,
                                         const Signing& signing) {
  return crypto::SignNote(FormatManifest(manifest), chain_head,
                          signing.signers);
}

absl::StatusOr<CheckedManifest> ReadManifest(const std::string& note,
                                             const Signing& signing) {
  const auto verified = crypto::VerifyNote(note, signing.verifiers);
  if (!verified.ok()) {
    return Broken(
        absl::StrCat("does not verify: ", verified.status().message()),
        "的签名不成立");
  }
  const auto& signed_by = verified->signed_by;
  if (std::find(signed_by.begin(), signed_by.end(), true) == signed_by.end()) {
    ASSIGN_OR_RETURN(const auto theirs, ParseManifest(verified->text));
    return Broken(
        absl::StrCat("has no signature of this ledger: it is of another, ",
                     theirs.origin,
                     ", or of other keys, and each needs a folder of its own"),
        absl::StrCat("没有本账本的签名：属于另一账本 ", theirs.origin,
                     "（或另一组密钥），每个账本须有自己的备份目录"));
  }
  if (!crypto::AllSigned(*verified) || !verified->chain_head.has_value()) {
    return Broken("lacks the signature of one of the ledger's keys",
                  "缺少账本某一密钥的签名");
  }
  CheckedManifest checked;
  ASSIGN_OR_RETURN(checked.manifest, ParseManifest(verified->text));
  if (checked.manifest.origin != signing.origin) {
    return Broken(absl::StrCat("is of the ledger ", checked.manifest.origin),
                  absl::StrCat("属于账本 ", checked.manifest.origin));
  }
  ASSIGN_OR_RETURN(
      checked.checkpoint,
      ReadNote(checked.manifest.checkpoint, signing.origin, signing.verifiers));
  if (checked.checkpoint.chain_head != *verified->chain_head) {
    return Broken("was signed with another chain head than its checkpoint's",
                  "签名所用的链头与其检查点的不同");
  }
  return checked;
}

}  // namespace dataip::ledger
