#include "services/ledger/published.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/process.h"
#include "tests/unit/services/ledger/ledger_fixture.h"

namespace dataip::ledger {
namespace {

// Takes every descriptor below a low limit.
class NoDescriptors {
 public:
  NoDescriptors() {
    getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit low{kLimit, before_.rlim_max};
    EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
    for (int fd = dup(STDERR_FILENO); fd >= 0; fd = dup(STDERR_FILENO)) {
      taken_.push_back(fd);
    }
  }
  ~NoDescriptors() {
    for (const int fd : taken_) close(fd);
    setrlimit(RLIMIT_NOFILE, &before_);
  }

 private:
  static constexpr rlim_t kLimit = 64;
  rlimit before_{};
  std::vector<int> taken_;
};

class PublishedFileTest : public testing::Test {
 protected:
  std::string Content() const { return test::ReadFile(path); }

  test::TempDir dir;
  std::string path = dir / "published";
};

TEST_F(PublishedFileTest, WritesNothingWithoutAnyDescriptorAndLaterAgain) {
  test::WriteFile(path, "before");
  std::unique_ptr<PublishedFile> file;
  {
    const NoDescriptors none;
    file = std::make_unique<PublishedFile>(path);
    EXPECT_TRUE(absl::IsUnavailable(file->WriteNote("after")));
  }
  EXPECT_EQ(Content(), "before");
  EXPECT_TRUE(file->WriteNote("after").ok());
  EXPECT_EQ(Content(), "after");
}

TEST_F(PublishedFileTest, WritesWhenAllOtherDescriptorsAreTaken) {
  PublishedFile file(path);
  ASSERT_TRUE(file.WriteNothingYet("test.example/ledger").ok());
  {
    const NoDescriptors none;
    for (const std::string note : {"first", "second", "third"}) {
      EXPECT_TRUE(file.WriteNote(note).ok()) << note;
    }
  }
  EXPECT_EQ(Content(), "third");
}

TEST_F(PublishedFileTest, FailsWhereThereIsNoFolder) {
  PublishedFile file(dir / "none/published");
  EXPECT_EQ(file.WriteNote("note").code(), absl::StatusCode::kInternal);
}

class LedgerWithoutDescriptors : public testing::Test, public LedgerFixture {
 protected:
  void SetUp() override {
    ASSERT_TRUE(Open().ok());
    const auto opened = OpenWriter();
    ASSERT_TRUE(opened.ok()) << opened.status();
    epoch = opened->epoch;
    getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit none{0, before_.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  }
  void TearDown() override { Restore(); }

  void Restore() { setrlimit(RLIMIT_NOFILE, &before_); }

  uint64_t epoch = 0;

 private:
  rlimit before_{};
};

TEST_F(LedgerWithoutDescriptors, AcknowledgesAndPublishesOnceThereIsOne) {
  ASSERT_TRUE(Append(Make({.epoch = epoch})).ok());
  ASSERT_TRUE(Append(Make({.epoch = epoch, .sequence = 1})).ok());
  EXPECT_EQ(ledger->published().value(), 0u);
  Restore();
  EXPECT_GE(WaitForCheckpoint()->size, 3u);
}

TEST_F(LedgerWithoutDescriptors, EndsAndLeavesTheCheckpointForTheNextStart) {
  ASSERT_TRUE(Append(Make({.epoch = epoch})).ok());
  ledger->Stop();
  EXPECT_EQ(ledger->published().value(), 0u);
  EXPECT_EQ(ledger->durable().value(), 2u);
  Restore();
  Close();
  ASSERT_TRUE(Open().ok());
  EXPECT_EQ(WaitForCheckpoint()->size, 2u);
}

}  // namespace
}  // namespace dataip::ledger
