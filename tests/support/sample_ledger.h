// A small ledger that is valid in every respect: real keys, X.509 chains,
// decisions, seals and a signed checkpoint. Every command stands in it at
// least once. For tests of the verifier, the auditor and the forgeries.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/registry/state/state.h"
#include "core/verify/trust.h"
#include "dataip/registry/v1/command.pb.h"
#include "tests/support/ledger_book.h"

namespace dataip::test {

struct SampleOptions {
  std::string origin = "sample.dataip.test/1";
  // One application from filing to certificate and nothing else, for tests
  // that try every byte.
  bool brief = false;
};

// What a test needs to know of one certificate.
struct SampleCertificate {
  std::string number;
  uint64_t issue_index = 0;
  std::string content;
  std::vector<std::string> status_records;  // version 1 first
};

struct SampleLedger {
  std::string origin;
  KeyRing keys;
  std::map<std::string, std::string> key_ids;  // "root", "examiner-1", ...
  std::vector<crypto::NoteSigner> signers;
  std::vector<std::string> sm2_chain;   // DER, leaf first
  std::vector<std::string> p256_chain;  // DER, leaf first
  verify::TrustText trust_text;
  std::string trust_json;
  registry::State state;
  std::vector<Draft> drafts;
  Book book;
  std::vector<SampleCertificate> certificates;
  // Opening of the natural person's name, the third certificate's holder.
  std::string person_name;
  std::string person_salt;

  verify::Trust trust() const;
};

// Takes some hundred milliseconds: make it once for a test program.
absl::StatusOr<SampleLedger> MakeSampleLedger(const SampleOptions& options);

// Certificate chain of an issuing key, DER, leaf first: an intermediate
// authority under a root that goes into the trust file.
absl::StatusOr<std::vector<std::string>> MakeSampleChain(
    const crypto::PrivateKey& key, verify::TrustText& trust);

struct BundleOptions {
  bool history = false;
  bool open_names = false;
};

// The bundle of `certificate` at the book's checkpoint.
std::string MakeSampleBundle(const SampleLedger& sample,
                             const SampleCertificate& certificate,
                             const BundleOptions& options = {});

// All private keys as PEM files.
absl::Status WriteKeys(const KeyRing& keys, const std::string& dir);

// A natural person, by commitments under `salt`.
v1::PartyIdentity SamplePerson(const std::string& name,
                               const std::string& salt);

// A form that every rule accepts.
v1::ApplicationForm SampleForm(const std::string& party_number,
                               const std::string& reference,
                               int64_t issued_at_ms);

}  // namespace dataip::test
