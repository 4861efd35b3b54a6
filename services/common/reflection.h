// Reflection grpc.reflection.v1, so that tools like grpcurl can list and call
// our services. gRPC 1.51 brings v1alpha only (server.cc turns it on too).
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace grpc {
class Service;
}  // namespace grpc

namespace dataip::services {

// Answers from the descriptors linked into the program. `names` are the full
// names that "list services" shows.
std::unique_ptr<grpc::Service> MakeReflectionService(
    std::vector<std::string> names);

}  // namespace dataip::services
