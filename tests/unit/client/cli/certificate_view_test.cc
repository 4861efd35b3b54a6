#include "client/cli/certificate_view.h"

#include <fstream>
#include <sstream>

#include "client/cli/certificate_standing.h"
#include "client/cli/command_view.h"
#include "client/cli/enum_words.h"
#include "client/cli/event_text.h"
#include "gmock/gmock.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/client/cli/every_value_named.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string Shown(const v1::Command& command,
                  const CommandSurroundings& known = {}) {
  return FormatRecord(CommandRecord(command, {"0a"}, known));
}

// No field of any body that a signer reads may be JSON.
MATCHER(HasNoJson, "") { return arg.find('{') == std::string::npos; }

TEST(EnumWord, TakesNamesWithAndWithoutThePrefix) {
  for (const char* word : {"under-review", "REQUEST_UNDER_REVIEW"}) {
    const auto state = ParseEnumWord<v1::RequestState>(word, "REQUEST_");
    ASSERT_TRUE(state.ok()) << state.status();
    EXPECT_EQ(*state, v1::REQUEST_UNDER_REVIEW);
  }
  const auto unknown = ParseEnumWord<v1::TransferKind>("gift");
  EXPECT_TRUE(absl::IsInvalidArgument(unknown.status()));
  EXPECT_THAT(std::string(unknown.status().message()),
              AllOf(HasSubstr("gift"), HasSubstr("inheritance")));
  EXPECT_FALSE(
      ParseEnumWord<v1::TransferKind>("transfer-kind-unspecified").ok());
}

TEST(RevocationGroundLabel, SaysWhatTheProfileSays) {
  std::ifstream file(DATAIP_SOURCE_DIR "/deploy/tables/profile_ZJ-2023.csv");
  const std::string prefix = "revocation.ground.";
  size_t grounds = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(prefix, 0) != 0) continue;
    std::istringstream cells(line.substr(prefix.size()));
    std::string code;
    std::string wording;
    std::getline(cells, code, ',');
    std::getline(cells, wording, ',');
    EXPECT_EQ(RevocationGroundLabel(code), code + " " + wording);
    ++grounds;
  }
  EXPECT_GE(grounds, 10u);
  EXPECT_EQ(RevocationGroundLabel("BJ7"), "BJ7");
}

TEST(CommandRecord, ShowsEveryFieldOfATransfer) {
  v1::Command command;
  v1::FileRequest& body = *command.mutable_file_request();
  body.set_certificate_number("20240733000000001");
  v1::TransferRequest& transfer = *body.mutable_body()->mutable_transfer();
  transfer.set_kind(v1::MERGER);
  transfer.add_new_holders()->set_party_number("P0000007");
  transfer.mutable_new_holders(0)->set_share_bp(4'000);
  transfer.add_new_holders()->set_party_number("P0000008");
  transfer.mutable_new_holders(1)->set_share_bp(6'000);
  transfer.set_document_no("HB-2024-3");
  transfer.mutable_document()->set_media_type("application/pdf");
  transfer.mutable_document()->set_byte_size(4096);
  const std::string text = Shown(command);
  for (const char* part : {"file_request", "20240733000000001", "转移（合并）",
                           "P0000007（4000/10000）", "P0000008（6000/10000）",
                           "HB-2024-3", "application/pdf，4096 字节"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_THAT(text, HasNoJson());
}

TEST(CommandRecord, ShowsWhatOtherRequestsAsk) {
  v1::Command command;
  v1::RequestBody& body = *command.mutable_file_request()->mutable_body();
  body.mutable_pledge()->set_action(v1::PledgeRequest::REGISTER);
  body.mutable_pledge()->set_pledgee("P0000009");
  body.mutable_pledge()->mutable_amount()->set_fen(12'345'600);
  body.mutable_pledge()->set_valid_to("2025-07-31");
  EXPECT_THAT(Shown(command),
              AllOf(HasSubstr("质押登记"), HasSubstr("P0000009"),
                    HasSubstr("123,456.00 元"), HasSubstr("2025-07-31")));
  body.mutable_pledge()->set_action(v1::PledgeRequest::RELEASE);
  body.mutable_pledge()->set_pledge_no("G20240000001");
  EXPECT_THAT(Shown(command),
              AllOf(HasSubstr("质押注销"), HasSubstr("G20240000001"),
                    Not(HasSubstr("123,456.00"))));
  body.mutable_pledge()->set_action(v1::PledgeRequest::CHANGE);
  body.mutable_pledge()->clear_pledgee();
  EXPECT_THAT(Shown(command),
              AllOf(HasSubstr("质押变更"), HasSubstr("G20240000001"),
                    HasSubstr("123,456.00 元"), HasSubstr("2025-07-31"),
                    Not(HasSubstr("质权人"))));
  body.mutable_renewal()->set_statement_of_use("用于供热调度");
  body.mutable_renewal()->add_contract_ends("2027-12-31");
  body.mutable_renewal()->add_contracts()->set_byte_size(77);
  EXPECT_THAT(Shown(command),
              AllOf(HasSubstr("续展"), HasSubstr("用于供热调度"),
                    HasSubstr("2027-12-31"), HasSubstr("77 字节"),
                    HasSubstr("规则允许的最后一日")));
  body.mutable_correction()->set_error("地区录入有误");
  body.mutable_correction()->mutable_values()->set_region_code("330302");
  EXPECT_THAT(Shown(command),
              AllOf(HasSubstr("地区录入有误"), HasSubstr("330302")));
  body.mutable_change()->set_record_count(2'000);
  body.mutable_change()->set_holder_names(true);
  EXPECT_THAT(Shown(command),
              AllOf(HasSubstr("2000 条"), HasSubstr("按登记主体的现有名称"),
                    HasNoJson()));
}

TEST(CommandRecord, ShowsEveryOrderOnACertificate) {
  v1::Command command;
  command.mutable_open_revocation()->add_grounds("V02");
  command.mutable_open_revocation()->set_reason("判决生效");
  command.mutable_open_revocation()->set_occasion(v1::ON_JUDGMENT);
  command.mutable_open_revocation()->set_document_no("浙03行终17号");
  command.mutable_open_revocation()->mutable_document()->set_byte_size(4096);
  EXPECT_THAT(Shown(command),
              AllOf(HasSubstr("V02 人民法院"), HasSubstr("判决生效"),
                    HasSubstr("生效裁判"), HasSubstr("浙03行终17号"),
                    HasSubstr("4096 字节"), HasNoJson()));
  command.mutable_state_in_revocation()->set_statement("材料真实");
  EXPECT_THAT(Shown(command), AllOf(HasSubstr("材料真实"), HasNoJson()));
  command.mutable_revoke_certificate()->set_effect(v1::FROM_REGISTRATION);
  EXPECT_THAT(Shown(command), AllOf(HasSubstr("自登记之日起（自始）"),
                                    HasNoJson(), HasSubstr("尚缺 1 个签名")));
  command.mutable_drop_revocation()->set_reason("经核实属实");
  EXPECT_THAT(Shown(command), AllOf(HasSubstr("经核实属实"), HasNoJson()));
  command.mutable_freeze_certificate()->set_authority("温州市中级人民法院");
  command.mutable_freeze_certificate()->set_until("2025-06-30");
  EXPECT_THAT(Shown(command), AllOf(HasSubstr("温州市中级人民法院"),
                                    HasSubstr("2025-06-30"), HasNoJson()));
  command.mutable_release_freeze()->set_document_no("之二");
  EXPECT_THAT(Shown(command), AllOf(HasSubstr("之二"), HasNoJson()));
  command.mutable_correct_certificate()->mutable_values()->set_name("新名称集");
  EXPECT_THAT(Shown(command), AllOf(HasSubstr("新名称集"), HasNoJson()));
  v1::Provenance& from =
      *command.mutable_import_certificate()->mutable_provenance();
  from.set_system("省登记平台");
  from.add_legacy_numbers("浙数登17");
  from.set_state(v1::EXPIRED);
  EXPECT_THAT(Shown(command),
              AllOf(HasSubstr("省登记平台"), HasSubstr("浙数登17"),
                    HasSubstr("原状态"), HasNoJson()));
}

TEST(CommandRecord, ShowsARequestThatIsGrantedByItsNumber) {
  v1::Command command;
  command.mutable_grant_request()->set_request_no("Q20240000001");
  EXPECT_THAT(Shown(command), Not(HasSubstr("请求人")));
  CommandSurroundings known;
  known.objects["Q20240000001"] = {{"请求人", "P0000001"},
                                   {"请求事项", "注销"}};
  EXPECT_THAT(Shown(command, known),
              AllOf(HasSubstr("P0000001"), HasSubstr("注销"), HasNoJson(),
                    HasSubstr("尚缺 1 个签名")));
}

TEST(CommandRecord, WantsThePledgeesOfALicence) {
  v1::Command command;
  command.set_actor("P0000001");
  command.mutable_file_licence()->set_certificate_number("20240733000000001");
  command.mutable_file_licence()->set_licensor("P0000003");
  EXPECT_THAT(Shown(command), Not(HasSubstr("尚缺")));
  EXPECT_THAT(Shown(command), HasSubstr("P0000003"));
  CommandSurroundings known;
  known.consents["20240733000000001"] = {"P0000002", "P0000004"};
  EXPECT_THAT(Shown(command, known), HasSubstr("尚缺 2 个签名"));
}

// A licensee that has confirmed the licence signs its change.
TEST(CommandRecord, WantsTheLicenseeOfAChange) {
  v1::Command command;
  command.set_actor("P0000001");
  command.mutable_change_licence()->set_licence_no("L20240000001");
  command.mutable_change_licence()->set_valid_to("2025-06-30");
  CommandSurroundings known;
  known.consents["L20240000001"] = {"P0000002"};
  EXPECT_THAT(Shown(command, known), HasSubstr("尚缺 1 个签名"));
  EXPECT_THAT(Shown(command), Not(HasSubstr("尚缺")));
}

TEST(RequestRecord, SaysWhoMustConsentAndWhatCameOfIt) {
  v1::CertificateRequest request;
  request.set_request_no("Q20240000001");
  request.set_state(v1::REQUEST_AWAITING_COSIGN);
  request.mutable_body()->mutable_cancellation()->set_reason("停止更新");
  request.add_cosigners("P0000002");
  EXPECT_THAT(FormatRecord(RequestRecord(request)),
              AllOf(HasSubstr("待同意"), HasSubstr("P0000002"),
                    HasSubstr("停止更新"), Not(HasSubstr("不予理由"))));
  request.set_state(v1::REQUEST_REFUSED);
  request.set_refusal_reason("文件不符");
  EXPECT_THAT(FormatRecord(RequestRecord(request)), HasSubstr("文件不符"));
}

TEST(StatusText, NamesSuccessorAndOverlays) {
  v1::StatusRecord status;
  status.set_version(3);
  status.set_state(v1::REPLACED);
  status.set_replaced_by("20240833000000002");
  v1::Overlay& pledge = *status.add_overlays();
  pledge.set_kind(v1::PLEDGE);
  pledge.set_rank(2);
  status.add_overlays()->set_kind(v1::FREEZE);
  EXPECT_THAT(StatusText(status), AllOf(HasSubstr("已换证 → 20240833000000002"),
                                        HasSubstr("第 2 顺位质押、冻结")));
}

TEST(StandingText, SaysThatATermWhichIsOverWaitsForARenewal) {
  EXPECT_FALSE(WaitsForRenewal(v1::VALID, "2027-06-30", "2027-06-30"));
  EXPECT_TRUE(WaitsForRenewal(v1::VALID, "2027-06-30", "2027-07-01"));
  EXPECT_FALSE(WaitsForRenewal(v1::EXPIRED, "2027-06-30", "2027-07-01"));
  EXPECT_EQ(StandingText(v1::VALID, false), "有效");
  EXPECT_THAT(StandingText(v1::VALID, true),
              AllOf(HasSubstr("有效期已届满，续展尚未决定"),
                    HasSubstr("term over, a renewal is undecided")));
}

TEST(EventText, SaysHowARevocationWorksAndWhy) {
  v1::Event event;
  v1::CertificateRevoked& revoked = *event.mutable_certificate_revoked();
  revoked.set_effect(v1::FROM_REGISTRATION);
  revoked.set_reason("合同系伪造");
  EXPECT_EQ(EventText(event), "撤销，自登记之日起（自始），理由：合同系伪造");
  revoked.set_effect(v1::FROM_DECISION);
  revoked.clear_reason();
  EXPECT_EQ(EventText(event), "撤销，自决定之日起");
}

TEST(CertificateLabels, NameEveryValueOfEveryEnum) {
  ExpectEveryValueNamed<v1::RequestState>();
  ExpectEveryValueNamed<v1::TransferKind>();
  ExpectEveryValueNamed<v1::RevocationState>();
  ExpectEveryValueNamed<v1::RevocationEffect>();
  ExpectEveryValueNamed<v1::RevocationOccasion>();
  ExpectEveryValueNamed<v1::PledgeRequest::Action>();
}

TEST(RequestRecord, TellsOfALateChange) {
  v1::CertificateRequest request;
  EXPECT_THAT(FormatRecord(RequestRecord(request)), Not(HasSubstr("期限")));
  request.set_late(true);
  EXPECT_THAT(FormatRecord(RequestRecord(request)),
              HasSubstr("超过变更事实发生后应提出的期限"));
}

TEST(RevocationText, SaysWhenTheHolderWasHeard) {
  v1::Revocation revocation;
  revocation.set_occasion(v1::ON_REPORT);
  revocation.set_document_no("浙举〔2024〕3号");
  EXPECT_THAT(RevocationText(revocation),
              AllOf(Not(HasSubstr("最近陈述于")), Not(HasSubstr("字节"))));
  revocation.mutable_document()->set_byte_size(4096);
  revocation.set_heard_at_ms(1'718'845'200'000);
  EXPECT_THAT(RevocationText(revocation),
              AllOf(HasSubstr("举报"), HasSubstr("浙举〔2024〕3号"),
                    HasSubstr("4096 字节"),
                    HasSubstr("最近陈述于 2024-06-20 09:00:00")));
}

}  // namespace
}  // namespace dataip::client
