// Peers that connect and say nothing, more of them than the ledger has
// descriptors.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/integration/ledger/ledger_process.h"

namespace dataip::test {
namespace {

constexpr int kDescriptors = 256;
constexpr int kConnections = 400;

// Bare TCP connections, open until it is destroyed.
class IdleConnections {
 public:
  IdleConnections(const std::string& address, int count) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(static_cast<uint16_t>(
        std::stoi(address.substr(address.rfind(':') + 1))));
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < count; ++i) {
      const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      EXPECT_GE(fd, 0);
      // A refusal is an answer too.
      if (connect(fd, reinterpret_cast<const sockaddr*>(&name), sizeof(name)) !=
          0) {
        ++refused_;
      }
      descriptors_.push_back(fd);
    }
  }
  ~IdleConnections() {
    for (const int fd : descriptors_) close(fd);
  }

  // Waits until the ledger has closed the last one.
  bool LastIsRefused() const {
    pollfd waited{descriptors_.back(), POLLRDHUP, 0};
    return refused_ > 0 || poll(&waited, 1, 5'000) == 1;
  }

 private:
  std::vector<int> descriptors_;
  int refused_ = 0;
};

class LedgerConnections : public testing::Test {
 protected:
  void SetUp() override {
    ledger.descriptor_limit = kDescriptors;
    ASSERT_NO_FATAL_FAILURE(ledger.Start());
    client = std::make_unique<client::LedgerClient>(ledger.Connect());
    epoch = OpenAtTail(*client).epoch();
  }

  // Appends one message and waits until it is under a checkpoint.
  void AppendAndPublish() {
    const auto appended = client->AppendOne(MessageOf(epoch, sequence++));
    ASSERT_TRUE(appended.ok()) << appended.status();
    const auto checkpoint = client->GetCheckpoint(appended->first_index() + 1,
                                                  std::chrono::seconds(10));
    ASSERT_TRUE(checkpoint.ok()) << checkpoint.status();
  }

  LedgerProcess ledger;
  std::unique_ptr<client::LedgerClient> client;
  uint64_t epoch = 0;
  uint64_t sequence = 0;
};

TEST_F(LedgerConnections, TakeNoDescriptorThatACheckpointNeeds) {
  ASSERT_NO_FATAL_FAILURE(AppendAndPublish());
  {
    const IdleConnections idle(ledger.address, kConnections);
    ASSERT_TRUE(idle.LastIsRefused());
    for (int i = 0; i < 10; ++i) ASSERT_NO_FATAL_FAILURE(AppendAndPublish());
  }
  ASSERT_NO_FATAL_FAILURE(AppendAndPublish());
  EXPECT_EQ(ledger.process->Stop(), 0) << ledger.process->err();
}

// gRPC's own listener would never take a connection again.
TEST_F(LedgerConnections, AreTakenAgainOnceOthersAreClosed) {
  {
    const IdleConnections idle(ledger.address, kConnections);
    ASSERT_TRUE(idle.LastIsRefused());
  }
  client::LedgerClient other(ledger.Connect());
  ASSERT_NO_FATAL_FAILURE(AppendAndPublish());
  const auto checkpoint = other.GetCheckpoint(1, std::chrono::seconds(10));
  EXPECT_TRUE(checkpoint.ok()) << checkpoint.status();
}

// The ledger has to make new log and table files meanwhile.
TEST_F(LedgerConnections, TakeNoDescriptorThatTheDatabaseNeeds) {
  const IdleConnections idle(ledger.address, kConnections);
  ASSERT_TRUE(idle.LastIsRefused());
  constexpr int kMessages = 6;
  for (int i = 0; i < kMessages; ++i) {
    const auto appended =
        client->AppendOne(MessageOf(epoch, sequence++, 2, size_t{4} << 20));
    ASSERT_TRUE(appended.ok()) << appended.status();
  }
  ASSERT_NO_FATAL_FAILURE(AppendAndPublish());
}

}  // namespace
}  // namespace dataip::test
