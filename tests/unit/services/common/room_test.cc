#include "services/common/room.h"

#include <signal.h>
#include <sys/resource.h>

#include <filesystem>

#include "client/status.h"
#include "gtest/gtest.h"
#include "tests/support/process.h"

namespace dataip::services {
namespace {

// The files of this process grow no longer than this while it lives.
class FileLimit {
 public:
  explicit FileLimit(rlim_t most_bytes) {
    getrlimit(RLIMIT_FSIZE, &before_);
    handler_ = signal(SIGXFSZ, SIG_IGN);
    const rlimit less{most_bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &less);
  }
  ~FileLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    signal(SIGXFSZ, handler_);
  }
  FileLimit(const FileLimit&) = delete;
  FileLimit& operator=(const FileLimit&) = delete;

 private:
  rlimit before_{};
  sighandler_t handler_ = SIG_DFL;
};

void ExpectRefused(const absl::Status& status, const std::string& folder) {
  // Not the configuration's fault: systemd starts the server again.
  EXPECT_TRUE(absl::IsInternal(status)) << status;
  const auto detail = client::ErrorDetailOf(status);
  ASSERT_TRUE(detail.has_value());
  EXPECT_NE(detail->message_zh().find(folder), std::string::npos);
}

TEST(CheckRoom, RefusesADiskThatTakesOnlyAPartAndLeavesNothing) {
  const test::TempDir dir;
  absl::Status refused;
  {
    const FileLimit limit(4096);
    refused = CheckRoom(dir / "");
  }
  ExpectRefused(refused, dir / "");
  EXPECT_TRUE(std::filesystem::is_empty(dir / ""));
}

TEST(CheckRoom, RefusesAFolderThatIsNotThere) {
  const test::TempDir dir;
  ExpectRefused(CheckRoom(dir / "none"), dir / "none");
}

TEST(CheckRoom, LeavesNothingWhereThereIsRoom) {
  const test::TempDir dir;
  test::WriteFile(dir / ".room", "of a start that was killed");
  EXPECT_TRUE(CheckRoom(dir / "").ok());
  EXPECT_TRUE(std::filesystem::is_empty(dir / ""));
}

}  // namespace
}  // namespace dataip::services
