// Answers to reads, from the acknowledged state and its projections. What is
// shown follows from who asks (caller.h); every answer says at which ledger
// index it is true.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "dataip/registry/v1/registry_service.pb.h"
#include "services/registry/acknowledged.h"
#include "services/registry/caller.h"
#include "services/registry/page_token.h"
#include "services/registry/receipts.h"

namespace dataip::registryd {

// Thread safe. NOT_FOUND for names that do not exist, INVALID_FIELD for bad
// page sizes and tokens.
class Reads {
 public:
  struct Parts {
    const Acknowledged& acknowledged;
    const ReceiptDesk& receipts;
    PageTokens tokens;
    std::string origin;
    std::vector<std::string> issuing_pem;
    std::function<int64_t()> now_ms;
  };
  explicit Reads(Parts parts) : parts_(std::move(parts)) {}

  absl::StatusOr<v1::GetRegistryResponse> Get(
      const Caller& caller, const v1::GetRegistryRequest& request) const;
  absl::StatusOr<v1::GetPartyResponse> Get(
      const Caller& caller, const v1::GetPartyRequest& request) const;
  absl::StatusOr<v1::GetApplicationResponse> Get(
      const Caller& caller, const v1::GetApplicationRequest& request) const;
  absl::StatusOr<v1::GetCertificateResponse> Get(
      const Caller& caller, const v1::GetCertificateRequest& request) const;
  absl::StatusOr<v1::GetLicenceResponse> Get(
      const Caller& caller, const v1::GetLicenceRequest& request) const;
  absl::StatusOr<v1::GetValueResponse> Get(
      const Caller& caller, const v1::GetValueRequest& request) const;

  absl::StatusOr<v1::ListPartiesResponse> List(
      const Caller& caller, const v1::ListPartiesRequest& request) const;
  absl::StatusOr<v1::ListOfficersResponse> List(
      const Caller& caller, const v1::ListOfficersRequest& request) const;
  absl::StatusOr<v1::ListApplicationsResponse> List(
      const Caller& caller, const v1::ListApplicationsRequest& request) const;
  absl::StatusOr<v1::ListCertificatesResponse> List(
      const Caller& caller, const v1::ListCertificatesRequest& request) const;
  absl::StatusOr<v1::ListLicencesResponse> List(
      const Caller& caller, const v1::ListLicencesRequest& request) const;
  // Those who see the licence only.
  absl::StatusOr<v1::ListUsageResponse> List(
      const Caller& caller, const v1::ListUsageRequest& request) const;

  // The newest checkpoint at which the state after that entry is true.
  v1::ReadPosition PositionAt(uint64_t last_index) const;

 private:
  template <typename Response, typename Request, typename Map, typename Add>
  absl::StatusOr<Response> ListOf(const Request& request,
                                  const Map& (*map_of)(const registry::State&),
                                  const Add& add) const;

  Parts parts_;
};

// NOT_FOUND of something by its name, in both languages.
absl::Status NoSuch(const char* what_en, const char* what_zh,
                    const std::string& name);

}  // namespace dataip::registryd
