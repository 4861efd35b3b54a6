// Some pieces of an export on their way through an audit: read in order, then
// prepared on any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "client/audit/export_files.h"
#include "client/export/export_layout.h"
#include "core/hash/hash.h"
#include "core/verify/batch.h"

namespace dataip::client {

// A file as it was read, with its digest for the manifest.
struct FileRead {
  std::string path;
  absl::StatusOr<std::string> bytes;
  hash::Hash sha256;
};

// The files of one piece, and what they say.
struct PieceRead {
  Piece piece;
  FileRead headers;
  FileRead payloads;
  FileRead tile;  // of level 0
  // Of Prepare: why the files are not the entries of this piece.
  absl::Status form;
  std::unique_ptr<verify::Batch> batch;  // null unless read and in form
  bool tile_agrees = false;              // with the headers
};

// Neither copied nor moved: what is prepared points into it.
class PieceGroup {
 public:
  // At least one piece from the front of `pieces`, few when they are
  // large. With `hashes_only` as many as are well hashed side
  // by side; else one, since its signatures are work enough, and the fewer
  // wait for the last of them the better.
  static std::unique_ptr<PieceGroup> Read(const ExportFiles& files,
                                          std::span<const Piece> pieces,
                                          bool hashes_only);
  PieceGroup(const PieceGroup&) = delete;
  PieceGroup& operator=(const PieceGroup&) = delete;

  // Digests of the files, the entries, their hashes.
  void Prepare(bool hashes_only);
  // After the replayer has listed the signatures of the batches.
  void GatherSignatures();
  size_t signature_count() const { return signatures_.size(); }
  void VerifySignature(size_t number);

  std::vector<PieceRead>& pieces() { return pieces_; }
  uint64_t byte_size() const { return byte_size_; }

 private:
  PieceGroup() = default;

  std::vector<PieceRead> pieces_;
  uint64_t byte_size_ = 0;
  // A batch, and the signature's number in it.
  std::vector<std::pair<verify::Batch*, size_t>> signatures_;
};

}  // namespace dataip::client
