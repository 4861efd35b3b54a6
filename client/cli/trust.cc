// `dataip trust`: the file that says whom to believe (formats.md 11).
#include "core/verify/trust.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/commands.h"
#include "client/cli/input_files.h"
#include "client/pki/key_file.h"
#include "core/base/hex.h"
#include "core/base/status_macros.h"
#include "core/crypto/x509.h"
#include "core/proof/note.h"
#include "core/registry/state/signing.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

// A vkey as it is, or made of a key file.
absl::StatusOr<std::string> VkeyOf(const std::string& given,
                                   const std::string& origin) {
  if (absl::StrContains(given, '+')) return given;
  ASSIGN_OR_RETURN(const crypto::PublicKey key,
                   AsUsage(ReadPublicKeyFile(given)));
  if (key.algorithm() == crypto::Algorithm::kP256) {
    return absl::InvalidArgumentError(absl::StrCat(
        given,
        ": 账本密钥应为 ed25519 或 sm2 (a ledger key is one of the two)"));
  }
  const auto type = key.algorithm() == crypto::Algorithm::kSm2
                        ? proof::NoteKeyType::kSm2
                        : proof::NoteKeyType::kEd25519;
  const auto note_key = proof::MakeNoteKey(origin, type, key.raw());
  if (!note_key.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--origin: ", proof::Describe(note_key.flaw)));
  }
  return proof::FormatVkey(*note_key);
}

// A key id as it is, or that of a key file.
absl::StatusOr<std::string> KeyIdFrom(const std::string& given) {
  constexpr size_t kKeyIdCharacters = 64;
  if (given.size() == kKeyIdCharacters && base::HexDecode(given).has_value()) {
    return given;
  }
  ASSIGN_OR_RETURN(const crypto::PublicKey key,
                   AsUsage(ReadPublicKeyFile(given)));
  return key.KeyId();
}

absl::StatusOr<verify::TrustText> TrustFromFlags(const Invocation& invocation) {
  verify::TrustText trust;
  trust.origin = invocation.Text("--origin");
  for (const std::string& given : invocation.List("--ledger-key")) {
    ASSIGN_OR_RETURN(std::string vkey, VkeyOf(given, trust.origin));
    trust.ledger_keys.push_back(std::move(vkey));
  }
  ASSIGN_OR_RETURN(trust.root_key, KeyIdFrom(invocation.Text("--root-key")));
  for (const std::string& path : invocation.List("--issuing-ca")) {
    ASSIGN_OR_RETURN(const std::string pem, AsUsage(ReadPemFile(path)));
    ASSIGN_OR_RETURN(const crypto::Certificate certificate,
                     crypto::ParseCertificatePem(pem));
    trust.issuing_cas.push_back(
        crypto::CertificatePem(hash::AsBytes(certificate.der)));
  }
  trust.witness_keys = invocation.List("--witness");
  ASSIGN_OR_RETURN(const uint64_t quorum, invocation.Number("--quorum"));
  trust.witness_quorum = static_cast<uint32_t>(quorum);
  ASSIGN_OR_RETURN(const uint64_t hours, invocation.Number("--max-age-hours"));
  trust.max_age_hours = static_cast<uint32_t>(hours);
  trust.demonstration = invocation.Switch("--demonstration");
  return trust;
}

absl::StatusOr<int> RunMake(Invocation& invocation) {
  ASSIGN_OR_RETURN(verify::TrustText trust, TrustFromFlags(invocation));
  const std::string before = invocation.Text("--previous");
  if (!before.empty()) {
    ASSIGN_OR_RETURN(const std::string text,
                     ReadInputFile(before, kSmallFileBytes));
    ASSIGN_OR_RETURN(const verify::Trust previous, verify::ParseTrust(text));
    trust.version = previous.version + 1;
    trust.previous_sha256 = base::HexEncode(previous.sha256.span());
  }
  const std::string text = verify::FormatTrust(trust);
  RETURN_IF_ERROR(verify::ParseTrust(text).status());
  const std::string out = invocation.Text("--out");
  if (out.empty()) {
    invocation.Print(text);
    return kExitOk;
  }
  RETURN_IF_ERROR(WriteNewFile(out, text, Access::kEveryone));
  invocation.Say(absl::StrCat("已写入 (written): ", out));
  return kExitOk;
}

// Whether the registry that answers is the one that the file means.
absl::Status Compare(Invocation& invocation, const verify::Trust& trust) {
  ASSIGN_OR_RETURN(const auto* const info, invocation.RegistryInfo());
  std::string differs;
  if (info->origin() != trust.origin) differs = "origin";
  if (!info->opened()) differs = "opened";
  if (info->opened() &&
      registry::KeyIdOfMessage(info->registry().root_key()) != trust.root_key) {
    differs = "root_key";
  }
  if (info->registry().demonstration() && !trust.demonstration) {
    differs = "demonstration";
  }
  if (differs.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("登记系统与信任文件不符 (the registry that answers is not "
                   "the one of the trust file): ",
                   differs));
}

absl::StatusOr<int> RunShow(Invocation& invocation) {
  ASSIGN_OR_RETURN(const verify::Trust* const trust, invocation.Trust());
  if (invocation.Switch("--compare")) {
    RETURN_IF_ERROR(Compare(invocation, *trust));
  }
  if (invocation.json()) {
    ASSIGN_OR_RETURN(
        const std::string text,
        ReadInputFile(invocation.settings().Text("--trust"), kSmallFileBytes));
    invocation.Print(text);
    return kExitOk;
  }
  std::vector<std::string> ledger_keys;
  for (const auto& key : trust->ledger_keys) {
    ledger_keys.push_back(proof::FormatVkey(key.note_key()));
  }
  std::vector<std::string> authorities;
  for (const std::string& pem : trust->issuing_cas) {
    ASSIGN_OR_RETURN(const crypto::Certificate certificate,
                     crypto::ParseCertificatePem(pem));
    authorities.push_back(absl::StrCat(
        crypto::AlgorithmName(certificate.public_key.algorithm()), " ",
        certificate.subject, " ", certificate.public_key.KeyId()));
  }
  invocation.Print(
      FormatRecord({{"账本", trust->origin},
                    {"账本密钥", absl::StrJoin(ledger_keys, "\n")},
                    {"根密钥", trust->root_key},
                    {"发证机构", absl::StrJoin(authorities, "\n")},
                    {"见证人", absl::StrCat(trust->witness_quorum, " / ",
                                            trust->witness_keys.size())},
                    {"状态有效期", absl::StrCat(trust->max_age_hours, " 小时")},
                    {"接受演示", trust->demonstration ? "是" : "否"},
                    {"版本", absl::StrCat(trust->version)},
                    {"SHA-256", base::HexEncode(trust->sha256.span())}}));
  return kExitOk;
}

CommandSpec MakeSpec() {
  return {
      .group = "trust",
      .name = "make",
      .summary = "制作信任文件 Writes a trust file from keys, offline",
      .flags = {{.name = "--origin",
                 .value = "TEXT",
                 .help = "origin of the ledger",
                 .required = true},
                {.name = "--ledger-key",
                 .value = "FILE|VKEY",
                 .help = "the Ed25519 and the SM2 key of the ledger",
                 .required = true,
                 .repeatable = true},
                {.name = "--root-key",
                 .value = "FILE|KEY_ID",
                 .help = "the bureau's root key",
                 .required = true},
                {.name = "--issuing-ca",
                 .value = "FILE",
                 .help = "the SM2 and the P-256 authority",
                 .required = true,
                 .repeatable = true},
                {.name = "--witness",
                 .value = "VKEY",
                 .help = "a witness",
                 .repeatable = true},
                {.name = "--quorum",
                 .value = "N",
                 .help = "how many witnesses must have signed",
                 .default_value = "0"},
                {.name = "--max-age-hours",
                 .value = "N",
                 .help = "how old a status may be",
                 .default_value = "168"},
                {.name = "--demonstration", .help = "accepts demonstrations"},
                {.name = "--previous",
                 .value = "FILE",
                 .help = "the trust file that this one follows"},
                {.name = "--out",
                 .value = "FILE",
                 .help = "new file, else standard output"}},
      .examples = {"dataip trust make --origin example.cn/dataip --ledger-key "
                   "ledger-ed25519.pub --ledger-key ledger-sm2.pub --root-key "
                   "root.pub --issuing-ca ca-sm2.pem --issuing-ca ca-p256.pem "
                   "--out trust.json"},
      .run = RunMake};
}

}  // namespace

std::vector<CommandSpec> TrustCommands() {
  return {{.group = "trust",
           .name = "show",
           .summary = "查看信任文件 Shows a trust file with its key ids",
           .flags = {{.name = "--compare",
                      .help = "also asks the registry whether it is this one"}},
           .examples = {"dataip trust show --trust trust.json"},
           .run = RunShow},
          MakeSpec()};
}

}  // namespace dataip::client
