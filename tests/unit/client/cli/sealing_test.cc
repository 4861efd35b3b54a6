#include "client/cli/sealing.h"

#include <sys/stat.h>

#include "client/cli/evidence_files.h"
#include "core/crypto/command_signature.h"
#include "gmock/gmock.h"
#include "tests/support/process.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using ::testing::HasSubstr;

Filing FilingWithMethods() {
  Filing filing;
  filing.form.add_sources()->set_method("自有热量表每小时上传");
  filing.form.add_sources()->set_method("协议采购");
  filing.form.mutable_contact()->set_role("数据岗");
  return filing;
}

TEST(SealField, LeavesACommitmentThatTheOpeningOpens) {
  Filing filing = FilingWithMethods();
  const auto kept = SealField("sources[1].method", filing);
  ASSERT_TRUE(kept.ok()) << kept.status();
  EXPECT_EQ(kept->opening().value(), "协议采购");
  EXPECT_EQ(filing.form.sources(1).method(), "");
  EXPECT_EQ(filing.form.sources(0).method(), "自有热量表每小时上传");
  ASSERT_EQ(filing.form.sealed_size(), 1);
  EXPECT_EQ(filing.form.sealed(0).value().digest(),
            crypto::OpeningCommitment(hash::AsBytes(kept->opening().salt()),
                                      hash::AsBytes(kept->opening().value()))
                .text());
  ASSERT_EQ(filing.openings.size(), 1u);
}

TEST(SealField, KeepsThePathsInOrderAndEachOnce) {
  Filing filing = FilingWithMethods();
  ASSERT_TRUE(SealField("sources[0].method", filing).ok());
  ASSERT_TRUE(SealField("contact.role", filing).ok());
  ASSERT_EQ(filing.form.sealed_size(), 2);
  EXPECT_EQ(filing.form.sealed(0).field(), "contact.role");
  filing.form.mutable_contact()->set_role("数据资产岗");
  ASSERT_TRUE(SealField("contact.role", filing).ok());
  EXPECT_EQ(filing.form.sealed_size(), 2);
}

TEST(SealField, RefusesWhatIsNoTextOfTheForm) {
  Filing filing = FilingWithMethods();
  for (const char* path :
       {"", "nothing", "sources", "sources[2].method", "sources[0].category",
        "contact.name", "sources[0].contract_end", "contact"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(SealField(path, filing).status()))
        << path;
  }
  EXPECT_EQ(filing.form.sealed_size(), 0);
}

TEST(SetTier, KeepsTheFieldsInOrder) {
  v1::ApplicationForm form;
  SetTier("sources", v1::TIER_SEALED, form);
  SetTier("contact", v1::TIER_EXAMINER, form);
  SetTier("contact", v1::TIER_SEALED, form);
  ASSERT_EQ(form.tiers_size(), 2);
  EXPECT_EQ(form.tiers(0).field(), "contact");
  EXPECT_EQ(form.tiers(0).tier(), v1::TIER_SEALED);
}

TEST(SealedFile, IsReadBackByItsOwnerOnly) {
  test::TempDir dir;
  const std::string path = dir / "sealed.json";
  Filing filing = FilingWithMethods();
  const auto one = SealField("sources[0].method", filing);
  const auto other = SealField("contact.role", filing);
  ASSERT_TRUE(WriteSealed(path, "R-7", {*one, *other}).ok());
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const auto read = ReadSealed(path, "contact.role");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->SerializeAsString(), other->opening().SerializeAsString());
  EXPECT_TRUE(absl::IsAlreadyExists(WriteSealed(path, "R-7", {*one})));
  EXPECT_TRUE(absl::IsNotFound(ReadSealed(path, "name").status()));
  EXPECT_TRUE(absl::IsNotFound(ReadSealed(dir / "none", "name").status()));
  test::WriteFile(path, "{\"fields\": 1}\n");
  EXPECT_TRUE(absl::IsInvalidArgument(ReadSealed(path, "name").status()));
}

TEST(MediaTypeOf, GoesByTheExtension) {
  EXPECT_EQ(MediaTypeOf("a/b.PDF"), "application/pdf");
  EXPECT_EQ(MediaTypeOf("scan.jpeg"), "image/jpeg");
  EXPECT_EQ(MediaTypeOf("pdf"), "application/octet-stream");
  EXPECT_EQ(ExtensionOf("image/jpeg"), ".jpg");
  EXPECT_EQ(ExtensionOf("application/x-unknown"), ".bin");
}

}  // namespace
}  // namespace dataip::client
