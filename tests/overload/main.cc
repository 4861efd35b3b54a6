// Twice what a ledger can take: what it refuses, keeps and needs meanwhile.
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/overload/load.h"
#include "tests/support/process.h"
#include "tests/support/shimmed_ledger.h"
#include "tests/support/whole_ledger.h"

namespace dataip::test {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr char kUsage[] =
    "usage: overload_run [--seconds N] [--check-latency] [--json FILE]\n"
    "\n"
    "Measures what a ledger can take, then offers twice that for N seconds\n"
    "(30) beside strays and a reader, and checks what it refuses and keeps.\n"
    "  --check-latency  on a quiet machine: a single append must be back to\n"
    "                   twice its normal time within 2 s, 99 proofs of 100\n"
    "                   be answered in 250 ms meanwhile, and half of what is\n"
    "                   sustained be written, not only a quarter\n"
    "Exit code: 0 every condition holds, 1 otherwise, 2 usage.\n";

// Shorter than what one stream may leave unacknowledged: it is full as soon
// as more comes than can be written.
constexpr char kQueueMessages[] = "160";
constexpr size_t kSustained = 128;  // messages under way, below the queue
constexpr size_t kOverloaded = 250;
constexpr int kStrays = 4;
constexpr int kSingleAppends = 60;
constexpr milliseconds kBackWithin{2'000};
// Of what was sustained, so much is still written when twice that is offered;
// on a machine that others use, both are measured at different times.
constexpr double kKeptShare = 0.5;
constexpr double kKeptShareAmongOthers = 0.25;
constexpr milliseconds kProofP99{250};
constexpr uint64_t kMemoryGrowthMib = 256;

struct Options {
  uint64_t seconds = 30;
  bool check_latency = false;
  std::string json_path;
};

struct Condition {
  std::string what;
  std::string found;
  std::string wanted;
  bool met = true;
};

uint64_t ResidentMib(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/statm");
  uint64_t total = 0;
  uint64_t resident = 0;
  file >> total >> resident;
  return resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)) >> 20;
}

// The most that was resident since PeakFromNow. The kernel keeps it.
uint64_t PeakMib(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/status");
  std::string word;
  while (file >> word && word != "VmHWM:") {
  }
  uint64_t kib = 0;
  file >> kib;
  return kib >> 10;
}

void PeakFromNow(pid_t pid) {
  WriteFile("/proc/" + std::to_string(pid) + "/clear_refs", "5");
}

microseconds Median(std::vector<microseconds> times) {
  if (times.empty()) return microseconds(0);
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

microseconds Highest(std::vector<microseconds> times, double share) {
  if (times.empty()) return microseconds(0);
  std::sort(times.begin(), times.end());
  return times[static_cast<size_t>(static_cast<double>(times.size() - 1) *
                                   share)];
}

class Overload {
 public:
  explicit Overload(const Options& options)
      : options_(options),
        ledger_(dir_.path(),
                {false, false, {"--queue-messages", kQueueMessages}}) {}

  absl::Status Run();
  int Report() const;

 private:
  absl::Status MeasureNormal(PacedWriter& writer);
  absl::Status LoadTwice(PacedWriter& writer);
  void JudgeLoad(double written_per_s, const Reads& reads);
  absl::Status ComeBack(PacedWriter& writer);
  absl::Status CheckAll(const PacedWriter& writer);
  void Add(const std::string& what, const std::string& found,
           const std::string& wanted, bool met) {
    conditions_.push_back({what, found, wanted, met});
  }

  const Options options_;
  TempDir dir_;
  ShimmedLedger ledger_;
  microseconds normal_{0};
  double sustained_per_s_ = 0;
  Refusals refusals_;
  std::vector<Condition> conditions_;
};

absl::Status Overload::MeasureNormal(PacedWriter& writer) {
  std::vector<microseconds> times;
  for (int i = 0; i < kSingleAppends; ++i) {
    const auto took = writer.AppendOne();
    if (!took.ok()) return took.status();
    times.push_back(*took);
  }
  normal_ = Median(times);
  const uint64_t before = writer.messages();
  const auto time =
      milliseconds(std::min<uint64_t>(options_.seconds, 4) * 1000);
  absl::Status status = writer.Run({0, kSustained, time}, refusals_);
  sustained_per_s_ = static_cast<double>(writer.messages() - before) /
                     std::chrono::duration<double>(time).count();
  Add("sustained, messages of " + std::to_string(kEntries) + " entries /s",
      std::to_string(static_cast<uint64_t>(sustained_per_s_)), "> 0",
      sustained_per_s_ > 0);
  Add("refused while sustained", std::to_string(refusals_.with_advice), "0",
      refusals_.with_advice == 0);
  return status;
}

// A ledger that is offered too much writes on, and is read.
void Overload::JudgeLoad(double written_per_s, const Reads& reads) {
  const double least =
      sustained_per_s_ *
      (options_.check_latency ? kKeptShare : kKeptShareAmongOthers);
  Add("written under twice the load /s",
      std::to_string(static_cast<uint64_t>(written_per_s)),
      ">= " + std::to_string(static_cast<uint64_t>(least)),
      written_per_s >= least);
  Add("proofs not answered meanwhile",
      std::to_string(reads.failed) + " of " +
          std::to_string(reads.times.size()),
      "0", reads.failed == 0 && !reads.times.empty());
  const microseconds p99 = Highest(reads.times, 0.99);
  Add("p99 of a proof meanwhile, ms", std::to_string(p99.count() / 1000),
      options_.check_latency ? "<= " + std::to_string(kProofP99.count())
                             : "(not checked)",
      !options_.check_latency || p99 <= kProofP99);
}

absl::Status Overload::LoadTwice(PacedWriter& writer) {
  services::Latch stop;
  const pid_t pid = ledger_.process().pid();
  const uint64_t memory = ResidentMib(pid);
  PeakFromNow(pid);
  Reads reads;
  client::LedgerClient reader = ledger_.Connect();
  std::vector<std::thread> threads;
  threads.emplace_back([&] { reads = ReadProofs(reader, stop); });
  for (int i = 0; i < kStrays; ++i) {
    threads.emplace_back([&] {
      client::LedgerClient stray = ledger_.Connect();
      Stray(stray, stop, refusals_);
    });
  }
  const uint64_t before = writer.messages();
  absl::Status status = writer.Run({2 * sustained_per_s_, kOverloaded,
                                    milliseconds(options_.seconds * 1000)},
                                   refusals_);
  stop.Set();
  for (std::thread& thread : threads) thread.join();
  const uint64_t most_memory = std::max(memory, PeakMib(pid));
  JudgeLoad(static_cast<double>(writer.messages() - before) /
                static_cast<double>(options_.seconds),
            reads);
  Add("due and shed by the client", std::to_string(writer.shed()), "", true);
  Add("RESOURCE_EXHAUSTED with retry advice",
      std::to_string(refusals_.with_advice), "> 0", refusals_.with_advice > 0);
  Add("RESOURCE_EXHAUSTED without", std::to_string(refusals_.without_advice),
      "0", refusals_.without_advice == 0);
  Add("strays fenced", std::to_string(refusals_.fenced), "", true);
  Add("other errors", std::to_string(refusals_.others), "0",
      refusals_.others == 0);
  Add("memory at most, MiB above before",
      std::to_string(most_memory - memory) + " (" + std::to_string(memory) +
          " before)",
      "<= " + std::to_string(kMemoryGrowthMib),
      most_memory - memory <= kMemoryGrowthMib);
  return status;
}

absl::Status Overload::ComeBack(PacedWriter& writer) {
  const auto begin = SteadyClock::now();
  std::vector<microseconds> last;
  milliseconds back{-1};
  while (back.count() < 0 && SteadyClock::now() - begin < 5 * kBackWithin) {
    const auto took = writer.AppendOne();
    if (!took.ok()) return took.status();
    last.push_back(*took);
    if (last.size() > 5) last.erase(last.begin());
    if (last.size() == 5 && Median(last) <= 2 * normal_) {
      back =
          std::chrono::duration_cast<milliseconds>(SteadyClock::now() - begin);
    }
  }
  Add("a single append, normally, us", std::to_string(normal_.count()), "",
      true);
  Add("back to twice that after, ms", std::to_string(back.count()),
      options_.check_latency ? "<= 2000" : "(not checked)",
      !options_.check_latency || (back.count() >= 0 && back <= kBackWithin));
  return absl::OkStatus();
}

absl::Status Overload::CheckAll(const PacedWriter& writer) {
  client::LedgerClient client = ledger_.Connect();
  const auto contents = CheckWholeLedger(
      client,
      {ledger_.origin(), ledger_.verifiers(), writer.acknowledged(), {}});
  if (!contents.ok()) return contents.status();
  Add("acknowledged entries", std::to_string(writer.acknowledged().size()),
      "> 0", !writer.acknowledged().empty());
  Add("of those lost", std::to_string(contents->lost), "0",
      contents->lost == 0);
  const uint64_t unasked =
      contents->payloads.size() - writer.acknowledged().size();
  Add("stored and not acknowledged, or twice", std::to_string(unasked), "0",
      unasked == 0);
  return absl::OkStatus();
}

absl::Status Overload::Run() {
  if (auto status = ledger_.StartAndListen(); !status.ok()) return status;
  client::LedgerClient client = ledger_.Connect();
  ledger::v1::OpenWriterRequest open;
  open.set_instance_id("overload");
  const auto opened = client.OpenWriter(open);
  if (!opened.ok()) return opened.status();
  PacedWriter writer(client, opened->epoch());
  if (auto status = MeasureNormal(writer); !status.ok()) return status;
  if (auto status = LoadTwice(writer); !status.ok()) return status;
  if (auto status = ComeBack(writer); !status.ok()) return status;
  return CheckAll(writer);
}

int Overload::Report() const {
  nlohmann::ordered_json table = nlohmann::ordered_json::array();
  bool all = true;
  for (const Condition& each : conditions_) {
    std::printf("%-40s %-18s %-14s %s\n", each.what.c_str(), each.found.c_str(),
                each.wanted.c_str(), each.met ? "" : "MISSED");
    table.push_back({{"what", each.what},
                     {"found", each.found},
                     {"wanted", each.wanted},
                     {"met", each.met}});
    all = all && each.met;
  }
  if (!options_.json_path.empty()) {
    std::filesystem::create_directories(
        std::filesystem::path(options_.json_path).parent_path());
    WriteFile(options_.json_path, table.dump(1) + "\n");
  }
  return all ? 0 : 1;
}

std::optional<Options> ReadOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--check-latency") {
      options.check_latency = true;
    } else if (name == "--json" && i + 1 < argc) {
      options.json_path = argv[++i];
    } else if (name == "--seconds" && i + 1 < argc) {
      const char* text = argv[++i];
      const char* end = text + std::strlen(text);
      const auto read = std::from_chars(text, end, options.seconds);
      if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    } else {
      return std::nullopt;
    }
  }
  if (options.seconds == 0) return std::nullopt;
  return options;
}

}  // namespace
}  // namespace dataip::test

int main(int argc, char** argv) {
  const auto options = dataip::test::ReadOptions(argc, argv);
  if (!options.has_value()) {
    std::fputs(dataip::test::kUsage, stderr);
    return 2;
  }
  dataip::test::Overload overload(*options);
  const absl::Status status = overload.Run();
  const int code = overload.Report();
  if (status.ok()) return code;
  std::printf("%s\n", status.ToString().c_str());
  return 1;
}
