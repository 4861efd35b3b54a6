// DecodeBundle of bundle.h: bytes to fields, before any step.
#include "core/base/limits.h"
#include "core/proof/bundle.h"
#include "core/proof/protobuf_reader.h"

namespace dataip::proof {
namespace {

constexpr size_t kSaltBytes = 32;

std::string ToText(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

// A byte string that must be there.
std::string TakeBytes(ProtobufReader& reader, uint32_t field) {
  const Bytes bytes = reader.ByteString(field);
  if (bytes.empty()) reader.Refuse(Flaw::kMissingField);
  return ToText(bytes);
}

std::vector<Hash> TakeHashes(ProtobufReader& reader, uint32_t field,
                             size_t limit) {
  const std::vector<Bytes> elements = reader.RepeatedBytes(field);
  if (elements.size() > limit) reader.Refuse(Flaw::kTooLong);
  if (!reader.ok()) return {};
  std::vector<Hash> hashes;
  hashes.reserve(elements.size());
  for (const Bytes element : elements) {
    const std::optional<Hash> hash = Hash::From(element);
    if (!hash) reader.Refuse(Flaw::kHashLength);
    hashes.push_back(hash.value_or(Hash{}));
  }
  return hashes;
}

ContentSignature TakeContentSignature(ProtobufReader& reader, uint32_t field) {
  ContentSignature signature;
  const std::optional<Bytes> message = reader.Message(field);
  if (!message) {
    reader.Refuse(Flaw::kMissingField);
    return signature;
  }
  ProtobufReader inner(*message);
  signature.signature = TakeBytes(inner, 1);
  for (const Bytes certificate : inner.RepeatedBytes(2)) {
    if (certificate.size() > limits::kCertificateDerBytes) {
      inner.Refuse(Flaw::kTooLong);
    }
    signature.chain.push_back(ToText(certificate));
  }
  if (signature.chain.empty()) inner.Refuse(Flaw::kMissingField);
  if (signature.chain.size() > limits::kCertificatesPerChain) {
    inner.Refuse(Flaw::kTooLong);
  }
  if (const Flaw flaw = inner.Finish(); flaw != Flaw::kNone) {
    reader.Refuse(flaw);
  }
  return signature;
}

std::vector<std::string> TakeStatusRecords(ProtobufReader& reader,
                                           uint32_t field) {
  std::vector<std::string> records;
  for (const Bytes record : reader.RepeatedBytes(field)) {
    records.push_back(ToText(record));
  }
  if (records.empty()) reader.Refuse(Flaw::kMissingField);
  return records;
}

std::vector<Hash> TakeMapSiblings(ProtobufReader& reader, uint32_t field) {
  const std::optional<Bytes> message = reader.Message(field);
  if (!message) {
    reader.Refuse(Flaw::kMissingField);
    return {};
  }
  ProtobufReader inner(*message);
  std::vector<Hash> siblings = TakeHashes(inner, 1, limits::kMapProofHashes);
  if (const Flaw flaw = inner.Finish(); flaw != Flaw::kNone) {
    reader.Refuse(flaw);
  }
  return siblings;
}

std::vector<NameOpening> TakeNameOpenings(ProtobufReader& reader,
                                          uint32_t field) {
  std::vector<NameOpening> openings;
  for (const Bytes message : reader.RepeatedMessage(field)) {
    ProtobufReader inner(message);
    NameOpening opening;
    opening.holder = inner.Uint32(1);
    opening.salt = TakeBytes(inner, 2);
    opening.name = std::string(inner.Text(3));
    if (opening.salt.size() != kSaltBytes) inner.Refuse(Flaw::kHashLength);
    if (const Flaw flaw = inner.Finish(); flaw != Flaw::kNone) {
      reader.Refuse(flaw);
    }
    openings.push_back(std::move(opening));
  }
  return openings;
}

}  // namespace

Parsed<Bundle> DecodeBundle(Bytes bytes) {
  if (bytes.size() > limits::kBundleBytes) return Flaw::kTooLong;
  ProtobufReader reader(bytes);
  // A higher format may hold anything behind its number.
  const uint64_t format = reader.Uint32(1);
  if (format > limits::kBundleFormat) return Flaw::kFormat;
  if (format == 0) reader.Refuse(Flaw::kMissingField);
  Bundle bundle;
  bundle.origin = std::string(reader.Text(2));
  bundle.checkpoint = TakeBytes(reader, 3);
  bundle.issue_header = TakeBytes(reader, 4);
  bundle.issue_path = TakeHashes(reader, 5, limits::kTreePathHashes);
  bundle.content = TakeBytes(reader, 6);
  bundle.sm2 = TakeContentSignature(reader, 7);
  bundle.p256 = TakeContentSignature(reader, 8);
  bundle.status_records = TakeStatusRecords(reader, 9);
  bundle.seal_header = TakeBytes(reader, 10);
  bundle.seal_payload = TakeBytes(reader, 11);
  bundle.seal_path = TakeHashes(reader, 12, limits::kTreePathHashes);
  bundle.map_siblings = TakeMapSiblings(reader, 13);
  bundle.name_openings = TakeNameOpenings(reader, 14);
  if (const Flaw flaw = reader.Finish(); flaw != Flaw::kNone) return flaw;
  return bundle;
}

}  // namespace dataip::proof
