#include "core/registry/application/duplicates.h"

#include "core/base/limits.h"
#include "core/registry/evolve.h"
#include "core/registry/state/duplicate_index.h"
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"

namespace dataip::registry {
namespace {

using ::dataip::testing::Digest32;
using ::dataip::testing::kExaminer;
using ::dataip::testing::RegistryFixture;

constexpr uint32_t kThreshold = 700;

// A form like no other in file, table, name and series.
v1::ApplicationForm Form(RegistryFixture& fixture, const std::string& name) {
  static int made = 0;
  v1::ApplicationForm form = fixture.GoodForm("R-" + std::to_string(made++));
  form.set_name(name);
  form.clear_series();
  form.mutable_deposit()->set_file_sha256(
      std::string(hash::Sha256(hash::AsBytes(name)).text()));
  form.mutable_fields(0)->set_meaning("meaning " + name);
  return form;
}

std::string File(RegistryFixture& fixture, const v1::ApplicationForm& form) {
  const Events events = fixture.Do(fixture.SubmitCommand(form), {"enterprise"});
  return events.at(0).application_submitted().application().application_no();
}

TEST(NameLikeness, CountsPairsOfCharacters) {
  EXPECT_EQ(NameLikeness("供热数据集", "供热数据集"), 1000u);
  EXPECT_EQ(NameLikeness("供热数据集", "水质监测表"), 0u);
  EXPECT_EQ(NameLikeness("", "供热数据集"), 0u);
  EXPECT_EQ(NameLikeness("供", "供"), 0u);
  // 4 pairs each, 2 in common.
  EXPECT_EQ(NameLikeness("供热数据集", "供水数据集"), 500u);
  EXPECT_EQ(NameLikeness("ＡＢ 2018 数据", "ab2018数据"), 1000u);
  EXPECT_EQ(NameLikeness("数据数据", "数据"), 500u);
  EXPECT_EQ(NameLikeness("\xff\xfe", "供热"), 0u);
}

TEST(SchemaHash, IsOfNamesTypesAndUnitsOnly) {
  RegistryFixture fixture = RegistryFixture::Ready();
  const v1::ApplicationForm form = Form(fixture, "供热日用能数据集");
  v1::ApplicationForm other = form;
  other.mutable_fields(0)->set_meaning("something else");
  EXPECT_EQ(SchemaHash(form), SchemaHash(other));
  other.mutable_fields(0)->set_unit("J");
  EXPECT_NE(SchemaHash(form), SchemaHash(other));
  EXPECT_EQ(SchemaHash(form).size(), 32u);
}

TEST(DuplicateScore, WeighsWhatIsTheSame) {
  v1::SimilarApplication similar;
  EXPECT_EQ(DuplicateScore(similar), 0u);
  similar.set_name_per_mille(1000);
  EXPECT_EQ(DuplicateScore(similar), 600u);
  similar.set_same_schema(true);
  EXPECT_EQ(DuplicateScore(similar), 1000u);
  similar.set_name_per_mille(0);
  EXPECT_EQ(DuplicateScore(similar), 400u);
  similar.set_records_per_mille(900);
  EXPECT_EQ(DuplicateScore(similar), 900u);
  similar.set_same_file(true);
  EXPECT_EQ(DuplicateScore(similar), 1000u);
}

TEST(Duplicates, FindsTheSameFileUnderAnotherName) {
  RegistryFixture fixture = RegistryFixture::Ready();
  const v1::ApplicationForm first = Form(fixture, "供热调度用日用能数据集");
  const std::string number = File(fixture, first);
  v1::ApplicationForm second = Form(fixture, "水质监测用断面采样数据表");
  second.mutable_deposit()->set_file_sha256(first.deposit().file_sha256());
  const v1::DuplicateReport report =
      FindDuplicates(fixture.state(), second, {"", kThreshold});
  EXPECT_EQ(report.score(), 1000u);
  ASSERT_EQ(report.similar_size(), 1);
  EXPECT_EQ(report.similar(0).application_no(), number);
  EXPECT_TRUE(report.similar(0).same_file());
  EXPECT_NE(report.reason_zh().find(number), std::string::npos);
  EXPECT_NE(report.reason_en().find("same data file"), std::string::npos);
}

TEST(Duplicates, LeavesOutItselfTheUnlikeAndWhatEnded) {
  RegistryFixture fixture = RegistryFixture::Ready();
  const v1::ApplicationForm form = Form(fixture, "供热调度用日用能数据集");
  const std::string number = File(fixture, form);
  EXPECT_EQ(FindDuplicates(fixture.state(), form, {number, kThreshold})
                .similar_size(),
            0);
  v1::ApplicationForm unlike = Form(fixture, "水质监测用断面采样记录表");
  unlike.mutable_fields(0)->set_type("text");
  const v1::DuplicateReport none =
      FindDuplicates(fixture.state(), unlike, {"", kThreshold});
  EXPECT_EQ(none.similar_size(), 0);
  EXPECT_EQ(none.score(), 0u);
  EXPECT_EQ(none.reason_en(), "no similar application was found");
  EXPECT_EQ(
      FindDuplicates(fixture.state(), form, {"", kThreshold}).similar_size(),
      1);
  v1::Command command = fixture.NewCommand(fixture.enterprise, 1);
  command.mutable_withdraw_application()->set_application_no(number);
  fixture.Do(command, {"enterprise"});
  EXPECT_EQ(
      FindDuplicates(fixture.state(), form, {"", kThreshold}).similar_size(),
      0);
}

TEST(Duplicates, ASeriesOfTheSameApplicantIsOneLine) {
  RegistryFixture fixture = RegistryFixture::Ready();
  for (const char* month : {"1月", "2月", "3月"}) {
    v1::ApplicationForm form =
        Form(fixture, std::string("供热用2018年") + month + "用能数据集");
    form.set_series("S1");
    File(fixture, form);
  }
  v1::ApplicationForm next = Form(fixture, "供热用2018年4月用能数据集");
  next.set_series("S1");
  v1::DuplicateReport report =
      FindDuplicates(fixture.state(), next, {"", kThreshold});
  EXPECT_EQ(report.score(), 0u);
  EXPECT_EQ(report.similar_size(), 0);
  EXPECT_EQ(report.same_series(), 3u);
  EXPECT_NE(report.reason_zh().find("3 件"), std::string::npos);

  // Another applicant's series of that name is another series.
  next.mutable_applicants(0)->set_party_number(fixture.licensee);
  report = FindDuplicates(fixture.state(), next, {"", kThreshold});
  EXPECT_EQ(report.same_series(), 0u);
  EXPECT_EQ(report.similar_size(), 3);
  EXPECT_GE(report.score(), kThreshold);
}

TEST(Duplicates, TheSameFileTwiceInASeriesIsFound) {
  RegistryFixture fixture = RegistryFixture::Ready();
  v1::ApplicationForm form = Form(fixture, "供热用2018年1月用能数据集");
  form.set_series("S1");
  File(fixture, form);
  const v1::DuplicateReport report =
      FindDuplicates(fixture.state(), form, {"", kThreshold});
  EXPECT_EQ(report.score(), 1000u);
  EXPECT_EQ(report.same_series(), 1u);
}

TEST(Duplicates, ListsTheHighestFirstAndAtMostTwenty) {
  RegistryFixture fixture = RegistryFixture::Ready();
  for (int i = 0; i < 25; ++i) {
    File(fixture, Form(fixture, "供热调度用用能数据集" +
                                    std::string(1, 'A' + i) + "数据"));
  }
  v1::ApplicationForm form = Form(fixture, "供热调度用用能数据集X数据");
  const v1::DuplicateReport report =
      FindDuplicates(fixture.state(), form, {"", kThreshold});
  ASSERT_EQ(report.similar_size(), limits::kSimilarListed);
  EXPECT_GE(report.score(), kThreshold);
  for (int i = 1; i < report.similar_size(); ++i) {
    EXPECT_GE(DuplicateScore(report.similar(i - 1)),
              DuplicateScore(report.similar(i)));
  }
}

TEST(Duplicates, TheReportStandsOnTheCase) {
  RegistryFixture fixture = RegistryFixture::Ready();
  const v1::ApplicationForm first = Form(fixture, "供热调度用日用能数据集");
  const std::string number = File(fixture, first);
  v1::ApplicationForm second = first;
  second.set_client_reference("R-second");
  const v1::Application* application =
      FindApplication(fixture.state(), File(fixture, second));
  ASSERT_NE(application, nullptr);
  EXPECT_EQ(application->duplicates().score(), 1000u);
  EXPECT_EQ(application->duplicates().similar(0).application_no(), number);
}

// The examiner says of the form as it is that it was searched for.
TEST(Duplicates, ACorrectionIsSearchedForAnew) {
  RegistryFixture fixture = RegistryFixture::Ready();
  const std::string other =
      File(fixture, Form(fixture, "供热调度用2018年1月热量表逐时用能数据集"));
  v1::ApplicationForm form = Form(fixture, "道路养护用路面破损图像数据集");
  form.set_client_reference("R-corrected");
  form.mutable_deposit()->set_file_sha256(Digest32('q'));
  form.mutable_fields(0)->set_unit("只");
  const std::string number = File(fixture, form);
  const auto report = [&]() -> const v1::DuplicateReport& {
    return FindApplication(fixture.state(), number)->duplicates();
  };
  ASSERT_LT(report().score(), kThreshold);
  const auto correct = [&](const std::string& field) {
    fixture.Do(fixture.CorrectionCommand(number, field), {kExaminer});
    v1::Command command =
        fixture.NewCommand(fixture.enterprise,
                           FindApplication(fixture.state(), number)->version());
    command.mutable_correct_application()->set_application_no(number);
    *command.mutable_correct_application()->mutable_form() = form;
    fixture.Do(command, {"enterprise"});
  };
  form.set_name("供热调度用2018年2月热量表逐时用能数据集");
  correct("name");
  ASSERT_EQ(report().similar_size(), 1);
  EXPECT_EQ(report().similar(0).application_no(), other);
  EXPECT_FALSE(report().similar(0).same_schema());
  const uint32_t by_name = report().score();
  form.mutable_fields(0)->set_unit(
      FindApplication(fixture.state(), other)->form().fields(0).unit());
  correct("fields");
  EXPECT_TRUE(report().similar(0).same_schema());
  EXPECT_GT(report().score(), by_name);
  // Nothing that the search looks at: it stands as it was made.
  const std::string before = report().SerializeAsString();
  const v1::ApplicationForm third =
      Form(fixture, "供热调度用2018年3月热量表逐时用能数据集");
  File(fixture, third);
  form.set_scenario_industry_code("D4511");
  correct("scenario_industry_code");
  EXPECT_EQ(report().SerializeAsString(), before);
}

TEST(Duplicates, ACorrectionMovesTheIndices) {
  RegistryFixture fixture = RegistryFixture::Ready();
  v1::ApplicationForm form = Form(fixture, "供热调度用日用能数据集");
  form.set_series("S1");
  const std::string number = File(fixture, form);
  v1::Application after = *FindApplication(fixture.state(), number);
  State& state = fixture.state();
  RemoveFromIndices(state, after);
  EXPECT_TRUE(state.applications_of_file.empty());
  EXPECT_TRUE(state.applications_of_schema.empty());
  EXPECT_TRUE(state.applications_of_series.empty());
  AddToIndices(state, after);
  fixture.Do(fixture.CorrectionCommand(number, "deposit"), {kExaminer});
  v1::Command command = fixture.NewCommand(
      fixture.enterprise, FindApplication(state, number)->version());
  auto* body = command.mutable_correct_application();
  body->set_application_no(number);
  *body->mutable_form() = form;
  body->mutable_form()->mutable_deposit()->set_file_sha256(Digest32('n'));
  body->mutable_form()->mutable_evidence(0)->mutable_time()->CopyFrom(
      command.issued_at());
  fixture.Do(command, {"enterprise"});
  const auto of_file = [&](const std::string& sha256) {
    return state.applications_of_file.find(
        *hash::Hash::From(hash::AsBytes(sha256)));
  };
  EXPECT_EQ(of_file(form.deposit().file_sha256()),
            state.applications_of_file.end());
  ASSERT_NE(of_file(Digest32('n')), state.applications_of_file.end());
  EXPECT_EQ(of_file(Digest32('n'))->second, std::set<std::string>{number});
}

}  // namespace
}  // namespace dataip::registry
