// A good form, and what one change of it breaks.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/registry/form/form_rules.h"
#include "core/registry/values/civil_date.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"

namespace dataip::registry {

using Form = v1::ApplicationForm;

inline std::string Text(
    const std::vector<rpc::v1::FieldViolation>& violations) {
  std::string text;
  for (const auto& violation : violations) {
    absl::StrAppend(&text, violation.field(), " ", violation.rule(), "\n");
  }
  return text;
}

class FormRules : public ::testing::Test {
 protected:
  static testing::RegistryFixture& Fixture() {
    static auto* fixture =
        new testing::RegistryFixture(testing::RegistryFixture::Ready());
    return *fixture;
  }

  static FormContext Context() {
    const State& state = Fixture().state();
    return {state.profile.get(),   state.industries.get(),
            state.regions.get(),   FromUnixMs(testing::kTestStartMs),
            testing::kTestStartMs, std::nullopt};
  }

  // `breaking` breaks this rule in this field and nothing else.
  static void Expect(const std::string& field, const std::string& rule,
                     const std::function<void(Form&)>& breaking) {
    Form form = Fixture().GoodForm("R-1");
    breaking(form);
    const auto violations = ValidateForm(form, Context());
    ASSERT_EQ(Text(violations), absl::StrCat(field, " ", rule, "\n"));
    EXPECT_FALSE(violations[0].message_zh().empty());
    EXPECT_FALSE(violations[0].message_en().empty());
  }

  static void ExpectGood(const std::function<void(Form&)>& change) {
    Form form = Fixture().GoodForm("R-1");
    change(form);
    EXPECT_EQ(Text(ValidateForm(form, Context())), "");
  }
};

}  // namespace dataip::registry
