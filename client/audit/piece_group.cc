#include "client/audit/piece_group.h"

#include <algorithm>
#include <cstring>

namespace dataip::client {
namespace {

// Their files fill the lanes of the hashes.
constexpr size_t kPiecesToHash = 16;
constexpr uint64_t kGroupBytes = 8 << 20;

FileRead ReadFile(const ExportFiles& files, std::string path) {
  auto bytes = files.read(path);
  return {std::move(path), std::move(bytes), {}};
}

bool Agrees(const std::string& tile, std::span<const hash::Hash> leaf_hashes) {
  static_assert(sizeof(hash::Hash) == hash::kHashBytes);
  return tile.size() == leaf_hashes.size_bytes() &&
         std::memcmp(tile.data(), leaf_hashes.data(), tile.size()) == 0;
}

void PreparePiece(PieceRead& one, bool hashes_only) {
  if (!one.headers.bytes.ok() || !one.payloads.bytes.ok()) return;
  const auto entries =
      ViewPiece({*one.headers.bytes, *one.payloads.bytes, one.piece.width});
  one.form = entries.status();
  if (!entries.ok()) return;
  one.batch = verify::Batch::Prepare(*entries, hashes_only);
  one.tile_agrees =
      one.tile.bytes.ok() && Agrees(*one.tile.bytes, one.batch->leaf_hashes());
}

}  // namespace

std::unique_ptr<PieceGroup> PieceGroup::Read(const ExportFiles& files,
                                             std::span<const Piece> pieces,
                                             bool hashes_only) {
  const size_t most = hashes_only ? kPiecesToHash : 1;
  std::unique_ptr<PieceGroup> group(new PieceGroup());
  for (const Piece& piece : pieces) {
    if (group->pieces_.size() == most || group->byte_size_ >= kGroupBytes) {
      break;
    }
    PieceRead one{piece, ReadFile(files, EntriesPath(piece)),
                  ReadFile(files, PayloadPath(piece)),
                  ReadFile(files, TilePath(0, piece))};
    for (const FileRead* file : {&one.headers, &one.payloads, &one.tile}) {
      if (file->bytes.ok()) group->byte_size_ += file->bytes->size();
    }
    group->pieces_.push_back(std::move(one));
  }
  return group;
}

void PieceGroup::Prepare(bool hashes_only) {
  std::vector<FileRead*> files;
  std::vector<Bytes> contents;
  for (PieceRead& one : pieces_) {
    PreparePiece(one, hashes_only);
    for (FileRead* file : {&one.headers, &one.payloads, &one.tile}) {
      if (!file->bytes.ok()) continue;
      files.push_back(file);
      contents.push_back(hash::AsBytes(*file->bytes));
    }
  }
  std::vector<hash::Hash> digests(files.size());
  hash::Sha256Many(contents, digests);
  for (size_t i = 0; i < files.size(); ++i) files[i]->sha256 = digests[i];
}

void PieceGroup::GatherSignatures() {
  for (PieceRead& one : pieces_) {
    if (one.batch == nullptr) continue;
    for (size_t i = 0; i < one.batch->signature_count(); ++i) {
      signatures_.emplace_back(one.batch.get(), i);
    }
  }
}

void PieceGroup::VerifySignature(size_t number) {
  const auto& [batch, in_batch] = signatures_[number];
  batch->VerifySignature(in_batch);
}

}  // namespace dataip::client
