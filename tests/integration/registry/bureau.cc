#include "tests/integration/registry/bureau.h"

#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "client/pki/key_file.h"
#include "client/status.h"
#include "core/crypto/command_signature.h"
#include "core/crypto/note_signer.h"
#include "core/crypto/random.h"
#include "core/proof/header.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "gtest/gtest.h"
#include "tests/integration/registry/must.h"

namespace dataip::test {
namespace {

constexpr int64_t kNotBeforeS = 1'700'000'000;  // 2023-11-14
constexpr int64_t kNotAfterS = 2'500'000'000;   // 2049-03-22

std::string FileName(std::string actor) {
  for (char& c : actor) {
    if (c == '/') c = '-';
  }
  return actor;
}

}  // namespace

Bureau::Bureau() {
  // An idle client looks at its connections this often only, and a server
  // that stops waits for it.
  setenv("GRPC_CLIENT_CHANNEL_BACKUP_POLL_INTERVAL_MS", "50", 1);
  MakeKeys();
  root_key = Key("root").KeyId();
  StartLedger();
  StartRegistry();
}

void Bureau::MakeKeys() {
  using crypto::Algorithm;
  const std::vector<std::pair<std::string, Algorithm>> wanted = {
      {"root", Algorithm::kSm2},        {"clock", Algorithm::kSm2},
      {"examiner-1", Algorithm::kSm2},  {"approver-1", Algorithm::kP256},
      {"ledger-sm2", Algorithm::kSm2},  {"ledger-ed25519", Algorithm::kEd25519},
      {"enterprise", Algorithm::kSm2},  {"licensee", Algorithm::kP256},
      {"second", Algorithm::kEd25519},  {"person", Algorithm::kSm2},
      {"stranger", Algorithm::kEd25519}};
  for (const auto& [name, algorithm] : wanted) {
    keys_.emplace(name, Must(crypto::PrivateKey::Generate(algorithm)));
    Must(client::WriteKeyFile(dir / (name + ".pem"), keys_.at(name)));
  }
  MakeIssuingChain("issuing-sm2", Algorithm::kSm2);
  MakeIssuingChain("issuing-p256", Algorithm::kP256);
  client::AuthorityOptions options;
  options.common_name = "Test TLS";
  options.validity = {kNotBeforeS, kNotAfterS};
  tls_authority_.emplace(Must(client::Authority::Create(options)));
  WriteFile(dir / "tls-ca.pem", tls_authority_->certificate_pem());
}

void Bureau::MakeIssuingChain(const std::string& name,
                              crypto::Algorithm algorithm) {
  keys_.emplace(name, Must(crypto::PrivateKey::Generate(algorithm)));
  Must(client::WriteKeyFile(dir / (name + ".pem"), keys_.at(name)));
  client::AuthorityOptions options;
  options.algorithm = algorithm;
  options.use = client::KeyUse::kIssuing;
  options.common_name = "Test Root " + name;
  options.validity = {kNotBeforeS, kNotAfterS};
  const auto root = Must(client::Authority::Create(options));
  options.common_name = "Test Intermediate " + name;
  options.path_length = 0;
  const auto intermediate = Must(root.CreateIntermediate(options));
  client::LeafOptions leaf;
  leaf.use = client::KeyUse::kIssuing;
  leaf.common_name = "Test Issuing " + name;
  leaf.validity = {kNotBeforeS, kNotAfterS};
  WriteFile(dir / (name + "-chain.pem"),
            Must(intermediate.Issue(keys_.at(name).public_key(), leaf)) +
                intermediate.certificate_pem());
  issuing_cas_.push_back(root.certificate_pem());
}

client::TlsFiles Bureau::TlsOf(const std::string& actor) {
  const std::string base = dir / ("tls-" + FileName(actor));
  client::TlsFiles files{dir / "tls-ca.pem", base + ".pem", base + ".key"};
  if (std::filesystem::exists(files.key_path)) return files;
  const auto key = Must(crypto::PrivateKey::Generate(crypto::Algorithm::kP256));
  client::LeafOptions leaf;
  leaf.common_name = actor.empty() ? "nobody" : actor;
  leaf.validity = {kNotBeforeS, kNotAfterS};
  leaf.dns_names = {"localhost"};
  leaf.ip_addresses = {"127.0.0.1"};
  leaf.actor = actor;
  Must(client::WriteKeyFile(files.key_path, key));
  WriteFile(files.certificate_path,
            Must(tls_authority_->Issue(key.public_key(), leaf)));
  return files;
}

void Bureau::StartLedger() {
  const client::TlsFiles tls = TlsOf("ledger");
  ledger_process = Process::Start({"dataip-ledger",
                                   {"--origin",
                                    origin,
                                    "--listen",
                                    ledger_address,
                                    "--data-dir",
                                    dir / "ledger",
                                    "--ed25519-key",
                                    dir / "ledger-ed25519.pem",
                                    "--sm2-key",
                                    dir / "ledger-sm2.pem",
                                    "--tls-ca",
                                    tls.ca_path,
                                    "--tls-certificate",
                                    tls.certificate_path,
                                    "--tls-key",
                                    tls.key_path,
                                    "--writer",
                                    "registry",
                                    "--payload-reader",
                                    "auditor",
                                    "--checkpoint-interval-ms",
                                    "50"}});
  const auto address = ledger_process->WaitForAddress();
  ASSERT_TRUE(address.has_value()) << ledger_process->err();
  ledger_address = *address;
}

std::vector<std::string> Bureau::RegistryFlags(
    const std::string& data_dir) const {
  return {"--data-dir",
          data_dir,
          "--ledger",
          ledger_address,
          "--ledger-tls-ca",
          dir / "tls-ca.pem",
          "--ledger-tls-certificate",
          dir / "tls-registry.pem",
          "--ledger-tls-key",
          dir / "tls-registry.key",
          "--tls-ca",
          dir / "tls-ca.pem",
          "--tls-certificate",
          dir / "tls-registry.pem",
          "--tls-key",
          dir / "tls-registry.key",
          "--issuing-sm2-key",
          dir / "issuing-sm2.pem",
          "--issuing-sm2-chain",
          dir / "issuing-sm2-chain.pem",
          "--issuing-p256-key",
          dir / "issuing-p256.pem",
          "--issuing-p256-chain",
          dir / "issuing-p256-chain.pem",
          "--root-key",
          root_key,
          "--clock-key",
          dir / "clock.pem"};
}

std::unique_ptr<Process> Bureau::StartRegistryOn(const std::string& data_dir,
                                                 std::string* address) {
  TlsOf("registry");
  Command command{"dataip-registry", RegistryFlags(data_dir)};
  command.arguments.push_back("--listen");
  command.arguments.push_back(*address);
  auto process = Process::Start(command);
  const auto listening = process->WaitForAddress();
  EXPECT_TRUE(listening.has_value()) << process->err();
  *address = listening.value_or("");
  return process;
}

void Bureau::StartRegistry() {
  registry_process = StartRegistryOn(dir / "registry", &registry_address);
}

std::unique_ptr<client::RegistryClient> Bureau::Connect(
    const std::string& actor) {
  return std::make_unique<client::RegistryClient>(
      Must(client::MakeChannel(registry_address, TlsOf(actor))));
}

client::RegistryClient& Bureau::As(const std::string& actor) {
  auto& client = clients_[actor];
  if (client == nullptr) client = Connect(actor);
  return *client;
}

client::LedgerClient& Bureau::ledger() {
  if (ledger_ == nullptr) {
    ledger_ = std::make_unique<client::LedgerClient>(
        Must(client::MakeChannel(ledger_address, TlsOf("auditor"))));
  }
  return *ledger_;
}

std::vector<std::string> Bureau::Headers() {
  const auto entries = ledger().ReadEntries({});
  std::vector<std::string> headers;
  for (;;) {
    const auto run = Must(entries->Next());
    if (!run.has_value()) return headers;
    for (const auto& entry : run->entries()) headers.push_back(entry.header());
  }
}

uint64_t Bureau::CountTransitions() {
  uint64_t count = 0;
  for (const std::string& bytes : Headers()) {
    const auto header = proof::DecodeHeader(hash::AsBytes(bytes));
    if (header.ok() && header->type == proof::kTransitionType) ++count;
  }
  return count;
}

verify::Trust Bureau::Trust() const {
  verify::TrustText text;
  text.origin = origin;
  for (const char* name : {"ledger-ed25519", "ledger-sm2"}) {
    text.ledger_keys.push_back(
        Must(crypto::NoteSigner::Create(origin, Key(name))).vkey());
  }
  text.root_key = Key("root").KeyId();
  text.issuing_cas = issuing_cas_;
  text.demonstration = true;
  return Must(verify::ParseTrust(verify::FormatTrust(text)));
}

const crypto::PrivateKey& Bureau::Key(const std::string& name) const {
  return keys_.at(name);
}

v1::PublicKey Bureau::PublicKeyOf(const std::string& name) const {
  const crypto::PublicKey& key = Key(name).public_key();
  v1::PublicKey message;
  message.set_algorithm(static_cast<v1::KeyAlgorithm>(key.algorithm()));
  message.set_raw(key.raw_string());
  return message;
}

}  // namespace dataip::test
