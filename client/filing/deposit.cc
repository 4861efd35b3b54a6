#include "client/filing/deposit.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <map>
#include <memory>

#include "absl/strings/str_cat.h"
#include "client/export/regular_file.h"
#include "core/base/hex.h"
#include "core/base/status_macros.h"
#include "core/base/text.h"
#include "core/crypto/random.h"

namespace dataip::client {
namespace {

constexpr size_t kReadBytes = size_t{1} << 20;

// A file read from start to end, once.
class Reader {
 public:
  static absl::StatusOr<Reader> Open(const std::string& path) {
    ASSIGN_OR_RETURN(const int fd, OpenNamedFile(path));
    return Reader(fd);
  }
  Reader(Reader&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Reader& operator=(Reader&&) = delete;
  ~Reader() {
    if (fd_ >= 0) ::close(fd_);
  }

  // Empty at the end.
  absl::StatusOr<absl::string_view> Next() {
    buffer_.resize(kReadBytes);
    ssize_t got = 0;
    do {
      got = ::read(fd_, buffer_.data(), buffer_.size());
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
      return absl::UnavailableError(
          absl::StrCat("read failed: ", std::strerror(errno)));
    }
    return absl::string_view(buffer_.data(), static_cast<size_t>(got));
  }

 private:
  explicit Reader(int fd) : fd_(fd) {}

  int fd_;
  std::string buffer_;
};

// Cuts a stream of chunks into records.
class Cutter {
 public:
  using Sink = std::function<void(absl::string_view)>;

  Cutter(Cut cut, Sink sink) : cut_(cut), sink_(std::move(sink)) {}

  void Feed(absl::string_view chunk) {
    if (cut_ == Cut::kLines) {
      FeedLines(chunk);
    } else {
      FeedBlocks(chunk);
    }
  }

  // Then no record has come of it, and none will.
  bool has_endless_line() const { return pending_.size() > kRecordBytes; }

  void Finish() {
    if (!pending_.empty()) Emit(pending_);
    pending_.clear();
  }

 private:
  void FeedLines(absl::string_view chunk) {
    for (size_t end; (end = chunk.find('\n')) != absl::string_view::npos;
         chunk.remove_prefix(end + 1)) {
      if (pending_.empty()) {
        Emit(chunk.substr(0, end));
      } else {
        pending_.append(chunk.data(), end);
        Emit(pending_);
        pending_.clear();
      }
    }
    pending_.append(chunk.data(), chunk.size());
  }

  void FeedBlocks(absl::string_view chunk) {
    while (pending_.size() + chunk.size() >= kBlockBytes) {
      const size_t take = kBlockBytes - pending_.size();
      pending_.append(chunk.data(), take);
      Emit(pending_);
      pending_.clear();
      chunk.remove_prefix(take);
    }
    pending_.append(chunk.data(), chunk.size());
  }

  void Emit(absl::string_view record) { sink_(record); }

  Cut cut_;
  Sink sink_;
  std::string pending_;
};

Bytes BytesOf(absl::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

struct NodeLess {
  bool operator()(const proof::NodeId& a, const proof::NodeId& b) const {
    return a.level != b.level ? a.level < b.level : a.index < b.index;
  }
};
using NodeValues = std::map<proof::NodeId, hash::Hash, NodeLess>;

// The nodes that the paths of `wanted` are made of, values still zero.
NodeValues NodesOfPaths(const std::vector<uint64_t>& wanted, uint64_t size) {
  NodeValues nodes;
  const proof::NodeReader record = [&nodes](proof::NodeId id) {
    nodes.emplace(id, hash::Hash{});
    return std::optional<hash::Hash>(hash::Hash{});
  };
  for (uint64_t index : wanted) (void)proof::InclusionPath(index, size, record);
  return nodes;
}

absl::Status EndlessLine(const std::string& path) {
  return absl::InvalidArgumentError(absl::StrCat(
      "数据文件中有一行超过 ", kRecordBytes >> 20,
      " MiB，请改用 --cut blocks 分块 a line of the data file is longer than ",
      kRecordBytes >> 20, " MiB: cut it into blocks: ", path));
}

absl::Status Changed(const std::string& path) {
  return absl::AbortedError(absl::StrCat(
      "数据文件在读取期间被修改，请待其稳定后重试 the data file changed while "
      "it was read; try again when nothing writes to it: ",
      path));
}

}  // namespace

RecordSalts::RecordSalts(const MasterKey& master_key,
                         const hash::Hash& file_sha256)
    : file_key_(hash::HmacSha256(master_key, {file_sha256.span()})) {}

RecordSalt RecordSalts::At(uint64_t index) const {
  std::array<uint8_t, 8> number;
  for (int i = 0; i < 8; ++i) {
    number[i] = static_cast<uint8_t>(index >> (56 - 8 * i));
  }
  const hash::Hash mac = hash::HmacSha256(file_key_.span(), {Bytes(number)});
  RecordSalt salt;
  std::copy_n(mac.bytes.begin(), salt.size(), salt.begin());
  return salt;
}

hash::Hash RecordLeaf(const RecordSalt& salt, absl::string_view record) {
  static constexpr std::array<uint8_t, 1> kPrefix = {0x00};
  return hash::Sha256({Bytes(kPrefix), Bytes(salt), BytesOf(record)});
}

absl::StatusOr<FileDigest> DigestFile(const std::string& path, Cut cut) {
  ASSIGN_OR_RETURN(Reader reader, Reader::Open(path));
  FileDigest digest;
  hash::Sha256Stream sha256;
  hash::Sm3Stream sm3;
  Cutter cutter(cut, [&digest](absl::string_view) { ++digest.leaf_count; });
  while (true) {
    ASSIGN_OR_RETURN(const absl::string_view chunk, reader.Next());
    if (chunk.empty()) break;
    sha256.Update(BytesOf(chunk));
    sm3.Update(BytesOf(chunk));
    cutter.Feed(chunk);
    if (cutter.has_endless_line()) return EndlessLine(path);
    digest.byte_size += chunk.size();
  }
  cutter.Finish();
  if (digest.byte_size == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("数据文件为空 the data file is empty: ", path));
  }
  digest.sha256 = sha256.Finish();
  digest.sm3 = sm3.Finish();
  return digest;
}

absl::StatusOr<FileDeposit> DepositFile(const DepositRequest& request,
                                        const FileDigest& digest,
                                        const std::vector<uint64_t>& wanted) {
  for (uint64_t index : wanted) {
    if (index >= digest.leaf_count) {
      return absl::OutOfRangeError(
          absl::StrCat("记录序号超出范围 no record ", index, " among ",
                       digest.leaf_count, " in ", request.path));
    }
  }
  ASSIGN_OR_RETURN(Reader reader, Reader::Open(request.path));
  const RecordSalts salts(request.master_key, digest.sha256);
  NodeValues nodes = NodesOfPaths(wanted, digest.leaf_count);
  std::map<uint64_t, RecordProof> proofs;
  for (uint64_t index : wanted) proofs.emplace(index, RecordProof{index});

  proof::Frontier frontier;
  const proof::Frontier::NodeSink keep = [&nodes](proof::NodeId id,
                                                  const hash::Hash& value) {
    if (const auto it = nodes.find(id); it != nodes.end()) it->second = value;
  };
  Cutter cutter(request.cut, [&](absl::string_view record) {
    const uint64_t index = frontier.size();
    const RecordSalt salt = salts.At(index);
    if (const auto it = proofs.find(index); it != proofs.end()) {
      it->second.record = std::string(record);
      it->second.salt = salt;
    }
    frontier.Append(RecordLeaf(salt, record), keep);
  });
  hash::Sha256Stream sha256;
  while (true) {
    ASSIGN_OR_RETURN(const absl::string_view chunk, reader.Next());
    if (chunk.empty()) break;
    sha256.Update(BytesOf(chunk));
    cutter.Feed(chunk);
    if (cutter.has_endless_line()) return EndlessLine(request.path);
  }
  cutter.Finish();
  if (sha256.Finish() != digest.sha256 ||
      frontier.size() != digest.leaf_count) {
    return Changed(request.path);
  }

  FileDeposit deposit{digest, frontier.Root(), request.cut, {}};
  const proof::NodeReader read = [&nodes](proof::NodeId id) {
    const auto it = nodes.find(id);
    return it == nodes.end() ? std::nullopt
                             : std::optional<hash::Hash>(it->second);
  };
  for (uint64_t index : wanted) {
    RecordProof proof = proofs.at(index);
    auto path = proof::InclusionPath(index, digest.leaf_count, read);
    DATAIP_ASSERT(path.has_value());
    proof.path = *std::move(path);
    deposit.records.push_back(std::move(proof));
  }
  return deposit;
}

absl::StatusOr<MasterKey> ReadMasterKey(const std::string& path, bool create) {
  if (create && ::access(path.c_str(), F_OK) != 0) {
    MasterKey fresh;
    crypto::FillRandom(fresh);
    const int fd =
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
      return absl::UnavailableError(
          absl::StrCat("无法创建主密钥文件 cannot create the master key file ",
                       path, ": ", std::strerror(errno)));
    }
    const std::string text = base::HexEncode(fresh) + "\n";
    const bool written = ::write(fd, text.data(), text.size()) ==
                             static_cast<ssize_t>(text.size()) &&
                         ::fsync(fd) == 0;
    ::close(fd);
    if (!written) {
      return absl::UnavailableError(absl::StrCat("cannot write ", path));
    }
    return fresh;
  }
  ASSIGN_OR_RETURN(const std::string text,
                   ReadNamedFile(path, kSmallFileBytes));
  const auto bytes = base::HexDecode(base::Trim(text));
  MasterKey key;
  if (!bytes.has_value() || bytes->size() != key.size()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "主密钥文件应为 64 个十六进制字符 the master key file must hold 64 hex "
        "digits: ",
        path));
  }
  std::copy(bytes->begin(), bytes->end(), key.begin());
  return key;
}

}  // namespace dataip::client
