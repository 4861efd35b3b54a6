#include "core/registry/values/name_index.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/values/name_matcher.h"
#include "core/registry/values/number_scheme.h"
#include "gtest/gtest.h"

namespace dataip::registry {
namespace {

constexpr uint32_t kLeast = 500;
constexpr uint64_t kSeries = 7;

NamedCase Named(uint64_t serial, const std::string& name, uint64_t series = 0) {
  return {ApplicationNumber({2024, 7, 1}, serial), PairsOf(name), 0, series};
}

bool Finds(const NameIndex& index, const std::string& name, uint32_t serial,
           uint64_t but_series = 0) {
  const auto found = index.Alike(PairsOf(name), kLeast, but_series);
  return std::find(found.begin(), found.end(), serial) != found.end();
}

// Names as firms give them: places, purposes, months.
std::string NameOf(uint64_t number) {
  constexpr const char* kPlaces[] = {"杭州", "宁波", "温州", "嘉兴", "湖州",
                                     "绍兴", "金华", "衢州", "舟山", "台州"};
  constexpr const char* kUses[] = {"供热调度", "分时定价", "管网漏损分析",
                                   "用能预测", "水质监测"};
  return absl::StrCat(kPlaces[number % 10], "第", number / 50, "网格",
                      kUses[number / 10 % 5], "用逐时计量数据集");
}

TEST(NameIndex, FindsNothingInNothing) {
  const NameIndex index;
  EXPECT_TRUE(index.Alike(PairsOf("供热数据集"), kLeast, 0).empty());
  EXPECT_TRUE(index.Alike({}, kLeast, 0).empty());
  EXPECT_EQ(index.Find("20240000001"), 0u);
}

TEST(NameIndex, PassesOverWhatIsNoNumberOfAnApplication) {
  NameIndex index;
  for (const char* number : {"", "2024", "2024000000x", "20240000000"}) {
    index.Add({number, PairsOf("供热数据集"), 0, 0});
    EXPECT_EQ(index.Find(number), 0u);
    index.Remove(number);
  }
  EXPECT_FALSE(Finds(index, "供热数据集", 1));
}

TEST(NameIndex, NamesThatAreUnlikeShareNoPair) {
  NameIndex index;
  index.Add(Named(1, "供热数据集"));
  EXPECT_FALSE(Finds(index, "水质监测表", 1));
  EXPECT_TRUE(Finds(index, "供热日数据集", 1));
}

TEST(NameIndex, LeavesOutTheSeriesAndWhatWasRemoved) {
  NameIndex index;
  index.Add(Named(1, "供热数据集", kSeries));
  EXPECT_TRUE(Finds(index, "供热数据集", 1));
  EXPECT_TRUE(Finds(index, "供热数据集", 1, kSeries + 1));
  EXPECT_FALSE(Finds(index, "供热数据集", 1, kSeries));
  index.Remove("20240000001");
  EXPECT_FALSE(Finds(index, "供热数据集", 1));
  index.Add(Named(1, "水质监测表"));
  EXPECT_FALSE(Finds(index, "供热数据集", 1));
  EXPECT_TRUE(Finds(index, "水质监测表", 1));
}

TEST(NameIndex, FindsARenamedCopyAmongAHundredThousand) {
  NameIndex index;
  constexpr uint32_t kNames = 100'000;
  for (uint32_t serial = 1; serial <= kNames; ++serial) {
    index.Add(Named(serial, NameOf(serial)));
  }
  index.Add(Named(kNames + 1, "金卡锅炉房振动频谱与轴承温度数据集"));
  for (uint32_t serial = kNames + 2; serial <= kNames + 5'000; ++serial) {
    index.Add(Named(serial, NameOf(serial)));
  }
  EXPECT_TRUE(Finds(index, NameOf(17), 17));
  EXPECT_TRUE(Finds(index, "金卡锅炉房振动频谱及轴承温度数据集合", kNames + 1));
  EXPECT_TRUE(Finds(index, "锅炉房振动频谱与轴承温度逐时数据集", kNames + 1));
  // Bounded, whatever is asked.
  EXPECT_LE(index.Alike(PairsOf(NameOf(3)), 1, 0).size(),
            2 * limits::kNamesFound);
}

TEST(NameIndex, FindsCopiesBesideALongSeries) {
  NameIndex index;
  index.Add(Named(1, "供热调度用2018年1月用能数据集"));
  for (uint32_t serial = 2; serial < 1'000; ++serial) {
    index.Add(Named(serial,
                    absl::StrCat("供热调度用2018年", serial, "日用能数据集"),
                    kSeries));
  }
  EXPECT_TRUE(Finds(index, "供热调度用2018年2月用能数据集", 1, kSeries));
}

// A few characters, so that names have many pairs in common and repeat some.
TEST(NameMatcher, SaysWhatAFullComparisonSays) {
  std::mt19937_64 random(20240701);
  const auto name = [&random] {
    constexpr const char* kCharacters[] = {"数", "据", "供", "热", "A", " "};
    std::string text;
    for (uint64_t left = random() % 24; left > 0; --left) {
      text += kCharacters[random() % 6];
    }
    return PairsOf(text);
  };
  for (int i = 0; i < 2'000; ++i) {
    const NamePairs a = name();
    const NamePairs b = name();
    const uint32_t likeness = Likeness(a, b);
    EXPECT_EQ(NameMatcher(a).LikenessTo(b), likeness);
    EXPECT_EQ(NameMatcher(b).LikenessTo(a), likeness);
    EXPECT_GE(MostLikeness(NameBrief::Of(a, 0, 0), NameBrief::Of(b, 0, 0)),
              likeness);
  }
}

}  // namespace
}  // namespace dataip::registry
