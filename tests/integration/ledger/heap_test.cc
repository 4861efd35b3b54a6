// The heap that dataip-ledger really runs on
// (docs/decisions/0010-jemalloc.md).
#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "tests/support/process.h"

namespace dataip::test {
namespace {

Ended RunWith(const std::string& settings) {
  return Run({"dataip-ledger", {"--version"}, {"MALLOC_CONF=" + settings}, ""});
}

TEST(LedgerHeap, IsJemallocWithItsSettings) {
  const Ended ended = RunWith("stats_print:true");
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  for (const char* setting :
       {"\n  opt.abort_conf: true\n", "\n  opt.narenas: 1\n",
        "\n  opt.tcache_max: 4096\n",
        "\n  opt.background_thread: true (background_thread: true)\n",
        "\n  opt.dirty_decay_ms: 20 (arenas.dirty_decay_ms: 20)\n",
        "\n  opt.muzzy_decay_ms: 0 (arenas.muzzy_decay_ms: 0)\n"}) {
    EXPECT_TRUE(absl::StrContains(ended.err, setting))
        << setting << ended.err.substr(0, 4'096);
  }
}

TEST(LedgerHeap, EndsOverASettingThatItDoesNotKnow) {
  const Ended ended = RunWith("narena:1");
  EXPECT_NE(ended.exit_code, 0);
  EXPECT_TRUE(absl::StrContains(ended.err, "narena:1")) << ended.err;
}

}  // namespace
}  // namespace dataip::test
