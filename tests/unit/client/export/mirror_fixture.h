// A mirror without a server, and ledgers with orders to erase.
#pragma once

#include <filesystem>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/audit/audit.h"
#include "client/export/ledger_mirror.h"
#include "client/export/mirror_folder.h"
#include "core/crypto/note_signer.h"
#include "core/crypto/signer.h"
#include "core/registry/values/canonical.h"
#include "dataip/registry/v1/transition.pb.h"
#include "gtest/gtest.h"
#include "tests/support/ledger_book.h"
#include "tests/support/process.h"

namespace dataip::client {
namespace fs = std::filesystem;
using test::Book;
using test::Draft;

inline constexpr char kOrigin[] = "mirror.test/1";
inline constexpr int64_t kTimeMs = 1'700'000'000'000;
inline constexpr char kSecret[] = "to be erased by order";

inline crypto::NoteSigner Signer(crypto::Algorithm algorithm) {
  return *crypto::NoteSigner::Create(kOrigin,
                                     *crypto::PrivateKey::Generate(algorithm));
}

inline Draft EntryDraft(const std::string& payload) {
  Draft draft;
  draft.time_ms = kTimeMs;
  draft.type = "test.Entry";
  draft.stream = "entries/1";
  draft.payload = payload;
  return draft;
}

inline Draft TransitionDraft(const registry::v1::Transition& transition) {
  Draft draft;
  draft.time_ms = kTimeMs;
  draft.type = std::string(proof::kTransitionType);
  draft.stream = "registry";
  draft.payload = registry::SerializeCanonical(transition);
  return draft;
}

class MirrorTest : public testing::Test {
 protected:
  MirrorTest() {
    trust.origin = kOrigin;
    trust.root_key = root.public_key().KeyId();
    for (const auto& signer : signers) {
      trust.ledger_keys.push_back(
          *crypto::NoteVerifier::FromVkey(signer.vkey()));
    }
  }

  // What the registry's first entry says of root's key.
  Draft OpeningDraft() const {
    registry::v1::Command command;
    auto& key = *command.mutable_open_registry()->mutable_root_key();
    key.set_algorithm(registry::v1::ED25519);
    key.set_raw(root.public_key().raw_string());
    registry::v1::Transition transition;
    transition.mutable_command()->set_command(
        registry::SerializeCanonical(command));
    return TransitionDraft(transition);
  }

  // Root's order to erase the entry of this payload.
  registry::v1::Transition Order(uint64_t index,
                                 const std::string& payload) const {
    registry::v1::Command command;
    auto* const entry = command.mutable_erase_payload()->add_entries();
    entry->set_index(index);
    const Bytes bytes = hash::AsBytes(payload);
    entry->mutable_payload_sha256()->assign(hash::Sha256(bytes).text());
    entry->mutable_payload_sm3()->assign(hash::Sm3(bytes).text());
    return Signed(command, root);
  }
  registry::v1::Transition Signed(const registry::v1::Command& command,
                                  const crypto::PrivateKey& key) const {
    registry::v1::Transition transition;
    *transition.mutable_command() = *test::SignCommand(
        kOrigin, registry::SerializeCanonical(command),
        {key.public_key().KeyId()}, {{key.public_key().KeyId(), key}});
    *transition.add_events()->mutable_payload_erased()->mutable_order() =
        command.erase_payload();
    return transition;
  }
  Draft OrderDraft(uint64_t index, const std::string& payload) const {
    return TransitionDraft(Order(index, payload));
  }

  // Whether a mirror still has the secret after this entry.
  bool KeepsSecretAfter(const Draft& draft) const {
    fs::remove_all(folder);
    std::vector<Draft> drafts = Drafts(10);
    EXPECT_TRUE(Mirror(BookOf(drafts)).ok());
    drafts.push_back(draft);
    drafts.push_back(test::SealDraft(kTimeMs));
    EXPECT_TRUE(Mirror(BookOf(drafts)).ok());
    return HoldsSecret();
  }

  // So many entries, the first the registry's opening, the third a secret, then
  // a seal, and the same again.
  std::vector<Draft> Drafts(int count) const {
    std::vector<Draft> drafts;
    for (int i = 0; i < count; ++i) {
      drafts.push_back(i == 0   ? OpeningDraft()
                       : i == 2 ? EntryDraft(kSecret)
                                : EntryDraft(absl::StrCat("payload ", i)));
    }
    drafts.push_back(test::SealDraft(kTimeMs));
    return drafts;
  }
  Book BookOf(const std::vector<Draft>& drafts) const {
    return *test::MakeBook(kOrigin, drafts, signers);
  }

  absl::Status Add(LedgerMirror& mirror, const Book& book) const {
    for (uint64_t i = mirror.added(); i < book.size(); ++i) {
      const absl::Status added = mirror.Add({book.headers[i], book.payloads[i],
                                             ExportedEntry::Payload::kPresent});
      if (!added.ok()) return added;
    }
    return absl::OkStatus();
  }
  // Adds entries up to `size` and ends without a commit; how many had been
  // staged before.
  uint64_t Stop(const Book& book, uint64_t size) const {
    auto mirror = LedgerMirror::Open(folder, trust);
    EXPECT_TRUE(mirror.ok()) << mirror.status();
    EXPECT_TRUE((*mirror)->Begin(book.checkpoint).ok());
    const uint64_t staged = (*mirror)->added();
    for (uint64_t i = staged; i < size; ++i) {
      const absl::Status added =
          (*mirror)->Add({book.headers[i], book.payloads[i],
                          ExportedEntry::Payload::kPresent});
      EXPECT_TRUE(added.ok()) << added;
    }
    return staged;
  }
  absl::Status Mirror(const Book& book) const {
    auto mirror = LedgerMirror::Open(folder, trust);
    if (!mirror.ok()) return mirror.status();
    const auto begun = (*mirror)->Begin(book.checkpoint);
    if (!begun.ok()) return begun.status();
    const absl::Status added = Add(**mirror, book);
    if (!added.ok()) return added;
    return (*mirror)->Commit([](uint64_t, uint64_t) {
      return absl::UnavailableError("nobody to ask");
    });
  }

  bool HoldsSecret() const {
    for (const auto& file : fs::recursive_directory_iterator(folder)) {
      if (file.is_regular_file() &&
          test::ReadFile(file.path()).find(kSecret) != std::string::npos) {
        return true;
      }
    }
    return false;
  }
  // The rule that its audit finds broken, "" for none.
  std::string BrokenRule() const {
    AuditOptions options;
    options.hashes_only = true;
    const auto report = Audit(*OpenExportFolder(folder), trust, options);
    return report.broken.has_value() ? report.broken->rule : "";
  }

  std::vector<crypto::NoteSigner> signers = {
      Signer(crypto::Algorithm::kEd25519), Signer(crypto::Algorithm::kSm2)};
  crypto::PrivateKey root =
      *crypto::PrivateKey::Generate(crypto::Algorithm::kEd25519);
  verify::Trust trust;
  test::TempDir dir;
  std::string folder = dir / "mirror";
};

}  // namespace dataip::client
