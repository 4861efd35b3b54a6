// Pages of what lies on certificates.
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "client/status.h"
#include "dataip/registry/v1/registry_service.grpc.pb.h"
#include "tests/integration/registry/bureau.h"
#include "tests/integration/registry/office.h"
#include "tests/support/status_matchers.h"

namespace dataip::test {
namespace {

rpc::v1::Reason ReasonOf(
    const absl::StatusOr<v1::GetEncumbrancesResponse>& answer) {
  return client::ReasonOf(answer.status());
}

// One page as the officer reads it.
struct EncumbrancePage {
  std::string token;
  std::string certificate = {};
  int32_t size = 1;
};
absl::StatusOr<v1::GetEncumbrancesResponse> ReadPage(
    Bureau& bureau, const EncumbrancePage& page) {
  const auto channel =
      client::MakeChannel(bureau.registry_address, bureau.TlsOf(kExaminer));
  EXPECT_OK(channel);
  const auto stub = v1::RegistryService::NewStub(*channel);
  v1::GetEncumbrancesRequest request;
  request.set_page_size(page.size);
  request.set_page_token(page.token);
  request.set_certificate_number(page.certificate);
  grpc::ClientContext context;
  v1::GetEncumbrancesResponse response;
  const grpc::Status status =
      stub->GetEncumbrances(&context, request, &response);
  if (!status.ok()) return client::FromGrpcStatus(status);
  return response;
}

TEST(Encumbrances, ArePagedKindAfterKindWithoutLossOrRepetition) {
  Office office;
  Bureau& bureau = office.bureau;
  const std::string number = office.Certify("a");
  office.ConsentAndGrant(office.AskPledge(number));
  office.ConsentAndGrant(office.AskPledge(number));
  const std::string freeze = office.Freeze(number, "民事裁定书");
  std::vector<std::string> wanted = {office.OpenRevocation(number), freeze};
  const auto all = bureau.As(kExaminer).GetEncumbrances(number);
  ASSERT_OK(all);
  ASSERT_EQ(all->pledges_size(), 2);
  for (const auto& one : all->pledges()) wanted.push_back(one.pledge_no());
  std::vector<std::string> seen;
  std::string token;
  do {
    const auto page = ReadPage(bureau, {token});
    ASSERT_OK(page);
    ASSERT_EQ(
        page->revocations_size() + page->freezes_size() + page->pledges_size(),
        1);
    for (const auto& one : page->revocations()) {
      seen.push_back(one.revocation_no());
    }
    for (const auto& one : page->freezes()) seen.push_back(one.freeze_no());
    for (const auto& one : page->pledges()) seen.push_back(one.pledge_no());
    token = page->next_page_token();
  } while (!token.empty() && seen.size() <= wanted.size());
  EXPECT_EQ(seen, wanted);
  token = ReadPage(bureau, {""})->next_page_token();
  EXPECT_EQ(ReasonOf(ReadPage(bureau, {token, number})), rpc::v1::INVALID_FIELD)
      << "a token of another filter";
  for (const int32_t size : {-1, 1'001}) {
    EXPECT_EQ(ReasonOf(ReadPage(bureau, {"", "", size})),
              rpc::v1::INVALID_FIELD);
  }
}

}  // namespace
}  // namespace dataip::test
