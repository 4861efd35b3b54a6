#include "tests/support/life_ledger.h"

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/registry/state/header_of.h"
#include "core/registry/values/canonical.h"
#include "tests/support/life_story.h"
#include "tests/support/sample_ledger.h"

namespace dataip::test {
namespace {

// After all that its simulated clock shows.
constexpr int64_t kFirstEntryMs = 1'893'456'000'000;  // 2030-01-01
constexpr int64_t kStepMs = 50;
constexpr size_t kSealEvery = 40;

std::vector<Draft> DraftsOf(const std::vector<v1::Transition>& transitions) {
  std::vector<Draft> drafts;
  const auto next_ms = [&drafts] {
    return kFirstEntryMs + kStepMs * static_cast<int64_t>(drafts.size());
  };
  for (size_t i = 0; i < transitions.size(); ++i) {
    const auto parts = registry::HeaderOf(transitions[i].events());
    Draft draft;
    draft.time_ms = next_ms();
    draft.type = parts.type;
    draft.stream = parts.stream;
    draft.updates = parts.updates;
    draft.payload = registry::SerializeCanonical(transitions[i]);
    drafts.push_back(std::move(draft));
    if (i % kSealEvery == kSealEvery - 1 || i + 1 == transitions.size()) {
      drafts.push_back(SealDraft(next_ms()));
    }
  }
  return drafts;
}

}  // namespace

absl::StatusOr<LifeLedger> MakeLifeLedger() {
  LifeStory story;
  story.Tell();
  testing::RegistryFixture& fixture = story.fixture();
  if (fixture.refused()) {
    return absl::FailedPreconditionError("a command of the story is refused");
  }
  LifeLedger ledger;
  verify::TrustText trust;
  trust.origin = testing::kTestOrigin;
  trust.root_key = fixture.KeyId("root");
  trust.demonstration = true;
  for (const char* name : {"ledger_ed25519", "ledger_sm2"}) {
    ASSIGN_OR_RETURN(auto signer, crypto::NoteSigner::Create(
                                      trust.origin, fixture.Key(name)));
    trust.ledger_keys.push_back(signer.vkey());
    ledger.signers.push_back(std::move(signer));
  }
  for (const char* name : {"issuing_sm2", "issuing_p256"}) {
    RETURN_IF_ERROR(MakeSampleChain(fixture.Key(name), trust).status());
  }
  ledger.trust_json = verify::FormatTrust(trust);
  for (const auto& [name, key] : fixture.keys()) {
    ledger.keys.emplace(key.KeyId(), key);
  }
  ASSIGN_OR_RETURN(ledger.book,
                   MakeBook(trust.origin, DraftsOf(fixture.SignedTransitions()),
                            ledger.signers));
  return ledger;
}

absl::Status WriteLifeLedger(const LifeLedger& ledger, const std::string& dir) {
  std::filesystem::create_directories(dir);
  RETURN_IF_ERROR(WriteExport(ledger.book, absl::StrCat(dir, "/ledger")));
  RETURN_IF_ERROR(WriteKeys(ledger.keys, absl::StrCat(dir, "/keys")));
  std::ofstream trust(absl::StrCat(dir, "/trust.json"), std::ios::binary);
  trust << ledger.trust_json;
  trust.close();
  return trust.good()
             ? absl::OkStatus()
             : absl::UnavailableError("the trust file was not written");
}

}  // namespace dataip::test
