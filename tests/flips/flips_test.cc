// Every bit of a bundle and every byte of every file of an export, flipped:
// the answer is never "genuine" or "clean".
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "client/audit/audit.h"
#include "client/export/export_layout.h"
#include "core/base/mutex.h"
#include "core/proof/bundle.h"
#include "core/verify/check.h"
#include "gtest/gtest.h"
#include "tests/support/process.h"
#include "tests/unit/core/verify/sample.h"

namespace dataip::test {
namespace {

using Files = std::map<std::string, std::string>;

constexpr int64_t kNowMs = 1'767'700'000'000;

const SampleLedger& Brief() {
  static const SampleLedger sample = *MakeSampleLedger({.brief = true});
  return sample;
}

// Positions where something was let through; added to from many threads.
class Passed {
 public:
  void Add(size_t position) {
    base::MutexLock lock(mutex_);
    positions_.insert(position);
  }
  std::set<size_t> positions() {
    base::MutexLock lock(mutex_);
    return positions_;
  }

 private:
  base::Mutex mutex_;
  std::set<size_t> positions_ DATAIP_GUARDED_BY(mutex_);
};

const Files& Export() {
  static const Files files = [] {
    TempDir dir;
    DATAIP_ASSERT(WriteExport(Brief().book, dir / "e").ok());
    return *LoadExport(dir / "e");
  }();
  return files;
}

// The exit code of a check. Signatures are left out where the steps without
// them have failed already: they can only add failures.
int CodeOf(const std::string& bundle, const verify::Trust& trust,
           const proof::BundleTrust& steps_trust) {
  const proof::OpenedBundle opened =
      proof::OpenBundle(hash::AsBytes(bundle), steps_trust);
  const proof::BundleReport unsigned_report =
      proof::ConcludeBundle(opened, {}, {.now_ms = kNowMs});
  if (unsigned_report.conclusion == proof::Conclusion::kNotGenuine) return 20;
  const auto report =
      verify::Check(hash::AsBytes(bundle), trust, {.now_ms = kNowMs});
  return report.ok() ? ExitCode(report->conclusion) : 22;
}

TEST(Flips, OfEveryBitOfABundleAreFound) {
  const verify::Trust trust = Sample().trust();
  const proof::BundleTrust steps_trust = verify::BundleTrustOf(trust);
  const std::string bundle =
      MakeSampleBundle(Sample(), Sample().certificates[2],
                       {.history = true, .open_names = true});
  ASSERT_EQ(CodeOf(bundle, trust, steps_trust), 0);
  Passed passed;
  client::OnAllCores()(bundle.size() * 8, [&](size_t bit) {
    std::string flipped = bundle;
    flipped[bit / 8] ^= static_cast<char>(1 << bit % 8);
    // A higher format or another origin cannot be decided.
    const int code = CodeOf(flipped, trust, steps_trust);
    if (code != 20 && code != 22) passed.Add(bit);
  });
  EXPECT_EQ(passed.positions(), std::set<size_t>());
}

// --hashes-only makes a part of the checks of the full audit, so what it
// finds the full one finds.
TEST(Flips, OfEveryByteOfEveryFileOfAnExportAreFound) {
  const verify::Trust trust = Brief().trust();
  client::AuditOptions options;
  options.hashes_only = true;
  for (const auto& [name, bytes] : Export()) {
    Passed passed;
    const std::string& path = name;
    client::OnAllCores()(bytes.size(), [&](size_t i) {
      Files files = Export();
      files[path][i] ^= static_cast<char>(1 << i % 8);
      if (Audit(FilesInMemory(files), trust, options).ExitCode() == 0) {
        passed.Add(i);
      }
    });
    EXPECT_EQ(passed.positions(), std::set<size_t>()) << path;
  }
}

Files WithManifest(Files files) {
  files.erase(client::kManifestFile);
  std::vector<client::ManifestEntry> entries;
  for (const auto& [path, bytes] : files) {
    entries.push_back({path, bytes.size(), hash::Sha256(hash::AsBytes(bytes))});
  }
  files[client::kManifestFile] =
      client::ManifestText(Brief().origin, Brief().book.size(), entries);
  return files;
}

// Without the manifest's help.
TEST(Flips, AreFoundUnderAManifestThatWasMadeAgain) {
  constexpr size_t kStep = 61;
  const verify::Trust trust = Brief().trust();
  for (const auto& [name, bytes] : Export()) {
    if (name == client::kManifestFile) continue;
    Passed passed;
    const std::string& path = name;
    client::OnAllCores()(bytes.size() / kStep + 1, [&](size_t step) {
      const size_t i = std::min(step * kStep, bytes.size() - 1);
      Files files = Export();
      files[path][i] ^= static_cast<char>(1 << i % 8);
      const Files repaired = WithManifest(std::move(files));
      if (Audit(FilesInMemory(repaired), trust, {}).ExitCode() == 0) {
        passed.Add(i);
      }
    });
    EXPECT_EQ(passed.positions(), std::set<size_t>()) << path;
  }
}

}  // namespace
}  // namespace dataip::test
