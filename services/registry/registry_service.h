// The gRPC side of the registry: who calls, and errors with their detail. It
// decides nothing. Commands and followers of changes hold no thread while they
// wait (callback API); reads and files are short and run in gRPC's threads.
#pragma once

#include "dataip/registry/v1/registry_service.grpc.pb.h"
#include "services/registry/registry.h"

namespace dataip::registryd {

class RegistryService final
    : public v1::RegistryService::WithCallbackMethod_FollowChanges<
          v1::RegistryService::WithCallbackMethod_GetBatch<
              v1::RegistryService::WithCallbackMethod_SubmitCommand<
                  v1::RegistryService::Service>>> {
 public:
  // The registry outlives it.
  explicit RegistryService(Registry& registry) : registry_(registry) {}

  grpc::ServerUnaryReactor* SubmitCommand(
      grpc::CallbackServerContext* context,
      const v1::SubmitCommandRequest* request,
      v1::SubmitCommandResponse* response) override;

  grpc::ServerWriteReactor<v1::Change>* FollowChanges(
      grpc::CallbackServerContext* context,
      const v1::FollowChangesRequest* request) override;

  grpc::ServerUnaryReactor* GetBatch(grpc::CallbackServerContext* context,
                                     const v1::GetBatchRequest* request,
                                     v1::GetBatchResponse* response) override;

  grpc::Status GetRegistry(grpc::ServerContext* context,
                           const v1::GetRegistryRequest* request,
                           v1::GetRegistryResponse* response) override;
  grpc::Status GetParty(grpc::ServerContext* context,
                        const v1::GetPartyRequest* request,
                        v1::GetPartyResponse* response) override;
  grpc::Status ListParties(grpc::ServerContext* context,
                           const v1::ListPartiesRequest* request,
                           v1::ListPartiesResponse* response) override;
  grpc::Status ListOfficers(grpc::ServerContext* context,
                            const v1::ListOfficersRequest* request,
                            v1::ListOfficersResponse* response) override;
  grpc::Status GetApplication(grpc::ServerContext* context,
                              const v1::GetApplicationRequest* request,
                              v1::GetApplicationResponse* response) override;
  grpc::Status ListApplications(
      grpc::ServerContext* context, const v1::ListApplicationsRequest* request,
      v1::ListApplicationsResponse* response) override;
  grpc::Status GetCertificate(grpc::ServerContext* context,
                              const v1::GetCertificateRequest* request,
                              v1::GetCertificateResponse* response) override;
  grpc::Status ListCertificates(
      grpc::ServerContext* context, const v1::ListCertificatesRequest* request,
      v1::ListCertificatesResponse* response) override;
  grpc::Status GetBundle(grpc::ServerContext* context,
                         const v1::GetBundleRequest* request,
                         v1::GetBundleResponse* response) override;
  grpc::Status GetLicence(grpc::ServerContext* context,
                          const v1::GetLicenceRequest* request,
                          v1::GetLicenceResponse* response) override;
  grpc::Status ListLicences(grpc::ServerContext* context,
                            const v1::ListLicencesRequest* request,
                            v1::ListLicencesResponse* response) override;
  grpc::Status ListUsage(grpc::ServerContext* context,
                         const v1::ListUsageRequest* request,
                         v1::ListUsageResponse* response) override;
  grpc::Status GetValue(grpc::ServerContext* context,
                        const v1::GetValueRequest* request,
                        v1::GetValueResponse* response) override;

  // case_service.cc
  grpc::Status GetDraft(grpc::ServerContext* context,
                        const v1::GetDraftRequest* request,
                        v1::GetDraftResponse* response) override;
  grpc::Status ListDrafts(grpc::ServerContext* context,
                          const v1::ListDraftsRequest* request,
                          v1::ListDraftsResponse* response) override;
  grpc::Status ListAttorneys(grpc::ServerContext* context,
                             const v1::ListAttorneysRequest* request,
                             v1::ListAttorneysResponse* response) override;
  grpc::Status GetObjection(grpc::ServerContext* context,
                            const v1::GetObjectionRequest* request,
                            v1::GetObjectionResponse* response) override;
  grpc::Status ListObjections(grpc::ServerContext* context,
                              const v1::ListObjectionsRequest* request,
                              v1::ListObjectionsResponse* response) override;
  grpc::Status GetRequest(grpc::ServerContext* context,
                          const v1::GetRequestRequest* request,
                          v1::GetRequestResponse* response) override;
  grpc::Status ListRequests(grpc::ServerContext* context,
                            const v1::ListRequestsRequest* request,
                            v1::ListRequestsResponse* response) override;
  grpc::Status GetEncumbrances(grpc::ServerContext* context,
                               const v1::GetEncumbrancesRequest* request,
                               v1::GetEncumbrancesResponse* response) override;
  grpc::Status GetStatusOn(grpc::ServerContext* context,
                           const v1::GetStatusOnRequest* request,
                           v1::GetStatusOnResponse* response) override;
  grpc::Status GetProfiles(grpc::ServerContext* context,
                           const v1::GetProfilesRequest* request,
                           v1::GetProfilesResponse* response) override;
  grpc::Status GetTable(grpc::ServerContext* context,
                        const v1::GetTableRequest* request,
                        v1::GetTableResponse* response) override;
  grpc::Status ListQueue(grpc::ServerContext* context,
                         const v1::ListQueueRequest* request,
                         v1::ListQueueResponse* response) override;
  grpc::Status ListExpected(grpc::ServerContext* context,
                            const v1::ListExpectedRequest* request,
                            v1::ListExpectedResponse* response) override;
  grpc::Status ListExpiring(grpc::ServerContext* context,
                            const v1::ListExpiringRequest* request,
                            v1::ListExpiringResponse* response) override;

  grpc::Status UploadFile(grpc::ServerContext* context,
                          grpc::ServerReader<v1::UploadFileRequest>* pieces,
                          v1::UploadFileResponse* response) override;
  grpc::Status DownloadFile(
      grpc::ServerContext* context, const v1::DownloadFileRequest* request,
      grpc::ServerWriter<v1::DownloadFileResponse>* pieces) override;

 private:
  // Who calls, by its TLS certificate, and when.
  Caller CallerOf(const grpc::ServerContextBase& context) const;

  Registry& registry_;
};

}  // namespace dataip::registryd
