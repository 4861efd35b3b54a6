#include "core/verify/value_totals.h"

#include "core/registry/state/state.h"
#include "gtest/gtest.h"

namespace dataip::verify {
namespace {

namespace v1 = registry::v1;

constexpr char kLicence[] = "L2024000001";
constexpr char kCertificate[] = "20243303000000001";
constexpr char kParty[] = "P0000001";

// One licence and one usage entry of two events, which the state has.
class ValueTotalsTest : public ::testing::Test {
 protected:
  ValueTotalsTest() {
    v1::Licence& licence = state_.licences[kLicence].licence;
    licence.set_licence_no(kLicence);
    licence.set_certificate_number(kCertificate);
    licence.set_licensor(kParty);
    usage_.set_licence_no(kLicence);
    usage_.set_certificate_number(kCertificate);
    usage_.add_counted()->set_value_fen(500);
    usage_.add_counted()->set_value_fen(-200);
    state_.value_of_certificate[kCertificate] = {300, 2};
    state_.value_of_party[kParty] = {300, 2};
    state_.value_total = {300, 2};
  }

  std::optional<std::string> Add() { return ValueTotals().Add(usage_, state_); }

  registry::State state_;
  v1::UsageRecorded usage_;
};

TEST_F(ValueTotalsTest, FindsAWrongSumOfACertificate) {
  state_.value_of_certificate[kCertificate].fen = 301;
  EXPECT_EQ(Add(), "certificates/20243303000000001");
  state_.value_of_certificate.clear();
  EXPECT_EQ(Add(), "certificates/20243303000000001");
}

TEST_F(ValueTotalsTest, FindsAWrongSumOfAParty) {
  state_.value_of_party[kParty].fen = 299;
  EXPECT_EQ(Add(), "parties/P0000001");
}

TEST_F(ValueTotalsTest, FindsASumThatWentToAnotherParty) {
  state_.value_of_party["P0000002"] = state_.value_of_party[kParty];
  state_.value_of_party.erase(kParty);
  EXPECT_EQ(Add(), "parties/P0000001");
}

TEST_F(ValueTotalsTest, FindsAWrongTotal) {
  state_.value_total.fen = 0;
  EXPECT_EQ(Add(), "total");
}

TEST_F(ValueTotalsTest, FindsAWrongCountOfEvents) {
  state_.value_of_certificate[kCertificate].events = 1;
  EXPECT_EQ(Add(), "certificates/20243303000000001");
  state_.value_of_certificate[kCertificate].events = 2;
  state_.value_total.events = 3;
  EXPECT_EQ(Add(), "total");
}

TEST_F(ValueTotalsTest, AddsUpOverEntries) {
  ValueTotals totals;
  EXPECT_EQ(totals.Add(usage_, state_), std::nullopt);
  EXPECT_EQ(totals.Add(usage_, state_), "certificates/20243303000000001");
  EXPECT_EQ(totals.totals().at("total"), (RealisedTotal{600, 4}));
  EXPECT_EQ(totals.totals().at("parties/P0000001"), (RealisedTotal{600, 4}));
}

}  // namespace
}  // namespace dataip::verify
