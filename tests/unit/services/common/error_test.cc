#include "services/common/error.h"

#include <grpcpp/support/status.h>

#include "client/status.h"
#include "gtest/gtest.h"

namespace dataip::services {
namespace {

TEST(CodeOf, KnowsEveryReason) {
  for (int number = rpc::v1::MALFORMED; number <= rpc::v1::Reason_MAX;
       ++number) {
    const auto reason = static_cast<rpc::v1::Reason>(number);
    const bool internal = CodeOf(reason) == absl::StatusCode::kInternal;
    EXPECT_EQ(internal, reason == rpc::v1::INTERNAL)
        << rpc::v1::Reason_Name(reason);
  }
}

TEST(MakeStatus, SurvivesTheWayOverTheWire) {
  rpc::v1::FieldViolation violation;
  violation.set_field("fields[3].name");
  violation.set_rule("B11");
  const absl::Status status =
      MakeStatus(rpc::v1::RULE_REFUSES, {"not now", "现在不行"}, {violation});
  const grpc::Status sent = client::ToGrpcStatus(status);
  EXPECT_EQ(sent.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(sent.error_message(), "not now");
  const absl::Status received = client::FromGrpcStatus(sent);
  EXPECT_EQ(received, status);
  const auto detail = client::ErrorDetailOf(received);
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->domain(), "dataip");
  EXPECT_EQ(detail->message_zh(), "现在不行");
  EXPECT_EQ(detail->field_violations(0).field(), "fields[3].name");
}

TEST(LogText, LeavesOutTheBytesOfTheDetail) {
  const absl::Status status =
      MakeStatus(rpc::v1::NOT_SERVING, {"not now", "现在不行"});
  EXPECT_NE(status.ToString().find("type.googleapis.com"), std::string::npos);
  EXPECT_EQ(LogText(status), "UNAVAILABLE: not now");
}

TEST(MakeStatus, IsReadableAsGoogleRpcStatus) {
  const grpc::Status sent =
      client::ToGrpcStatus(MakeStatus(rpc::v1::NOT_FOUND, {"gone", "不存在"}));
  const std::string bytes = sent.error_details();
  // code = 5, then message, then one Any.
  EXPECT_EQ(bytes.substr(0, 2), std::string("\x08\x05"));
  EXPECT_EQ(bytes.substr(2, 6), std::string("\x12\x04gone"));
  EXPECT_NE(bytes.find("type.googleapis.com/dataip.rpc.v1.ErrorDetail"),
            std::string::npos);
}

TEST(FromGrpcStatus, TakesErrorsWithoutOrWithBrokenDetails) {
  const grpc::Status plain(grpc::StatusCode::UNAVAILABLE, "no connection");
  EXPECT_EQ(client::ReasonOf(client::FromGrpcStatus(plain)),
            rpc::v1::REASON_UNSPECIFIED);
  const grpc::Status broken(grpc::StatusCode::ABORTED, "x", "\xff\xff\xff");
  EXPECT_TRUE(absl::IsAborted(client::FromGrpcStatus(broken)));
}

TEST(InvalidField, NamesTheFieldInBothLanguages) {
  const absl::Status status = InvalidField("name", {"too long", "过长"});
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(status.message(), "name: too long");
  EXPECT_EQ(client::ErrorDetailOf(status)->message_zh(), "name：过长");
}

}  // namespace
}  // namespace dataip::services
