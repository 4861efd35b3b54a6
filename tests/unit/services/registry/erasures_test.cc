// Ledgers with orders to erase, read from the start and read again: what is
// believed of them, and what never is.
#include "services/registry/erasures.h"

#include <filesystem>
#include <memory>

#include "core/registry/erasure/redaction.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/registry/append_line.h"
#include "tests/support/process.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/services/registry/ordered_ledger.h"

namespace dataip::registryd {
namespace {

using ::dataip::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto kDataLoss = absl::StatusCode::kDataLoss;
constexpr auto kWrongLedger = absl::StatusCode::kFailedPrecondition;

v1::Transition OrderOf(const std::vector<v1::ErasedEntry>& entries) {
  v1::Transition transition;
  v1::ErasePayload& order =
      *transition.add_events()->mutable_payload_erased()->mutable_order();
  for (const auto& entry : entries) *order.add_entries() = entry;
  return transition;
}

TEST(Erasures, TakeNoOrderForWhatStandsLater) {
  const uint64_t filing = FilingIndex(0);
  Erasures erasures;
  EXPECT_FALSE(erasures.Learn(filing, OrderOf({Redacted(filing)})));
  EXPECT_FALSE(erasures.Learn(filing - 1, OrderOf({Redacted(filing)})));
  EXPECT_EQ(erasures.Find(filing), nullptr);
  EXPECT_TRUE(erasures.Learn(filing + 1, OrderOf({Redacted(filing)})));
  EXPECT_NE(erasures.Find(filing), nullptr);
}

TEST(Erasures, TakeTheFirstOrderInWhateverTurnTheyCome) {
  const uint64_t filing = FilingIndex(0);
  Erasures erasures;
  EXPECT_TRUE(erasures.Learn(90, OrderOf({Redacted(filing)})));
  EXPECT_FALSE(erasures.Learn(91, OrderOf({Redacted(filing)})));
  EXPECT_EQ(erasures.OrderOf(filing), 90u);
  EXPECT_TRUE(erasures.Learn(89, OrderOf({Redacted(filing)})));
  EXPECT_EQ(erasures.OrderOf(filing), 89u);
  EXPECT_FALSE(erasures.Learn(89, OrderOf({Redacted(filing)})));
}

// A registry that reads a ledger.
class Reading : public ::testing::Test {
 protected:
  Reading() { Start(); }

  void Start() {
    acknowledged_.reset();
    projection_.reset();
    store_.reset();
    projection_ = *Projection::Open(dir_ / "projections");
    store_ = *Store::Open(dir_ / "store");
    acknowledged_ = std::make_unique<Acknowledged>(*projection_, *store_);
    acknowledged_->SetOrigin(Sample().origin);
    acknowledged_->SetOrderSink([this](const ErasureToDo& order) {
      handed_over_.push_back(order.order_index());
    });
  }

  absl::Status Read(FakeLedger& ledger) {
    AppendLine line(ledger.client(), *acknowledged_, {"a test", [] {}});
    return line.ReadToTail();
  }
  // From a start of the registry.
  absl::Status Read(FakeLedger::Entries entries) {
    Start();
    FakeLedger ledger(Sample().origin, std::move(entries));
    return Read(ledger);
  }
  absl::Status ReadWithAlone(FakeLedger::Entries entries,
                             const ledger::v1::Entry& alone) {
    Start();
    FakeLedger ledger(Sample().origin, std::move(entries));
    ledger.SayAlone(alone);
    return Read(ledger);
  }

  // The first filing's, as the state has it.
  std::string Method() const {
    return acknowledged_->With([](const registry::State& state) {
      return state.applications.begin()->second.form().sources(0).method();
    });
  }

  // Nothing of the erased entry may outlive a reading that failed.
  void ExpectNothingKept() {
    EXPECT_THAT(handed_over_, IsEmpty());
    const auto mark = store_->GetMark();
    ASSERT_OK(mark);
    for (const auto& kept : {*mark, projection_->mark()}) {
      EXPECT_TRUE(!kept.has_value() || kept->index < filing_);
    }
  }

  // A ledger on which the order at `order_` has erased the filing.
  FakeLedger::Entries Erased(const std::vector<v1::ErasedEntry>& named) {
    OrderedLedger ledger;
    order_ = ledger.Order(named);
    ledger.Seal();
    FakeLedger::Entries entries = ledger.Entries();
    Erase(entries[filing_], order_);
    return entries;
  }

  const uint64_t filing_ = FilingIndex(0);
  const uint64_t other_filing_ = FilingIndex(1);
  uint64_t order_ = 0;
  std::vector<uint64_t> handed_over_;
  const test::TempDir dir_;
  std::unique_ptr<Projection> projection_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Acknowledged> acknowledged_;
};

TEST_F(Reading, RefusesAnOrderThatIsNotTheChains) {
  const auto entries = Erased({Redacted(filing_)});
  // Signed and lawful, and never entered; it names what stands, too.
  const ledger::v1::Entry other =
      Erased({Redacted(filing_), Redacted(other_filing_)})[order_];
  EXPECT_THAT(ReadWithAlone(entries, other), StatusIs(kDataLoss));
  ExpectNothingKept();
}

TEST_F(Reading, RefusesAnOrderWhereTheChainHasASeal) {
  const ledger::v1::Entry other = Erased({Redacted(filing_)})[order_];
  OrderedLedger without;
  without.Seal();
  auto entries = without.Entries();
  ASSERT_EQ(entries.size() - 1, order_);
  Erase(entries[filing_], order_);
  EXPECT_THAT(ReadWithAlone(entries, other), StatusIs(kDataLoss));
  ExpectNothingKept();
}

TEST_F(Reading, RefusesAnOrderThatTheChainDoesNotReach) {
  auto entries = Erased({Redacted(filing_)});
  const ledger::v1::Entry order = entries[order_];
  entries.resize(order_);
  EXPECT_THAT(ReadWithAlone(entries, order), StatusIs(kDataLoss));
  ExpectNothingKept();
}

TEST_F(Reading, RefusesAnOrderOfOtherBytesThanItsHeaderSays) {
  const auto entries = Erased({Redacted(filing_)});
  const ledger::v1::Entry order = entries[order_];
  ledger::v1::Entry other_payload = order;
  other_payload.set_payload(
      Erased({Redacted(filing_), Redacted(other_filing_)})[order_].payload());
  EXPECT_THAT(ReadWithAlone(entries, other_payload), StatusIs(kDataLoss));
  ledger::v1::Entry no_header = order;
  no_header.set_header("none");
  EXPECT_THAT(ReadWithAlone(entries, no_header), StatusIs(kDataLoss));
  ledger::v1::Entry no_payload = order;
  Erase(no_payload, order_ + 1);
  EXPECT_THAT(ReadWithAlone(entries, no_payload), StatusIs(kDataLoss));
  ExpectNothingKept();
}

TEST_F(Reading, RefusesToBelieveAnEntryThatIsNoOrderForIt) {
  auto entries = Erased({Redacted(other_filing_)});
  const auto refused = [&](uint64_t erased_by) {
    entries[filing_].set_erased_by(erased_by);
    EXPECT_THAT(Read(entries), StatusIs(kDataLoss)) << erased_by;
  };
  refused(order_);              // names another one
  refused(other_filing_);       // orders nothing
  refused(entries.size() - 1);  // a seal
  refused(entries.size());      // not there
  refused(filing_);
  refused(filing_ - 1);
  ExpectNothingKept();
}

TEST_F(Reading, RefusesASubstituteThatDoesNotFitTheHeader) {
  const NamedEntry crossed{filing_, other_filing_};
  v1::ErasedEntry other_digest = Redacted(filing_);
  other_digest.mutable_payload_sha256()->front() ^= 1;
  for (const auto& named : {ErasedEntryOf(crossed), other_digest}) {
    EXPECT_THAT(Read(Erased({named})), StatusIs(kDataLoss));
    ExpectNothingKept();
  }
}

TEST_F(Reading, RefusesTheSameOfAPayloadThatStands) {
  OrderedLedger ledger;
  ledger.Order({ErasedEntryOf({filing_, other_filing_})});
  ledger.Seal();
  EXPECT_THAT(Read(ledger.Entries()), StatusIs(kDataLoss));
  EXPECT_THAT(handed_over_, IsEmpty());
}

TEST_F(Reading, GoesOnAfterALedgerThatLied) {
  const auto entries = Erased({Redacted(filing_)});
  const ledger::v1::Entry order = entries[order_];
  const ledger::v1::Entry other =
      Erased({Redacted(filing_), Redacted(other_filing_)})[order_];
  ASSERT_THAT(ReadWithAlone(entries, other), StatusIs(kDataLoss));
  ASSERT_OK(Read(entries));
  const auto digest = *projection_->Digest();
  acknowledged_.reset();
  projection_.reset();
  std::filesystem::remove_all(dir_ / "projections");
  ASSERT_OK(Read(entries));
  EXPECT_EQ(*projection_->Digest(), digest);
}

TEST_F(Reading, FoldsWhatAnOrderThatStandsLaterSays) {
  const auto entries = Erased({Redacted(filing_)});
  ASSERT_OK(Read(entries));
  EXPECT_EQ(Method(), registry::kErasedText);
  EXPECT_EQ(acknowledged_->tail().next_index(), entries.size());
  EXPECT_EQ(projection_->mark(), acknowledged_->tail().last());
  EXPECT_THAT(handed_over_, IsEmpty());
}

TEST_F(Reading, HandsOverAnOrderOnceTheChainHasIt) {
  const auto entries = Erased({Redacted(filing_), Redacted(other_filing_)});
  ASSERT_OK(Read(entries));
  EXPECT_THAT(handed_over_, ElementsAre(order_));
}

// An order came, and was carried out, while the ledger was read.
TEST_F(Reading, ReadsOnToAnOrderThatCameMeanwhile) {
  const auto entries = Erased({Redacted(filing_)});
  FakeLedger ledger(Sample().origin,
                    {entries.begin(), entries.begin() + Sample().book.size()});
  ledger.SayAfterNextReading(entries);
  ASSERT_OK(Read(ledger));
  EXPECT_EQ(acknowledged_->tail().next_index(), entries.size());
  EXPECT_EQ(projection_->mark(), acknowledged_->tail().last());
}

// A ledger whose last order names what was taken as it stood.
class ReadingAgain : public Reading {
 protected:
  static OrderedLedger Ordered() {
    OrderedLedger ledger;
    ledger.Order({Redacted(FilingIndex(0))});
    ledger.Seal();
    return ledger;
  }

  void ExpectRefused(const FakeLedger::Entries& then) {
    FakeLedger ledger(Sample().origin, ordered_.Entries());
    ledger.SayAfterNextReading(then);
    const std::string before =
        Sample().state.applications.begin()->second.form().sources(0).method();
    for (int i = 0; i < 2; ++i) {
      EXPECT_THAT(Read(ledger), StatusIs(kWrongLedger));
      EXPECT_EQ(Method(), before);
      EXPECT_THAT(handed_over_, IsEmpty());
    }
  }

  const OrderedLedger ordered_ = Ordered();
};

TEST_F(ReadingAgain, RefusesAnotherHistory) {
  OrderedLedger other = ordered_;
  other.Delay();
  ExpectRefused(other.Entries());
}

TEST_F(ReadingAgain, RefusesAHistoryThatEndsOtherwise) {
  OrderedLedger other;
  other.Seal();
  other.Seal();
  ExpectRefused(other.Entries());
}

TEST_F(ReadingAgain, RefusesAHistoryThatEndsBefore) {
  auto shorter = ordered_.Entries();
  shorter.pop_back();
  ExpectRefused(shorter);
}

TEST_F(ReadingAgain, PutsWhatTheOrderSaysInItsPlace) {
  const auto entries = ordered_.Entries();
  ASSERT_OK(Read(entries));
  EXPECT_EQ(Method(), registry::kErasedText);
  EXPECT_THAT(handed_over_, ElementsAre(entries.size() - 2));
}

}  // namespace
}  // namespace dataip::registryd
