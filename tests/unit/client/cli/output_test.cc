#include "client/cli/output.h"

#include <sstream>

#include "client/cli/invocation.h"
#include "client/cli/labels.h"
#include "client/status.h"
#include "core/base/text.h"
#include "dataip/registry/v1/registry_service.pb.h"
#include "services/common/error.h"
#include "tests/support/status_matchers.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(FormatTable, AlignsChineseByItsWidthOnATerminal) {
  const Table table{
      {"申请号", "状态", "名称"},
      {{"20240000001", "待审核", "甲"}, {"2024", "a", "数据集 b"}}};
  EXPECT_EQ(FormatTable(table),
            "申请号/application  状态/state  名称/name\n"
            "20240000001         待审核      甲\n"
            "2024                a           数据集 b\n");
}

TEST(FormatTable, HasOnlyItsHeadWhenThereAreNoRows) {
  EXPECT_EQ(FormatTable({{"编号", "x"}, {}}), "编号/reference  x\n");
}

TEST(FormatTable, KeepsACellOnOneLine) {
  EXPECT_EQ(FormatTable({{"a", "b"}, {{"x\ny", "\x1b[31m"}}}),
            "a    b\nx y   [31m\n");
}

TEST(FormatTable, ShowsCharactersThatHideOrTurnTheRest) {
  EXPECT_EQ(FormatTable({{"a", "b"},
                         {{"x\xe2\x80\xae",
                           "\xc2\x9b"
                           "31m\xef\xbb\xbf\x7f"}}}),
            "a          b\nx\\u{202e}  \\u{9b}31m\\u{feff}\\u{7f}\n");
  EXPECT_EQ(FormatRecord({{"a", "x\xe2\x80\x8by\nz\xe2\x80\xa8"}}),
            "a  x\\u{200b}y\n   z\\u{2028}\n");
}

TEST(WithoutEmptyColumns, KeepsTheHeadOfATableWithoutRows) {
  EXPECT_EQ(WithoutEmptyColumns({{"a", "b"}, {}}).head.size(), 2u);
  const Table table =
      WithoutEmptyColumns({{"a", "b", "c"}, {{"1", "", ""}, {"2", "", "3"}}});
  EXPECT_EQ(FormatTable(table), "a  c\n1  \n2  3\n");
}

TEST(ShortText, NeverCutsACharacter) {
  EXPECT_EQ(ShortText("数据集", 6), "数据集");
  EXPECT_EQ(ShortText("数据集a", 6), "数据…");
  EXPECT_EQ(ShortText("数据集", 4), "数…");
  EXPECT_EQ(ShortText("", 4), "");
}

TEST(Wrapped, CutsAtABlankWhereThereIsOne) {
  EXPECT_EQ(Wrapped("ab cd ef", 8), "ab cd ef");
  EXPECT_EQ(Wrapped("ab cd ef", 6), "ab cd \nef");
  EXPECT_EQ(Wrapped("数据集合", 4), "数据\n集合");
  EXPECT_EQ(Wrapped("数据", 1), "数\n据");
}

TEST(FormatRecord, AlignsValuesAndIndentsFurtherLines) {
  EXPECT_EQ(FormatRecord({{"状态", "有效"}, {"key", "a\nb"}}),
            "状态 / state  有效\nkey           a\n              b\n");
}

TEST(ToJson, KeepsProtoNamesAndPrintsDefaults) {
  v1::ApplicationSummary line;
  line.set_application_no("20240000001");
  line.set_state(v1::UNDER_REVIEW);
  const std::string json = ToJson(line);
  EXPECT_THAT(json, HasSubstr("\"application_no\":\"20240000001\""));
  EXPECT_THAT(json, HasSubstr("\"state\":\"UNDER_REVIEW\""));
  EXPECT_THAT(json, HasSubstr("\"submitted_at_ms\":\"0\""));
  EXPECT_THAT(json, HasSubstr("\"certificate_number\":\"\""));
}

TEST(JsonString, EscapesWhatJsonDoesNotTake) {
  EXPECT_EQ(JsonString("a\"\\\n\t\x01 数据"),
            "\"a\\\"\\\\\\n\\t\\u0001 数据\"");
}

class PrintList : public ::testing::Test {
 protected:
  std::string Printed(const std::string& form,
                      const std::vector<v1::Party>& parties) {
    static const CommandSpec* const command =
        new CommandSpec{.group = "party", .name = "list"};
    ParsedArguments arguments;
    arguments.command = command;
    arguments.flags["--output"] = {form};
    auto settings = Settings::Load(
        arguments, [](const std::string&) { return std::nullopt; });
    std::ostringstream out;
    std::ostringstream err;
    auto invocation = Invocation::Create(arguments, *settings, {out, err});
    Table table{{"主体号"}, {}};
    std::vector<const google::protobuf::Message*> messages;
    for (const v1::Party& party : parties) {
      messages.push_back(&party);
      table.rows.push_back({party.party_number()});
    }
    (*invocation)->PrintList(messages, table);
    EXPECT_EQ(err.str(), "");
    return out.str();
  }
};

TEST_F(PrintList, PrintsAnEmptyListAsAnEmptyArray) {
  EXPECT_EQ(Printed("json", {}), "[]\n");
  EXPECT_EQ(Printed("table", {}), "主体号/party\n");
}

TEST_F(PrintList, PrintsAnArrayOfMessages) {
  v1::Party party;
  party.set_party_number("P0000001");
  EXPECT_THAT(Printed("json", {party, party}),
              HasSubstr("\"party_number\":\"P0000001\""));
  EXPECT_EQ(Printed("table", {party}), "主体号/party\nP0000001\n");
}

TEST(InvocationCreate, RefusesAnotherFormOrTime) {
  static const CommandSpec command{.group = "party", .name = "list"};
  for (const auto& [flag, value] :
       {std::pair<const char*, const char*>{"--output", "xml"},
        {"--timeout", "soon"},
        {"--timeout", "0"},
        {"--timeout", "-1s"},
        {"--timeout", "25h"}}) {
    ParsedArguments arguments;
    arguments.command = &command;
    arguments.flags[flag] = {value};
    auto settings = Settings::Load(
        arguments, [](const std::string&) { return std::nullopt; });
    std::ostringstream out;
    EXPECT_THAT(Invocation::Create(arguments, *settings, {out, out}),
                testing::StatusIs(absl::StatusCode::kInvalidArgument))
        << flag << " " << value;
  }
}

absl::Status RefusedForm() {
  rpc::v1::FieldViolation violation;
  violation.set_field("fields[3].name");
  violation.set_rule("B08");
  violation.set_message_zh("名称重复");
  violation.set_message_en("the name stands twice");
  return services::MakeStatus(rpc::v1::INVALID_FIELD, {"bad form", "表有误"},
                              {violation});
}

TEST(FormatError, SaysFieldRuleAndRemedyInBothLanguages) {
  const std::string text =
      FormatError({"application correct", "2024", RefusedForm()});
  EXPECT_THAT(text, HasSubstr("dataip application correct 2024: 表有误"));
  EXPECT_THAT(text, HasSubstr("fields[3].name: 名称重复 [B08]"));
  EXPECT_THAT(text, HasSubstr("the name stands twice"));
}

TEST(FormatError, SaysOnceWhatIsTheSameInBothLanguages) {
  rpc::v1::FieldViolation violation;
  violation.set_field("name");
  violation.set_message_zh("名称过短/too short");
  violation.set_message_en("名称过短/too short");
  EXPECT_EQ(FormatError({"x", "",
                         services::MakeStatus(rpc::v1::INVALID_FIELD,
                                              {"表有误/bad", "表有误/bad"},
                                              {violation})}),
            "dataip x: 表有误/bad\n  name: 名称过短/too short\n");
}

TEST(FormatErrorJson, IsOneLineWithCodeReasonAndFields) {
  const std::string json =
      FormatErrorJson({"application correct", "", RefusedForm()});
  EXPECT_EQ(json.find('\n'), json.size() - 1);
  EXPECT_THAT(json, HasSubstr("\"reason\":\"INVALID_FIELD\""));
  EXPECT_THAT(json, HasSubstr("\"exit_code\":2"));
  EXPECT_THAT(json, HasSubstr("\"field\":\"fields[3].name\""));
}

TEST(FormatError, GivesTheTransportsErrorsARemedyInBothLanguages) {
  for (const absl::Status& status :
       {absl::UnavailableError("failed to connect to all addresses"),
        absl::DeadlineExceededError("Deadline Exceeded")}) {
    const std::string text = FormatError({"party list", "", status});
    EXPECT_THAT(text, HasSubstr("请"));
    EXPECT_THAT(text, HasSubstr("try again"));
    EXPECT_THAT(text, HasSubstr(std::string(status.message())));
    EXPECT_THAT(SentenceOf(status), HasSubstr("try again"));
  }
}

TEST(FormatErrorJson, HasEachLanguageInItsPlace) {
  const std::string json = FormatErrorJson(
      {"ledger mirror", "",
       absl::DataLossError("账本分叉 (the ledger has forked): size 3")});
  EXPECT_THAT(json, HasSubstr("\"message\":\"the ledger has forked: size 3\""));
  EXPECT_THAT(json, HasSubstr("\"message_zh\":\"账本分叉: size 3\""));
}

TEST(FormatErrorJson, TakesTheExitCodeOfTheCommand) {
  EXPECT_THAT(FormatErrorJson({"verify", "", absl::InvalidArgumentError("x"),
                               kExitCannotDecide}),
              HasSubstr("\"exit_code\":22"));
}

TEST(FormatFen, GroupsThousandsAndKeepsTheSign) {
  EXPECT_EQ(FormatFen(0), "0.00 元");
  EXPECT_EQ(FormatFen(5), "0.05 元");
  EXPECT_EQ(FormatFen(123'456'789), "1,234,567.89 元");
  EXPECT_EQ(FormatFen(-100'000), "-1,000.00 元");
  EXPECT_EQ(FormatFen(INT64_MIN), "-92,233,720,368,547,758.08 元");
}

TEST(FormatTime, IsThatOfShanghai) {
  EXPECT_EQ(FormatTime(0), "");
  EXPECT_EQ(FormatTime(1'718'845'200'000), "2024-06-20 09:00:00");
  EXPECT_EQ(FormatZonedTime(1'718'845'200'000), "2024-06-20 09:00:00+08:00");
  EXPECT_EQ(FormatZonedTime(0), "");
}

TEST(SentenceOf, IsInBothLanguagesOnOneLine) {
  const std::string raw =
      SentenceOf(absl::UnavailableError("no route\nat all"));
  EXPECT_THAT(raw, HasSubstr("服务器没有应答"));
  EXPECT_THAT(raw, HasSubstr("no route at all"));
  EXPECT_EQ(SentenceOf(absl::UnavailableError("无应答 (no answer)")),
            "无应答 (no answer)");
}

TEST(FormatRow, MovesOnlyTheLineWithALongerCell) {
  EXPECT_EQ(FormatRow({"序号", "b", "c"}, {5, 3}), "序号   b    c\n");
  EXPECT_EQ(FormatRow({"longer", "b", "c"}, {5, 3}), "longer  b    c\n");
}

}  // namespace
}  // namespace dataip::client
