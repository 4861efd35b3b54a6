// `dataip keys`: keys, authorities and certificates; and `keys enrol`.
#include <chrono>
#include <optional>

#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/input_files.h"
#include "client/cli/labels.h"
#include "client/command.h"
#include "client/pki/authority.h"
#include "client/pki/key_file.h"
#include "core/base/status_macros.h"
#include "core/crypto/cosigner.h"
#include "core/proof/note.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

constexpr int64_t kDay_s = 86'400;
// Certificates begin a little earlier, for machines whose clocks are behind.
constexpr int64_t kBackdated_s = 300;

void PrintKey(Invocation& invocation, const crypto::PublicKey& key,
              const Record& more) {
  Record record = {
      {"algorithm", std::string(crypto::AlgorithmName(key.algorithm()))},
      {"key_id", key.KeyId()},
      {"public_key", HexOf(key.raw_string())}};
  record.insert(record.end(), more.begin(), more.end());
  if (!invocation.json()) {
    invocation.Print(FormatRecord(record));
    return;
  }
  std::string json = "{";
  for (size_t i = 0; i < record.size(); ++i) {
    absl::StrAppend(&json, i == 0 ? "" : ",", JsonString(record[i].first), ":",
                    JsonString(record[i].second));
  }
  invocation.Print(json + "}\n");
}

absl::StatusOr<int> RunNew(Invocation& invocation) {
  ASSIGN_OR_RETURN(const crypto::Algorithm algorithm,
                   crypto::ParseAlgorithm(invocation.Text("--algorithm")));
  ASSIGN_OR_RETURN(const crypto::PrivateKey key,
                   crypto::PrivateKey::Generate(algorithm));
  const std::string out = invocation.Text("--out");
  RETURN_IF_ERROR(WriteKeyFile(out, key));
  const std::string public_out = invocation.Text("--public");
  if (!public_out.empty()) {
    RETURN_IF_ERROR(
        WriteNewFile(public_out, key.public_key().ToPem(), Access::kEveryone));
  }
  PrintKey(invocation, key.public_key(), {{"file", out}});
  return kExitOk;
}

// As a ledger of this origin signs notes with it.
absl::StatusOr<std::string> LedgerVkey(const std::string& origin,
                                       const crypto::PublicKey& key) {
  if (key.algorithm() == crypto::Algorithm::kP256) {
    return absl::InvalidArgumentError(
        "--origin：账本以 Ed25519 与 SM2 密钥签名 (a ledger signs with Ed25519 "
        "and SM2 keys)");
  }
  const auto type = key.algorithm() == crypto::Algorithm::kSm2
                        ? proof::NoteKeyType::kSm2
                        : proof::NoteKeyType::kEd25519;
  const auto made = proof::MakeNoteKey(origin, type, key.raw());
  if (made.ok()) return proof::FormatVkey(*made);
  return absl::InvalidArgumentError(
      absl::StrCat("--origin：", proof::DescribeChinese(made.flaw), " (",
                   proof::Describe(made.flaw), ")"));
}

absl::StatusOr<int> RunShow(Invocation& invocation) {
  ASSIGN_OR_RETURN(const crypto::PublicKey key,
                   AsUsage(ReadPublicKeyFile(invocation.words().front())));
  Record more = {{"file", invocation.words().front()}};
  if (invocation.Has("--witness")) {
    ASSIGN_OR_RETURN(
        const std::string vkey,
        crypto::CosignatureVkey(invocation.Text("--witness"), key));
    more.emplace_back("vkey", vkey);
  }
  if (invocation.Has("--origin")) {
    ASSIGN_OR_RETURN(const std::string vkey,
                     LedgerVkey(invocation.Text("--origin"), key));
    more.emplace_back("ledger_vkey", vkey);
  }
  PrintKey(invocation, key, more);
  return kExitOk;
}

absl::StatusOr<Validity> ValidityOf(const Invocation& invocation) {
  ASSIGN_OR_RETURN(const uint64_t days, invocation.Number("--days"));
  if (days == 0 || days > 36'500) {
    return absl::InvalidArgumentError(
        "--days 应为 1 到 36500 (1 to 36,500 days)");
  }
  Validity validity;
  const std::string from = invocation.Text("--from");
  if (from.empty()) {
    validity.not_before_s =
        std::chrono::duration_cast<std::chrono::seconds>(
            std::chrono::system_clock::now().time_since_epoch())
            .count() -
        kBackdated_s;
  } else {
    ASSIGN_OR_RETURN(const int64_t from_ms, ParseInstant(from));
    validity.not_before_s = from_ms / 1'000;
  }
  validity.not_after_s =
      validity.not_before_s + static_cast<int64_t>(days) * kDay_s;
  return validity;
}

// The certificate goes first: a key without one is of no use and would be in
// the way of trying again.
absl::Status WritePair(const Invocation& invocation, const std::string& pem,
                       const std::optional<crypto::PrivateKey>& key) {
  RETURN_IF_ERROR(
      WriteNewFile(invocation.Text("--out"), pem, Access::kEveryone));
  if (!key.has_value()) return absl::OkStatus();
  return WriteKeyFile(invocation.Text("--out-key"), *key);
}

absl::StatusOr<Authority> LoadAuthority(const std::string& certificate_path,
                                        const std::string& key_path) {
  ASSIGN_OR_RETURN(crypto::PrivateKey key, AsUsage(ReadKeyFile(key_path)));
  ASSIGN_OR_RETURN(const std::string pem,
                   AsUsage(ReadPemFile(certificate_path)));
  return Authority::Load(std::move(key), pem);
}

absl::StatusOr<int> RunCa(Invocation& invocation) {
  AuthorityOptions options;
  ASSIGN_OR_RETURN(options.algorithm,
                   crypto::ParseAlgorithm(invocation.Text("--algorithm")));
  ASSIGN_OR_RETURN(options.use, ParseKeyUse(invocation.Text("--use")));
  options.common_name = invocation.Text("--name");
  options.organization = invocation.Text("--organization");
  ASSIGN_OR_RETURN(options.validity, ValidityOf(invocation));
  std::optional<Authority> made;
  if (invocation.Has("--ca")) {
    ASSIGN_OR_RETURN(
        const Authority parent,
        LoadAuthority(invocation.Text("--ca"), invocation.Text("--ca-key")));
    options.path_length = 0;
    ASSIGN_OR_RETURN(made, parent.CreateIntermediate(options));
  } else {
    ASSIGN_OR_RETURN(made, Authority::Create(options));
  }
  RETURN_IF_ERROR(WritePair(invocation, made->certificate_pem(), made->key()));
  PrintKey(invocation, made->key().public_key(),
           {{"certificate", invocation.Text("--out")},
            {"subject", made->certificate().subject}});
  return kExitOk;
}

absl::StatusOr<int> RunCert(Invocation& invocation) {
  ASSIGN_OR_RETURN(
      const Authority authority,
      LoadAuthority(invocation.Text("--ca"), invocation.Text("--ca-key")));
  LeafOptions options;
  ASSIGN_OR_RETURN(options.use, ParseKeyUse(invocation.Text("--use")));
  options.common_name = invocation.Text("--name");
  options.organization = invocation.Text("--organization");
  options.dns_names = invocation.List("--dns");
  options.ip_addresses = invocation.List("--ip");
  options.actor = invocation.Text("--for");
  ASSIGN_OR_RETURN(options.validity, ValidityOf(invocation));
  if (invocation.Has("--algorithm")) {
    ASSIGN_OR_RETURN(const crypto::Algorithm algorithm,
                     crypto::ParseAlgorithm(invocation.Text("--algorithm")));
    if (algorithm != authority.key().algorithm()) {
      return absl::InvalidArgumentError(
          "--algorithm 与签发机构的密钥不同 (the authority has a key of "
          "another algorithm)");
    }
  }
  const bool old_key = invocation.Has("--subject-key");
  if (old_key == invocation.Has("--out-key")) {
    return absl::InvalidArgumentError(
        "--subject-key 与 --out-key 须给出其一 (name an old key by "
        "--subject-key, or the file of a fresh one by --out-key)");
  }
  std::optional<crypto::PrivateKey> fresh;
  std::optional<crypto::PublicKey> subject;
  if (old_key) {
    ASSIGN_OR_RETURN(
        subject, AsUsage(ReadPublicKeyFile(invocation.Text("--subject-key"))));
  } else {
    ASSIGN_OR_RETURN(fresh,
                     crypto::PrivateKey::Generate(authority.key().algorithm()));
    subject = fresh->public_key();
  }
  ASSIGN_OR_RETURN(const std::string pem, authority.Issue(*subject, options));
  RETURN_IF_ERROR(WritePair(invocation, pem, fresh));
  PrintKey(invocation, *subject, {{"certificate", invocation.Text("--out")}});
  return kExitOk;
}

absl::StatusOr<int> RunEnrol(Invocation& invocation) {
  ASSIGN_OR_RETURN(auto keys, invocation.Keys(1, 1));
  ASSIGN_OR_RETURN(crypto::PrivateKey fresh,
                   AsUsage(ReadKeyFile(invocation.Text("--new-key"))));
  ASSIGN_OR_RETURN(const std::string actor,
                   invocation.ActorOf(keys.front().public_key()));
  ASSIGN_OR_RETURN(v1::Command command, invocation.NewCommand(actor));
  ASSIGN_OR_RETURN(const uint64_t version, invocation.Number("--version"));
  command.set_version(version);
  *command.mutable_enrol_key()->mutable_key() = KeyMessage(fresh.public_key());
  const std::string key_id = fresh.KeyId();
  keys.push_back(std::move(fresh));
  ASSIGN_OR_RETURN(const auto response, invocation.Submit(command, keys));
  invocation.PrintMessage(
      response, {{"主体", actor},
                 {"密钥", key_id},
                 {"账本序号", absl::StrCat(response.receipt().index())}});
  return kExitOk;
}

FlagRule UseFlag() {
  return {.name = "--use",
          .value = "tls|issuing",
          .help = "what it is for",
          .required = true};
}
FlagRule NameFlag() {
  return {.name = "--name",
          .value = "TEXT",
          .help = "common name of the subject",
          .required = true};
}
FlagRule OrganizationFlag() {
  return {.name = "--organization",
          .value = "TEXT",
          .help = "organisation of the subject"};
}
FlagRule FromFlag() {
  return {.name = "--from",
          .value = "TIME",
          .help = "first moment of validity, else now"};
}
FlagRule OutFlag() {
  return {.name = "--out",
          .value = "FILE",
          .help = "new file; nothing is overwritten",
          .required = true};
}

CommandSpec NewSpec() {
  return {.group = "keys",
          .name = "new",
          .summary = "生成私钥 Makes a private key",
          .flags = {{.name = "--algorithm",
                     .value = "sm2|p256|ed25519",
                     .help = "which algorithm",
                     .required = true},
                    OutFlag(),
                    {.name = "--public",
                     .value = "FILE",
                     .help = "also writes the public key"}},
          .examples = {"dataip keys new --algorithm sm2 --out examiner.pem"},
          .run = RunNew};
}

CommandSpec CaSpec() {
  return {.group = "keys",
          .name = "ca",
          .summary = "建立证书机构 Makes an authority, or one below another",
          .flags = {{.name = "--algorithm",
                     .value = "sm2|p256",
                     .help = "which algorithm",
                     .required = true},
                    UseFlag(),
                    NameFlag(),
                    OutFlag(),
                    {.name = "--out-key",
                     .value = "FILE",
                     .help = "its private key",
                     .required = true},
                    {.name = "--ca",
                     .value = "FILE",
                     .help = "the authority above it"},
                    {.name = "--ca-key", .value = "FILE", .help = "its key"},
                    OrganizationFlag(),
                    FromFlag(),
                    {.name = "--days",
                     .value = "N",
                     .help = "how long it is valid",
                     .default_value = "3650"}},
          .examples = {"dataip keys ca --algorithm p256 --use tls --name 测试 "
                       "--out tls-ca.pem --out-key tls-ca.key"},
          .run = RunCa};
}

CommandSpec CertSpec() {
  return {
      .group = "keys",
      .name = "cert",
      .summary = "签发证书 Issues a certificate to a fresh key or an old one",
      .flags = {UseFlag(),
                NameFlag(),
                OutFlag(),
                {.name = "--ca",
                 .value = "FILE",
                 .help = "certificate of the authority",
                 .required = true},
                {.name = "--ca-key",
                 .value = "FILE",
                 .help = "its private key",
                 .required = true},
                {.name = "--out-key",
                 .value = "FILE",
                 .help = "makes a fresh private key"},
                {.name = "--subject-key",
                 .value = "FILE",
                 .help = "an old key, private or public"},
                {.name = "--algorithm",
                 .value = "sm2|p256",
                 .help = "must be the authority's"},
                {.name = "--dns",
                 .value = "NAME",
                 .help = "name of the server",
                 .repeatable = true},
                {.name = "--ip",
                 .value = "ADDRESS",
                 .help = "address of the server",
                 .repeatable = true},
                {.name = "--for",
                 .value = "ACTOR",
                 .help = "whose certificate: becomes the URI dataip:ACTOR"},
                OrganizationFlag(),
                FromFlag(),
                {.name = "--days",
                 .value = "N",
                 .help = "how long it is valid",
                 .default_value = "825"}},
      .examples = {"dataip keys cert --use tls --name registry --ip 127.0.0.1 "
                   "--for registry --ca tls-ca.pem --ca-key tls-ca.key "
                   "--out registry.pem --out-key registry.key"},
      .run = RunCert};
}

}  // namespace

std::vector<CommandSpec> KeysCommands() {
  return {NewSpec(),
          CaSpec(),
          CertSpec(),
          {.group = "keys",
           .name = "show",
           .words = "FILE",
           .word_count = {1, 1},
           .summary = "查看密钥 Shows algorithm and key id of a key file",
           .flags = {{.name = "--witness",
                      .value = "NAME",
                      .help = "also its vkey as the witness of this name"},
                     {.name = "--origin",
                      .value = "ORIGIN",
                      .help = "also its vkey as a key of this ledger"}},
           .examples = {"dataip keys show examiner.pem",
                        "dataip keys show --witness witness.example/w1 "
                        "witness.pem"},
           .run = RunShow},
          {.group = "keys",
           .name = "enrol",
           .summary = "登记新密钥 Enrols a further key of the one who signs",
           .flags = {{.name = "--new-key",
                      .value = "FILE",
                      .help = "the new private key",
                      .required = true},
                     {.name = "--version",
                      .value = "N",
                      .help = "version of the party or officer",
                      .default_value = "1"}},
           .examples = {"dataip keys enrol --new-key second.pem --key "
                        "first.pem"},
           .run = RunEnrol}};
}

}  // namespace dataip::client
