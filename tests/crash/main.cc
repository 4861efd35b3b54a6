// Kills a ledger and takes its power away, round after round.
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/crash/rounds.h"

namespace dataip::test {
namespace {

constexpr char kUsage[] =
    "usage: crash [--rounds N] [--seed S] [--no-sync [--expect-loss]]\n"
    "\n"
    "Kills a real dataip-ledger at random moments and cuts its files back to\n"
    "what was synced, N times (20); after each start everything acknowledged\n"
    "must be there, once, and the whole ledger must check.\n"
    "  --seed S       of all that is random (the clock's)\n"
    "  --no-sync      every sync reports success and does nothing: entries\n"
    "                 must then be lost\n"
    "  --expect-loss  exit 0 when every round lost entries, else 1\n"
    "\n"
    "Exit code: 0 nothing lost, 1 entries lost or a ledger that does not\n"
    "check, 2 usage.\n";

// A check reads the whole ledger: a new one keeps rounds short.
constexpr uint64_t kRoundsPerLedger = 10;

struct Options {
  uint64_t rounds = 20;
  uint64_t seed = 0;
  bool no_sync = false;
  bool expect_loss = false;
};

bool ReadNumber(const char* text, uint64_t* number) {
  const char* end = text + std::strlen(text);
  const auto read = std::from_chars(text, end, *number);
  return read.ec == std::errc() && read.ptr == end;
}

std::nullopt_t Refuse(const std::string& why) {
  std::fprintf(stderr, "crash: %s\n\n", why.c_str());
  return std::nullopt;
}

std::optional<Options> ReadOptions(int argc, char** argv) {
  Options options;
  options.seed = static_cast<uint64_t>(
      std::chrono::system_clock::now().time_since_epoch().count());
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--no-sync") {
      options.no_sync = true;
    } else if (name == "--expect-loss") {
      options.expect_loss = true;
    } else if (name == "--rounds" || name == "--seed") {
      if (i + 1 == argc) return Refuse(name + " needs a whole number");
      const bool is_seed = name == "--seed";
      uint64_t& number = is_seed ? options.seed : options.rounds;
      if (!ReadNumber(argv[++i], &number) || (number == 0 && !is_seed)) {
        return Refuse(absl::StrCat(name, " ", argv[i], ": a whole number of ",
                                   is_seed ? "0" : "1", " or more is wanted"));
      }
    } else {
      return Refuse(name + ": unknown");
    }
  }
  if (options.expect_loss && !options.no_sync) {
    return Refuse("--expect-loss needs --no-sync");
  }
  return options;
}

void Print(const Options& options, const Tally& tally, uint64_t lossy) {
  std::printf("%llu rounds, seed %llu, syncs %s\n",
              static_cast<unsigned long long>(options.rounds),
              static_cast<unsigned long long>(options.seed),
              options.no_sync ? "swallowed" : "made");
  for (int i = 0; i < kDeaths; ++i) {
    if (tally.deaths[static_cast<size_t>(i)] == 0) continue;
    std::printf(
        "  died %-24s %6llu\n", NameOf(static_cast<Death>(i)),
        static_cast<unsigned long long>(tally.deaths[static_cast<size_t>(i)]));
  }
  const auto line = [](const char* what, uint64_t count) {
    std::printf("  %-29s %6llu\n", what,
                static_cast<unsigned long long>(count));
  };
  line("entries acknowledged", tally.acknowledged);
  line("messages left unanswered", tally.unknown);
  line("syncs recorded", tally.syncs);
  line("unsynced bytes cut", tally.cut_bytes);
  line("unsynced names undone", tally.cut_names);
  line("exports audited", tally.audits);
  line("rounds that lost entries", lossy);
  line("ACKNOWLEDGED ENTRIES LOST", tally.lost);
}

// The ledger's folder of a failed round stays; its path is printed.
class Crash {
 public:
  explicit Crash(const Options& options) : options_(options) {}

  int Run() {
    const uint64_t per_ledger = options_.no_sync ? 1 : kRoundsPerLedger;
    for (uint64_t done = 0; done < options_.rounds; done += per_ledger) {
      const uint64_t rounds = std::min(per_ledger, options_.rounds - done);
      if (!RunLedger(done, rounds)) return 1;
    }
    Print(options_, tally_, lossy_);
    if (options_.expect_loss) return lossy_ == options_.rounds ? 0 : 1;
    return tally_.lost == 0 ? 0 : 1;
  }

 private:
  bool RunLedger(uint64_t first, uint64_t rounds) {
    const std::string folder = dir_ / absl::StrCat("ledger-", first);
    std::filesystem::create_directory(folder);
    LedgerLife life(folder, options_.seed + first, options_.no_sync);
    absl::Status status;
    uint64_t round = 0;
    for (; round < rounds && status.ok() && life.tally().lost == 0; ++round) {
      status = life.Round();
    }
    if (status.ok()) status = life.Finish();
    tally_.Add(life.tally());
    if (life.tally().lost > 0) ++lossy_;
    if (status.ok() && (life.tally().lost == 0 || options_.no_sync)) {
      std::filesystem::remove_all(folder);
      return true;
    }
    const std::string kept =
        absl::StrCat(std::filesystem::temp_directory_path().string(),
                     "/dataip-crash-", options_.seed, "-", first);
    std::filesystem::remove_all(kept);
    std::filesystem::rename(folder, kept);
    std::printf("seed %llu, round %llu (%s): %s\n%llu entries lost; %s\n",
                static_cast<unsigned long long>(options_.seed),
                static_cast<unsigned long long>(first) + round,
                life.story().c_str(), status.ToString().c_str(),
                static_cast<unsigned long long>(life.tally().lost),
                kept.c_str());
    return false;
  }

  const Options options_;
  TempDir dir_;
  Tally tally_;
  uint64_t lossy_ = 0;
};

}  // namespace
}  // namespace dataip::test

int main(int argc, char** argv) {
  const auto options = dataip::test::ReadOptions(argc, argv);
  if (!options.has_value()) {
    std::fputs(dataip::test::kUsage, stderr);
    return 2;
  }
  return dataip::test::Crash(*options).Run();
}
