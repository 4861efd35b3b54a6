#include "services/registry/feed.h"

#include <algorithm>
#include <future>
#include <vector>

#include "core/base/limits.h"
#include "core/registry/evolve.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "gtest/gtest.h"
#include "services/common/rocks.h"
#include "tests/support/process.h"
#include "tests/support/registry_fixture.h"
#include "tests/support/sample_ledger.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/services/registry/ordered_ledger.h"

namespace dataip::registryd {
namespace {

using ::dataip::testing::StatusIs;
using Fixture = ::dataip::testing::RegistryFixture;

constexpr std::chrono::hours kNever{24};

ledger::v1::Entry EntryAt(uint64_t index) {
  ledger::v1::Entry entry;
  entry.set_index(index);
  entry.set_header(Sample().book.headers[index]);
  entry.set_payload(Sample().book.payloads[index]);
  entry.set_payload_status(ledger::v1::PRESENT);
  return entry;
}

// Stores and acknowledged state over the sample ledger.
class Place {
 public:
  explicit Place(const std::string& path)
      : projection_(*Projection::Open(path + "/projections")),
        store_(*Store::Open(path + "/store")),
        acknowledged_(*projection_, *store_) {
    acknowledged_.SetOrigin(Sample().origin);
  }

  void TakeUntil(uint64_t end) {
    for (uint64_t i = acknowledged_.tail().next_index(); i < end; ++i) {
      ASSERT_OK(acknowledged_.Take(EntryAt(i)));
    }
  }
  void TakeAll() { TakeUntil(Sample().book.size()); }

  std::vector<ChangedEntry> Changes(uint64_t from = 0) {
    std::vector<ChangedEntry> all;
    EXPECT_OK(projection_->ForEachChange(from, [&](const ChangedEntry& entry) {
      all.push_back(entry);
      return true;
    }));
    return all;
  }

  Acknowledged& acknowledged() { return acknowledged_; }
  Projection& projection() { return *projection_; }

 private:
  std::unique_ptr<Projection> projection_;
  std::unique_ptr<Store> store_;
  Acknowledged acknowledged_;
};

// All that a reader hears.
std::vector<v1::Change> Told(const Feed& feed, const Feed::Asked& asked,
                             uint64_t from = 0) {
  std::vector<v1::Change> told;
  for (;;) {
    const auto next = feed.Next(asked, from, feed.end());
    EXPECT_OK(next);
    if (!next.ok() || next->at_end) return told;
    if (next->change.objects_size() > 0) told.push_back(next->change);
    EXPECT_GT(next->next, from);
    from = next->next;
  }
}

size_t CountOf(const std::vector<v1::Change>& told, const std::string& event) {
  size_t count = 0;
  for (const v1::Change& change : told) {
    for (const v1::ChangedObject& object : change.objects()) {
      count += object.event() == event ? 1 : 0;
    }
  }
  return count;
}

int64_t NoClock() { return 0; }

TEST(Changes, KeepWhatTheyAreInBytes) {
  const ChangedEntry entry{
      7,
      1'718'845'200'123,
      {{"BatchDecided",
        "B20240000001",
        Audience::kParties,
        {"P1", "P2"},
        {"P3"}},
       {"ClockAdvanced", "clock", Audience::kAll, {}, {}},
       {"ApplicationClaimed", "20240000001", Audience::kOfficers, {"P1"}, {}}}};
  const std::string bytes = EncodeChanges(entry);
  EXPECT_EQ(*DecodeChanges(7, bytes), entry);
  for (const std::string& damaged :
       {std::string(), bytes + "\n", bytes + "\t", "x" + bytes,
        std::string("1\n3\tA\tB\t\t"), std::string("1\n-1\tA\tB\t\t")}) {
    EXPECT_THAT(DecodeChanges(7, damaged).status(),
                StatusIs(absl::StatusCode::kDataLoss))
        << damaged;
  }
}

TEST(Changes, EveryTransitionTellsItsObjects) {
  const test::TempDir dir;
  Place place(dir.path());
  place.TakeAll();
  const auto changes = place.Changes();
  size_t transitions = 0;
  for (uint64_t i = 0; i < Sample().book.size(); ++i) {
    transitions += Sample().book.payloads[i].size() > 64 ? 1 : 0;
  }
  EXPECT_EQ(changes.size(), transitions);
  EXPECT_EQ(changes.front().lines.front().event, "RegistryOpened");
  for (const ChangedEntry& entry : changes) {
    for (const ChangedLine& line : entry.lines) {
      EXPECT_FALSE(line.event.empty());
      EXPECT_FALSE(line.object_no.empty()) << line.event;
      if (line.event == "ApplicationSubmitted") {
        EXPECT_EQ(line.audience, Audience::kAll);
        EXPECT_TRUE(line.parties.empty()) << "before the notice";
        EXPECT_FALSE(line.quiet.empty());
      }
      if (line.event == "NoticeOpened" || line.event == "CertificateIssued" ||
          line.event == "StatusChanged") {
        EXPECT_EQ(line.audience, Audience::kAll);
        EXPECT_FALSE(line.parties.empty()) << line.object_no;
      }
    }
  }
  EXPECT_EQ(place.Changes(changes[3].index).size(), changes.size() - 3);
}

// A power of attorney, a draft and usage are for their parties; the same said
// by a state after them is the same.
TEST(Changes, SayWhoHasAPart) {
  Fixture fixture = Fixture::Ready();
  v1::Command command = fixture.NewCommand(fixture.enterprise, 0);
  v1::GrantAttorney& grant = *command.mutable_grant_attorney();
  grant.set_agent(fixture.licensee);
  grant.add_acts(v1::ACT_FILE);
  grant.set_valid_from("2024-06-20");
  grant.set_valid_to("2024-12-31");
  const auto decision = fixture.Decide(command, {"enterprise"});
  const auto* events = std::get_if<registry::Events>(&decision);
  ASSERT_NE(events, nullptr);
  v1::Transition transition;
  for (const v1::Event& event : *events) *transition.add_events() = event;
  const auto lines = ChangesOf(fixture.state(), fixture.enterprise, transition);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].event, "AttorneyGranted");
  EXPECT_EQ(lines[0].audience, Audience::kParties);
  EXPECT_EQ(lines[0].parties,
            (std::set<std::string>{fixture.enterprise, fixture.licensee}));
}

TEST(Projection, OfAnOlderFormatIsMadeAgain) {
  const test::TempDir dir;
  std::string digest;
  {
    Place place(dir.path());
    place.TakeAll();
    digest = std::string(place.projection().Digest()->text());
  }
  {
    services::RocksOptions options;
    options.path = dir.path() + "/projections";
    for (const char* name :
         {"history", "commands", "issues", "usage", "changes"}) {
      options.families.push_back({name, services::FamilyUse::kLookup});
    }
    const auto rocks = services::Rocks::Open(options);
    ASSERT_OK(rocks);
    ASSERT_TRUE((*rocks)->db().Delete(rocksdb::WriteOptions(), "format").ok());
  }
  Place place(dir.path());
  EXPECT_FALSE(place.projection().mark().has_value());
  EXPECT_TRUE(place.Changes().empty());
  place.TakeAll();
  EXPECT_EQ(place.projection().Digest()->text(), digest);
}

TEST(Feed, TellsEveryReaderWhatItMayHear) {
  const test::TempDir dir;
  Place place(dir.path());
  place.TakeAll();
  Feed feed(place.acknowledged(), NoClock, kNever);
  const auto& licence = Sample().state.licences.begin()->second.licence;
  const auto all = Told(feed, {{"root"}, ""});
  const size_t usage = CountOf(all, "UsageRecorded");
  ASSERT_GT(usage, 0u);
  EXPECT_EQ(all.size(), place.Changes().size());
  const auto stranger = Told(feed, {{std::nullopt}, ""});
  EXPECT_EQ(CountOf(stranger, "UsageRecorded"), 0u);
  EXPECT_EQ(CountOf(stranger, "ApplicationSubmitted"),
            CountOf(all, "ApplicationSubmitted"));
  EXPECT_EQ(CountOf(Told(feed, {{licence.licensee()}, ""}), "UsageRecorded"),
            usage);
  // Only with a part of the party, and still only what the reader may hear.
  const auto of_party = Told(feed, {{"root"}, licence.licensee()});
  EXPECT_EQ(CountOf(of_party, "UsageRecorded"), usage);
  EXPECT_EQ(CountOf(of_party, "TableLoaded"), 0u);
  EXPECT_EQ(CountOf(Told(feed, {{std::nullopt}, licence.licensee()}),
                    "UsageRecorded"),
            0u);
  // Who has a part in usage is not found out by asking for it.
  EXPECT_EQ(CountOf(Told(feed, {{licence.licensor()}, licence.licensee()}),
                    "UsageRecorded"),
            0u);
  EXPECT_EQ(CountOf(Told(feed, {{licence.licensee()}, licence.licensee()}),
                    "UsageRecorded"),
            usage);
  for (size_t i = 1; i < all.size(); ++i) {
    EXPECT_LT(all[i - 1].index(), all[i].index());
  }
  EXPECT_EQ(Told(feed, {{"root"}, ""}, all[5].index() + 1).size(),
            all.size() - 6);
}

TEST(Feed, ChecksWhatIsAsked) {
  const test::TempDir dir;
  Place place(dir.path());
  place.TakeAll();
  Feed feed(place.acknowledged(), NoClock, kNever);
  v1::FollowChangesRequest request;
  request.set_from_index(feed.end());
  EXPECT_OK(feed.Check({}, request));
  request.set_from_index(feed.end() + 1);
  EXPECT_THAT(feed.Check({}, request).status(),
              StatusIs(absl::StatusCode::kNotFound));
  request.set_from_index(0);
  request.set_party("P9999999");
  EXPECT_THAT(feed.Check({}, request).status(),
              StatusIs(absl::StatusCode::kNotFound));
  request.set_party(Sample().state.usccs.begin()->first);
  EXPECT_EQ(feed.Check({}, request)->party,
            Sample().state.usccs.begin()->second);
}

// Once, with what it was woken for.
class Wakening {
 public:
  Feed::Waiter waiter() {
    return [this](Feed::Woken woken) { promise_.set_value(woken); };
  }
  Feed::Woken Get() { return promise_.get_future().get(); }

 private:
  std::promise<Feed::Woken> promise_;
};

TEST(Feed, WakesThoseWhoWait) {
  const test::TempDir dir;
  Place place(dir.path());
  place.TakeUntil(3);
  Feed feed(place.acknowledged(), NoClock, kNever);
  ASSERT_EQ(feed.end(), 3u);
  const auto now = std::chrono::steady_clock::now();
  Wakening grown, at_once, beaten, cancelled, stopped;
  EXPECT_NE(feed.Await(3, now, grown.waiter()), 0u);
  EXPECT_NE(feed.Await(2, now, at_once.waiter()), 0u);
  EXPECT_EQ(at_once.Get(), Feed::Woken::kGrown);
  // Its last word was long ago.
  EXPECT_NE(feed.Await(1'000, now - 2 * kNever, beaten.waiter()), 0u);
  EXPECT_EQ(beaten.Get(), Feed::Woken::kHeartbeat);
  const uint64_t ticket = feed.Await(1'000, now, cancelled.waiter());
  EXPECT_TRUE(feed.Cancel(ticket));
  EXPECT_FALSE(feed.Cancel(ticket));
  place.TakeUntil(4);
  EXPECT_EQ(grown.Get(), Feed::Woken::kGrown);
  EXPECT_EQ(feed.end(), 4u);
  EXPECT_NE(feed.Await(1'000, now, stopped.waiter()), 0u);
  feed.Stop();
  EXPECT_EQ(stopped.Get(), Feed::Woken::kStopped);
  EXPECT_EQ(feed.Await(0, now, [](Feed::Woken) { FAIL(); }), 0u);
  place.TakeUntil(5);
}

TEST(Feed, HasABoundOfReaders) {
  const test::TempDir dir;
  Place place(dir.path());
  Feed feed(place.acknowledged(), NoClock, kNever);
  std::vector<std::unique_ptr<Feed::Place>> places;
  const auto enter = [&](const std::string& actor) {
    auto entered = feed.Enter({actor}, [] {});
    if (entered.ok()) places.push_back(*std::move(entered));
    return entered.ok();
  };
  for (size_t i = 0; i < limits::kFeedReadersOfParty; ++i)
    EXPECT_TRUE(enter("P1"));
  EXPECT_FALSE(enter("P1"));
  for (size_t i = 0;
       places.size() < limits::kFeedReaders - limits::kFeedReadersOfOffice;
       ++i) {
    ASSERT_TRUE(enter("Q" + std::to_string(i / limits::kFeedReadersOfParty)));
  }
  EXPECT_FALSE(enter("P2"));
  // What is kept for root and officers the parties cannot take.
  for (size_t i = 0; i < limits::kFeedReadersOfOne; ++i)
    EXPECT_TRUE(enter("root"));
  EXPECT_FALSE(enter("root"));
  places.erase(places.begin());
  EXPECT_TRUE(enter("P1"));
  EXPECT_FALSE(enter("P2"));
  places.clear();
}

// One who takes nothing does not hold up the end.
TEST(Feed, CutsReadersThatDoNotGo) {
  const test::TempDir dir;
  Place place(dir.path());
  Feed feed(place.acknowledged(), NoClock, kNever);
  int cut = 0;
  auto stays = feed.Enter({}, [&cut] { ++cut; });
  ASSERT_OK(stays);
  feed.Stop();
  EXPECT_EQ(cut, 1);
  stays->reset();
}

}  // namespace
}  // namespace dataip::registryd
