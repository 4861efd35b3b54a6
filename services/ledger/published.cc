#include "services/ledger/published.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/status.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/crypto/checkpoint.h"
#include "services/common/error.h"

namespace dataip::ledger {
namespace {

std::string NothingYet(const std::string& origin) { return origin + "\n0\n"; }

}  // namespace

absl::StatusOr<PublishedCheckpoint> ReadNote(
    const std::string& note, const std::string& origin,
    std::span<const crypto::NoteVerifier> verifiers) {
  const crypto::CheckedCheckpoint checked =
      crypto::CheckCheckpoint(note, {origin, verifiers});
  if (!checked.counts()) {
    return services::MakeStatus(
        rpc::v1::DATA_LOSS,
        {absl::StrCat("not a checkpoint of this ledger: ", checked.en),
         absl::StrCat("不是本账本的检查点：", checked.zh)});
  }
  return PublishedCheckpoint{checked.checkpoint.size, checked.checkpoint.root,
                             checked.chain_head, note};
}

absl::StatusOr<std::optional<PublishedCheckpoint>> PublishedFile::Read(
    const std::string& origin,
    std::span<const crypto::NoteVerifier> verifiers) const {
  ASSIGN_OR_RETURN(const std::optional<std::string> content,
                   file_.Read(limits::kNoteBytes));
  if (!content.has_value()) return std::nullopt;
  if (*content == NothingYet(origin)) return PublishedCheckpoint();
  auto checkpoint = ReadNote(*content, origin, verifiers);
  if (checkpoint.ok()) return std::optional(*std::move(checkpoint));
  const auto detail = client::ErrorDetailOf(checkpoint.status());
  return services::MakeStatus(
      rpc::v1::DATA_LOSS,
      {absl::StrCat(path(), ": ", checkpoint.status().message()),
       absl::StrCat(path(), "：", detail->message_zh())});
}

absl::Status PublishedFile::WriteNote(const std::string& note) {
  return file_.Write(note);
}

absl::Status PublishedFile::WriteNothingYet(const std::string& origin) {
  return file_.Write(NothingYet(origin));
}

}  // namespace dataip::ledger
