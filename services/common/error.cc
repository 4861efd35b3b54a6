#include "services/common/error.h"

#include <utility>

#include "client/status.h"
#include "core/base/limits.h"

namespace dataip::services {

using rpc::v1::Reason;

absl::StatusCode CodeOf(Reason reason) {
  switch (reason) {
    case rpc::v1::MALFORMED:
    case rpc::v1::INVALID_FIELD:
    case rpc::v1::TOO_LARGE:
      return absl::StatusCode::kInvalidArgument;
    case rpc::v1::NOT_FOUND:
      return absl::StatusCode::kNotFound;
    case rpc::v1::ALREADY_EXISTS:
      return absl::StatusCode::kAlreadyExists;
    case rpc::v1::BAD_SIGNATURE:
    case rpc::v1::NOT_ALLOWED:
    case rpc::v1::NOT_FOR_THIS_READER:
      return absl::StatusCode::kPermissionDenied;
    case rpc::v1::RULE_REFUSES:
    case rpc::v1::EXPIRED:
    case rpc::v1::UNEXPECTED_POSITION:
    case rpc::v1::OUTSIDE_WINDOW:
    case rpc::v1::WRONG_LEDGER:
      return absl::StatusCode::kFailedPrecondition;
    case rpc::v1::VERSION_CONFLICT:
    case rpc::v1::FENCED:
      return absl::StatusCode::kAborted;
    case rpc::v1::OVERLOADED:
      return absl::StatusCode::kResourceExhausted;
    case rpc::v1::DATA_LOSS:
      return absl::StatusCode::kDataLoss;
    case rpc::v1::NOT_SERVING:
      return absl::StatusCode::kUnavailable;
    default:
      return absl::StatusCode::kInternal;
  }
}

absl::Status MakeStatus(rpc::v1::ErrorDetail detail, std::string message_en) {
  detail.set_domain("dataip");
  absl::Status status(CodeOf(detail.reason()), message_en);
  client::SetErrorDetail(detail, status);
  return status;
}

absl::Status MakeStatus(Reason reason, ErrorText text,
                        std::vector<rpc::v1::FieldViolation> violations) {
  rpc::v1::ErrorDetail detail;
  detail.set_reason(reason);
  detail.set_message_zh(std::move(text.zh));
  for (auto& violation : violations) {
    *detail.add_field_violations() = std::move(violation);
  }
  return MakeStatus(std::move(detail), std::move(text.en));
}

absl::Status Overloaded(ErrorText text) {
  rpc::v1::ErrorDetail detail;
  detail.set_reason(rpc::v1::OVERLOADED);
  detail.set_retry_after_ms(limits::kOverloadRetryMs);
  detail.set_message_zh(std::move(text.zh));
  return MakeStatus(std::move(detail), std::move(text.en));
}

std::string LogText(const absl::Status& status) {
  return status.ToString(absl::StatusToStringMode::kWithNoExtraData);
}

absl::Status InvalidField(std::string field, ErrorText text) {
  rpc::v1::FieldViolation violation;
  violation.set_field(std::move(field));
  violation.set_message_en(text.en);
  violation.set_message_zh(text.zh);
  return MakeStatus(
      rpc::v1::INVALID_FIELD,
      {violation.field() + ": " + text.en, violation.field() + "：" + text.zh},
      {violation});
}

}  // namespace dataip::services
