// The gRPC side of reads about cases, queues and tables.
#include "services/registry/registry_service.h"
#include "services/registry/reply.h"

namespace dataip::registryd {

grpc::Status RegistryService::GetDraft(grpc::ServerContext* context,
                                       const v1::GetDraftRequest* request,
                                       v1::GetDraftResponse* response) {
  return Reply(registry_.reads().Get(CallerOf(*context), *request), response);
}

grpc::Status RegistryService::ListDrafts(grpc::ServerContext* context,
                                         const v1::ListDraftsRequest* request,
                                         v1::ListDraftsResponse* response) {
  return Reply(registry_.reads().List(CallerOf(*context), *request), response);
}

grpc::Status RegistryService::ListAttorneys(
    grpc::ServerContext* context, const v1::ListAttorneysRequest* request,
    v1::ListAttorneysResponse* response) {
  return Reply(registry_.reads().List(CallerOf(*context), *request), response);
}

grpc::Status RegistryService::GetObjection(
    grpc::ServerContext* context, const v1::GetObjectionRequest* request,
    v1::GetObjectionResponse* response) {
  return Reply(registry_.reads().Get(CallerOf(*context), *request), response);
}

grpc::Status RegistryService::ListObjections(
    grpc::ServerContext* context, const v1::ListObjectionsRequest* request,
    v1::ListObjectionsResponse* response) {
  return Reply(registry_.reads().List(CallerOf(*context), *request), response);
}

grpc::Status RegistryService::GetRequest(grpc::ServerContext* context,
                                         const v1::GetRequestRequest* request,
                                         v1::GetRequestResponse* response) {
  return Reply(registry_.reads().Get(CallerOf(*context), *request), response);
}

grpc::Status RegistryService::ListRequests(
    grpc::ServerContext* context, const v1::ListRequestsRequest* request,
    v1::ListRequestsResponse* response) {
  return Reply(registry_.reads().List(CallerOf(*context), *request), response);
}

grpc::Status RegistryService::GetEncumbrances(
    grpc::ServerContext* context, const v1::GetEncumbrancesRequest* request,
    v1::GetEncumbrancesResponse* response) {
  return Reply(registry_.reads().Get(CallerOf(*context), *request), response);
}

grpc::Status RegistryService::GetStatusOn(grpc::ServerContext* context,
                                          const v1::GetStatusOnRequest* request,
                                          v1::GetStatusOnResponse* response) {
  return Reply(registry_.reads().Get(CallerOf(*context), *request), response);
}

grpc::Status RegistryService::GetProfiles(grpc::ServerContext* context,
                                          const v1::GetProfilesRequest* request,
                                          v1::GetProfilesResponse* response) {
  return Reply(registry_.reads().Get(CallerOf(*context), *request), response);
}

grpc::Status RegistryService::GetTable(grpc::ServerContext* context,
                                       const v1::GetTableRequest* request,
                                       v1::GetTableResponse* response) {
  return Reply(registry_.reads().Get(CallerOf(*context), *request), response);
}

grpc::Status RegistryService::ListQueue(grpc::ServerContext* context,
                                        const v1::ListQueueRequest* request,
                                        v1::ListQueueResponse* response) {
  return Reply(registry_.reads().List(CallerOf(*context), *request), response);
}

grpc::Status RegistryService::ListExpected(
    grpc::ServerContext* context, const v1::ListExpectedRequest* request,
    v1::ListExpectedResponse* response) {
  return Reply(registry_.reads().List(CallerOf(*context), *request), response);
}

grpc::Status RegistryService::ListExpiring(
    grpc::ServerContext* context, const v1::ListExpiringRequest* request,
    v1::ListExpiringResponse* response) {
  return Reply(registry_.reads().List(CallerOf(*context), *request), response);
}

}  // namespace dataip::registryd
