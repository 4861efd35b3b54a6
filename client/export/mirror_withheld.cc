#include "client/export/mirror_withheld.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/export/erasure_orders.h"
#include "client/export/export_layout.h"
#include "client/export/mirror_erasures.h"
#include "client/export/piece_reader.h"
#include "core/base/status_macros.h"
#include "core/proof/header.h"

namespace dataip::client {
namespace {

using Payload = ExportedEntry::Payload;

absl::StatusOr<std::vector<ExportedEntry>> ReadBundle(
    const MirrorFolder& folder, const Piece& piece) {
  ASSIGN_OR_RETURN(const std::string entries,
                   folder.ReadServed(EntriesPath(piece)));
  ASSIGN_OR_RETURN(const std::string payloads,
                   folder.ReadServed(PayloadPath(piece)));
  PieceReader headers(entries, PieceReader::Kind::kHeaders);
  PieceReader bodies(payloads, PieceReader::Kind::kPayloads);
  std::vector<ExportedEntry> bundle;
  for (uint32_t i = 0; i < piece.width; ++i) {
    const auto head = headers.Take();
    const auto body = bodies.Take();
    if (!head.has_value()) return MirrorFolder::Damaged(EntriesPath(piece));
    if (!body.has_value()) return MirrorFolder::Damaged(PayloadPath(piece));
    bundle.push_back(
        {std::string(head->bytes), std::string(body->bytes), body->status});
  }
  if (!headers.empty()) return MirrorFolder::Damaged(EntriesPath(piece));
  if (!bodies.empty()) return MirrorFolder::Damaged(PayloadPath(piece));
  return bundle;
}

absl::StatusOr<uint32_t> CountWithheld(const MirrorFolder& folder,
                                       const Piece& piece) {
  const std::string path = PayloadPath(piece);
  ASSIGN_OR_RETURN(const std::string payloads, folder.ReadServed(path));
  PieceReader bodies(payloads, PieceReader::Kind::kPayloads);
  uint32_t count = 0;
  for (uint32_t i = 0; i < piece.width; ++i) {
    const auto body = bodies.Take();
    if (!body.has_value()) return MirrorFolder::Damaged(path);
    if (body->status == Payload::kNotForThisReader) ++count;
  }
  return count;
}

// Nothing when a line is not in its form.
std::optional<WithheldPayloads> Parse(absl::string_view text, uint64_t size) {
  WithheldPayloads withheld;
  for (const absl::string_view line :
       absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(line, absl::MaxSplits(' ', 1));
    uint64_t number = 0;
    uint32_t count = 0;
    if (!absl::SimpleAtoi(parts.first, &number) ||
        !absl::SimpleAtoi(parts.second, &count) || count == 0) {
      return std::nullopt;
    }
    // Written before a checkpoint that was not served in the end.
    if (number * kTileWidth < size) withheld[number] = count;
  }
  return withheld;
}

// One withheld entry with what the ledger gives for it now; whether its
// payload came, or is known to be erased by an order below `size`.
absl::StatusOr<bool> Take(const ExportedEntry& given, uint64_t size,
                          uint64_t index, ExportedEntry& entry) {
  const Bytes bytes = hash::AsBytes(entry.header);
  const auto header = proof::DecodeHeader(bytes);
  if (!header.ok() || given.header != entry.header ||
      (given.status == Payload::kPresent &&
       !proof::PayloadMatches(*header, hash::AsBytes(given.payload)))) {
    return absl::DataLossError(absl::StrCat(
        "条目 ", index,
        "：账本现在给出的与镜像所存的条目头不符，未补入；请用 dataip-audit 查明"
        "哪一方有误 (entry ",
        index,
        ": what the ledger gives now is not what the mirror's header says, and "
        "was not filled in: dataip-audit says which is wrong)"));
  }
  const bool may_take =
      given.status == Payload::kPresent ||
      (given.status == Payload::kErased && given.erased_by < size);
  if (!may_take) return false;
  entry.payload = given.payload;
  entry.status = given.status;
  return true;
}

// Writes the payload file anew; older partial files hold less.
absl::Status Rewrite(const MirrorFolder& folder, const Piece& piece,
                     const std::vector<ExportedEntry>& bundle) {
  PieceText text;
  for (const ExportedEntry& entry : bundle) AppendEntry(entry, text);
  RETURN_IF_ERROR(folder.Write(PayloadPath(piece), text.payloads));
  const std::string partial =
      absl::StrCat(PayloadPath({piece.number, kTileWidth}), ".p");
  for (const std::string& name : folder.Names(partial)) {
    if (piece.width < kTileWidth && name == std::to_string(piece.width)) {
      continue;
    }
    RETURN_IF_ERROR(folder.Remove(absl::StrCat(partial, "/", name)));
  }
  return absl::OkStatus();
}

struct Filled {
  uint32_t came = 0;
  uint32_t withheld = 0;  // still
};

absl::StatusOr<Filled> FillBundle(const ServedEntries& served,
                                  const Piece& piece,
                                  const FetchEntries& fetch) {
  ASSIGN_OR_RETURN(auto bundle, ReadBundle(served.folder, piece));
  std::vector<uint32_t> positions;
  for (uint32_t i = 0; i < piece.width; ++i) {
    if (bundle[i].status == Payload::kNotForThisReader) positions.push_back(i);
  }
  Filled filled;
  if (positions.empty()) return filled;
  const uint64_t first = piece.number * kTileWidth + positions.front();
  const uint64_t count = positions.back() - positions.front() + 1;
  ASSIGN_OR_RETURN(const auto given, fetch(first, count));
  if (given.size() != count) {
    return absl::DataLossError(absl::StrCat("账本在第 ", first + given.size(),
                                            " 条中断 (the ledger ended at ",
                                            first + given.size(), ")"));
  }
  for (const uint32_t at : positions) {
    ASSIGN_OR_RETURN(const bool came,
                     Take(given[at - positions.front()], served.size,
                          piece.number * kTileWidth + at, bundle[at]));
    ++(came ? filled.came : filled.withheld);
  }
  if (filled.came > 0) {
    RETURN_IF_ERROR(Rewrite(served.folder, piece, bundle));
  }
  return filled;
}

absl::Status ObeyOrders(const ServedEntries& served) {
  OrderReader orders(served.trust);
  std::vector<OrderedErasure> ordered;
  for (const Piece& piece : PiecesOf(served.size)) {
    ASSIGN_OR_RETURN(const auto bundle, ReadBundle(served.folder, piece));
    for (const ExportedEntry& entry : bundle) {
      const auto header = proof::DecodeHeader(hash::AsBytes(entry.header));
      if (!header.ok()) return MirrorFolder::Damaged(EntriesPath(piece));
      const auto more = orders.Take(*header, entry);
      ordered.insert(ordered.end(), more.begin(), more.end());
    }
  }
  RETURN_IF_ERROR(PrepareErasures(served.folder, served.size, ordered));
  return CarryOutErasures(served.folder, served.size);
}

}  // namespace

absl::StatusOr<WithheldPayloads> ReadWithheld(const MirrorFolder& folder,
                                              uint64_t size) {
  ASSIGN_OR_RETURN(const auto text, folder.Read(kWithheldFile));
  if (text.has_value()) {
    auto withheld = Parse(*text, size);
    if (withheld.has_value()) return *std::move(withheld);
  }
  WithheldPayloads withheld;
  if (size == 0) return withheld;
  for (const Piece& piece : PiecesOf(size)) {
    ASSIGN_OR_RETURN(const uint32_t count, CountWithheld(folder, piece));
    if (count > 0) withheld[piece.number] = count;
  }
  RETURN_IF_ERROR(WriteWithheld(folder, withheld));
  return withheld;
}

absl::Status WriteWithheld(const MirrorFolder& folder,
                           const WithheldPayloads& withheld) {
  std::string text;
  for (const auto& [number, count] : withheld) {
    absl::StrAppend(&text, number, " ", count, "\n");
  }
  return folder.Write(kWithheldFile, text);
}

absl::StatusOr<bool> FillIn(const ServedEntries& served,
                            const FetchEntries& fetch,
                            WithheldPayloads& withheld) {
  WithheldPayloads rest = withheld;
  for (const auto& [number, count] : withheld) {
    ASSIGN_OR_RETURN(const Filled filled,
                     FillBundle(served, PieceOf(number, served.size), fetch));
    if (filled.withheld == 0) {
      rest.erase(number);
    } else {
      rest[number] = filled.withheld;
    }
    // The right is for all payloads or none.
    if (filled.came == 0 && filled.withheld > 0) break;
  }
  if (rest == withheld) return false;
  // Last, so that a run that dies before does all of it again.
  RETURN_IF_ERROR(ObeyOrders(served));
  RETURN_IF_ERROR(WriteWithheld(served.folder, rest));
  withheld = std::move(rest);
  return true;
}

}  // namespace dataip::client
