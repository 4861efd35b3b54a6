#include "client/cli/object_files.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/evidence_files.h"
#include "client/cli/input_files.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

class Finder {
 public:
  void Walk(const Message& message) {
    if (message.GetDescriptor() == v1::FileCommitment::descriptor()) {
      const auto& file = static_cast<const v1::FileCommitment&>(message);
      files_.push_back(
          {file.kind(), positions_[file.kind()]++, file.media_type()});
      return;
    }
    const auto& reflection = *message.GetReflection();
    std::vector<const FieldDescriptor*> fields;
    reflection.ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) {
      if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
      if (!field->is_repeated()) {
        Walk(reflection.GetMessage(message, field));
        continue;
      }
      for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
        Walk(reflection.GetRepeatedMessage(message, field, i));
      }
    }
  }

  std::vector<ObjectFile> Take() { return std::move(files_); }

 private:
  std::map<std::string, uint32_t> positions_;
  std::vector<ObjectFile> files_;
};

// A kind comes from a command: it must not become a path.
std::string SafeName(std::string kind) {
  std::replace_if(
      kind.begin(), kind.end(),
      [](unsigned char c) { return !std::isalnum(c) && c != '-' && c != '_'; },
      '_');
  return kind;
}

}  // namespace

std::vector<ObjectFile> FilesIn(const Message& object) {
  Finder finder;
  finder.Walk(object);
  return finder.Take();
}

std::string FileNameOf(const ObjectFile& file) {
  return absl::StrCat(SafeName(file.kind), "-", file.position,
                      ExtensionOf(file.media_type));
}

FlagRule FilesFlag() {
  return {.name = "--files",
          .value = "DIR",
          .help = "downloads the files that go with it"};
}

absl::Status MakeFolder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("无法建立目录 (cannot make the folder) ", folder));
}

absl::Status DownloadFilesOf(Invocation& invocation,
                             const std::string& object_no,
                             const Message& object) {
  const std::string folder = invocation.Text("--files");
  if (folder.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(MakeFolder(folder));
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  for (const ObjectFile& file : FilesIn(object)) {
    ASSIGN_OR_RETURN(
        const RegistryClient::File content,
        registry->Download({"", file.kind, file.position, object_no}));
    const std::string path =
        absl::StrCat(folder, "/", object_no, "-", FileNameOf(file));
    RETURN_IF_ERROR(WriteOutputFile(path, content.content));
    invocation.Say(absl::StrCat("已下载 (downloaded): ", path));
  }
  return absl::OkStatus();
}

}  // namespace dataip::client
