// A bundle of the sample ledger, unpacked, and its check.sh at an instant.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "client/export/bundle_unpack.h"
#include "core/verify/trust.h"
#include "tests/support/process.h"
#include "tests/unit/core/verify/sample.h"

namespace dataip::test {

// Shortly after the sample's last entry.
constexpr int64_t kSampleNowMs = 1'767'700'000'000;

class UnpackedBundle {
 public:
  UnpackedBundle() { SetClock(kSampleNowMs); }

  absl::Status Unpack(const std::string& bundle, const verify::Trust* trust) {
    std::filesystem::remove_all(Path(""));
    return client::UnpackBundle(hash::AsBytes(bundle), trust, Path(""));
  }

  // check.sh asks `date +%s`; it finds this clock first.
  void SetClock(int64_t now_ms) {
    std::filesystem::create_directories(dir_ / "bin");
    WriteFile(dir_ / "bin/date",
              absl::StrCat("#!/bin/sh\n[ \"$*\" = +%s ] || "
                           "exec /usr/bin/date \"$@\"\necho ",
                           now_ms / 1000, "\n"));
    std::filesystem::permissions(dir_ / "bin/date",
                                 std::filesystem::perms(0755));
  }

  // A PATH without our programs.
  Ended Check(const std::vector<std::string>& steps = {},
              const std::string& shell = "/bin/sh") const {
    std::vector<std::string> arguments = {Path("check.sh")};
    arguments.insert(arguments.end(), steps.begin(), steps.end());
    return Run({shell,
                arguments,
                {absl::StrCat("PATH=", dir_ / "bin", ":/usr/bin:/bin")},
                ""});
  }

  std::string Path(const std::string& name) const {
    return dir_ / ("u/" + name);
  }
  std::string Beside(const std::string& name) const { return dir_ / name; }

 private:
  TempDir dir_;
};

}  // namespace dataip::test
