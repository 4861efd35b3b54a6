// Readers of a running dataip-ledger: what they cost and how long they wait.
// Prints one line of JSON.
#include <algorithm>
#include <string>

#include "client/ledger_client.h"
#include "core/base/mutex.h"
#include "core/hash/hash.h"
#include "core/proof/map.h"
#include "core/proof/seal.h"
#include "tests/bench/connection.h"
#include "tests/bench/options.h"

namespace dataip::bench {
namespace {

namespace v1 = ledger::v1;
using SteadyClock = std::chrono::steady_clock;

constexpr char kUsage[] =
    "read_bench [--NAME VALUE]...\n"
    "  --address HOST:PORT    the ledger (needed)\n"
    "  --tls-ca FILE --tls-certificate FILE --tls-key FILE\n"
    "                         mutual TLS; none of them = no TLS\n"
    "  --work proofs|back|follow   state proofs of random keys, one after the\n"
    "                         other; all entries with payloads, once; or a\n"
    "                         follower that takes --rate entries a second\n"
    "  --count N              proofs to ask for (2000)\n"
    "  --keys K               keys that stream_bench updated (1000000)\n"
    "  --rate R               entries a second (10)\n"
    "  --seconds S            how long to follow (10)\n";

// The answer leads to the map root that the seal states.
void CheckMapProof(const v1::GetStateProofResponse& answer) {
  const auto seal = proof::DecodeSeal(hash::AsBytes(answer.seal().payload()));
  Require(seal.ok(), "the seal does not decode");
  const v1::MapProof& from = answer.map_proofs(0);
  proof::MapProof map_proof;
  for (const std::string& sibling : from.siblings()) {
    map_proof.siblings.push_back(*hash::Hash::From(hash::AsBytes(sibling)));
  }
  if (from.has_terminal()) {
    map_proof.terminal = {
        *hash::Hash::From(hash::AsBytes(from.terminal().key_hash())),
        *hash::Hash::From(hash::AsBytes(from.terminal().value()))};
  }
  const bool present =
      from.has_terminal() &&
      proof::VerifyPresence(from.key(), map_proof.terminal->value, map_proof,
                            seal->map_root);
  Require(
      present || proof::VerifyAbsence(from.key(), map_proof, seal->map_root),
      "a map proof does not hold");
}

void AskForProofs(client::LedgerClient& client, const Options& options) {
  RandomBytes random;
  Load load;
  load.entries = options.Number("--count");
  Timing timing;
  timing.begin = SteadyClock::now();
  for (uint64_t i = 0; i < load.entries; ++i) {
    v1::GetStateProofRequest request;
    request.add_keys(KeyName(random.Next() % options.Number("--keys")));
    const auto sent = SteadyClock::now();
    const auto answer = client.GetStateProof(request);
    const std::chrono::duration<double, std::milli> took =
        SteadyClock::now() - sent;
    Require(answer.ok(), answer.status().ToString());
    CheckMapProof(*answer);
    timing.latencies_ms.push_back(took.count());
  }
  timing.end = SteadyClock::now();
  PrintResult(load, std::move(timing));
}

void ReadBack(client::LedgerClient& client) {
  v1::ReadEntriesRequest request;
  request.set_with_payloads(true);
  const auto stream = client.ReadEntries(request);
  Load load;
  Timing timing;
  timing.begin = SteadyClock::now();
  while (true) {
    const auto run = stream->Next();
    Require(run.ok(), run.status().ToString());
    if (!run->has_value()) break;
    load.entries += static_cast<uint64_t>((*run)->entries_size());
  }
  timing.end = SteadyClock::now();
  PrintResult(load, std::move(timing));
}

// Takes the next run only when what it had is due.
void Follow(client::LedgerClient& client, const Options& options) {
  v1::ReadEntriesRequest request;
  request.set_with_payloads(true);
  request.set_follow(true);
  const auto stream = client.ReadEntries(request);
  const std::chrono::duration<double> an_entry(
      1.0 / static_cast<double>(options.Number("--rate")));
  Load load;
  Timing timing;
  timing.begin = SteadyClock::now();
  const auto end =
      timing.begin + std::chrono::seconds(options.Number("--seconds"));
  base::Mutex mutex;
  base::CondVar never;
  while (SteadyClock::now() < end) {
    const auto run = stream->Next();
    Require(run.ok() && run->has_value(), run.status().ToString());
    load.entries += static_cast<uint64_t>((*run)->entries_size());
    const auto due =
        timing.begin + std::chrono::duration_cast<SteadyClock::duration>(
                           an_entry * static_cast<double>(load.entries));
    base::MutexLock lock(mutex);
    while (
        never.WaitUntil(mutex, std::min<SteadyClock::time_point>(due, end))) {
    }
  }
  timing.end = SteadyClock::now();
  PrintResult(load, std::move(timing));
}

int Main(const Options& options) {
  client::LedgerClient client = Connect(options);
  const std::string& work = options.Text("--work");
  if (work == "proofs") {
    AskForProofs(client, options);
  } else if (work == "back") {
    ReadBack(client);
  } else if (work == "follow") {
    Follow(client, options);
  } else {
    Require(false, "--work: " + work);
  }
  return 0;
}

}  // namespace
}  // namespace dataip::bench

int main(int argc, char** argv) {
  const auto values = dataip::bench::WithConnection({{"--work", "proofs"},
                                                     {"--count", "2000"},
                                                     {"--keys", "1000000"},
                                                     {"--rate", "10"},
                                                     {"--seconds", "10"}});
  return dataip::bench::Main(
      dataip::bench::Options(dataip::bench::kUsage, values, argc, argv));
}
