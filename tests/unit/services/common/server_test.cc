#include "services/common/server.h"

#include <grpcpp/channel.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <chrono>

#include "client/status.h"
#include "gtest/gtest.h"
#include "tests/support/health.h"

namespace dataip::services {
namespace {

using test::Health;

std::unique_ptr<Server> StartServer(const std::string& listen) {
  ServerOptions options;
  options.listen = listen;
  auto server = Server::Start(options, {});
  EXPECT_TRUE(server.ok()) << server.status();
  return *std::move(server);
}

std::shared_ptr<grpc::Channel> Connect(const Server& server) {
  return grpc::CreateChannel(server.address(),
                             grpc::InsecureChannelCredentials());
}

TEST(Server, RefusesAPortThatIsTakenInBothLanguages) {
  const auto server = StartServer("127.0.0.1:0");
  ServerOptions options;
  options.listen = server->address();
  const absl::Status refused = Server::Start(options, {}).status();
  EXPECT_EQ(client::ReasonOf(refused), rpc::v1::INVALID_FIELD) << refused;
  EXPECT_NE(client::ErrorDetailOf(refused)->message_zh(), "");
}

TEST(Server, SaysThatItDoesNotServe) {
  const auto server = StartServer("127.0.0.1:0");
  const auto channel = Connect(*server);
  EXPECT_EQ(test::HealthOf(channel, ""), Health::kServing);
  server->SetServing(false);
  EXPECT_EQ(test::HealthOf(channel, ""), Health::kNotServing);
  server->SetServing(true);
  EXPECT_EQ(test::HealthOf(channel, ""), Health::kServing);
}

// A client that does nothing looks at its connection every five seconds only.
TEST(Server, StopsInTimeThoughAClientIsIdle) {
  const auto server = StartServer("127.0.0.1:0");
  const auto channel = Connect(*server);
  EXPECT_EQ(test::HealthOf(channel, ""), Health::kServing);
  const auto since = std::chrono::steady_clock::now();
  bool drained = false;
  server->Stop([&] { drained = true; });
  EXPECT_TRUE(drained);
  EXPECT_LT(std::chrono::steady_clock::now() - since, std::chrono::seconds(2));
}

}  // namespace
}  // namespace dataip::services
