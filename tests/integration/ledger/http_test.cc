// The ledger over HTTP, as a program of its own: tiles, metrics, and what
// systemd is told.
#include "services/common/http.h"

#include <atomic>
#include <filesystem>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/export/export_layout.h"
#include "core/proof/note.h"
#include "gtest/gtest.h"
#include "tests/integration/ledger/ledger_process.h"
#include "tests/support/notify_socket.h"

namespace dataip::test {
namespace {

using services::HttpFetch;
using services::HttpResponse;

constexpr int kEntries = 700;

class LedgerHttp : public testing::Test {
 protected:
  void Start(const std::vector<std::string>& more_flags = {}) {
    std::vector<std::string> flags = {
        "--http-listen",       "127.0.0.1:0",
        "--http-port-file",    ledger.dir / "http.port",
        "--metrics-listen",    "127.0.0.1:0",
        "--metrics-port-file", ledger.dir / "metrics.port"};
    flags.insert(flags.end(), more_flags.begin(), more_flags.end());
    ASSERT_NO_FATAL_FAILURE(ledger.Start(flags));
    client = std::make_unique<client::LedgerClient>(ledger.Connect());
    epoch = OpenAtTail(*client).epoch();
  }

  // Waits until it stands under a checkpoint.
  void Append(int count) {
    const auto appended =
        client->AppendOne(MessageOf(epoch, sequence++, count));
    ASSERT_TRUE(appended.ok()) << appended.status();
    const uint64_t size = appended->first_index() + count + 1;
    ASSERT_TRUE(client->GetCheckpoint(size).ok());
  }

  HttpResponse Get(const std::string& path, const char* port = "http") {
    const std::string number =
        ReadFile(ledger.dir / absl::StrCat(port, ".port"));
    services::HttpCall call;
    call.url = absl::StrCat(
        "http://127.0.0.1:", absl::StripAsciiWhitespace(number), path);
    call.response_bytes = size_t{16} << 20;
    const auto response = HttpFetch(call);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.value_or(HttpResponse{0, "", "", {}});
  }

  LedgerProcess ledger;
  std::unique_ptr<client::LedgerClient> client;
  uint64_t epoch = 0;
  uint64_t sequence = 0;
};

std::string HeaderOf(const HttpResponse& response, const std::string& name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "";
}

TEST_F(LedgerHttp, HasNoCheckpointBeforeTheFirstEntry) {
  ASSERT_NO_FATAL_FAILURE(Start());
  EXPECT_EQ(Get("/checkpoint").status, 404);
  EXPECT_EQ(Get("/tile/0/000.p/1").status, 404);
  EXPECT_EQ(Get("/metrics").status, 404);
  EXPECT_EQ(Get("/checkpoint", "metrics").status, 404);
}

TEST_F(LedgerHttp, ServesTheFilesOfAnExportByteForByte) {
  ASSERT_NO_FATAL_FAILURE(Start());
  ASSERT_NO_FATAL_FAILURE(Append(kEntries));
  const std::string folder = ledger.dir / "export";
  const Ended exported = test::Run(
      {"dataip", {"ledger", "export", folder, "--ledger", ledger.address}});
  ASSERT_EQ(exported.exit_code, 0) << exported.err;
  size_t tiles = 0;
  for (const auto& file :
       std::filesystem::recursive_directory_iterator(folder)) {
    if (!file.is_regular_file()) continue;
    const std::string path = file.path().string().substr(folder.size());
    if (path == absl::StrCat("/", client::kManifestFile)) continue;
    const HttpResponse response = Get(path);
    EXPECT_EQ(response.status, 200) << path;
    EXPECT_TRUE(response.body == ReadFile(file.path())) << path;
    const bool is_tile = absl::StartsWith(path, "/tile/");
    const bool is_checkpoint = path == "/checkpoint";
    tiles += is_tile ? 1 : 0;
    EXPECT_EQ(response.content_type, is_checkpoint ? "text/plain; charset=utf-8"
                                                   : "application/octet-stream")
        << path;
    EXPECT_EQ(HeaderOf(response, "Cache-Control"),
              is_tile         ? "public, max-age=31536000, immutable"
              : is_checkpoint ? "no-cache"
                              : "no-store")
        << path;
  }
  // Three pieces of leaves and of entries each, and one tile above.
  EXPECT_EQ(tiles, 7u);
}

// What a checkpoint promises is there, however fast the ledger grows.
TEST_F(LedgerHttp, EveryCheckpointHasItsTilesWhileEntriesCome) {
  ASSERT_NO_FATAL_FAILURE(Start());
  ASSERT_NO_FATAL_FAILURE(Append(1));
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int i = 0; i < 40; ++i) {
      const auto appended = client->AppendOne(MessageOf(epoch, sequence++, 37));
      EXPECT_TRUE(appended.ok()) << appended.status();
    }
    done = true;
  });
  for (bool last = false; !last;) {
    last = done;
    const auto checkpoint = proof::ParseNote(Get("/checkpoint").body);
    ASSERT_TRUE(checkpoint.ok());
    const auto parsed = proof::ParseCheckpoint(checkpoint->text);
    ASSERT_TRUE(parsed.ok());
    client::TileBuilder builder;
    for (const client::Piece& piece : client::PiecesOf(parsed->size)) {
      const HttpResponse tile = Get("/" + client::TilePath(0, piece));
      ASSERT_EQ(tile.body.size(), piece.width * hash::kHashBytes);
      for (size_t i = 0; i < piece.width; ++i) {
        builder.Append(
            *hash::Hash::From(hash::AsBytes(std::string_view(tile.body).substr(
                i * hash::kHashBytes, hash::kHashBytes))),
            [](const std::string&, const std::string&) {});
      }
    }
    EXPECT_EQ(builder.frontier().Root(), parsed->root);
  }
  writer.join();
}

TEST_F(LedgerHttp, MeasuresAppendsCallsAndItsSize) {
  ASSERT_NO_FATAL_FAILURE(Start());
  ASSERT_NO_FATAL_FAILURE(Append(3));
  EXPECT_TRUE(absl::IsNotFound(client->GetEntry(99, false).status()));
  const HttpResponse metrics = Get("/metrics", "metrics");
  EXPECT_EQ(metrics.content_type, "text/plain; version=0.0.4; charset=utf-8");
  for (const char* line :
       {"\ndataip_ledger_size 4\n", "\ndataip_ledger_checkpoint_size 4\n",
        "\ndataip_ledger_append_messages_total 1\n",
        "\ndataip_ledger_append_seconds_count 1\n",
        "\ndataip_ledger_entries_total 4\n", "\ndataip_ledger_halted 0\n",
        "\ngrpc_server_started_total{grpc_type=\"unary\",grpc_service=\""
        "dataip.ledger.v1.LedgerService\",grpc_method=\"AppendOne\"} 1\n",
        "grpc_method=\"GetEntry\",grpc_code=\"NotFound\"} 1\n"}) {
    EXPECT_TRUE(absl::StrContains(metrics.body, line)) << line;
  }
}

TEST_F(LedgerHttp, RefusesAnAddressThatIsNoneOrTaken) {
  for (const char* listen : {"nonsense", "127.0.0.1:99999", "/tmp/socket"}) {
    const Ended ended =
        ledger.RunWith({"--http-listen", listen, "--check-config"});
    EXPECT_EQ(ended.exit_code, 2) << listen;
    EXPECT_TRUE(absl::StrContains(ended.err, listen)) << ended.err;
  }
  ASSERT_NO_FATAL_FAILURE(Start());
  const std::string port = ReadFile(ledger.dir / "http.port");
  const Ended taken = ledger.RunWith(
      {"--data-dir", ledger.dir / "other", "--metrics-listen",
       absl::StrCat("127.0.0.1:", absl::StripAsciiWhitespace(port))});
  EXPECT_EQ(taken.exit_code, 2) << taken.err;
}

TEST_F(LedgerHttp, TellsSystemdWhenItServesAndWhenItStops) {
  const std::string path = ledger.dir / "notify";
  const NotifySocket systemd(path);
  setenv("NOTIFY_SOCKET", path.c_str(), 1);
  setenv("WATCHDOG_USEC", "100000", 1);
  Start();
  unsetenv("NOTIFY_SOCKET");
  unsetenv("WATCHDOG_USEC");
  const std::string ready = systemd.Next();
  EXPECT_TRUE(absl::StartsWith(ready, "READY=1\nSTATUS=serving ")) << ready;
  EXPECT_TRUE(absl::StrContains(ready, ledger.address)) << ready;
  // The second one only when the sequencer has answered.
  EXPECT_EQ(systemd.Next(), "WATCHDOG=1");
  EXPECT_EQ(systemd.Next(), "WATCHDOG=1");
  ledger.process->Signal(SIGTERM);
  std::string last = systemd.Next();
  while (last == "WATCHDOG=1") last = systemd.Next();
  EXPECT_EQ(last, "STOPPING=1\nSTATUS=stopping");
  EXPECT_EQ(ledger.process->WaitForExit().value_or(-1), 0);
}

}  // namespace
}  // namespace dataip::test
