// Sketches of samples: their records, the key, the store and the index.
#include <gtest/gtest.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "core/registry/application/duplicates.h"
#include "core/registry/state/duplicate_index.h"
#include "core/registry/values/record_sketch.h"
#include "services/registry/record_likeness.h"
#include "services/registry/sample_records.h"
#include "services/registry/sketch_desk.h"
#include "services/registry/sketch_index.h"
#include "tests/support/process.h"
#include "tests/support/status_matchers.h"

namespace dataip::registryd {
namespace {

using ::dataip::testing::StatusIs;
using Records = std::vector<std::string>;

Hash HashOf(const std::string& text) {
  return hash::Sha256(hash::AsBytes(text));
}

v1::Sample Columns(const std::vector<std::string>& columns) {
  v1::Sample sample;
  for (const std::string& column : columns) sample.add_columns(column);
  return sample;
}

Records Rows(int from, int to) {
  Records rows;
  for (int i = from; i < to; ++i) rows.push_back(absl::StrCat("row ", i));
  return rows;
}

SketchKey KeyOf(char byte) {
  return *SketchKey::Create(std::string(crypto::kMasterKeyBytes, byte));
}

SketchedCase CaseOf(int number, uint64_t series = 0) {
  const std::string name = absl::StrCat("S", 20'240'000'000 + number);
  return {name, HashOf(name), series};
}

TEST(SampleRecords, AreTheRowsWithoutWhatDiffersFromDepositToDeposit) {
  const std::string one =
      R"({"record":3,"row":"a,\"b\"","leaf":"00","path":["01"]})"
      "\n"
      R"({"record":5,"row":"c,d","leaf":"02","path":[]})"
      "\n";
  EXPECT_EQ(SampleRecords(one, {}), (Records{"a,\"b\"", "c,d"}));
  EXPECT_TRUE(SampleRecords(R"({"record":0,"row":"","leaf":"00"})", {}).empty())
      << "a row of a block";
}

TEST(SampleRecords, AreTheLinesOfOtherTextWithoutTheHeader) {
  EXPECT_EQ(
      SampleRecords("id,value\r\n1,2\r\n\r\n3,4", Columns({"id", "value"})),
      (Records{"1,2", "3,4"}));
  EXPECT_EQ(SampleRecords("id,value\n1,2\n", Columns({"id"})),
            (Records{"id,value", "1,2"}));
  EXPECT_EQ(SampleRecords("{\"row\":\"x\"}\n{broken\n", {}),
            (Records{"{\"row\":\"x\"}", "{broken"}));
  EXPECT_TRUE(SampleRecords("", {}).empty());
}

TEST(SampleRecords, AreTheBlocksOfWhatIsNoText) {
  const std::string file = std::string(65'536, 'x') + std::string("a\nb\0c", 5);
  EXPECT_EQ(SampleRecords(file, {}),
            (Records{std::string(65'536, 'x'), std::string("a\nb\0c", 5)}));
}

TEST(SketchKey, OpensOnlyWhatItSealedForThatSample) {
  const SketchKey key = KeyOf('k');
  const v1::RecordSketch sketch = key.SketchOf(Rows(0, 300));
  EXPECT_EQ(sketch.minima_size(), 128);
  const std::string sealed = key.Seal(HashOf("sample"), sketch);
  ASSERT_OK_AND_ASSIGN(const auto unsealed,
                       key.Unseal(HashOf("sample"), sealed));
  EXPECT_EQ(unsealed.SerializeAsString(), sketch.SerializeAsString());
  EXPECT_EQ(sealed.find(sketch.SerializeAsString().substr(2, 16)),
            std::string::npos);
  EXPECT_THAT(key.Unseal(HashOf("another"), sealed).status(),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(KeyOf('l').Unseal(HashOf("sample"), sealed).status(),
              StatusIs(absl::StatusCode::kDataLoss));
  // Nobody without the key tries a row against a sketch.
  EXPECT_EQ(registry::SketchLikeness(sketch, KeyOf('l').SketchOf(Rows(0, 300))),
            0u);
}

TEST(SketchKey, IsMadeOnceForItsOwnerAndRefusedWhenItIsNone) {
  const test::TempDir dir;
  const std::string path = dir / "sketch.key";
  ASSERT_OK_AND_ASSIGN(const SketchKey made, SketchKey::Open(path));
  EXPECT_EQ(
      std::filesystem::status(path).permissions(),
      std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  ASSERT_OK_AND_ASSIGN(const SketchKey again, SketchKey::Open(path));
  const std::string sealed = made.Seal(HashOf("s"), made.SketchOf({"row"}));
  EXPECT_OK(again.Unseal(HashOf("s"), sealed));
  std::filesystem::resize_file(path, 10);
  EXPECT_THAT(SketchKey::Open(path).status(),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(StoredSketch, StandsAndFallsWithTheOpeningOfItsSample) {
  const test::TempDir dir;
  const StoredOpening kept{HashOf("kept"), std::string(32, 's'), "kept"};
  const StoredOpening orphan{HashOf("orphan"), std::string(32, 's'), "orphan"};
  {
    ASSERT_OK_AND_ASSIGN(const auto store, Store::Open(dir / "store"));
    EXPECT_THAT(store->PutSketch(kept.digest, "early"),
                StatusIs(absl::StatusCode::kNotFound));
    ASSERT_OK(store->PutOpenings({kept, orphan}));
    ASSERT_OK(store->PutSketch(kept.digest, "sketch"));
    ASSERT_OK(store->PutSketch(orphan.digest, "sketch"));
    ASSERT_OK(store->SweepOpenings(
        [&](const Hash& digest) { return digest == kept.digest; }));
    EXPECT_FALSE(store->GetSketch(orphan.digest).ok());
  }
  ASSERT_OK_AND_ASSIGN(const auto store, Store::Open(dir / "store"));
  EXPECT_EQ(*store->GetSketch(kept.digest), "sketch");
  ASSERT_OK(store->EraseOpenings({kept.digest}));
  EXPECT_THAT(store->GetSketch(kept.digest).status(),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(store->PutSketch(kept.digest, "late"),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_OK(store->PurgeErased());
}

TEST(SketchIndex, FindsOthersWithTheMostInCommonFirst) {
  const SketchKey key = KeyOf('k');
  SketchIndex index;
  index.Put(CaseOf(1), key.SketchOf(Rows(0, 10)));
  index.Put(CaseOf(2), key.SketchOf(Rows(0, 20)));
  index.Put(CaseOf(3), key.SketchOf(Rows(50, 60)));
  const v1::RecordSketch wanted = key.SketchOf(Rows(0, 20));
  EXPECT_EQ(index.Search(CaseOf(4), wanted).cases,
            (std::vector{CaseOf(2), CaseOf(1)}));
  EXPECT_EQ(index.Search(CaseOf(2), wanted).cases, std::vector{CaseOf(1)});
  index.Remove(CaseOf(1).application_no);
  EXPECT_TRUE(index.Search(CaseOf(2), wanted).cases.empty());
  index.RemoveSample(CaseOf(2).sample);
  EXPECT_EQ(index.Find(CaseOf(2).application_no), nullptr);
  EXPECT_EQ(index.size(), 1u);
  EXPECT_TRUE(index.Search(CaseOf(4), wanted).cases.empty());
}

TEST(SketchIndex, LeavesWorksOfOneSeriesOut) {
  const SketchKey key = KeyOf('k');
  const v1::RecordSketch sketch = key.SketchOf(Rows(0, 20));
  SketchIndex index;
  index.Put(CaseOf(1, 7), sketch);
  index.Put(CaseOf(2, 8), sketch);
  index.Put(CaseOf(3, 0), sketch);
  EXPECT_EQ(index.Search(CaseOf(4, 7), sketch).cases,
            (std::vector{CaseOf(3), CaseOf(2, 8)}));
  EXPECT_EQ(index.Search(CaseOf(4), sketch).cases.size(), 3u);
  // A correction puts another sample and series in the place of the first.
  index.Put(CaseOf(2, 7), key.SketchOf(Rows(30, 50)));
  EXPECT_EQ(index.Search(CaseOf(4, 7), sketch).cases, std::vector{CaseOf(3)});
}

TEST(SketchIndex, LooksAtFewAmongVeryMany) {
  constexpr int kCases = 100'000;
  SketchIndex index;
  // Each has one record that all share and others of its own.
  for (int i = 1; i <= kCases; ++i) {
    v1::RecordSketch sketch;
    sketch.add_minima(1);
    for (uint64_t k = 0; k < 20; ++k) sketch.add_minima(1'000ULL * i + k);
    sketch.set_records(21);
    index.Put(CaseOf(i), sketch);
  }
  v1::RecordSketch wanted;
  wanted.add_minima(1);
  for (uint64_t k = 0; k < 20; ++k) wanted.add_minima(1'000ULL * 77 + k);
  wanted.set_records(21);
  const SketchIndex::Found found = index.Search(CaseOf(kCases + 1), wanted);
  ASSERT_FALSE(found.cases.empty());
  EXPECT_EQ(found.cases.front(), CaseOf(77));
  EXPECT_EQ(found.cases.size(), SketchIndex::kFound);
  EXPECT_LE(found.looked, SketchIndex::kLooked);
  wanted.mutable_minima()->erase(wanted.minima().begin());
  EXPECT_EQ(index.Search(CaseOf(kCases + 1), wanted).looked, 20u);
}

class LikenessTest : public ::testing::Test {
 protected:
  v1::Application File(const std::string& name, const std::string& party) {
    v1::ApplicationForm form;
    form.set_name(name);
    form.add_applicants()->set_party_number(party);
    form.mutable_applicants(0)->set_primary(true);
    form.mutable_sample()->mutable_file()->mutable_sha256()->set_digest(
        std::string(HashOf(name).text()));
    form.mutable_deposit()->set_file_sha256(name);
    form.add_fields()->set_name(name);
    form.set_series(series_);
    v1::Application application;
    application.set_application_no(CaseOf(++count_).application_no);
    *application.mutable_form() = form;
    state_.applications[application.application_no()] = application;
    registry::AddToIndices(state_, application);
    return application;
  }

  static SketchDesk::Alike AlikeTo(const v1::Application& application,
                                   uint32_t per_mille) {
    return {*SketchedCaseOf(application), per_mille};
  }

  v1::DuplicateReport Shown(v1::Application application,
                            const SketchDesk::Answer& answer) {
    AddRecordLikeness(state_, answer, application);
    return application.duplicates();
  }

  registry::State state_;
  std::string series_;
  int count_ = 0;
};

TEST_F(LikenessTest, SaysWhoSharesRecordsAndWhy) {
  v1::Application mine = File("供热用能数据集", "P1");
  const v1::Application listed = File("供热用能数据表", "P2");
  const v1::Application same = File("水质监测断面记录", "P3");
  const v1::Application few = File("路口流量统计清单", "P4");
  v1::SimilarApplication& line = *mine.mutable_duplicates()->add_similar();
  line.set_application_no(listed.application_no());
  line.set_name_per_mille(800);
  mine.mutable_duplicates()->set_score(480);
  const v1::DuplicateReport report = Shown(
      mine,
      {{AlikeTo(same, 1000), AlikeTo(few, 100), AlikeTo(listed, 50)}, 0, 0});
  EXPECT_EQ(report.score(), 1000u);
  ASSERT_EQ(report.similar_size(), 2) << "a tenth is too little";
  EXPECT_EQ(report.similar(0).application_no(), same.application_no());
  EXPECT_EQ(report.similar(0).records_per_mille(), 1000u);
  EXPECT_EQ(report.similar(1).records_per_mille(), 50u);
  EXPECT_NE(report.reason_zh().find("样例记录相同 1000‰"), std::string::npos);
  EXPECT_NE(report.reason_en().find("samples share 1000 of 1000 records"),
            std::string::npos);
  EXPECT_EQ(report.reason_zh().find("尚在比对"), std::string::npos);
}

TEST_F(LikenessTest, CountsASeriesAndForgetsWhatEndedOrHasAnotherSample) {
  series_ = "日报";
  const v1::Application mine = File("供热一月数据集", "P1");
  const v1::Application sibling = File("供热二月数据集", "P1");
  const v1::Application foreign = File("水质监测断面记录", "P2");
  const SketchDesk::Answer answer{
      {AlikeTo(sibling, 900), AlikeTo(foreign, 700)}, 3, 0};
  v1::DuplicateReport report = Shown(mine, answer);
  EXPECT_EQ(report.same_series(), 1u);
  ASSERT_EQ(report.similar_size(), 1);
  EXPECT_EQ(report.similar(0).application_no(), foreign.application_no());
  EXPECT_NE(report.reason_zh().find("同一系列另有 1 件；另有 3 件"),
            std::string::npos);

  registry::ForgetName(state_, foreign.application_no());
  EXPECT_EQ(Shown(mine, answer).similar_size(), 0);
  registry::AddToIndices(state_, foreign);
  EXPECT_EQ(Shown(mine, answer).similar_size(), 1);
  state_.applications[foreign.application_no()]
      .mutable_form()
      ->mutable_sample()
      ->mutable_file()
      ->mutable_sha256()
      ->set_digest(std::string(32, 'x'));
  EXPECT_EQ(Shown(mine, answer).similar_size(), 0);
}

}  // namespace
}  // namespace dataip::registryd
