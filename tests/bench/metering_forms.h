// The 54 forms of tests/data/metering, for loads of the registry's shape.
#pragma once

#include <string>
#include <vector>

#include "dataip/registry/v1/application_form.pb.h"

namespace dataip::bench {

// The rows of `folder`/applications.csv with the fields of `folder`/fields.csv,
// on top of `base`, which brings applicant, deposit, evidence, sample and what
// else the table lacks. Ends the program when they cannot be read.
std::vector<registry::v1::ApplicationForm> MeteringForms(
    const std::string& folder, const registry::v1::ApplicationForm& base);

}  // namespace dataip::bench
