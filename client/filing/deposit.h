// Deposit of a data file (formats.md 10): what the enterprise computes over
// its own file, so that the data never leave it. Memory stays constant: a
// file of any size is read twice.
//
// Functions are safe from any thread on different files. Errors: those of
// OpenNamedFile (client/export/regular_file.h) for a file that cannot be read,
// INVALID_ARGUMENT for an empty one and for a line that is longer than a record
// can be, ABORTED for one that changed while it was read.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/hash/hash.h"
#include "core/proof/tree.h"

namespace dataip::client {

inline constexpr size_t kMasterKeyBytes = 32;
inline constexpr size_t kRecordSaltBytes = 16;
inline constexpr size_t kBlockBytes = 65'536;
// Of a line, which is in memory whole, and of what proves one in text.
inline constexpr size_t kRecordBytes = size_t{16} << 20;
inline constexpr size_t kRecordProofBytes = 2 * kRecordBytes;

// The enterprise's secret from which every record's salt derives. Whoever has
// it can show single records of every deposit; losing it ends that.
using MasterKey = std::array<uint8_t, kMasterKeyBytes>;
using RecordSalt = std::array<uint8_t, kRecordSaltBytes>;

// How a file is cut into records.
enum class Cut {
  kLines,   // a record a line, without its LF, with its CR
  kBlocks,  // 65,536 bytes a record
};

struct FileDigest {
  hash::Hash sha256;
  hash::Hash sm3;
  uint64_t byte_size = 0;
  uint64_t leaf_count = 0;
};

// One record with what proves it.
struct RecordProof {
  uint64_t index = 0;
  std::string record;
  RecordSalt salt{};
  proof::Path path;  // lowest node first
};

struct FileDeposit {
  FileDigest digest;
  hash::Hash root;
  Cut cut = Cut::kLines;
  // In the order asked for.
  std::vector<RecordProof> records;
};

// First reading: digests and the number of records.
absl::StatusOr<FileDigest> DigestFile(const std::string& path, Cut cut);

// What is deposited: the file, how it is cut, and whose salts.
struct DepositRequest {
  std::string path;
  Cut cut = Cut::kLines;
  MasterKey master_key{};
};

// Second reading: root, and proofs of the records at `wanted` (below
// digest.leaf_count, else OUT_OF_RANGE).
absl::StatusOr<FileDeposit> DepositFile(const DepositRequest& request,
                                        const FileDigest& digest,
                                        const std::vector<uint64_t>& wanted);

// salt_i = first 16 bytes of HMAC-SHA256(HMAC-SHA256(master, file), i).
class RecordSalts {
 public:
  RecordSalts(const MasterKey& master_key, const hash::Hash& file_sha256);
  RecordSalt At(uint64_t index) const;

 private:
  hash::Hash file_key_;
};

// SHA-256(0x00 || salt || record).
hash::Hash RecordLeaf(const RecordSalt& salt, absl::string_view record);

// Reads the master key of `path` (64 hex digits); when there is no such file
// and `create`, makes one of fresh random bytes, readable by its owner only.
absl::StatusOr<MasterKey> ReadMasterKey(const std::string& path, bool create);

}  // namespace dataip::client
