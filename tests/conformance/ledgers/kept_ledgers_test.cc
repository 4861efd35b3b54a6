// Ledgers of earlier releases, kept for ever: each must audit clean, and its
// bundles verify, in every later release.
#include <filesystem>
#include <string>
#include <vector>

#include "client/audit/audit.h"
#include "core/verify/check.h"
#include "gtest/gtest.h"
#include "tests/support/process.h"

namespace dataip {
namespace {

namespace fs = std::filesystem;

constexpr char kLedgers[] = DATAIP_SOURCE_DIR "/tests/conformance/ledgers";

std::vector<std::string> KeptLedgers() {
  std::vector<std::string> folders;
  for (const auto& entry : fs::directory_iterator(kLedgers)) {
    if (entry.is_directory()) folders.push_back(entry.path().string());
  }
  return folders;
}

verify::Trust TrustOf(const std::string& folder) {
  return *verify::ParseTrust(test::ReadFile(folder + "/trust.json"));
}

TEST(KeptLedgers, AreThere) { EXPECT_GE(KeptLedgers().size(), 1u); }

TEST(KeptLedgers, AuditClean) {
  for (const std::string& folder : KeptLedgers()) {
    const auto files = client::OpenExportFolder(folder + "/ledger");
    ASSERT_TRUE(files.ok()) << files.status();
    client::AuditOptions options;
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() != ".bundle") continue;
      options.seen.push_back(
          {entry.path().string(), test::ReadFile(entry.path())});
    }
    EXPECT_GE(options.seen.size(), 1u);
    const auto report = client::Audit(*files, TrustOf(folder), options);
    EXPECT_EQ(report.ExitCode(), 0) << client::FormatAudit(report);
    EXPECT_GT(report.transitions, 0u);
  }
}

TEST(KeptLedgers, HoldBundlesThatAreGenuine) {
  for (const std::string& folder : KeptLedgers()) {
    const verify::Trust trust = TrustOf(folder);
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() != ".bundle") continue;
      const std::string bundle = test::ReadFile(entry.path());
      const auto report = verify::Check(hash::AsBytes(bundle), trust, {});
      ASSERT_TRUE(report.ok());
      EXPECT_EQ(report->conclusion, verify::Conclusion::kInForce)
          << verify::FormatReport(*report);
    }
  }
}

}  // namespace
}  // namespace dataip
