// What a server says about itself over grpc.health.v1.
#pragma once

#include <memory>
#include <string>

namespace grpc {
class Channel;
}  // namespace grpc

namespace dataip::test {

enum class Health { kNoAnswer, kServing, kNotServing };

// Of the service with this full name; "" is the server as a whole.
Health HealthOf(const std::shared_ptr<grpc::Channel>& channel,
                const std::string& service);

}  // namespace dataip::test
