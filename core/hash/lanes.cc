#include "core/hash/lanes.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <vector>

#include "core/hash/lane_group.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace dataip::hash::lanes {
namespace {

// One block by OpenSSL, the unit of Kernel::step_cost.
constexpr uint64_t kOneBlockCost = 100;

struct Costs {
  uint64_t call = 0;  // of OpenSSL, beside its blocks
  std::span<const Kernel> kernels;
};

#if defined(__x86_64__)
constexpr Kernel kSha256Avx2[] = {{Sha256Avx2By16, 16, 1500},
                                  {Sha256Avx2By8, 8, 970}};
constexpr Kernel kSha256Avx512[] = {{Sha256Avx512By32, 32, 860},
                                    {Sha256Avx512By16, 16, 610}};
constexpr Kernel kSm3Avx2[] = {{Sm3Avx2By16, 16, 380}, {Sm3Avx2By8, 8, 250}};
constexpr Kernel kSm3Avx512[] = {{Sm3Avx512By32, 32, 240},
                                 {Sm3Avx512By16, 16, 190}};
#endif

Costs CostsOf([[maybe_unused]] Function function, [[maybe_unused]] Way way) {
#if defined(__x86_64__)
  const bool sm3 = function == Function::kSm3;
  const uint64_t call = sm3 ? 80 : 50;
  if (way == Way::kAvx512) {
    return {call, sm3 ? std::span(kSm3Avx512) : std::span(kSha256Avx512)};
  }
  if (way == Way::kAvx2) {
    return {call, sm3 ? std::span(kSm3Avx2) : std::span(kSha256Avx2)};
  }
#endif
  return {};
}

#if defined(__x86_64__)
bool HasShaInstructions() {
  unsigned int eax = 0, ebx = 0, ecx = 0, edx = 0;
  return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 &&
         (ebx & bit_SHA) != 0;
}
#endif

std::vector<Way> FindWays() {
  std::vector<Way> ways = {Way::kOneByOne};
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2")) ways.push_back(Way::kAvx2);
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")) {
    ways.push_back(Way::kAvx512);
  }
#endif
  return ways;
}

Way FindFastestWay([[maybe_unused]] Function function) {
  const Way last = WaysHere().back();
#if defined(__x86_64__)
  if (last == Way::kAvx2 && function == Function::kSha256 &&
      HasShaInstructions()) {
    return Way::kOneByOne;
  }
#endif
  return last;
}

Hash HashAlone(Function function, Bytes prefix, Bytes message) {
  return function == Function::kSm3 ? Sm3({prefix, message})
                                    : Sha256({prefix, message});
}

uint64_t BlocksOf(Bytes prefix, Bytes message) {
  return (prefix.size() + message.size() + kPaddingBytes + kBlockBytes - 1) /
         kBlockBytes;
}

// Longest first, so that the lanes end together. Short ones, which are the
// most, by counting; below them order does not matter.
class LongestFirst {
 public:
  LongestFirst(Bytes prefix, std::span<const Bytes> messages)
      : order_(messages.size()) {
    constexpr size_t kCounted = 64;
    uint32_t starts[kCounted + 1] = {};
    for (const Bytes message : messages) {
      ++starts[Class(BlocksOf(prefix, message), kCounted)];
    }
    std::exclusive_scan(starts, starts + kCounted + 1, starts, 0u);
    const uint32_t longest_end = starts[1];
    for (uint32_t i = 0; i < messages.size(); ++i) {
      const auto blocks = static_cast<uint32_t>(BlocksOf(prefix, messages[i]));
      order_[starts[Class(blocks, kCounted)]++] = {i, blocks};
    }
    std::sort(
        order_.begin(), order_.begin() + longest_end,
        [](const Sized& a, const Sized& b) { return a.blocks > b.blocks; });
  }

  std::span<const Sized> order() const { return order_; }

 private:
  // 0 for the longest, then one class a number of blocks, descending.
  static size_t Class(uint64_t blocks, size_t counted) {
    return counted - std::min<uint64_t>(blocks, counted);
  }

  std::vector<Sized> order_;
};

// How many of the longest are hashed alone, and what hashes the others.
struct Plan {
  size_t alone = 0;
  const Kernel* kernel = nullptr;
};

Plan Cheapest(const Costs& costs, std::span<const Sized> order) {
  Plan best;
  uint64_t best_cost = std::numeric_limits<uint64_t>::max();
  uint64_t all_blocks = 0;
  for (const Sized& message : order) all_blocks += message.blocks;
  for (const Kernel& kernel : costs.kernels) {
    uint64_t rest = all_blocks;
    uint64_t alone_cost = 0;
    for (size_t alone = 0; alone <= order.size(); ++alone) {
      const size_t count = order.size() - alone;
      const uint64_t longest = count == 0 ? 0 : order[alone].blocks;
      const uint64_t rounds = (count + kernel.width - 1) / kernel.width;
      // The mean of a lane's messages times as many as the fullest has.
      const uint64_t even = count == 0 ? 0 : rest * rounds / count;
      const uint64_t cost =
          alone_cost + std::max(longest, even) * kernel.step_cost;
      if (cost < best_cost) {
        best_cost = cost;
        best = {alone, &kernel};
      }
      // With all lanes in use to the end, nothing is cheaper.
      const bool full = rounds > 2 || count % kernel.width == 0;
      if (longest <= even && full) break;
      alone_cost += longest * kOneBlockCost + costs.call;
      rest -= longest;
    }
  }
  return best;
}

}  // namespace

std::span<const Way> WaysHere() {
  static const std::vector<Way>& ways = *new std::vector<Way>(FindWays());
  return ways;
}

Way FastestWay(Function function) {
  static const Way sha256 = FindFastestWay(Function::kSha256);
  static const Way sm3 = FindFastestWay(Function::kSm3);
  return function == Function::kSm3 ? sm3 : sha256;
}

void HashMany(Function function, Way way, Bytes prefix,
              std::span<const Bytes> messages, std::span<Hash> hashes) {
  if (messages.size() != hashes.size() || prefix.size() > 1 ||
      messages.size() > std::numeric_limits<uint32_t>::max()) {
    std::abort();
  }
  const Costs costs = CostsOf(function, way);
  if (costs.kernels.empty() || messages.size() < 2) {
    for (size_t i = 0; i < messages.size(); ++i) {
      hashes[i] = HashAlone(function, prefix, messages[i]);
    }
    return;
  }
  const LongestFirst sorted(prefix, messages);
  const std::span<const Sized> order = sorted.order();
  const Plan plan = Cheapest(costs, order);
  for (const Sized& message : order.first(plan.alone)) {
    hashes[message.index] =
        HashAlone(function, prefix, messages[message.index]);
  }
  if (plan.alone == order.size()) return;
  const plain::Words& start =
      function == Function::kSm3 ? plain::kSm3Start : plain::kSha256Start;
  RunLanes(*plan.kernel, {start, prefix, messages, hashes},
           order.subspan(plan.alone));
}

}  // namespace dataip::hash::lanes
