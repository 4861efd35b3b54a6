#include "client/cli/remedies.h"

namespace dataip::client {

absl::string_view RemedyZh(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return "";
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return "输入有误，请按下述提示更正后重试";
    case absl::StatusCode::kNotFound:
      return "找不到所指的对象，请核对编号或路径";
    case absl::StatusCode::kAlreadyExists:
      return "对象已经存在，请核对，不必重复提交";
    case absl::StatusCode::kAborted:
      return "与更新的状态冲突，请重新读取后再提交";
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
      return "没有权限，请核对所用的密钥与证书";
    case absl::StatusCode::kFailedPrecondition:
      return "当前条件下不能办理，请按下述提示处理后重试";
    case absl::StatusCode::kUnavailable:
      return "服务器没有应答，请核对地址与 TLS 设置，确认服务已启动后重试";
    case absl::StatusCode::kResourceExhausted:
      return "服务繁忙或消息过大，请稍后重试或分批提交";
    case absl::StatusCode::kDeadlineExceeded:
      return "等待超时，请稍后重试或延长 --timeout";
    case absl::StatusCode::kDataLoss:
      return "核验不通过：数据与签名不符，请勿采信，并与登记机构联系";
    case absl::StatusCode::kUnimplemented:
      return "格式或功能高于本程序的版本，请升级程序";
    default:
      return "程序内部错误，请保留输出并与维护者联系";
  }
}

absl::string_view RemedyEn(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kUnavailable:
      return "no answer from the server: check its address and the TLS "
             "settings, and that it runs, then try again";
    case absl::StatusCode::kDeadlineExceeded:
      return "it took too long: try again later, or with a longer --timeout";
    case absl::StatusCode::kResourceExhausted:
      return "the server is busy or the message too large: try again later, "
             "or send less at once";
    default:
      return "";
  }
}

}  // namespace dataip::client
