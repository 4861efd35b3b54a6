// A log that a witness watches, and the witness.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/crypto/note_signer.h"
#include "core/proof/tree.h"
#include "services/witness/witness.h"
#include "tests/support/process.h"

namespace dataip::witness {

inline constexpr uint64_t kNow_s = 1'700'000'000;

// Any log: a tree, and keys that sign what they are given.
class TestLog {
 public:
  // SM2 too makes it a ledger of ours.
  TestLog(std::string origin, bool sm2);

  const std::string& origin() const { return origin_; }
  // "ORIGIN VKEY...", as a witness's configuration has it.
  std::string Line() const;

  void Grow(uint64_t size);
  hash::Hash Root(uint64_t size) const;
  proof::Path PathFrom(uint64_t old_size, uint64_t size) const;
  // Signed by the first `keys` keys, with these lines behind the three.
  std::string Note(uint64_t size, const hash::Hash& root, size_t keys = 2,
                   const std::string& extension = "") const;
  std::string Note(uint64_t size) const { return Note(size, Root(size)); }
  // The whole request, all of it right.
  std::string Request(uint64_t old_size, uint64_t size) const;

 private:
  std::string origin_;
  std::vector<crypto::NoteSigner> signers_;
  proof::StoredTree tree_;
};

// A key that is made once, and options on a folder.
class WitnessFixture {
 public:
  WitnessFixture();
  std::string vkey() const { return key->vkey(); }
  WitnessOptions Options(const std::vector<std::string>& lines) const;
  absl::StatusOr<std::unique_ptr<Witness>> Open(
      const std::vector<std::string>& lines);

  test::TempDir dir;
  std::optional<crypto::Cosigner> key;
  services::Metrics metrics;
};

}  // namespace dataip::witness
