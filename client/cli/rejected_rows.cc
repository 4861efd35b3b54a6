#include "client/cli/rejected_rows.h"

#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "client/cli/input_files.h"
#include "client/cli/invocation.h"
#include "client/filing/columns.h"
#include "client/import.h"
#include "dataip/rpc/v1/error.pb.h"

namespace dataip::client {
namespace {

std::string ViolationJson(const rpc::v1::FieldViolation& violation) {
  const std::string message = ToJson(violation);
  return absl::StrCat("{\"column\": ", JsonString(ColumnOf(violation.field())),
                      ", ", message.substr(message.find('{') + 1));
}

}  // namespace

std::string ViolationsJson(
    const std::vector<rpc::v1::FieldViolation>& violations) {
  std::vector<std::string> items;
  for (const rpc::v1::FieldViolation& violation : violations) {
    items.push_back(ViolationJson(violation));
  }
  return JsonArray(items);
}

std::vector<std::string> ReasonsOf(
    const std::vector<rpc::v1::FieldViolation>& violations) {
  std::vector<std::string> reasons;
  for (const rpc::v1::FieldViolation& violation : violations) {
    const std::string field = ShownField(violation);
    reasons.push_back(absl::StrCat(field, field.empty() ? "" : ": ",
                                   violation.message_zh(), " [",
                                   violation.rule(), "]"));
  }
  return reasons;
}

absl::Status WriteRejected(const std::string& path, const std::string& text) {
  if (!text.empty()) return WriteOutputFile(path, text);
  ::unlink(path.c_str());
  return absl::OkStatus();
}

}  // namespace dataip::client
