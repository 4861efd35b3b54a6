#include "client/status.h"

#include <google/protobuf/any.pb.h>
#include <google/protobuf/unknown_field_set.h>
#include <grpcpp/support/status.h>

#include <string>

#include "absl/strings/cord.h"

namespace dataip::client {
namespace {

// Field numbers of google.rpc.Status.
constexpr int kCodeField = 1;
constexpr int kMessageField = 2;
constexpr int kDetailsField = 3;

// google.rpc.Status has no header in Debian's packages; three fields by
// number do.
std::string EncodeRpcStatus(const absl::Status& status,
                            const std::string& detail) {
  google::protobuf::Any any;
  any.set_type_url(kErrorDetailUrl);
  any.set_value(detail);
  google::protobuf::UnknownFieldSet fields;
  fields.AddVarint(kCodeField, static_cast<uint64_t>(status.code()));
  fields.AddLengthDelimited(kMessageField)
      ->assign(status.message().data(), status.message().size());
  fields.AddLengthDelimited(kDetailsField, any.SerializeAsString());
  std::string bytes;
  fields.SerializeToString(&bytes);
  return bytes;
}

std::optional<rpc::v1::ErrorDetail> DecodeRpcStatus(const std::string& bytes) {
  google::protobuf::UnknownFieldSet fields;
  if (!fields.ParseFromString(bytes)) return std::nullopt;
  for (int i = 0; i < fields.field_count(); ++i) {
    const auto& field = fields.field(i);
    if (field.number() != kDetailsField ||
        field.type() != google::protobuf::UnknownField::TYPE_LENGTH_DELIMITED) {
      continue;
    }
    google::protobuf::Any any;
    rpc::v1::ErrorDetail detail;
    if (any.ParseFromString(field.length_delimited()) &&
        any.type_url() == kErrorDetailUrl &&
        detail.ParseFromString(any.value())) {
      return detail;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<rpc::v1::ErrorDetail> ErrorDetailOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kErrorDetailUrl);
  if (!payload.has_value()) return std::nullopt;
  rpc::v1::ErrorDetail detail;
  if (!detail.ParseFromString(std::string(*payload))) return std::nullopt;
  return detail;
}

rpc::v1::Reason ReasonOf(const absl::Status& status) {
  const auto detail = ErrorDetailOf(status);
  return detail.has_value() ? detail->reason() : rpc::v1::REASON_UNSPECIFIED;
}

void SetErrorDetail(const rpc::v1::ErrorDetail& detail, absl::Status& status) {
  status.SetPayload(kErrorDetailUrl, absl::Cord(detail.SerializeAsString()));
}

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const std::string message(status.message());
  const auto code = static_cast<grpc::StatusCode>(status.code());
  const auto payload = status.GetPayload(kErrorDetailUrl);
  if (!payload.has_value()) return grpc::Status(code, message);
  return grpc::Status(code, message,
                      EncodeRpcStatus(status, std::string(*payload)));
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()),
                      status.error_message());
  if (const auto detail = DecodeRpcStatus(status.error_details())) {
    SetErrorDetail(*detail, result);
  }
  return result;
}

absl::Status FromUncancelledCall(const grpc::Status& status) {
  if (status.error_code() != grpc::StatusCode::CANCELLED) {
    return FromGrpcStatus(status);
  }
  return absl::UnavailableError(
      "the server stopped before it took the call / "
      "服务器已停止，未受理该调用");
}

}  // namespace dataip::client
