// check.sh, with stock tools alone, ends as core/verify does.
#include <functional>
#include <future>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "core/crypto/x509.h"
#include "core/proof/note.h"
#include "core/registry/values/canonical.h"
#include "core/verify/check.h"
#include "dataip/bundle/v1/bundle.pb.h"
#include "dataip/registry/v1/certificate.pb.h"
#include "gtest/gtest.h"
#include "tests/unit/client/audit/unpacked.h"

namespace dataip::client {
namespace {

using test::kSampleNowMs;
using test::Sample;
using BundleMessage = bundle::v1::Bundle;

constexpr int64_t kDayMs = 24 * 3'600'000;

struct Case {
  std::string name;
  std::string bundle;
  verify::TrustText trust = Sample().trust_text;
  int64_t now_ms = kSampleNowMs;
};

BundleMessage SampleBundle(bool history = false) {
  test::BundleOptions options;
  options.history = history;
  BundleMessage bundle;
  bundle.ParseFromString(
      test::MakeSampleBundle(Sample(), Sample().certificates[0], options));
  return bundle;
}

// The bundle after `edit`, canonical again.
std::string Edited(const std::function<void(BundleMessage&)>& edit) {
  BundleMessage bundle = SampleBundle();
  edit(bundle);
  return registry::SerializeCanonical(bundle);
}

std::string WithNote(const std::function<void(proof::SignedNote&)>& edit) {
  return Edited([&](BundleMessage& bundle) {
    auto note = proof::ParseNote(bundle.checkpoint());
    edit(*note.value);
    bundle.set_checkpoint(proof::FormatNote(*note.value));
  });
}

proof::SignatureLine Broken(proof::SignatureLine line) {
  line.signature[line.signature.size() - 5] ^= 1;
  return line;
}

// The sample after one more decision about its first certificate; the bundle
// holds the first and the current record, or all.
std::string AfterChange(
    const std::function<void(registry::v1::StatusRecord&)>& edit,
    bool history = false) {
  test::SampleLedger ledger = Sample();
  test::SampleCertificate& certificate = ledger.certificates[0];
  const std::string before = certificate.status_records.back();
  registry::v1::StatusRecord record;
  record.ParseFromString(before);
  record.set_version(record.version() + 1);
  record.set_previous_sha256(
      std::string(hash::Sha256(hash::AsBytes(before)).text()));
  edit(record);
  certificate.status_records.push_back(registry::SerializeCanonical(record));
  const std::string key = "certificates/" + certificate.number;
  test::Draft draft;
  draft.time_ms = ledger.drafts.back().time_ms;
  draft.type = proof::kTransitionType;
  draft.stream = key;
  draft.updates = {
      {key, hash::Sha256(hash::AsBytes(certificate.status_records.back()))}};
  draft.payload = "not looked at";
  ledger.drafts.push_back(draft);
  ledger.drafts.push_back(test::SealDraft(draft.time_ms));
  ledger.book = *test::MakeBook(ledger.origin, ledger.drafts, ledger.signers);
  test::BundleOptions options;
  options.history = history;
  return test::MakeSampleBundle(ledger, certificate, options);
}

// A witness, and the sample's bundle with its cosignature.
struct Witness {
  crypto::PrivateKey key =
      *crypto::PrivateKey::Generate(crypto::Algorithm::kEd25519);
  proof::NoteKey note_key =
      *proof::MakeNoteKey("witness.test/w", proof::NoteKeyType::kCosignature,
                          key.public_key().raw())
           .value;

  verify::TrustText Trust(uint32_t quorum) const {
    verify::TrustText text = Sample().trust_text;
    text.witness_keys = {proof::FormatVkey(note_key)};
    text.witness_quorum = quorum;
    return text;
  }

  proof::SignatureLine Line(absl::string_view text) const {
    constexpr uint64_t kTimeS = 1'767'690'000;
    const std::string message =
        proof::CosignatureMessage({text.data(), text.size()}, kTimeS);
    return proof::CosignatureLine(
        note_key, kTimeS, hash::AsBytes(*key.Sign(hash::AsBytes(message))));
  }
};

std::string Der(size_t authority) {
  return crypto::ParseCertificatePem(Sample().trust_text.issuing_cas[authority])
      ->der;
}

std::vector<Case> NoteCases() {
  const Witness witness;
  const auto signed_by = [&](auto edit) {
    return WithNote([&](proof::SignedNote& note) {
      note.signatures.push_back(edit(witness.Line(note.text)));
    });
  };
  const auto same = [](proof::SignatureLine line) { return line; };
  const auto before = [](size_t line) {
    return WithNote([line](proof::SignedNote& note) {
      note.signatures.insert(note.signatures.begin(),
                             Broken(note.signatures[line]));
    });
  };
  const auto behind = [](auto edit) {
    return WithNote([edit](proof::SignedNote& note) {
      note.signatures.push_back(edit(note.signatures[1]));
    });
  };
  const std::string strange = WithNote([](proof::SignedNote& note) {
    note.signatures.push_back(Broken(note.signatures[0]));
    note.signatures.back().name = "other.test";
  });
  const std::string unsigned_by_sm2 =
      WithNote([](proof::SignedNote& note) { note.signatures.pop_back(); });
  return {{"20 failing line before the good one, Ed25519", before(0)},
          {"20 failing line before the good one, SM2", before(1)},
          {"20 failing line behind the good one", behind(Broken)},
          {"0 the same line twice", behind(same)},
          {"0 a line of a key that the trust file does not name", strange},
          {"20 one ledger key has not signed", unsigned_by_sm2},
          {"20 quorum 1, no witness", Edited([](auto&) {}), witness.Trust(1)},
          {"0 quorum 1, one witness", signed_by(same), witness.Trust(1)},
          {"20 quorum 1, false witness", signed_by(Broken), witness.Trust(1)},
          {"20 quorum 0, false witness", signed_by(Broken), witness.Trust(0)},
          {"0 a witness that the trust file does not name", signed_by(Broken)}};
}

std::vector<Case> RecordCases() {
  BundleMessage forged = SampleBundle(true);
  registry::v1::StatusRecord between;
  between.ParseFromString(forged.status_records(0));
  between.set_version(7);
  between.set_previous_sha256(std::string(32, 'x'));
  forged.add_status_records(registry::SerializeCanonical(between));
  forged.mutable_status_records()->SwapElements(
      1, forged.status_records_size() - 1);
  const auto twice = [](int record) {
    return Edited([record](BundleMessage& bundle) {
      bundle.add_status_records(bundle.status_records(1));
      *bundle.mutable_status_records(1) = bundle.status_records(record);
    });
  };
  const auto chained = [](registry::v1::StatusRecord&) {};
  const auto unchained = [](registry::v1::StatusRecord& record) {
    record.set_previous_sha256(std::string(32, 'x'));
  };
  return {{"20 forged history", registry::SerializeCanonical(forged)},
          {"20 last record twice", twice(1)},
          {"20 first record twice", twice(0)},
          {"0 first and current of three", AfterChange(chained)},
          {"0 all of three", AfterChange(chained, true)},
          {"20 three, the last not chained", AfterChange(unchained, true)},
          {"20 only the first", Edited([](BundleMessage& bundle) {
             bundle.mutable_status_records()->RemoveLast();
           })},
          {"20 record of another certificate", AfterChange([](auto& record) {
             record.set_content_sha256(std::string(32, 'x'));
           })},
          {"20 record of no demonstration",
           AfterChange([](auto& record) { record.set_demonstration(false); })}};
}

std::vector<Case> ChainCases() {
  return {
      {"20 surplus SM2 root",
       Edited([](auto& b) { b.mutable_sm2()->add_chain(Der(0)); })},
      {"20 surplus P-256 root",
       Edited([](auto& b) { b.mutable_p256()->add_chain(Der(1)); })},
      {"20 surplus certificate of the other algorithm",
       Edited([](auto& b) { b.mutable_sm2()->add_chain(Der(1)); })},
      {"20 intermediate twice",
       Edited([](auto& b) { b.mutable_p256()->add_chain(b.p256().chain(1)); })},
      {"20 leaf twice",
       Edited([](auto& b) { b.mutable_p256()->add_chain(b.p256().chain(0)); })},
      {"20 intermediate missing",
       Edited([](auto& b) { b.mutable_sm2()->mutable_chain()->RemoveLast(); })},
      {"20 out of order", Edited([](auto& b) {
         b.mutable_sm2()->mutable_chain()->SwapElements(0, 1);
       })}};
}

std::vector<Case> VerdictCases() {
  const std::string good = Edited([](auto&) {});
  Case genuine = {"0 genuine and in force", good};
  Case plain = {"22 demonstration refused", good};
  plain.trust.demonstration = false;
  Case other = {"22 of another ledger",
                Edited([](auto& b) { b.set_origin("other.test/1"); })};
  Case stale = {"23 stale", good};
  stale.now_ms += 30 * kDayMs;
  Case patient = {"0 not stale with patience", good};
  patient.now_ms = stale.now_ms;
  patient.trust.max_age_hours = 10'000;
  Case early = {"0 the clock is behind the seal", good};
  early.now_ms = 1'000'000'000'000;
  early.trust.max_age_hours = 0;
  const auto revoke = [](auto& record) {
    record.set_state(registry::v1::REVOKED);
  };
  const auto freeze = [](auto& record) {
    auto* overlay = record.add_overlays();
    overlay->set_kind(registry::v1::FREEZE);
    overlay->set_commitment(std::string(32, 'x'));
  };
  Case revoked = {"21 revoked", AfterChange(revoke)};
  Case final_and_old = revoked;
  final_and_old.name = "21 revoked and stale";
  final_and_old.now_ms = stale.now_ms;
  Case frozen = {"21 frozen", AfterChange(freeze)};
  Case frozen_and_old = frozen;
  frozen_and_old.name = "23 frozen and stale";
  frozen_and_old.now_ms = stale.now_ms;
  Case late = {"21 after its last day", AfterChange([](auto& record) {
                 record.mutable_decided_at()->set_seconds(4'000'000'000);
               })};
  return {genuine, plain,         other,  stale,          patient, early,
          revoked, final_and_old, frozen, frozen_and_old, late};
}

std::vector<Case> ByteCases() {
  const std::string good = Edited([](auto&) {});
  const auto flip = [](std::string* bytes, size_t at) { (*bytes)[at] ^= 1; };
  const std::string higher = Edited([](auto& b) { b.set_format(2); });
  std::vector<Case> cases = {
      {"20 truncated", good.substr(0, good.size() / 2)},
      {"20 one byte short", good.substr(0, good.size() - 1)},
      {"22 higher format", higher},
      {"20 empty last sibling", Edited([](auto& b) {
         b.mutable_map()->add_siblings(std::string(32, '\0'));
       })},
      {"20 node too many",
       Edited([](auto& b) { b.add_issue_path(std::string(32, 'x')); })},
      {"20 node too few",
       Edited([](auto& b) { b.mutable_seal_path()->RemoveLast(); })}};
  for (const size_t at : {3, 40}) {
    cases.push_back(
        {absl::StrCat("20 flipped seal payload ", at),
         Edited([&](auto& b) { flip(b.mutable_seal_payload(), at); })});
  }
  for (const size_t at : {8, 52, 120}) {
    cases.push_back(
        {absl::StrCat("20 flipped seal header ", at),
         Edited([&](auto& b) { flip(b.mutable_seal_header(), at); })});
  }
  return cases;
}

// A bundle that is not even written out counts as what `dataip verify` says
// of it: not genuine, or cannot decide.
int ScriptOf(const Case& one, const std::string& shell) {
  test::UnpackedBundle unpacked;
  unpacked.SetClock(one.now_ms);
  const auto trust = *verify::ParseTrust(verify::FormatTrust(one.trust));
  const absl::Status written = unpacked.Unpack(one.bundle, &trust);
  if (absl::IsInvalidArgument(written)) return 20;
  if (absl::IsUnimplemented(written)) return 22;
  if (!written.ok()) return -1;
  const test::Ended ended = unpacked.Check({}, shell);
  EXPECT_EQ(ended.err, "") << one.name;
  EXPECT_EQ(absl::StrContains(ended.out, "genuine and in force"),
            ended.exit_code == 0)
      << one.name << "\n"
      << ended.out;
  return ended.exit_code;
}

int VerifierOf(const Case& one) {
  verify::CheckOptions options;
  options.now_ms = one.now_ms;
  const auto trust = *verify::ParseTrust(verify::FormatTrust(one.trust));
  return static_cast<int>(
      verify::Check(hash::AsBytes(one.bundle), trust, options)->conclusion);
}

void ExpectAgreement(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    const int expected = std::stoi(one.name);
    auto under_bash =
        std::async(std::launch::async, ScriptOf, one, "/bin/bash");
    EXPECT_EQ(ScriptOf(one, "/bin/sh"), expected) << one.name << " sh";
    EXPECT_EQ(under_bash.get(), expected) << one.name << " bash";
    EXPECT_EQ(VerifierOf(one), expected) << one.name;
  }
}

TEST(UnpackedAgrees, OnTheSignaturesOfTheCheckpoint) {
  ExpectAgreement(NoteCases());
}

TEST(UnpackedAgrees, OnStatusRecords) { ExpectAgreement(RecordCases()); }

TEST(UnpackedAgrees, OnChainsOfCertificates) { ExpectAgreement(ChainCases()); }

TEST(UnpackedAgrees, OnTheVerdict) { ExpectAgreement(VerdictCases()); }

TEST(UnpackedAgrees, OnBytesThatAreNotWhatWasSigned) {
  ExpectAgreement(ByteCases());
}

}  // namespace
}  // namespace dataip::client
