#include "tests/unit/services/witness/log_fixture.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/proof/add_checkpoint.h"

namespace dataip::witness {
namespace {

crypto::NoteSigner MakeSigner(const std::string& name,
                              crypto::Algorithm algorithm) {
  auto key = crypto::PrivateKey::Generate(algorithm);
  DATAIP_ASSERT(key.ok());
  auto signer = crypto::NoteSigner::Create(name, *std::move(key));
  DATAIP_ASSERT(signer.ok());
  return *std::move(signer);
}

}  // namespace

TestLog::TestLog(std::string origin, bool sm2) : origin_(std::move(origin)) {
  const std::string name = sm2 ? origin_ : "key.example";
  signers_.push_back(MakeSigner(name, crypto::Algorithm::kEd25519));
  signers_.push_back(MakeSigner(
      name, sm2 ? crypto::Algorithm::kSm2 : crypto::Algorithm::kEd25519));
}

std::string TestLog::Line() const {
  return absl::StrCat(origin_, " ", signers_[0].vkey(), "  ",
                      signers_[1].vkey());
}

void TestLog::Grow(uint64_t size) {
  while (tree_.size() < size) {
    const std::string leaf = std::to_string(tree_.size());
    tree_.Append(hash::LeafHash(hash::AsBytes(leaf)));
  }
}

hash::Hash TestLog::Root(uint64_t size) const {
  return *proof::RootAt(size, tree_.reader());
}

proof::Path TestLog::PathFrom(uint64_t old_size, uint64_t size) const {
  if (old_size == 0) return {};
  return *proof::ConsistencyPath(old_size, size, tree_.reader());
}

std::string TestLog::Note(uint64_t size, const hash::Hash& root, size_t keys,
                          const std::string& extension) const {
  const auto note = crypto::SignNote(
      proof::FormatCheckpoint({origin_, size, root}) + extension, hash::Hash{},
      std::span(signers_).first(keys));
  DATAIP_ASSERT(note.ok());
  return *note;
}

std::string TestLog::Request(uint64_t old_size, uint64_t size) const {
  return proof::FormatAddCheckpoint(old_size, PathFrom(old_size, size),
                                    Note(size));
}

WitnessFixture::WitnessFixture() {
  auto made = crypto::PrivateKey::Generate(crypto::Algorithm::kEd25519);
  DATAIP_ASSERT(made.ok());
  auto cosigner = crypto::Cosigner::Create("witness.example/w", *made);
  DATAIP_ASSERT(cosigner.ok());
  key = *std::move(cosigner);
}

WitnessOptions WitnessFixture::Options(
    const std::vector<std::string>& lines) const {
  WitnessOptions options{*key, dir / "data", {}, [] { return kNow_s; }};
  for (const std::string& line : lines) {
    auto log = WatchedLog::Parse(line);
    DATAIP_ASSERT(log.ok());
    options.logs.push_back(*std::move(log));
  }
  return options;
}

absl::StatusOr<std::unique_ptr<Witness>> WitnessFixture::Open(
    const std::vector<std::string>& lines) {
  return Witness::Open(Options(lines), metrics);
}

}  // namespace dataip::witness
