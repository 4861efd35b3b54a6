#include "client/cli/form_edit.h"

#include "dataip/registry/v1/application.pb.h"
#include "tests/support/status_matchers.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using ::dataip::testing::IsOk;
using ::dataip::testing::StatusIs;

TEST(SetField, RefusesPathsAndValuesThatDoNotFit) {
  const std::pair<const char*, const char*> kWrong[] = {
      {"nam", "x"},
      {"", "x"},
      {"name.length", "x"},
      {"fields", "x"},
      {"fields[1].name", "x"},
      {"fields[-1].name", "x"},
      {"fields[0", "x"},
      {"scenario", "x"},
      {"scenario[0].scope", "x"},
      {"deposit.root", "x"},
      {"record_count", "many"},
      {"record_count", "-1"},
      {"applicants[0].share_bp", "4294967296"},
      {"object_kind", "SOMETHING"},
      {"deidentification.irreversible", "yes"}};
  for (const auto& [path, value] : kWrong) {
    v1::ApplicationForm form;
    EXPECT_THAT(SetField(form, path, value),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << path << "=" << value;
  }
}

TEST(SetField, SetsEveryKindOfField) {
  v1::ApplicationForm form;
  form.add_fields()->set_name("a");
  EXPECT_THAT(SetField(form, "name", "数据集"), IsOk());
  EXPECT_THAT(SetField(form, "scenario.scope", "全省"), IsOk());
  EXPECT_THAT(SetField(form, "fields[0].meaning", "读数"), IsOk());
  EXPECT_THAT(SetField(form, "fields[1].name", "b"), IsOk());
  EXPECT_THAT(SetField(form, "record_count", "697"), IsOk());
  EXPECT_THAT(SetField(form, "object_kind", "DATA_SET"), IsOk());
  EXPECT_THAT(SetField(form, "deidentification.irreversible", "true"), IsOk());
  EXPECT_THAT(SetField(form, "sample.columns[0]", "a"), IsOk());
  EXPECT_THAT(SetField(form, "intents[0]", "INTENT_PLEDGE"), IsOk());
  EXPECT_EQ(form.name(), "数据集");
  EXPECT_EQ(form.scenario().scope(), "全省");
  EXPECT_EQ(form.fields(0).name(), "a");
  EXPECT_EQ(form.fields(0).meaning(), "读数");
  EXPECT_EQ(form.fields(1).name(), "b");
  EXPECT_EQ(form.record_count(), 697u);
  EXPECT_EQ(form.object_kind(), v1::DATA_SET);
  EXPECT_TRUE(form.deidentification().irreversible());
  EXPECT_EQ(form.sample().columns(0), "a");
  EXPECT_EQ(form.intents(0), v1::INTENT_PLEDGE);
}

TEST(ParseAssignment, RefusesTextWithoutANameOrAnEqualsSign) {
  for (const char* text : {"", "=x", "name"}) {
    EXPECT_THAT(ParseAssignment(text),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << text;
  }
}

TEST(ParseAssignment, EndsTheNameAtTheFirstEqualsSign) {
  ASSERT_OK_AND_ASSIGN(const Assignment assignment, ParseAssignment("a=b=c"));
  EXPECT_EQ(assignment.path, "a");
  EXPECT_EQ(assignment.value, "b=c");
}

TEST(ValueAt, TellsWhetherAFieldChanged) {
  v1::ApplicationForm form;
  form.set_name("甲");
  form.add_fields()->set_meaning("读数");
  form.add_fields()->set_meaning("时间");
  v1::ApplicationForm other = form;
  other.mutable_fields(1)->set_meaning("时刻");
  other.mutable_scenario()->set_scope("全省");
  for (const char* same :
       {"name", "fields[0]", "fields[0].meaning", "deposit",
        "fields[9].meaning", "no_such", "name.x", "fields["}) {
    EXPECT_EQ(ValueAt(form, same), ValueAt(other, same)) << same;
  }
  for (const char* changed : {"fields", "fields[1]", "fields[1].meaning",
                              "scenario", "scenario.scope"}) {
    EXPECT_NE(ValueAt(form, changed), ValueAt(other, changed)) << changed;
  }
  EXPECT_EQ(ValueAt(form, "no_such"), "");
}

TEST(SetField, SaysWhatIsWrongInBothLanguages) {
  v1::ApplicationForm form;
  const std::string message(SetField(form, "nam", "x").message());
  EXPECT_THAT(message, ::testing::HasSubstr("没有这一字段"));
  EXPECT_THAT(message, ::testing::HasSubstr("no such field"));
}

}  // namespace
}  // namespace dataip::client
