// One witness as the ledger sees it: what to send, and what its answer means
// (C2SP tlog-witness, tlog-cosignature).
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/limits.h"
#include "core/crypto/note_signer.h"
#include "core/proof/tree.h"
#include "services/common/http.h"

namespace dataip::ledger {

struct WitnessSetting {
  crypto::NoteVerifier key;
  std::string url;  // submission prefix, without a slash at the end

  // "<vkey> <url>". INVALID_ARGUMENT in both languages: no key of type 0x04, no
  // https URL, nor an http one of this machine.
  static absl::StatusOr<WitnessSetting> Parse(absl::string_view line);
};

// How witnesses are reached; tests have their own.
struct WitnessTransport {
  std::function<absl::StatusOr<services::HttpResponse>(
      const services::HttpCall&)>
      fetch = services::HttpFetch;
  std::function<int64_t()> time_s;  // our clock
  std::chrono::milliseconds timeout{limits::kWitnessTimeoutMs};
};

// A checkpoint that the ledger's keys have signed.
struct SignedCheckpoint {
  uint64_t size = 0;
  std::string note;  // text and the ledger's lines
};

enum class WitnessFound {
  kCosigned,  // `line` is its verified line
  kBehind,    // it has seen another size of ours, and is asked from there next
  kFailed,    // no answer, a refusal, or a line that does not verify
  kConflict,  // it claims to have seen what this ledger did not sign
};

struct WitnessAnswer {
  WitnessFound found = WitnessFound::kFailed;
  std::string line;
  std::string detail_en;  // one clause, unless cosigned
  std::string detail_zh;
};

// For one thread at a time. `reader_of` makes a reader of the ledger's tree.
class WitnessClient {
 public:
  using ReaderOf = std::function<proof::NodeReader()>;
  WitnessClient(WitnessSetting setting, WitnessTransport transport,
                ReaderOf reader_of);

  const std::string& name() const { return setting_.key.name(); }
  const std::string& url() const { return setting_.url; }
  // Of the last cosignature that was verified, 0 for none.
  uint64_t cosigned_size() const { return cosigned_size_; }

  // It cannot have seen anything of this ledger, unless somebody else has
  // its keys.
  void ExpectNothing() {
    known_size_ = 0;
    untold_ = true;
  }

  // One request. `largest_signed` is the largest size that this ledger ever
  // signed, read when the answer is there; what a witness has seen beyond it
  // is a conflict, and so is another root than ours. Neither is signed: it is
  // the witness's claim (witnesses.h).
  WitnessAnswer Ask(const SignedCheckpoint& checkpoint,
                    const std::atomic<uint64_t>& largest_signed);

 private:
  // DATA_LOSS when the tree does not lead to the root that was signed.
  absl::StatusOr<proof::Path> PathFrom(
      uint64_t old_size, const SignedCheckpoint& signed_checkpoint) const;
  WitnessAnswer TakeLines(const SignedCheckpoint& checkpoint,
                          const std::string& body);
  WitnessAnswer TakeConflict(const services::HttpResponse& response,
                             uint64_t old_size, uint64_t size,
                             uint64_t largest_signed);

  const WitnessSetting setting_;
  const WitnessTransport transport_;
  const ReaderOf reader_of_;
  // What it answered last, if it is known. Not known, the first request names
  // the checkpoint's own size as the old one, and proves nothing: a witness
  // that saw less answers with what it saw, and none is led on.
  std::optional<uint64_t> known_size_;
  uint64_t cosigned_size_ = 0;
  bool untold_ = false;  // no checkpoint of this ledger was ever sent
};

}  // namespace dataip::ledger
