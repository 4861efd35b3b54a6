#include "client/checkpoint_store.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/ledger_client.h"
#include "core/base/hex.h"
#include "core/base/status_macros.h"
#include "core/crypto/random.h"
#include "core/proof/note.h"
#include "core/proof/tree.h"
#include "dataip/ledger/v1/ledger.pb.h"

namespace dataip::client {
namespace {

constexpr size_t kTemporaryNameBytes = 8;
constexpr size_t kNameBytes = 4;
constexpr char kEvidence[] = "/evidence";

absl::StatusOr<proof::Checkpoint> CheckpointOf(absl::string_view note) {
  const std::string text(note);
  const auto signed_note = proof::ParseNote(text);
  if (!signed_note.ok()) {
    return absl::DataLossError("检查点不成形 (the checkpoint is no note)");
  }
  const auto checkpoint = proof::ParseCheckpoint(signed_note->text);
  if (!checkpoint.ok()) {
    return absl::DataLossError(
        "检查点不成形 (the checkpoint's three lines are wrong)");
  }
  return *checkpoint;
}

std::string Shown(const proof::Checkpoint& checkpoint) {
  return absl::StrCat("size ", checkpoint.size, " root ",
                      base::HexEncode(checkpoint.root.span()));
}

// <first 8 hex digits of the origin's hash>-<size>-<of the root>.note
std::string EvidenceName(const proof::Checkpoint& checkpoint) {
  const hash::Hash origin = hash::Sha256(hash::AsBytes(checkpoint.origin));
  return absl::StrCat(
      base::HexEncode(origin.span().first(kNameBytes)), "-", checkpoint.size,
      "-", base::HexEncode(checkpoint.root.span().first(kNameBytes)), ".note");
}

absl::Status OfAnotherLedger(const std::string& path,
                             const proof::Checkpoint& kept) {
  return absl::DataLossError(absl::StrCat(
      path,
      "：此文件存的是另一账本的检查点，已损坏或被改动，请移走后重试 (this file "
      "holds a checkpoint of another ledger: it is damaged or was altered, "
      "move it away and try again): ",
      kept.origin));
}

absl::Status Shrunk(const proof::Checkpoint& kept,
                    const proof::Checkpoint& came) {
  return absl::FailedPreconditionError(absl::StrCat(
      "检查点比已知的更小，请给出 --ledger 以核对 (the checkpoint is smaller "
      "than one seen before; give --ledger so that the two are compared): ",
      Shown(kept), " and ", Shown(came)));
}

// A ledger that has what was kept proves it.
absl::Status RolledBack(const proof::Checkpoint& kept,
                        const proof::Checkpoint& came,
                        const absl::Status& why) {
  return absl::UnavailableError(absl::StrCat(
      "账本出示的检查点比已知的更小，且不能证明较大的一个：账本可能被回退，请通"
      "知其运维方 (the ledger shows a smaller checkpoint than one that it "
      "signed "
      "before, and cannot prove the larger one: it may have been rolled back, "
      "tell its operator): ",
      Shown(kept), " and ", Shown(came), ": ", why.message()));
}

// The ledger itself refuses: not the connection, nor what it proved.
bool Refuses(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsNotFound(status) ||
         absl::IsOutOfRange(status) || absl::IsFailedPrecondition(status);
}

absl::Status WriteWhole(const std::string& path, absl::string_view content) {
  const std::string temporary = absl::StrCat(
      path, ".",
      base::HexEncode(hash::AsBytes(crypto::RandomBytes(kTemporaryNameBytes))));
  {
    std::ofstream file(temporary, std::ios::binary);
    file.write(content.data(), static_cast<std::streamsize>(content.size()));
    if (!file.flush()) {
      return absl::PermissionDeniedError(
          absl::StrCat("无法写入 (cannot write) ", temporary));
    }
  }
  std::error_code error;
  std::filesystem::rename(temporary, path, error);
  if (error) {
    return absl::PermissionDeniedError(
        absl::StrCat("无法写入 (cannot write) ", path, ": ", error.message()));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> AreConsistent(
    const proof::Checkpoint& older, const proof::Checkpoint& newer,
    const CheckpointStore::ConsistencyProof& proof) {
  ASSIGN_OR_RETURN(const std::vector<hash::Hash> path,
                   proof(older.size, newer.size));
  return proof::VerifyConsistency(older.size, newer.size, older.root,
                                  newer.root, path);
}

}  // namespace

struct CheckpointStore::Seen {
  proof::Checkpoint checkpoint;
  std::string note;
};

absl::Status CheckpointStore::Contradicts(const Seen& kept, const Seen& came,
                                          absl::string_view why) const {
  std::string paths;
  std::error_code error;
  std::filesystem::create_directories(folder_ + kEvidence, error);
  for (const Seen* one : {&kept, &came}) {
    const std::string path =
        absl::StrCat(folder_, kEvidence, "/", EvidenceName(one->checkpoint));
    const absl::Status written = WriteWhole(path, one->note);
    absl::StrAppend(&paths, one == &kept ? " " : "; ", Shown(one->checkpoint),
                    " ", written.ok() ? path : written.message());
  }
  return absl::DataLossError(absl::StrCat(
      "账本出示了互相矛盾的历史（", why,
      "）：两个检查点都有账本的签名，不能同时成立。两者已存为证据，请交给审计方"
      "、"
      "见证方和其他使用者，查明之前勿再信任此账本；查明之后，移走所记的 ",
      PathOf(kept.checkpoint.origin),
      " 即可重新开始 (the ledger shows two histories: it has signed two "
      "checkpoints that cannot both be true. Both are kept as evidence; give "
      "them to the auditor, the witnesses and other users, and do not trust "
      "this ledger until it is explained; then move away what is remembered, ",
      PathOf(kept.checkpoint.origin), ", to begin anew):", paths));
}

absl::StatusOr<CheckpointStore> CheckpointStore::Open(
    const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return absl::InvalidArgumentError(
        absl::StrCat("无法建立目录 (cannot make the folder) ", folder, ": ",
                     error.message()));
  }
  return CheckpointStore(folder);
}

CheckpointStore::ConsistencyProof CheckpointStore::AskLedger(
    LedgerClient& ledger) {
  return
      [&ledger](uint64_t old_size,
                uint64_t new_size) -> absl::StatusOr<std::vector<hash::Hash>> {
        ASSIGN_OR_RETURN(const auto answer,
                         ledger.GetConsistencyProof({old_size, new_size}));
        std::vector<hash::Hash> path;
        for (const std::string& node : answer.path()) {
          const auto hash = hash::Hash::From(hash::AsBytes(node));
          if (!hash.has_value()) {
            return absl::DataLossError(
                "一致性证明不成形 (a proof with a node "
                "that is not 32 bytes)");
          }
          path.push_back(*hash);
        }
        return path;
      };
}

std::string CheckpointStore::PathOf(absl::string_view origin) const {
  const hash::Hash name = hash::Sha256(
      hash::AsBytes(std::string_view(origin.data(), origin.size())));
  return absl::StrCat(folder_, "/checkpoint-", base::HexEncode(name.span()));
}

absl::StatusOr<std::optional<std::string>> CheckpointStore::Last(
    absl::string_view origin) const {
  const std::string path = PathOf(origin);
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  if (!file) {
    return absl::InvalidArgumentError(
        absl::StrCat("无法读取 (cannot read) ", path));
  }
  return content.str();
}

absl::StatusOr<bool> CheckpointStore::Accept(absl::string_view note,
                                             const ConsistencyProof& proof) {
  ASSIGN_OR_RETURN(const proof::Checkpoint came, CheckpointOf(note));
  ASSIGN_OR_RETURN(const std::optional<std::string> last, Last(came.origin));
  if (!last.has_value()) {
    RETURN_IF_ERROR(WriteWhole(PathOf(came.origin), note));
    first_here_.insert(came.origin);
    return true;
  }
  ASSIGN_OR_RETURN(const proof::Checkpoint kept, CheckpointOf(*last));
  if (kept.origin != came.origin) {
    return OfAnotherLedger(PathOf(came.origin), kept);
  }
  const auto contradicts = [&](absl::string_view why) {
    return Contradicts({kept, *last}, {came, std::string(note)}, why);
  };
  if (kept.size == came.size) {
    if (kept.root == came.root) return true;
    return contradicts("同一大小、两个根/one size, two roots");
  }
  if (proof == nullptr) {
    if (came.size > kept.size || first_here_.count(came.origin) > 0) {
      return false;
    }
    return Shrunk(kept, came);
  }
  if (came.size < kept.size) {
    const auto consistent = AreConsistent(came, kept, proof);
    if (Refuses(consistent.status())) {
      return RolledBack(kept, came, consistent.status());
    }
    RETURN_IF_ERROR(consistent.status());
    if (!*consistent) return contradicts("无法接续/no consistency");
    return true;
  }
  ASSIGN_OR_RETURN(const bool consistent, AreConsistent(kept, came, proof));
  if (!consistent) return contradicts("无法接续/no consistency");
  RETURN_IF_ERROR(WriteWhole(PathOf(came.origin), note));
  return true;
}

}  // namespace dataip::client
