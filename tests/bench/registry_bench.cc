// Decide without signature checks, with many cases in state: decisions a
// second by kind of command and of the mix of ordinary days. Prints one line
// of JSON.
#include <sys/resource.h>

#include <cstdio>
#include <string>

#include "core/registry/queue/queue.h"
#include "tests/bench/case_load.h"
#include "tests/bench/options.h"

namespace dataip::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr char kUsage[] =
    "registry_bench [--NAME VALUE]...\n"
    "  --rows FOLDER    the metering set (needed)\n"
    "  --cases N        applications in state when counting begins (100000)\n"
    "  --counted N      applications filed while counting (10000)\n"
    "  --a-day N        applications filed a day (500)\n"
    "  --parties N      applicants (1000)\n";

double MicrosecondsOf(Seconds seconds, uint64_t count) {
  return count == 0 ? 0 : seconds.count() * 1e6 / static_cast<double>(count);
}

void PrintCost(const std::string& kind, const Cost& cost) {
  std::printf(
      "{\"kind\": \"%s\", \"commands\": %llu, \"cases\": %llu, "
      "\"decide_us\": %.3f, "
      "\"fold_us\": %.3f, \"floor_us\": %.3f}",
      kind.c_str(), static_cast<unsigned long long>(cost.commands),
      static_cast<unsigned long long>(cost.cases),
      MicrosecondsOf(cost.decide, cost.commands),
      MicrosecondsOf(cost.fold, cost.commands),
      MicrosecondsOf(cost.floor, cost.commands));
}

template <typename Read>
double MillisecondsOf(const Read& read) {
  const auto begin = SteadyClock::now();
  const size_t lines = read().size();
  const Seconds took = SteadyClock::now() - begin;
  // Used, so that it is not left out.
  Require(lines < 100'000'000, "too many lines");
  return took.count() * 1e3;
}

// One applicant of many; not the first, which is everybody's licensee.
constexpr char kParty[] = "P0000500";

void PrintReads(const registry::State& state) {
  const int64_t now = state.clock_ms;
  std::printf(
      "\"open\": %zu, \"queue_ms\": %.3f, \"expected_ms\": %.3f, "
      "\"expiring_ms\": %.3f, ",
      state.open_applications.size(),
      MillisecondsOf([&] { return OfficerQueue(state, now); }),
      MillisecondsOf([&] { return ExpectedOf(state, kParty, now); }),
      MillisecondsOf([&] {
        return ExpiringCertificates(state, "", registry::ShanghaiDate(now));
      }));
}

int Main(const Options& options) {
  Require(!options.Text("--rows").empty(), "--rows names the metering set");
  auto fixture = testing::RegistryFixture::Ready();
  CaseLoad load(fixture, options.Text("--rows"), options.Number("--parties"));
  const registry::State& state = load.registry().state();
  const uint64_t a_day = options.Number("--a-day");
  const uint64_t cases = options.Number("--cases");
  const auto begin = SteadyClock::now();
  while (state.applications.size() < cases) load.Day(a_day);
  const Seconds filled = SteadyClock::now() - begin;
  load.registry().StartCounting();
  const uint64_t end = state.applications.size() + options.Number("--counted");
  while (state.applications.size() < end) load.Day(a_day);
  Cost mix;
  std::printf("{\"kinds\": [");
  const char* separator = "";
  for (const auto& [kind, cost] : load.registry().costs()) {
    std::printf("%s", separator);
    separator = ", ";
    PrintCost(kind, cost);
    mix.commands += cost.commands;
    mix.cases += cost.cases;
    mix.decide += cost.decide;
    mix.fold += cost.fold;
    mix.floor += cost.floor;
  }
  std::printf("], \"mix\": ");
  PrintCost("mix", mix);
  struct rusage usage {};
  getrusage(RUSAGE_SELF, &usage);
  std::printf(", ");
  PrintReads(state);
  std::printf(
      "\"cases\": %zu, \"certificates\": %zu, \"filled_s\": %.1f, "
      "\"resident_mib\": %ld}\n",
      state.applications.size(), state.certificates.size(), filled.count(),
      usage.ru_maxrss / 1024);
  return 0;
}

}  // namespace
}  // namespace dataip::bench

int main(int argc, char** argv) {
  return dataip::bench::Main(dataip::bench::Options(dataip::bench::kUsage,
                                                    {{"--rows", ""},
                                                     {"--cases", "100000"},
                                                     {"--counted", "10000"},
                                                     {"--a-day", "500"},
                                                     {"--parties", "1000"}},
                                                    argc, argv));
}
