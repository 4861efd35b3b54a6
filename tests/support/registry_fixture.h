// A registry in memory: opened as a demonstration, tables of deploy/tables
// loaded, two officers, an enterprise, a licensee and a natural person, each
// with a key. Commands are decided and folded; whole signed transitions can
// be had too.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/crypto/key.h"
#include "core/crypto/signer.h"
#include "core/registry/decide.h"
#include "core/registry/state/state.h"
#include "dataip/registry/v1/command.pb.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::testing {

namespace v1 = registry::v1;

inline constexpr char kTestOrigin[] = "registry.test.example/zj";
inline constexpr char kExaminer[] = "officers/examiner-1";
inline constexpr char kApprover[] = "officers/approver-1";
// 2024-06-20T09:00:00+08:00.
inline constexpr int64_t kTestStartMs = 1'718'845'200'000;

// The text of a file under the source tree; the test fails when it is not
// there.
std::string ReadSourceFile(const std::string& path);

// 32 bytes, all `fill`.
std::string Digest32(char fill);

class RegistryFixture {
 public:
  // Nothing decided yet; keys are made.
  RegistryFixture();

  // Everything up to registered parties.
  static RegistryFixture Ready();

  void Open();        // OpenRegistry
  void LoadTables();  // the four
  void RegisterOfficers();
  void RegisterParties();

  registry::State& state() { return state_; }
  const registry::State& state() const { return state_; }
  int64_t now_ms() const;

  // Keys by name: `root`, `clock`, `issuing_sm2`, `issuing_p256`, kExaminer,
  // kApprover, `enterprise`, `licensee`, `person`; others are made when first
  // asked for (SM2).
  const crypto::PrivateKey& Key(const std::string& name);
  std::string KeyId(const std::string& name) { return Key(name).KeyId(); }
  v1::PublicKey PublicKeyOf(const std::string& name);
  // Those made so far, by name.
  const std::map<std::string, crypto::PrivateKey>& keys() const {
    return keys_;
  }
  // Whether Do met a refusal.
  bool refused() const { return refused_; }

  // Party numbers; empty before RegisterParties.
  std::string enterprise;
  std::string licensee;
  std::string person;

  // A command with a new id, issued at the registry's clock, good for 24 h.
  v1::Command NewCommand(const std::string& actor, uint64_t version);

  // Names of keys.
  using Signers = std::vector<std::string>;
  registry::Decision Decide(const v1::Command& command, const Signers& by);
  // Decides, folds and keeps the transition; the test fails on a refusal, and
  // the events are then empty, and where the pre-check blocks what is accepted.
  registry::Events Do(const v1::Command& command, const Signers& by);

  // Of everything done so far, signed (commands and certificates).
  std::vector<v1::Transition> SignedTransitions();

  // Short ways to a state.
  void AdvanceTo(int64_t to_ms);
  // First millisecond after the last day of the notice.
  void AdvancePastNotice(const std::string& application_no);
  v1::ApplicationForm GoodForm(const std::string& reference);
  // Commands with bodies; the version is the present one.
  v1::Command SubmitCommand(v1::ApplicationForm form);
  v1::Command CorrectionCommand(const std::string& application_no,
                                const std::string& field);
  v1::Command NoticeCommand(const std::string& application_no);
  v1::Command RegisterCommand(const std::string& application_no);
  v1::Command LicenceCommand(const std::string& certificate_number);
  v1::Command UsageCommand(const std::string& licence_no);
  // Numbers of what was made.
  std::string Submit(const std::string& reference);
  std::string Register(const std::string& reference);
  std::string FileLicence(const std::string& certificate_number);

 private:
  struct Done {
    v1::Command command;
    Signers by;
    v1::Context context;
    registry::Events events;
  };
  registry::State state_;
  std::map<std::string, crypto::PrivateKey> keys_;
  std::vector<Done> done_;
  uint64_t commands_made_ = 0;
  bool refused_ = false;
};

// Adds one usage event of `quantity` units.
void AddUnits(v1::Command& command, const std::string& id, int64_t quantity);

}  // namespace dataip::testing
