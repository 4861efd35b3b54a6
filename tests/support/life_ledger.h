// A ledger on which a registry lives through the whole of its law: drafts,
// powers, batches, objections, suspension, sealed values, certificates that are
// changed, transferred, pledged, frozen, renewed, revoked, expired and taken
// over, another profile and a later calendar. Valid in every respect; the
// forgeries of forge_life_edits.cc start from it. For test programs only: it
// is told through the registry fixture.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/crypto/note_signer.h"
#include "core/verify/trust.h"
#include "tests/support/ledger_book.h"

namespace dataip::test {

struct LifeLedger {
  KeyRing keys;
  std::vector<crypto::NoteSigner> signers;
  std::string trust_json;
  Book book;

  verify::Trust trust() const { return *verify::ParseTrust(trust_json); }
};

// FAILED_PRECONDITION when a command of the story is refused.
absl::StatusOr<LifeLedger> MakeLifeLedger();

// `ledger/` (an export), `keys/` (PEM) and `trust.json` below `dir`, as the
// forge reads them.
absl::Status WriteLifeLedger(const LifeLedger& ledger, const std::string& dir);

}  // namespace dataip::test
