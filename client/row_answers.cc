#include "client/row_answers.h"

#include "absl/strings/str_cat.h"
#include "client/local_fault.h"
#include "client/pki/key_file.h"
#include "client/status.h"

namespace dataip::client {
namespace {

constexpr size_t kApplicationNumberDigits = 11;

}  // namespace

bool IsAboutTheRow(const absl::Status& refusal) {
  switch (ReasonOf(refusal)) {
    case rpc::v1::MALFORMED:
    case rpc::v1::INVALID_FIELD:
    case rpc::v1::NOT_FOUND:
    case rpc::v1::ALREADY_EXISTS:
    case rpc::v1::RULE_REFUSES:
    case rpc::v1::EXPIRED:
    case rpc::v1::TOO_LARGE:
      return true;
    default:
      return false;
  }
}

rpc::v1::FieldViolation RowViolation(absl::string_view field,
                                     absl::string_view rule,
                                     absl::string_view zh,
                                     absl::string_view en) {
  rpc::v1::FieldViolation violation;
  violation.set_field(std::string(field));
  violation.set_rule(std::string(rule));
  violation.set_message_zh(std::string(zh));
  violation.set_message_en(std::string(en));
  return violation;
}

Violations ViolationsOf(const absl::Status& refusal) {
  const auto detail = ErrorDetailOf(refusal);
  if (detail.has_value() && detail->field_violations_size() > 0) {
    return {detail->field_violations().begin(),
            detail->field_violations().end()};
  }
  return {RowViolation(
      "", "CSV", detail.has_value() ? detail->message_zh() : "登记系统拒绝受理",
      refusal.message())};
}

absl::Status KeepReceipt(const ReceiptName& name,
                         const registry::v1::Receipt& receipt) {
  const std::string& number = name.application_no;
  if (number.size() != kApplicationNumberDigits ||
      number.find_first_not_of("0123456789") != std::string::npos) {
    return absl::DataLossError(
        "登记系统给出的申请号不成形 (the registry gave no application number)");
  }
  const absl::Status status =
      WriteNewFile(absl::StrCat(name.folder, "/", number, name.ending),
                   receipt.SerializeAsString(), Access::kEveryone);
  return absl::IsAlreadyExists(status) ? absl::OkStatus()
                                       : AsLocalFault(status);
}

}  // namespace dataip::client
