// Usage under a licence: counting, known events, reversals, totals.
#include <limits>

#include "core/registry/decide.h"
#include "core/registry/state/header_of.h"
#include "core/registry/values/civil_date.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"
#include "tests/unit/core/registry/matchers.h"

namespace dataip::registry {
namespace {

using namespace ::dataip::rpc::v1;  // NOLINT: the reasons
using ::dataip::testing::AddUnits;
using ::dataip::testing::Allows;
using ::dataip::testing::Refuses;
using ::dataip::testing::RegistryFixture;

class Usage : public ::testing::Test {
 protected:
  Usage() {
    certificate_ = fixture_.Register("R-1");
    licence_ = fixture_.FileLicence(certificate_);
  }

  const Realised& Total() { return fixture_.state().value_total; }

  Decision Record(const std::string& id, int64_t quantity,
                  void (*change)(v1::UsageEvent&)) {
    v1::Command command = fixture_.UsageCommand(licence_);
    AddUnits(command, id, quantity);
    change(*command.mutable_record_usage()->mutable_events(0));
    return fixture_.Decide(command, {"enterprise"});
  }

  v1::Command Reversal(const std::string& id, const std::string& of) {
    v1::Command command = fixture_.UsageCommand(licence_);
    AddUnits(command, id, 0);
    command.mutable_record_usage()->mutable_events(0)->set_reverses_id(of);
    return command;
  }

  void RecordUnits(const std::string& id, int64_t quantity) {
    v1::Command command = fixture_.UsageCommand(licence_);
    AddUnits(command, id, quantity);
    fixture_.Do(command, {"enterprise"});
  }

  RegistryFixture fixture_ = RegistryFixture::Ready();
  std::string certificate_;
  std::string licence_;
};

TEST_F(Usage, IsRecordedByTheLicensor) {
  v1::Command command = fixture_.UsageCommand(licence_);
  AddUnits(command, "u-1", 1);
  command.set_actor(fixture_.licensee);
  EXPECT_THAT(fixture_.Decide(command, {"licensee"}),
              Refuses(NOT_ALLOWED, "USAGE", "actor"));
  command.set_actor(fixture_.enterprise);
  command.mutable_record_usage()->set_licence_no("L20240000009");
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(NOT_FOUND, "EXISTS", "record_usage.licence_no"));
  command = fixture_.UsageCommand(licence_);
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(INVALID_FIELD, "USAGE", "events"));
  for (int i = 0; i < 1'001; ++i) {
    AddUnits(command, std::to_string(i), 1);
  }
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(INVALID_FIELD, "USAGE", "events"));
  command = fixture_.UsageCommand(licence_);
  AddUnits(command, "u-1", 1);
  command.set_version(2);
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(VERSION_CONFLICT, "VERSION", "version"));
}

TEST_F(Usage, RefusesBadFields) {
  EXPECT_THAT(Record("", 1, [](auto&) {}),
              Refuses(INVALID_FIELD, "USAGE_ID", "events[0].id"));
  EXPECT_THAT(Record("u 1", 1, [](auto&) {}),
              Refuses(INVALID_FIELD, "USAGE_ID", "events[0].id"));
  EXPECT_THAT(Record("u-1", 0, [](auto&) {}),
              Refuses(INVALID_FIELD, "USAGE_VALUE", "events[0].quantity"));
  EXPECT_THAT(Record("u-1", -1, [](auto&) {}),
              Refuses(INVALID_FIELD, "USAGE_VALUE", "events[0].quantity"));
  EXPECT_THAT(Record("u-1", 1,
                     [](auto& event) { event.mutable_payment()->set_fen(1); }),
              Refuses(INVALID_FIELD, "USAGE_VALUE", "events[0].quantity"));
  EXPECT_THAT(
      Record("u-1", std::numeric_limits<int64_t>::max() / 25 + 1, [](auto&) {}),
      Refuses(INVALID_FIELD, "USAGE_VALUE", "events[0].quantity"));
  for (const char* day : {"", "2024-07-04", "2025-07-01", "2024-07-06"}) {
    v1::Command command = fixture_.UsageCommand(licence_);
    AddUnits(command, "u-1", 1);
    command.mutable_record_usage()->mutable_events(0)->set_occurred_on(day);
    EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
                Refuses(INVALID_FIELD, "USAGE_DATE", "events[0].occurred_on"))
        << day;
  }
}

TEST_F(Usage, CountsUnitsExactly) {
  v1::Command command = fixture_.UsageCommand(licence_);
  AddUnits(command, "u-1", 3);
  AddUnits(command, "u-2", 4);
  const Events events = fixture_.Do(command, {"enterprise"});
  ASSERT_EQ(events.size(), 1u);
  const v1::UsageRecorded& recorded = events[0].usage_recorded();
  EXPECT_EQ(recorded.certificate_number(), certificate_);
  EXPECT_EQ(recorded.value_fen(), 175);
  EXPECT_EQ(recorded.counted(0).value_fen(), 75);
  EXPECT_EQ(HeaderOf(events).stream, "licences/" + licence_);
  EXPECT_EQ(Total().fen, 175);
  EXPECT_EQ(Total().events, 2u);
  EXPECT_EQ(fixture_.state().value_of_certificate.at(certificate_).fen, 175);
  EXPECT_EQ(fixture_.state().value_of_party.at(fixture_.enterprise).fen, 175);
  EXPECT_EQ(
      FindCertificate(fixture_.state(), certificate_)->realised_value_fen(),
      175);
  EXPECT_EQ(FindLicence(fixture_.state(), licence_)->realised.fen, 175);
}

TEST_F(Usage, LeavesOutWhatIsKnown) {
  RecordUnits("u-1", 3);
  v1::Command command = fixture_.UsageCommand(licence_);
  AddUnits(command, "u-1", 3);
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(ALREADY_EXISTS, "USAGE_KNOWN", "events"));
  AddUnits(command, "u-2", 1);
  const Events events = fixture_.Do(command, {"enterprise"});
  ASSERT_EQ(events[0].usage_recorded().counted_size(), 1);
  EXPECT_EQ(events[0].usage_recorded().counted(0).event().id(), "u-2");
  EXPECT_EQ(Total().fen, 100);
}

TEST_F(Usage, RefusesOtherContentUnderAKnownId) {
  RecordUnits("u-1", 3);
  v1::Command command = fixture_.UsageCommand(licence_);
  AddUnits(command, "u-2", 1);
  AddUnits(command, "u-1", 4);
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(ALREADY_EXISTS, "USAGE_CONFLICT", "events[1].id"));
  // Another source has ids of its own.
  command.mutable_record_usage()->mutable_events(1)->set_source("billing");
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}), Allows());
}

TEST_F(Usage, RefusesOneIdTwiceInACommand) {
  v1::Command command = fixture_.UsageCommand(licence_);
  AddUnits(command, "u-1", 1);
  AddUnits(command, "u-1", 1);
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(INVALID_FIELD, "USAGE_ID", "events[1].id"));
}

TEST_F(Usage, IsTakenBackExactlyOnce) {
  RecordUnits("u-1", 3);
  RecordUnits("u-2", 5);
  EXPECT_THAT(fixture_.Decide(Reversal("r-1", "u-9"), {"enterprise"}),
              Refuses(NOT_FOUND, "USAGE_REVERSAL", "events[0].reverses_id"));
  const Events events = fixture_.Do(Reversal("r-1", "u-1"), {"enterprise"});
  EXPECT_EQ(events[0].usage_recorded().value_fen(), -75);
  EXPECT_EQ(Total().fen, 125);
  EXPECT_EQ(Total().events, 3u);
  EXPECT_THAT(fixture_.Decide(Reversal("r-2", "u-1"), {"enterprise"}),
              Refuses(RULE_REFUSES, "USAGE_REVERSAL", "events[0].reverses_id"));
  EXPECT_THAT(fixture_.Decide(Reversal("r-2", "r-1"), {"enterprise"}),
              Refuses(RULE_REFUSES, "USAGE_REVERSAL", "events[0].reverses_id"));
}

TEST_F(Usage, IsTakenBackWithinOneCommandToo) {
  v1::Command command = fixture_.UsageCommand(licence_);
  AddUnits(command, "u-1", 3);
  AddUnits(command, "r-1", 0);
  command.mutable_record_usage()->mutable_events(1)->set_reverses_id("u-1");
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}), Allows());
  AddUnits(command, "r-2", 0);
  command.mutable_record_usage()->mutable_events(2)->set_reverses_id("u-1");
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(RULE_REFUSES, "USAGE_REVERSAL", "events[2].reverses_id"));
  command.mutable_record_usage()->mutable_events()->RemoveLast();
  command.mutable_record_usage()->mutable_events(1)->set_quantity(1);
  EXPECT_THAT(
      fixture_.Decide(command, {"enterprise"}),
      Refuses(INVALID_FIELD, "USAGE_REVERSAL", "events[1].reverses_id"));
}

TEST_F(Usage, OfAFixedPriceIsPaidUpToIt) {
  v1::Command file = fixture_.LicenceCommand(certificate_);
  v1::LicencePrice* price = file.mutable_file_licence()->mutable_price();
  price->Clear();
  price->mutable_fixed()->set_currency("CNY");
  price->mutable_fixed()->set_fen(1'000);
  const std::string fixed = fixture_.Do(file, {"enterprise"})[0]
                                .licence_filed()
                                .licence()
                                .licence_no();
  const auto pay = [&](const std::string& id, int64_t fen) {
    v1::Command command = fixture_.UsageCommand(fixed);
    AddUnits(command, id, 0);
    v1::Money* payment =
        command.mutable_record_usage()->mutable_events(0)->mutable_payment();
    payment->set_currency("CNY");
    payment->set_fen(fen);
    return command;
  };
  EXPECT_THAT(fixture_.Decide(pay("p-1", 0), {"enterprise"}),
              Refuses(INVALID_FIELD, "USAGE_VALUE", "events[0].payment"));
  EXPECT_THAT(fixture_.Decide(pay("p-1", 1'001), {"enterprise"}),
              Refuses(RULE_REFUSES, "USAGE_PRICE", "events[0].payment"));
  fixture_.Do(pay("p-1", 600), {"enterprise"});
  EXPECT_THAT(fixture_.Decide(pay("p-2", 401), {"enterprise"}),
              Refuses(RULE_REFUSES, "USAGE_PRICE", "events[0].payment"));
  EXPECT_THAT(fixture_.Decide(pay("p-2", 400), {"enterprise"}), Allows());
  v1::Command units = fixture_.UsageCommand(fixed);
  AddUnits(units, "p-3", 1);
  EXPECT_THAT(fixture_.Decide(units, {"enterprise"}),
              Refuses(INVALID_FIELD, "USAGE_VALUE", "events[0].payment"));
}

TEST_F(Usage, NeverOverflowsATotal) {
  const int64_t most = std::numeric_limits<int64_t>::max() / 25;
  RecordUnits("u-1", most);
  v1::Command command = fixture_.UsageCommand(licence_);
  AddUnits(command, "u-2", most);
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(INVALID_FIELD, "USAGE_VALUE", "events[0].quantity"));
  // Another licence is empty, but the certificate's total is not.
  const std::string other = fixture_.FileLicence(certificate_);
  command = fixture_.UsageCommand(other);
  AddUnits(command, "u-1", most);
  EXPECT_THAT(fixture_.Decide(command, {"enterprise"}),
              Refuses(RULE_REFUSES, "USAGE_VALUE", "events"));
}

}  // namespace
}  // namespace dataip::registry
