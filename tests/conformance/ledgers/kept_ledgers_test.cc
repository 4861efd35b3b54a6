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

client::AuditOptions OptionsFor(const std::string& folder) {
  client::AuditOptions options;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".bundle") continue;
    options.seen.push_back(
        {entry.path().string(), test::ReadFile(entry.path())});
  }
  return options;
}

verify::ReplayReport AuditOf(const std::string& folder, bool hashes_only) {
  const auto files = client::OpenExportFolder(folder + "/ledger");
  EXPECT_TRUE(files.ok()) << folder << ": " << files.status();
  if (!files.ok()) return {};
  client::AuditOptions options = OptionsFor(folder);
  options.hashes_only = hashes_only;
  return client::Audit(*files, TrustOf(folder), options);
}

// Decided by a decider that was never released and that no program has.
bool IsOfAnUnknownDecider(const std::string& folder) {
  return fs::path(folder).filename() == "1";
}

TEST(KeptLedgers, AuditClean) {
  size_t audited = 0;
  for (const std::string& folder : KeptLedgers()) {
    if (IsOfAnUnknownDecider(folder)) continue;
    ++audited;
    const auto report = AuditOf(folder, false);
    EXPECT_EQ(report.ExitCode(), 0) << folder << "\n"
                                    << client::FormatAudit(report);
    EXPECT_GT(report.transitions, 0u) << folder;
  }
  EXPECT_GT(audited, 0u) << "make ledger 2: README.md";
}

TEST(KeptLedgers, HaveHashesThatHoldWhoeverDecided) {
  for (const std::string& folder : KeptLedgers()) {
    const auto report = AuditOf(folder, true);
    EXPECT_EQ(report.ExitCode(), 0) << folder << "\n"
                                    << client::FormatAudit(report);
    EXPECT_GT(report.size, 0u) << folder;
  }
}

// Nobody is accused: the operator decided as a program did that is not here.
TEST(KeptLedgers, CannotBeDecidedWhenTheDeciderIsNotKnown) {
  size_t seen = 0;
  for (const std::string& folder : KeptLedgers()) {
    if (!IsOfAnUnknownDecider(folder)) continue;
    ++seen;
    const auto report = AuditOf(folder, false);
    EXPECT_EQ(report.ExitCode(), 22) << client::FormatAudit(report);
    ASSERT_TRUE(report.undecided.has_value());
    EXPECT_EQ(report.undecided->rule, "context.decider");
    EXPECT_EQ(report.undecided->index, 0u);
    EXPECT_FALSE(report.broken.has_value());
    EXPECT_GT(report.checks.at("chain.prev"), 30u);
    EXPECT_GT(report.checks.at("checkpoint.root"), 0u);
  }
  EXPECT_EQ(seen, 1u);
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
