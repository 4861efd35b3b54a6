// The checks of OpenBundle, for bundle.cc (step 1) and bundle_steps.cc (steps 2
// to 8).
#pragma once

#include <optional>
#include <string>

#include "core/proof/bundle.h"

namespace dataip::proof {

// English and Chinese.
struct Wording {
  const char* english;
  const char* chinese;
};

// Makes the checks in order. A check that needs what an earlier one did not
// find is written down as not made.
class BundleSteps {
 public:
  explicit BundleSteps(const BundleTrust& trust);
  OpenedBundle Run(Bytes bytes);

 private:
  struct Claim {
    int step;
    Wording words;
    std::string anchor;
  };

  void Add(const Claim& claim, StepResult result, Wording reason);
  // Writes the claim down and returns whether it holds.
  bool Check(const Claim& claim, bool holds, Wording reason);
  bool Check(const Claim& claim, Flaw flaw);
  // True when the parts are there; else the claim cannot be looked at.
  bool Needs(const Claim& claim, bool there);

  bool Decode(Bytes bytes);
  void DecodeRecords();
  bool IsForTrust();
  void CheckHistory();
  void CheckNameOpenings();
  void CheckCheckpoint();
  void AskNoteSignatures(const SignedNote& note);
  bool AskLines(const NoteKey& key, const SignedNote& note);
  void CheckIssue();
  void CheckUpdate();
  void AskContentSignatures();
  void CheckSealEntry();
  void CheckMap();
  void CheckCurrent();

  const Bundle& bundle() const { return *opened_.bundle; }
  Hash ContentSha256() const;
  // Whether the record names this certificate, ledger and content.
  bool IsOfContent(const StatusRecord& record) const;

  const BundleTrust& trust_;
  OpenedBundle opened_;
  std::optional<Hash> map_root_;
};

}  // namespace dataip::proof
