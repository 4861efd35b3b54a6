// A registry as a C++ program sees it: one method a call of
// dataip.registry.v1.RegistryService, whole lists and whole files. The
// messages are those of dataip/registry/v1/registry_service.pb.h (include it
// where you use them).
//
// Every error is an absl::Status with the registry's ErrorDetail
// (client/status.h); UNAVAILABLE without a detail means that no server
// answered. Thread safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/hash/hash.h"

namespace grpc {
class Channel;
}  // namespace grpc

namespace dataip::registry::v1 {
class ApplicationSummary;
class CertificateRequest;
class CertificateSummary;
class CountedUsage;
class Draft;
class ExpiringCertificate;
class FollowChangesRequest;
class GetApplicationResponse;
class GetBatchResponse;
class GetBundleResponse;
class GetCertificateResponse;
class GetDraftResponse;
class GetEncumbrancesResponse;
class GetLicenceResponse;
class GetObjectionResponse;
class GetPartyResponse;
class GetProfilesResponse;
class GetRegistryResponse;
class GetRequestResponse;
class GetStatusOnResponse;
class GetTableRequest;
class GetTableResponse;
class GetValueRequest;
class GetValueResponse;
class Licence;
class ListApplicationsRequest;
class ListAttorneysRequest;
class ListCertificatesRequest;
class ListDraftsRequest;
class ListExpectedRequest;
class ListExpiringRequest;
class ListLicencesRequest;
class ListObjectionsRequest;
class ListPartiesRequest;
class ListQueueRequest;
class ListRequestsRequest;
class Objection;
class Officer;
class Party;
class PowerOfAttorney;
class QueueLine;
class SubmitCommandRequest;
class SubmitCommandResponse;
}  // namespace dataip::registry::v1

namespace dataip::client {

struct Following;

class RegistryClient {
 public:
  // Deadline of each call, retries included.
  static constexpr std::chrono::milliseconds kTimeout{10'000};

  explicit RegistryClient(std::shared_ptr<grpc::Channel> channel,
                          std::chrono::milliseconds timeout = kTimeout);
  ~RegistryClient();

  // Sends a signed command until it is decided or the timeout is over. The
  // same bytes are sent again, which (actor, command_id) makes safe, when the
  // outcome is unknown (UNAVAILABLE), when the registry was fenced meanwhile
  // (ABORTED, FENCED) and when it is overloaded (after the time that it
  // asks for). A VERSION_CONFLICT is never repeated: the caller must read and
  // sign anew.
  absl::StatusOr<registry::v1::SubmitCommandResponse> Submit(
      const registry::v1::SubmitCommandRequest& request);

  absl::StatusOr<registry::v1::GetRegistryResponse> GetRegistry();
  absl::StatusOr<registry::v1::GetPartyResponse> GetParty(
      const std::string& party);
  absl::StatusOr<registry::v1::GetApplicationResponse> GetApplication(
      const std::string& application_no);
  absl::StatusOr<registry::v1::GetCertificateResponse> GetCertificate(
      const std::string& number);
  absl::StatusOr<registry::v1::GetBundleResponse> GetBundle(
      const std::string& number, bool history = false);
  absl::StatusOr<registry::v1::GetLicenceResponse> GetLicence(
      const std::string& licence_no);
  absl::StatusOr<registry::v1::GetValueResponse> GetValue(
      const registry::v1::GetValueRequest& request);

  // Whole lists: every page, in the server's order. Set the filters of the
  // request; page_size 0 means 1,000 a call, page_token is ours.
  absl::StatusOr<std::vector<registry::v1::Party>> ListParties(
      registry::v1::ListPartiesRequest request);
  absl::StatusOr<std::vector<registry::v1::Officer>> ListOfficers();
  absl::StatusOr<std::vector<registry::v1::ApplicationSummary>>
  ListApplications(registry::v1::ListApplicationsRequest request);
  absl::StatusOr<std::vector<registry::v1::CertificateSummary>>
  ListCertificates(registry::v1::ListCertificatesRequest request);
  absl::StatusOr<std::vector<registry::v1::Licence>> ListLicences(
      registry::v1::ListLicencesRequest request);
  absl::StatusOr<std::vector<registry::v1::CountedUsage>> ListUsage(
      const std::string& licence_no);

  // What stands beside applications and certificates (case_queries.proto).
  absl::StatusOr<registry::v1::GetDraftResponse> GetDraft(
      const std::string& draft_no);
  absl::StatusOr<registry::v1::GetObjectionResponse> GetObjection(
      const std::string& objection_no);
  absl::StatusOr<registry::v1::GetRequestResponse> GetRequest(
      const std::string& request_no);
  // Of all certificates when `number` is empty: officers and root only.
  absl::StatusOr<registry::v1::GetEncumbrancesResponse> GetEncumbrances(
      const std::string& number);
  // `day` is `YYYY-MM-DD`.
  absl::StatusOr<registry::v1::GetStatusOnResponse> GetStatusOn(
      const std::string& number, const std::string& day);
  absl::StatusOr<registry::v1::GetBatchResponse> GetBatch(
      const std::string& batch_no);
  absl::StatusOr<registry::v1::GetProfilesResponse> GetProfiles();
  absl::StatusOr<registry::v1::GetTableResponse> GetTable(
      const registry::v1::GetTableRequest& request);
  absl::StatusOr<std::vector<registry::v1::Draft>> ListDrafts(
      registry::v1::ListDraftsRequest request);
  absl::StatusOr<std::vector<registry::v1::PowerOfAttorney>> ListAttorneys(
      registry::v1::ListAttorneysRequest request);
  absl::StatusOr<std::vector<registry::v1::Objection>> ListObjections(
      registry::v1::ListObjectionsRequest request);
  absl::StatusOr<std::vector<registry::v1::CertificateRequest>> ListRequests(
      registry::v1::ListRequestsRequest request);

  // Who is to do what until when (queue_queries.proto).
  absl::StatusOr<std::vector<registry::v1::QueueLine>> ListQueue(
      registry::v1::ListQueueRequest request);
  absl::StatusOr<std::vector<registry::v1::QueueLine>> ListExpected(
      registry::v1::ListExpectedRequest request);
  absl::StatusOr<std::vector<registry::v1::ExpiringCertificate>> ListExpiring(
      registry::v1::ListExpiringRequest request);

  // Changes from request.from_index on (queue_queries.proto), in the calling
  // thread, until `take` answers false, it is stopped (CANCELLED), or, with
  // `until_now`, all were told. A server that is lost is waited for, and what
  // follows is asked from the last index plus 1 on: every change is told once.
  // With `until_now` it is not waited for longer than a call's deadline.
  // UNAVAILABLE when no server ever answered, DATA_LOSS when one goes back.
  // (client/change_follower.h)
  absl::Status FollowChanges(registry::v1::FollowChangesRequest request,
                             const Following& following);

  // Keeps a file at the registry for a later command; returns its SHA-256.
  // Sending one that is there already is cheap and OK. TOO_LARGE over
  // limits::kFileBytes.
  absl::StatusOr<hash::Hash> Upload(Bytes content);

  // A file of an application or of another object. DATA_LOSS when what came
  // has another digest than the server named.
  struct FileName {
    std::string application_no;
    std::string kind;       // "sample", "evidence", "contract"
    uint32_t position = 0;  // among the files of that kind
    std::string object_no;  // instead of application_no
  };
  struct File {
    std::string content;
    hash::Hash sha256;
    std::string salt;  // of its commitment, 32 bytes
  };
  absl::StatusOr<File> Download(const FileName& name);

 private:
  struct State;
  // One connection; moves request.from_index on.
  absl::Status FollowOnce(registry::v1::FollowChangesRequest& request,
                          const Following& following, bool& done);

  std::unique_ptr<State> state_;
};

}  // namespace dataip::client
