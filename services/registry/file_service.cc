// The file calls of RegistryService.
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/status.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "services/common/error.h"
#include "services/common/tls.h"
#include "services/registry/registry_service.h"

namespace dataip::registryd {
namespace {

// Without TLS nobody has a certificate: then those of this machine may.
absl::Status CheckMayUpload(const grpc::ServerContext& context) {
  if (services::PeerActor(context).has_value() ||
      (!services::HasTls(context) && services::IsLocalPeer(context))) {
    return absl::OkStatus();
  }
  return services::MakeStatus(
      rpc::v1::NOT_ALLOWED,
      {"only callers whose certificate names an actor may upload",
       "只有证书中写明主体的调用方可以上传文件"});
}

absl::Status CheckPiece(const v1::UploadFileRequest& piece, bool first) {
  if (piece.chunk().size() > limits::kFileChunkBytes) {
    return services::MakeStatus(
        rpc::v1::TOO_LARGE,
        {absl::StrCat("chunk: at most ", limits::kFileChunkBytes, " bytes"),
         absl::StrCat("chunk：每段不得超过 ", limits::kFileChunkBytes,
                      " 字节")});
  }
  if (!first && (!piece.sha256().empty() || piece.byte_size() != 0)) {
    return services::InvalidField("sha256", {"stands in the first message only",
                                             "只能出现在第一条消息中"});
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::UploadFileResponse> Receive(
    Registry& registry, const std::string& actor,
    grpc::ServerReader<v1::UploadFileRequest>& pieces) {
  v1::UploadFileRequest piece;
  if (!pieces.Read(&piece)) {
    return services::InvalidField("sha256", {"nothing came", "没有收到内容"});
  }
  RETURN_IF_ERROR(CheckPiece(piece, true));
  const auto sha256 = Hash::From(hash::AsBytes(piece.sha256()));
  if (!sha256.has_value()) {
    return services::InvalidField("sha256",
                                  {"32 bytes, in the first message",
                                   "第一条消息应带有 32 字节的 SHA-256"});
  }
  v1::UploadFileResponse response;
  response.set_sha256(piece.sha256());
  // A file that is here comes again and is answered alike, else anybody could
  // find out what others have filed.
  const uint64_t byte_size = piece.byte_size();
  ASSIGN_OR_RETURN(const auto room,
                   registry.uploads().Reserve(actor, byte_size));
  ASSIGN_OR_RETURN(const auto upload,
                   registry.files().Begin({*sha256, byte_size}));
  do {
    RETURN_IF_ERROR(upload->Append(hash::AsBytes(piece.chunk())));
    piece.Clear();
    if (!pieces.Read(&piece)) break;
    RETURN_IF_ERROR(CheckPiece(piece, false));
  } while (true);
  RETURN_IF_ERROR(upload->Finish());
  RETURN_IF_ERROR(registry.uploads().Note(actor, *sha256, byte_size));
  return response;
}

}  // namespace

grpc::Status RegistryService::UploadFile(
    grpc::ServerContext* context,
    grpc::ServerReader<v1::UploadFileRequest>* pieces,
    v1::UploadFileResponse* response) {
  if (const absl::Status may = CheckMayUpload(*context); !may.ok()) {
    return client::ToGrpcStatus(may);
  }
  auto received =
      Receive(registry_, CallerOf(*context).actor.value_or(""), *pieces);
  if (!received.ok()) return client::ToGrpcStatus(received.status());
  *response = *std::move(received);
  return grpc::Status::OK;
}

grpc::Status RegistryService::DownloadFile(
    grpc::ServerContext* context, const v1::DownloadFileRequest* request,
    grpc::ServerWriter<v1::DownloadFileResponse>* pieces) {
  const auto found = registry_.FindFile(CallerOf(*context), *request);
  if (!found.ok()) return client::ToGrpcStatus(found.status());
  v1::DownloadFileResponse piece;
  piece.set_sha256(std::string(found->sha256.text()));
  piece.set_byte_size(found->byte_size);
  piece.set_salt(found->salt);
  if (found->value.has_value()) {
    piece.set_chunk(*found->value);
    pieces->Write(piece);
    return grpc::Status::OK;
  }
  bool sent_first = false;
  absl::Status read = registry_.files().Read(found->sha256, [&](Bytes chunk) {
    piece.set_chunk(chunk.data(), chunk.size());
    const bool sent = pieces->Write(piece);
    piece.Clear();
    sent_first = true;
    return sent;
  });
  if (read.ok() && !sent_first) pieces->Write(piece);  // an empty file
  return client::ToGrpcStatus(read);
}

}  // namespace dataip::registryd
