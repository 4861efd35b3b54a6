#include "core/registry/values/record_sketch.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace dataip::registry {
namespace {

v1::RecordSketch Sketch(int from, int to, absl::string_view key = "key") {
  RecordSketcher sketcher(hash::AsBytes({key.data(), key.size()}));
  for (int i = from; i < to; ++i) sketcher.Add(absl::StrCat("record ", i));
  return sketcher.Finish();
}

TEST(RecordSketch, KeepsTheSmallestAscending) {
  const v1::RecordSketch sketch = Sketch(0, 5000);
  EXPECT_EQ(sketch.minima_size(), 128);
  EXPECT_EQ(sketch.records(), 5000u);
  EXPECT_TRUE(IsSketch(sketch));
  EXPECT_EQ(Sketch(0, 3).minima_size(), 3);
}

TEST(RecordSketch, IsTheSameInAnyOrderAndWithRepeats) {
  RecordSketcher sketcher(hash::AsBytes("key"));
  for (int i = 299; i >= 0; --i) {
    sketcher.Add(absl::StrCat("record ", i));
    sketcher.Add(absl::StrCat("record ", i));
  }
  const v1::RecordSketch backwards = sketcher.Finish();
  const v1::RecordSketch forwards = Sketch(0, 300);
  EXPECT_EQ(SketchLikeness(backwards, forwards), 1000u);
  EXPECT_EQ(backwards.records(), 600u);
}

TEST(RecordSketch, IsExactBelow128Records) {
  EXPECT_EQ(SketchLikeness(Sketch(0, 60), Sketch(30, 60)), 500u);
  EXPECT_EQ(SketchLikeness(Sketch(0, 3), Sketch(1, 3)), 666u);
  EXPECT_EQ(SketchLikeness(Sketch(0, 60), Sketch(60, 90)), 0u);
}

TEST(RecordSketch, EstimatesOfLargeFiles) {
  // 2000 of 6000 records in common: 333, give or take three deviations.
  const uint32_t third = SketchLikeness(Sketch(0, 4000), Sketch(2000, 6000));
  EXPECT_GT(third, 200u);
  EXPECT_LT(third, 460u);
  EXPECT_EQ(SketchLikeness(Sketch(0, 4000), Sketch(4000, 8000)), 0u);
}

TEST(RecordSketch, UnderAnotherKeyNothingIsAlike) {
  EXPECT_EQ(SketchLikeness(Sketch(0, 500), Sketch(0, 500, "other")), 0u);
}

TEST(RecordSketch, WhatIsNoSketchIsLikeNothing) {
  const v1::RecordSketch good = Sketch(0, 10);
  EXPECT_EQ(SketchLikeness(good, {}), 0u);
  v1::RecordSketch bad = good;
  bad.set_minima(0, bad.minima(1));
  EXPECT_FALSE(IsSketch(bad));
  EXPECT_EQ(SketchLikeness(bad, bad), 0u);
  bad = good;
  bad.set_records(9);
  EXPECT_FALSE(IsSketch(bad));
  bad = Sketch(0, 500);
  bad.add_minima(UINT64_MAX);
  EXPECT_FALSE(IsSketch(bad));
}

}  // namespace
}  // namespace dataip::registry
