#include "core/base/languages.h"

#include "gtest/gtest.h"

namespace dataip::base {
namespace {

TEST(SplitLanguages, LeavesWhatIsInNoForm) {
  for (const char* text :
       {"", "only English (with a remark)", "只有中文（和括号）",
        "没有结尾 (open", "条目/entry 5: 内容不符/differs", "中文 (也是中文)",
        "a/b", "中文/"}) {
    const Sentences both = SplitLanguages(text);
    EXPECT_EQ(both.zh, text);
    EXPECT_EQ(both.en, text);
  }
}

struct Case {
  const char* message;
  const char* zh;
  const char* en;
};

class SplitLanguagesInto : public ::testing::TestWithParam<Case> {};

TEST_P(SplitLanguagesInto, ChineseAndEnglish) {
  const Sentences sentences = SplitLanguages(GetParam().message);
  EXPECT_EQ(sentences.zh, GetParam().zh);
  EXPECT_EQ(sentences.en, GetParam().en);
}

INSTANTIATE_TEST_SUITE_P(
    All, SplitLanguagesInto,
    ::testing::Values(
        Case{"缺少命令 (name a command, see `dataip --help`)", "缺少命令",
             "name a command, see `dataip --help`"},
        Case{"不是可用的信任文件 (not a trust file) t.json: 过期 (too old)",
             "不是可用的信任文件 t.json: 过期",
             "not a trust file t.json: too old"},
        Case{"out: 文件已存在 (exists (and stays)): a.txt",
             "out: 文件已存在: a.txt", "out: exists (and stays): a.txt"},
        Case{"nosuch: 没有这个目录/no such folder", "nosuch: 没有这个目录",
             "nosuch: no such folder"},
        Case{"/m/.mirror/lock: 请用 dataip-audit 查明/dataip-audit says: see",
             "/m/.mirror/lock: 请用 dataip-audit 查明",
             "/m/.mirror/lock: dataip-audit says: see"}));

}  // namespace
}  // namespace dataip::base
