#include "client/audit/audit.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/audit/mirror_files.h"
#include "client/audit/piece_group.h"
#include "client/audit/piece_line.h"
#include "client/audit/statements.h"
#include "client/audit/tile_hashes.h"
#include "core/base/limits.h"
#include "core/proof/note.h"
#include "core/verify/json.h"
#include "core/verify/rules.h"

namespace dataip::client {
namespace {

namespace rule = verify::rule;

// One audit, from the list of files to the report.
class Auditor {
 public:
  // `orders` may be null, and outlives this.
  Auditor(const ExportFiles& files, const verify::Trust& trust,
          const AuditOptions& options, const verify::ErasureOrders* orders)
      : files_(files),
        trust_(trust),
        replayer_(trust, {options.hashes_only, nullptr, orders}),
        statements_(trust, replayer_),
        options_(options),
        is_mirror_(IsMirror(files)),
        parsing_(!options.hashes_only) {}

  // Of the checkpoint, if just its files are there.
  std::optional<uint64_t> ListedSize() {
    if (!ReadCheckpoint() || !FilesAreThose()) return std::nullopt;
    return size_;
  }

  verify::ReplayReport Run() {
    for (const Statement& since : options_.since) statements_.AddSince(since);
    for (const Statement& seen : options_.seen) statements_.AddSeen(seen);
    if (ReadCheckpoint() && FilesAreThose() && KnowsManifest()) {
      AddEvidence();
      ReadEntries();
      CompareTiles();
      CompareOlder();
      CheckManifest();
      replayer_.CheckCheckpoint(note_);
      statements_.Compare();
    }
    statements_.Report();
    return replayer_.Finish();
  }

 private:
  void Broken(const char* name, uint64_t index, const std::string& path,
              const std::string& zh, const std::string& en) {
    replayer_.RecordBroken({index, name, absl::StrCat(path, "：", zh),
                            absl::StrCat(path, ": ", en)});
  }

  // Reads a file, remembering its digest for the manifest.
  std::optional<std::string> Read(const std::string& path) {
    FileRead file{path, files_.read(path), {}};
    if (file.bytes.ok()) file.sha256 = hash::Sha256(hash::AsBytes(*file.bytes));
    if (!Note(file)) return std::nullopt;
    return *std::move(file.bytes);
  }

  // Remembers a file's digest; false, with a finding, if it was not read.
  bool Note(const FileRead& file) {
    if (file.bytes.ok()) {
      read_.push_back({file.path, file.bytes->size(), file.sha256});
      return true;
    }
    const std::string en(file.bytes.status().message());
    if (absl::IsNotFound(file.bytes.status())) {
      Broken(rule::kFileMissing, 0, file.path, "缺少文件", en);
    } else if (absl::IsOutOfRange(file.bytes.status()) ||
               absl::IsFailedPrecondition(file.bytes.status())) {
      Broken(rule::kFileForm, 0, file.path, "不是普通文件或过大", en);
    } else {
      replayer_.RecordUndecided({0, rule::kFileMissing, file.path, en});
    }
    return false;
  }

  // Size and origin; its signatures come after the entries.
  bool ReadCheckpoint() {
    auto note = Read(kCheckpointFile);
    if (!note.has_value()) return false;
    note_ = *std::move(note);
    const auto parsed = proof::ParseNote(note_);
    const auto checkpoint = parsed.ok()
                                ? proof::ParseCheckpoint(parsed->text)
                                : proof::Parsed<proof::Checkpoint>(parsed.flaw);
    if (!checkpoint.ok()) {
      Broken(rule::kCheckpointForm, 0, kCheckpointFile,
             proof::DescribeChinese(checkpoint.flaw),
             proof::Describe(checkpoint.flaw));
      return false;
    }
    size_ = checkpoint->size;
    if (checkpoint->origin == trust_.origin) return true;
    replayer_.RecordUndecided(
        {0, rule::kCheckpointOrigin,
         absl::StrCat("是账本 ", checkpoint->origin, "，信任文件所列为 ",
                      trust_.origin),
         absl::StrCat("the ledger ", checkpoint->origin,
                      "; the trust file names ", trust_.origin)});
    return false;
  }

  bool FilesAreThose() {
    replayer_.CountCheck(rule::kFileMissing);
    replayer_.CountCheck(rule::kFileUnexpected);
    // Before a list as long as a wrong size says is made.
    if (size_ / kTileWidth > files_.paths.size()) {
      Broken(rule::kFileMissing, 0, "tile/entries", "缺少文件",
             "files are missing");
      return false;
    }
    std::vector<std::string> wanted = ExportPaths(size_);
    if (is_mirror_) std::erase(wanted, kManifestFile);
    std::vector<std::string> missing;
    std::set_difference(wanted.begin(), wanted.end(), files_.paths.begin(),
                        files_.paths.end(), std::back_inserter(missing));
    std::vector<std::string> unexpected;
    std::set_difference(files_.paths.begin(), files_.paths.end(),
                        wanted.begin(), wanted.end(),
                        std::back_inserter(unexpected));
    if (is_mirror_) {
      extras_ = SortExtras(unexpected, size_);
      unexpected = extras_.unexpected;
    }
    if (!missing.empty()) {
      Broken(rule::kFileMissing, 0, missing[0], "缺少文件", "missing");
    } else if (!unexpected.empty()) {
      Broken(rule::kFileUnexpected, 0, unexpected[0], "多出的文件",
             "unexpected");
    }
    return missing.empty() && unexpected.empty();
  }

  // Whether the manifest is of a format that can be judged.
  bool KnowsManifest() {
    if (is_mirror_) return true;
    auto manifest = files_.read(kManifestFile);
    if (!manifest.ok()) {
      Broken(rule::kFileManifest, 0, kManifestFile, "无法读取",
             "cannot be read");
      return false;
    }
    manifest_ = *std::move(manifest);
    // As this program writes it: no need to parse some megabytes.
    if (absl::StartsWith(manifest_,
                         absl::StrCat("{\"format\":", kManifestFormat, ","))) {
      return true;
    }
    const auto json = verify::ParseJson(manifest_);
    const bool named =
        json.ok() && !json->names.empty() && json->names[0] == "format";
    const verify::Json* format = named ? &json->elements[0] : nullptr;
    if (format == nullptr || format->kind != verify::Json::Kind::kNumber ||
        format->number <= kManifestFormat) {
      return true;  // what it says is compared when all files were read
    }
    replayer_.RecordUndecided({0, rule::kFileManifest,
                               "manifest.json 的格式更新，请更新本程序",
                               "manifest.json has a higher format: update "
                               "this program"});
    return false;
  }

  void ReadEntries() {
    const std::vector<Piece> pieces = PiecesOf(size_);
    std::span<const Piece> unread = pieces;
    level0_agrees_.assign(pieces.size(), false);
    PieceLine line({[&] {
                      if (unread.empty()) return std::unique_ptr<PieceGroup>();
                      auto group = PieceGroup::Read(files_, unread, !parsing_);
                      unread = unread.subspan(group->pieces().size());
                      return group;
                    },
                    [this](PieceGroup& group) { group.Prepare(!parsing_); },
                    [this](PieceGroup& group) { List(group); },
                    [this](PieceGroup& group) { return Take(group); }},
                   threads_);
    if (!options_.parallel_for) return line.Work();
    options_.parallel_for(threads_, [&](size_t) { line.Work(); });
  }

  void List(PieceGroup& group) {
    if (!parsing_) return;
    for (PieceRead& one : group.pieces()) {
      if (one.batch != nullptr) replayer_.ListSignatures(*one.batch);
    }
    group.GatherSignatures();
  }

  bool Take(PieceGroup& group) {
    for (PieceRead& one : group.pieces()) {
      if (!TakePiece(one)) return false;
    }
    if (!replayer_.deciding()) parsing_ = false;
    return true;
  }

  bool TakePiece(PieceRead& one) {
    const uint64_t first = one.piece.number * kTileWidth;
    const bool headers = Note(one.headers);
    if (!Note(one.payloads) || !headers) return false;
    replayer_.CountCheck(rule::kFileForm);
    if (one.batch == nullptr) {
      Broken(rule::kFileForm, first, one.headers.path, "文件结构不对",
             std::string(one.form.message()));
      return false;
    }
    statements_.TakeHeaders(first, *one.batch);
    if (one.piece.width == kTileWidth) tiles_.Append(*one.batch->subtree());
    if (first + one.piece.width == size_) tiles_.Finish();
    replayer_.Take(*one.batch);
    level0_agrees_[one.piece.number] = one.tile_agrees;
    if (one.tile_agrees) Note(one.tile);
    return true;
  }

  void CompareTiles() {
    uint64_t hashes = size_;
    for (uint32_t level = 0; hashes > 0; ++level, hashes /= kTileWidth) {
      for (const Piece& piece : PiecesOf(hashes)) {
        if (level == 0 && level0_agrees_[piece.number]) {
          replayer_.CountCheck(rule::kFileTile);
        } else {
          CompareTile(TilePath(level, piece));
        }
      }
    }
  }

  // One of level 0 comes here if it did not agree.
  void CompareTile(const std::string& path) {
    const auto bytes = Read(path);
    if (!bytes.has_value()) return;
    replayer_.CountCheck(rule::kFileTile);
    if (tiles_.Find(path) == hash::Sha256(hash::AsBytes(*bytes))) return;
    Broken(rule::kFileTile, size_, path, "与条目重算的树节点不符",
           "not the tree's nodes as computed again");
  }

  // Served once, and still to be read by whoever knows an older checkpoint.
  void CompareOlder() {
    for (const MirrorExtras::Older& file : extras_.older) {
      const auto bytes = Read(file.path);
      const auto newer = Read(file.newer);
      replayer_.CountCheck(rule::kFileTile);
      if (!bytes.has_value() || !newer.has_value()) return;
      if (newer->compare(0, bytes->size(), *bytes) == 0) continue;
      Broken(rule::kFileTile, size_, file.path, "不是其后续文件的开头",
             "not the beginning of the file that took it over");
    }
  }

  // Every checkpoint of a fork must be held against these entries.
  void AddEvidence() {
    std::set<hash::Hash> seen;  // of the same note one is enough
    for (const std::string& path : extras_.evidence) {
      const auto note = Read(path);
      if (!note.has_value() || !seen.insert(read_.back().sha256).second) {
        continue;
      }
      statements_.AddSeen({path, *note});
    }
  }

  // It has one spelling, so comparing is all there is to do.
  void CheckManifest() {
    if (is_mirror_) return;
    replayer_.CountCheck(rule::kFileManifest);
    std::sort(read_.begin(), read_.end(),
              [](const auto& a, const auto& b) { return a.path < b.path; });
    if (manifest_ == ManifestText(trust_.origin, size_, read_)) return;
    Broken(rule::kFileManifest, size_, kManifestFile, "与文件不符",
           "not what these files make");
  }

  const ExportFiles& files_;
  const verify::Trust& trust_;
  verify::Replayer replayer_;
  Statements statements_;
  const AuditOptions& options_;
  const bool is_mirror_;
  MirrorExtras extras_;
  std::string note_;
  std::string manifest_;
  uint64_t size_ = 0;
  std::vector<ManifestEntry> read_;
  TileHashes tiles_;
  std::vector<bool> level0_agrees_;  // by the number of the piece
  // Cleared when no later command will be decided.
  std::atomic<bool> parsing_;
  const size_t threads_ = std::max(1u, std::thread::hardware_concurrency());
};

}  // namespace

// Orders stand later than what they name. Most ledgers have none, so they are
// looked for when the replay meets the first sign of one.
verify::ReplayReport Audit(const ExportFiles& files, const verify::Trust& trust,
                           const AuditOptions& options) {
  const auto without = [&] {
    return Auditor(files, trust, options, nullptr).Run();
  };
  if (!options.rehearse.has_value()) {
    auto report = without();
    if (!report.orders_unread) return report;
  }
  const auto size = Auditor(files, trust, options, nullptr).ListedSize();
  if (!size.has_value()) return without();
  verify::ErasureOrders orders = ReadOrders(files, *size);
  if (options.rehearse.has_value()) orders.AddRehearsed(*options.rehearse);
  return Auditor(files, trust, options, &orders).Run();
}

verify::ParallelFor OnAllCores() {
  return [](size_t count, const std::function<void(size_t)>& work) {
    const size_t cores = std::max(1u, std::thread::hardware_concurrency());
    if (cores == 1 || count < 2) {
      for (size_t i = 0; i < count; ++i) work(i);
      return;
    }
    std::atomic<size_t> next = 0;
    const auto run = [&] {
      for (size_t i = next++; i < count; i = next++) work(i);
    };
    std::vector<std::thread> threads;
    for (size_t i = 1; i < cores; ++i) threads.emplace_back(run);
    run();
    for (std::thread& thread : threads) thread.join();
  };
}

}  // namespace dataip::client
