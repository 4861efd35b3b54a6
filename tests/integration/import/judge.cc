#include "tests/integration/import/judge.h"

#include "tests/support/process.h"

namespace dataip::test {
namespace {

std::string TableFile(const std::string& name) {
  return ReadFile(std::string(DATAIP_SOURCE_DIR "/deploy/tables/") + name);
}

}  // namespace

std::string InTests(const std::string& path) {
  return std::string(DATAIP_SOURCE_DIR "/tests/data/") + path;
}

Judge::Judge(const std::string& csv, const std::string& data_dir)
    : table_(*client::ReadCsvFile(csv)),
      fields_(*client::FieldTables::Parse(
          *client::ReadCsvFile(data_dir + "/fields.csv"))),
      profile_(*registry::Profile::Parse(TableFile("profile_ZJ-2023.csv"))),
      industries_(*registry::CodeTable::Parse(TableFile("industries.csv"))),
      regions_(*registry::CodeTable::Parse(TableFile("regions.csv"))),
      filing_context_{.party_number = "P0000001",
                      .data_dir = data_dir,
                      .master_key = {},
                      .fields = &fields_} {
  form_context_ = {.profile = &profile_,
                   .industries = &industries_,
                   .regions = &regions_,
                   .filed_at_ms = kFiledAtMs};
  form_context_.issued_at.set_seconds(kFiledAtMs / 1000);
}

client::FilingResult Judge::Make(const client::CsvRow& row) const {
  client::FilingResult made = client::MakeFiling(table_, row, filing_context_);
  client::SetIssuedAt(form_context_.issued_at, made.filing.form);
  return made;
}

client::Violations Judge::Check(
    const registry::v1::ApplicationForm& form) const {
  return registry::ValidateForm(form, form_context_);
}

std::vector<registry::Finding> Judge::Precheck(
    const registry::v1::ApplicationForm& form) const {
  registry::PrecheckContext context;
  context.form = form_context_;
  return registry::Precheck(form, context);
}

client::Violations Judge::Violations(const client::CsvRow& row) const {
  const client::FilingResult made = Make(row);
  return made.violations.empty() ? Check(made.filing.form) : made.violations;
}

}  // namespace dataip::test
