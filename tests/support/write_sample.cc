// write_sample DIR: a fresh sample ledger as files, for looking at and for
// making tests/conformance/ledgers/<n> once.
//
//   DIR/ledger/  DIR/trust.json  DIR/keys/  DIR/<number>.bundle
#include <cstdio>
#include <filesystem>

#include "core/base/status_macros.h"
#include "tests/support/process.h"
#include "tests/support/sample_ledger.h"

namespace dataip::test {
namespace {

absl::Status WriteSample(const std::string& dir) {
  ASSIGN_OR_RETURN(const SampleLedger sample, MakeSampleLedger({}));
  std::filesystem::create_directories(dir);
  RETURN_IF_ERROR(WriteExport(sample.book, dir + "/ledger"));
  RETURN_IF_ERROR(WriteKeys(sample.keys, dir + "/keys"));
  WriteFile(dir + "/trust.json", sample.trust_json);
  for (const SampleCertificate& certificate : sample.certificates) {
    WriteFile(dir + "/" + certificate.number + ".bundle",
              MakeSampleBundle(sample, certificate, {.history = true}));
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace dataip::test

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: write_sample DIR\n");
    return 2;
  }
  const absl::Status status = dataip::test::WriteSample(argv[1]);
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return status.ok() ? 0 : 1;
}
