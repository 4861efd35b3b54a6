// The shim and the cut: what POSIX does not promise is gone.
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <functional>
#include <map>

#include "gtest/gtest.h"
#include "tests/support/durable_cut.h"
#include "tests/support/process.h"
#include "tests/support/shim_control.h"

namespace dataip::test {
namespace {

using Files = std::map<std::string, std::string>;

class ShimTest : public ::testing::Test {
 protected:
  ShimTest() { std::filesystem::create_directory(disk_.root); }

  // A file that was durable before the program started.
  void Before(const std::string& name, const std::string& text) {
    WriteFile(disk_.root + "/" + name, text);
  }

  Ended Run(const std::vector<std::string>& steps, bool no_sync = false) {
    ClearRecord(disk_.record);
    if (arm_) Arm();
    Command command{std::string(DATAIP_TEST_DIR) + "/shim_steps", steps};
    command.directory = disk_.root;
    command.environment = {
        std::string("LD_PRELOAD=") + DATAIP_SHIM,
        std::string(shim::kRootVariable) + "=" + disk_.root,
        std::string(shim::kRecordVariable) + "=" + disk_.record};
    if (no_sync) {
      command.environment.push_back(std::string(shim::kNoSyncVariable) + "=1");
    }
    return test::Run(command);
  }

  // What is there after the steps and a loss of power.
  Files After(const std::vector<std::string>& steps, bool no_sync = false,
              Unsynced unsynced = Unsynced::kGone) {
    const Ended ended = Run(steps, no_sync);
    EXPECT_EQ(ended.exit_code, 128 + SIGKILL) << ended.out << ended.err;
    return LosePower(unsynced);
  }

  Files LosePower(Unsynced unsynced = Unsynced::kGone) {
    const auto cut = CutToDurable(disk_, unsynced, random_);
    EXPECT_TRUE(cut.ok()) << cut.status();
    if (cut.ok()) cut_ = *cut;
    Files files;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(disk_.root)) {
      const std::string name =
          std::filesystem::relative(entry.path(), disk_.root);
      files[name] = entry.is_directory() ? "/" : ReadFile(entry.path());
    }
    return files;
  }

  void Arm() {
    const int fd = open((disk_.record + "/control").c_str(), O_RDWR);
    ASSERT_GE(fd, 0);
    void* page = mmap(nullptr, sizeof(shim::Control), PROT_READ | PROT_WRITE,
                      MAP_SHARED, fd, 0);
    ASSERT_NE(page, MAP_FAILED);
    close(fd);
    arm_(*static_cast<shim::Control*>(page));
    munmap(page, sizeof(shim::Control));
  }

  TempDir dir_;
  const Disk disk_{dir_ / "disk", dir_ / "record"};
  std::mt19937_64 random_{1};
  std::function<void(shim::Control&)> arm_;
  Cut cut_;
};

TEST_F(ShimTest, FileWithoutAnySyncIsGone) {
  EXPECT_EQ(After({"make:a:hello"}), Files());
  EXPECT_EQ(cut_.lost_names, 1);
}

TEST_F(ShimTest, NameWithoutSyncOfItsFolderIsGone) {
  EXPECT_EQ(After({"make:a:hello", "sync:a"}), Files());
}

TEST_F(ShimTest, NameWithSyncOfItsFolderOnlyIsAnEmptyFile) {
  EXPECT_EQ(After({"make:a:hello", "sync:."}), (Files{{"a", ""}}));
}

TEST_F(ShimTest, SyncedFileStays) {
  EXPECT_EQ(After({"make:a:hello", "sync:a", "sync:."}),
            (Files{{"a", "hello"}}));
}

TEST_F(ShimTest, BytesAppendedAfterTheSyncAreCut) {
  Before("a", "durable");
  EXPECT_EQ(After({"append:a:, not"}), (Files{{"a", "durable"}}));
  EXPECT_EQ(cut_.lost_bytes, 5);
}

TEST_F(ShimTest, BytesOverwrittenComeBack) {
  Before("a", "durable");
  EXPECT_EQ(After({"overwrite:a:DUR"}), (Files{{"a", "durable"}}));
}

TEST_F(ShimTest, BytesOverwrittenAndSyncedStay) {
  Before("a", "durable");
  EXPECT_EQ(After({"overwrite:a:DUR", "sync:a"}), (Files{{"a", "DURable"}}));
}

TEST_F(ShimTest, BytesCutOffComeBack) {
  Before("a", "durable");
  EXPECT_EQ(After({"cut:a:3"}), (Files{{"a", "durable"}}));
  EXPECT_EQ(After({"empty:a"}), (Files{{"a", "durable"}}));
  EXPECT_EQ(After({"stream:a:new"}), (Files{{"a", "durable"}}));
  EXPECT_EQ(After({"cut:a:3", "sync:a"}), (Files{{"a", "dur"}}));
}

TEST_F(ShimTest, StreamIsFollowedToo) {
  EXPECT_EQ(After({"stream:a:hello"}), Files());
  EXPECT_EQ(After({"stream:a:hello", "sync:a", "sync:."}),
            (Files{{"a", "hello"}}));
}

TEST_F(ShimTest, RenameWithoutSyncIsUndone) {
  Before("a", "old");
  EXPECT_EQ(After({"make:b:new", "sync:b", "rename:b:a"}),
            (Files{{"a", "old"}}));
  EXPECT_EQ(After({"make:b:new", "sync:b", "rename:b:a", "sync:."}),
            (Files{{"a", "new"}}));
}

TEST_F(ShimTest, UnlinkWithoutSyncIsUndone) {
  Before("a", "old");
  EXPECT_EQ(After({"unlink:a"}), (Files{{"a", "old"}}));
  EXPECT_EQ(After({"unlink:a", "sync:."}), Files());
}

TEST_F(ShimTest, NameUsedAgainKeepsTheFilesApart) {
  Before("a", "old");
  EXPECT_EQ(After({"unlink:a", "make:a:newer", "sync:a"}),
            (Files{{"a", "old"}}));
}

TEST_F(ShimTest, FolderWithoutSyncIsGoneWithAllInIt) {
  EXPECT_EQ(After({"mkdir:d", "make:d/a:hello", "sync:d/a", "sync:d"}),
            Files());
  EXPECT_EQ(
      After({"mkdir:d", "make:d/a:hello", "sync:d/a", "sync:d", "sync:."}),
      (Files{{"d", "/"}, {"d/a", "hello"}}));
}

TEST_F(ShimTest, SyncOfARangePromisesNothing) {
  Before("a", "");
  EXPECT_EQ(After({"append:a:hello", "range:a"}), (Files{{"a", ""}}));
}

TEST_F(ShimTest, SwallowedSyncReportsSuccessAndKeepsNothing) {
  Before("a", "old");
  EXPECT_EQ(
      After({"append:a:er", "sync:a", "make:b:x", "sync:b", "sync:."}, true),
      (Files{{"a", "old"}}));
}

TEST_F(ShimTest, TornTailIsAPrefix) {
  Before("a", "old");
  for (int i = 0; i < 20; ++i) {
    const std::string text =
        After({"append:a:0123456789"}, false, Unsynced::kPartly)["a"];
    EXPECT_EQ(text, std::string("old0123456789").substr(0, text.size()));
    ASSERT_GE(text.size(), 3);
    Before("a", "old");
  }
}

TEST_F(ShimTest, SharedMappingIsReportedAsAnEscape) {
  Before("a", "old");
  After({"map:a"});
  EXPECT_EQ(cut_.escapes.size(), 1);
}

TEST_F(ShimTest, FailedCallIsMadeWhenTheTestSaysSo) {
  Before("p.log", "");
  arm_ = [](shim::Control& control) {
    control.call = shim::Call::kWrite;
    control.kind = shim::Kind::kWal;
    control.execute = 1;
    control.error = ENOSPC;
    control.armed = 1;
  };
  const Ended ended = Run({"append:p.log:hello"});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_EQ(ended.out, std::to_string(ENOSPC) + "\n");
  EXPECT_EQ(ReadFile(disk_.root + "/p.log"), "hello");
}

TEST_F(ShimTest, FailedCallIsNotMadeWhenTheTestSaysSo) {
  Before("p.log", "");
  arm_ = [](shim::Control& control) {
    control.call = shim::Call::kWrite;
    control.kind = shim::Kind::kWal;
    control.error = EIO;
    control.armed = 1;
  };
  EXPECT_EQ(Run({"append:p.log:hello"}).out, std::to_string(EIO) + "\n");
  EXPECT_EQ(ReadFile(disk_.root + "/p.log"), "");
}

TEST_F(ShimTest, ProgramDiesBeforeTheCallThatWasNamed) {
  arm_ = [](shim::Control& control) { control.calls_to_live = 3; };
  const Ended ended = Run({"make:a:x", "make:b:x", "map:none"});
  EXPECT_EQ(ended.exit_code, 128 + SIGKILL);
  EXPECT_EQ(ReadFile(disk_.root + "/a"), "x");
  EXPECT_FALSE(std::filesystem::exists(disk_.root + "/b"));
}

// Killed before each of its calls, with what was synced and with what was not:
// the old content or the new one, and the new one once it has said so.
TEST_F(ShimTest, KeptFileIsWholeWhereverItsProgramIsKilled) {
  const std::string old_content(5'000, 'o');
  const std::string new_content(9'000, 'n');
  const std::string path = disk_.root + "/kept";
  uint64_t calls = 0;
  for (const Unsynced unsynced : {Unsynced::kGone, Unsynced::kPartly}) {
    // The last one is not reached: the program dies after it has written.
    bool all = false;
    for (calls = 1; !all; ++calls) {
      SCOPED_TRACE(calls);
      ASSERT_LT(calls, 20u);
      std::filesystem::remove(path + ".new");
      Before("kept", old_content);
      arm_ = [&](shim::Control& control) { control.calls_to_live = calls; };
      const Ended ended = Run({"keep:kept:" + new_content, "make:done:x"});
      ASSERT_EQ(ended.exit_code, 128 + SIGKILL);
      const std::string killed = ReadFile(path);
      EXPECT_TRUE(killed == old_content || killed == new_content);
      all = std::filesystem::remove(disk_.root + "/done");
      const std::string cut = LosePower(unsynced)["kept"];
      EXPECT_TRUE(cut == old_content || cut == new_content);
      if (all) {
        EXPECT_EQ(cut, new_content);
      }
    }
  }
  // Open, write, sync, rename, sync the folder.
  EXPECT_GE(calls, 6u);
}

}  // namespace
}  // namespace dataip::test
