// The calls about what stands beside applications and certificates, and about
// queues.
#include <utility>

#include "client/registry_calls.h"
#include "client/registry_client.h"

namespace dataip::client {

namespace v1 = registry::v1;

absl::StatusOr<v1::GetDraftResponse> RegistryClient::GetDraft(
    const std::string& draft_no) {
  v1::GetDraftRequest request;
  request.set_draft_no(draft_no);
  return state_->Call(&v1::RegistryService::Stub::GetDraft, request);
}

absl::StatusOr<v1::GetObjectionResponse> RegistryClient::GetObjection(
    const std::string& objection_no) {
  v1::GetObjectionRequest request;
  request.set_objection_no(objection_no);
  return state_->Call(&v1::RegistryService::Stub::GetObjection, request);
}

absl::StatusOr<v1::GetRequestResponse> RegistryClient::GetRequest(
    const std::string& request_no) {
  v1::GetRequestRequest request;
  request.set_request_no(request_no);
  return state_->Call(&v1::RegistryService::Stub::GetRequest, request);
}

absl::StatusOr<v1::GetEncumbrancesResponse> RegistryClient::GetEncumbrances(
    const std::string& number) {
  v1::GetEncumbrancesRequest request;
  request.set_certificate_number(number);
  request.set_page_size(State::kPageLines);
  v1::GetEncumbrancesResponse all;
  do {
    ASSIGN_OR_RETURN(
        const auto page,
        state_->Call(&v1::RegistryService::Stub::GetEncumbrances, request));
    request.set_page_token(page.next_page_token());
    all.MergeFrom(page);
  } while (!request.page_token().empty());
  all.clear_next_page_token();
  return all;
}

absl::StatusOr<v1::GetStatusOnResponse> RegistryClient::GetStatusOn(
    const std::string& number, const std::string& day) {
  v1::GetStatusOnRequest request;
  request.set_number(number);
  request.set_day(day);
  return state_->Call(&v1::RegistryService::Stub::GetStatusOn, request);
}

absl::StatusOr<v1::GetBatchResponse> RegistryClient::GetBatch(
    const std::string& batch_no) {
  v1::GetBatchRequest request;
  request.set_batch_no(batch_no);
  return state_->Call(&v1::RegistryService::Stub::GetBatch, request);
}

absl::StatusOr<v1::GetProfilesResponse> RegistryClient::GetProfiles() {
  return state_->Call(&v1::RegistryService::Stub::GetProfiles,
                      v1::GetProfilesRequest());
}

absl::StatusOr<v1::GetTableResponse> RegistryClient::GetTable(
    const v1::GetTableRequest& request) {
  return state_->Call(&v1::RegistryService::Stub::GetTable, request);
}

absl::StatusOr<std::vector<v1::Draft>> RegistryClient::ListDrafts(
    v1::ListDraftsRequest request) {
  return state_->List(&v1::RegistryService::Stub::ListDrafts,
                      std::move(request),
                      &v1::ListDraftsResponse::mutable_drafts);
}

absl::StatusOr<std::vector<v1::PowerOfAttorney>> RegistryClient::ListAttorneys(
    v1::ListAttorneysRequest request) {
  return state_->List(&v1::RegistryService::Stub::ListAttorneys,
                      std::move(request),
                      &v1::ListAttorneysResponse::mutable_attorneys);
}

absl::StatusOr<std::vector<v1::Objection>> RegistryClient::ListObjections(
    v1::ListObjectionsRequest request) {
  return state_->List(&v1::RegistryService::Stub::ListObjections,
                      std::move(request),
                      &v1::ListObjectionsResponse::mutable_objections);
}

absl::StatusOr<std::vector<v1::CertificateRequest>>
RegistryClient::ListRequests(v1::ListRequestsRequest request) {
  return state_->List(&v1::RegistryService::Stub::ListRequests,
                      std::move(request),
                      &v1::ListRequestsResponse::mutable_requests);
}

absl::StatusOr<std::vector<v1::QueueLine>> RegistryClient::ListQueue(
    v1::ListQueueRequest request) {
  return state_->List(&v1::RegistryService::Stub::ListQueue, std::move(request),
                      &v1::ListQueueResponse::mutable_lines);
}

absl::StatusOr<std::vector<v1::QueueLine>> RegistryClient::ListExpected(
    v1::ListExpectedRequest request) {
  return state_->List(&v1::RegistryService::Stub::ListExpected,
                      std::move(request),
                      &v1::ListExpectedResponse::mutable_lines);
}

absl::StatusOr<std::vector<v1::ExpiringCertificate>>
RegistryClient::ListExpiring(v1::ListExpiringRequest request) {
  return state_->List(&v1::RegistryService::Stub::ListExpiring,
                      std::move(request),
                      &v1::ListExpiringResponse::mutable_certificates);
}

}  // namespace dataip::client
