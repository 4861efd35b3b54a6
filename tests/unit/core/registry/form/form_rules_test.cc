// Rules of the form: who files what.
#include "core/registry/form/form_rules.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"
#include "tests/unit/core/registry/form/form_fixture.h"

namespace dataip::registry {
namespace {

using ::dataip::testing::Digest32;

TEST_F(FormRules, PassAGoodForm) {
  ExpectGood([](Form&) {});
}

TEST_F(FormRules, PassAGoodFormWithoutTables) {
  FormContext context = Context();
  context.profile = nullptr;
  context.industries = nullptr;
  context.regions = nullptr;
  EXPECT_EQ(Text(ValidateForm(Fixture().GoodForm("R-1"), context)), "");
}

TEST_F(FormRules, NameEverythingInAnEmptyForm) {
  std::set<std::string> rules;
  for (const auto& violation : ValidateForm(Form(), Context())) {
    rules.insert(violation.rule());
  }
  for (const char* rule :
       {"REFERENCE", "B01",       "B24",          "APPLICANTS", "B04",
        "REGION",    "B05",       "B06",          "B08",        "B11",
        "FORMAT",    "FREQUENCY", "PUBLIC_STATE", "AI_SHARE",   "B15",
        "B14",       "EVIDENCE",  "B09",          "B21",        "CONTACT",
        "PREPARED"}) {
    EXPECT_EQ(rules.count(rule), 1u) << rule;
  }
}

TEST_F(FormRules, Reference) {
  for (const std::string& text : {std::string(), std::string("a b"),
                                  std::string("编号"), std::string(65, 'a')}) {
    Expect("client_reference", "REFERENCE",
           [&](Form& form) { form.set_client_reference(text); });
  }
}

TEST_F(FormRules, Name) {
  std::string long_name;
  for (int i = 0; i < 30; ++i) long_name += "供热";
  for (const std::string& name :
       {std::string("数据集"), long_name + "数据", std::string("供热调度平台"),
        std::string("供热调度系统"), std::string("供热调度"),
        std::string("www.example.com供热数据"), std::string("ABCD数据"),
        std::string("供热\n调度数据集"), std::string()}) {
    Expect("name", "B01", [&](Form& form) { form.set_name(name); });
  }
  ExpectGood([](Form& form) { form.set_name("供热调度数据集合"); });
}

// Another place has no such rule; what all have holds there too.
TEST_F(FormRules, WhatANameEndsInIsTheProfilesRule) {
  FormContext context = Context();
  Form form = Fixture().GoodForm("R-1");
  form.set_name("供热调度平台");
  const auto violations = ValidateForm(form, context);
  ASSERT_EQ(Text(violations), "name B01\n");
  EXPECT_EQ(violations[0].clause(), context.profile->ClauseOf(kNameNouns));
  EXPECT_NE(violations[0].clause(), "");
  const auto beijing = Profile::Parse(
      testing::ReadSourceFile("deploy/tables/profile_BJ-2023.csv"));
  ASSERT_TRUE(beijing.ok()) << beijing.status();
  context.profile = &*beijing;
  form.set_coverage_from("2018-01-01");
  EXPECT_EQ(Text(ValidateForm(form, context)), "");
  form.set_name("www.example.com供热");
  const auto general = ValidateForm(form, context);
  ASSERT_EQ(Text(general), "name B01\n");
  EXPECT_EQ(general[0].clause(), "");
}

TEST_F(FormRules, PublicTextHoldsNoNumberOfAPerson) {
  Expect("name", "B23",
         [](Form& form) { form.set_name("供热调度13800138000数据集"); });
  Expect("scenario.scope", "B23", [](Form& form) {
    form.mutable_scenario()->set_scope("联系 a.b@example.com 了解供热范围");
  });
  Expect("algorithm_summary", "B23", [](Form& form) {
    form.mutable_algorithm_summary()->append("11010519491231002X");
  });
}

// A name that turns round or hides what stands beside it in a list.
TEST_F(FormRules, TextsHoldNothingThatIsNotSeen) {
  for (const char* hidden :
       {"\xc2\x9b", "\xd8\x9c", "\xe2\x80\x8b", "\xe2\x80\x8e", "\xe2\x80\xa8",
        "\xe2\x80\xae", "\xe2\x81\xa0", "\xe2\x81\xa6", "\xef\xbb\xbf"}) {
    Expect("name", "B01", [&](Form& form) {
      form.set_name(absl::StrCat("供热", hidden, "调度运行数据集"));
    });
    Expect("scenario.scope", "B05", [&](Form& form) {
      form.mutable_scenario()->mutable_scope()->append(hidden);
    });
  }
}

TEST_F(FormRules, ObjectKind) {
  for (v1::ObjectKind kind :
       {v1::OBJECT_KIND_UNSPECIFIED, v1::DATA_PRODUCT, v1::DATA_ALGORITHM}) {
    Expect("object_kind", "B24",
           [&](Form& form) { form.set_object_kind(kind); });
  }
}

TEST_F(FormRules, Applicants) {
  Expect("applicants", "APPLICANTS",
         [](Form& form) { form.clear_applicants(); });
  Expect("applicants", "APPLICANTS", [](Form& form) {
    for (int i = 0; i < 7; ++i) {
      form.add_applicants()->set_party_number(absl::StrCat("P000001", i));
    }
  });
  Expect("applicants", "APPLICANTS",
         [](Form& form) { form.mutable_applicants(0)->set_primary(false); });
  Expect("applicants[1].party_number", "B02", [](Form& form) {
    form.add_applicants()->set_party_number(form.applicants(0).party_number());
  });
  Expect("applicants[0].party_number", "B02",
         [](Form& form) { form.mutable_applicants(0)->set_party_number("x"); });
}

TEST_F(FormRules, Shares) {
  Expect("applicants", "SHARES",
         [](Form& form) { form.mutable_applicants(0)->set_share_bp(9'999); });
  Expect("applicants", "SHARES", [](Form& form) {
    form.mutable_applicants(0)->set_share_bp(10'000);
    form.add_applicants()->set_party_number("P0000009");
  });
  ExpectGood([](Form& form) {
    form.mutable_applicants(0)->set_share_bp(4'000);
    form.add_applicants()->set_party_number("P0000009");
    form.mutable_applicants(1)->set_share_bp(6'000);
  });
}

TEST_F(FormRules, Industry) {
  for (const char* code :
       {"", "C", "C4", "c4016", "U40", "C40161", "C4099", "4016"}) {
    Expect("industry_code", "B04",
           [&](Form& form) { form.set_industry_code(code); });
  }
  Expect("scenario_industry_code", "B04",
         [](Form& form) { form.set_scenario_industry_code("D9999"); });
  ExpectGood([](Form& form) { form.clear_scenario_industry_code(); });
}

TEST_F(FormRules, Region) {
  for (const char* code : {"", "33038", "3303821", "330399", "33038x"}) {
    Expect("region_code", "REGION",
           [&](Form& form) { form.set_region_code(code); });
  }
}

TEST_F(FormRules, ScenarioHasFourParts) {
  Expect("scenario.conditions", "B05",
         [](Form& form) { form.mutable_scenario()->clear_conditions(); });
  Expect("scenario.scope", "B05",
         [](Form& form) { form.mutable_scenario()->set_scope(" "); });
  Expect("scenario.object", "B05",
         [](Form& form) { form.mutable_scenario()->clear_object(); });
  Expect("scenario.problem_solved", "B05",
         [](Form& form) { form.mutable_scenario()->clear_problem_solved(); });
  Expect("scenario", "B05", [](Form& form) {
    v1::Scenario* scenario = form.mutable_scenario();
    scenario->set_conditions("条件");
    scenario->set_scope("范围");
    scenario->set_object("对象");
    scenario->set_problem_solved("问题");
  });
  Expect("scenario", "B05", [](Form& form) {
    form.mutable_scenario()->set_scope(std::string(1'990, 'a'));
  });
}

TEST_F(FormRules, Sources) {
  Expect("sources", "B06", [](Form& form) { form.clear_sources(); });
  Expect("sources[0].category", "B06",
         [](Form& form) { form.mutable_sources(0)->clear_category(); });
  Expect("sources[0].acquisition", "B06",
         [](Form& form) { form.mutable_sources(0)->clear_acquisition(); });
  Expect("sources[0].method", "B06",
         [](Form& form) { form.mutable_sources(0)->clear_method(); });
}

void UseContract(Form& form, const std::string& end) {
  v1::Source* source = form.mutable_sources(0);
  source->set_acquisition(v1::PURCHASED);
  source->set_contract_end(end);
  v1::FileCommitment* file = source->mutable_contract();
  file->set_kind("contract");
  file->set_media_type("application/pdf");
  file->set_byte_size(1'000);
  file->mutable_sha256()->set_digest(Digest32('c'));
}

TEST_F(FormRules, Contracts) {
  ExpectGood([](Form& form) { UseContract(form, "2024-06-20"); });
  Expect("sources[0].contract", "B06", [](Form& form) {
    UseContract(form, "2025-06-20");
    form.mutable_sources(0)->clear_contract();
  });
  Expect("sources[0].contract_end", "B07",
         [](Form& form) { UseContract(form, ""); });
  Expect("sources[0].contract_end", "B07",
         [](Form& form) { UseContract(form, "2024-06-19"); });
  Expect("sources[0].contract", "FILE", [](Form& form) {
    UseContract(form, "2025-06-20");
    form.mutable_sources(0)->mutable_contract()->set_byte_size(20'971'521);
  });
  Expect("sources[0].contract", "FILE", [](Form& form) {
    UseContract(form, "2025-06-20");
    form.mutable_sources(0)->mutable_contract()->set_kind("合同");
  });
  Expect("sources[0].contract", "FILE", [](Form& form) {
    UseContract(form, "2025-06-20");
    form.mutable_sources(0)->mutable_contract()->clear_sha256();
  });
}

void DropColumns(Form& form, int keep) {
  while (form.fields_size() > keep) form.mutable_fields()->RemoveLast();
  while (form.sample().columns_size() > keep) {
    form.mutable_sample()->mutable_columns()->RemoveLast();
  }
}

TEST_F(FormRules, Fields) {
  Expect("fields", "B08", [](Form& form) { DropColumns(form, 1); });
  Expect("fields[2].name", "B08", [](Form& form) {
    form.mutable_fields(2)->set_name(form.fields(0).name());
    form.mutable_sample()->set_columns(2, form.fields(0).name());
  });
  Expect("fields[1].type", "B08",
         [](Form& form) { form.mutable_fields(1)->clear_type(); });
  Expect("fields[1].meaning", "B08",
         [](Form& form) { form.mutable_fields(1)->clear_meaning(); });
  Expect("fields[1].classification", "B17",
         [](Form& form) { form.mutable_fields(1)->clear_classification(); });
  Expect("fields[1].classification", "B17", [](Form& form) {
    form.mutable_fields(1)->set_classification(v1::CORE);
  });
  ExpectGood([](Form& form) {
    form.mutable_fields(1)->set_classification(v1::IMPORTANT);
  });
}

TEST_F(FormRules, Size) {
  Expect("record_count", "B11", [](Form& form) { form.set_record_count(1); });
  Expect("record_count", "B11", [](Form& form) { form.set_record_count(0); });
  Expect("byte_size", "B11", [](Form& form) {
    form.set_byte_size(100);
    form.mutable_deposit()->set_byte_size(100);
  });
  Expect("byte_size", "B11", [](Form& form) {
    form.set_byte_size(uint64_t{697} * 10'000'001);
    form.mutable_deposit()->set_byte_size(uint64_t{697} * 10'000'001);
  });
}

TEST_F(FormRules, FormatAndFrequency) {
  Expect("storage_format", "FORMAT",
         [](Form& form) { form.clear_storage_format(); });
  Expect("storage_format_text", "FORMAT",
         [](Form& form) { form.set_storage_format_text("x"); });
  Expect("update_frequency", "FREQUENCY",
         [](Form& form) { form.clear_update_frequency(); });
}

void UseBlocks(Form& form) {
  form.set_storage_format(v1::STORAGE_FORMAT_OTHER);
  form.set_storage_format_text("parquet");
  form.mutable_deposit()->set_cut(v1::BLOCKS);
  form.mutable_deposit()->set_leaf_count(1);
  form.mutable_sample()->clear_columns();
}

TEST_F(FormRules, OtherFormatsAreCutIntoBlocks) {
  ExpectGood(UseBlocks);
  Expect("storage_format_text", "FORMAT", [](Form& form) {
    UseBlocks(form);
    form.clear_storage_format_text();
  });
  Expect("record_count", "B14", [](Form& form) {
    UseBlocks(form);
    form.mutable_deposit()->set_leaf_count(2);
  });
  Expect("deposit.cut", "B14", [](Form& form) {
    UseBlocks(form);
    form.set_storage_format(v1::CSV);
    form.clear_storage_format_text();
  });
  Expect("sample.columns", "B09", [](Form& form) {
    UseBlocks(form);
    form.mutable_sample()->add_columns("x");
  });
}

TEST_F(FormRules, Coverage) {
  Expect("coverage_to", "COVERAGE",
         [](Form& form) { form.set_coverage_to("2017-12-31"); });
  Expect("coverage_from", "COVERAGE",
         [](Form& form) { form.set_coverage_from("2018-1-1"); });
  Expect("coverage_to", "COVERAGE",
         [](Form& form) { form.set_coverage_to("2018-02-30"); });
  ExpectGood([](Form& form) {
    form.clear_coverage_from();
    form.clear_coverage_to();
  });
}

TEST_F(FormRules, StatesThatTheProfileLimits) {
  for (v1::PublicState state : {v1::PUBLIC_STATE_UNSPECIFIED, v1::PUBLISHED}) {
    Expect("public_state", "PUBLIC_STATE",
           [&](Form& form) { form.set_public_state(state); });
  }
  Expect("ai_processing_share", "AI_SHARE",
         [](Form& form) { form.clear_ai_processing_share(); });
}

}  // namespace
}  // namespace dataip::registry
