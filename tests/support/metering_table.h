// The rows of tests/data/metering as forms.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "dataip/registry/v1/application_form.pb.h"

namespace dataip::testing {

// Cells by the names of their columns.
using MeteringRow = std::map<std::string, std::string>;

// Ends the program when the text is no table.
std::vector<MeteringRow> MeteringRows(const std::string& csv);

// A row of applications.csv with the rows of fields.csv that are of its series,
// on top of `base`, which brings applicant, deposit, evidence, sample and what
// else the tables lack. Ends the program when a cell is not what it should be.
registry::v1::ApplicationForm MeteringForm(
    const MeteringRow& row, const std::vector<MeteringRow>& fields,
    registry::v1::ApplicationForm base);

}  // namespace dataip::testing
