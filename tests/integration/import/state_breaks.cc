#include "tests/integration/import/state_breaks.h"

#include <set>

#include "tests/support/registry_fixture.h"

namespace dataip::test {
namespace {

using registry::v1::ApplicationForm;
using testing::RegistryFixture;

// A form that the enterprise has signed; `change` makes one thing wrong.
struct Question {
  RegistryFixture fixture = RegistryFixture::Ready();
  ApplicationForm form = fixture.GoodForm("R-1");
  std::string actor = fixture.enterprise;
  std::set<std::string> signed_by = {fixture.enterprise};
};

StateBreak Break(const std::string& breaks,
                 const std::function<void(Question&)>& change) {
  return {breaks, [change] {
            Question question;
            change(question);
            const registry::State& state = question.fixture.state();
            registry::PrecheckContext context;
            context.form.profile = state.profile.get();
            context.form.industries = state.industries.get();
            context.form.regions = state.regions.get();
            context.form.filed_at_ms = testing::kTestStartMs;
            context.form.issued_at =
                question.fixture.NewCommand("", 0).issued_at();
            context.parties.state = &state;
            context.parties.actor = question.actor;
            context.parties.signed_by = &question.signed_by;
            return registry::Precheck(question.form, context);
          }};
}

void AddCoApplicant(Question& question) {
  auto& other = *question.form.add_applicants();
  other = question.form.applicants(0);
  other.set_primary(false);
  other.set_party_number(question.fixture.person);
  question.form.mutable_applicants(0)->set_share_bp(0);
  other.set_share_bp(0);
}

}  // namespace

std::vector<StateBreak> StateBreaks() {
  return {
      Break("BLOCKS B02 applicants[0].party_number",
            [](Question& question) {
              question.form.mutable_applicants(0)->set_party_number("P0000099");
              question.actor = "P0000099";
              question.signed_by = {"P0000099"};
            }),
      Break("BLOCKS B03 applicants[1]", AddCoApplicant),
      Break("WARNS B18 duplicate_explanation",
            [](Question& question) {
              question.fixture.Do(question.fixture.SubmitCommand(question.form),
                                  {"enterprise"});
              question.form.set_client_reference("R-2");
              question.form.clear_series();
            }),
      Break("BLOCKS B20 predecessor_no",
            [](Question& question) {
              question.form.set_predecessor_no("20240009999");
            }),
      Break("BLOCKS B21 commitment_text",
            [](Question& question) { question.signed_by.clear(); }),
      Break("BLOCKS B22 applicants",
            [](Question& question) {
              question.actor = question.fixture.licensee;
              question.signed_by = {question.fixture.licensee};
            }),
  };
}

}  // namespace dataip::test
