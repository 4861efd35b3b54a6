// The files that came with applications: samples, evidence, contracts. They
// never stand on the ledger, only commitments over their SHA-256 do.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/hash/hash.h"

namespace dataip::registryd {

// A folder of files named by their digest. A file is there whole and synced or
// not at all. Thread safe.
class FileStore {
 public:
  // Makes the folder when it is missing and removes half-written uploads.
  static absl::StatusOr<std::unique_ptr<FileStore>> Open(
      const std::string& folder);

  struct Announced {
    hash::Hash sha256;
    uint64_t byte_size = 0;
  };

  // A file that comes in pieces; destroyed before Finish, it leaves nothing.
  // For one thread at a time.
  class Upload {
   public:
    ~Upload();
    Upload(const Upload&) = delete;
    Upload& operator=(const Upload&) = delete;

    // TOO_LARGE when more comes than was announced.
    absl::Status Append(Bytes chunk);
    // INVALID_FIELD when size or digest are not those announced; else the
    // file is kept and synced.
    absl::Status Finish();

   private:
    friend class FileStore;
    Upload(const FileStore& store, const Announced& announced);
    absl::Status Create();

    const FileStore& store_;
    const Announced announced_;
    std::string temporary_path_;
    int fd_ = -1;
    uint64_t received_bytes_ = 0;
    hash::Sha256Stream digest_;
  };

  // TOO_LARGE over limits::kFileBytes.
  absl::StatusOr<std::unique_ptr<Upload>> Begin(
      const Announced& announced) const;

  bool Has(const hash::Hash& sha256) const;
  // Whether it is here; if so, it counts as written now, so that no sweep
  // takes it before its command is decided.
  bool Claim(const hash::Hash& sha256) const;
  // NOT_FOUND when it is not here.
  absl::StatusOr<uint64_t> SizeOf(const hash::Hash& sha256) const;
  // Deletes it, synced; one that is not here is no fault.
  absl::Status Remove(const hash::Hash& sha256) const;
  // Gives the file in pieces of at most limits::kFileChunkBytes until `take`
  // answers false. NOT_FOUND when it is not here, DATA_LOSS when its bytes
  // have another digest than its name (found after the last piece).
  absl::Status Read(const hash::Hash& sha256,
                    const std::function<bool(Bytes chunk)>& take) const;

  // Deletes the files that `keep` refuses and that were written more than
  // `unused_for_s` ago by the file system's clock: younger ones may wait for
  // their command. Says how many.
  absl::StatusOr<uint64_t> Sweep(
      int64_t unused_for_s,
      const std::function<bool(const hash::Hash& sha256)>& keep) const;

 private:
  explicit FileStore(std::string folder) : folder_(std::move(folder)) {}
  std::string PathOf(const hash::Hash& sha256) const;
  absl::StatusOr<int64_t> FolderTimeS() const;

  std::string folder_;
};

}  // namespace dataip::registryd
