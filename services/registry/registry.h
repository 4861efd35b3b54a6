// A whole registry without its network side: what main and the tests start.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/ledger_client.h"
#include "core/base/limits.h"
#include "dataip/registry/v1/registry_service.pb.h"
#include "services/common/latch.h"
#include "services/common/metrics.h"
#include "services/registry/batch_desk.h"
#include "services/registry/caller.h"
#include "services/registry/certificate_signer.h"
#include "services/registry/clock_actor.h"
#include "services/registry/feed.h"
#include "services/registry/files.h"
#include "services/registry/reads.h"
#include "services/registry/uploads.h"

namespace dataip::registryd {

struct RegistryOptions {
  std::string data_dir;
  std::shared_ptr<grpc::Channel> ledger;
  CertificateSigner signer;
  ClockActor clock_actor;
  size_t worker_threads = 2;
  std::function<int64_t()> now_ms;  // the real clock, Unix ms
  // Key id of the root; may be left out once the registry is opened.
  std::string root_key = {};
  // File of the key that openings are sealed under; "" for openings.key of the
  // data folder.
  std::string openings_key = {};
  // File of the key that samples are sketched under; "" for sketch.key of the
  // data folder.
  std::string sketch_key = {};
  // Outlives the registry, which must outlive its serving; may be none.
  services::Metrics* metrics = nullptr;
  // How often files that no command came for are looked for.
  std::chrono::milliseconds sweep_interval{limits::kFileSweepIntervalMs};
};

// Thread safe.
class Registry {
 public:
  // Replays the ledger, opens an epoch of writing (which fences every other
  // registry of this ledger), sweeps orphans, and begins to decide.
  // INVALID_FIELD when a key is not that which the registry was opened with,
  // WRONG_LEDGER when the data folder belongs to another ledger or
  // another process holds the folder, DATA_LOSS when the ledger's entries do
  // not hang together, UNAVAILABLE when the ledger does not answer.
  static absl::StatusOr<std::unique_ptr<Registry>> Start(
      RegistryOptions options);
  // Stop().
  ~Registry();

  using Submitted =
      std::function<void(absl::StatusOr<v1::SubmitCommandResponse>)>;
  // From `caller`: authenticates, decides, appends and waits for the receipt,
  // holding no thread meanwhile. `submitted` is called once, from any thread;
  // `request` must live until then.
  void Submit(const Caller& caller, const v1::SubmitCommandRequest& request,
              Submitted submitted);

  const Reads& reads() const;
  const BatchDesk& batches() const;
  Feed& feed() const;
  const FileStore& files() const;
  Uploads& uploads() const;

  absl::StatusOr<v1::GetBundleResponse> GetBundle(
      const Caller& caller, const v1::GetBundleRequest& request) const;

  // A file of an object, for those who see the object (object_files.h), or the
  // value of a disclosed field, for everybody (disclosed.h).
  struct FoundFile {
    Hash sha256;
    uint64_t byte_size = 0;
    std::string salt;
    std::optional<std::string> value = std::nullopt;  // of a field
  };
  absl::StatusOr<FoundFile> FindFile(
      const Caller& caller, const v1::DownloadFileRequest& request) const;

  // Why it decides no more (fenced, halted); OK else.
  absl::Status halted() const;
  // Set when it decides no more.
  services::Latch& halting();
  // For a watchdog, as CommandLoop::GoesOn.
  bool GoesOn();
  // Digest of the projections, for comparing two of them.
  absl::StatusOr<Hash> ProjectionDigest() const;
  // Digest of the acknowledged state.
  std::string StateDigest() const;

  // Answers everything that was submitted; later submissions are refused.
  void Stop();

 private:
  struct Parts;
  explicit Registry(std::unique_ptr<Parts> parts);
  void AnswerRepeated(const v1::SubmitCommandRequest& request,
                      const Submitted& submitted) const;

  std::unique_ptr<Parts> parts_;
};

}  // namespace dataip::registryd
