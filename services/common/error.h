// Errors that a service answers with: a Reason fixes the status code through
// one table (dataip/rpc/v1/error.proto), and the text is in both languages.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "dataip/rpc/v1/error.pb.h"

namespace dataip::services {

// The table. REASON_UNSPECIFIED and unknown numbers are INTERNAL.
absl::StatusCode CodeOf(rpc::v1::Reason reason);

// One sentence each that says what is wrong and what to do about it.
struct ErrorText {
  std::string en;
  std::string zh;
};

// The status carries an ErrorDetail (client/status.h reads it).
absl::Status MakeStatus(rpc::v1::Reason reason, ErrorText text,
                        std::vector<rpc::v1::FieldViolation> violations = {});

// As MakeStatus from a whole detail: reason, message_zh, violations and the
// numbers are taken, domain is set.
absl::Status MakeStatus(rpc::v1::ErrorDetail detail, std::string message_en);

// OVERLOADED, with the advice to try again after limits::kOverloadRetryMs.
absl::Status Overloaded(ErrorText text);

// CODE: message, for a log line; without the bytes of the ErrorDetail.
std::string LogText(const absl::Status& status);

// INVALID_FIELD about one field of a request.
absl::Status InvalidField(std::string field, ErrorText text);

}  // namespace dataip::services
