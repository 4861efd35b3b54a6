// The ledger's engine in one process, without a network: messages are made
// and hashed in threads of their own, as gRPC's would, and appended with sync
// on. Prints one line of JSON.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <string>
#include <thread>
#include <utility>

#include "core/base/limits.h"
#include "core/base/mutex.h"
#include "services/ledger/ledger.h"
#include "tests/bench/options.h"

namespace dataip::bench {
namespace {

using ledger::Ledger;
using SteadyClock = std::chrono::steady_clock;

constexpr char kUsage[] =
    "engine_bench [--NAME VALUE]...\n"
    "  --dir DIR          folder of the database; must not exist, is removed\n"
    "                     afterwards unless --keep 1 (needed)\n"
    "  --entries N        how many in all (500000)\n"
    "  --message M        entries a message (64)\n"
    "  --batch B          entries a commit at most; 0 = as the server (0)\n"
    "  --in-flight U      messages made and not acknowledged (16)\n"
    "  --payload-bytes P  random bytes a payload (512)\n"
    "  --updates K        map updates an entry (0)\n"
    "  --keys K           keys that updates choose from (1000000)\n"
    "  --cache-mib C      cache of the database (64)\n"
    "  --keep 0|1         leave the database there (0)\n";

ledger::Signing MakeSigning() {
  auto ed25519 = crypto::PrivateKey::Generate(crypto::Algorithm::kEd25519);
  auto sm2 = crypto::PrivateKey::Generate(crypto::Algorithm::kSm2);
  Require(ed25519.ok() && sm2.ok(), "no keys");
  auto signing = ledger::MakeSigning("bench.example/ledger",
                                     *std::move(ed25519), *std::move(sm2));
  Require(signing.ok(), signing.status().ToString());
  return *std::move(signing);
}

// Messages that are made and not acknowledged, and how long each took.
class Window {
 public:
  explicit Window(size_t places) : places_(places) {}

  void Enter() {
    base::MutexLock lock(mutex_);
    while (taken_ == places_) changed_.Wait(mutex_);
    ++taken_;
  }
  void Leave(SteadyClock::time_point since) {
    const std::chrono::duration<double, std::milli> took =
        SteadyClock::now() - since;
    base::MutexLock lock(mutex_);
    latencies_ms_.push_back(took.count());
    if (taken_-- == places_ || taken_ == 0) changed_.NotifyAll();
  }
  std::vector<double> AwaitAll() {
    base::MutexLock lock(mutex_);
    while (taken_ > 0) changed_.Wait(mutex_);
    return std::move(latencies_ms_);
  }

 private:
  const size_t places_;
  base::Mutex mutex_;
  base::CondVar changed_;
  size_t taken_ DATAIP_GUARDED_BY(mutex_) = 0;
  std::vector<double> latencies_ms_ DATAIP_GUARDED_BY(mutex_);
};

uint64_t OpenEpoch(Ledger& ledger) {
  std::promise<absl::StatusOr<ledger::OpenedWriter>> promise;
  ledger.sequencer().OpenWriter(
      {}, [&promise](const auto& opened) { promise.set_value(opened); });
  const auto opened = promise.get_future().get();
  Require(opened.ok(), opened.status().ToString());
  return opened->epoch;
}

Timing Append(Ledger& ledger, const Load& load, size_t in_flight) {
  const uint64_t epoch = OpenEpoch(ledger);
  Window window(in_flight);
  RandomBytes random;
  Timing timing;
  timing.begin = SteadyClock::now();
  uint64_t sequence = 0;
  for (uint64_t sent = 0; sent < load.entries;) {
    const uint64_t count = std::min(load.message, load.entries - sent);
    ledger::v1::AppendRequest request;
    request.set_epoch(epoch);
    request.set_sequence(sequence++);
    FillMessage(load, count, random, request);
    sent += count;
    window.Enter();
    const auto since = SteadyClock::now();
    auto message = ledger::Prepare(std::move(request));
    Require(message.ok(), message.status().ToString());
    ledger.sequencer().Append(*std::move(message),
                              [&window, since](const auto& receipt) {
                                Require(receipt.ok(), "append refused");
                                window.Leave(since);
                              });
  }
  timing.latencies_ms = window.AwaitAll();
  timing.end = SteadyClock::now();
  return timing;
}

int Main(const Options& options) {
  const std::string& dir = options.Text("--dir");
  Require(!dir.empty() && !std::filesystem::exists(dir),
          "--dir names a folder that does not exist yet");
  std::filesystem::create_directories(dir);
  const Load load{options.Number("--entries"), options.Number("--message"),
                  options.Number("--payload-bytes"),
                  options.Number("--updates"), options.Number("--keys")};
  ledger::LedgerOptions opening;
  opening.database_path = dir + "/db";
  opening.published_path = dir + "/published";
  opening.signing = MakeSigning();
  opening.cache_bytes = options.Number("--cache-mib") << 20;
  if (const uint64_t batch = options.Number("--batch"); batch != 0) {
    opening.sequencer.batch_entries = batch;
  }
  auto ledger = Ledger::Open(std::move(opening));
  Require(ledger.ok(), ledger.status().ToString());
  PrintResult(load, Append(**ledger, load, options.Number("--in-flight")));
  ledger->reset();
  if (options.Number("--keep") == 0) std::filesystem::remove_all(dir);
  return 0;
}

}  // namespace
}  // namespace dataip::bench

int main(int argc, char** argv) {
  return dataip::bench::Main(dataip::bench::Options(dataip::bench::kUsage,
                                                    {{"--dir", ""},
                                                     {"--entries", "500000"},
                                                     {"--message", "64"},
                                                     {"--batch", "0"},
                                                     {"--in-flight", "16"},
                                                     {"--payload-bytes", "512"},
                                                     {"--updates", "0"},
                                                     {"--keys", "1000000"},
                                                     {"--cache-mib", "64"},
                                                     {"--keep", "0"}},
                                                    argc, argv));
}
