#include "services/registry/orphans.h"

#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "services/common/logging.h"
#include "services/registry/openings.h"

namespace dataip::registryd {
namespace {

// Younger than any file: the clock of the disk may be coarse.
constexpr int64_t kAnyAge = -1;

void LogMissing(uint64_t missing) {
  services::Log(
      services::Severity::kError,
      "openings are missing: the ledger commits to more than the store holds, "
      "so the store is lost or an older one; put the right store back. "
      "Nothing is swept in this run. "
      "缺少原值：账本中的承诺多于存储所保存的原值，存储可能已丢失或为旧版本，"
      "请放回正确的存储；本次运行不清理任何原值和文件",
      {{"missing", std::to_string(missing)}});
}

}  // namespace

absl::Status Orphans::Begin(const OnLedger& on_ledger) {
  uint64_t missing = 0;
  for (const std::string& text : on_ledger.committed) {
    const auto digest = Hash::From(hash::AsBytes(text));
    if (!digest.has_value() || on_ledger.erased.count(text) > 0) continue;
    ASSIGN_OR_RETURN(const bool has, parts_.store.HasOpening(*digest));
    if (!has) ++missing;
  }
  missing_ = missing;
  if (missing > 0) {
    LogMissing(missing);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(
      const uint64_t openings,
      parts_.store.SweepOpenings([&](const Hash& digest) {
        return on_ledger.committed.count(std::string(digest.text())) > 0;
      }));
  services::Log(services::Severity::kInfo, "orphans swept",
                {{"openings", std::to_string(openings)}});
  RETURN_IF_ERROR(EraseFiles());
  // What openings that are gone had named is not known any more.
  return Sweep(parts_.store.opened_unpurged() ? kAnyAge
                                              : limits::kUnusedFileKeptS);
}

absl::Status Orphans::Sweep(int64_t unused_for_s) {
  ASSIGN_OR_RETURN(const std::set<Hash> named, NamedFiles(parts_.store));
  for (const Hash& sha256 : named) parts_.uploads.Filed(sha256);
  ASSIGN_OR_RETURN(const uint64_t swept,
                   parts_.files.Sweep(unused_for_s, [&](const Hash& sha256) {
                     return named.count(sha256) > 0;
                   }));
  services::Log(services::Severity::kInfo, "unused files swept",
                {{"files", std::to_string(swept)}});
  return parts_.uploads.Sweep();
}

absl::Status Orphans::SweepFiles() {
  return missing_ > 0 ? parts_.uploads.Sweep()
                      : Sweep(limits::kUnusedFileKeptS);
}

absl::Status Orphans::EraseFiles() {
  if (missing_ > 0) return absl::OkStatus();
  const std::set<Hash> erased = parts_.store.ErasedDigests();
  if (erased.empty()) return absl::OkStatus();
  // First: no command that begins now may count on them.
  for (const Hash& sha256 : erased) {
    RETURN_IF_ERROR(parts_.uploads.Forget(sha256));
  }
  ASSIGN_OR_RETURN(const std::set<Hash> named, NamedFiles(parts_.store));
  for (const Hash& sha256 : erased) {
    if (named.count(sha256) > 0) continue;
    RETURN_IF_ERROR(parts_.files.Remove(sha256));
  }
  parts_.store.ForgetErased(erased);
  return absl::OkStatus();
}

absl::Status Orphans::Purge() {
  RETURN_IF_ERROR(EraseFiles());
  return parts_.store.PurgeErased();
}

void MeasureOrphans(const Orphans& orphans, services::Metrics& metrics) {
  metrics.AddGauge(
      {"dataip_registry_openings_missing",
       "Commitments on the ledger whose openings the store did not have at "
       "start: it is lost or an older one."},
      [&orphans] { return static_cast<double>(orphans.missing()); });
}

}  // namespace dataip::registryd
