#include "client/cli/exit_codes.h"

#include "client/cli/batch.h"
#include "client/status.h"
#include "core/verify/report.h"
#include "gtest/gtest.h"
#include "services/common/error.h"

namespace dataip::client {
namespace {

using absl::StatusCode;

// Of the contract: every reason, under the status code that it fixes.
struct ReasonCase {
  rpc::v1::Reason reason;
  int exit_code;
};

class ExitCodeOfReason : public ::testing::TestWithParam<ReasonCase> {};

TEST_P(ExitCodeOfReason, IsThatOfTheTable) {
  const absl::Status status =
      services::MakeStatus(GetParam().reason, {"en", "zh"});
  EXPECT_EQ(ExitCodeOf(status), GetParam().exit_code)
      << rpc::v1::Reason_Name(GetParam().reason);
}

INSTANTIATE_TEST_SUITE_P(
    All, ExitCodeOfReason,
    ::testing::Values(
        ReasonCase{rpc::v1::MALFORMED, 2},
        ReasonCase{rpc::v1::INVALID_FIELD, 2},
        ReasonCase{rpc::v1::TOO_LARGE, 2}, ReasonCase{rpc::v1::NOT_FOUND, 3},
        ReasonCase{rpc::v1::BAD_SIGNATURE, 4},
        ReasonCase{rpc::v1::NOT_ALLOWED, 4},
        ReasonCase{rpc::v1::RULE_REFUSES, 4}, ReasonCase{rpc::v1::EXPIRED, 4},
        ReasonCase{rpc::v1::OUTSIDE_WINDOW, 4},
        ReasonCase{rpc::v1::NOT_FOR_THIS_READER, 4},
        ReasonCase{rpc::v1::WRONG_LEDGER, 4},
        ReasonCase{rpc::v1::UNEXPECTED_POSITION, 4},
        ReasonCase{rpc::v1::ALREADY_EXISTS, 6},
        ReasonCase{rpc::v1::VERSION_CONFLICT, 6},
        ReasonCase{rpc::v1::FENCED, 6}, ReasonCase{rpc::v1::OVERLOADED, 7},
        ReasonCase{rpc::v1::NOT_SERVING, 7}, ReasonCase{rpc::v1::DATA_LOSS, 20},
        ReasonCase{rpc::v1::INTERNAL, 1}),
    [](const auto& info) { return rpc::v1::Reason_Name(info.param.reason); });

TEST(ExitCodeOf, KnowsEveryReasonOfTheContract) {
  // A reason that is added must be given a code here, too.
  EXPECT_EQ(rpc::v1::Reason_MAX, rpc::v1::INTERNAL);
}

struct CodeCase {
  StatusCode code;
  int exit_code;
};

class ExitCodeOfStatus : public ::testing::TestWithParam<CodeCase> {};

TEST_P(ExitCodeOfStatus, WithoutAReasonIsThatOfTheTable) {
  EXPECT_EQ(ExitCodeOf(absl::Status(GetParam().code, "what")),
            GetParam().exit_code);
}

INSTANTIATE_TEST_SUITE_P(
    All, ExitCodeOfStatus,
    ::testing::Values(CodeCase{StatusCode::kOk, 0},
                      CodeCase{StatusCode::kInternal, 1},
                      CodeCase{StatusCode::kUnknown, 1},
                      CodeCase{StatusCode::kCancelled, 1},
                      CodeCase{StatusCode::kUnimplemented, 22},
                      CodeCase{StatusCode::kInvalidArgument, 2},
                      CodeCase{StatusCode::kNotFound, 3},
                      CodeCase{StatusCode::kOutOfRange, 3},
                      CodeCase{StatusCode::kPermissionDenied, 4},
                      CodeCase{StatusCode::kUnauthenticated, 4},
                      CodeCase{StatusCode::kFailedPrecondition, 4},
                      CodeCase{StatusCode::kAlreadyExists, 6},
                      CodeCase{StatusCode::kAborted, 6},
                      CodeCase{StatusCode::kUnavailable, 7},
                      CodeCase{StatusCode::kResourceExhausted, 7},
                      CodeCase{StatusCode::kDeadlineExceeded, 8},
                      CodeCase{StatusCode::kDataLoss, 20}),
    [](const auto& info) { return absl::StatusCodeToString(info.param.code); });

TEST(ExitCodeOf, OfAPositionFollowsItsStatusCode) {
  EXPECT_EQ(ExitCodeOf(StatusCode::kAborted, rpc::v1::UNEXPECTED_POSITION), 6);
  EXPECT_EQ(
      ExitCodeOf(StatusCode::kFailedPrecondition, rpc::v1::UNEXPECTED_POSITION),
      4);
}

TEST(ExitCodes, OfVerifyAreThoseOfItsReport) {
  using verify::Conclusion;
  EXPECT_EQ(verify::ExitCode(Conclusion::kInForce), kExitOk);
  EXPECT_EQ(verify::ExitCode(Conclusion::kNotGenuine), kExitNotGenuine);
  EXPECT_EQ(verify::ExitCode(Conclusion::kNotInForce), kExitNotInForce);
  EXPECT_EQ(verify::ExitCode(Conclusion::kCannotDecide), kExitCannotDecide);
  EXPECT_EQ(verify::ExitCode(Conclusion::kStale), kExitStale);
}

TEST(WorseOf, PutsUsageBeforeAllAndNoServerBeforeTheRest) {
  for (const ExitCode other : {kExitInternal, kExitNoServer, kExitNotFound,
                               kExitNotAllowed, kExitConflict, kExitOk}) {
    EXPECT_EQ(WorseOf(other, kExitUsage), kExitUsage);
    EXPECT_EQ(WorseOf(kExitUsage, other), kExitUsage);
  }
  for (const ExitCode other : {kExitNotFound, kExitNotAllowed,
                               kExitSomeRejected, kExitConflict, kExitOk}) {
    EXPECT_EQ(WorseOf(other, kExitNoServer), kExitNoServer);
    EXPECT_EQ(WorseOf(kExitNoServer, other), kExitNoServer);
  }
  EXPECT_EQ(WorseOf(kExitOk, kExitConflict), kExitConflict);
  EXPECT_EQ(WorseOf(kExitNotFound, kExitNotAllowed), kExitNotFound);
}

ExitCode Batch(std::vector<ExitCode> codes) { return CodeOfBatch(codes); }

TEST(CodeOfBatch, SaysSomeRejectedOnlyWhenSomeWereNot) {
  EXPECT_EQ(Batch({}), kExitOk);
  EXPECT_EQ(Batch({kExitOk, kExitOk}), kExitOk);
  EXPECT_EQ(Batch({kExitOk, kExitNotAllowed}), kExitSomeRejected);
  EXPECT_EQ(Batch({kExitNotAllowed, kExitNotAllowed}), kExitNotAllowed);
  EXPECT_EQ(Batch({kExitOk, kExitNoServer, kExitNotAllowed}), kExitNoServer);
}

}  // namespace
}  // namespace dataip::client
