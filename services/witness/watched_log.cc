#include "services/witness/watched_log.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/status_macros.h"

namespace dataip::witness {
namespace {

absl::Status Wrong(absl::string_view en, absl::string_view zh) {
  return absl::InvalidArgumentError(absl::StrCat(en, " / ", zh));
}

bool IsVkey(absl::string_view word) {
  return proof::ParseVkey({word.data(), word.size()}).ok();
}

absl::Status CheckOrigin(const std::string& origin) {
  const bool fits =
      proof::ParseForeignCheckpoint(
          proof::FormatCheckpoint({origin, 0, proof::Frontier().Root()}))
          .ok();
  if (fits) return absl::OkStatus();
  return Wrong("the origin of the log is missing", "缺少日志的来源名");
}

}  // namespace

absl::StatusOr<WatchedLog> WatchedLog::Parse(absl::string_view line) {
  const std::vector<std::string> words =
      absl::StrSplit(line, ' ', absl::SkipEmpty());
  WatchedLog log;
  size_t keys = 0;
  while (keys < words.size() && IsVkey(words[words.size() - 1 - keys])) ++keys;
  if (keys == 0) {
    return Wrong(
        "no vkey (name+8 hex digits+base64) at the end of the line; `dataip "
        "trust show` and `dataip keys show` print them",
        "行末没有 vkey（名称+8 位十六进制+base64），可用 dataip trust show 或 "
        "dataip keys show 查看");
  }
  for (size_t i = words.size() - keys; i < words.size(); ++i) {
    ASSIGN_OR_RETURN(auto key, crypto::NoteVerifier::FromVkey(words[i]));
    log.ours_ |= key.note_key().type == proof::NoteKeyType::kSm2;
    log.keys_.push_back(std::move(key));
  }
  // The text before the first of these words, as it stands.
  const size_t end = line.find(words[words.size() - keys]);
  log.origin_ = std::string(absl::StripAsciiWhitespace(line.substr(0, end)));
  RETURN_IF_ERROR(CheckOrigin(log.origin_));
  const bool alone =
      std::all_of(log.keys_.begin(), log.keys_.end(), [](const auto& key) {
        return key.note_key().type == proof::NoteKeyType::kSm2;
      });
  if (alone) {
    return Wrong("a ledger's SM2 key needs its Ed25519 key beside it",
                 "账本的 SM2 密钥须与其 Ed25519 密钥一并给出");
  }
  return log;
}

absl::Status WatchedLog::Check(const proof::AddCheckpoint& request) const {
  if (ours_) {
    const auto strict = proof::ParseCheckpoint(request.note.text);
    if (!strict.ok()) return absl::InvalidArgumentError("checkpoint");
  }
  const auto verified = crypto::VerifyNote(request.note, keys_);
  if (!verified.ok()) {
    return absl::PermissionDeniedError(verified.status().message());
  }
  const bool enough =
      ours_ ? crypto::AllSigned(*verified)
            : std::find(verified->signed_by.begin(), verified->signed_by.end(),
                        true) != verified->signed_by.end();
  if (enough) return absl::OkStatus();
  return absl::PermissionDeniedError("not signed by a key of this log");
}

}  // namespace dataip::witness
