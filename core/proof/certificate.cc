#include "core/proof/certificate.h"

#include "core/proof/protobuf_reader.h"

namespace dataip::proof {
namespace {

// Last values of the enums of proto/dataip/registry/v1.
constexpr uint32_t kLastPartyKind = 4;
constexpr uint32_t kLastSourceCategory = 3;
constexpr uint32_t kLastUpdateFrequency = 9;
constexpr uint32_t kLastDepositCut = 2;
constexpr uint32_t kLastState = 5;
constexpr uint32_t kLastOverlayKind = 4;

// A field of 32 bytes that must be there.
Hash TakeHash(ProtobufReader& reader, uint32_t field) {
  const std::optional<Hash> hash = Hash::From(reader.ByteString(field));
  if (!hash) reader.Refuse(Flaw::kHashLength);
  return hash.value_or(Hash{});
}

// A field of 32 bytes or none.
std::optional<Hash> TakeOptionalHash(ProtobufReader& reader, uint32_t field) {
  const Bytes bytes = reader.ByteString(field);
  if (bytes.empty()) return std::nullopt;
  const std::optional<Hash> hash = Hash::From(bytes);
  if (!hash) reader.Refuse(Flaw::kHashLength);
  return hash;
}

std::string TakeText(ProtobufReader& reader, uint32_t field) {
  return std::string(reader.Text(field));
}

Parsed<Hash> DecodeCommitment(Bytes bytes) {
  ProtobufReader reader(bytes);
  const Hash digest = TakeHash(reader, 1);
  if (const Flaw flaw = reader.Finish(); flaw != Flaw::kNone) return flaw;
  return digest;
}

Parsed<CertificateHolder> DecodeHolder(Bytes bytes) {
  ProtobufReader reader(bytes);
  CertificateHolder holder;
  holder.party_number = TakeText(reader, 1);
  reader.Enum(2, kLastPartyKind);
  holder.name = TakeText(reader, 3);
  reader.Text(4);
  holder.masked_name = TakeText(reader, 5);
  if (const std::optional<Bytes> message = reader.Message(6)) {
    const Parsed<Hash> commitment = DecodeCommitment(*message);
    if (!commitment.ok()) reader.Refuse(commitment.flaw);
    holder.name_commitment = commitment.value;
  }
  reader.Uint32(7);
  if (const Flaw flaw = reader.Finish(); flaw != Flaw::kNone) return flaw;
  return holder;
}

Flaw CheckDeposit(Bytes bytes) {
  ProtobufReader reader(bytes);
  TakeHash(reader, 1);
  TakeHash(reader, 2);
  reader.Uint64(3);
  reader.Uint64(4);
  TakeHash(reader, 5);
  reader.Enum(6, kLastDepositCut);
  return reader.Finish();
}

void TakeHolders(ProtobufReader& reader, CertificateContent& content) {
  for (const Bytes message : reader.RepeatedMessage(6)) {
    Parsed<CertificateHolder> holder = DecodeHolder(message);
    if (!holder.ok()) return reader.Refuse(holder.flaw);
    content.holders.push_back(*std::move(holder));
  }
}

void CheckSources(ProtobufReader& reader) {
  for (const uint64_t source : reader.PackedUint64(11)) {
    if (source > kLastSourceCategory) reader.Refuse(Flaw::kEnumValue);
  }
}

Parsed<Overlay> DecodeOverlay(Bytes bytes) {
  ProtobufReader reader(bytes);
  Overlay overlay;
  overlay.kind = static_cast<OverlayKind>(reader.Enum(1, kLastOverlayKind));
  overlay.rank = reader.Uint32(2);
  overlay.commitment = TakeHash(reader, 3);
  if (const Flaw flaw = reader.Finish(); flaw != Flaw::kNone) return flaw;
  if (overlay.kind == OverlayKind::kUnspecified) return Flaw::kStatusRecord;
  return overlay;
}

bool IsConsistent(const StatusRecord& record) {
  const bool replaced = record.state == CertificateState::kReplaced;
  return record.state != CertificateState::kUnspecified && record.version > 0 &&
         (record.version == 1) == !record.previous_sha256 &&
         replaced == !record.replaced_by.empty();
}

}  // namespace

std::string CertificateKey(std::string_view number) {
  return "certificates/" + std::string(number);
}

Parsed<CertificateContent> DecodeCertificateContent(Bytes bytes) {
  ProtobufReader reader(bytes);
  CertificateContent content;
  content.origin = TakeText(reader, 1);
  content.number = TakeText(reader, 2);
  content.registration_number = TakeText(reader, 3);
  content.application_no = TakeText(reader, 4);
  content.name = TakeText(reader, 5);
  TakeHolders(reader, content);
  for (uint32_t field = 7; field <= 10; ++field) reader.Text(field);
  CheckSources(reader);
  reader.Uint64(12);
  reader.Uint64(13);
  reader.Enum(14, kLastUpdateFrequency);
  if (const std::optional<Bytes> deposit = reader.Message(15)) {
    if (const Flaw flaw = CheckDeposit(*deposit); flaw != Flaw::kNone) {
      reader.Refuse(flaw);
    }
  }
  content.valid_from = TakeText(reader, 16);
  content.valid_to = TakeText(reader, 17);
  content.issuing_sm2_key_id = TakeText(reader, 18);
  content.issuing_p256_key_id = TakeText(reader, 19);
  content.demonstration = reader.Bool(20);
  content.replaces = TakeText(reader, 21);
  for (const std::string_view number : reader.RepeatedText(22)) {
    content.legacy_numbers.emplace_back(number);
  }
  if (const Flaw flaw = reader.Finish(); flaw != Flaw::kNone) return flaw;
  if (content.number.empty() || content.origin.empty()) {
    return Flaw::kMissingField;
  }
  return content;
}

const char* StateName(CertificateState state) {
  constexpr const char* kNames[] = {"CERTIFICATE_STATE_UNSPECIFIED",
                                    "VALID",
                                    "EXPIRED",
                                    "CANCELLED",
                                    "REVOKED",
                                    "REPLACED"};
  return kNames[static_cast<size_t>(state)];
}

const char* OverlayName(OverlayKind kind) {
  constexpr const char* kNames[] = {"OVERLAY_KIND_UNSPECIFIED", "PLEDGE",
                                    "FREEZE", "DISPUTE", "LICENCE"};
  return kNames[static_cast<size_t>(kind)];
}

Parsed<StatusRecord> DecodeStatusRecord(Bytes bytes) {
  ProtobufReader reader(bytes);
  StatusRecord record;
  record.number = TakeText(reader, 1);
  record.origin = TakeText(reader, 2);
  record.content_sha256 = TakeHash(reader, 3);
  record.state = static_cast<CertificateState>(reader.Enum(4, kLastState));
  record.replaced_by = TakeText(reader, 5);
  for (const Bytes message : reader.RepeatedMessage(6)) {
    const Parsed<Overlay> overlay = DecodeOverlay(message);
    if (!overlay.ok()) return overlay.flaw;
    record.overlays.push_back(*overlay);
  }
  const std::optional<Bytes> decided_at = reader.Message(7);
  record.version = reader.Uint64(8);
  record.previous_sha256 = TakeOptionalHash(reader, 9);
  record.demonstration = reader.Bool(10);
  if (const Flaw flaw = reader.Finish(); flaw != Flaw::kNone) return flaw;
  if (!decided_at) return Flaw::kMissingField;
  const Parsed<int64_t> decided_at_ms = ReadTimestampMs(*decided_at);
  if (!decided_at_ms.ok()) return decided_at_ms.flaw;
  record.decided_at_ms = *decided_at_ms;
  if (!IsConsistent(record)) return Flaw::kStatusRecord;
  return record;
}

Hash OpeningCommitment(Bytes salt, Bytes value) {
  constexpr uint8_t kZero[] = {0x00};
  return hash::Sha256(
      {hash::AsBytes("dataip.opening.v1"), Bytes(kZero), salt, value});
}

std::string CertificateSigningMessage(std::string_view origin, Bytes content) {
  std::string message = "dataip.certificate.v1";
  message.push_back('\0');
  message.append(origin);
  message.push_back('\0');
  message.append(content.begin(), content.end());
  return message;
}

}  // namespace dataip::proof
