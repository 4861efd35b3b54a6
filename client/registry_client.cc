#include "client/registry_client.h"

#include <grpcpp/support/sync_stream.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/registry_calls.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using std::chrono::milliseconds;

grpc::Status SendFile(v1::RegistryService::Stub& stub,
                      grpc::ClientContext& context, const hash::Hash& sha256,
                      Bytes content, v1::UploadFileResponse& response) {
  const auto writer = stub.UploadFile(&context, &response);
  v1::UploadFileRequest request;
  request.set_sha256(std::string(sha256.text()));
  request.set_byte_size(content.size());
  size_t sent = 0;
  do {
    const size_t count =
        std::min(limits::kFileChunkBytes, content.size() - sent);
    request.set_chunk(content.data() + sent, count);
    // A refusal comes by Finish.
    if (!writer->Write(request)) break;
    sent += count;
    request.Clear();
  } while (sent < content.size());
  writer->WritesDone();
  return writer->Finish();
}

// A file as it comes: how many bytes it will have, and what came so far.
struct Incoming {
  RegistryClient::File file;
  std::string named_sha256;
  uint64_t byte_size = 0;
  bool too_large = false;
};

grpc::Status ReceiveFile(v1::RegistryService::Stub& stub,
                         grpc::ClientContext& context,
                         const v1::DownloadFileRequest& request,
                         Incoming& incoming) {
  incoming = Incoming();
  const auto reader = stub.DownloadFile(&context, request);
  v1::DownloadFileResponse piece;
  bool first = true;
  while (reader->Read(&piece)) {
    if (first) {
      incoming.named_sha256 = piece.sha256();
      incoming.byte_size = piece.byte_size();
      incoming.file.salt = piece.salt();
      first = false;
    }
    if (incoming.file.content.size() + piece.chunk().size() >
        limits::kFileBytes) {
      incoming.too_large = true;
      context.TryCancel();
      break;
    }
    incoming.file.content += piece.chunk();
  }
  const grpc::Status status = reader->Finish();
  return incoming.too_large ? grpc::Status::OK : status;
}

}  // namespace

RegistryClient::RegistryClient(std::shared_ptr<grpc::Channel> channel,
                               milliseconds timeout)
    : state_(std::make_unique<State>()) {
  state_->stub = v1::RegistryService::NewStub(channel);
  state_->channel = std::move(channel);
  state_->timeout = timeout;
}

RegistryClient::~RegistryClient() = default;

absl::StatusOr<v1::SubmitCommandResponse> RegistryClient::Submit(
    const v1::SubmitCommandRequest& request) {
  return state_->Call(&v1::RegistryService::Stub::SubmitCommand, request);
}

absl::StatusOr<v1::GetRegistryResponse> RegistryClient::GetRegistry() {
  return state_->Call(&v1::RegistryService::Stub::GetRegistry,
                      v1::GetRegistryRequest());
}

absl::StatusOr<v1::GetPartyResponse> RegistryClient::GetParty(
    const std::string& party) {
  v1::GetPartyRequest request;
  request.set_party(party);
  return state_->Call(&v1::RegistryService::Stub::GetParty, request);
}

absl::StatusOr<v1::GetApplicationResponse> RegistryClient::GetApplication(
    const std::string& application_no) {
  v1::GetApplicationRequest request;
  request.set_application_no(application_no);
  return state_->Call(&v1::RegistryService::Stub::GetApplication, request);
}

absl::StatusOr<v1::GetCertificateResponse> RegistryClient::GetCertificate(
    const std::string& number) {
  v1::GetCertificateRequest request;
  request.set_number(number);
  return state_->Call(&v1::RegistryService::Stub::GetCertificate, request);
}

absl::StatusOr<v1::GetBundleResponse> RegistryClient::GetBundle(
    const std::string& number, bool history) {
  v1::GetBundleRequest request;
  request.set_number(number);
  request.set_history(history);
  return state_->Call(&v1::RegistryService::Stub::GetBundle, request);
}

absl::StatusOr<v1::GetLicenceResponse> RegistryClient::GetLicence(
    const std::string& licence_no) {
  v1::GetLicenceRequest request;
  request.set_licence_no(licence_no);
  return state_->Call(&v1::RegistryService::Stub::GetLicence, request);
}

absl::StatusOr<v1::GetValueResponse> RegistryClient::GetValue(
    const v1::GetValueRequest& request) {
  return state_->Call(&v1::RegistryService::Stub::GetValue, request);
}

absl::StatusOr<std::vector<v1::Party>> RegistryClient::ListParties(
    v1::ListPartiesRequest request) {
  return state_->List(&v1::RegistryService::Stub::ListParties,
                      std::move(request),
                      &v1::ListPartiesResponse::mutable_parties);
}

absl::StatusOr<std::vector<v1::Officer>> RegistryClient::ListOfficers() {
  return state_->List(&v1::RegistryService::Stub::ListOfficers,
                      v1::ListOfficersRequest(),
                      &v1::ListOfficersResponse::mutable_officers);
}

absl::StatusOr<std::vector<v1::ApplicationSummary>>
RegistryClient::ListApplications(v1::ListApplicationsRequest request) {
  return state_->List(&v1::RegistryService::Stub::ListApplications,
                      std::move(request),
                      &v1::ListApplicationsResponse::mutable_applications);
}

absl::StatusOr<std::vector<v1::CertificateSummary>>
RegistryClient::ListCertificates(v1::ListCertificatesRequest request) {
  return state_->List(&v1::RegistryService::Stub::ListCertificates,
                      std::move(request),
                      &v1::ListCertificatesResponse::mutable_certificates);
}

absl::StatusOr<std::vector<v1::Licence>> RegistryClient::ListLicences(
    v1::ListLicencesRequest request) {
  return state_->List(&v1::RegistryService::Stub::ListLicences,
                      std::move(request),
                      &v1::ListLicencesResponse::mutable_licences);
}

absl::StatusOr<std::vector<v1::CountedUsage>> RegistryClient::ListUsage(
    const std::string& licence_no) {
  v1::ListUsageRequest request;
  request.set_licence_no(licence_no);
  return state_->List(&v1::RegistryService::Stub::ListUsage, std::move(request),
                      &v1::ListUsageResponse::mutable_usage);
}

absl::StatusOr<hash::Hash> RegistryClient::Upload(Bytes content) {
  if (content.size() > limits::kFileBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("文件超过 20 MiB (the file has ", content.size(),
                     " bytes, at most ", limits::kFileBytes, ")"));
  }
  const hash::Hash sha256 = hash::Sha256(content);
  v1::UploadFileResponse response;
  RETURN_IF_ERROR(state_->Run([&](grpc::ClientContext& context) {
    response.Clear();
    return SendFile(*state_->stub, context, sha256, content, response);
  }));
  if (response.sha256() != sha256.text()) {
    return absl::DataLossError(
        "服务器收到的文件摘要不同 (the server kept another digest)");
  }
  return sha256;
}

absl::StatusOr<RegistryClient::File> RegistryClient::Download(
    const FileName& name) {
  v1::DownloadFileRequest request;
  request.set_application_no(name.application_no);
  request.set_kind(name.kind);
  request.set_position(name.position);
  request.set_object_no(name.object_no);
  Incoming incoming;
  RETURN_IF_ERROR(state_->Run([&](grpc::ClientContext& context) {
    return ReceiveFile(*state_->stub, context, request, incoming);
  }));
  incoming.file.sha256 = hash::Sha256(hash::AsBytes(incoming.file.content));
  if (incoming.too_large ||
      incoming.file.content.size() != incoming.byte_size ||
      incoming.file.sha256.text() != incoming.named_sha256) {
    return absl::DataLossError(absl::StrCat(
        "收到的文件与其摘要不符 (", name.application_no, name.object_no, " ",
        name.kind, ": the file that came has another digest than its name)"));
  }
  return std::move(incoming.file);
}

}  // namespace dataip::client
