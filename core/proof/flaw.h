// Why bytes or a proof were refused. core/proof throws nothing and returns no
// absl::Status: a decoder answers with a Parsed, a check with a Flaw.
#pragma once

#include <optional>
#include <utility>

namespace dataip::proof {

enum class Flaw {
  kNone = 0,
  // Any decoder.
  kTruncated,
  kTrailingBytes,
  kTooLong,
  kNotUtf8,
  kNotCanonicalBase64,
  // Entry header (formats.md 1).
  kVersion,
  kIndexRange,
  kTimeRange,
  kTypeLength,
  kTypeCharacter,
  kStreamLength,
  kStreamCharacter,
  kPayloadSize,
  kUpdateCount,
  kKeyLength,
  kKeyCharacter,
  kRepeatedKey,
  // Origin, keys, notes, checkpoints (formats.md 3).
  kOrigin,
  kKeyForm,
  kKeyType,
  kKeyBytes,
  kKeyId,
  kNoteForm,
  kNoteCharacter,
  kSignatureForm,
  kNoSignature,
  kCheckpointForm,
  kCheckpointSize,
  kCheckpointRoot,
  kOtherKey,
  // Seal (formats.md 5).
  kSealLength,
  kSealType,
  kSealStream,
  kSealUpdates,
  kSealIndex,
  kSealChainHead,
  kPayloadDigest,
  // Canonical protobuf (formats.md 9).
  kVarint,
  kFieldOrder,
  kUnknownField,
  kWireType,
  kDefaultPresent,
  kNumberRange,
  kEnumValue,
  kMissingField,
  // Bundle (formats.md 8).
  kFormat,
  kHashLength,
  kStatusRecord,
  kStatusHistory,
  kNameOpening,
};

// One English clause without a full stop, e.g. "ends too early".
const char* Describe(Flaw flaw);
// The same in Chinese.
const char* DescribeChinese(Flaw flaw);

// A value, or why there is none.
template <typename T>
struct Parsed {
  std::optional<T> value;
  Flaw flaw = Flaw::kNone;

  // Implicit, so that a decoder can return either.
  Parsed(T parsed) : value(std::move(parsed)) {}
  Parsed(Flaw why) : flaw(why) {}

  bool ok() const { return value.has_value(); }
  const T& operator*() const& { return *value; }
  T& operator*() & { return *value; }
  T&& operator*() && { return *std::move(value); }
  const T* operator->() const { return &*value; }
  T* operator->() { return &*value; }
};

}  // namespace dataip::proof
