#include "services/registry/refusals.h"

#include <utility>

#include "core/base/limits.h"
#include "services/common/error.h"

namespace dataip::registryd {

absl::Status Stopping() {
  return services::MakeStatus(
      rpc::v1::NOT_SERVING,
      {"the registry is stopping; send the same again later",
       "登记服务正在停止，请稍后重新发送"});
}

absl::Status Overloaded() {
  return services::Overloaded({"too much is in line; send the same again later",
                               "排队的请求已满，请稍后重新发送"});
}

bool MayPass(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
      return true;
    default:
      return false;
  }
}

}  // namespace dataip::registryd
