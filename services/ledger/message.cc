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

// What an entry occupies beside its payload, roughly.
constexpr size_t kEntryOverheadBytes = 256;

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

// The rules of formats.md 1, by the code that encodes headers.
absl::Status CheckEntry(const PreparedEntry& entry, const std::string& path) {
  if (entry.type.rfind(proof::kLedgerTypePrefix, 0) == 0) {
    return Wrong(path + ".type",
                 "types of the ledger itself cannot be appended",
                 "dataip.ledger. 开头的类型只能由账本自己写入");
  }
  proof::EntryHeader header;
  header.type = entry.type;
  header.stream = entry.stream;
  header.payload_size = entry.payload.size();
  header.updates = entry.updates;
  const proof::Flaw flaw = proof::CheckHeader(header);
  if (flaw != proof::Flaw::kNone) {
    return Wrong(path + FieldOf(flaw), proof::Describe(flaw),
                 proof::DescribeChinese(flaw));
  }
  return CheckUpdates(entry.updates, path);
}

absl::StatusOr<PreparedEntry> Take(v1::NewEntry& from,
                                   const std::string& path) {
  PreparedEntry entry;
  entry.type = std::move(*from.mutable_type());
  entry.stream = std::move(*from.mutable_stream());
  entry.payload = std::move(*from.mutable_payload());
  entry.updates.reserve(from.updates_size());
  for (v1::MapUpdate& update : *from.mutable_updates()) {
    const auto value = Hash::From(hash::AsBytes(update.value_sha256()));
    if (!value.has_value()) {
      return Wrong(absl::StrCat(path, ".updates[", entry.updates.size(),
                                "].value_sha256"),
                   "must be 32 bytes", "须为 32 字节");
    }
    entry.updates.push_back({std::move(*update.mutable_key()), *value});
  }
  RETURN_IF_ERROR(CheckEntry(entry, path));
  entry.payload_sha256 = hash::Sha256(hash::AsBytes(entry.payload));
  entry.payload_sm3 = hash::Sm3(hash::AsBytes(entry.payload));
  return entry;
}

std::array<uint8_t, 8> BytesOf(uint64_t number) {
  std::array<uint8_t, 8> bytes;
  for (size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<uint8_t>(number >> (8 * i));
  }
  return bytes;
}

// Every variable part stands behind its length, so that no two messages have
// the same bytes.
Hash DigestOf(const PreparedMessage& message) {
  hash::Sha256Stream stream;
  const auto number = [&](uint64_t value) { stream.Update(BytesOf(value)); };
  const auto text = [&](const std::string& value) {
    number(value.size());
    stream.Update(hash::AsBytes(value));
  };
  number(static_cast<uint64_t>(message.not_before_ms));
  number(static_cast<uint64_t>(message.not_after_ms));
  for (const PreparedEntry& entry : message.entries) {
    text(entry.type);
    text(entry.stream);
    number(entry.payload.size());
    stream.Update(entry.payload_sha256.span());
    number(entry.updates.size());
    for (const proof::Update& update : entry.updates) {
      text(update.key);
      stream.Update(update.value.span());
    }
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
  message.entries.reserve(count);
  for (v1::NewEntry& entry : *request.mutable_entries()) {
    const std::string path =
        absl::StrCat("entries[", message.entries.size(), "]");
    ASSIGN_OR_RETURN(PreparedEntry prepared, Take(entry, path));
    message.bytes += prepared.payload.size() + kEntryOverheadBytes;
    message.entries.push_back(std::move(prepared));
  }
  message.digest = DigestOf(message);
  return message;
}

}  // namespace dataip::ledger
