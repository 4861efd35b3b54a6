// Reads canonical protobuf (formats.md 9) field by field: ascending fields,
// shortest varints, no default that is present, no unknown field.
//
//   ProtobufReader reader(bytes);
//   content.origin = reader.Text(1);
//   content.size = reader.Uint64(2);
//   content.paths = reader.RepeatedBytes(3);
//   if (reader.Finish() != Flaw::kNone) ...
//
// Fields are asked for in ascending order, each known field once; what comes
// in between is unknown. After the first flaw every read gives the default
// and Finish says what it was. Views point into the bytes given.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/hash/hash.h"
#include "core/proof/flaw.h"

namespace dataip::proof {

class ProtobufReader {
 public:
  explicit ProtobufReader(Bytes message) : rest_(message) {}

  // Scalars: 0, false or empty when absent. Numbers outside the type's range
  // are refused, and so is a default that is written.
  uint64_t Uint64(uint32_t field);
  uint32_t Uint32(uint32_t field);
  int64_t Int64(uint32_t field);
  int32_t Int32(uint32_t field);
  bool Bool(uint32_t field);
  // A value from 0 to `last`; others are unknown.
  uint32_t Enum(uint32_t field, uint32_t last);
  Bytes ByteString(uint32_t field);
  // Valid UTF-8.
  std::string_view Text(uint32_t field);

  // A message, present even when it is empty.
  std::optional<Bytes> Message(uint32_t field);

  // Elements may be empty.
  std::vector<Bytes> RepeatedBytes(uint32_t field);
  std::vector<std::string_view> RepeatedText(uint32_t field);
  std::vector<Bytes> RepeatedMessage(uint32_t field);
  // Packed, as proto3 writes it.
  std::vector<uint64_t> PackedUint64(uint32_t field);

  // Refuses from outside: `flaw` is what Finish says, unless one came before.
  void Refuse(Flaw flaw);
  bool ok() const { return flaw_ == Flaw::kNone; }
  // kNone when all was read and well. Ask last.
  Flaw Finish();

 private:
  enum class Wire : uint32_t { kVarint = 0, kLengthDelimited = 2 };

  // True when the next field is this one; takes its tag.
  bool TakeTag(uint32_t field, Wire wire);
  uint64_t TakeVarint();
  Bytes TakeLengthDelimited();
  uint64_t Scalar(uint32_t field, uint64_t last);

  Bytes rest_;
  Flaw flaw_ = Flaw::kNone;
  uint32_t last_field_ = 0;
};

// google.protobuf.Timestamp in Unix milliseconds, rounded down; kNumberRange
// outside the years 1970 to 9999.
Parsed<int64_t> ReadTimestampMs(Bytes message);

}  // namespace dataip::proof
