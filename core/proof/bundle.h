// The steps of formats.md 8 but for the mathematics of signatures and X.509.
//
//   OpenedBundle opened = OpenBundle(bytes, trust);
//   std::vector<SignatureAnswer> answers;
//   for (const SignatureQuestion& q : opened.questions) answers.push_back(...);
//   BundleReport report = ConcludeBundle(opened, answers, ask);
//
// Pure: no clock, no file, no network. Works on whatever bytes it gets.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/hash/hash.h"
#include "core/proof/certificate.h"
#include "core/proof/flaw.h"
#include "core/proof/header.h"
#include "core/proof/map.h"
#include "core/proof/note.h"
#include "core/proof/seal.h"
#include "core/proof/tree.h"

namespace dataip::proof {

// One algorithm's signature of the content with the chain of its key.
struct ContentSignature {
  std::string signature;
  std::vector<std::string> chain;  // X.509 DER, leaf first
};

struct NameOpening {
  uint32_t holder = 0;
  std::string salt;
  std::string name;
};

// proto/dataip/bundle/v1/bundle.proto.
struct Bundle {
  std::string origin;
  std::string checkpoint;
  std::string issue_header;
  Path issue_path;
  std::string content;
  ContentSignature sm2;
  ContentSignature p256;
  std::vector<std::string> status_records;
  std::string seal_header;
  std::string seal_payload;
  Path seal_path;
  std::vector<Hash> map_siblings;
  std::vector<NameOpening> name_openings;
};

// Canonical bytes of format 1 only; kFormat for a higher format, which is
// looked at before everything else.
Parsed<Bundle> DecodeBundle(Bytes bytes);

// What the trust file says, as far as the steps need it. The issuing
// authorities are the caller's, who answers for the chains.
struct BundleTrust {
  std::string origin;
  std::vector<NoteKey> ledger_keys;  // every one must have signed
  std::vector<NoteKey> witness_keys;
  uint32_t witness_quorum = 0;
  int64_t max_age_ms = 0;
  bool demonstration = false;
};

// The number is the algorithm byte of a key id (formats.md 7).
enum class SignatureAlgorithm : uint8_t { kSm2 = 1, kP256 = 2, kEd25519 = 3 };

// "Does `signature` hold for `message`?" Either under `key`, or under the leaf
// of `chain`: then also "does the whole chain, every certificate of it, lead
// to an authority of the trust file at `at_ms`, and is the leaf's key id
// `key_id`?"
struct SignatureQuestion {
  int step = 0;  // of formats.md 8: 2 or 5
  SignatureAlgorithm algorithm = SignatureAlgorithm::kSm2;
  std::string key;  // raw bytes; empty when there is a chain
  std::string message;
  std::string signature;
  std::vector<std::string> chain;  // DER, leaf first; empty when there is a key
  std::string key_id;              // 64 lowercase hex digits; with a chain
  int64_t at_ms = 0;               // with a chain
  bool witness = false;            // a cosignature of step 2
  std::string signer;              // vkey, or key id: for the report
};

struct SignatureAnswer {
  enum class Result { kHolds, kFails, kCouldNotCheck };
  Result result = Result::kCouldNotCheck;
  // Why, when it does not hold. English and Chinese; may be empty.
  std::string reason_en;
  std::string reason_zh;
};

enum class StepResult { kHolds, kFailed, kNotMade };

// One line of the report.
struct StepLine {
  int step = 0;  // of formats.md 8
  StepResult result = StepResult::kNotMade;
  std::string claim_en;
  std::string claim_zh;
  std::string anchor;     // the key, root or digest that it hangs on
  std::string reason_en;  // when it does not hold
  std::string reason_zh;
};

// Everything that OpenBundle found. `lines` hold the verdicts so far;
// signatures' lines come with the answers.
struct OpenedBundle {
  std::vector<StepLine> lines;
  std::vector<SignatureQuestion> questions;

  std::optional<Bundle> bundle;
  std::optional<Checkpoint> checkpoint;
  std::optional<Hash> chain_head;  // of the SM2 line
  std::optional<EntryHeader> issue;
  std::optional<EntryHeader> seal;
  std::optional<CertificateContent> content;
  std::vector<StatusRecord> records;  // as in the bundle; empty if one is bad
  uint32_t witness_quorum = 0;
  int64_t max_age_ms = 0;

  // The record under the seal's map root.
  const StatusRecord* current() const {
    return records.empty() ? nullptr : &records.back();
  }
};

OpenedBundle OpenBundle(Bytes bytes, const BundleTrust& trust);

// The numbers are the exit codes of `dataip verify`.
enum class Conclusion {
  kInForce = 0,
  kNotGenuine = 20,    // a check was made and failed
  kNotInForce = 21,    // genuine
  kCannotDecide = 22,  // a check could not be made
  kStale = 23,         // genuine
};

struct BundleAsk {
  int64_t now_ms = 0;                 // the verifier's clock
  std::optional<int64_t> at_ms;       // the instant asked for
  std::optional<int64_t> max_age_ms;  // else the trust file's
  bool require_unpledged = false;
  bool require_undisputed = false;
};

struct BundleReport {
  Conclusion conclusion = Conclusion::kCannotDecide;
  std::vector<StepLine> lines;  // by step
  int64_t at_ms = 0;            // the instant that the verdict is for
  int64_t age_ms = 0;           // of the seal
  uint32_t witnesses = 0;       // that have signed
};

// `answers` belong to `opened.questions`, one each in order; a missing one
// could not be checked.
BundleReport ConcludeBundle(const OpenedBundle& opened,
                            std::span<const SignatureAnswer> answers,
                            const BundleAsk& ask);

// YYYY-MM-DD of an instant in Asia/Shanghai, which is +08:00.
std::string ShanghaiDay(int64_t unix_ms);

}  // namespace dataip::proof
