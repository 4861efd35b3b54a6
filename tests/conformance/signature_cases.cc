// Kinds "opening", "command" and "certificate".
#include "absl/strings/str_cat.h"
#include "core/base/hex.h"
#include "core/base/status_macros.h"
#include "core/crypto/command_signature.h"
#include "core/crypto/key.h"
#include "core/crypto/verify.h"
#include "core/proof/certificate.h"
#include "core/proof/map.h"
#include "tests/conformance/cases.h"

namespace dataip::conformance {
namespace {

struct Key {
  crypto::Algorithm algorithm;
  std::string raw;
};

absl::StatusOr<Key> ReadKey(const Json& json) {
  ASSIGN_OR_RETURN(const std::string name, json.Text("algorithm"));
  ASSIGN_OR_RETURN(const crypto::Algorithm algorithm,
                   crypto::ParseAlgorithm(name));
  ASSIGN_OR_RETURN(const std::string raw, json.Hex("public_key"));
  return Key{algorithm, raw};
}

// `public_key`, its `key_id`, and whether `signature` of `message` is `valid`.
absl::Status RunSignature(const Json& json, const std::string& message,
                          Tally& tally) {
  ASSIGN_OR_RETURN(const Key given, ReadKey(json));
  ASSIGN_OR_RETURN(const std::string key_id, json.Text("key_id"));
  ASSIGN_OR_RETURN(const std::string signature, json.Hex("signature"));
  ASSIGN_OR_RETURN(const bool valid, json.Bool("valid"));
  const auto key =
      crypto::PublicKey::FromRaw(given.algorithm, hash::AsBytes(given.raw));
  RETURN_IF_ERROR(tally.Same("public key", "OK", key.status().ToString()));
  RETURN_IF_ERROR(tally.Same("key_id", key_id, key->KeyId()));
  const bool verifies =
      crypto::Verify(*key, hash::AsBytes(message), hash::AsBytes(signature));
  return tally.Same("signature", valid ? "verifies" : "is refused",
                    verifies ? "verifies" : "is refused");
}

absl::Status RunOneCommand(const Json& json, Tally& tally) {
  ASSIGN_OR_RETURN(const std::string origin, json.Text("origin"));
  ASSIGN_OR_RETURN(const std::string key_id, json.Text("key_id"));
  ASSIGN_OR_RETURN(const std::string command, json.Hex("command"));
  ASSIGN_OR_RETURN(const std::string expected, json.Hex("message"));
  const std::string message =
      crypto::CommandMessage({origin, key_id, hash::AsBytes(command)});
  RETURN_IF_ERROR(tally.SameBytes("message", expected, message));
  return RunSignature(json, message, tally);
}

absl::Status RunRefusedKey(const Json& json, Tally& tally) {
  ASSIGN_OR_RETURN(const Key key, ReadKey(json));
  return tally.Holds(
      "refused",
      !crypto::PublicKey::FromRaw(key.algorithm, hash::AsBytes(key.raw)).ok());
}

absl::Status RunContent(const Json& json, const std::string& bytes,
                        Tally& tally) {
  const auto content = proof::DecodeCertificateContent(hash::AsBytes(bytes));
  RETURN_IF_ERROR(tally.Same("content", proof::Describe(proof::Flaw::kNone),
                             proof::Describe(content.flaw)));
  struct Member {
    const char* name;
    const std::string& got;
  };
  const Member members[] = {
      {"number", content->number},
      {"registration_number", content->registration_number},
      {"application_no", content->application_no},
      {"name", content->name},
      {"valid_from", content->valid_from},
      {"valid_to", content->valid_to},
      {"replaces", content->replaces}};
  for (const Member& member : members) {
    ASSIGN_OR_RETURN(const std::string expected, json.Text(member.name));
    RETURN_IF_ERROR(tally.Same(member.name, expected, member.got));
  }
  ASSIGN_OR_RETURN(const std::vector<Json> numbers,
                   json.List("legacy_numbers"));
  RETURN_IF_ERROR(tally.SameNumber("legacy numbers", numbers.size(),
                                   content->legacy_numbers.size()));
  for (size_t i = 0; i < numbers.size(); ++i) {
    ASSIGN_OR_RETURN(const std::string expected, numbers[i].AsText());
    RETURN_IF_ERROR(
        tally.Same("legacy number", expected, content->legacy_numbers[i]));
  }
  ASSIGN_OR_RETURN(const uint64_t holders, json.Number("holders"));
  RETURN_IF_ERROR(
      tally.SameNumber("holders", holders, content->holders.size()));
  ASSIGN_OR_RETURN(const bool demonstration, json.Bool("demonstration"));
  RETURN_IF_ERROR(
      tally.Holds("demonstration", demonstration == content->demonstration));
  ASSIGN_OR_RETURN(const hash::Hash key_hash, json.Hash("map_key_hash"));
  return tally.SameHash(
      "map key", key_hash,
      proof::MapKeyHash(proof::CertificateKey(content->number)));
}

absl::Status RunOneCertificate(const Json& json, Tally& tally) {
  ASSIGN_OR_RETURN(const std::string origin, json.Text("origin"));
  ASSIGN_OR_RETURN(const std::string bytes, json.Hex("content"));
  const Bytes content = hash::AsBytes(bytes);
  RETURN_IF_ERROR(RunContent(json, bytes, tally));
  ASSIGN_OR_RETURN(const hash::Hash digest, json.Hash("content_sha256"));
  RETURN_IF_ERROR(
      tally.SameHash("content_sha256", digest, hash::Sha256(content)));
  ASSIGN_OR_RETURN(const std::string message, json.Hex("message"));
  RETURN_IF_ERROR(tally.SameBytes("message", message,
                                  crypto::CertificateMessage(origin, content)));
  RETURN_IF_ERROR(
      tally.SameBytes("message without OpenSSL", message,
                      proof::CertificateSigningMessage(origin, content)));
  ASSIGN_OR_RETURN(const std::vector<Json> signatures, json.List("signatures"));
  for (const Json& signature : signatures) {
    RETURN_IF_ERROR(RunSignature(signature, message, tally));
  }
  return absl::OkStatus();
}

absl::Status RunStatusRecord(const Json& json, Tally& tally) {
  ASSIGN_OR_RETURN(const std::string bytes, json.Hex("record"));
  ASSIGN_OR_RETURN(const hash::Hash digest, json.Hash("sha256"));
  RETURN_IF_ERROR(
      tally.SameHash("sha256", digest, hash::Sha256(hash::AsBytes(bytes))));
  const auto record = proof::DecodeStatusRecord(hash::AsBytes(bytes));
  RETURN_IF_ERROR(tally.Same("record", proof::Describe(proof::Flaw::kNone),
                             proof::Describe(record.flaw)));
  ASSIGN_OR_RETURN(const std::string number, json.Text("number"));
  RETURN_IF_ERROR(tally.Same("number", number, record->number));
  ASSIGN_OR_RETURN(const std::string successor, json.Text("replaced_by"));
  RETURN_IF_ERROR(tally.Same("replaced_by", successor, record->replaced_by));
  struct Member {
    const char* name;
    uint64_t got;
  };
  const Member members[] = {
      {"state", static_cast<uint64_t>(record->state)},
      {"version", record->version},
      {"decided_at_ms", static_cast<uint64_t>(record->decided_at_ms)},
      {"overlays", record->overlays.size()}};
  for (const Member& member : members) {
    ASSIGN_OR_RETURN(const uint64_t expected, json.Number(member.name));
    RETURN_IF_ERROR(tally.SameNumber(member.name, expected, member.got));
  }
  ASSIGN_OR_RETURN(const bool demonstration, json.Bool("demonstration"));
  return tally.Holds("demonstration", demonstration == record->demonstration);
}

// Runs every element of a list; each has a `why`.
absl::Status RunEach(const Json& file, const std::string& member, Tally& tally,
                     absl::Status (*run)(const Json&, Tally&)) {
  ASSIGN_OR_RETURN(const std::vector<Json> list, file.List(member));
  for (size_t i = 0; i < list.size(); ++i) {
    ASSIGN_OR_RETURN(const std::string why, list[i].Text("why"));
    tally.Case(absl::StrCat(member, "[", i, "] (", why, ")"));
    RETURN_IF_ERROR(run(list[i], tally));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status RunOpening(const Json& file, Tally& tally) {
  ASSIGN_OR_RETURN(const std::vector<Json> cases, file.List("cases"));
  for (size_t i = 0; i < cases.size(); ++i) {
    tally.Case(absl::StrCat("cases[", i, "]"));
    ASSIGN_OR_RETURN(const std::string salt, cases[i].Hex("salt"));
    ASSIGN_OR_RETURN(const std::string value, cases[i].Hex("value"));
    ASSIGN_OR_RETURN(const hash::Hash expected, cases[i].Hash("commitment"));
    RETURN_IF_ERROR(tally.SameHash(
        "commitment", expected,
        crypto::OpeningCommitment(hash::AsBytes(salt), hash::AsBytes(value))));
    RETURN_IF_ERROR(tally.SameHash(
        "commitment without OpenSSL", expected,
        proof::OpeningCommitment(hash::AsBytes(salt), hash::AsBytes(value))));
  }
  return absl::OkStatus();
}

absl::Status RunCommand(const Json& file, Tally& tally) {
  RETURN_IF_ERROR(RunEach(file, "cases", tally, RunOneCommand));
  return RunEach(file, "refused_keys", tally, RunRefusedKey);
}

absl::Status RunCertificate(const Json& file, Tally& tally) {
  RETURN_IF_ERROR(RunEach(file, "cases", tally, RunOneCertificate));
  return RunEach(file, "status_records", tally, RunStatusRecord);
}

}  // namespace dataip::conformance
