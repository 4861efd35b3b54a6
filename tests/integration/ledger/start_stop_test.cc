// Starting, refusing to start, dying and stopping, with the real program.
#include <signal.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <map>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/mutex.h"
#include "core/crypto/signer.h"
#include "gtest/gtest.h"
#include "tests/integration/ledger/ledger_process.h"

namespace dataip::test {
namespace {

TEST(LedgerStart, RefusesAnUnknownSetting) {
  LedgerProcess ledger;
  const Ended ended = ledger.RunWith({"--colour", "red"});
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_NE(ended.err.find("colour"), std::string::npos);
}

TEST(LedgerStart, RefusesAKeyOfAnotherAlgorithm) {
  LedgerProcess ledger;
  const Ended ended = ledger.RunWith({"--sm2-key", ledger.dir / "ed25519.pem"});
  EXPECT_EQ(ended.exit_code, 2);
}

TEST(LedgerStart, RefusesHalfATlsConfiguration) {
  LedgerProcess ledger;
  EXPECT_EQ(ledger.RunWith({"--tls-ca", "ca.pem"}).exit_code, 2);
}

TEST(LedgerStart, RefusesNumbersWithWhichItCouldNotServe) {
  LedgerProcess ledger;
  const std::pair<const char*, const char*> cases[] = {
      {"queue-messages", "0"},         {"queue-mib", "31"},
      {"queue-mib", "17592186044416"}, {"cache-mib", "17592186044416"},
      {"map-cache-mib", "0"},          {"checkpoint-interval-ms", "0"}};
  for (const auto& [name, value] : cases) {
    const Ended ended =
        ledger.RunWith({absl::StrCat("--", name), value, "--check-config"});
    EXPECT_EQ(ended.exit_code, 2) << name;
  }
}

TEST(LedgerStart, ChecksTheConfigurationWithoutCreatingAnything) {
  LedgerProcess ledger;
  EXPECT_EQ(ledger.RunWith({"--check-config"}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(ledger.dir / "data"));
}

TEST(LedgerStart, RefusesAPortThatIsTaken) {
  LedgerProcess first;
  ASSERT_NO_FATAL_FAILURE(first.Start());
  LedgerProcess second;
  const Ended ended = second.RunWith({"--listen", first.address});
  EXPECT_EQ(ended.exit_code, 2);
  const std::string port = first.address.substr(first.address.find(':'));
  EXPECT_NE(ended.err.find(port), std::string::npos) << ended.err;
}

TEST(LedgerStart, RefusesTheDataDirectoryOfAnotherLedger) {
  LedgerProcess ledger;
  ASSERT_NO_FATAL_FAILURE(ledger.Start());
  EXPECT_EQ(ledger.process->Stop(), 0);
  const Ended ended = ledger.RunWith({"--origin", "test.example/other"});
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_NE(ended.err.find("test.example/other"), std::string::npos);
  EXPECT_NE(ended.err.find("拒绝启动"), std::string::npos);
}

TEST(LedgerStart, RefusesADirectoryThatIsInUse) {
  LedgerProcess ledger;
  ASSERT_NO_FATAL_FAILURE(ledger.Start());
  EXPECT_EQ(ledger.RunWith({}).exit_code, 1);
}

TEST(LedgerStart, WritesThePortFile) {
  LedgerProcess ledger;
  const std::string path = ledger.dir / "port";
  ASSERT_NO_FATAL_FAILURE(ledger.Start({"--port-file", path}));
  const std::string port = ReadFile(path);
  EXPECT_EQ("127.0.0.1:" + port, ledger.address + "\n");
}

// What a writer was told; survives the ledger.
struct Acknowledged {
  base::Mutex mutex;
  std::map<uint64_t, std::string> headers DATAIP_GUARDED_BY(mutex);

  void Add(const ledger::v1::AppendResponse& response) {
    base::MutexLock lock(mutex);
    for (int i = 0; i < response.headers_size(); ++i) {
      headers[response.first_index() + static_cast<uint64_t>(i)] =
          response.headers(i);
    }
  }
  size_t size() {
    base::MutexLock lock(mutex);
    return headers.size();
  }
};

// Appends as fast as it can until the stream ends; at least `enough` were
// acknowledged when it calls `reached`.
void Write(client::LedgerClient& client, size_t enough,
           const std::function<void()>& reached, Acknowledged& acknowledged) {
  const auto opened = OpenAtTail(client);
  const auto stream = client.Append();
  std::thread sender([&] {
    for (uint64_t i = 0; stream->Send(MessageOf(opened.epoch(), i, 8)); ++i) {
    }
  });
  bool told = false;
  while (true) {
    const auto next = stream->Next();
    if (!next.ok() || !next->has_value()) break;
    acknowledged.Add(**next);
    if (!told && acknowledged.size() >= enough) {
      told = true;
      reached();
    }
  }
  sender.join();
  EXPECT_TRUE(told);
}

void ExpectAllPresent(client::LedgerClient& client,
                      Acknowledged& acknowledged) {
  const auto entries = client.ReadEntries({});
  std::map<uint64_t, std::string> stored;
  while (true) {
    const auto next = entries->Next();
    ASSERT_TRUE(next.ok()) << next.status();
    if (!next->has_value()) break;
    for (const auto& entry : (*next)->entries()) {
      stored[entry.index()] = entry.header();
    }
  }
  base::MutexLock lock(acknowledged.mutex);
  for (const auto& [index, header] : acknowledged.headers) {
    ASSERT_EQ(stored[index], header) << "entry " << index;
  }
}

TEST(LedgerKilled, KeepsWhatItAcknowledged) {
  LedgerProcess ledger;
  Acknowledged acknowledged;
  for (const size_t more : {1, 100, 2'000}) {
    ASSERT_NO_FATAL_FAILURE(ledger.Start());
    client::LedgerClient client(ledger.Connect());
    Write(
        client, acknowledged.size() + more,
        [&] { ledger.process->Signal(SIGKILL); }, acknowledged);
    EXPECT_EQ(ledger.process->WaitForExit(), 128 + SIGKILL);
  }
  ASSERT_NO_FATAL_FAILURE(ledger.Start());
  client::LedgerClient client(ledger.Connect());
  ExpectAllPresent(client, acknowledged);
}

// Every call of a client under load gets an answer: OK, or UNAVAILABLE.
TEST(LedgerStopped, AnswersEveryStartedCallAndEndsInTime) {
  LedgerProcess ledger;
  ASSERT_NO_FATAL_FAILURE(ledger.Start());
  client::LedgerClient client(ledger.Connect());
  std::atomic<bool> ended{false};
  std::vector<std::thread> readers;
  std::atomic<int> answered{0};
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] {
      while (!ended) {
        const absl::Status status = client.GetCheckpoint(0).status();
        EXPECT_TRUE(status.ok() || absl::IsNotFound(status) ||
                    absl::IsUnavailable(status))
            << status;
        ++answered;
      }
    });
  }
  // A waiter and a follower that only the end of the ledger ends.
  std::thread waiter([&] {
    const absl::Status status =
        client.GetCheckpoint(1 << 30, std::chrono::seconds(60)).status();
    EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  });
  std::thread follower([&] {
    ledger::v1::ReadEntriesRequest request;
    request.set_follow(true);
    const auto entries = client.ReadEntries(request);
    auto next = entries->Next();
    while (next.ok()) next = entries->Next();
    EXPECT_TRUE(absl::IsUnavailable(next.status())) << next.status();
  });
  Acknowledged acknowledged;
  std::chrono::steady_clock::time_point signalled;
  Write(
      client, 2'000,
      [&] {
        signalled = std::chrono::steady_clock::now();
        ledger.process->Signal(SIGTERM);
      },
      acknowledged);
  EXPECT_EQ(ledger.process->WaitForExit(), 0) << ledger.process->err();
  EXPECT_LT(std::chrono::steady_clock::now() - signalled,
            std::chrono::seconds(10));
  ended = true;
  waiter.join();
  follower.join();
  for (std::thread& reader : readers) reader.join();
  EXPECT_GT(answered, 0);
  ASSERT_NO_FATAL_FAILURE(ledger.Start());
  client::LedgerClient again(ledger.Connect());
  ExpectAllPresent(again, acknowledged);
}

}  // namespace
}  // namespace dataip::test
