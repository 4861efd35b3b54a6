#include "client/export/mirror_erasures.h"

#include <map>
#include <optional>
#include <set>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/export/export_layout.h"
#include "client/export/mirror_pieces.h"
#include "client/export/piece_reader.h"
#include "core/base/status_macros.h"

namespace dataip::client {
namespace {

constexpr char kPartialSuffix[] = ".p";

proof::Parsed<proof::EntryHeader> HeaderIn(absl::string_view bytes) {
  return proof::DecodeHeader(hash::AsBytes({bytes.data(), bytes.size()}));
}

// The headers of one piece after another.
class KeptHeaders {
 public:
  KeptHeaders(const MirrorFolder& folder, uint64_t size)
      : folder_(folder), size_(size) {}

  // Nothing when there is no such entry.
  absl::StatusOr<std::optional<proof::EntryHeader>> At(uint64_t index) {
    if (index >= size_) return std::optional<proof::EntryHeader>();
    const Piece piece = PieceOf(index / kTileWidth, size_);
    if (number_ != piece.number) {
      ASSIGN_OR_RETURN(entries_, folder_.ReadServed(EntriesPath(piece)));
      number_ = piece.number;
    }
    PieceReader reader(entries_, PieceReader::Kind::kHeaders);
    std::optional<PieceReader::Item> item;
    for (uint64_t i = 0; i <= index % kTileWidth; ++i) {
      item = reader.Take();
      if (!item.has_value()) return MirrorFolder::Damaged(EntriesPath(piece));
    }
    const auto header = HeaderIn(item->bytes);
    if (!header.ok()) return MirrorFolder::Damaged(EntriesPath(piece));
    return std::optional<proof::EntryHeader>(*header);
  }

 private:
  const MirrorFolder& folder_;
  const uint64_t size_;
  std::optional<uint64_t> number_;  // of the piece in memory
  std::string entries_;
};

absl::Status EraseIn(const MirrorFolder& folder, const Piece& piece,
                     const std::set<uint32_t>& positions) {
  const std::string path = PayloadPath(piece);
  ASSIGN_OR_RETURN(const std::string bytes, folder.ReadServed(path));
  const auto without = ErasedPayloads(bytes, piece.width, positions);
  if (!without.has_value()) return MirrorFolder::Damaged(path);
  RETURN_IF_ERROR(folder.Write(path, *without));
  // Older partial files hold the bytes too.
  const std::string partial =
      absl::StrCat(PayloadPath({piece.number, kTileWidth}), kPartialSuffix);
  for (const std::string& name : folder.Names(partial)) {
    if (piece.width < kTileWidth && name == std::to_string(piece.width)) {
      continue;
    }
    RETURN_IF_ERROR(folder.Remove(absl::StrCat(partial, "/", name)));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ShowOpening(const MirrorFolder& folder, uint64_t size,
                         OrderReader& orders) {
  for (const Piece& piece : PiecesOf(size)) {
    ASSIGN_OR_RETURN(const std::string entries,
                     folder.ReadServed(EntriesPath(piece)));
    ASSIGN_OR_RETURN(const std::string payloads,
                     folder.ReadServed(PayloadPath(piece)));
    PieceReader headers(entries, PieceReader::Kind::kHeaders);
    PieceReader bodies(payloads, PieceReader::Kind::kPayloads);
    for (uint32_t i = 0; i < piece.width; ++i) {
      const auto head = headers.Take();
      const auto body = bodies.Take();
      if (!head.has_value() || !body.has_value()) {
        return MirrorFolder::Damaged(EntriesPath(piece));
      }
      const auto header = HeaderIn(head->bytes);
      if (!header.ok()) return MirrorFolder::Damaged(EntriesPath(piece));
      if (header->type != proof::kTransitionType) continue;
      orders.Take(*header, {std::string(head->bytes), std::string(body->bytes),
                            body->status});
      return absl::OkStatus();
    }
  }
  return absl::OkStatus();
}

absl::Status PrepareErasures(const MirrorFolder& folder, uint64_t size,
                             const std::vector<OrderedErasure>& ordered) {
  KeptHeaders kept(folder, size);
  std::string text = absl::StrCat(size, "\n");
  bool any = false;
  for (const OrderedErasure& order : ordered) {
    ASSIGN_OR_RETURN(const auto header, kept.At(order.index));
    if (!header.has_value() || header->payload_sha256 != order.payload_sha256 ||
        header->payload_sm3 != order.payload_sm3) {
      continue;
    }
    absl::StrAppend(&text, order.index, "\n");
    any = true;
  }
  return any ? folder.Write(kEraseFile, text) : absl::OkStatus();
}

absl::Status CarryOutErasures(const MirrorFolder& folder, uint64_t size) {
  ASSIGN_OR_RETURN(const auto text, folder.Read(kEraseFile));
  if (!text.has_value()) return absl::OkStatus();
  std::vector<uint64_t> numbers;
  for (const absl::string_view line :
       absl::StrSplit(*text, '\n', absl::SkipEmpty())) {
    numbers.emplace_back();
    if (!absl::SimpleAtoi(line, &numbers.back()))
      return MirrorFolder::Damaged(kEraseFile);
  }
  std::map<uint64_t, std::set<uint32_t>> positions;  // by number of the file
  for (size_t i = 1; i < numbers.size() && numbers[0] <= size; ++i) {
    if (numbers[i] >= size) return MirrorFolder::Damaged(kEraseFile);
    positions[numbers[i] / kTileWidth].insert(
        static_cast<uint32_t>(numbers[i] % kTileWidth));
  }
  for (const auto& [number, erased_there] : positions) {
    RETURN_IF_ERROR(EraseIn(folder, PieceOf(number, size), erased_there));
  }
  return folder.Remove(kEraseFile);
}

}  // namespace dataip::client
