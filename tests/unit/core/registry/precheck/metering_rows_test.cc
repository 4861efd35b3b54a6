// The 54 real rows pass every rule of the form as they stand.
#include <map>

#include "core/registry/form/form_rules.h"
#include "core/registry/values/civil_date.h"
#include "core/registry/values/personal_data.h"
#include "gtest/gtest.h"
#include "tests/support/metering_table.h"
#include "tests/support/registry_fixture.h"

namespace dataip::registry {
namespace {

using ::dataip::testing::kTestStartMs;
using ::dataip::testing::MeteringForm;
using ::dataip::testing::MeteringRow;
using ::dataip::testing::MeteringRows;
using ::dataip::testing::ReadSourceFile;
using ::dataip::testing::RegistryFixture;

constexpr char kFolder[] = "tests/data/metering/";

std::vector<MeteringRow> ReadRows(const std::string& file) {
  return MeteringRows(ReadSourceFile(kFolder + file));
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
  const std::vector<MeteringRow> fields = ReadRows("fields.csv");
  const std::vector<MeteringRow> rows = ReadRows("applications.csv");
  ASSERT_EQ(rows.size(), 54u);
  for (const MeteringRow& row : rows) {
    v1::ApplicationForm form =
        MeteringForm(row, fields, fixture.GoodForm("R-1"));
    SetDeposit(ReadSourceFile(kFolder + row.at("file")), form);
    for (const auto& violation : ValidateForm(form, context)) {
      ADD_FAILURE() << row.at("file") << " " << violation.ShortDebugString();
    }
  }
}

TEST(MeteringRows, HoldNothingThatLooksLikePersonalData) {
  const std::vector<MeteringRow> fields = ReadRows("fields.csv");
  size_t cells = 0;
  for (const MeteringRow& row : ReadRows("applications.csv")) {
    std::map<std::string, std::string> types;
    for (const MeteringRow& field : fields) {
      if (field.at("series") != row.at("series")) continue;
      types[field.at("name")] = field.at("type");
    }
    for (const MeteringRow& record : ReadRows(row.at("file"))) {
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
