#include "core/base/text.h"

#include <string>

#include "core/base/utf8.h"
#include "gtest/gtest.h"

namespace dataip::base {
namespace {

TEST(ValidUtf8, RefusesMalformedSequences) {
  const std::string texts[] = {
      "\x80",              // a continuation alone
      "\xc0\xaf",          // overlong, 2 bytes
      "\xc1\xbf",          //
      "\xe0\x80\xaf",      // overlong, 3 bytes
      "\xe0\x9f\xbf",      //
      "\xf0\x80\x80\xaf",  // overlong, 4 bytes
      "\xf0\x8f\xbf\xbf",  //
      "\xed\xa0\x80",      // surrogates
      "\xed\xbf\xbf",      //
      "\xf4\x90\x80\x80",  // over U+10FFFF
      "\xf5\x80\x80\x80",  //
      "\xff",              //
      "\xe4\xb8",          // cut off
      "\xf0\x9f\x98",      //
      "a\xe4z",            //
      "\xe4\xb8\xad\xe4",  //
  };
  for (const std::string& text : texts) EXPECT_FALSE(ValidUtf8(text)) << text;
}

TEST(ValidUtf8, TakesEveryCodePoint) {
  EXPECT_TRUE(ValidUtf8(""));
  EXPECT_TRUE(ValidUtf8(absl::string_view("a\0b", 3)));
  EXPECT_TRUE(ValidUtf8("数据知识产权"));
  EXPECT_TRUE(ValidUtf8("\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf"));
  EXPECT_TRUE(ValidUtf8("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"));
}

TEST(TakeCodePoint, LeavesMalformedTextUnchanged) {
  std::string_view text = "\xe4\xb8";
  EXPECT_FALSE(TakeCodePoint(text));
  EXPECT_EQ(text.size(), 2u);
  text = "中a";
  EXPECT_EQ(TakeCodePoint(text), 0x4e2du);
  EXPECT_EQ(text, "a");
}

TEST(CountCharacters, CountsCodePoints) {
  EXPECT_EQ(CountCharacters(""), 0u);
  EXPECT_EQ(CountCharacters("abc"), 3u);
  EXPECT_EQ(CountCharacters("燃气abc"), 5u);
  EXPECT_EQ(CountCharacters("𠀀"), 1u);
  EXPECT_EQ(CountCharacters("a\xff\xfe"), 3u);
}

TEST(CountHan, CountsChineseCharactersOnly) {
  EXPECT_EQ(CountHan("温州市2020年燃气(用量)数据集合,v1。"), 12u);
  EXPECT_EQ(CountHan("abc123 ,。、「」"), 0u);
  EXPECT_EQ(CountHan("かなカナ한글"), 0u);
  EXPECT_EQ(CountHan("二〇二四"), 4u);
  EXPECT_EQ(CountHan("㐀𠀀豈"), 3u);
  EXPECT_EQ(CountHan("\xe4\xb8"), 0u);
}

TEST(DisplayWidth, CountsColumns) {
  EXPECT_EQ(DisplayWidth(""), 0u);
  EXPECT_EQ(DisplayWidth("abc"), 3u);
  EXPECT_EQ(DisplayWidth("数据"), 4u);
  EXPECT_EQ(DisplayWidth("（Ａ）"), 6u);
  EXPECT_EQ(DisplayWidth("・，"), 4u);
  EXPECT_EQ(DisplayWidth("한글"), 4u);
  EXPECT_EQ(DisplayWidth("é"), 1u);
  EXPECT_EQ(DisplayWidth("e\xcc\x81"), 1u);
  EXPECT_EQ(DisplayWidth("😀"), 2u);
  EXPECT_EQ(DisplayWidth("\xe2\x80\x8b"), 0u);
}

// UTF-8 of a point below U+10000.
std::string Utf8(uint32_t point) {
  if (point < 0x80) return {static_cast<char>(point)};
  std::string text;
  if (point < 0x800) {
    text.push_back(static_cast<char>(0xc0 | point >> 6));
  } else {
    text.push_back(static_cast<char>(0xe0 | point >> 12));
    text.push_back(static_cast<char>(0x80 | (point >> 6 & 0x3f)));
  }
  text.push_back(static_cast<char>(0x80 | (point & 0x3f)));
  return text;
}

TEST(HasHiddenCharacter, FindsEachOfThemAndNothingElse) {
  const auto within = [](uint32_t point, uint32_t first, uint32_t last) {
    return point >= first && point <= last;
  };
  for (uint32_t point = 0; point < 0x10000; ++point) {
    if (within(point, 0xd800, 0xdfff)) continue;
    const bool hidden = within(point, 0x80, 0x9f) || point == 0x61c ||
                        within(point, 0x200b, 0x200f) ||
                        within(point, 0x2028, 0x202e) || point == 0x2060 ||
                        within(point, 0x2066, 0x2069) || point == 0xfeff;
    const std::string text = "数据" + Utf8(point) + "集";
    EXPECT_EQ(HasHiddenCharacter(text), hidden) << point;
    EXPECT_EQ(ShowHidden(text) == text, !hidden && point != 0x7f) << point;
  }
}

TEST(ShowHidden, WritesTheirNumber) {
  EXPECT_EQ(ShowHidden("a\xe2\x80\xae"
                       "b\xc2\x85\n"),
            "a\\u{202e}b\\u{85}\n");
  EXPECT_EQ(ShowHidden("\xc2\xff“，é"), "\xc2\xff“，é");
}

TEST(NormaliseFullWidth, ChangesFullWidthAsciiOnly) {
  EXPECT_EQ(NormaliseFullWidth("９１３３０１ＭＡ（Ａ）　，"), "913301MA(A) ,");
  EXPECT_EQ(NormaliseFullWidth("。、数据"), "。、数据");
  EXPECT_EQ(NormaliseFullWidth("a\xff z"), "a\xff z");
}

TEST(UpperAscii, ChangesAsciiOnly) {
  EXPECT_EQ(UpperAscii("az09Zé数"), "AZ09Zé数");
}

TEST(Trim, TakesAsciiAndIdeographicSpaces) {
  EXPECT_EQ(Trim(" \t　a　b \r\n　"), "a　b");
  EXPECT_EQ(Trim("　 　"), "");
  EXPECT_EQ(Trim(""), "");
  EXPECT_EQ(Trim("\xe3\x80"), "\xe3\x80");
}

}  // namespace
}  // namespace dataip::base
