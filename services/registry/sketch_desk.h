// Sketches of the samples that the registry holds (docs/decisions/0011): made
// when a filing or a correction is acknowledged, by a thread of their own, kept
// sealed in the store beside the opening of the sample, made again from the
// kept files when they are missing or the key is another one. Never on the
// ledger; what is found is for officers.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/mutex.h"
#include "core/crypto/sealed_record.h"
#include "services/registry/acknowledged.h"
#include "services/registry/files.h"
#include "services/registry/sketch_index.h"
#include "services/registry/store.h"

namespace dataip::registryd {

// What follows from the master key of the sketches. A value.
class SketchKey {
 public:
  // Of the file; makes it when it is missing. INVALID_FIELD when it holds
  // anything else.
  static absl::StatusOr<SketchKey> Open(const std::string& path);
  // INVALID_ARGUMENT when it is not 32 bytes.
  static absl::StatusOr<SketchKey> Create(absl::string_view master);

  v1::RecordSketch SketchOf(const std::vector<std::string>& records) const;
  // Under the commitment to the sample: a record of another one does not open.
  std::string Seal(const Hash& sample, const v1::RecordSketch& sketch) const;
  // DATA_LOSS when it was sealed under another key or commitment, or changed.
  absl::StatusOr<v1::RecordSketch> Unseal(const Hash& sample,
                                          absl::string_view sealed) const;

 private:
  SketchKey(std::string hash_key, crypto::RecordSealer sealer)
      : hash_key_(std::move(hash_key)), sealer_(std::move(sealer)) {}

  std::string hash_key_;
  crypto::RecordSealer sealer_;
};

// The case as the desk knows it; nothing without a sample.
std::optional<SketchedCase> SketchedCaseOf(const v1::Application& application);

// Thread safe.
class SketchDesk {
 public:
  struct Parts {
    Acknowledged& acknowledged;
    Store& store;
    const FileStore& files;
    SketchKey key;
  };
  // Takes up all cases, then each that changes. What it refers to outlives it;
  // nobody else sets the entry sink of `acknowledged`.
  explicit SketchDesk(Parts parts);
  // Stop().
  ~SketchDesk();
  // Leaves what is to be made; the next start makes it.
  void Stop();

  // Records in common of a case with another one.
  struct Alike {
    SketchedCase other;
    uint32_t per_mille = 0;
  };
  struct Answer {
    std::vector<Alike> alike;  // with at least one in common
    size_t to_be_made = 0;     // cases that were not looked at yet
    size_t looked = 0;         // entries of the index
  };
  // Those that the index finds, and `also`. Waits for the cases that changed
  // before it was asked, not for longer than `patience`. Nothing without a
  // sketch of the case itself.
  Answer Ask(const SketchedCase& of, const std::vector<SketchedCase>& also,
             std::chrono::milliseconds patience) const;

 private:
  // An application's number, or a commitment that was ordered erased.
  using Job = std::variant<std::string, Hash>;

  void Note(Job job) DATAIP_REQUIRES(mutex_);
  void Run();
  void TakeUp(const std::string& application_no);
  absl::StatusOr<v1::RecordSketch> Kept(const Hash& sample) const;
  absl::StatusOr<v1::RecordSketch> Make(const Hash& sample,
                                        const v1::Sample& form) const;

  const Parts parts_;
  mutable base::Mutex mutex_;
  mutable base::CondVar changed_;
  std::deque<Job> jobs_ DATAIP_GUARDED_BY(mutex_);
  uint64_t noted_ DATAIP_GUARDED_BY(mutex_) = 0;
  uint64_t done_ DATAIP_GUARDED_BY(mutex_) = 0;
  bool stopping_ DATAIP_GUARDED_BY(mutex_) = false;
  SketchIndex index_ DATAIP_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace dataip::registryd
