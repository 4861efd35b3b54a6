#include "client/filing/unread_cells.h"

#include "client/filing/columns.h"

namespace dataip::client {

UnreadCells::UnreadCells(const Violations& violations) {
  for (const auto& violation : violations) fields_.insert(violation.field());
  for (const char* cause : {"file", "storage_format", "series", "sample"}) {
    if (fields_.count(cause) == 0) continue;
    fields_.insert({"file", "fields", "evidence", "sample", "storage_format",
                    "record_count", "byte_size"});
    break;
  }
}

bool UnreadCells::Hide(absl::string_view path) const {
  const std::string top(path.substr(0, path.find_first_of(".[")));
  return fields_.count(std::string(ColumnOf(path))) != 0 ||
         fields_.count(top) != 0;
}

}  // namespace dataip::client
