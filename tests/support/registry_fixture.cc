#include "tests/support/registry_fixture.h"

#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/crypto/command_signature.h"
#include "core/registry/evolve.h"
#include "core/registry/precheck/findings.h"
#include "core/registry/state/context.h"
#include "core/registry/tables/calendar.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "gtest/gtest.h"

namespace dataip::testing {
namespace {

using registry::Decision;
using registry::Events;
using registry::FromUnixMs;
using registry::SerializeCanonical;

crypto::Algorithm AlgorithmFor(const std::string& name) {
  if (name == "issuing_p256" || name == kApprover) {
    return crypto::Algorithm::kP256;
  }
  return name == "licensee" || name == "ledger_ed25519"
             ? crypto::Algorithm::kEd25519
             : crypto::Algorithm::kSm2;
}

v1::Signature SignatureOf(const crypto::PrivateKey& key,
                          const std::string& bytes) {
  const std::string message =
      crypto::CommandMessage({kTestOrigin, key.KeyId(), hash::AsBytes(bytes)});
  v1::Signature signature;
  signature.set_key_id(key.KeyId());
  auto signed_bytes = key.Sign(hash::AsBytes(message));
  DATAIP_ASSERT(signed_bytes.ok());
  signature.set_signature(*std::move(signed_bytes));
  return signature;
}

}  // namespace

std::string ReadSourceFile(const std::string& path) {
  std::ifstream file(absl::StrCat(DATAIP_SOURCE_DIR, "/", path),
                     std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string Digest32(char fill) { return std::string(32, fill); }

RegistryFixture::RegistryFixture() { state_.origin = kTestOrigin; }

RegistryFixture RegistryFixture::Ready() {
  RegistryFixture fixture;
  fixture.Open();
  fixture.LoadTables();
  fixture.RegisterOfficers();
  fixture.RegisterParties();
  return fixture;
}

int64_t RegistryFixture::now_ms() const {
  return state_.opened ? state_.clock_ms : kTestStartMs;
}

const crypto::PrivateKey& RegistryFixture::Key(const std::string& name) {
  auto found = keys_.find(name);
  if (found == keys_.end()) {
    auto key = crypto::PrivateKey::Generate(AlgorithmFor(name));
    DATAIP_ASSERT(key.ok());
    found = keys_.emplace(name, *std::move(key)).first;
  }
  return found->second;
}

v1::PublicKey RegistryFixture::PublicKeyOf(const std::string& name) {
  const crypto::PublicKey& key = Key(name).public_key();
  v1::PublicKey message;
  message.set_algorithm(static_cast<v1::KeyAlgorithm>(key.algorithm()));
  message.set_raw(key.raw_string());
  return message;
}

v1::Command RegistryFixture::NewCommand(const std::string& actor,
                                        uint64_t version) {
  v1::Command command;
  std::string id = absl::StrCat("command ", ++commands_made_);
  id.resize(16, '.');
  command.set_command_id(id);
  *command.mutable_issued_at() = FromUnixMs(now_ms());
  *command.mutable_expires_at() = FromUnixMs(now_ms() + 86'400'000);
  command.set_actor(actor);
  command.set_version(version);
  return command;
}

Decision RegistryFixture::Decide(const v1::Command& command,
                                 const Signers& by) {
  std::vector<std::string> key_ids;
  for (const std::string& name : by) key_ids.push_back(KeyId(name));
  return registry::Decide(state_, {command, key_ids},
                          registry::ContextOf(state_, command, now_ms()));
}

Events RegistryFixture::Do(const v1::Command& command, const Signers& by) {
  const v1::Context context = registry::ContextOf(state_, command, now_ms());
  Decision decision = Decide(command, by);
  if (const auto* refusal = std::get_if<registry::Refusal>(&decision)) {
    refused_ = true;
    ADD_FAILURE() << refusal->message_en << " "
                  << (refusal->violations.empty()
                          ? ""
                          : refusal->violations[0].ShortDebugString());
    return {};
  }
  Events events = std::get<Events>(std::move(decision));
  registry::Filed filed{command, {}, now_ms(), ""};
  for (const std::string& name : by) {
    filed.signer_key_ids.push_back(KeyId(name));
  }
  for (const auto& finding : registry::PrecheckOf(state_, filed)) {
    EXPECT_NE(finding.severity, registry::Severity::kBlocks)
        << "accepted, yet " << finding.rule << " blocks " << finding.field;
  }
  const std::string bytes = SerializeCanonical(command);
  registry::Fold(state_, command, hash::Sha256(hash::AsBytes(bytes)), context,
                 events);
  done_.push_back({command, by, context, events});
  return events;
}

std::vector<v1::Transition> RegistryFixture::SignedTransitions() {
  std::vector<v1::Transition> transitions;
  for (const Done& done : done_) {
    v1::Transition transition;
    const std::string bytes = SerializeCanonical(done.command);
    transition.mutable_command()->set_command(bytes);
    std::map<std::string, std::string> by_id;
    for (const std::string& name : done.by) by_id[KeyId(name)] = name;
    for (const auto& [key_id, name] : by_id) {
      *transition.mutable_command()->add_signatures() =
          SignatureOf(Key(name), bytes);
    }
    *transition.mutable_context() = done.context;
    for (const v1::Event& event : done.events) {
      *transition.add_events() = event;
      if (!event.has_certificate_issued()) continue;
      const std::string message = crypto::CertificateMessage(
          kTestOrigin, hash::AsBytes(event.certificate_issued().content()));
      for (const char* name : {"issuing_sm2", "issuing_p256"}) {
        auto* signature = transition.add_certificate_signatures();
        signature->set_key_id(KeyId(name));
        signature->set_signature(*Key(name).Sign(hash::AsBytes(message)));
      }
    }
    std::string salt = absl::StrCat("salt ", transitions.size());
    salt.resize(32, '.');
    transition.set_salt(salt);
    transitions.push_back(std::move(transition));
  }
  return transitions;
}

}  // namespace dataip::testing
