#include "client/cli/command_view.h"

#include "gmock/gmock.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using ::testing::HasSubstr;
using ::testing::Not;

std::string Shown(const v1::Command& command,
                  const CommandSurroundings& known = {}) {
  return FormatRecord(CommandRecord(command, {"0a"}, known));
}

TEST(CommandRecord, ShowsEachStatementOfANotice) {
  v1::Command command;
  v1::OpenNotice& body = *command.mutable_open_notice();
  body.set_application_no("20240000001");
  body.mutable_checklist()->set_sample_checked(true);
  const std::string text = Shown(command);
  EXPECT_THAT(text, HasSubstr("开始公示 (open_notice)"));
  EXPECT_THAT(text, HasSubstr("20240000001"));
  EXPECT_THAT(text, HasSubstr("[x] sample"));
  EXPECT_THAT(text, HasSubstr("[ ] masking"));
  EXPECT_THAT(text, HasSubstr("尚缺 1 个签名"));
}

TEST(CommandRecord, ShowsGroundsAndReasonOfARefusal) {
  v1::Command command;
  v1::RefuseApplication& body = *command.mutable_refuse_application();
  body.add_grounds("R03");
  body.set_reason("未经加工");
  const std::string text = Shown(command);
  EXPECT_THAT(text, HasSubstr("R03 不属于登记对象"));
  EXPECT_THAT(text, HasSubstr("未经加工"));
}

TEST(CommandRecord, NamesSignersObjectAndExpiryWhereARegistryIsKnown) {
  v1::Command command;
  command.mutable_register_application()->set_application_no("20240000001");
  command.mutable_expires_at()->set_seconds(1'718'845'200);
  EXPECT_THAT(Shown(command), Not(HasSubstr("已过期")));
  CommandSurroundings known;
  known.signers["0a"] = "examiner-1（审查员）";
  known.names["20240000001"] = "热量表数据集";
  known.now_ms = 1'718'845'200'001;
  const std::string text = Shown(command, known);
  EXPECT_THAT(text, HasSubstr("examiner-1（审查员）  0a"));
  EXPECT_THAT(text, HasSubstr("热量表数据集"));
  EXPECT_THAT(text, HasSubstr("2024-06-20 09:00:00（已过期"));
}

}  // namespace
}  // namespace dataip::client
