#include "client/export/mirror_stage.h"

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "client/export/export_layout.h"
#include "client/export/piece_reader.h"
#include "core/base/status_macros.h"

namespace dataip::client {
namespace {

// One pass over what is staged.
class Resuming {
 public:
  Resuming(const MirrorFolder& folder, OrderReader& orders, AddedEntries& added)
      : folder_(folder), orders_(orders), added_(added) {}

  // Whether there was such a bundle and it was added.
  absl::StatusOr<bool> AddBundle(uint64_t number) {
    const Piece piece{number, kTileWidth};
    ASSIGN_OR_RETURN(const auto entries, Read(EntriesPath(piece)));
    ASSIGN_OR_RETURN(const auto payloads, Read(PayloadPath(piece)));
    if (!entries.has_value() || !payloads.has_value()) return false;
    AddedEntries next{added_.edge, {}, {}};
    std::set<std::string> paths;
    const absl::Status status =
        AddAll(*entries, *payloads, number * kTileWidth, paths, next);
    if (absl::IsDataLoss(status)) return false;
    RETURN_IF_ERROR(status);
    added_.edge = std::move(next.edge);
    added_.ordered.insert(added_.ordered.end(), next.ordered.begin(),
                          next.ordered.end());
    for (const auto& [bundle, count] : next.withheld) {
      added_.withheld[bundle] += count;
    }
    kept_.merge(paths);
    return true;
  }

  absl::Status RemoveOthers() const {
    ASSIGN_OR_RETURN(const auto staged, folder_.StagedPaths());
    for (const std::string& path : staged) {
      if (kept_.contains(path)) continue;
      RETURN_IF_ERROR(folder_.RemoveStaged(path));
    }
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<std::optional<std::string>> Read(
      const std::string& path) const {
    ASSIGN_OR_RETURN(auto staged, folder_.ReadStaged(path));
    if (staged.has_value()) return staged;
    return folder_.Read(path);
  }

  // Entries of the edge are passed over. DATA_LOSS when one does not fit.
  absl::Status AddAll(absl::string_view entries, absl::string_view payloads,
                      uint64_t index, std::set<std::string>& paths,
                      AddedEntries& next) {
    PieceReader headers(entries, PieceReader::Kind::kHeaders);
    PieceReader bodies(payloads, PieceReader::Kind::kPayloads);
    const uint64_t end = index + kTileWidth;
    for (; index < end; ++index) {
      const auto header = headers.Take();
      const auto payload = bodies.Take();
      if (!header.has_value() || !payload.has_value()) {
        return absl::DataLossError("a bundle ends early");
      }
      if (index < next.edge.size()) continue;
      const ExportedEntry entry{std::string(header->bytes),
                                std::string(payload->bytes), payload->status};
      ASSIGN_OR_RETURN(
          const proof::EntryHeader decoded,
          next.edge.Add(entry,
                        [&](const std::string& path,
                            absl::string_view bytes) -> absl::Status {
                          paths.insert(path);
                          ASSIGN_OR_RETURN(const auto now,
                                           folder_.ReadStaged(path));
                          if (now.has_value() && *now == bytes)
                            return absl::OkStatus();
                          return folder_.Stage(path, bytes);
                        }));
      if (entry.status == ExportedEntry::Payload::kNotForThisReader) {
        ++next.withheld[index / kTileWidth];
      }
      const auto ordered = orders_.Take(decoded, entry);
      next.ordered.insert(next.ordered.end(), ordered.begin(), ordered.end());
    }
    return absl::OkStatus();
  }

  const MirrorFolder& folder_;
  OrderReader& orders_;
  AddedEntries& added_;
  std::set<std::string> kept_;
};

}  // namespace

absl::Status AddStaged(const MirrorFolder& folder, uint64_t below,
                       OrderReader& orders, AddedEntries& added) {
  Resuming resuming(folder, orders, added);
  for (uint64_t number = added.edge.size() / kTileWidth;
       (number + 1) * kTileWidth < below; ++number) {
    ASSIGN_OR_RETURN(const bool one_more, resuming.AddBundle(number));
    if (!one_more) break;
  }
  return resuming.RemoveOthers();
}

}  // namespace dataip::client
