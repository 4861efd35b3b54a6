#include "client/export/mirror_edge.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/export/mirror_folder.h"
#include "client/export/mirror_pieces.h"
#include "core/base/status_macros.h"
#include "core/proof/chain.h"

namespace dataip::client {
namespace {

absl::Status WrongEntry(uint64_t index, absl::string_view zh,
                        absl::string_view en) {
  return absl::DataLossError(
      absl::StrCat("条目/entry ", index, ": ", zh, "/", en));
}

Piece LastPiece(uint64_t count) {
  const auto width = static_cast<uint32_t>(count % kTileWidth);
  return width == 0 ? Piece{count / kTileWidth - 1, kTileWidth}
                    : Piece{count / kTileWidth, width};
}

}  // namespace

MirrorEdge MirrorEdge::Empty(absl::string_view origin) {
  MirrorEdge edge;
  edge.chain_head_ = proof::ChainStart({origin.data(), origin.size()});
  return edge;
}

absl::StatusOr<MirrorEdge> MirrorEdge::Load(uint64_t size, const Reader& read) {
  MirrorEdge edge;
  std::vector<std::string> partial;
  uint32_t level = 0;
  for (uint64_t count = size; count > 0; count /= kTileWidth, ++level) {
    partial.emplace_back();
    if (count % kTileWidth == 0) continue;
    ASSIGN_OR_RETURN(partial.back(), read(TilePath(level, LastPiece(count))));
  }
  auto tiles = TileBuilder::From(size, std::move(partial));
  if (!tiles.has_value()) return MirrorFolder::Damaged("tile/");
  edge.tiles_ = *std::move(tiles);
  const Piece last = LastPiece(size);
  ASSIGN_OR_RETURN(edge.piece_.entries, read(EntriesPath(last)));
  const auto header = LastHeader(edge.piece_.entries, last.width);
  if (!header.has_value()) return MirrorFolder::Damaged(EntriesPath(last));
  edge.chain_head_ = proof::NextPrev(hash::AsBytes(*header));
  if (last.width == kTileWidth) {
    edge.piece_ = {};
    return edge;
  }
  ASSIGN_OR_RETURN(edge.piece_.payloads, read(PayloadPath(last)));
  if (!ErasedPayloads(edge.piece_.payloads, last.width, {}).has_value()) {
    return MirrorFolder::Damaged(PayloadPath(last));
  }
  return edge;
}

absl::StatusOr<proof::EntryHeader> MirrorEdge::Add(const ExportedEntry& entry,
                                                   const Sink& sink) {
  const Bytes bytes = hash::AsBytes(entry.header);
  auto header = proof::DecodeHeader(bytes);
  if (!header.ok() || header->index != size() || header->prev != chain_head_) {
    return WrongEntry(size(), "头部不合格或未接续链",
                      "its header is not one, or does not continue the chain");
  }
  if (entry.status == ExportedEntry::Payload::kPresent &&
      !proof::PayloadMatches(*header, hash::AsBytes(entry.payload))) {
    return WrongEntry(size(), "内容与摘要不符",
                      "the payload is not the header's");
  }
  absl::Status status;
  tiles_.Append(hash::LeafHash(bytes),
                [&](const std::string& path, const std::string& tile) {
                  if (status.ok()) status = sink(path, tile);
                });
  RETURN_IF_ERROR(status);
  AppendEntry(entry, piece_);
  chain_head_ = proof::NextPrev(bytes);
  if (size() % kTileWidth == 0) {
    const Piece full{size() / kTileWidth - 1, kTileWidth};
    RETURN_IF_ERROR(sink(EntriesPath(full), piece_.entries));
    RETURN_IF_ERROR(sink(PayloadPath(full), piece_.payloads));
    piece_ = {};
  }
  return *std::move(header);
}

absl::Status MirrorEdge::WritePartials(const Sink& sink) const {
  absl::Status status;
  tiles_.Finish([&](const std::string& path, const std::string& tile) {
    if (status.ok()) status = sink(path, tile);
  });
  RETURN_IF_ERROR(status);
  if (size() % kTileWidth == 0) return absl::OkStatus();
  const Piece last = LastPiece(size());
  RETURN_IF_ERROR(sink(EntriesPath(last), piece_.entries));
  return sink(PayloadPath(last), piece_.payloads);
}

}  // namespace dataip::client
