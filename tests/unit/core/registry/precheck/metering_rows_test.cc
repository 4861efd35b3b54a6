// The 54 real rows pass every rule of the form as they stand.
#include <map>
#include <sstream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/registry/form/form_rules.h"
#include "core/registry/tables/tables.h"
#include "core/registry/values/civil_date.h"
#include "core/registry/values/personal_data.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"
#include "tests/support/status_matchers.h"

namespace dataip::registry {
namespace {

using ::dataip::testing::kTestStartMs;
using ::dataip::testing::ReadSourceFile;
using ::dataip::testing::RegistryFixture;
using Row = std::map<std::string, std::string>;

constexpr char kFolder[] = "tests/data/metering/";

std::vector<Row> ReadRows(const std::string& file) {
  const auto cells = ParseCsv(ReadSourceFile(kFolder + file));
  EXPECT_OK(cells);
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

template <typename Enum>
Enum Parsed(const std::string& name) {
  Enum value{};
  EXPECT_TRUE(google::protobuf::GetEnumDescriptor<Enum>()->FindValueByName(
                  name) != nullptr)
      << name;
  const auto* found =
      google::protobuf::GetEnumDescriptor<Enum>()->FindValueByName(name);
  if (found != nullptr) value = static_cast<Enum>(found->number());
  return value;
}

uint64_t Number(const std::string& text) {
  uint64_t number = 0;
  EXPECT_TRUE(absl::SimpleAtoi(text, &number)) << text;
  return number;
}

void SetWords(const Row& row, v1::ApplicationForm& form) {
  form.set_client_reference(row.at("client_reference"));
  form.set_name(row.at("name"));
  form.set_industry_code(row.at("industry_code"));
  form.set_scenario_industry_code(row.at("scenario_industry_code"));
  form.set_region_code(row.at("region_code"));
  form.mutable_scenario()->set_conditions(row.at("scenario_conditions"));
  form.mutable_scenario()->set_scope(row.at("scenario_scope"));
  form.mutable_scenario()->set_object(row.at("scenario_object"));
  form.mutable_scenario()->set_problem_solved(row.at("problem_solved"));
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

v1::ApplicationForm FormOf(const Row& row, const std::vector<Row>& fields,
                           v1::ApplicationForm form) {
  SetWords(row, form);
  form.clear_sources();
  for (absl::string_view category :
       absl::StrSplit(row.at("source_categories"), ';')) {
    v1::Source* source = form.add_sources();
    source->set_category(Parsed<v1::SourceCategory>(std::string(category)));
    source->set_acquisition(Parsed<v1::Acquisition>(row.at("acquisition")));
    source->set_method(row.at("acquisition_method"));
  }
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
  form.set_storage_format(Parsed<v1::StorageFormat>(row.at("storage_format")));
  form.set_update_frequency(
      Parsed<v1::UpdateFrequency>(row.at("update_frequency")));
  form.set_public_state(Parsed<v1::PublicState>(row.at("public_state")));
  form.set_ai_processing_share(
      Parsed<v1::AiProcessingShare>(row.at("ai_processing_share")));
  form.set_record_count(Number(row.at("record_count")));
  form.set_byte_size(Number(row.at("byte_size")));
  form.mutable_sample()->set_row_count(20);
  return form;
}

// Size and leaves of the file itself.
void SetDeposit(const std::string& data, v1::ApplicationForm& form) {
  uint64_t lines = 0;
  for (char c : data) lines += c == '\n' ? 1 : 0;
  if (!data.empty() && data.back() != '\n') ++lines;
  v1::Deposit* deposit = form.mutable_deposit();
  deposit->set_byte_size(data.size());
  deposit->set_leaf_count(lines);
}

TEST(MeteringRows, AllPassAsTheyStand) {
  RegistryFixture fixture = RegistryFixture::Ready();
  const State& state = fixture.state();
  const FormContext context{state.profile.get(), state.industries.get(),
                            state.regions.get(), FromUnixMs(kTestStartMs),
                            kTestStartMs,        std::nullopt};
  const std::vector<Row> fields = ReadRows("fields.csv");
  const std::vector<Row> rows = ReadRows("applications.csv");
  ASSERT_EQ(rows.size(), 54u);
  for (const Row& row : rows) {
    v1::ApplicationForm form = FormOf(row, fields, fixture.GoodForm("R-1"));
    SetDeposit(ReadSourceFile(kFolder + row.at("file")), form);
    for (const auto& violation : ValidateForm(form, context)) {
      ADD_FAILURE() << row.at("file") << " " << violation.ShortDebugString();
    }
  }
}

TEST(MeteringRows, HoldNothingThatLooksLikePersonalData) {
  const std::vector<Row> fields = ReadRows("fields.csv");
  size_t cells = 0;
  for (const Row& row : ReadRows("applications.csv")) {
    std::map<std::string, std::string> types;
    for (const Row& field : fields) {
      if (field.at("series") != row.at("series")) continue;
      types[field.at("name")] = field.at("type");
    }
    for (const Row& record : ReadRows(row.at("file"))) {
      for (const auto& [name, cell] : record) {
        ++cells;
        for (PersonalDataKind kind : ScanCell({cell, types[name]})) {
          ADD_FAILURE() << row.at("file") << " " << name << " " << cell << " "
                        << NameEn(kind);
        }
      }
    }
  }
  EXPECT_GT(cells, 100'000u);
}

}  // namespace
}  // namespace dataip::registry
