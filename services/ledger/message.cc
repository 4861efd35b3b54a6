#include "services/ledger/message.h"

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "services/common/error.h"

namespace dataip::ledger {
namespace {

// What an entry's three buffers and the allocator cost.
constexpr size_t kEntryOverheadBytes = sizeof(PreparedEntry) + 64;

absl::Status Wrong(const std::string& field, const std::string& en,
                   const std::string& zh) {
  return services::InvalidField(field, {en, zh});
}

absl::Status CheckUpdates(const std::vector<proof::Update>& updates,
                          const std::string& path) {
  for (size_t i = 1; i < updates.size(); ++i) {
    if (updates[i - 1].key >= updates[i].key) {
      return Wrong(absl::StrCat(path, ".updates[", i, "].key"),
                   "keys must ascend without repeats",
                   "键须按字节升序且不得重复");
    }
  }
  return absl::OkStatus();
}

std::string FieldOf(proof::Flaw flaw) {
  switch (flaw) {
    case proof::Flaw::kTypeLength:
    case proof::Flaw::kTypeCharacter:
      return ".type";
    case proof::Flaw::kStreamLength:
    case proof::Flaw::kStreamCharacter:
      return ".stream";
    case proof::Flaw::kPayloadSize:
      return ".payload";
    default:
      return ".updates";
  }
}

// An entry on its way from the request to its encoded header.
struct Taken {
  proof::EntryHeader header;
  std::string payload;
};

absl::StatusOr<Taken> Take(v1::NewEntry& from, const std::string& path) {
  Taken taken;
  taken.header.type = std::move(*from.mutable_type());
  taken.header.stream = std::move(*from.mutable_stream());
  taken.payload = std::move(*from.mutable_payload());
  taken.header.payload_size = taken.payload.size();
  std::vector<proof::Update>& updates = taken.header.updates;
  updates.reserve(from.updates_size());
  for (v1::MapUpdate& update : *from.mutable_updates()) {
    const auto value = Hash::From(hash::AsBytes(update.value_sha256()));
    if (!value.has_value()) {
      return Wrong(
          absl::StrCat(path, ".updates[", updates.size(), "].value_sha256"),
          "must be 32 bytes", "须为 32 字节");
    }
    updates.push_back({std::move(*update.mutable_key()), *value});
  }
  return taken;
}

// The payloads of a message are independent: several are hashed at a time.
void HashPayloads(std::vector<Taken>& entries) {
  std::vector<Bytes> payloads;
  payloads.reserve(entries.size());
  for (const Taken& each : entries) {
    payloads.push_back(hash::AsBytes(each.payload));
  }
  std::vector<Hash> sha256(entries.size());
  std::vector<Hash> sm3(entries.size());
  hash::Sha256Many(payloads, sha256);
  hash::Sm3Many(payloads, sm3);
  for (size_t i = 0; i < entries.size(); ++i) {
    entries[i].header.payload_sha256 = sha256[i];
    entries[i].header.payload_sm3 = sm3[i];
  }
}

// The rules of formats.md 1, by the code that encodes headers.
absl::StatusOr<PreparedEntry> Encode(Taken taken, const std::string& path) {
  const proof::EntryHeader& header = taken.header;
  if (header.type.rfind(proof::kLedgerTypePrefix, 0) == 0) {
    return Wrong(path + ".type",
                 "types of the ledger itself cannot be appended",
                 "dataip.ledger. 开头的类型只能由账本自己写入");
  }
  auto encoded = proof::EncodeHeader(header);
  if (!encoded.ok()) {
    return Wrong(path + FieldOf(encoded.flaw), proof::Describe(encoded.flaw),
                 proof::DescribeChinese(encoded.flaw));
  }
  RETURN_IF_ERROR(CheckUpdates(header.updates, path));
  PreparedEntry entry{*std::move(encoded), std::move(taken.payload), {}};
  AddMapChanges(header.updates, entry.changes);
  return entry;
}

size_t BytesOf(const PreparedEntry& entry) {
  return entry.header.size() + entry.payload.size() +
         entry.changes.size() * sizeof(MapChange) + kEntryOverheadBytes;
}

std::array<uint8_t, 8> BytesOf(uint64_t number) {
  std::array<uint8_t, 8> bytes;
  for (size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<uint8_t>(number >> (8 * i));
  }
  return bytes;
}

// A header says how long each of its parts is, so that no two messages have
// the same bytes.
Hash DigestOf(const PreparedMessage& message) {
  hash::Sha256Stream stream;
  stream.Update(BytesOf(static_cast<uint64_t>(message.not_before_ms)));
  stream.Update(BytesOf(static_cast<uint64_t>(message.not_after_ms)));
  for (const PreparedEntry& entry : message.entries) {
    stream.Update(proof::AfterPosition(hash::AsBytes(entry.header)));
  }
  return stream.Finish();
}

}  // namespace

absl::StatusOr<PreparedMessage> Prepare(v1::AppendRequest request) {
  const size_t count = static_cast<size_t>(request.entries_size());
  if (count == 0 || count > limits::kEntriesPerMessage) {
    return Wrong("entries",
                 absl::StrCat("1 to ", limits::kEntriesPerMessage,
                              " entries a message, not ", count),
                 absl::StrCat("每条消息须含 1 至 ", limits::kEntriesPerMessage,
                              " 个条目，实为 ", count));
  }
  if (request.not_before_ms() < 0 || request.not_after_ms() < 0) {
    return Wrong("not_before_ms", "bounds are not negative",
                 "时间界限不得为负");
  }
  PreparedMessage message;
  message.epoch = request.epoch();
  message.sequence = request.sequence();
  message.not_before_ms = request.not_before_ms();
  message.not_after_ms = request.not_after_ms();
  const auto path = [](size_t i) { return absl::StrCat("entries[", i, "]"); };
  std::vector<Taken> taken;
  taken.reserve(count);
  for (v1::NewEntry& entry : *request.mutable_entries()) {
    ASSIGN_OR_RETURN(Taken each, Take(entry, path(taken.size())));
    taken.push_back(std::move(each));
  }
  HashPayloads(taken);
  message.entries.reserve(count);
  for (Taken& each : taken) {
    ASSIGN_OR_RETURN(PreparedEntry entry,
                     Encode(std::move(each), path(message.entries.size())));
    message.bytes += BytesOf(entry);
    message.entries.push_back(std::move(entry));
  }
  message.digest = DigestOf(message);
  return message;
}

PreparedEntry PrepareSeal(const proof::Seal& seal) {
  PreparedEntry entry;
  entry.payload = proof::EncodeSeal(seal);
  const Bytes payload = hash::AsBytes(entry.payload);
  proof::EntryHeader header;
  header.type = proof::kSealType;
  header.payload_size = payload.size();
  header.payload_sha256 = hash::Sha256(payload);
  header.payload_sm3 = hash::Sm3(payload);
  auto encoded = proof::EncodeHeader(header);
  DATAIP_ASSERT(encoded.ok());
  entry.header = *std::move(encoded);
  return entry;
}

}  // namespace dataip::ledger
