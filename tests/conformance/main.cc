// dataip-conformance FILE...: runs every case of the vector files.
//
// Exit 0 when all agree; 20 with the first case that differs; 2 when it was
// called wrongly or a file is no vector file.
#include <cstdio>
#include <string>

#include "google/protobuf/stubs/logging.h"
#include "tests/conformance/cases.h"

namespace {

constexpr int kUsage = 2;
constexpr int kDiffers = 20;

constexpr char kHelp[] =
    "usage: dataip-conformance FILE...\n"
    "\n"
    "Runs every case of vector files (JSON, see tests/conformance/README.md)\n"
    "and names the first that differs.\n"
    "\n"
    "  dataip-conformance tests/conformance/vectors/*.json\n"
    "  dataip-conformance --version\n";

int RunAll(int count, char** paths) {
  for (int i = 0; i < count; ++i) {
    dataip::conformance::Tally tally;
    const absl::Status status = dataip::conformance::RunFile(paths[i], tally);
    if (!status.ok()) {
      std::fprintf(stderr, "%s: %s\n", paths[i],
                   std::string(status.message()).c_str());
      return status.code() == absl::StatusCode::kDataLoss ? kDiffers : kUsage;
    }
    std::printf("%s: %zu comparisons agree\n", paths[i], tally.comparisons());
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs(kHelp, stderr);
    return kUsage;
  }
  const std::string first = argv[1];
  if (first == "--help" || first == "-h") {
    std::fputs(kHelp, stdout);
    return 0;
  }
  if (first == "--version") {
    std::puts("dataip-conformance " DATAIP_VERSION);
    return 0;
  }
  // What the vectors spoil is not news.
  google::protobuf::SetLogHandler(nullptr);
  return RunAll(argc - 1, argv + 1);
}
