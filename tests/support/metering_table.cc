#include "tests/support/metering_table.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "core/registry/tables/tables.h"

namespace dataip::testing {
namespace {

namespace v1 = registry::v1;
using Row = MeteringRow;

void Need(bool holds, const std::string& what) {
  if (holds) return;
  std::fprintf(stderr, "tests/data/metering: %s\n", what.c_str());
  std::abort();
}

template <typename Enum>
Enum Parsed(const std::string& name) {
  const auto* found =
      google::protobuf::GetEnumDescriptor<Enum>()->FindValueByName(name);
  Need(found != nullptr, "no such word: " + name);
  return static_cast<Enum>(found->number());
}

uint64_t Number(const std::string& text) {
  uint64_t number = 0;
  Need(absl::SimpleAtoi(text, &number), "no number: " + text);
  return number;
}

void SetWords(const Row& row, v1::ApplicationForm& form) {
  form.set_client_reference(row.at("client_reference"));
  form.set_name(row.at("name"));
  form.set_industry_code(row.at("industry_code"));
  form.set_scenario_industry_code(row.at("scenario_industry_code"));
  form.set_region_code(row.at("region_code"));
  v1::Scenario* scenario = form.mutable_scenario();
  scenario->set_conditions(row.at("scenario_conditions"));
  scenario->set_scope(row.at("scenario_scope"));
  scenario->set_object(row.at("scenario_object"));
  scenario->set_problem_solved(row.at("problem_solved"));
  form.set_algorithm_summary(row.at("algorithm_summary"));
  form.set_coverage_from(row.at("coverage_from"));
  form.set_coverage_to(row.at("coverage_to"));
  form.set_series(row.at("series"));
  form.set_prepared_from(row.at("prepared_from"));
  v1::Deidentification* deid = form.mutable_deidentification();
  deid->set_method(row.at("deid_method"));
  deid->set_standard(row.at("deid_standard"));
  deid->set_reidentification_test(row.at("reidentification_test"));
  deid->set_irreversible(row.at("irreversible") == "true");
}

void SetFields(const Row& row, const std::vector<Row>& fields,
               v1::ApplicationForm& form) {
  form.clear_fields();
  form.mutable_sample()->clear_columns();
  for (const Row& field : fields) {
    if (field.at("series") != row.at("series")) continue;
    v1::DataField* added = form.add_fields();
    added->set_name(field.at("name"));
    added->set_type(field.at("type"));
    added->set_meaning(field.at("meaning"));
    added->set_unit(field.at("unit"));
    added->set_classification(field.at("classification") == "GENERAL"
                                  ? v1::GENERAL
                                  : v1::PERSONAL_INFORMATION);
    form.mutable_sample()->add_columns(field.at("name"));
  }
}

}  // namespace

std::vector<MeteringRow> MeteringRows(const std::string& csv) {
  const auto cells = registry::ParseCsv(csv);
  Need(cells.ok() && cells->size() > 1, "no table");
  std::vector<Row> rows;
  for (size_t i = 1; i < cells->size(); ++i) {
    Row row;
    for (size_t j = 0; j < cells->front().size(); ++j) {
      row[cells->front()[j]] = (*cells)[i][j];
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

v1::ApplicationForm MeteringForm(const MeteringRow& row,
                                 const std::vector<MeteringRow>& fields,
                                 v1::ApplicationForm form) {
  SetWords(row, form);
  SetFields(row, fields, form);
  form.clear_sources();
  for (absl::string_view category :
       absl::StrSplit(row.at("source_categories"), ';')) {
    v1::Source* source = form.add_sources();
    source->set_category(Parsed<v1::SourceCategory>(std::string(category)));
    source->set_acquisition(Parsed<v1::Acquisition>(row.at("acquisition")));
    source->set_method(row.at("acquisition_method"));
  }
  form.set_storage_format(Parsed<v1::StorageFormat>(row.at("storage_format")));
  form.set_update_frequency(
      Parsed<v1::UpdateFrequency>(row.at("update_frequency")));
  form.set_public_state(Parsed<v1::PublicState>(row.at("public_state")));
  form.set_ai_processing_share(
      Parsed<v1::AiProcessingShare>(row.at("ai_processing_share")));
  form.set_record_count(Number(row.at("record_count")));
  form.set_byte_size(Number(row.at("byte_size")));
  return form;
}

}  // namespace dataip::testing
