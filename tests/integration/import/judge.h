// A filing table with its data directory, read as the client reads it and
// judged by the registry's rules under the real tables.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "client/filing/filing.h"
#include "core/registry/form/form_rules.h"
#include "core/registry/precheck/precheck.h"

namespace dataip::test {

// 2024-06-20T09:00+08:00.
inline constexpr int64_t kFiledAtMs = 1'718'845'200'000;

// A path below tests/data.
std::string InTests(const std::string& path);

class Judge {
 public:
  Judge(const std::string& csv, const std::string& data_dir);
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;

  const client::CsvTable& table() const { return table_; }
  const registry::FormContext& form_context() const { return form_context_; }

  // The row's form, of party P0000001, issued at kFiledAtMs.
  client::FilingResult Make(const client::CsvRow& row) const;
  client::Violations Check(const registry::v1::ApplicationForm& form) const;
  // The whole pre-check, without a state.
  std::vector<registry::Finding> Precheck(
      const registry::v1::ApplicationForm& form) const;
  // As an import: what the row itself shows, else what the rules say.
  client::Violations Violations(const client::CsvRow& row) const;

 private:
  client::CsvTable table_;
  client::FieldTables fields_;
  registry::Profile profile_;
  registry::CodeTable industries_;
  registry::CodeTable regions_;
  client::FilingContext filing_context_;
  registry::FormContext form_context_;
};

}  // namespace dataip::test
