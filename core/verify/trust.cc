#include "core/verify/trust.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/hex.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/crypto/x509.h"
#include "core/proof/note.h"
#include "core/verify/json.h"

namespace dataip::verify {
namespace {

constexpr int64_t kTrustFormat = 1;
constexpr absl::string_view kNames[] = {
    "format",      "origin",         "ledger_keys",   "root_key",
    "issuing_cas", "witnesses",      "max_age_hours", "demonstration",
    "version",     "previous_sha256"};

absl::Status Wrong(absl::string_view name, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("信任文件/trust file: ", name, ": ", what));
}

absl::StatusOr<const Json*> Take(const Json& object, absl::string_view name,
                                 Json::Kind kind) {
  const Json* found = object.Find(name);
  if (found == nullptr) return Wrong(name, "缺少/missing");
  if (found->kind != kind) return Wrong(name, "类型不对/of another type");
  return found;
}

absl::StatusOr<std::string> TakeText(const Json& object,
                                     absl::string_view name) {
  ASSIGN_OR_RETURN(const Json* found, Take(object, name, Json::Kind::kText));
  return found->text;
}

absl::StatusOr<uint32_t> TakeUint32(const Json& object,
                                    absl::string_view name) {
  ASSIGN_OR_RETURN(const Json* found, Take(object, name, Json::Kind::kNumber));
  if (found->number < 0 || found->number > UINT32_MAX) {
    return Wrong(name, "数值超出范围/number out of range");
  }
  return static_cast<uint32_t>(found->number);
}

absl::StatusOr<std::vector<std::string>> TakeTexts(const Json& object,
                                                   absl::string_view name) {
  ASSIGN_OR_RETURN(const Json* found, Take(object, name, Json::Kind::kArray));
  std::vector<std::string> texts;
  for (const Json& element : found->elements) {
    if (element.kind != Json::Kind::kText) {
      return Wrong(name, "元素须为文本/an element is not text");
    }
    texts.push_back(element.text);
  }
  return texts;
}

bool IsHexHash(absl::string_view text) {
  const auto bytes = base::HexDecode(text);
  return bytes.has_value() && bytes->size() == hash::kHashBytes;
}

absl::StatusOr<std::vector<crypto::NoteVerifier>> ReadKeys(
    const std::vector<std::string>& vkeys, absl::string_view name) {
  std::vector<crypto::NoteVerifier> keys;
  std::set<std::string> seen;
  for (const std::string& vkey : vkeys) {
    auto key = crypto::NoteVerifier::FromVkey(vkey);
    if (!key.ok()) return Wrong(name, key.status().message());
    if (!seen.insert(key->key().KeyId()).second) {
      return Wrong(name, "密钥重复/a key stands twice");
    }
    keys.push_back(*std::move(key));
  }
  return keys;
}

absl::Status CheckLedgerKeys(const Trust& trust) {
  bool ed25519 = false;
  bool sm2 = false;
  for (const crypto::NoteVerifier& key : trust.ledger_keys) {
    if (key.name() != trust.origin) {
      return Wrong("ledger_keys", "名称与 origin 不同/named unlike the origin");
    }
    ed25519 |= key.note_key().type == proof::NoteKeyType::kEd25519;
    sm2 |= key.note_key().type == proof::NoteKeyType::kSm2;
    if (key.note_key().type == proof::NoteKeyType::kCosignature) {
      return Wrong("ledger_keys", "不能是见证人密钥/a witness's key");
    }
  }
  if (!ed25519 || !sm2) {
    return Wrong(
        "ledger_keys",
        "须有 Ed25519 与 SM2 各一把/needs one Ed25519 and one SM2 key");
  }
  return absl::OkStatus();
}

absl::Status CheckIssuingCas(const Trust& trust) {
  bool p256 = false;
  bool sm2 = false;
  for (const std::string& pem : trust.issuing_cas) {
    const auto certificate = crypto::ParseCertificatePem(pem);
    if (!certificate.ok()) {
      return Wrong("issuing_cas", certificate.status().message());
    }
    if (!certificate->is_ca) {
      return Wrong("issuing_cas", "不是CA证书/not an authority's certificate");
    }
    p256 |= certificate->public_key.algorithm() == crypto::Algorithm::kP256;
    sm2 |= certificate->public_key.algorithm() == crypto::Algorithm::kSm2;
  }
  if (!p256 || !sm2) {
    return Wrong(
        "issuing_cas",
        "须有 SM2 与 P-256 各一/needs one SM2 and one P-256 authority");
  }
  return absl::OkStatus();
}

absl::Status ReadWitnesses(const Json& object, Trust& trust) {
  ASSIGN_OR_RETURN(const Json* witnesses,
                   Take(object, "witnesses", Json::Kind::kObject));
  for (const std::string& name : witnesses->names) {
    if (name != "keys" && name != "quorum") {
      return Wrong(absl::StrCat("witnesses.", name), "未知的名称/unknown name");
    }
  }
  ASSIGN_OR_RETURN(const auto vkeys, TakeTexts(*witnesses, "keys"));
  ASSIGN_OR_RETURN(trust.witness_keys, ReadKeys(vkeys, "witnesses.keys"));
  for (const crypto::NoteVerifier& key : trust.witness_keys) {
    if (key.note_key().type != proof::NoteKeyType::kCosignature) {
      return Wrong("witnesses.keys", "不是见证人密钥/not a witness's key");
    }
  }
  ASSIGN_OR_RETURN(trust.witness_quorum, TakeUint32(*witnesses, "quorum"));
  if (trust.witness_quorum > trust.witness_keys.size()) {
    return Wrong("witnesses.quorum", "大于密钥数/more than there are keys");
  }
  return absl::OkStatus();
}

absl::Status ReadVersion(const Json& object, Trust& trust) {
  ASSIGN_OR_RETURN(trust.version, TakeUint32(object, "version"));
  ASSIGN_OR_RETURN(trust.previous_sha256, TakeText(object, "previous_sha256"));
  if (trust.version == 0) return Wrong("version", "从 1 起/counts from 1");
  const bool first = trust.version == 1;
  if (first != trust.previous_sha256.empty() ||
      (!first && !IsHexHash(trust.previous_sha256))) {
    return Wrong("previous_sha256",
                 "版本 1 为空，其后为十六进制/empty at version 1, else hex");
  }
  return absl::OkStatus();
}

// `format` comes first, so that a reader of any age can tell.
absl::Status CheckFormat(const Json& object) {
  if (object.kind != Json::Kind::kObject || object.names.empty() ||
      object.names[0] != "format" ||
      object.elements[0].kind != Json::Kind::kNumber) {
    return Wrong("format",
                 "必须是第一个名称且为数字/must come first, a number");
  }
  const int64_t format = object.elements[0].number;
  if (format > kTrustFormat) {
    return absl::UnimplementedError(absl::StrCat(
        "信任文件/trust file: format ", format,
        ": 本程序只认识 1，请更新/this program knows 1; update it"));
  }
  return format == kTrustFormat ? absl::OkStatus()
                                : Wrong("format", "不是 1/not 1");
}

std::string QuoteAll(const std::vector<std::string>& texts) {
  return absl::StrCat("[",
                      absl::StrJoin(texts, ", ",
                                    [](std::string* out, const auto& text) {
                                      out->append(QuoteJson(text));
                                    }),
                      "]");
}

}  // namespace

absl::StatusOr<Trust> ParseTrust(absl::string_view json) {
  ASSIGN_OR_RETURN(const Json object, ParseJson(json));
  RETURN_IF_ERROR(CheckFormat(object));
  for (const std::string& name : object.names) {
    if (std::find(std::begin(kNames), std::end(kNames), name) ==
        std::end(kNames)) {
      return Wrong(name, "未知的名称/unknown name");
    }
  }
  Trust trust;
  trust.sha256 = hash::Sha256(
      Bytes(reinterpret_cast<const uint8_t*>(json.data()), json.size()));
  ASSIGN_OR_RETURN(trust.origin, TakeText(object, "origin"));
  if (proof::CheckOrigin(trust.origin) != proof::Flaw::kNone) {
    return Wrong("origin", "不是合格的 origin/not an origin");
  }
  ASSIGN_OR_RETURN(const auto vkeys, TakeTexts(object, "ledger_keys"));
  ASSIGN_OR_RETURN(trust.ledger_keys, ReadKeys(vkeys, "ledger_keys"));
  RETURN_IF_ERROR(CheckLedgerKeys(trust));
  ASSIGN_OR_RETURN(trust.root_key, TakeText(object, "root_key"));
  if (!IsHexHash(trust.root_key)) {
    return Wrong("root_key", "不是 key_id/not a key_id");
  }
  ASSIGN_OR_RETURN(trust.issuing_cas, TakeTexts(object, "issuing_cas"));
  RETURN_IF_ERROR(CheckIssuingCas(trust));
  RETURN_IF_ERROR(ReadWitnesses(object, trust));
  ASSIGN_OR_RETURN(trust.max_age_hours, TakeUint32(object, "max_age_hours"));
  ASSIGN_OR_RETURN(const Json* demonstration,
                   Take(object, "demonstration", Json::Kind::kBool));
  trust.demonstration = demonstration->boolean;
  RETURN_IF_ERROR(ReadVersion(object, trust));
  return trust;
}

std::string FormatTrust(const TrustText& trust) {
  return absl::StrCat(
      "{\n  \"format\": 1,\n  \"origin\": ", QuoteJson(trust.origin),
      ",\n  \"ledger_keys\": ", QuoteAll(trust.ledger_keys),
      ",\n  \"root_key\": ", QuoteJson(trust.root_key),
      ",\n  \"issuing_cas\": ", QuoteAll(trust.issuing_cas),
      ",\n  \"witnesses\": {\"keys\": ", QuoteAll(trust.witness_keys),
      ", \"quorum\": ", trust.witness_quorum,
      "},\n  \"max_age_hours\": ", trust.max_age_hours,
      ",\n  \"demonstration\": ", trust.demonstration ? "true" : "false",
      ",\n  \"version\": ", trust.version,
      ",\n  \"previous_sha256\": ", QuoteJson(trust.previous_sha256), "\n}\n");
}

}  // namespace dataip::verify
