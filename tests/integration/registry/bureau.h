// A ledger and a registry as programs of their own with mutual TLS, and the
// people who use them: what the integration tests of the registry start.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/channel.h"
#include "client/ledger_client.h"
#include "client/pki/authority.h"
#include "client/registry_client.h"
#include "core/crypto/signer.h"
#include "core/verify/trust.h"
#include "dataip/registry/v1/registry_service.pb.h"
#include "dataip/rpc/v1/error.pb.h"
#include "tests/support/process.h"

namespace dataip::test {

namespace v1 = ::dataip::registry::v1;

inline constexpr char kExaminer[] = "officers/examiner-1";
inline constexpr char kApprover[] = "officers/approver-1";
inline constexpr char kEnterprise[] = "P0000001";
inline constexpr char kLicensee[] = "P0000002";
// 2024-06-20T09:00+08:00.
inline constexpr int64_t kClockStartMs = 1'718'845'200'000;
inline constexpr int64_t kDayMs = 24 * 3'600'000;

using Answer = absl::StatusOr<v1::SubmitCommandResponse>;

// A form with the openings of its commitments; the sample is to be uploaded.
struct PreparedForm {
  v1::ApplicationForm form;
  std::vector<v1::Opening> openings;
  std::string sample;
};

// Fatal failures of GoogleTest where something cannot be set up at all.
class Bureau {
 public:
  // Makes the keys and starts both programs.
  Bureau();

  void StartLedger();
  void StartRegistry();
  // Runs a second registry, on its own folder and port.
  std::unique_ptr<Process> StartRegistryOn(const std::string& data_dir,
                                           std::string* address);
  std::vector<std::string> RegistryFlags(const std::string& data_dir) const;
  client::TlsFiles TlsOf(const std::string& actor);

  // OpenRegistry, tables, two officers, the enterprise and the licensee.
  // `demonstration` false: the real clock decides.
  void Open(bool demonstration = true);
  v1::Command OpenCommand(bool demonstration) const;
  std::vector<v1::Command> TableCommands() const;
  void RegisterOfficers();
  v1::Command OfficerCommand(const std::string& id, v1::OfficerRole role) const;
  v1::Command PartyCommand(const std::string& name, const std::string& uscc,
                           const std::string& key) const;

  // Completes id, actor, issued_at and expires_at, and signs with the keys.
  v1::SubmitCommandRequest Sign(const std::string& actor,
                                const std::vector<std::string>& keys,
                                v1::Command command,
                                std::vector<v1::Opening> openings = {});
  // Signs the bytes as they are.
  v1::SubmitCommandRequest SignBytes(const std::string& bytes,
                                     const std::vector<std::string>& keys);
  // With all_validated, every command is validated first: the same answer
  // must come, and the ledger must not have grown.
  Answer Do(const std::string& actor, const std::vector<std::string>& keys,
            const v1::Command& command, std::vector<v1::Opening> openings = {});
  Answer Submit(const v1::SubmitCommandRequest& request);

  PreparedForm Form(const std::string& reference);
  // A signed filing that is always accepted once. All share one sample, which
  // must have been uploaded (UploadShared).
  v1::SubmitCommandRequest Filing(const std::string& reference);
  void UploadShared();
  // Uploads the sample and files the form; the application's number.
  absl::StatusOr<std::string> File(const std::string& reference);
  v1::Application Application(const std::string& number);
  Answer OpenNotice(const std::string& number);
  Answer Register(const std::string& number);
  Answer AskCorrection(const std::string& number);
  Answer AdvanceTo(int64_t unix_ms);

  // A client that the registry knows as this actor.
  client::RegistryClient& As(const std::string& actor);
  // A fresh connection.
  std::unique_ptr<client::RegistryClient> Connect(const std::string& actor);
  client::LedgerClient& ledger();
  // Entries that are not the ledger's own, by index.
  std::vector<std::string> Headers();
  uint64_t CountTransitions();
  verify::Trust Trust() const;

  const crypto::PrivateKey& Key(const std::string& name) const;
  v1::PublicKey PublicKeyOf(const std::string& name) const;
  int64_t NowMs();

  TempDir dir;
  std::string origin = "registry.dataip.test/1";
  std::string ledger_address = "127.0.0.1:0";
  std::string registry_address = "127.0.0.1:0";
  std::string root_key;  // of the registry's configuration
  std::unique_ptr<Process> ledger_process;
  std::unique_ptr<Process> registry_process;
  bool all_validated = false;
  std::map<v1::Command::BodyCase, int> validated;

 private:
  void MakeKeys();
  void MakeIssuingChain(const std::string& name, crypto::Algorithm algorithm);
  Answer Validated(v1::SubmitCommandRequest request);

  std::map<std::string, crypto::PrivateKey> keys_;
  std::vector<std::string> issuing_cas_;
  std::optional<client::Authority> tls_authority_;
  std::map<std::string, std::unique_ptr<client::RegistryClient>> clients_;
  std::unique_ptr<client::LedgerClient> ledger_;
};

// The reason in the error's detail.
rpc::v1::Reason ReasonIn(const Answer& answer);
// Field path of the first violation; empty without one.
std::string FieldIn(const Answer& answer);

}  // namespace dataip::test
