#include "core/proof/seal.h"

#include "core/proof/byte_reader.h"

namespace dataip::proof {

std::string EncodeSeal(const Seal& seal) {
  std::string payload;
  AppendHash(payload, seal.map_root);
  AppendHash(payload, seal.chain_head);
  return payload;
}

Parsed<Seal> DecodeSeal(Bytes payload) {
  if (payload.size() != kSealPayloadBytes) return Flaw::kSealLength;
  ByteReader reader(payload);
  Seal seal;
  seal.map_root = reader.TakeHash();
  seal.chain_head = reader.TakeHash();
  return seal;
}

Parsed<Seal> CheckSeal(const EntryHeader& header, Bytes payload) {
  if (header.type != kSealType) return Flaw::kSealType;
  if (!header.stream.empty()) return Flaw::kSealStream;
  if (!header.updates.empty()) return Flaw::kSealUpdates;
  Parsed<Seal> seal = DecodeSeal(payload);
  if (!seal.ok()) return seal;
  if (!PayloadMatches(header, payload)) return Flaw::kPayloadDigest;
  if (seal->chain_head != header.prev) return Flaw::kSealChainHead;
  return seal;
}

}  // namespace dataip::proof
