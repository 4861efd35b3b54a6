// Folders that somebody made to mislead the auditor, or to keep it busy.
#include <sys/stat.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "client/audit/audit.h"
#include "client/export/export_layout.h"
#include "core/proof/header.h"
#include "core/registry/erasure/redaction.h"
#include "core/registry/values/canonical.h"
#include "dataip/registry/v1/transition.pb.h"
#include "gtest/gtest.h"
#include "tests/support/process.h"
#include "tests/unit/core/verify/sample.h"

namespace dataip::client {
namespace {

namespace fs = std::filesystem;
namespace v1 = dataip::registry::v1;
using test::Sample;

constexpr uint64_t kSparseBytes = uint64_t{6} << 30;

void AppendPayload(bool erased, const std::string& payload, std::string& out) {
  const auto length =
      erased ? kErasedLength : static_cast<uint32_t>(payload.size());
  for (int shift = 24; shift >= 0; shift -= 8) {
    out += static_cast<char>(length >> shift);
  }
  if (!erased) out += payload;
}

class HostileFolder : public ::testing::Test {
 protected:
  HostileFolder() {
    DATAIP_ASSERT(test::WriteExport(Sample().book, folder_).ok());
  }

  std::string Path(const std::string& path) const {
    return absl::StrCat(folder_, "/", path);
  }
  Piece First() const {
    const uint64_t size = Sample().book.size();
    return {0, size < kTileWidth ? static_cast<uint32_t>(size) : kTileWidth};
  }
  void Write(const std::string& path, const std::string& bytes) const {
    fs::create_directories(fs::path(Path(path)).parent_path());
    test::WriteFile(Path(path), bytes);
  }
  void MakeSparse(const std::string& path) const {
    fs::create_directories(fs::path(Path(path)).parent_path());
    if (!fs::exists(Path(path))) test::WriteFile(Path(path), "");
    fs::resize_file(Path(path), kSparseBytes);
  }
  void LooksLikeMirror() const {
    fs::remove(Path(kManifestFile));
    Write(".mirror/about", "dataip mirror 1\n");
  }

  verify::ReplayReport Audited(AuditOptions options = {}) const {
    return Audit(*OpenExportFolder(folder_), Sample().trust(), options);
  }
  std::string Rule() const {
    const auto report = Audited();
    return report.broken.has_value() ? report.broken->rule : "";
  }

  test::TempDir dir_;
  const std::string folder_ = dir_ / "export";
};

TEST_F(HostileFolder, DoesNotBlockOnPipesNorFollowLinks) {
  for (const std::string& path :
       {std::string(kCheckpointFile), std::string(kManifestFile),
        PayloadPath(First()), TilePath(0, First())}) {
    fs::rename(Path(path), Path("kept"));
    ASSERT_EQ(mkfifo(Path(path).c_str(), 0600), 0);
    EXPECT_EQ(Audited().ExitCode(), 20) << path;
    fs::remove(Path(path));
    fs::create_symlink("/dev/zero", Path(path));
    EXPECT_EQ(Audited().ExitCode(), 20) << path;
    fs::remove(Path(path));
    fs::rename(Path("kept"), Path(path));
  }
  EXPECT_EQ(Audited().ExitCode(), 0);
  fs::rename(Path("tile"), dir_ / "tile");
  fs::create_directory_symlink(dir_ / "tile", Path("tile"));
  EXPECT_EQ(Audited().ExitCode(), 20);
}

TEST_F(HostileFolder, IsNotReadBeyondWhatItsFilesCanHave) {
  for (const std::string& path :
       {std::string(kCheckpointFile), PayloadPath(First()),
        EntriesPath(First()), TilePath(0, First())}) {
    const std::string kept = test::ReadFile(Path(path));
    MakeSparse(path);
    EXPECT_EQ(Rule(), "file.form") << path;
    test::WriteFile(Path(path), kept);
  }
  MakeSparse(kManifestFile);
  EXPECT_EQ(Rule(), "file.manifest");
}

// The manifest is gone, a payload with it, and what claims to order it lies
// past the checkpoint in files that a mirror may have.
TEST_F(HostileFolder, OrdersNothingByFilesPastTheCheckpoint) {
  LooksLikeMirror();
  EXPECT_EQ(Audited().ExitCode(), 0);
  uint64_t erased = 0;
  v1::Transition transition;
  const auto& book = Sample().book;
  for (;; ++erased) {
    const auto original =
        registry::ParseCanonical<v1::Transition>(book.payloads[erased]);
    if (!original.ok()) continue;
    const auto substitute = registry::Redact(*original, {});
    if (!substitute.ok()) continue;
    const auto header =
        *proof::DecodeHeader(hash::AsBytes(book.headers[erased]));
    auto* const named = transition.add_events()
                            ->mutable_payload_erased()
                            ->mutable_order()
                            ->add_entries();
    named->set_index(erased);
    named->set_payload_sha256(std::string(header.payload_sha256.text()));
    named->set_payload_sm3(std::string(header.payload_sm3.text()));
    named->set_substitute(registry::SerializeCanonical(*substitute));
    break;
  }
  std::string payloads;
  for (uint64_t i = 0; i < First().width; ++i) {
    AppendPayload(i == erased, book.payloads[i], payloads);
  }
  Write(PayloadPath(First()), payloads);
  proof::EntryHeader header;
  header.index = 999 * kTileWidth;
  header.type = std::string(proof::kTransitionType);
  header.stream = "registry";
  const std::string bytes = *proof::EncodeHeader(header);
  std::string headers = {static_cast<char>(bytes.size() >> 8),
                         static_cast<char>(bytes.size())};
  Write("tile/entries/999.p/1", headers + bytes);
  std::string order;
  AppendPayload(false, registry::SerializeCanonical(transition), order);
  Write("payload/999.p/1", order);
  for (const bool hashes_only : {false, true}) {
    AuditOptions options;
    options.hashes_only = hashes_only;
    const auto report = Audited(options);
    ASSERT_TRUE(report.broken.has_value()) << hashes_only;
    EXPECT_EQ(report.broken->rule, "payload.erased");
    EXPECT_EQ(report.broken->index, erased);
  }
}

TEST_F(HostileFolder, RehearsesNothingOnFilesThatAreNotOfTheExport) {
  Write("tile/entries/000.p/4000000000", "");
  Write("payload/000.p/4000000000", "");
  AuditOptions options;
  options.rehearse.emplace();
  EXPECT_EQ(Audited(options).broken.value().rule, "file.unexpected");
}

TEST_F(HostileFolder, LooksAtTheSameEvidenceOnce) {
  LooksLikeMirror();
  const std::string note = test::ReadFile(Path(kCheckpointFile));
  for (int i = 0; i < 300; ++i) {
    Write(absl::StrCat("evidence/", i, ".note"), note);
  }
  const auto report = Audited();
  EXPECT_EQ(report.ExitCode(), 0);
  EXPECT_EQ(report.checks.at("seen.on_ledger"), 1u);
}

}  // namespace
}  // namespace dataip::client
