#include "services/registry/acknowledged.h"

#include <filesystem>
#include <functional>

#include "absl/strings/str_cat.h"
#include "core/proof/header.h"
#include "core/registry/state/context.h"
#include "core/registry/values/canonical.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/process.h"
#include "tests/support/sample_ledger.h"
#include "tests/support/status_matchers.h"

namespace dataip::registryd {
namespace {

using ::dataip::testing::StatusIs;

const test::SampleLedger& Sample() {
  static const test::SampleLedger* sample =
      new test::SampleLedger(*test::MakeSampleLedger({}));
  return *sample;
}

ledger::v1::Entry EntryAt(uint64_t index) {
  ledger::v1::Entry entry;
  entry.set_index(index);
  entry.set_header(Sample().book.headers[index]);
  entry.set_payload(Sample().book.payloads[index]);
  entry.set_payload_status(ledger::v1::PRESENT);
  return entry;
}

// A registry's stores and state over the sample ledger.
class Place {
 public:
  explicit Place(const std::string& path)
      : projection_(*Projection::Open(path + "/projections")),
        store_(*Store::Open(path + "/store")),
        acknowledged_(*projection_, *store_) {
    acknowledged_.SetOrigin(Sample().origin);
  }

  absl::Status TakeUntil(uint64_t end) {
    for (uint64_t i = acknowledged_.tail().next_index(); i < end; ++i) {
      const auto taken = acknowledged_.Take(EntryAt(i));
      if (!taken.ok()) return taken.status();
    }
    return absl::OkStatus();
  }
  absl::Status TakeAll() { return TakeUntil(Sample().book.size()); }

  Acknowledged& acknowledged() { return acknowledged_; }
  const Projection& projection() { return *projection_; }
  std::string ProjectionDigest() {
    return std::string(projection_->Digest()->text());
  }

 private:
  std::unique_ptr<Projection> projection_;
  std::unique_ptr<Store> store_;
  Acknowledged acknowledged_;
};

TEST(Acknowledged, RefusesEntriesThatDoNotHangTogether) {
  const test::TempDir dir;
  Place place(dir.path());
  ASSERT_OK(place.TakeUntil(3));
  const auto refused = [&](const ledger::v1::Entry& entry,
                           absl::StatusCode code) {
    EXPECT_THAT(place.acknowledged().Take(entry).status(), StatusIs(code));
    EXPECT_EQ(place.acknowledged().tail().next_index(), 3u);
  };
  refused(EntryAt(4), absl::StatusCode::kDataLoss);
  refused(EntryAt(2), absl::StatusCode::kDataLoss);
  ledger::v1::Entry other_payload = EntryAt(3);
  other_payload.mutable_payload()->append("x");
  refused(other_payload, absl::StatusCode::kDataLoss);
  ledger::v1::Entry other_prev = EntryAt(3);
  (*other_prev.mutable_header())[20] ^= 1;
  refused(other_prev, absl::StatusCode::kDataLoss);
  ledger::v1::Entry truncated = EntryAt(3);
  truncated.mutable_header()->pop_back();
  refused(truncated, absl::StatusCode::kDataLoss);
  ledger::v1::Entry withheld = EntryAt(3);
  withheld.set_payload_status(ledger::v1::NOT_FOR_THIS_READER);
  withheld.clear_payload();
  refused(withheld, absl::StatusCode::kPermissionDenied);
  EXPECT_OK(place.TakeAll());
}

// The entry as another program would have written it.
ledger::v1::Entry Changed(uint64_t index,
                          const std::function<void(v1::Transition&)>& change) {
  ledger::v1::Entry entry = EntryAt(index);
  v1::Transition transition =
      *registry::ParseCanonical<v1::Transition>(entry.payload());
  change(transition);
  entry.set_payload(registry::SerializeCanonical(transition));
  auto header = *proof::DecodeHeader(hash::AsBytes(entry.header()));
  const Bytes payload = hash::AsBytes(entry.payload());
  header.payload_size = entry.payload().size();
  header.payload_sha256 = hash::Sha256(payload);
  header.payload_sm3 = hash::Sm3(payload);
  entry.set_header(*proof::EncodeHeader(header));
  return entry;
}

TEST(Acknowledged, DoesNotGoOnWhereAnotherDeciderHasDecided) {
  for (const uint32_t decider :
       {0u, registry::kDecider - 1, registry::kDecider + 1}) {
    const test::TempDir dir;
    Place place(dir.path());
    ASSERT_OK(place.TakeUntil(3));
    const auto taken =
        place.acknowledged()
            .Take(Changed(3,
                          [decider](v1::Transition& transition) {
                            transition.mutable_context()->set_decider(decider);
                          }))
            .status();
    EXPECT_THAT(taken, StatusIs(absl::StatusCode::kFailedPrecondition));
    EXPECT_THAT(std::string(taken.message()),
                ::testing::HasSubstr(absl::StrCat("decider ", decider)));
    EXPECT_EQ(place.acknowledged().tail().next_index(), 3u);
    EXPECT_OK(place.TakeAll());
  }
}

// It would be a registry without that table that says nothing of it.
TEST(Acknowledged, DoesNotGoOnWithoutATableThatItCannotRead) {
  const test::TempDir dir;
  Place place(dir.path());
  uint64_t index = 0;
  const auto break_table = [](v1::Transition& transition) {
    for (v1::Event& event : *transition.mutable_events()) {
      if (!event.has_table_loaded()) continue;
      event.mutable_table_loaded()->set_content("no table\n");
    }
  };
  while (Changed(index, break_table).payload() == EntryAt(index).payload()) {
    ASSERT_LT(++index, Sample().book.size());
  }
  ASSERT_OK(place.TakeUntil(index));
  EXPECT_THAT(place.acknowledged().Take(Changed(index, break_table)).status(),
              StatusIs(absl::StatusCode::kDataLoss,
                       ::testing::HasSubstr(absl::StrCat("entry ", index))));
  EXPECT_EQ(place.acknowledged().tail().next_index(), index);
  EXPECT_OK(place.TakeAll());
}

TEST(Acknowledged, MakesTheStateThatWasDecided) {
  const test::TempDir dir;
  Place place(dir.path());
  ASSERT_OK(place.TakeAll());
  EXPECT_EQ(registry::Digest(place.acknowledged().Copy()),
            registry::Digest(Sample().state));
}

TEST(Projection, KnowsPlacesStepsAndUsage) {
  const test::TempDir dir;
  Place place(dir.path());
  ASSERT_OK(place.TakeAll());
  for (const auto& certificate : Sample().certificates) {
    EXPECT_EQ(*place.projection().IssueIndex(certificate.number),
              certificate.issue_index);
  }
  EXPECT_THAT(place.projection().IssueIndex("1").status(),
              StatusIs(absl::StatusCode::kNotFound));
  const auto& licences = Sample().state.licences;
  ASSERT_FALSE(licences.empty());
  const std::string& licence_no = licences.begin()->first;
  const auto usage = place.projection().Usage(licence_no, "", 100);
  ASSERT_OK(usage);
  EXPECT_EQ(usage->size(), licences.begin()->second.usage.size());
  const auto rest =
      place.projection().Usage(licence_no, usage->front().key, 100);
  EXPECT_EQ(rest->size() + 1, usage->size());
  for (const auto& [key, application] : Sample().state.applications) {
    const auto steps = place.projection().History("applications/" + key);
    ASSERT_OK(steps);
    EXPECT_EQ(steps->front().step.event(), "ApplicationSubmitted");
    EXPECT_EQ(steps->front().step.decided_at_ms(),
              application.submitted_at_ms());
  }
  EXPECT_TRUE(place.projection().History("applications/2")->empty());
}

TEST(Projection, IsTheSameHoweverOftenTheReplayWasInterrupted) {
  const test::TempDir whole_dir;
  const test::TempDir torn_dir;
  Place whole(whole_dir.path());
  ASSERT_OK(whole.TakeAll());
  const uint64_t size = Sample().book.size();
  for (uint64_t end = 0; end <= size; end += 5) {
    Place torn(torn_dir.path());
    ASSERT_OK(torn.TakeUntil(end));
  }
  Place again(torn_dir.path());
  ASSERT_OK(again.TakeAll());
  EXPECT_EQ(again.ProjectionDigest(), whole.ProjectionDigest());
}

TEST(Projection, IsRebuiltToTheSameDigestWhenDeleted) {
  const test::TempDir dir;
  std::string before;
  {
    Place place(dir.path());
    ASSERT_OK(place.TakeAll());
    before = place.ProjectionDigest();
  }
  std::filesystem::remove_all(dir / "projections");
  Place place(dir.path());
  EXPECT_NE(place.ProjectionDigest(), before);
  ASSERT_OK(place.TakeAll());
  EXPECT_EQ(place.ProjectionDigest(), before);
}

TEST(Acknowledged, RefusesALedgerWithoutItsMark) {
  const test::TempDir dir;
  {
    Place place(dir.path());
    ASSERT_OK(place.TakeAll());
  }
  {
    Place shorter(dir.path());
    ASSERT_OK(shorter.TakeUntil(Sample().book.size() - 1));
    EXPECT_THAT(shorter.acknowledged().CheckMarksReached(),
                StatusIs(absl::StatusCode::kFailedPrecondition));
    ASSERT_OK(shorter.TakeAll());
    EXPECT_OK(shorter.acknowledged().CheckMarksReached());
  }
  {
    ASSERT_OK_AND_ASSIGN(const auto store, Store::Open(dir / "store"));
    ASSERT_OK(store->SetMark({2, Hash()}));
  }
  Place other(dir.path());
  EXPECT_THAT(other.TakeAll(), StatusIs(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace dataip::registryd
