// Every named edit is found, by the rules alone.
#include "tests/support/forge.h"

#include "client/audit/audit.h"
#include "gtest/gtest.h"
#include "tests/support/life_ledger.h"
#include "tests/support/process.h"
#include "tests/unit/core/verify/sample.h"

namespace dataip::test {
namespace {

Forger SampleForger() {
  TempDir dir;
  DATAIP_ASSERT(WriteExport(Sample().book, dir / "e").ok());
  return Forger(*LoadDrafts(dir / "e"), Sample().keys, Sample().signers);
}

const LifeLedger& Life() {
  static const LifeLedger ledger = [] {
    auto made = MakeLifeLedger();
    DATAIP_ASSERT(made.ok());
    return *std::move(made);
  }();
  return ledger;
}

Forger LifeForger() {
  TempDir dir;
  DATAIP_ASSERT(WriteExport(Life().book, dir / "e").ok());
  return Forger(*LoadDrafts(dir / "e"), Life().keys, Life().signers);
}

verify::ReplayReport AuditOf(const Book& book, const verify::Trust& trust,
                             bool hashes_only) {
  TempDir dir;
  DATAIP_ASSERT(WriteExport(book, dir / "e").ok());
  const auto files = client::OpenExportFolder(dir / "e");
  client::AuditOptions options;
  options.hashes_only = hashes_only;
  return client::Audit(*files, trust, options);
}

void ExpectFound(const NamedEdit& edit, const Forger& forger,
                 const verify::Trust& trust) {
  const auto index = FirstFit(edit, forger);
  ASSERT_TRUE(index.has_value());
  const auto book = ForgeBook(forger, edit, *index);
  ASSERT_TRUE(book.ok()) << book.status();
  EXPECT_EQ(AuditOf(*book, trust, true).ExitCode(), edit.hashes_see ? 20 : 0);
  const verify::ReplayReport report = AuditOf(*book, trust, false);
  ASSERT_TRUE(report.broken.has_value());
  EXPECT_EQ(report.broken->index, *index) << report.broken->message_en;
  EXPECT_EQ(report.broken->rule, edit.rule) << report.broken->message_en;
  EXPECT_FALSE(report.broken->message_zh.empty());
}

std::string NameOf(const ::testing::TestParamInfo<NamedEdit>& info) {
  std::string name = info.param.name;
  for (char& c : name) {
    if (c == '-') c = '_';
  }
  return name;
}

class Forgery : public ::testing::TestWithParam<NamedEdit> {};

TEST_P(Forgery, IsInvisibleToHashesAndNamedByItsRule) {
  ExpectFound(GetParam(), SampleForger(), Sample().trust());
}

INSTANTIATE_TEST_SUITE_P(All, Forgery, ::testing::ValuesIn(NamedEdits()),
                         NameOf);

class LifeForgery : public ::testing::TestWithParam<NamedEdit> {};

TEST_P(LifeForgery, IsInvisibleToHashesAndNamedByItsRule) {
  ExpectFound(GetParam(), LifeForger(), Life().trust());
}

INSTANTIATE_TEST_SUITE_P(All, LifeForgery, ::testing::ValuesIn(LifeEdits()),
                         NameOf);

TEST(LifeLedger, AuditsClean) {
  const verify::ReplayReport report =
      AuditOf(Life().book, Life().trust(), false);
  EXPECT_EQ(report.ExitCode(), 0)
      << (report.broken.has_value() ? report.broken->message_en : "");
}

TEST(Forger, RebuildsTheSampleUnchangedWithoutAnEdit) {
  Forger forger = SampleForger();
  ASSERT_TRUE(forger.Rebuild(0).ok());
  const auto book = forger.Finish();
  ASSERT_TRUE(book.ok());
  EXPECT_EQ(book->headers, Sample().book.headers);
}

}  // namespace
}  // namespace dataip::test
