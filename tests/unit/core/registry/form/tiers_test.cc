// Tiers and sealed values of a form, and what a notice shows of it.
#include "core/registry/form/tiers.h"

#include "absl/strings/str_cat.h"
#include "core/base/text.h"
#include "core/registry/form/public_snapshot.h"
#include "core/registry/state/profiles.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/core/registry/form/form_fixture.h"

namespace dataip::registry {
namespace {

using ::dataip::testing::Digest32;
using ::dataip::testing::ReadSourceFile;

void AddTier(Form& form, const std::string& field, v1::DisclosureTier tier) {
  v1::FieldTier* own = form.add_tiers();
  own->set_field(field);
  own->set_tier(tier);
}

void Seal(Form& form, const std::string& path) {
  v1::SealedField* sealed = form.add_sealed();
  sealed->set_field(path);
  sealed->mutable_value()->set_digest(Digest32('c'));
}

// The profile in force with one line in another one's place.
Profile ProfileWith(const std::string& key, const std::string& line) {
  std::string csv = ReadSourceFile("deploy/tables/profile_ZJ-2023.csv");
  const size_t at = csv.find("\n" + key + ",") + 1;
  csv.replace(at, csv.find('\n', at) - at, line);
  const auto profile = Profile::Parse(csv);
  EXPECT_OK(profile);
  return *profile;
}

class Tiers : public FormRules {};

TEST_F(Tiers, AreOfTopLevelFieldsInOrder) {
  for (const std::string field :
       {"", "nothing", "scenario.scope", "fields[0]", "tiers", "sealed"}) {
    Expect("tiers[0].field", "TIER",
           [&](Form& form) { AddTier(form, field, v1::TIER_EXAMINER); });
  }
  Expect("tiers[1].field", "TIER", [](Form& form) {
    AddTier(form, "prepared_from", v1::TIER_EXAMINER);
    AddTier(form, "prepared_from", v1::TIER_EXAMINER);
  });
}

TEST_F(Tiers, AreNotWiderThanTheProfiles) {
  Expect("tiers[0].tier", "TIER",
         [](Form& form) { AddTier(form, "prepared_from", v1::TIER_PUBLIC); });
  Expect("tiers[0].tier", "TIER", [](Form& form) {
    AddTier(form, "prepared_from", v1::DISCLOSURE_TIER_UNSPECIFIED);
  });
  Expect("tiers[0].tier", "TIER", [](Form& form) {
    AddTier(form, "prepared_from", static_cast<v1::DisclosureTier>(4));
  });
}

TEST_F(Tiers, LeavePublicWhatTheProfileWantsPublic) {
  for (const auto tier : {v1::TIER_EXAMINER, v1::TIER_SEALED}) {
    Expect("tiers[0].tier", "TIER",
           [&](Form& form) { AddTier(form, "scenario", tier); });
  }
  ExpectGood([](Form& form) { AddTier(form, "scenario", v1::TIER_PUBLIC); });
  Expect("sealed[0].field", "TIER", [](Form& form) {
    form.mutable_scenario()->clear_scope();
    Seal(form, "scenario.scope");
  });
}

TEST_F(Tiers, SealNothingOfWhichANoticeShowsSome) {
  Expect("tiers[0].tier", "TIER", [](Form& form) {
    AddTier(form, "algorithm_summary", v1::TIER_SEALED);
  });
  Expect("sealed[0].field", "TIER", [](Form& form) {
    form.clear_algorithm_summary();
    Seal(form, "algorithm_summary");
  });
  ExpectGood([](Form& form) {
    AddTier(form, "algorithm_summary", v1::TIER_EXAMINER);
  });
}

TEST_F(Tiers, SealWithACommitment) {
  Expect("tiers[0].tier", "TIER",
         [](Form& form) { AddTier(form, "contact", v1::TIER_SEALED); });
  ExpectGood([](Form& form) {
    AddTier(form, "contact", v1::TIER_SEALED);
    form.mutable_contact()->clear_role();
    Seal(form, "contact.role");
  });
}

TEST_F(Tiers, SealOnlyTextsThatNoDecisionReads) {
  for (const std::string path :
       {"", "client_reference", "series", "applicants[0].party_number",
        "fields[0].name", "fields", "sources[0].category", "sources[9].method",
        "sources.method", "contact.phone", "sealed[0].field"}) {
    Expect("sealed[0].field", "TIER", [&](Form& form) { Seal(form, path); });
  }
}

TEST_F(Tiers, SealAscendingWithoutRepeats) {
  Expect("sealed[1].field", "TIER", [](Form& form) {
    form.mutable_sources(0)->clear_method();
    Seal(form, "sources[0].method");
    Seal(form, "sources[0].method");
  });
}

TEST_F(Tiers, SealUnderADigestOf32Bytes) {
  Expect("sealed[0].value", "TIER", [](Form& form) {
    form.mutable_sources(0)->clear_method();
    Seal(form, "sources[0].method");
    form.mutable_sealed(0)->mutable_value()->set_digest("short");
  });
}

TEST_F(Tiers, SealNothingThatStandsInClear) {
  Expect("sealed[0].field", "B23",
         [](Form& form) { Seal(form, "sources[0].method"); });
}

TEST_F(Tiers, AskNothingOfWhatIsSealed) {
  Expect("sources[0].method", "B06",
         [](Form& form) { form.mutable_sources(0)->clear_method(); });
  ExpectGood([](Form& form) {
    form.mutable_sources(0)->clear_method();
    Seal(form, "sources[0].method");
  });
}

TEST_F(Tiers, AreTheProfilesWords) {
  EXPECT_EQ(ProfileTier(nullptr, "name"), v1::TIER_PUBLIC);
  EXPECT_EQ(ProfileTier(nullptr, "fields"), v1::TIER_EXAMINER);
  const Profile other =
      ProfileWith("tier.series", "tier.series,SEALED,tier,test,ASSUMED");
  EXPECT_EQ(ProfileTier(&other, "series"), v1::TIER_SEALED);
  EXPECT_EQ(TierOf(&other, Form(), "series"), v1::TIER_SEALED);
}

TEST_F(Tiers, ANoticeShowsWhatTheProfileLists) {
  const State& state = Fixture().state();
  v1::Application application;
  *application.mutable_form() = Fixture().GoodForm("R-1");
  *application.mutable_profile() =
      ProfileOn(state, ShanghaiDate(testing::kTestStartMs));
  const v1::PublicSnapshot snapshot = PublicSnapshotOf(state, application);
  EXPECT_EQ(snapshot.name(), application.form().name());
  EXPECT_TRUE(snapshot.has_scenario());
  EXPECT_FALSE(snapshot.algorithm_summary().empty());
  const Profile* own = state.profile.get();
  EXPECT_TRUE(NoticeShows(own, "algorithm_summary"));
  EXPECT_FALSE(NoticeShows(own, "fields"));
  const Profile silent = ProfileWith(
      "notice.fields", "notice.fields,name;deposit,list,test,ASSUMED");
  EXPECT_FALSE(NoticeShows(&silent, "scenario"));
  const Profile sealing =
      ProfileWith("tier.scenario", "tier.scenario,SEALED,tier,test,ASSUMED");
  EXPECT_FALSE(NoticeShows(&sealing, "scenario"));
}

TEST_F(Tiers, FindASealedValueInPublicText) {
  Form form = Fixture().GoodForm("R-1");
  const Profile* profile = Fixture().state().profile.get();
  const std::string scope = form.scenario().scope();
  EXPECT_EQ(
      Text(FindSealedInPublic(form, profile, {{"sources[0].method", scope}})),
      "scenario.scope B23\n");
  EXPECT_EQ(Text(FindSealedInPublic(form, profile,
                                    {{"sources[0].method", "某某自来水公司"},
                                     {"contact.role", "供热"},
                                     {"fields[0].unit", ""}})),
            "");
}

}  // namespace
}  // namespace dataip::registry
