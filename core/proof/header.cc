#include "core/proof/header.h"

#include <algorithm>
#include <cstring>

#include "core/base/limits.h"
#include "core/proof/byte_reader.h"

namespace dataip::proof {
namespace {

constexpr uint64_t kVersion = 1;
// Version to prev, payload_size to update_count, and two length bytes.
constexpr size_t kFixedBytes = 1 + 8 + 8 + 32 + 1 + 1 + 8 + 32 + 32 + 2;
constexpr size_t kFixedBytesPerUpdate = 1 + 32;
constexpr size_t kIndexAt = 1;
constexpr size_t kTimeAt = kIndexAt + 8;
constexpr size_t kPrevAt = kTimeAt + 8;
constexpr size_t kPositionEnd = kPrevAt + 32;

bool IsPrintable(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= 0x21 && c <= 0x7e; });
}

bool HasRepeatedKey(const std::vector<Update>& updates) {
  std::vector<std::string_view> keys;
  keys.reserve(updates.size());
  for (const Update& update : updates) keys.push_back(update.key);
  std::sort(keys.begin(), keys.end());
  return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
}

Flaw CheckUpdates(const std::vector<Update>& updates) {
  if (updates.size() > limits::kUpdatesPerEntry) return Flaw::kUpdateCount;
  for (const Update& update : updates) {
    if (update.key.empty() || update.key.size() > limits::kMapKeyBytes) {
      return Flaw::kKeyLength;
    }
    if (!IsPrintable(update.key)) return Flaw::kKeyCharacter;
  }
  return HasRepeatedKey(updates) ? Flaw::kRepeatedKey : Flaw::kNone;
}

size_t EncodedBytes(const EntryHeader& header) {
  size_t bytes = kFixedBytes + header.type.size() + header.stream.size();
  for (const Update& update : header.updates) {
    bytes += kFixedBytesPerUpdate + update.key.size();
  }
  return bytes;
}

}  // namespace

Flaw CheckHeader(const EntryHeader& header) {
  if (header.index > limits::kIndex) return Flaw::kIndexRange;
  if (header.time_ms < 0) return Flaw::kTimeRange;
  if (header.type.empty() || header.type.size() > limits::kTypeBytes) {
    return Flaw::kTypeLength;
  }
  if (!IsPrintable(header.type)) return Flaw::kTypeCharacter;
  if (header.stream.size() > limits::kStreamBytes) return Flaw::kStreamLength;
  if (!IsPrintable(header.stream)) return Flaw::kStreamCharacter;
  if (header.payload_size > limits::kPayloadBytes) return Flaw::kPayloadSize;
  if (const Flaw flaw = CheckUpdates(header.updates); flaw != Flaw::kNone) {
    return flaw;
  }
  if (EncodedBytes(header) > limits::kHeaderBytes) return Flaw::kTooLong;
  return Flaw::kNone;
}

Parsed<std::string> EncodeHeader(const EntryHeader& header) {
  if (const Flaw flaw = CheckHeader(header); flaw != Flaw::kNone) return flaw;
  std::string bytes;
  bytes.reserve(EncodedBytes(header));
  AppendNumber(bytes, kVersion, 1);
  AppendNumber(bytes, header.index, 8);
  AppendNumber(bytes, static_cast<uint64_t>(header.time_ms), 8);
  AppendHash(bytes, header.prev);
  AppendText(bytes, header.type);
  AppendText(bytes, header.stream);
  AppendNumber(bytes, header.payload_size, 8);
  AppendHash(bytes, header.payload_sha256);
  AppendHash(bytes, header.payload_sm3);
  AppendNumber(bytes, header.updates.size(), 2);
  for (const Update& update : header.updates) {
    AppendText(bytes, update.key);
    AppendHash(bytes, update.value);
  }
  return bytes;
}

void SetPosition(const Position& position, std::string& bytes) {
  const auto put = [&bytes](size_t at, uint64_t number) {
    for (size_t i = 8; i > 0; --i, number >>= 8) {
      bytes[at + i - 1] = static_cast<char>(number & 0xff);
    }
  };
  put(kIndexAt, position.index);
  put(kTimeAt, static_cast<uint64_t>(position.time_ms));
  std::memcpy(bytes.data() + kPrevAt, position.prev.bytes.data(),
              position.prev.bytes.size());
}

Bytes AfterPosition(Bytes bytes) { return bytes.subspan(kPositionEnd); }

Parsed<EntryHeader> DecodeHeader(Bytes bytes) {
  if (bytes.size() > limits::kHeaderBytes) return Flaw::kTooLong;
  ByteReader reader(bytes);
  const uint64_t version = reader.TakeNumber(1);
  if (!reader.ok()) return Flaw::kTruncated;
  if (version != kVersion) return Flaw::kVersion;
  EntryHeader header;
  header.index = reader.TakeNumber(8);
  header.time_ms = static_cast<int64_t>(reader.TakeNumber(8));
  header.prev = reader.TakeHash();
  header.type = reader.TakeText();
  header.stream = reader.TakeText();
  header.payload_size = reader.TakeNumber(8);
  header.payload_sha256 = reader.TakeHash();
  header.payload_sm3 = reader.TakeHash();
  const uint64_t update_count = reader.TakeNumber(2);
  if (update_count > limits::kUpdatesPerEntry) return Flaw::kUpdateCount;
  for (uint64_t i = 0; i < update_count && reader.ok(); ++i) {
    std::string key = reader.TakeText();
    header.updates.push_back({std::move(key), reader.TakeHash()});
  }
  if (!reader.ok()) return Flaw::kTruncated;
  if (!reader.empty()) return Flaw::kTrailingBytes;
  if (const Flaw flaw = CheckHeader(header); flaw != Flaw::kNone) return flaw;
  return header;
}

bool PayloadMatches(const EntryHeader& header, Bytes payload) {
  return header.payload_size == payload.size() &&
         header.payload_sha256 == hash::Sha256(payload) &&
         header.payload_sm3 == hash::Sm3(payload);
}

}  // namespace dataip::proof
