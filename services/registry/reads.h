// Answers to reads, from the acknowledged state and its projections. What is
// shown follows from who asks (caller.h); every answer says at which ledger
// index it is true.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/ledger_client.h"
#include "dataip/registry/v1/registry_service.pb.h"
#include "services/common/error.h"
#include "services/registry/acknowledged.h"
#include "services/registry/caller.h"
#include "services/registry/page_token.h"
#include "services/registry/receipts.h"
#include "services/registry/sketch_desk.h"
#include "services/registry/store.h"

namespace dataip::registryd {

// Thread safe. NOT_FOUND for names that do not exist, NOT_FOR_THIS_READER for
// what is there and not the caller's, INVALID_FIELD for bad page sizes and
// tokens. Lists leave out what the caller does not see.
class Reads {
 public:
  struct Parts {
    const Acknowledged& acknowledged;
    const ReceiptDesk& receipts;
    PageTokens tokens;
    std::string origin;
    std::vector<std::string> issuing_pem;
    std::function<int64_t()> now_ms;
    client::LedgerClient& ledger;
    const SketchDesk& sketches;
    const Store& store;
  };
  explicit Reads(Parts parts) : parts_(std::move(parts)) {}

  absl::StatusOr<v1::GetRegistryResponse> Get(
      const Caller& caller, const v1::GetRegistryRequest& request) const;
  absl::StatusOr<v1::GetPartyResponse> Get(
      const Caller& caller, const v1::GetPartyRequest& request) const;
  // Officers see in its search for duplicates which samples share records.
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

  // case_reads.cc; who sees what: caller.h.
  absl::StatusOr<v1::GetDraftResponse> Get(
      const Caller& caller, const v1::GetDraftRequest& request) const;
  absl::StatusOr<v1::GetObjectionResponse> Get(
      const Caller& caller, const v1::GetObjectionRequest& request) const;
  absl::StatusOr<v1::GetRequestResponse> Get(
      const Caller& caller, const v1::GetRequestRequest& request) const;
  absl::StatusOr<v1::GetEncumbrancesResponse> Get(
      const Caller& caller, const v1::GetEncumbrancesRequest& request) const;
  // INVALID_FIELD for no day and for one after the registry's today.
  absl::StatusOr<v1::GetStatusOnResponse> Get(
      const Caller& caller, const v1::GetStatusOnRequest& request) const;
  absl::StatusOr<v1::ListDraftsResponse> List(
      const Caller& caller, const v1::ListDraftsRequest& request) const;
  absl::StatusOr<v1::ListAttorneysResponse> List(
      const Caller& caller, const v1::ListAttorneysRequest& request) const;
  absl::StatusOr<v1::ListObjectionsResponse> List(
      const Caller& caller, const v1::ListObjectionsRequest& request) const;
  absl::StatusOr<v1::ListRequestsResponse> List(
      const Caller& caller, const v1::ListRequestsRequest& request) const;

  // queue_reads.cc.
  absl::StatusOr<v1::ListQueueResponse> List(
      const Caller& caller, const v1::ListQueueRequest& request) const;
  // INVALID_FIELD for an officer that names no party.
  absl::StatusOr<v1::ListExpectedResponse> List(
      const Caller& caller, const v1::ListExpectedRequest& request) const;
  absl::StatusOr<v1::ListExpiringResponse> List(
      const Caller& caller, const v1::ListExpiringRequest& request) const;

  // table_reads.cc. Contents are on the ledger only, which is asked for them:
  // errors of LedgerClient::GetEntry.
  absl::StatusOr<v1::GetProfilesResponse> Get(
      const Caller& caller, const v1::GetProfilesRequest& request) const;
  absl::StatusOr<v1::GetTableResponse> Get(
      const Caller& caller, const v1::GetTableRequest& request) const;

  // The real clock.
  int64_t NowMs() const { return parts_.now_ms(); }

  // The newest checkpoint at which the state after that entry is true.
  v1::ReadPosition PositionAt(uint64_t last_index) const;

 private:
  template <typename Response, typename Request, typename Map, typename Add>
  absl::StatusOr<Response> ListOf(const Request& request,
                                  const Map& (*map_of)(const registry::State&),
                                  const Add& add) const;  // list_of.h
  SketchDesk::Answer AskSketches(const Caller& caller,
                                 const std::string& application_no) const;
  absl::StatusOr<std::vector<uint64_t>> LoadedAt(const std::string& name) const;
  absl::StatusOr<v1::TableLoaded> TableAt(uint64_t index) const;

  Parts parts_;
};

// NOT_FOUND of something by its name, in both languages.
absl::Status NoSuch(const char* what_en, const char* what_zh,
                    const std::string& name);

// NOT_FOR_THIS_READER; the text says whose it is.
absl::Status NotForThisReader(services::ErrorText text);

}  // namespace dataip::registryd
