// Kind "deposit": whole files through the client's own deposit code.
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "client/filing/deposit.h"
#include "core/base/hex.h"
#include "core/base/status_macros.h"
#include "core/proof/tree.h"
#include "tests/conformance/cases.h"

namespace dataip::conformance {
namespace {

// A file with the given bytes while the object lives.
class TemporaryFile {
 public:
  static absl::StatusOr<TemporaryFile> Create(const std::string& bytes) {
    std::string path = "/tmp/dataip-conformance-XXXXXX";
    const int fd = ::mkstemp(path.data());
    if (fd < 0) return absl::UnavailableError("cannot make a file in /tmp");
    ::close(fd);
    TemporaryFile file(path);
    std::ofstream out(path, std::ios::binary);
    out << bytes;
    out.close();
    if (!out) return absl::UnavailableError("cannot write in /tmp");
    return file;
  }
  TemporaryFile(TemporaryFile&& other) noexcept
      : path_(std::exchange(other.path_, "")) {}
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  ~TemporaryFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  const std::string& path() const { return path_; }

 private:
  explicit TemporaryFile(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

absl::StatusOr<std::string> ReadContent(const Json& json) {
  ASSIGN_OR_RETURN(const std::vector<Json> parts, json.List("content"));
  std::string content;
  for (const Json& part : parts) {
    ASSIGN_OR_RETURN(const std::string bytes, part.Hex("bytes"));
    ASSIGN_OR_RETURN(const uint64_t times, part.Number("times"));
    for (uint64_t i = 0; i < times; ++i) content += bytes;
  }
  return content;
}

absl::StatusOr<client::DepositRequest> ReadRequest(const Json& json) {
  client::DepositRequest request;
  ASSIGN_OR_RETURN(const std::string cut, json.Text("cut"));
  if (cut != "LINES" && cut != "BLOCKS") {
    return absl::InvalidArgumentError("vector file: cut is LINES or BLOCKS");
  }
  request.cut = cut == "LINES" ? client::Cut::kLines : client::Cut::kBlocks;
  ASSIGN_OR_RETURN(const std::string key, json.Hex("master_key"));
  if (key.size() != request.master_key.size()) {
    return absl::InvalidArgumentError("vector file: a master key is 32 bytes");
  }
  std::copy(key.begin(), key.end(), request.master_key.begin());
  return request;
}

absl::Status RunDigest(const Json& json, const client::FileDigest& digest,
                       Tally& tally) {
  ASSIGN_OR_RETURN(const hash::Hash sha256, json.Hash("file_sha256"));
  ASSIGN_OR_RETURN(const hash::Hash sm3, json.Hash("file_sm3"));
  ASSIGN_OR_RETURN(const uint64_t byte_size, json.Number("byte_size"));
  ASSIGN_OR_RETURN(const uint64_t leaf_count, json.Number("leaf_count"));
  RETURN_IF_ERROR(tally.SameHash("file_sha256", sha256, digest.sha256));
  RETURN_IF_ERROR(tally.SameHash("file_sm3", sm3, digest.sm3));
  RETURN_IF_ERROR(tally.SameNumber("byte_size", byte_size, digest.byte_size));
  return tally.SameNumber("leaf_count", leaf_count, digest.leaf_count);
}

std::string ToText(const proof::Path& path) {
  std::string text;
  for (const hash::Hash& node : path) {
    absl::StrAppend(&text, base::HexEncode(node.span()), " ");
  }
  return text;
}

absl::Status RunRecord(const Json& json, const client::FileDeposit& deposit,
                       const client::RecordProof& record, Tally& tally) {
  ASSIGN_OR_RETURN(const hash::Hash digest, json.Hash("record_sha256"));
  RETURN_IF_ERROR(tally.SameHash("record", digest,
                                 hash::Sha256(hash::AsBytes(record.record))));
  ASSIGN_OR_RETURN(const std::string salt, json.Hex("salt"));
  RETURN_IF_ERROR(tally.SameBytes(
      "salt", salt, std::string(record.salt.begin(), record.salt.end())));
  ASSIGN_OR_RETURN(const hash::Hash leaf_hash, json.Hash("leaf_hash"));
  RETURN_IF_ERROR(tally.SameHash(
      "leaf_hash", leaf_hash, client::RecordLeaf(record.salt, record.record)));
  ASSIGN_OR_RETURN(const proof::Path path, json.Hashes("path"));
  RETURN_IF_ERROR(tally.Same("path", ToText(path), ToText(record.path)));
  return tally.Holds(
      "path verifies",
      proof::VerifyInclusion(leaf_hash, record.index, deposit.digest.leaf_count,
                             path, deposit.root));
}

absl::Status RunOneDeposit(const Json& json, Tally& tally) {
  ASSIGN_OR_RETURN(const std::string content, ReadContent(json));
  ASSIGN_OR_RETURN(const TemporaryFile file, TemporaryFile::Create(content));
  ASSIGN_OR_RETURN(client::DepositRequest request, ReadRequest(json));
  request.path = file.path();
  ASSIGN_OR_RETURN(const client::FileDigest digest,
                   client::DigestFile(request.path, request.cut));
  RETURN_IF_ERROR(RunDigest(json, digest, tally));
  ASSIGN_OR_RETURN(const std::vector<Json> records, json.List("records"));
  std::vector<uint64_t> wanted;
  for (const Json& record : records) {
    ASSIGN_OR_RETURN(const uint64_t index, record.Number("index"));
    wanted.push_back(index);
  }
  ASSIGN_OR_RETURN(const client::FileDeposit deposit,
                   client::DepositFile(request, digest, wanted));
  ASSIGN_OR_RETURN(const hash::Hash root, json.Hash("root"));
  RETURN_IF_ERROR(tally.SameHash("root", root, deposit.root));
  for (size_t i = 0; i < records.size(); ++i) {
    RETURN_IF_ERROR(RunRecord(records[i], deposit, deposit.records[i], tally));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status RunDeposit(const Json& file, Tally& tally) {
  ASSIGN_OR_RETURN(const std::vector<Json> cases, file.List("cases"));
  for (size_t i = 0; i < cases.size(); ++i) {
    ASSIGN_OR_RETURN(const std::string why, cases[i].Text("why"));
    tally.Case(absl::StrCat("cases[", i, "] (", why, ")"));
    RETURN_IF_ERROR(RunOneDeposit(cases[i], tally));
  }
  return absl::OkStatus();
}

}  // namespace dataip::conformance
