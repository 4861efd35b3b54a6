#include "core/registry/precheck/precheck.h"

#include <functional>

#include "absl/strings/str_cat.h"
#include "core/registry/values/civil_date.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"

namespace dataip::registry {
namespace {

using ::dataip::testing::kTestStartMs;
using ::dataip::testing::RegistryFixture;
using Form = v1::ApplicationForm;

class PrecheckTest : public ::testing::Test {
 protected:
  PrecheckTest() : fixture_(RegistryFixture::Ready()) {
    const State& state = fixture_.state();
    context_.form = {state.profile.get(), state.industries.get(),
                     state.regions.get(), FromUnixMs(kTestStartMs),
                     kTestStartMs,        std::nullopt};
  }

  void WithState() { context_.parties.state = &fixture_.state(); }

  // `BLOCKS B01 name` a line; each finding whole.
  std::string Found(const Form& form) const {
    std::string text;
    for (const Finding& finding : Precheck(form, context_)) {
      absl::StrAppend(&text, SeverityName(finding.severity), " ", finding.rule,
                      " ", finding.field, "\n");
      EXPECT_FALSE(finding.reason_zh.empty()) << finding.rule;
      EXPECT_FALSE(finding.reason_en.empty()) << finding.rule;
      EXPECT_FALSE(finding.remedy_zh.empty()) << finding.rule;
      EXPECT_FALSE(finding.remedy_en.empty()) << finding.rule;
    }
    return text;
  }

  std::string FoundAfter(const std::function<void(Form&)>& change) {
    Form form = fixture_.GoodForm("R-1");
    change(form);
    return Found(form);
  }

  RegistryFixture fixture_;
  PrecheckContext context_;
};

TEST_F(PrecheckTest, NamesTheTwentyFourRulesInOrder) {
  ASSERT_EQ(PrecheckRules().size(), 24u);
  for (size_t i = 0; i < PrecheckRules().size(); ++i) {
    const PrecheckRule& rule = PrecheckRules()[i];
    EXPECT_EQ(rule.rule, absl::StrCat("B", i + 1 < 10 ? "0" : "", i + 1));
    EXPECT_FALSE(rule.name_zh.empty());
    EXPECT_FALSE(rule.name_en.empty());
    EXPECT_FALSE(rule.remedy_zh.empty());
    EXPECT_FALSE(rule.remedy_en.empty());
  }
}

TEST_F(PrecheckTest, AGoodFormHasNoFindings) {
  EXPECT_EQ(FoundAfter([](Form&) {}), "");
  WithState();
  EXPECT_EQ(FoundAfter([](Form&) {}), "");
}

TEST_F(PrecheckTest, WhatValidateFormSaysBlocksAndIsParted) {
  Form form = fixture_.GoodForm("R-1");
  form.mutable_fields(0)->set_classification(v1::CORE);
  const auto findings = Precheck(form, context_);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].severity, Severity::kBlocks);
  EXPECT_EQ(findings[0].rule, "B17");
  EXPECT_EQ(findings[0].clause, "GB/T 43697-2024");
  EXPECT_EQ(findings[0].reason_zh, "核心数据不得登记");
  EXPECT_EQ(findings[0].remedy_zh, "请删除该字段或依规报数据主管部门");
  EXPECT_EQ(findings[0].reason_en, "core data cannot be registered");
  EXPECT_EQ(findings[0].remedy_en,
            "remove the field or go to the data department");
  EXPECT_EQ(Gravest(findings), Severity::kBlocks);
  EXPECT_EQ(Gravest({}), Severity::kTells);
}

TEST_F(PrecheckTest, AMessageWithoutARemedyTakesTheRules) {
  rpc::v1::FieldViolation violation;
  violation.set_rule("B11");
  violation.set_message_zh("数量不对");
  violation.set_message_en("the count is wrong");
  EXPECT_EQ(FindingOf(violation).remedy_zh, "请核对记录数与字节数");
  violation.set_rule("REGION");
  EXPECT_EQ(FindingOf(violation).remedy_en, "check the field and change it");
}

TEST_F(PrecheckTest, WarnsOfAnAccountWithoutSteps) {
  EXPECT_EQ(FoundAfter([](Form& form) {
              std::string text;
              for (int i = 0; i < 30; ++i) text += "数据很好用";
              form.set_algorithm_summary(text);
            }),
            "WARNS B15 algorithm_summary\n");
}

TEST_F(PrecheckTest, WarnsOfImportantAndSensitiveData) {
  EXPECT_EQ(FoundAfter([](Form& form) {
              form.mutable_fields(0)->set_classification(v1::IMPORTANT);
            }),
            "WARNS B17 fields[0].classification\n");
  const std::string sensitive = FoundAfter([](Form& form) {
    form.mutable_fields(1)->set_classification(v1::SENSITIVE_PERSONAL);
  });
  EXPECT_NE(sensitive.find("WARNS B17 fields[1].classification\n"),
            std::string::npos);
}

TEST_F(PrecheckTest, WarnsOfPersonalFieldsWithoutPersonalSource) {
  EXPECT_EQ(
      FoundAfter([](Form& form) {
        for (auto& source : *form.mutable_sources()) {
          source.set_category(v1::ENTERPRISE);
        }
        form.clear_deidentification();
        for (auto& field : *form.mutable_fields()) {
          field.set_classification(v1::GENERAL);
        }
        form.mutable_fields(0)->set_classification(v1::PERSONAL_INFORMATION);
      }),
      "WARNS B16 fields[0].classification\n");
}

TEST_F(PrecheckTest, TellsThatAContractCapsTheTerm) {
  EXPECT_EQ(FoundAfter([](Form& form) {
              form.mutable_sources(0)->set_contract_end("2025-01-01");
            }),
            "TELLS B07 sources[0].contract_end\n");
  EXPECT_EQ(FoundAfter([](Form& form) {
              form.mutable_sources(0)->set_contract_end("2034-01-01");
            }),
            "");
}

TEST_F(PrecheckTest, TellsOfPriorRegistrationsAndWarnsOfTwice) {
  EXPECT_EQ(FoundAfter([](Form& form) {
              for (int i = 0; i < 2; ++i) {
                auto* prior = form.add_prior_registrations();
                prior->set_registry("上海数据知识产权登记");
                prior->set_number("SH-1");
                prior->set_date("2024-01-01");
              }
            }),
            "WARNS B19 prior_registrations[1]\n"
            "TELLS B19 prior_registrations[0]\n");
}

TEST_F(PrecheckTest, ASealedValueMustNotStandInPublicText) {
  context_.sealed_values = {{"sources[0].method", "秘密渠道"},
                            {"contact.role", "供热"}};
  EXPECT_EQ(FoundAfter([](Form&) {}), "");
  Form form = fixture_.GoodForm("R-1");
  form.mutable_scenario()->mutable_scope()->append("秘密渠道");
  EXPECT_EQ(Found(form), "BLOCKS B23 scenario.scope\n");
  for (const Finding& finding : Precheck(form, context_)) {
    EXPECT_EQ(finding.reason_zh.find("秘密渠道"), std::string::npos);
  }
}

TEST_F(PrecheckTest, SaysWhoHasToSignAndWhoHasNot) {
  const auto two = [this](Form& form) {
    form.add_applicants()->set_party_number(fixture_.licensee);
  };
  EXPECT_EQ(FoundAfter(two), "TELLS B03 applicants\n");
  std::set<std::string> signed_by;
  context_.parties.signed_by = &signed_by;
  EXPECT_EQ(FoundAfter(two),
            "BLOCKS B21 commitment_text\nBLOCKS B03 applicants[1]\n");
  signed_by = {fixture_.enterprise, fixture_.licensee};
  EXPECT_EQ(FoundAfter(two), "");
  // The primary applicant alone, until it is the other's agent.
  WithState();
  signed_by = {fixture_.enterprise};
  EXPECT_EQ(FoundAfter(two), "BLOCKS B03 applicants[1]\n");
  State& state = fixture_.state();
  v1::PowerOfAttorney& power = state.attorneys["A1"];
  power.add_acts(v1::ACT_FILE);
  power.set_valid_from("2024-01-01");
  power.set_valid_to("2024-12-31");
  state.attorneys_between[{fixture_.licensee, fixture_.enterprise}] = {"A1"};
  EXPECT_EQ(FoundAfter(two), "");
}

TEST_F(PrecheckTest, WithoutAStateNothingIsSaidOfParties) {
  const auto unknown = [](Form& form) {
    form.mutable_applicants(0)->set_party_number("P0009999");
  };
  EXPECT_EQ(FoundAfter(unknown), "");
  WithState();
  EXPECT_EQ(FoundAfter(unknown), "BLOCKS B02 applicants[0].party_number\n");
}

TEST_F(PrecheckTest, ATakenReferenceBlocksUnlessItIsItsOwn) {
  WithState();
  const std::string number = fixture_.Submit("R-1");
  const std::string found = FoundAfter([](Form&) {});
  EXPECT_NE(found.find("BLOCKS REFERENCE client_reference\n"),
            std::string::npos);
  context_.parties.application_no = number;
  EXPECT_EQ(FoundAfter([](Form&) {}), "");
}

TEST_F(PrecheckTest, AnAgentNeedsAPowerForTheActAndTheDay) {
  WithState();
  context_.parties.actor = fixture_.licensee;
  EXPECT_EQ(FoundAfter([](Form&) {}), "BLOCKS B22 applicants\n");
  State& state = fixture_.state();
  v1::PowerOfAttorney& power = state.attorneys["A1"];
  power.set_principal(fixture_.enterprise);
  power.set_agent(fixture_.licensee);
  power.add_acts(v1::ACT_FILE);
  power.set_valid_from("2024-01-01");
  power.set_valid_to("2024-12-31");
  state.attorneys_between[{fixture_.enterprise, fixture_.licensee}] = {"A1"};
  EXPECT_EQ(FoundAfter([](Form&) {}), "");
  power.set_valid_to("2024-06-19");
  EXPECT_EQ(FoundAfter([](Form&) {}), "BLOCKS B22 applicants\n");
}

TEST_F(PrecheckTest, ADuplicateWarnsUntilItIsExplained) {
  WithState();
  fixture_.Submit("R-0");
  const auto no_series = [](Form& form) { form.clear_series(); };
  EXPECT_EQ(FoundAfter(no_series), "WARNS B18 duplicate_explanation\n");
  EXPECT_EQ(FoundAfter([](Form& form) {
              form.clear_series();
              form.set_duplicate_explanation("another period");
            }),
            "TELLS B18 duplicate_explanation\n");
}

TEST_F(PrecheckTest, TheClauseOfADuplicateIsTheProfiles) {
  WithState();
  fixture_.Submit("R-0");
  Form form = fixture_.GoodForm("R-1");
  form.clear_series();
  const auto findings = Precheck(form, context_);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].rule, "B18");
  EXPECT_EQ(findings[0].clause,
            context_.form.profile->ClauseOf(kGroundOfRepetition));
  EXPECT_NE(findings[0].clause, "");
}

TEST_F(PrecheckTest, TheThresholdOfDuplicatesIsTheProfiles) {
  WithState();
  fixture_.Submit("R-0");
  // The same field table under a name that is a little alike: 400 and more.
  const auto alike = [](Form& form) {
    form.clear_series();
    form.set_name("水质监测用断面采样数据集");
    form.mutable_deposit()->set_file_sha256(std::string(32, 'x'));
  };
  EXPECT_EQ(FoundAfter(alike), "");
  std::string csv =
      testing::ReadSourceFile("deploy/tables/profile_ZJ-2023.csv");
  const std::string threshold = "duplicate.threshold,700";
  ASSERT_NE(csv.find(threshold), std::string::npos);
  csv.replace(csv.find(threshold), threshold.size(), "duplicate.threshold,400");
  const auto strict = Profile::Parse(csv);
  ASSERT_TRUE(strict.ok()) << strict.status();
  context_.form.profile = &*strict;
  EXPECT_EQ(FoundAfter(alike), "WARNS B18 duplicate_explanation\n");
}

TEST_F(PrecheckTest, WhatAPlaceNeedsItsProfileSays) {
  const auto beijing = Profile::Parse(
      testing::ReadSourceFile("deploy/tables/profile_BJ-2023.csv"));
  ASSERT_TRUE(beijing.ok()) << beijing.status();
  const auto without = [](Form& form) { form.clear_coverage_from(); };
  const auto with = [](Form& form) { form.set_coverage_from("2018-01-01"); };
  EXPECT_EQ(FoundAfter(without), "");
  EXPECT_EQ(FoundAfter(with), "");
  context_.form.profile = &*beijing;
  EXPECT_EQ(FoundAfter(without), "BLOCKS REQUIRED coverage_from\n");
  EXPECT_EQ(FoundAfter(with), "");
  // What all need is not said twice.
  EXPECT_EQ(FoundAfter([&](Form& form) {
              with(form);
              form.clear_algorithm_summary();
              form.clear_storage_format();
            }),
            "BLOCKS FORMAT storage_format\nBLOCKS B15 algorithm_summary\n");
}

TEST_F(PrecheckTest, ASeriesIsOneLineThatTells) {
  WithState();
  for (int i = 0; i < 3; ++i) {
    Form form = fixture_.GoodForm(absl::StrCat("S-", i));
    form.set_series("S1");
    form.mutable_deposit()->set_file_sha256(
        std::string(32, static_cast<char>('f' + i)));
    fixture_.Do(fixture_.SubmitCommand(form), {"enterprise"});
  }
  EXPECT_EQ(FoundAfter([](Form& form) { form.set_series("S1"); }),
            "TELLS B18 series\n");
}

TEST_F(PrecheckTest, APredecessorIsNamedAndIsOne) {
  WithState();
  const std::string number = fixture_.Submit("R-0");
  const auto named = [&number](Form& form) {
    form.clear_series();
    form.set_predecessor_no(number);
  };
  EXPECT_NE(FoundAfter(named).find("BLOCKS B20 predecessor_no\n"),
            std::string::npos);
  v1::Command withdrawal = fixture_.NewCommand(fixture_.enterprise, 1);
  withdrawal.mutable_withdraw_application()->set_application_no(number);
  fixture_.Do(withdrawal, {"enterprise"});
  EXPECT_EQ(FoundAfter(named), "");
  EXPECT_EQ(FoundAfter([](Form& form) { form.clear_series(); }),
            "WARNS B20 predecessor_no\n");
}

}  // namespace
}  // namespace dataip::registry
