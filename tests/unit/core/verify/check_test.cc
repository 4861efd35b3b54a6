#include "core/verify/check.h"

#include "absl/strings/str_cat.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "dataip/bundle/v1/bundle.pb.h"
#include "gtest/gtest.h"
#include "tests/support/sample_ledger.h"
#include "tests/unit/core/verify/sample.h"

namespace dataip::verify {
namespace {

using test::Sample;

constexpr int64_t kDayMs = 24 * 3'600'000;

// Shortly after the sample's last entry.
constexpr int64_t kNowMs = 1'767'700'000'000;

std::string BundleOf(size_t certificate) {
  return test::MakeSampleBundle(Sample(), Sample().certificates[certificate]);
}

Report CheckAt(const std::string& bundle, const CheckOptions& options) {
  return *Check(hash::AsBytes(bundle), Sample().trust(), options);
}

Report CheckNow(const std::string& bundle) {
  CheckOptions options;
  options.now_ms = kNowMs;
  return CheckAt(bundle, options);
}

// The bundle after `edit`, canonical again.
template <typename Edit>
std::string Edited(Edit edit) {
  bundle::v1::Bundle bundle;
  bundle.ParseFromString(BundleOf(0));
  edit(bundle);
  return registry::SerializeCanonical(bundle);
}

TEST(Check, FindsTheSampleGenuineAndInForceAndSaysDemonstration) {
  for (size_t i = 0; i < 3; ++i) {
    const Report report = CheckNow(BundleOf(i));
    EXPECT_EQ(report.conclusion, Conclusion::kInForce) << FormatReport(report);
    EXPECT_TRUE(report.demonstration);
    EXPECT_FALSE(report.witnessed);
    EXPECT_EQ(report.certificate_number, Sample().certificates[i].number);
    for (const Step& step : report.steps) {
      EXPECT_EQ(step.verdict, Verdict::kOk) << step.claim_en;
    }
  }
}

TEST(Check, ReportsEveryStepOfTheSpecification) {
  std::set<int> numbers;
  for (const Step& step : CheckNow(BundleOf(0)).steps) {
    numbers.insert(step.number);
    EXPECT_FALSE(step.claim_zh.empty());
    EXPECT_FALSE(step.claim_en.empty());
  }
  EXPECT_EQ(numbers, (std::set<int>{1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(Check, TakesHistoryAndOpenedNames) {
  test::BundleOptions options;
  options.history = true;
  options.open_names = true;
  const std::string bundle =
      test::MakeSampleBundle(Sample(), Sample().certificates[2], options);
  const Report report = CheckNow(bundle);
  EXPECT_EQ(report.conclusion, Conclusion::kInForce) << FormatReport(report);
}

TEST(Check, RefusesANameThatOpensAnotherCommitment) {
  bundle::v1::Bundle bundle;
  test::BundleOptions options;
  options.open_names = true;
  bundle.ParseFromString(
      test::MakeSampleBundle(Sample(), Sample().certificates[2], options));
  bundle.mutable_name_openings(0)->set_name("李四");
  EXPECT_EQ(CheckNow(registry::SerializeCanonical(bundle)).conclusion,
            Conclusion::kNotGenuine);
}

TEST(Check, CannotDecideWithoutBytes) {
  EXPECT_FALSE(Check({}, Sample().trust(), {}).ok());
}

TEST(Check, FindsEveryTruncationNotGenuine) {
  const std::string bundle = BundleOf(0);
  for (size_t size = 1; size < bundle.size(); size += 37) {
    EXPECT_EQ(CheckNow(bundle.substr(0, size)).conclusion,
              Conclusion::kNotGenuine)
        << size;
  }
}

TEST(Check, FindsBytesBehindTheBundleNotGenuine) {
  const std::string bundle = BundleOf(0);
  EXPECT_EQ(CheckNow(bundle + std::string(1, '\0')).conclusion,
            Conclusion::kNotGenuine);
  EXPECT_EQ(CheckNow(bundle + bundle).conclusion, Conclusion::kNotGenuine);
}

TEST(Check, CannotDecideAHigherFormat) {
  const std::string higher =
      Edited([](bundle::v1::Bundle& bundle) { bundle.set_format(2); });
  EXPECT_EQ(CheckNow(higher).conclusion, Conclusion::kCannotDecide);
  // Whatever else a later format may hold.
  EXPECT_EQ(CheckNow(higher + "\xfa\x01\x01x").conclusion,
            Conclusion::kCannotDecide);
}

TEST(Check, CannotDecideABundleOfAnotherLedger) {
  test::SampleOptions options;
  options.origin = "other.dataip.test/1";
  const auto other = test::MakeSampleLedger(options);
  ASSERT_TRUE(other.ok());
  const std::string bundle =
      test::MakeSampleBundle(*other, other->certificates[0]);
  EXPECT_EQ(CheckNow(bundle).conclusion, Conclusion::kCannotDecide);
}

TEST(Check, CannotDecideADemonstrationUnderATrustFileThatDoesNotSaySo) {
  TrustText text = Sample().trust_text;
  text.demonstration = false;
  const auto trust = ParseTrust(FormatTrust(text));
  ASSERT_TRUE(trust.ok());
  CheckOptions options;
  options.now_ms = kNowMs;
  const std::string bundle = BundleOf(0);
  EXPECT_EQ(Check(hash::AsBytes(bundle), *trust, options)->conclusion,
            Conclusion::kCannotDecide);
}

TEST(Check, RefusesPartsOfAnotherCertificate) {
  bundle::v1::Bundle other;
  other.ParseFromString(BundleOf(1));
  const std::vector<std::string> mixed = {
      Edited([&](auto& bundle) { bundle.set_content(other.content()); }),
      Edited([&](auto& bundle) { *bundle.mutable_sm2() = other.sm2(); }),
      Edited([&](auto& bundle) { *bundle.mutable_p256() = other.p256(); }),
      Edited([&](auto& bundle) { *bundle.mutable_map() = other.map(); }),
      Edited([&](auto& bundle) {
        *bundle.mutable_status_records() = other.status_records();
      }),
      Edited(
          [&](auto& bundle) { bundle.set_issue_header(other.issue_header()); }),
      Edited([&](auto& bundle) {
        *bundle.mutable_issue_path() = other.issue_path();
      }),
      Edited([&](auto& bundle) { bundle.mutable_sm2()->clear_chain(); }),
      Edited([&](auto& bundle) {
        bundle.mutable_p256()->mutable_chain()->RemoveLast();
      }),
      Edited([&](auto& bundle) {
        bundle.mutable_p256()->add_chain(bundle.sm2().chain(0));
      }),
      Edited([&](auto& bundle) { bundle.clear_map(); }),
      Edited([&](auto& bundle) { bundle.clear_seal_payload(); })};
  for (size_t i = 0; i < mixed.size(); ++i) {
    EXPECT_EQ(CheckNow(mixed[i]).conclusion, Conclusion::kNotGenuine) << i;
  }
}

// An older record of the same certificate is a true record, but not the
// current one.
TEST(Check, RefusesAnOlderStatusRecordAsTheCurrentOne) {
  const std::string old = Edited([](auto& bundle) {
    bundle.mutable_status_records()->DeleteSubrange(
        1, bundle.status_records_size() - 1);
  });
  EXPECT_EQ(CheckNow(old).conclusion, Conclusion::kNotGenuine);
}

TEST(Check, IsStaleWhenTheSealIsOlderThanMaxAge) {
  CheckOptions options;
  options.now_ms = kNowMs + 30 * kDayMs;
  EXPECT_EQ(CheckAt(BundleOf(0), options).conclusion, Conclusion::kStale);
  options.max_age_ms = 60 * kDayMs;
  EXPECT_EQ(CheckAt(BundleOf(0), options).conclusion, Conclusion::kInForce);
  options.now_ms = 0;  // a clock behind the seal makes no negative age
  options.max_age_ms = 0;
  EXPECT_EQ(CheckAt(BundleOf(0), options).conclusion, Conclusion::kInForce);
}

TEST(Check, IsNotInForceOutsideItsDays) {
  CheckOptions options;
  options.now_ms = kNowMs;
  options.at_ms = registry::StartOfDayMs({2020, 1, 1});
  EXPECT_EQ(CheckAt(BundleOf(0), options).conclusion, Conclusion::kNotInForce);
  options.at_ms = registry::StartOfDayMs({2040, 1, 1});
  options.max_age_ms = 100 * 365 * kDayMs;
  EXPECT_EQ(CheckAt(BundleOf(0), options).conclusion, Conclusion::kNotInForce);
}

TEST(Check, TakesRequirementsThatHold) {
  CheckOptions options;
  options.now_ms = kNowMs;
  options.require_unpledged = true;
  options.require_undisputed = true;
  EXPECT_EQ(CheckAt(BundleOf(0), options).conclusion, Conclusion::kInForce);
}

TEST(Report, PrintsBothLanguagesAndJson) {
  const Report report = CheckNow(BundleOf(0));
  EXPECT_NE(FormatReport(report).find("演示 / DEMONSTRATION"),
            std::string::npos);
  EXPECT_NE(FormatReport(report).find(absl::StrCat(
                "judged as of  ", FormatInstant(report.checked_at_ms),
                "（演示时钟 / the demonstration's clock）")),
            std::string::npos);
  Report real = report;
  real.demonstration = false;
  EXPECT_EQ(FormatReport(real).find("演示时钟"), std::string::npos);
  EXPECT_NE(FormatReportJson(report).find("\"conclusion\":\"IN_FORCE\""),
            std::string::npos);
  EXPECT_EQ(FormatInstant(1'718'845'200'000), "2024-06-20T09:00:00+08:00");
}

TEST(Report, SaysWhatStandsNowAndWhatStoodBefore) {
  Report report = CheckNow(BundleOf(0));
  EXPECT_NE(FormatReport(report).find("状态 / state  VALID"),
            std::string::npos);
  EXPECT_EQ(FormatReport(report).find("replaced by"), std::string::npos);
  report.state = "REPLACED";
  report.overlays = {"PLEDGE 1", "FREEZE"};
  report.replaced_by = "20240833000000002";
  report.replaces = "20240633000000007";
  report.legacy_numbers = {"浙数登0017", "DZ0017"};
  const std::string text = FormatReport(report);
  for (const char* part :
       {"state  REPLACED  + PLEDGE（第 1 顺位 / rank 1）, FREEZE",
        "replaced by  20240833000000002", "replaces  20240633000000007",
        "numbers in older systems  浙数登0017, DZ0017"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  const std::string json = FormatReportJson(report);
  EXPECT_NE(json.find("\"replaces\":\"20240633000000007\""), std::string::npos);
  EXPECT_NE(json.find("\"legacy_numbers\":[\"浙数登0017\",\"DZ0017\"]"),
            std::string::npos);
}

}  // namespace
}  // namespace dataip::verify
