#include "services/witness/memory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/export/durable_file.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "services/common/error.h"

namespace dataip::witness {
namespace {

constexpr char kEnding[] = ".checkpoint";

// Refuses to start, and says what the operator can do.
absl::Status Refuse(const std::string& en, const std::string& zh) {
  return services::MakeStatus(
      rpc::v1::DATA_LOSS,
      {absl::StrCat(
           "refusing to start: ", en,
           ". Put the file back only if nothing was signed since that copy was "
           "made; else this witness has forgotten what it signed and is over: "
           "begin anew with another key and an empty data_dir, and tell those "
           "who trust it"),
       absl::StrCat("拒绝启动：", zh,
                    "。只有确知该副本之后未再签署时才可放回原文件；否则该见证"
                    "人已忘记签署过的内容，应终止使用：换用新密钥与空的 "
                    "data_dir，并告知信任它的各方")});
}

absl::Status CannotUse(const std::string& folder) {
  const std::string why = std::strerror(errno);
  return services::InvalidField("data_dir",
                                {absl::StrCat("cannot use ", folder, ": ", why),
                                 absl::StrCat("无法使用 ", folder, "：", why)});
}

}  // namespace

SeenFile::SeenFile(std::string path, std::string origin)
    : origin_(std::move(origin)), file_(std::move(path)) {}

absl::Status SeenFile::Read(const crypto::NoteVerifier& witness) {
  ASSIGN_OR_RETURN(const auto content, file_.Read(limits::kNoteBytes));
  if (!content.has_value()) {
    return Refuse(
        absl::StrCat(file_.path(), ", the last checkpoint of ", origin_,
                     ", is missing"),
        absl::StrCat("缺少 ", origin_, " 的最后检查点 ", file_.path()));
  }
  const auto seen = ParseSeen(*content, origin_, witness);
  if (!seen.has_value()) {
    return Refuse(
        absl::StrCat(file_.path(), " is not what this witness wrote for ",
                     origin_),
        absl::StrCat(file_.path(), " 不是本见证人为 ", origin_, " 写下的内容"));
  }
  seen_ = *seen;
  return absl::OkStatus();
}

absl::Status SeenFile::WriteNothingYet() {
  return file_.Write(NothingYet(origin_));
}

absl::Status SeenFile::Write(const Seen& seen, const std::string& text,
                             const std::string& line) {
  RETURN_IF_ERROR(file_.Write(absl::StrCat(text, "\n", line)));
  seen_ = seen;
  return absl::OkStatus();
}

Memory::Memory(std::string folder)
    : folder_(std::move(folder)), index_(folder_ + "/witness") {}

Memory::~Memory() {
  if (lock_ >= 0) close(lock_);
}

std::string Memory::PathOf(const std::string& origin) const {
  return absl::StrCat(folder_, "/", NameOf(origin), kEnding);
}

absl::StatusOr<std::unique_ptr<Memory>> Memory::Open(
    const std::string& folder, const crypto::NoteVerifier& witness,
    const std::vector<std::string>& origins) {
  const absl::Status made = client::KeepFolderDurably(folder);
  if (!made.ok()) {
    const std::string why(made.message());
    return services::InvalidField("data_dir", {why, why});
  }
  std::unique_ptr<Memory> memory(new Memory(folder));
  RETURN_IF_ERROR(memory->Lock());
  const std::string vkey = proof::FormatVkey(witness.note_key());
  ASSIGN_OR_RETURN(const auto known, memory->ReadIndex(vkey));
  RETURN_IF_ERROR(memory->Load(witness, known));
  for (const std::string& origin : origins) {
    RETURN_IF_ERROR(memory->Add(origin));
  }
  RETURN_IF_ERROR(memory->WriteIndex(vkey));
  return memory;
}

// Two programs on one folder would each sign what the other does not see.
absl::Status Memory::Lock() {
  const std::string path = folder_ + "/lock";
  lock_ = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (lock_ < 0) return CannotUse(folder_);
  if (flock(lock_, LOCK_EX | LOCK_NB) == 0) return absl::OkStatus();
  if (errno != EWOULDBLOCK) return CannotUse(folder_);
  return services::InvalidField(
      "data_dir", {absl::StrCat(folder_, " is used by another witness"),
                   absl::StrCat(folder_, " 正由另一见证人程序使用")});
}

absl::StatusOr<std::vector<std::string>> Memory::ReadIndex(
    const std::string& vkey) {
  ASSIGN_OR_RETURN(const auto content, index_.Read(limits::kWitnessIndexBytes));
  if (!content.has_value()) return std::vector<std::string>();
  auto index = ParseIndex(*content);
  if (!index.has_value()) {
    return Refuse(absl::StrCat(index_.path(), " is broken"),
                  absl::StrCat(index_.path(), " 已损坏"));
  }
  if (index->vkey != vkey) {
    // Nothing is lost: a slip in the configuration.
    return services::InvalidField(
        "data_dir",
        {absl::StrCat(
             folder_, " is the memory of ", index->vkey,
             ", the configuration names ", vkey,
             "; correct `name`, `ed25519_key` or `data_dir`, and leave "
             "the folder as it is"),
         absl::StrCat(folder_, " 属于 ", index->vkey, "，而配置的见证人是 ",
                      vkey,
                      "；请更正 name、ed25519_key 或 data_dir，并保持"
                      "该目录不变")});
  }
  return std::move(index->origins);
}

absl::Status Memory::WriteIndex(const std::string& vkey) {
  Index index{vkey, {}};
  for (const auto& [origin, file] : files_) index.origins.push_back(origin);
  const std::string content = FormatIndex(index);
  ASSIGN_OR_RETURN(const auto before, index_.Read(limits::kWitnessIndexBytes));
  return before == content ? absl::OkStatus() : index_.Write(content);
}

// Every log that the folder knows, and no checkpoint of one that it does not.
absl::Status Memory::Load(const crypto::NoteVerifier& witness,
                          const std::vector<std::string>& known) {
  std::set<std::string> names;
  for (const std::string& origin : known) {
    auto file = std::make_unique<SeenFile>(PathOf(origin), origin);
    RETURN_IF_ERROR(file->Read(witness));
    files_[origin] = std::move(file);
    names.insert(NameOf(origin) + kEnding);
  }
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator(folder_, error)) {
    const std::string name = entry.path().filename();
    if (!absl::EndsWith(name, kEnding) || names.count(name) > 0) continue;
    // A program that ended between this file and the index left nothing yet.
    ASSIGN_OR_RETURN(const auto content,
                     services::KeptFile(entry.path()).Read(limits::kNoteBytes));
    if (!content.has_value() || IsNothingYet(*content)) continue;
    return Refuse(absl::StrCat(entry.path().string(),
                               " is there, but the index does not name it"),
                  absl::StrCat("索引未列出已有的 ", entry.path().string()));
  }
  if (!error) return absl::OkStatus();
  errno = error.value();
  return CannotUse(folder_);
}

absl::Status Memory::Add(const std::string& origin) {
  if (files_.count(origin) > 0) return absl::OkStatus();
  auto file = std::make_unique<SeenFile>(PathOf(origin), origin);
  RETURN_IF_ERROR(file->WriteNothingYet());
  files_[origin] = std::move(file);
  return absl::OkStatus();
}

}  // namespace dataip::witness
