#include "client/export/ledger_mirror.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/export/erasure_orders.h"
#include "client/export/export_layout.h"
#include "client/export/export_path.h"
#include "client/export/mirror_checkpoint.h"
#include "client/export/mirror_edge.h"
#include "client/export/mirror_erasures.h"
#include "client/export/mirror_evidence.h"
#include "client/export/mirror_folder.h"
#include "client/export/mirror_pieces.h"
#include "client/export/mirror_stage.h"
#include "client/export/mirror_tree.h"
#include "client/export/mirror_withheld.h"
#include "core/base/status_macros.h"
#include "core/proof/tree.h"

namespace dataip::client {
namespace {

constexpr char kNextFile[] = ".mirror/next";
constexpr char kNeededFile[] = ".mirror/needed";
constexpr char kOldFile[] = ".mirror/old";

// "a/b.p/17" -> "a/b.p".
std::string FolderOf(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

}  // namespace

struct LedgerMirror::Mirroring {
  Mirroring(MirrorFolder folder_in, const verify::Trust& trust_in)
      : folder(std::move(folder_in)),
        trust(trust_in),
        edge(MirrorEdge::Empty(trust_in.origin)),
        next_edge(edge),
        orders(trust_in) {}

  MirrorFolder folder;
  const verify::Trust& trust;
  MirrorCheckpoint served;                // size 0: none yet
  std::optional<MirrorCheckpoint> begun;  // of a commit that was cut short
  MirrorEdge edge;                        // of `served`
  MirrorCheckpoint target;
  MirrorEdge next_edge;  // with what was added
  uint64_t needed_size = 0;
  uint64_t kept_needed_size = 0;  // in the folder
  OrderReader orders;
  std::vector<OrderedErasure> ordered;  // by entries that were added
  WithheldPayloads withheld;            // of `served`
  WithheldPayloads next_withheld;       // with what was added

  absl::StatusOr<std::string> Read(const std::string& path) const {
    ASSIGN_OR_RETURN(auto bytes, folder.Read(path));
    if (bytes.has_value()) return *std::move(bytes);
    return absl::DataLossError(
        absl::StrCat(path, ": 镜像缺少此文件/missing in the mirror"));
  }

  MirrorEdge::Sink Stage() const {
    return [this](const std::string& path, absl::string_view bytes) {
      return folder.Stage(path, bytes);
    };
  }

  absl::Status Load();
  absl::Status Resume();
  absl::Status KeepNeededSize();
  absl::Status Contradicts(const MirrorCheckpoint& a,
                           const MirrorCheckpoint& b) const;
  absl::Status CheckTarget(const ConsistencyProof& consistency) const;
  absl::Status Blame(const absl::Status& broken,
                     const ConsistencyProof& consistency) const;
  absl::Status Serve();
  absl::Status KeepOnly(const std::string& path,
                        const std::set<std::string>& names) const;
  absl::Status RemoveOld(const MirrorCheckpoint& before) const;
};

// What a run before this one left.
absl::Status LedgerMirror::Mirroring::Load() {
  ASSIGN_OR_RETURN(const auto note, folder.Read(kCheckpointFile));
  if (note.has_value()) {
    ASSIGN_OR_RETURN(
        served,
        ReadOwnCheckpoint(folder.dir() + "/" + kCheckpointFile, *note, trust));
    RETURN_IF_ERROR(CarryOutErasures(folder, served.size));
    ASSIGN_OR_RETURN(
        edge, MirrorEdge::Load(served.size, [this](const std::string& path) {
          return Read(path);
        }));
    if (edge.Root() != served.root || edge.chain_head() != served.chain_head) {
      return absl::DataLossError(absl::StrCat(
          folder.dir(),
          ": 镜像的文件与其检查点不符，请用 dataip-audit 查明后另建镜像/the "
          "mirror's files do not lead to its own checkpoint: dataip-audit says "
          "where; then begin a new mirror"));
    }
  }
  RETURN_IF_ERROR(CheckNoEvidence(folder));
  next_edge = edge;
  ASSIGN_OR_RETURN(withheld, ReadWithheld(folder, served.size));
  next_withheld = withheld;
  RETURN_IF_ERROR(ShowOpening(folder, served.size, orders));
  ASSIGN_OR_RETURN(const auto next, folder.Read(kNextFile));
  if (next.has_value()) {
    const std::string path = folder.dir() + "/" + kNextFile;
    const auto own = ReadOwnCheckpoint(path, *next, trust);
    if (!own.ok()) {
      // Nothing rests on it: the entries come again.
      RETURN_IF_ERROR(folder.Remove(kNextFile));
      return absl::FailedPreconditionError(absl::StrCat(
          path,
          "：镜像自己的文件已损坏，现已删除，请再运行一次 (the mirror's own "
          "file was damaged and has been removed: run this again)"));
    }
    begun = *own;
    if (begun->size <= served.size) begun.reset();
  }
  return Resume();
}

// A fork from what was begun is looked for in entries that come anew.
absl::Status LedgerMirror::Mirroring::Resume() {
  ASSIGN_OR_RETURN(const auto needed, folder.Read(kNeededFile));
  if (needed.has_value() && !absl::SimpleAtoi(*needed, &needed_size)) {
    return absl::DataLossError(absl::StrCat(kNeededFile, ": 不成形/broken"));
  }
  kept_needed_size = needed_size;
  AddedEntries added{edge, {}, withheld};
  RETURN_IF_ERROR(AddStaged(
      folder,
      begun.has_value() ? begun->size : std::numeric_limits<uint64_t>::max(),
      orders, added));
  next_edge = std::move(added.edge);
  ordered = std::move(added.ordered);
  next_withheld = std::move(added.withheld);
  return absl::OkStatus();
}

// Before a bundle is staged: what is staged does not say it.
absl::Status LedgerMirror::Mirroring::KeepNeededSize() {
  if (needed_size == kept_needed_size) return absl::OkStatus();
  kept_needed_size = needed_size;
  return folder.Write(kNeededFile, absl::StrCat(needed_size));
}

absl::Status LedgerMirror::Mirroring::Contradicts(
    const MirrorCheckpoint& a, const MirrorCheckpoint& b) const {
  std::vector<std::string> paths;
  for (const MirrorCheckpoint* one : {&a, &b}) {
    paths.push_back(EvidencePath(*one));
    RETURN_IF_ERROR(folder.Write(paths.back(), one->note));
  }
  return Forked({a, b},
                {folder.dir() + "/" + paths[0], folder.dir() + "/" + paths[1]});
}

absl::Status LedgerMirror::Mirroring::CheckTarget(
    const ConsistencyProof& consistency) const {
  if (next_edge.size() == target.size && next_edge.Root() == target.root &&
      next_edge.chain_head() == target.chain_head) {
    return absl::OkStatus();
  }
  return Blame(EntriesDoNotLead(target, folder.dir()), consistency);
}

// What came does not continue what is here: the ledger's proof tells a fork
// from entries that are merely wrong.
absl::Status LedgerMirror::Mirroring::Blame(
    const absl::Status& broken, const ConsistencyProof& consistency) const {
  if (served.size == 0) return broken;
  const auto path = consistency(served.size, target.size);
  // A ledger that has no proof may have a broken disk: it is blamed for what
  // it shows only.
  if (!path.ok() || proof::VerifyConsistency(served.size, target.size,
                                             served.root, target.root, *path)) {
    return broken;
  }
  return Contradicts(served, target);
}

absl::Status LedgerMirror::Mirroring::Serve() {
  RETURN_IF_ERROR(next_edge.WritePartials(Stage()));
  RETURN_IF_ERROR(folder.Write(kNextFile, target.note));
  RETURN_IF_ERROR(folder.ServeStaged([](const std::string& path,
                                        absl::string_view old_bytes,
                                        absl::string_view new_bytes) {
    return path.rfind("payload/", 0) == 0 &&
           MayReplacePayloads(old_bytes, new_bytes);
  }));
  RETURN_IF_ERROR(PrepareErasures(folder, target.size, ordered));
  RETURN_IF_ERROR(WriteWithheld(folder, next_withheld));
  RETURN_IF_ERROR(folder.Write(kCheckpointFile, target.note));
  RETURN_IF_ERROR(CarryOutErasures(folder, target.size));
  RETURN_IF_ERROR(RemoveOld(served));
  RETURN_IF_ERROR(folder.Remove(kNeededFile));
  kept_needed_size = needed_size = 0;
  return folder.Remove(kNextFile);
}

absl::Status LedgerMirror::Mirroring::KeepOnly(
    const std::string& path, const std::set<std::string>& names) const {
  for (const std::string& name : folder.Names(path)) {
    if (names.contains(name)) continue;
    RETURN_IF_ERROR(folder.Remove(absl::StrCat(path, "/", name)));
  }
  return absl::OkStatus();
}

// Partial files that nobody needs any more; `before` was served until now.
absl::Status LedgerMirror::Mirroring::RemoveOld(
    const MirrorCheckpoint& before) const {
  ASSIGN_OR_RETURN(const auto old, folder.Read(kOldFile));
  for (const absl::string_view path :
       absl::StrSplit(old.value_or(""), '\n', absl::SkipEmpty())) {
    // Whatever else stands there is not of our making.
    if (!IsPartialFolder(path)) continue;
    RETURN_IF_ERROR(folder.Remove(std::string(path)));
  }
  std::string next;
  const auto retire = [&](const std::string& partial_path) {
    absl::StrAppend(&next, FolderOf(partial_path), "\n");
  };
  uint64_t was = before.size;
  uint64_t is = target.size;
  for (uint32_t level = 0; was > 0; ++level) {
    const Piece last{was / kTileWidth, static_cast<uint32_t>(was % kTileWidth)};
    if (last.width > 0 && is / kTileWidth > last.number) {
      retire(TilePath(level, last));
      if (level == 0) retire(EntriesPath(last));
      if (level == 0) retire(PayloadPath(last));
    } else if (last.width > 0 && level == 0) {
      RETURN_IF_ERROR(KeepOnly(
          FolderOf(PayloadPath(last)),
          {std::to_string(last.width), std::to_string(is % kTileWidth)}));
    }
    was /= kTileWidth;
    is /= kTileWidth;
  }
  if (next.empty()) return folder.Remove(kOldFile);
  return folder.Write(kOldFile, next);
}

LedgerMirror::LedgerMirror(std::unique_ptr<Mirroring> mirroring)
    : mirroring_(std::move(mirroring)) {}

LedgerMirror::~LedgerMirror() = default;

absl::StatusOr<std::unique_ptr<LedgerMirror>> LedgerMirror::Open(
    const std::string& dir, const verify::Trust& trust) {
  ASSIGN_OR_RETURN(MirrorFolder folder, MirrorFolder::Open(dir));
  auto mirroring = std::make_unique<Mirroring>(std::move(folder), trust);
  RETURN_IF_ERROR(mirroring->Load());
  return std::unique_ptr<LedgerMirror>(new LedgerMirror(std::move(mirroring)));
}

uint64_t LedgerMirror::size() const { return mirroring_->served.size; }
const std::string& LedgerMirror::note() const {
  return mirroring_->served.note;
}
uint64_t LedgerMirror::target_size() const { return mirroring_->target.size; }
uint64_t LedgerMirror::added() const { return mirroring_->next_edge.size(); }
uint64_t LedgerMirror::needed_size() const { return mirroring_->needed_size; }

uint64_t LedgerMirror::withheld() const {
  uint64_t payloads = 0;
  for (const auto& [bundle, count] : mirroring_->withheld) payloads += count;
  return payloads;
}

absl::StatusOr<bool> LedgerMirror::FillIn(const FetchEntries& fetch) {
  Mirroring& at = *mirroring_;
  if (at.withheld.empty()) return false;
  return client::FillIn({at.folder, at.trust, at.served.size}, fetch,
                        at.withheld);
}

absl::StatusOr<LedgerMirror::Comparison> LedgerMirror::Begin(
    absl::string_view note) {
  Mirroring& at = *mirroring_;
  ASSIGN_OR_RETURN(MirrorCheckpoint came,
                   ReadMirrorCheckpoint(std::string(note), at.trust));
  if (at.begun.has_value() && at.begun->size == came.size &&
      at.begun->root != came.root) {
    return at.Contradicts(*at.begun, came);
  }
  if (came.size <= at.served.size) {
    ASSIGN_OR_RETURN(
        const hash::Hash root,
        came.size == at.served.size
            ? at.served.root
            : ProvenRootAt(came.size, at.served, [&](const std::string& path) {
                return at.Read(path);
              }));
    if (root != came.root) return at.Contradicts(at.served, came);
    return came.size == at.served.size ? Comparison::kSame
                                       : Comparison::kBehind;
  }
  // Entries that were added for a smaller checkpoint stay.
  if (came.size < at.next_edge.size()) {
    at.next_edge = at.edge;
    at.next_withheld = at.withheld;
    at.ordered.clear();
    RETURN_IF_ERROR(at.folder.ClearStage());
  }
  at.target = std::move(came);
  return Comparison::kAhead;
}

absl::Status LedgerMirror::Add(const ExportedEntry& entry) {
  Mirroring& at = *mirroring_;
  if (entry.status == ExportedEntry::Payload::kErased) {
    at.needed_size = std::max(at.needed_size, entry.erased_by + 1);
  }
  if (added() % kTileWidth == kTileWidth - 1) {
    RETURN_IF_ERROR(at.KeepNeededSize());
  }
  const auto header = at.next_edge.Add(entry, at.Stage());
  // What does not fit may be what was staged before.
  if (absl::IsDataLoss(header.status())) {
    RETURN_IF_ERROR(at.folder.ClearStage());
  }
  RETURN_IF_ERROR(header.status());
  if (entry.status == ExportedEntry::Payload::kNotForThisReader) {
    ++at.next_withheld[header->index / kTileWidth];
  }
  const auto ordered = at.orders.Take(*header, entry);
  at.ordered.insert(at.ordered.end(), ordered.begin(), ordered.end());
  if (at.begun.has_value() && at.begun->size == at.next_edge.size()) {
    if (at.begun->root != at.next_edge.Root()) {
      RETURN_IF_ERROR(at.folder.ClearStage());
      return at.Contradicts(*at.begun, at.target);
    }
    at.begun.reset();
  }
  return absl::OkStatus();
}

absl::Status LedgerMirror::Explain(const absl::Status& broken,
                                   const ConsistencyProof& consistency) const {
  return mirroring_->Blame(broken, consistency);
}

absl::Status LedgerMirror::Commit(const ConsistencyProof& consistency) {
  Mirroring& at = *mirroring_;
  absl::Status checked = at.CheckTarget(consistency);
  if (!checked.ok()) {
    RETURN_IF_ERROR(at.folder.ClearStage());
    return checked;
  }
  RETURN_IF_ERROR(at.Serve());
  at.served = at.target;
  // Orders have changed files that the edge remembers.
  if (!at.ordered.empty()) {
    ASSIGN_OR_RETURN(
        at.next_edge,
        MirrorEdge::Load(at.served.size, [&at](const std::string& path) {
          return at.Read(path);
        }));
  }
  at.edge = at.next_edge;
  at.withheld = at.next_withheld;
  at.ordered.clear();
  at.begun.reset();
  return absl::OkStatus();
}

}  // namespace dataip::client
