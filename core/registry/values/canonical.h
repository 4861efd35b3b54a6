// Canonical protobuf (formats.md 9): one message has one spelling.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/hash/hash.h"

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace dataip::registry {

// Parses `bytes` into the empty `message`. Fails with INVALID_ARGUMENT when
// they do not parse, hold an unknown field or enum value anywhere, or are not
// the bytes that SerializeCanonical writes.
absl::Status ParseCanonicalInto(Bytes bytes,
                                google::protobuf::Message& message);

template <typename T>
absl::StatusOr<T> ParseCanonical(Bytes bytes) {
  T message;
  if (absl::Status status = ParseCanonicalInto(bytes, message); !status.ok()) {
    return status;
  }
  return message;
}

// Of protobuf's `bytes` fields, which are strings.
template <typename T>
absl::StatusOr<T> ParseCanonical(const std::string& bytes) {
  return ParseCanonical<T>(
      Bytes(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()));
}

// Deterministic: fields ascending, defaults absent, shortest varints.
std::string SerializeCanonical(const google::protobuf::Message& message);

// OK when no unknown field and no unknown enum value stands anywhere in it.
absl::Status CheckKnown(const google::protobuf::Message& message);

}  // namespace dataip::registry
