// The main of a fuzz target in builds without libFuzzer: feeds it the empty
// input, every file under the folders named, each truncation of those, each of
// their bytes changed, and a fixed sequence of random mixtures of them. So that
// the targets compile and run in every build.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size);
// A target may have one.
extern "C" __attribute__((weak)) int LLVMFuzzerInitialize(int* argc,
                                                          char*** argv);

namespace {

// Above this, a seed is changed at this many evenly spread places only.
constexpr size_t kMaxPlaces = 512;
constexpr size_t kMixtures = 4'000;

size_t Feed(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()),
                         input.size());
  return 1;
}

size_t FeedVariants(const std::string& seed) {
  size_t runs = Feed(seed);
  const size_t step = seed.size() / kMaxPlaces + 1;
  for (size_t at = 0; at < seed.size(); at += step) {
    runs += Feed(seed.substr(0, at));
    std::string changed = seed;
    for (const unsigned char mask : {0x01, 0x80, 0xff}) {
      changed[at] = static_cast<char>(seed[at] ^ mask);
      runs += Feed(changed);
    }
  }
  return runs;
}

// A piece of one seed put into, or in the place of a piece of, another.
std::string Mix(const std::vector<std::string>& seeds, std::mt19937& random) {
  std::string mixed = seeds[random() % seeds.size()];
  for (uint32_t edits = 1 + random() % 4; edits > 0; --edits) {
    const std::string& other = seeds[random() % seeds.size()];
    const size_t from = random() % (other.size() + 1);
    const size_t at = random() % (mixed.size() + 1);
    mixed.replace(at, random() % 9, other.substr(from, random() % 33));
    if (!mixed.empty() && random() % 2 == 0) {
      mixed[random() % mixed.size()] = static_cast<char>(random());
    }
  }
  return mixed;
}

size_t FeedMixtures(const std::vector<std::string>& seeds) {
  if (seeds.empty()) return 0;
  std::mt19937 random(1);
  for (size_t i = 0; i < kMixtures; ++i) Feed(Mix(seeds, random));
  return kMixtures;
}

}  // namespace

int main(int argc, char** argv) {
  if (LLVMFuzzerInitialize != nullptr) LLVMFuzzerInitialize(&argc, &argv);
  size_t runs = Feed("");
  std::vector<std::filesystem::path> paths;
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) continue;
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      paths.push_back(entry.path());
    }
  }
  // The folder's own order differs between machines.
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> seeds;
  for (const std::filesystem::path& path : paths) {
    std::ifstream file(path, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(file),
                       std::istreambuf_iterator<char>());
    runs += FeedVariants(seeds.back());
  }
  runs += FeedMixtures(seeds);
  std::printf("%zu inputs\n", runs);
  return 0;
}
