// What only a state of the registry can show: the rules of Appendix B that no
// cell of a table breaks, and the 54 rows filed one after the other.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "core/registry/precheck/findings.h"
#include "tests/integration/import/judge.h"
#include "tests/integration/import/state_breaks.h"
#include "tests/support/registry_fixture.h"

namespace dataip {
namespace {

using test::InTests;
using test::Judge;
using testing::RegistryFixture;

namespace v1 = registry::v1;

// `TELLS B18 series` of each.
std::multiset<std::string> Told(const std::vector<registry::Finding>& found) {
  std::multiset<std::string> told;
  for (const registry::Finding& one : found) {
    told.insert(absl::StrCat(registry::SeverityName(one.severity), " ",
                             one.rule, " ", one.field));
  }
  return told;
}

std::multiset<std::string> Told(const std::vector<v1::Finding>& found) {
  std::multiset<std::string> told;
  for (const v1::Finding& one : found) {
    const bool tells = one.severity() == v1::FINDING_TELLS;
    told.insert(
        absl::StrCat(tells ? "TELLS" : "", " ", one.rule(), " ", one.field()));
  }
  return told;
}

TEST(StateRules, EachIsBrokenOnceAndNoOther) {
  for (const test::StateBreak& one : test::StateBreaks()) {
    EXPECT_EQ(Told(one.precheck()),
              std::multiset<std::string>{std::string(one.breaks)})
        << one.breaks;
  }
}

// The enterprise's own rows: the only thing to say of each is that its series
// has others.
TEST(StateRules, TellOfEachOfThe54RowsItsSeriesAndNothingElse) {
  const Judge judge(InTests("metering/applications.csv"), InTests("metering"));
  const std::multiset<std::string> series = {"TELLS B18 series"};
  RegistryFixture fixture = RegistryFixture::Ready();
  ASSERT_EQ(fixture.enterprise, "P0000001");
  std::set<std::string> begun;
  std::map<std::string, size_t> lines;
  for (const client::CsvRow& row : judge.table().rows) {
    v1::ApplicationForm form = judge.Make(row).filing.form;
    const bool first = begun.insert(form.series()).second;
    registry::PrecheckContext context;
    context.form = judge.form_context();
    context.parties.state = &fixture.state();
    context.parties.actor = fixture.enterprise;
    EXPECT_EQ(Told(registry::Precheck(form, context)),
              first ? std::multiset<std::string>() : series)
        << "line " << row.line;
    const auto events =
        fixture.Do(fixture.SubmitCommand(std::move(form)), {"enterprise"});
    ASSERT_FALSE(events.empty()) << "line " << row.line;
    lines[events[0].application_submitted().application().application_no()] =
        row.line;
  }
  EXPECT_EQ(lines.size(), 54u);
  // And to the officers, when all are there.
  for (const auto& [number, line] : lines) {
    const auto* application =
        registry::FindApplication(fixture.state(), number);
    ASSERT_NE(application, nullptr);
    EXPECT_EQ(Told(registry::ChecklistOf(fixture.state(), *application)),
              series)
        << "line " << line;
  }
}

}  // namespace
}  // namespace dataip
