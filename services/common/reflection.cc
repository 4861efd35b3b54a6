#include "services/common/reflection.h"

#include <google/protobuf/descriptor.h>
#include <grpcpp/support/sync_stream.h>

#include <set>
#include <utility>

#include "grpc/reflection/v1/reflection.grpc.pb.h"

namespace dataip::services {
namespace {

namespace reflection = grpc::reflection::v1;
using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;

void SetError(grpc::StatusCode code, const std::string& message,
              reflection::ServerReflectionResponse& response) {
  response.mutable_error_response()->set_error_code(code);
  response.mutable_error_response()->set_error_message(message);
}

class ReflectionService final : public reflection::ServerReflection::Service {
 public:
  explicit ReflectionService(std::vector<std::string> names)
      : names_(std::move(names)) {}

  grpc::Status ServerReflectionInfo(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<reflection::ServerReflectionResponse,
                               reflection::ServerReflectionRequest>* stream)
      override {
    reflection::ServerReflectionRequest request;
    while (stream->Read(&request)) {
      reflection::ServerReflectionResponse response;
      response.set_valid_host(request.host());
      *response.mutable_original_request() = request;
      Answer(request, response);
      if (!stream->Write(response)) break;
    }
    return grpc::Status::OK;
  }

 private:
  using Request = reflection::ServerReflectionRequest;
  using Response = reflection::ServerReflectionResponse;

  void Answer(const Request& request, Response& response) const {
    switch (request.message_request_case()) {
      case Request::kListServices:
        for (const std::string& name : names_) {
          response.mutable_list_services_response()->add_service()->set_name(
              name);
        }
        return;
      case Request::kFileByFilename:
        return AddFiles(pool_.FindFileByName(request.file_by_filename()),
                        request.file_by_filename(), response);
      case Request::kFileContainingSymbol:
        return AddFiles(
            pool_.FindFileContainingSymbol(request.file_containing_symbol()),
            request.file_containing_symbol(), response);
      case Request::kFileContainingExtension:
        return AddExtension(request.file_containing_extension(), response);
      case Request::kAllExtensionNumbersOfType:
        return AddExtensionNumbers(request.all_extension_numbers_of_type(),
                                   response);
      default:
        return SetError(grpc::StatusCode::INVALID_ARGUMENT,
                        "no message_request is set", response);
    }
  }

  // The file and all that it imports, imports last.
  void AddFiles(const FileDescriptor* file, const std::string& asked,
                Response& response) const {
    if (file == nullptr) {
      return SetError(grpc::StatusCode::NOT_FOUND, "not found: " + asked,
                      response);
    }
    std::set<const FileDescriptor*> seen = {file};
    std::vector<const FileDescriptor*> files = {file};
    for (size_t at = 0; at < files.size(); ++at) {
      google::protobuf::FileDescriptorProto proto;
      files[at]->CopyTo(&proto);
      response.mutable_file_descriptor_response()->add_file_descriptor_proto(
          proto.SerializeAsString());
      for (int i = 0; i < files[at]->dependency_count(); ++i) {
        const FileDescriptor* imported = files[at]->dependency(i);
        if (seen.insert(imported).second) files.push_back(imported);
      }
    }
  }

  void AddExtension(const reflection::ExtensionRequest& asked,
                    Response& response) const {
    const auto* type = pool_.FindMessageTypeByName(asked.containing_type());
    const auto* extension =
        type == nullptr
            ? nullptr
            : pool_.FindExtensionByNumber(type, asked.extension_number());
    AddFiles(extension == nullptr ? nullptr : extension->file(),
             asked.containing_type(), response);
  }

  void AddExtensionNumbers(const std::string& name, Response& response) const {
    const auto* type = pool_.FindMessageTypeByName(name);
    if (type == nullptr) {
      return SetError(grpc::StatusCode::NOT_FOUND, "not found: " + name,
                      response);
    }
    auto* answer = response.mutable_all_extension_numbers_response();
    answer->set_base_type_name(name);
    std::vector<const google::protobuf::FieldDescriptor*> extensions;
    pool_.FindAllExtensions(type, &extensions);
    for (const auto* extension : extensions) {
      answer->add_extension_number(extension->number());
    }
  }

  const DescriptorPool& pool_ = *DescriptorPool::generated_pool();
  const std::vector<std::string> names_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeReflectionService(
    std::vector<std::string> names) {
  return std::make_unique<ReflectionService>(std::move(names));
}

}  // namespace dataip::services
