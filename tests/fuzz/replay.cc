// The main of a fuzz target in builds without libFuzzer: feeds it the empty
// input, every file under the folders named, each truncation of those and each
// of their bytes changed. So that the targets compile and run in every build.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size);

namespace {

// Above this, a seed is changed at this many evenly spread places only.
constexpr size_t kMaxPlaces = 512;

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

}  // namespace

int main(int argc, char** argv) {
  size_t runs = Feed("");
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) continue;
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      std::ifstream file(entry.path(), std::ios::binary);
      runs += FeedVariants(std::string(std::istreambuf_iterator<char>(file),
                                       std::istreambuf_iterator<char>()));
    }
  }
  std::printf("%zu inputs\n", runs);
  return 0;
}
