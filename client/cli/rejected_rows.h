// What is said of a row of a filing table that came back, and the file that it
// goes to.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace dataip::rpc::v1 {
class FieldViolation;
}

namespace dataip::client {

// The API messages with the column of the table before each, as a list.
std::string ViolationsJson(
    const std::vector<rpc::v1::FieldViolation>& violations);

// For people: field, message and rule of each.
std::vector<std::string> ReasonsOf(
    const std::vector<rpc::v1::FieldViolation>& violations);

// The file of rejected rows, replaced whole; no file for an empty text.
absl::Status WriteRejected(const std::string& path, const std::string& text);

}  // namespace dataip::client
