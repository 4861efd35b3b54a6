// A client in a process of its own that appends to a running dataip-ledger
// over one stream, with TLS or without. Prints one line of JSON.
#include <algorithm>
#include <deque>
#include <string>
#include <thread>
#include <utility>

#include "client/ledger_client.h"
#include "core/base/mutex.h"
#include "core/hash/hash.h"
#include "core/proof/header.h"
#include "tests/bench/connection.h"
#include "tests/bench/options.h"

namespace dataip::bench {
namespace {

namespace v1 = ledger::v1;
using SteadyClock = std::chrono::steady_clock;

constexpr char kUsage[] =
    "stream_bench [--NAME VALUE]...\n"
    "  --address HOST:PORT    the ledger (needed)\n"
    "  --tls-ca FILE --tls-certificate FILE --tls-key FILE\n"
    "                         mutual TLS; none of them = no TLS\n"
    "  --entries N            how many in all (500000)\n"
    "  --message M            entries a message (64)\n"
    "  --unacknowledged U     messages sent and not acknowledged (64)\n"
    "  --payload-bytes P      random bytes a payload (512)\n"
    "  --updates K            map updates an entry (0)\n"
    "  --keys K               keys that updates choose from (1000000)\n"
    "The ledger may have entries of other writers: their epoch is ended.\n";

// More than the seals that can follow a writer's last entry.
constexpr uint64_t kTailEntries = 512;

// Names the last entry that is not the ledger's own.
void FillExpected(client::LedgerClient& client, v1::OpenWriterRequest& open) {
  const auto checkpoint = client.GetCheckpoint();
  if (!checkpoint.ok()) {
    Require(absl::IsNotFound(checkpoint.status()),
            checkpoint.status().ToString());
    return;
  }
  const uint64_t size = checkpoint->size();
  v1::ReadEntriesRequest read;
  read.set_start_index(size - std::min(size, kTailEntries));
  const auto entries = client.ReadEntries(read);
  while (true) {
    const auto run = entries->Next();
    Require(run.ok(), run.status().ToString());
    if (!run->has_value()) return;
    for (const v1::Entry& entry : (*run)->entries()) {
      const Bytes bytes = hash::AsBytes(entry.header());
      const auto header = proof::DecodeHeader(bytes);
      Require(header.ok(), "a header does not decode");
      if (header->type.rfind(proof::kLedgerTypePrefix, 0) == 0) continue;
      open.set_has_expected(true);
      open.set_expected_index(header->index);
      open.set_expected_leaf_hash(std::string(hash::LeafHash(bytes).text()));
    }
  }
}

uint64_t OpenEpoch(client::LedgerClient& client) {
  v1::OpenWriterRequest open;
  open.set_instance_id("stream_bench");
  FillExpected(client, open);
  const auto opened = client.OpenWriter(open);
  Require(opened.ok(), opened.status().ToString());
  return opened->epoch();
}

// Messages sent and not acknowledged, oldest first.
class Window {
 public:
  explicit Window(size_t places) : places_(places) {}

  void Enter() {
    base::MutexLock lock(mutex_);
    while (sent_.size() == places_) changed_.Wait(mutex_);
    sent_.push_back(SteadyClock::now());
  }
  double LeaveAfterMs() {
    base::MutexLock lock(mutex_);
    const std::chrono::duration<double, std::milli> took =
        SteadyClock::now() - sent_.front();
    if (sent_.size() == places_) changed_.NotifyOne();
    sent_.pop_front();
    return took.count();
  }

 private:
  const size_t places_;
  base::Mutex mutex_;
  base::CondVar changed_;
  std::deque<SteadyClock::time_point> sent_ DATAIP_GUARDED_BY(mutex_);
};

Timing Append(client::LedgerClient& client, const Load& load, size_t places) {
  const uint64_t epoch = OpenEpoch(client);
  const auto stream = client.Append();
  Window window(places);
  Timing timing;
  timing.begin = SteadyClock::now();
  std::thread receiver([&] {
    for (uint64_t acknowledged = 0; acknowledged < load.entries;) {
      const auto answer = stream->Next();
      Require(answer.ok() && answer->has_value(),
              "stream ended: " + answer.status().ToString());
      acknowledged += static_cast<uint64_t>((*answer)->headers_size());
      timing.latencies_ms.push_back(window.LeaveAfterMs());
    }
  });
  RandomBytes random;
  uint64_t sequence = 0;
  for (uint64_t sent = 0; sent < load.entries;) {
    const uint64_t count = std::min(load.message, load.entries - sent);
    v1::AppendRequest request;
    request.set_epoch(epoch);
    request.set_sequence(sequence++);
    FillMessage(load, count, random, request);
    sent += count;
    window.Enter();
    if (!stream->Send(request)) break;
  }
  receiver.join();
  timing.end = SteadyClock::now();
  return timing;
}

int Main(const Options& options) {
  const Load load{options.Number("--entries"), options.Number("--message"),
                  options.Number("--payload-bytes"),
                  options.Number("--updates"), options.Number("--keys")};
  client::LedgerClient client = Connect(options);
  PrintResult(load, Append(client, load, options.Number("--unacknowledged")));
  return 0;
}

}  // namespace
}  // namespace dataip::bench

int main(int argc, char** argv) {
  const auto values = dataip::bench::WithConnection({{"--entries", "500000"},
                                                     {"--message", "64"},
                                                     {"--unacknowledged", "64"},
                                                     {"--payload-bytes", "512"},
                                                     {"--updates", "0"},
                                                     {"--keys", "1000000"}});
  return dataip::bench::Main(
      dataip::bench::Options(dataip::bench::kUsage, values, argc, argv));
}
