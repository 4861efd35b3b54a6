// The registry's messages that a bundle carries, read by hand and strictly
// (formats.md 7 and 9; proto/dataip/registry/v1/certificate.proto): only what
// the steps of formats.md 8 need is kept, everything is checked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/hash/hash.h"
#include "core/proof/flaw.h"

namespace dataip::proof {

using hash::Hash;

// The map key of a certificate: "certificates/<number>".
std::string CertificateKey(std::string_view number);

struct CertificateHolder {
  std::string party_number;
  std::string name;         // of an organisation
  std::string masked_name;  // of a natural person
  std::optional<Hash> name_commitment;
};

struct CertificateContent {
  std::string origin;
  std::string number;
  std::string registration_number;
  std::string application_no;
  std::string name;
  std::vector<CertificateHolder> holders;
  std::string valid_from;  // YYYY-MM-DD, Asia/Shanghai
  std::string valid_to;
  std::string issuing_sm2_key_id;
  std::string issuing_p256_key_id;
  bool demonstration = false;
  std::string replaces;                     // certificate number
  std::vector<std::string> legacy_numbers;  // in older systems
};

Parsed<CertificateContent> DecodeCertificateContent(Bytes bytes);

// The numbers are those of dataip.registry.v1.CertificateState.
enum class CertificateState : uint8_t {
  kUnspecified = 0,
  kValid = 1,
  kExpired = 2,
  kCancelled = 3,
  kRevoked = 4,
  kReplaced = 5,
};

// "VALID", "EXPIRED", ...: the names of the proto.
const char* StateName(CertificateState state);

// The numbers are those of dataip.registry.v1.OverlayKind.
enum class OverlayKind : uint8_t {
  kUnspecified = 0,
  kPledge = 1,
  kFreeze = 2,
  kDispute = 3,
  kLicence = 4,
};

// "PLEDGE", "FREEZE", ...: the names of the proto.
const char* OverlayName(OverlayKind kind);

struct Overlay {
  OverlayKind kind = OverlayKind::kUnspecified;
  uint32_t rank = 0;
  Hash commitment;
};

struct StatusRecord {
  std::string number;
  std::string origin;
  Hash content_sha256;
  CertificateState state = CertificateState::kUnspecified;
  std::string replaced_by;
  std::vector<Overlay> overlays;
  int64_t decided_at_ms = 0;
  uint64_t version = 0;
  std::optional<Hash> previous_sha256;  // absent at version 1
  bool demonstration = false;
};

// Refuses also what no registry writes: no state, version 0, a previous record
// at version 1 or none later, a successor without REPLACED or none with it.
Parsed<StatusRecord> DecodeStatusRecord(Bytes bytes);

// SHA-256("dataip.opening.v1" || 0x00 || salt || value) (formats.md 1).
Hash OpeningCommitment(Bytes salt, Bytes value);

// What an issuing key signs (formats.md 7):
// "dataip.certificate.v1" || 0x00 || origin || 0x00 || content.
std::string CertificateSigningMessage(std::string_view origin, Bytes content);

}  // namespace dataip::proof
