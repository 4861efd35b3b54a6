#include "core/proof/protobuf_reader.h"

#include <limits>

#include "core/base/utf8.h"

namespace dataip::proof {
namespace {

constexpr size_t kVarintBytes = 10;
constexpr int64_t kSecondsIn10000Years = 253'402'300'800;  // 1970 to 9999
constexpr int32_t kNanosPerMs = 1'000'000;
constexpr int32_t kNanosPerSecond = 1'000'000'000;

// Takes a varint in its shortest form off `bytes`.
Parsed<uint64_t> Varint(Bytes& bytes) {
  uint64_t number = 0;
  for (size_t i = 0; i < kVarintBytes; ++i) {
    if (i == bytes.size()) return Flaw::kTruncated;
    const uint64_t byte = bytes[i];
    if (i == kVarintBytes - 1 && byte > 1) return Flaw::kVarint;
    number |= (byte & 0x7f) << (7 * i);
    if (byte >= 0x80) continue;
    if (byte == 0 && i > 0) return Flaw::kVarint;
    bytes = bytes.subspan(i + 1);
    return number;
  }
  return Flaw::kVarint;
}

bool ValidText(std::string_view text) {
  while (!text.empty()) {
    if (!base::TakeCodePoint(text)) return false;
  }
  return true;
}

std::string_view AsText(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

void ProtobufReader::Refuse(Flaw flaw) {
  if (flaw_ == Flaw::kNone) flaw_ = flaw;
  rest_ = {};
}

bool ProtobufReader::TakeTag(uint32_t field, Wire wire) {
  if (!ok() || rest_.empty()) return false;
  Bytes behind = rest_;
  const Parsed<uint64_t> tag = Varint(behind);
  if (!tag.ok()) {
    Refuse(tag.flaw);
    return false;
  }
  const uint64_t number = *tag >> 3;
  if (number > field) return false;
  if (number < field) {
    Refuse(number <= last_field_ && number != 0 ? Flaw::kFieldOrder
                                                : Flaw::kUnknownField);
    return false;
  }
  if ((*tag & 7) != static_cast<uint64_t>(wire)) {
    Refuse(Flaw::kWireType);
    return false;
  }
  rest_ = behind;
  last_field_ = field;
  return true;
}

uint64_t ProtobufReader::TakeVarint() {
  const Parsed<uint64_t> number = Varint(rest_);
  if (!number.ok()) Refuse(number.flaw);
  return number.ok() ? *number : 0;
}

Bytes ProtobufReader::TakeLengthDelimited() {
  const uint64_t size = TakeVarint();
  if (size > rest_.size()) {
    Refuse(Flaw::kTruncated);
    return {};
  }
  const Bytes taken = rest_.first(size);
  rest_ = rest_.subspan(size);
  return taken;
}

uint64_t ProtobufReader::Scalar(uint32_t field, uint64_t last) {
  if (!TakeTag(field, Wire::kVarint)) return 0;
  const uint64_t number = TakeVarint();
  if (!ok()) return 0;
  if (number == 0) Refuse(Flaw::kDefaultPresent);
  if (number > last) Refuse(Flaw::kNumberRange);
  return ok() ? number : 0;
}

uint64_t ProtobufReader::Uint64(uint32_t field) {
  return Scalar(field, std::numeric_limits<uint64_t>::max());
}

uint32_t ProtobufReader::Uint32(uint32_t field) {
  return static_cast<uint32_t>(
      Scalar(field, std::numeric_limits<uint32_t>::max()));
}

int64_t ProtobufReader::Int64(uint32_t field) {
  return static_cast<int64_t>(Uint64(field));
}

int32_t ProtobufReader::Int32(uint32_t field) {
  const int64_t number = Int64(field);
  const int32_t narrow = static_cast<int32_t>(number);
  if (narrow == number) return narrow;
  Refuse(Flaw::kNumberRange);
  return 0;
}

bool ProtobufReader::Bool(uint32_t field) { return Scalar(field, 1) != 0; }

uint32_t ProtobufReader::Enum(uint32_t field, uint32_t last) {
  const uint64_t number = Uint64(field);
  if (number <= last) return static_cast<uint32_t>(number);
  Refuse(Flaw::kEnumValue);
  return 0;
}

Bytes ProtobufReader::ByteString(uint32_t field) {
  if (!TakeTag(field, Wire::kLengthDelimited)) return {};
  const Bytes bytes = TakeLengthDelimited();
  if (ok() && bytes.empty()) Refuse(Flaw::kDefaultPresent);
  return bytes;
}

std::string_view ProtobufReader::Text(uint32_t field) {
  const std::string_view text = AsText(ByteString(field));
  if (ValidText(text)) return text;
  Refuse(Flaw::kNotUtf8);
  return {};
}

std::optional<Bytes> ProtobufReader::Message(uint32_t field) {
  if (!TakeTag(field, Wire::kLengthDelimited)) return std::nullopt;
  const Bytes message = TakeLengthDelimited();
  if (!ok()) return std::nullopt;
  return message;
}

std::vector<Bytes> ProtobufReader::RepeatedBytes(uint32_t field) {
  std::vector<Bytes> elements;
  while (TakeTag(field, Wire::kLengthDelimited)) {
    elements.push_back(TakeLengthDelimited());
  }
  if (!ok()) return {};
  return elements;
}

std::vector<std::string_view> ProtobufReader::RepeatedText(uint32_t field) {
  std::vector<std::string_view> elements;
  for (const Bytes element : RepeatedBytes(field)) {
    elements.push_back(AsText(element));
    if (!ValidText(elements.back())) Refuse(Flaw::kNotUtf8);
  }
  if (!ok()) return {};
  return elements;
}

std::vector<Bytes> ProtobufReader::RepeatedMessage(uint32_t field) {
  return RepeatedBytes(field);
}

std::vector<uint64_t> ProtobufReader::PackedUint64(uint32_t field) {
  Bytes packed = ByteString(field);
  std::vector<uint64_t> numbers;
  while (ok() && !packed.empty()) {
    const Parsed<uint64_t> number = Varint(packed);
    if (number.ok()) {
      numbers.push_back(*number);
    } else {
      Refuse(number.flaw);
    }
  }
  if (!ok()) return {};
  return numbers;
}

Flaw ProtobufReader::Finish() {
  if (ok() && !rest_.empty()) {
    Bytes behind = rest_;
    const Parsed<uint64_t> tag = Varint(behind);
    const bool again = tag.ok() && *tag >> 3 != 0 && *tag >> 3 <= last_field_;
    Refuse(!tag.ok() ? tag.flaw
                     : (again ? Flaw::kFieldOrder : Flaw::kUnknownField));
  }
  return flaw_;
}

Parsed<int64_t> ReadTimestampMs(Bytes message) {
  ProtobufReader reader(message);
  const int64_t seconds = reader.Int64(1);
  const int32_t nanos = reader.Int32(2);
  if (const Flaw flaw = reader.Finish(); flaw != Flaw::kNone) return flaw;
  if (seconds < 0 || seconds >= kSecondsIn10000Years || nanos < 0 ||
      nanos >= kNanosPerSecond) {
    return Flaw::kNumberRange;
  }
  return seconds * 1000 + nanos / kNanosPerMs;
}

}  // namespace dataip::proof
