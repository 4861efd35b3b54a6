#include "tests/bench/metering_forms.h"

#include <fstream>
#include <iterator>
#include <utility>

#include "tests/bench/options.h"
#include "tests/support/metering_table.h"

namespace dataip::bench {
namespace {

std::vector<testing::MeteringRow> ReadRows(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  Require(file.good(), "cannot read " + path);
  return testing::MeteringRows(
      {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()});
}

}  // namespace

std::vector<registry::v1::ApplicationForm> MeteringForms(
    const std::string& folder, const registry::v1::ApplicationForm& base) {
  const auto fields = ReadRows(folder + "/fields.csv");
  std::vector<registry::v1::ApplicationForm> forms;
  for (const auto& row : ReadRows(folder + "/applications.csv")) {
    auto form = testing::MeteringForm(row, fields, base);
    form.mutable_deposit()->set_byte_size(form.byte_size());
    form.mutable_deposit()->set_leaf_count(form.record_count() + 1);
    forms.push_back(std::move(form));
  }
  return forms;
}

}  // namespace dataip::bench
