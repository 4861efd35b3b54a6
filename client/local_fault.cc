#include "client/local_fault.h"

#include "absl/strings/str_cat.h"
#include "client/status.h"

namespace dataip::client {

absl::Status LocalFault(const std::string& zh, const std::string& en) {
  absl::Status status = absl::InternalError(en);
  rpc::v1::ErrorDetail detail;
  detail.set_reason(rpc::v1::INTERNAL);
  detail.set_domain("dataip");
  detail.set_message_zh(zh);
  SetErrorDetail(detail, status);
  return status;
}

absl::Status AsLocalFault(const absl::Status& status) {
  const bool is_fault = absl::IsPermissionDenied(status) ||
                        absl::IsUnavailable(status) || absl::IsInternal(status);
  if (!is_fault || ErrorDetailOf(status).has_value()) return status;
  return LocalFault("本机的文件无法读写；请按下述提示检查路径、权限与磁盘空间",
                    absl::StrCat("a file of this machine cannot be read or "
                                 "written; check path, permissions and disk "
                                 "space: ",
                                 status.message()));
}

}  // namespace dataip::client
