// Orders to erase that are rehearsed on an export.
#include <gmock/gmock.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/audit/audit.h"
#include "core/registry/erasure/redaction.h"
#include "core/registry/values/canonical.h"
#include "tests/support/process.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/core/verify/sample.h"

namespace dataip::client {
namespace {

namespace v1 = dataip::registry::v1;
using ::dataip::testing::IsOk;
using ::dataip::testing::StatusIs;
using test::Sample;
using ::testing::HasSubstr;

constexpr char kMethod[] =
    "events[0].application_submitted.application.form.sources[0].method";

v1::Transition TransitionAt(size_t index) {
  return *registry::ParseCanonical<v1::Transition>(
      Sample().drafts[index].payload);
}

// The first filing.
uint64_t FilingIndex() {
  for (size_t i = 0;; ++i) {
    if (Sample().drafts[i].IsTransition() &&
        TransitionAt(i).events(0).has_application_submitted()) {
      return i;
    }
  }
}

v1::ErasedEntry Redacted(uint64_t index) {
  const std::string& payload = Sample().drafts[index].payload;
  v1::ErasedEntry entry;
  entry.set_index(index);
  entry.set_payload_sha256(
      std::string(hash::Sha256(hash::AsBytes(payload)).text()));
  entry.set_payload_sm3(std::string(hash::Sm3(hash::AsBytes(payload)).text()));
  entry.set_substitute(registry::SerializeCanonical(
      *registry::Redact(TransitionAt(index), {kMethod})));
  return entry;
}

class Rehearsal : public ::testing::Test {
 protected:
  Rehearsal() {
    order_.set_ordered_by("杭州互联网法院");
    order_.set_legal_basis("个人信息保护法 第四十七条");
    *order_.add_entries() = Redacted(FilingIndex());
  }

  verify::ReplayReport Rehearse() const {
    test::TempDir dir;
    const std::string path = dir / "export";
    DATAIP_ASSERT(test::WriteExport(Sample().book, path).ok());
    AuditOptions options;
    options.rehearse = order_;
    return Audit(test::FilesInMemory(*test::LoadExport(path)), Sample().trust(),
                 options);
  }

  v1::ErasePayload order_;
};

TEST_F(Rehearsal, IsCleanAndNamesThisOrder) {
  const auto report = Rehearse();
  EXPECT_EQ(report.ExitCode(), 0);
  EXPECT_GT(report.checks.at("erasure.order"), 0u);
  EXPECT_THAT(CheckRehearsed(order_, report), IsOk());
  EXPECT_THAT(FormatAudit(report), HasSubstr("erased by this order"));
  EXPECT_THAT(FormatAuditJson(report), HasSubstr("\"order\":null"));
  for (const std::string& text :
       {FormatAudit(report), FormatAuditJson(report)}) {
    EXPECT_FALSE(absl::StrContains(text, absl::StrCat(kRehearsedOrder)));
  }
}

TEST_F(Rehearsal, OfAnOrderThatDoesNotFitNamesThisOrderToo) {
  order_.mutable_entries(0)->set_payload_sm3(std::string(32, 'x'));
  const auto report = Rehearse();
  EXPECT_EQ(report.ExitCode(), 20);
  EXPECT_THAT(FormatAudit(report), HasSubstr("this order"));
  for (const std::string& text :
       {FormatAudit(report), FormatAuditJson(report)}) {
    EXPECT_FALSE(absl::StrContains(text, absl::StrCat(kRehearsedOrder)));
  }
}

TEST_F(Rehearsal, RefusesAnEntryBehindTheExport) {
  order_.mutable_entries(0)->set_index(Sample().book.size());
  EXPECT_THAT(
      CheckRehearsed(order_, Rehearse()),
      StatusIs(absl::StatusCode::kFailedPrecondition,
               HasSubstr(absl::StrCat("entry ", Sample().book.size()))));
}

TEST_F(Rehearsal, RefusesAnEntryThatWasErasedBefore) {
  auto report = Rehearse();
  ASSERT_EQ(report.erased.size(), 1u);
  report.erased[0].order_index = 17;
  EXPECT_THAT(CheckRehearsed(order_, report),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("entry 17 ordered it erased")));
}

TEST_F(Rehearsal, RefusesAnEntryWhosePayloadIsNotThere) {
  auto report = Rehearse();
  ASSERT_EQ(report.erased.size(), 1u);
  report.erased[0].standing = false;
  EXPECT_THAT(CheckRehearsed(order_, report),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("payload is not in the export")));
}

TEST_F(Rehearsal, RefusesAnEntryThatIsNamedTwice) {
  EXPECT_THAT(CheckOrder(order_), IsOk());
  *order_.add_entries() = order_.entries(0);
  EXPECT_THAT(CheckOrder(order_), StatusIs(absl::StatusCode::kInvalidArgument,
                                           HasSubstr("named twice")));
}

}  // namespace
}  // namespace dataip::client
