// Changing single fields of a registration form by their paths.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace dataip::client {

// Sets the field at `path` (`name`, `scenario.scope`, `fields[3].meaning`,
// `intents[0]`) from text: numbers in decimal, `true` or `false`, enum values
// by name, texts as they are. An index may be at most the list's length: at
// the length a new element is added. INVALID_ARGUMENT names what is wrong with
// path or value; bytes and whole messages cannot be set.
absl::Status SetField(google::protobuf::Message& message,
                      absl::string_view path, absl::string_view value);

// What stands at `path`, as text that is equal for equal values; nothing when
// the path leads nowhere or to what is not set.
std::string ValueAt(const google::protobuf::Message& message,
                    absl::string_view path);

// `PATH=VALUE` taken apart at the first '='.
struct Assignment {
  std::string path;
  std::string value;
};
absl::StatusOr<Assignment> ParseAssignment(absl::string_view text);

}  // namespace dataip::client
