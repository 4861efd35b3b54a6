// The flag --files: what the registry keeps of an object's files, downloaded
// into a folder.
#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/cli/arguments.h"
#include "client/cli/invocation.h"
#include "dataip/registry/v1/common.pb.h"

namespace dataip::client {

// A file by the name under which the registry gives it.
struct ObjectFile {
  std::string kind;
  uint32_t position = 0;  // among the files of that kind
  std::string media_type;
};

// Every file that the message commits to, in the order of its fields.
std::vector<ObjectFile> FilesIn(const google::protobuf::Message& object);

// `evidence-0.pdf`; nothing of a kind can become a path.
std::string FileNameOf(const ObjectFile& file);

FlagRule FilesFlag();

// INVALID_ARGUMENT when it cannot be made.
absl::Status MakeFolder(const std::string& folder);

// Downloads the files of the object into the folder of --files, which is made
// when it is missing, as `O20240000001-evidence-0.pdf`, and says where they
// are. Does nothing without the flag.
absl::Status DownloadFilesOf(Invocation& invocation,
                             const std::string& object_no,
                             const google::protobuf::Message& object);

}  // namespace dataip::client
