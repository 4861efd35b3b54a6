#include "services/registry/registry_service.h"

#include <utility>

#include "services/common/tls.h"
#include "services/registry/reply.h"

namespace dataip::registryd {

Caller RegistryService::CallerOf(const grpc::ServerContextBase& context) const {
  return Caller{services::PeerActor(context), registry_.reads().NowMs()};
}

grpc::ServerUnaryReactor* RegistryService::SubmitCommand(
    grpc::CallbackServerContext* context,
    const v1::SubmitCommandRequest* request,
    v1::SubmitCommandResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  registry_.Submit(
      CallerOf(*context), *request,
      [reactor, response](absl::StatusOr<v1::SubmitCommandResponse> answer) {
        reactor->Finish(Reply(std::move(answer), response));
      });
  return reactor;
}

grpc::ServerUnaryReactor* RegistryService::GetBatch(
    grpc::CallbackServerContext* context, const v1::GetBatchRequest* request,
    v1::GetBatchResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  registry_.batches().Get(
      CallerOf(*context), request->batch_no(),
      [reactor, response](absl::StatusOr<v1::GetBatchResponse> answer) {
        reactor->Finish(Reply(std::move(answer), response));
      });
  return reactor;
}

grpc::Status RegistryService::GetRegistry(grpc::ServerContext* context,
                                          const v1::GetRegistryRequest* request,
                                          v1::GetRegistryResponse* response) {
  return Reply(registry_.reads().Get(CallerOf(*context), *request), response);
}

grpc::Status RegistryService::GetParty(grpc::ServerContext* context,
                                       const v1::GetPartyRequest* request,
                                       v1::GetPartyResponse* response) {
  return Reply(registry_.reads().Get(CallerOf(*context), *request), response);
}

grpc::Status RegistryService::ListParties(grpc::ServerContext* context,
                                          const v1::ListPartiesRequest* request,
                                          v1::ListPartiesResponse* response) {
  return Reply(registry_.reads().List(CallerOf(*context), *request), response);
}

grpc::Status RegistryService::ListOfficers(
    grpc::ServerContext* context, const v1::ListOfficersRequest* request,
    v1::ListOfficersResponse* response) {
  return Reply(registry_.reads().List(CallerOf(*context), *request), response);
}

grpc::Status RegistryService::GetApplication(
    grpc::ServerContext* context, const v1::GetApplicationRequest* request,
    v1::GetApplicationResponse* response) {
  return Reply(registry_.reads().Get(CallerOf(*context), *request), response);
}

grpc::Status RegistryService::ListApplications(
    grpc::ServerContext* context, const v1::ListApplicationsRequest* request,
    v1::ListApplicationsResponse* response) {
  return Reply(registry_.reads().List(CallerOf(*context), *request), response);
}

grpc::Status RegistryService::GetCertificate(
    grpc::ServerContext* context, const v1::GetCertificateRequest* request,
    v1::GetCertificateResponse* response) {
  return Reply(registry_.reads().Get(CallerOf(*context), *request), response);
}

grpc::Status RegistryService::ListCertificates(
    grpc::ServerContext* context, const v1::ListCertificatesRequest* request,
    v1::ListCertificatesResponse* response) {
  return Reply(registry_.reads().List(CallerOf(*context), *request), response);
}

grpc::Status RegistryService::GetBundle(grpc::ServerContext* context,
                                        const v1::GetBundleRequest* request,
                                        v1::GetBundleResponse* response) {
  return Reply(registry_.GetBundle(CallerOf(*context), *request), response);
}

grpc::Status RegistryService::GetLicence(grpc::ServerContext* context,
                                         const v1::GetLicenceRequest* request,
                                         v1::GetLicenceResponse* response) {
  return Reply(registry_.reads().Get(CallerOf(*context), *request), response);
}

grpc::Status RegistryService::ListLicences(
    grpc::ServerContext* context, const v1::ListLicencesRequest* request,
    v1::ListLicencesResponse* response) {
  return Reply(registry_.reads().List(CallerOf(*context), *request), response);
}

grpc::Status RegistryService::ListUsage(grpc::ServerContext* context,
                                        const v1::ListUsageRequest* request,
                                        v1::ListUsageResponse* response) {
  return Reply(registry_.reads().List(CallerOf(*context), *request), response);
}

grpc::Status RegistryService::GetValue(grpc::ServerContext* context,
                                       const v1::GetValueRequest* request,
                                       v1::GetValueResponse* response) {
  return Reply(registry_.reads().Get(CallerOf(*context), *request), response);
}

}  // namespace dataip::registryd
