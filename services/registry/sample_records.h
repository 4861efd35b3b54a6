// The records of a sample file, for its sketch.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "dataip/registry/v1/application_form.pb.h"

namespace dataip::registryd {

namespace v1 = ::dataip::registry::v1;

// Of a sample as `dataip application file` writes it (client/filing/sample.h)
// the rows, without number, leaf and path, which differ from deposit to
// deposit; rows of blocks are empty and none. Of other text its lines, the
// header aside (the line of the sample's columns) and without what is white at
// their ends. Of what is no text (it has a zero byte) its blocks of 65,536
// bytes. Nothing empty.
std::vector<std::string> SampleRecords(absl::string_view file,
                                       const v1::Sample& sample);

}  // namespace dataip::registryd
