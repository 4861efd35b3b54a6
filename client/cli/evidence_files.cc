#include "client/cli/evidence_files.h"

#include <array>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/cli/input_files.h"
#include "client/filing/filing.h"
#include "client/registry_client.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

struct MediaType {
  absl::string_view extension;
  absl::string_view name;
};

// The first of a name is the extension that it is saved under.
constexpr std::array kMediaTypes = {
    MediaType{".pdf", "application/pdf"},
    MediaType{".ofd", "application/ofd"},
    MediaType{".json", "application/json"},
    MediaType{".ndjson", "application/x-ndjson"},
    MediaType{".zip", "application/zip"},
    MediaType{".csv", "text/csv"},
    MediaType{".txt", "text/plain"},
    MediaType{".png", "image/png"},
    MediaType{".jpg", "image/jpeg"},
    MediaType{".jpeg", "image/jpeg"},
};

absl::StatusOr<std::string> ReadOne(const NamedFile& file) {
  ASSIGN_OR_RETURN(std::string bytes,
                   ReadInputFile(file.path, limits::kFileBytes));
  if (!bytes.empty()) return bytes;
  return absl::InvalidArgumentError(
      absl::StrCat("文件 ", file.path,
                   " 是空的，请更换文件 (the file is empty; use another)"));
}

v1::FileCommitment CommitmentTo(const NamedFile& file, const std::string& bytes,
                                std::vector<v1::Opening>& openings) {
  const hash::Hash digest = hash::Sha256(hash::AsBytes(bytes));
  const std::string_view text = digest.text();
  v1::FileCommitment commitment;
  commitment.set_kind(file.kind);
  commitment.set_media_type(MediaTypeOf(file.path));
  commitment.set_byte_size(bytes.size());
  *commitment.mutable_sha256() =
      Commit(absl::string_view(text.data(), text.size()), openings);
  return commitment;
}

}  // namespace

absl::StatusOr<AttachedFiles> AttachFiles(RegistryClient& registry,
                                          const std::vector<NamedFile>& files) {
  AttachedFiles attached;
  std::vector<std::string> contents;
  for (const NamedFile& file : files) {
    ASSIGN_OR_RETURN(std::string bytes, ReadOne(file));
    attached.files.push_back(CommitmentTo(file, bytes, attached.openings));
    contents.push_back(std::move(bytes));
  }
  for (const std::string& bytes : contents) {
    RETURN_IF_ERROR(registry.Upload(hash::AsBytes(bytes)).status());
  }
  return attached;
}

absl::StatusOr<AttachedFiles> AttachFiles(
    RegistryClient& registry, absl::string_view kind,
    const std::vector<std::string>& paths) {
  std::vector<NamedFile> files;
  for (const std::string& path : paths) {
    files.push_back({std::string(kind), path});
  }
  return AttachFiles(registry, files);
}

std::string MediaTypeOf(absl::string_view path) {
  const std::string lower = absl::AsciiStrToLower(path);
  for (const MediaType& type : kMediaTypes) {
    if (absl::EndsWith(lower, type.extension)) return std::string(type.name);
  }
  return "application/octet-stream";
}

std::string ExtensionOf(absl::string_view media_type) {
  for (const MediaType& type : kMediaTypes) {
    if (type.name == media_type) return std::string(type.extension);
  }
  return ".bin";
}

}  // namespace dataip::client
