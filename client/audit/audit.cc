#include "client/audit/audit.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "client/audit/mirror_files.h"
#include "client/audit/statements.h"
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
        replayer_(trust, {options.hashes_only, options.parallel_for, orders}),
        statements_(trust, replayer_),
        options_(options),
        is_mirror_(IsMirror(files)) {}

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
    auto bytes = files_.read(path);
    if (!bytes.ok()) {
      const bool missing = absl::IsNotFound(bytes.status());
      const std::string en(bytes.status().message());
      if (missing) {
        Broken(rule::kFileMissing, 0, path, "缺少文件", en);
      } else {
        replayer_.RecordUndecided({0, rule::kFileMissing, path, en});
      }
      return std::nullopt;
    }
    read_.push_back({path, bytes->size(), hash::Sha256(hash::AsBytes(*bytes))});
    return *std::move(bytes);
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
    for (const Piece& piece : PiecesOf(size_)) {
      const uint64_t first = piece.number * kTileWidth;
      const auto headers = Read(EntriesPath(piece));
      const auto payloads = Read(PayloadPath(piece));
      if (!headers.has_value() || !payloads.has_value()) return;
      replayer_.CountCheck(rule::kFileForm);
      const auto entries = ReadPiece({*headers, *payloads, piece.width});
      if (!entries.ok()) {
        Broken(rule::kFileForm, first, EntriesPath(piece), "文件结构不对",
               std::string(entries.status().message()));
        return;
      }
      Feed(first, *entries);
    }
  }

  void Feed(uint64_t first, const std::vector<verify::ReplayEntry>& entries) {
    const TileBuilder::TileSink sink = [this](const std::string& path,
                                              const std::string& bytes) {
      tiles_[path] = hash::Sha256(hash::AsBytes(bytes));
    };
    for (size_t i = 0; i < entries.size(); ++i) {
      statements_.TakeHeader(first + i, entries[i].header);
      builder_.Append(hash::LeafHash(hash::AsBytes(entries[i].header)), sink);
    }
    replayer_.Feed(entries);
    if (builder_.frontier().size() == size_) builder_.Finish(sink);
  }

  void CompareTiles() {
    uint64_t hashes = size_;
    for (uint32_t level = 0; hashes > 0; ++level, hashes /= kTileWidth) {
      for (const Piece& piece : PiecesOf(hashes)) {
        CompareTile(TilePath(level, piece));
      }
    }
  }

  void CompareTile(const std::string& path) {
    const auto bytes = Read(path);
    if (!bytes.has_value()) return;
    replayer_.CountCheck(rule::kFileTile);
    const auto computed = tiles_.find(path);
    if (computed != tiles_.end() &&
        computed->second == hash::Sha256(hash::AsBytes(*bytes))) {
      return;
    }
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
    for (const std::string& path : extras_.evidence) {
      const auto note = Read(path);
      if (note.has_value()) statements_.AddSeen({path, *note});
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
  TileBuilder builder_;
  std::map<std::string, hash::Hash> tiles_;  // by path, as computed
};

}  // namespace

// Orders stand later than what they name. Most ledgers have none, so they are
// looked for when the replay meets the first sign of one.
verify::ReplayReport Audit(const ExportFiles& files, const verify::Trust& trust,
                           const AuditOptions& options) {
  if (!options.rehearse.has_value()) {
    const auto report = Auditor(files, trust, options, nullptr).Run();
    if (!report.orders_unread) return report;
  }
  verify::ErasureOrders orders = ReadOrders(files);
  if (options.rehearse.has_value()) {
    orders.Add(limits::kIndex, *options.rehearse);
  }
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
