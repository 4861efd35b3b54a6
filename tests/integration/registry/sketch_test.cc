// Which samples share records: what officers see of it, and nobody else.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/crypto/command_signature.h"
#include "core/registry/values/civil_date.h"
#include "tests/integration/registry/bureau.h"
#include "tests/integration/registry/must.h"
#include "tests/support/status_matchers.h"

namespace dataip::test {
namespace {

constexpr char kGas[] = "城市燃气逐时用量分析数据集";
constexpr char kWater[] = "水质断面采样监测结果数据集";
constexpr int64_t kLifeMs = 3'600'000;

struct Work {
  std::string party = kEnterprise;
  std::string key = "enterprise";
  std::string reference;
  std::string name;
  int first_row = 0;  // of 20
  std::string series = {};
};

// As the client writes it: the rows, each with what its deposit makes of it.
std::string SampleOf(const Work& work) {
  std::string sample;
  for (int i = 0; i < 20; ++i) {
    absl::StrAppend(&sample, "{\"record\":", i, ",\"row\":\"2024-06-",
                    work.first_row + i, ",42\",\"leaf\":\"", work.reference,
                    "\",\"path\":[]}\n");
  }
  return sample;
}

class Sketches : public ::testing::Test {
 protected:
  void SetUp() override { bureau_.Open(); }

  PreparedForm FormOf(const Work& work) {
    PreparedForm prepared = bureau_.Form(work.reference);
    v1::ApplicationForm& form = prepared.form;
    form.mutable_applicants(0)->set_party_number(work.party);
    form.set_name(work.name);
    form.set_series(work.series);
    form.mutable_fields(0)->set_meaning(work.name);
    form.mutable_fields(0)->set_type(work.key == "licensee" ? "text"
                                                            : "decimal");
    prepared.sample = SampleOf(work);
    v1::Opening& opening = prepared.openings[0];
    opening.set_value(
        std::string(hash::Sha256(hash::AsBytes(prepared.sample)).text()));
    v1::FileCommitment& file = *form.mutable_sample()->mutable_file();
    file.set_byte_size(prepared.sample.size());
    file.mutable_sha256()->set_digest(
        std::string(crypto::OpeningCommitment(hash::AsBytes(opening.salt()),
                                              hash::AsBytes(opening.value()))
                        .text()));
    Must(bureau_.As(work.party).Upload(hash::AsBytes(prepared.sample)));
    return prepared;
  }

  std::string File(const Work& work) {
    const PreparedForm prepared = FormOf(work);
    v1::Command command;
    *command.mutable_submit_application()->mutable_form() = prepared.form;
    *command.mutable_issued_at() = prepared.form.evidence(0).time();
    *command.mutable_expires_at() = registry::FromUnixMs(
        *registry::ToUnixMs(command.issued_at()) + kLifeMs);
    const auto answer =
        Must(bureau_.Do(work.party, {work.key}, command, prepared.openings));
    return answer.events(0)
        .application_submitted()
        .application()
        .application_no();
  }

  // As a fresh connection of this reader sees it.
  v1::DuplicateReport Seen(const std::string& actor,
                           const std::string& number) {
    return Must(bureau_.Connect(actor)->GetApplication(number))
        .application()
        .duplicates();
  }

  void ExpectListed(const std::string& number, const std::string& other,
                    uint32_t records) {
    const v1::DuplicateReport report = Seen(kExaminer, number);
    ASSERT_EQ(report.similar_size(), 1) << report.reason_en();
    EXPECT_EQ(report.similar(0).application_no(), other);
    EXPECT_EQ(report.similar(0).records_per_mille(), records);
    EXPECT_EQ(report.score(), records);
    EXPECT_NE(report.reason_zh().find(absl::StrCat("最相似的是申请 ", other,
                                                   "：样例记录相同 ", records)),
              std::string::npos)
        << report.reason_zh();
    EXPECT_NE(report.reason_en().find(
                  absl::StrCat("samples share ", records, " of 1000")),
              std::string::npos);
  }

  void ExpectNothing(const std::string& actor, const std::string& number) {
    const v1::DuplicateReport report = Seen(actor, number);
    EXPECT_EQ(report.similar_size(), 0) << actor;
    EXPECT_EQ(report.score(), 0u) << actor;
    EXPECT_EQ(report.reason_en().find("record"), std::string::npos) << actor;
  }

  Bureau bureau_;
};

TEST_F(Sketches, ShowAnExaminerTheSampleThatTwoFiledUnderOtherNames) {
  const std::string gas = File({.reference = "gas", .name = kGas});
  const std::string water = File({kLicensee, "licensee", "water", kWater});
  ExpectListed(water, gas, 1000);
  ExpectListed(gas, water, 1000);
  EXPECT_EQ(Seen("root", water).score(), 1000u);
  for (const std::string actor : {kLicensee, kEnterprise, "stranger"}) {
    ExpectNothing(actor, gas);
    ExpectNothing(actor, water);
  }
  EXPECT_FALSE(Must(bureau_.As("stranger").GetApplication(gas))
                   .application()
                   .has_duplicates());
  // The decision does not rest on it.
  ASSERT_OK(bureau_.OpenNotice(water));
  ExpectListed(water, gas, 1000);
}

TEST_F(Sketches, CountTheWorksOfOneSeriesInOneLine) {
  Work work{.reference = "a", .name = kGas, .series = "逐时"};
  const std::string first = File(work);
  for (const char* next : {"b", "c"}) {
    work.reference = next;
    File(work);
  }
  const v1::DuplicateReport report = Seen(kExaminer, first);
  EXPECT_EQ(report.similar_size(), 0);
  EXPECT_EQ(report.same_series(), 2u);
  EXPECT_EQ(report.score(), 0u);
}

TEST_F(Sketches, FollowCorrections) {
  const std::string gas = File({.reference = "gas", .name = kGas});
  Work other{kLicensee, "licensee", "water", kWater};
  const std::string water = File(other);
  ExpectListed(water, gas, 1000);
  ASSERT_OK(bureau_.AskCorrection(water));
  other.first_row = 5;
  const PreparedForm prepared = FormOf(other);
  const v1::Application before = bureau_.Application(water);
  v1::Command command;
  command.set_version(before.version());
  v1::CorrectApplication& body = *command.mutable_correct_application();
  body.set_application_no(water);
  *body.mutable_form() = before.form();
  body.mutable_form()->set_coverage_to("2024-05-31");
  *body.mutable_form()->mutable_sample() = prepared.form.sample();
  v1::ChangeReason& reason = *body.add_reasons();
  reason.set_field("sample");
  reason.set_reason("原样例取自另一文件，现更换为本数据的样例");
  ASSERT_OK(
      bureau_.Do(kLicensee, {"licensee"}, command, {prepared.openings[0]}));
  ExpectListed(water, gas, 600);  // 15 of 25
  ExpectListed(gas, water, 600);
}

TEST_F(Sketches, AreMadeAgainUnderAnotherKeyAndGoWithTheOpening) {
  const std::string gas = File({.reference = "gas", .name = kGas});
  const std::string water = File({kLicensee, "licensee", "water", kWater, 1});
  ExpectListed(water, gas, 904);  // 19 of 21
  EXPECT_EQ(bureau_.registry_process->Stop(), 0);
  const std::string key = bureau_.dir / "registry/sketch.key";
  ASSERT_EQ(std::filesystem::file_size(key), 65u);
  ASSERT_TRUE(std::filesystem::remove(key));
  bureau_.StartRegistry();
  ExpectListed(water, gas, 904);

  v1::Command command;
  v1::EraseOpenings& order = *command.mutable_erase_openings();
  order.add_commitments(Must(bureau_.Connect(kExaminer)->GetApplication(gas))
                            .application()
                            .form()
                            .sample()
                            .file()
                            .sha256()
                            .digest());
  order.set_ordered_by("杭州互联网法院");
  order.set_legal_basis("个人信息保护法 第四十七条");
  const auto request = bureau_.Sign("root", {"root"}, command);
  ASSERT_OK(bureau_.Connect("root")->Submit(request));
  ExpectNothing(kExaminer, water);
  ExpectNothing(kExaminer, gas);
}

}  // namespace
}  // namespace dataip::test
