#include "client/cli/form_labels.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/registry/tables/profile.h"
#include "dataip/registry/v1/command.pb.h"
#include "dataip/registry/v1/transition.pb.h"
#include "gmock/gmock.h"
#include "tests/support/process.h"
#include "tests/unit/client/cli/every_value_named.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

TEST(FormLabels, NameEveryValueOfEveryEnum) {
  ExpectEveryValueNamed<v1::ObjectKind>();
  ExpectEveryValueNamed<v1::Acquisition>();
  ExpectEveryValueNamed<v1::FieldClassification>();
  ExpectEveryValueNamed<v1::StorageFormat>();
  ExpectEveryValueNamed<v1::PublicState>();
  ExpectEveryValueNamed<v1::AiProcessingShare>();
  ExpectEveryValueNamed<v1::UseIntent>();
  ExpectEveryValueNamed<v1::EvidenceKind>();
  ExpectEveryValueNamed<v1::DepositCut>();
  EXPECT_EQ(LabelOf(static_cast<v1::UseIntent>(99)), "99");
}

TEST(EventLabel, NamesEveryEvent) {
  const auto* const type = v1::Event::descriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const std::string name = type->field(i)->message_type()->name();
    EXPECT_NE(EventLabel(name), name);
  }
  EXPECT_EQ(EventLabel("SomethingNew"), "SomethingNew");
}

TEST(BodyLabel, NamesEveryBody) {
  const auto* const bodies = v1::Command::descriptor()->oneof_decl(0);
  for (int i = 0; i < bodies->field_count(); ++i) {
    const std::string name = bodies->field(i)->name();
    EXPECT_NE(BodyLabel(name), name);
  }
}

TEST(GroundLabel, HasTheWordingOfTheProfile) {
  const auto profile = registry::Profile::Parse(
      test::ReadFile(DATAIP_SOURCE_DIR "/deploy/tables/profile_ZJ-2023.csv"));
  ASSERT_TRUE(profile.ok());
  int grounds = 0;
  for (const auto& [key, value] : profile->values()) {
    if (!absl::StartsWith(key, registry::kGroundPrefix)) continue;
    const std::string code =
        key.substr(std::string(registry::kGroundPrefix).size());
    EXPECT_EQ(GroundLabel(code), absl::StrCat(code, " ", value.value));
    ++grounds;
  }
  EXPECT_EQ(grounds, 13);
  EXPECT_EQ(GroundLabel("R77"), "R77");
}

}  // namespace
}  // namespace dataip::client
