// `dataip certificate`: what holders ask, and what becomes of it.
#include "gmock/gmock.h"
#include "tests/integration/cli/certificate_life.h"

namespace dataip::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// The first day of the month after the next one's.
std::string SoonAfter(const std::string& day) {
  int year = std::stoi(day.substr(0, 4));
  int month = std::stoi(day.substr(5, 2)) + 2;
  if (month > 12) {
    month -= 12;
    ++year;
  }
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02d-01", year, month);
  return text;
}

TEST_F(CertificateLife, AChangeMakesANewSheet) {
  const std::string number = office_.Certify("LIFE-CHANGE");
  const std::string today = Today();
  EXPECT_EQ(Do("enterprise", "change", number, {"--records=700"}), 2);
  EXPECT_EQ(Do("enterprise", "change", number, {"--changed-on", today}), 2);
  EXPECT_THAT(err_, AllOf(HasSubstr("file_request.body.change"),
                          HasSubstr("没有不同"), HasSubstr("nothing differs")));
  EXPECT_EQ(Do("enterprise", "change", number,
               {"--records=1", "--bytes=1", "--changed-on", today}),
            4);
  EXPECT_THAT(err_, HasSubstr("[C1"));
  EXPECT_EQ(Do("enterprise", "change", number,
               {"--update-frequency=often", "--changed-on", today}),
            2);
  EXPECT_THAT(err_, HasSubstr("monthly"));
  EXPECT_EQ(Do("licensee", "change", number,
               {"--records=700", "--changed-on", today}),
            4);
  EXPECT_EQ(Do("enterprise", "change", "20240733009999999",
               {"--records=700", "--changed-on", today}),
            3);
  const std::string request =
      Asked("enterprise", "change", number,
            {"--records=800", "--bytes=70000", "--update-frequency=daily",
             "--changed-on", today});
  ASSERT_FALSE(request.empty());
  EXPECT_THAT(Shown(number), HasSubstr(request));
  EXPECT_EQ(Do("enterprise", "request", request), 0);
  EXPECT_THAT(out_, AllOf(HasSubstr("待审核"), HasSubstr("800 条")));
  EXPECT_EQ(Do("licensee", "request", request), 4);
  EXPECT_EQ(Do("examiner", "grant", request), 2);  // one key, no --out
  ASSERT_EQ(Order("grant", request), 0) << err_;
  const std::string sheet = WordBehind("新证书编号 ");
  // The old number leads to the newest sheet; a day asks for the old one.
  for (const std::string& one : {sheet, number}) {
    EXPECT_THAT(Shown(one),
                AllOf(HasSubstr(sheet), HasSubstr(number), HasSubstr("800 条"),
                      HasSubstr("接替证书"), HasSubstr("状态历史")));
  }
  EXPECT_EQ(Do("enterprise", "as-of", number, {"--on", today}), 0) << err_;
  EXPECT_THAT(out_, AllOf(HasSubstr("已换证"), HasSubstr(sheet)));
  EXPECT_EQ(Order("grant", request), 4);
  EXPECT_THAT(err_, HasSubstr("已准予"));
}

TEST_F(CertificateLife, ATransferTakesTheOtherSideAndTwoOfficers) {
  const std::string number = office_.Certify("LIFE-TRANSFER");
  const std::string document = File("contract.pdf", "a contract");
  const auto ask = [&](const Words& more) {
    return Do("enterprise", "transfer", number, more);
  };
  const std::string document_flag = "--document=" + document;
  EXPECT_EQ(ask({"--kind=gift", "--to", kLicenseeCode, document_flag,
                 "--document-no=ZR-1"}),
            2);
  EXPECT_THAT(err_, HasSubstr("assignment"));
  EXPECT_EQ(ask({"--kind=assignment", "--to", "P0000002:half", document_flag,
                 "--document-no=ZR-1"}),
            2);
  EXPECT_THAT(err_, HasSubstr("basis points"));
  EXPECT_EQ(ask({"--kind=assignment", "--to", "P0000077", document_flag,
                 "--document-no=ZR-1"}),
            3);
  EXPECT_EQ(
      ask({"--kind=assignment", "--to", kLicenseeCode,
           "--document=" + office_.Path("none.pdf"), "--document-no=ZR-1"}),
      3);
  EXPECT_EQ(ask({"--kind=assignment", "--to", "P0000002:400", document_flag,
                 "--document-no=ZR-1"}),
            2);
  EXPECT_THAT(err_, HasSubstr("transfer.new_holders"));
  const std::string request = Asked("enterprise", "transfer", number,
                                    {"--kind=assignment", "--to", kLicenseeCode,
                                     document_flag, "--document-no=ZR-1"});
  EXPECT_EQ(Order("grant", request), 4);
  EXPECT_EQ(Do("enterprise", "consent", request), 4);
  EXPECT_EQ(Do("licensee", "consent", request), 0) << err_;
  const std::string half = office_.Path("grant.json");
  ASSERT_EQ(Do("examiner", "grant", request, {"--out", half}), 0) << err_;
  const Ended shown = office_.Run("approver", {"command", "show", half});
  EXPECT_THAT(shown.out, AllOf(HasSubstr("转移（转让）"), HasSubstr("ZR-1"),
                               HasSubstr("P0000002"), HasSubstr("尚缺 1")));
  EXPECT_EQ(office_.Run("approver", {"command", "sign", half}).exit_code, 0);
  const Ended sent = office_.Run("approver", {"command", "send", half});
  ASSERT_EQ(sent.exit_code, 0) << sent.err;
  EXPECT_THAT(Shown(number), HasSubstr("测试供热有限公司"));
  EXPECT_EQ(Do("enterprise", "as-of", number, {"--on", Today()}), 0) << err_;
  EXPECT_THAT(out_, AllOf(HasSubstr("已换证"), HasSubstr("后继证书")));
  // The old sheet's bundle says what took its place.
  const size_t behind = sent.out.find("新证书编号 ");
  ASSERT_NE(behind, std::string::npos) << sent.out;
  const std::string sheet =
      sent.out.substr(behind + std::string("新证书编号 ").size(), 17);
  const std::string before = office_.Path("before.bundle");
  ASSERT_EQ(Do("enterprise", "get", number, {"--out", before}), 0) << err_;
  const Ended replaced = office_.Run("", {"verify", before});
  EXPECT_EQ(replaced.exit_code, 21);
  EXPECT_THAT(replaced.out,
              AllOf(HasSubstr("state  REPLACED"), HasSubstr("replaced by  ")));
  const std::string bundle = office_.Path("new.bundle");
  ASSERT_EQ(Do("enterprise", "get", sheet, {"--out", bundle}), 0) << err_;
  const Ended verified = office_.Run("", {"verify", bundle});
  EXPECT_EQ(verified.exit_code, 0);
  EXPECT_THAT(verified.out, AllOf(HasSubstr("state  VALID"),
                                  HasSubstr("replaces  " + number)));
}

TEST_F(CertificateLife, APledgeIsConsentedToAndBindsLicences) {
  const std::string number = office_.Certify("LIFE-PLEDGE");
  const std::string today = Today();
  const Words pledge = {"--pledgee",
                        kLicenseeCode,
                        "--from",
                        today,
                        "--to=2026-06-30",
                        "--amount-fen=5000000",
                        "--contract-no=ZY-1"};
  Words bad = pledge;
  bad[5] = "--amount-fen=0";
  EXPECT_EQ(Do("enterprise", "pledge", number, bad), 2);
  EXPECT_THAT(err_, HasSubstr("pledge.amount"));
  const std::string request = Asked("enterprise", "pledge", number, pledge);
  EXPECT_EQ(Do("licensee", "consent", request), 0) << err_;
  ASSERT_EQ(Order("grant", request), 0) << err_;
  EXPECT_THAT(Shown(number), HasSubstr("第 1 顺位质押"));
  EXPECT_EQ(Do("licensee", "encumbrances", number), 0) << err_;
  EXPECT_THAT(out_, AllOf(HasSubstr("50,000.00 元"), HasSubstr("ZY-1")));
  EXPECT_EQ(
      office_.Run("enterprise", {"certificate", "encumbrances"}).exit_code, 4);

  const std::string half = office_.Path("licence.json");
  Words licence = {"licence",         "file",
                   "--certificate",   number,
                   "--licensee",      kLicenseeCode,
                   "--from",          today,
                   "--to=2025-06-30", "--fixed-fen=1000"};
  EXPECT_EQ(office_.Run("enterprise", licence).exit_code, 4);
  licence.insert(licence.end(), {"--out", half});
  EXPECT_EQ(office_.Run("enterprise", licence).exit_code, 0);
  const Ended shown = office_.Run("licensee", {"command", "show", half});
  EXPECT_THAT(shown.out, HasSubstr("尚缺 1 个签名"));
  EXPECT_EQ(office_.Run("licensee", {"command", "send", half}).exit_code, 4);
  const Ended done = office_.Run("licensee", {"command", "sign", half});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  const Ended filed = office_.Run("licensee", {"command", "send", half});
  ASSERT_EQ(filed.exit_code, 0) << filed.err;
  out_ = filed.out;
  const std::string licence_no = WordBehind("许可编号 ");

  EXPECT_EQ(
      office_.Run("enterprise", {"licence", "confirm", licence_no}).exit_code,
      4);
  EXPECT_EQ(
      office_.Run("licensee", {"licence", "confirm", licence_no}).exit_code, 0);
  const Ended early =
      office_.Run("enterprise", {"licence", "end", licence_no,
                                 "--on=2023-01-01", "--reason=双方协商一致"});
  EXPECT_EQ(early.exit_code, 2);
  EXPECT_THAT(early.err, HasSubstr("end_licence.ended_on"));
  EXPECT_EQ(office_
                .Run("enterprise", {"licence", "end", licence_no, "--on", today,
                                    "--reason=双方协商一致"})
                .exit_code,
            0);
  const auto ended = office_.Json("licensee", {"licence", "show", licence_no});
  EXPECT_EQ(TextIn(FieldIn(ended, "licence"), "ended_on"), today);
  EXPECT_NE(TextIn(FieldIn(ended, "licence"), "confirmed_at_ms"), "0");

  EXPECT_EQ(Do("licensee", "release-pledge", number, {"--pledge=G20990000099"}),
            3);
  EXPECT_THAT(err_, HasSubstr("G20990000099"));
  const std::string release = Asked("licensee", "release-pledge", number, {});
  ASSERT_EQ(Order("grant", release), 0) << err_;
  EXPECT_EQ(Do("licensee", "encumbrances", number), 4);
}

TEST_F(CertificateLife, ErrorsAreToldAndCorrected) {
  const std::string number = office_.Certify("LIFE-ERROR");
  EXPECT_EQ(Do("enterprise", "report-error", number,
               {"--error=地区录入有误", "--region=999999"}),
            2);
  EXPECT_THAT(err_, HasSubstr("correction.values.region_code"));
  const std::string request =
      Asked("enterprise", "report-error", number,
            {"--error=地区录入有误", "--region=330302"});
  EXPECT_EQ(Order("refuse", request, {"--reason=x"}), 2);
  EXPECT_EQ(Order("refuse", request, {"--reason=与存档一致"}), 0) << err_;
  EXPECT_EQ(Do("enterprise", "request", request), 0);
  EXPECT_THAT(out_, HasSubstr("与存档一致"));
  EXPECT_EQ(Order("correct", number, {"--error=名称漏字"}), 2);
  ASSERT_EQ(
      Order("correct", number, {"--error=地区录入有误", "--region=330302"}), 0)
      << err_;
  EXPECT_THAT(Shown(WordBehind("新证书编号 ")), HasSubstr("330302"));
}

TEST_F(CertificateLife, AReplacementIsWithdrawnAndACancellationGranted) {
  const std::string number = office_.Certify("LIFE-CANCEL");
  const std::string replacement =
      Asked("enterprise", "replace", number, {"--reason=换发统一式样"});
  EXPECT_EQ(Do("licensee", "withdraw-request", replacement), 4);
  EXPECT_EQ(Do("enterprise", "withdraw-request", replacement), 0) << err_;
  EXPECT_EQ(Do("enterprise", "cancel", number, {"--reason=x"}), 2);
  const std::string request =
      Asked("enterprise", "cancel", number, {"--reason=数据停止更新"});
  EXPECT_EQ(office_
                .Json("examiner", {"certificate", "requests", "--certificate",
                                   number, "--status=under-review"})
                .list_value()
                .values_size(),
            1);
  EXPECT_EQ(
      office_.Run("examiner", {"certificate", "requests", "--status=lost"})
          .exit_code,
      2);
  ASSERT_EQ(Order("grant", request), 0) << err_;
  EXPECT_EQ(StateOf(number), "CANCELLED");
}

TEST_F(CertificateLife, AnAgentLicensesForItsPrincipal) {
  const std::string number = office_.Certify("LIFE-AGENT");
  const std::string today = Today();
  const Ended third = office_.Run(
      "examiner", {"party", "register", "--kind=legal-person",
                   "--name=测试数据有限公司", "--uscc=9144030071526726XG",
                   "--party-key=" + office_.KeyFile("spare"), "-o", "json"});
  ASSERT_EQ(third.exit_code, 0) << third.err;
  const Words licence = {"licence",
                         "file",
                         "--for",
                         kEnterprise,
                         "--certificate",
                         number,
                         "--licensee",
                         "9144030071526726XG",
                         "--from",
                         today,
                         "--to",
                         today,
                         "--per-unit-fen=50",
                         "--unit=次"};
  const Ended refused = office_.Run("licensee", licence);
  EXPECT_EQ(refused.exit_code, 4);
  EXPECT_THAT(refused.err, HasSubstr("[C4"));
  ASSERT_EQ(
      office_
          .Run("enterprise", {"attorney", "grant", "--agent", kLicenseeCode,
                              "--act=licence", "--from", today, "--to", today})
          .exit_code,
      0);
  const Ended filed = office_.Run("licensee", licence);
  ASSERT_EQ(filed.exit_code, 0) << filed.err;
  out_ = filed.out;
  const std::string licence_no = WordBehind("许可编号 ");
  const std::string usage =
      File("agent.ndjson", R"({"source":"gw","id":"z1","occurred_on":")" +
                               today + R"(","quantity":10})" + "\n");
  const Ended sent = office_.Run(
      "licensee", {"usage", "send", usage, "--licence", licence_no});
  EXPECT_EQ(sent.exit_code, 0) << sent.err;
  EXPECT_THAT(sent.out, HasSubstr("5.00 元"));
}

TEST_F(CertificateLife, RenewsInsideTheWindow) {
  const std::string number = office_.Certify("LIFE-RENEW");
  const Words use = {"--use=用于城市供热调度与能耗分析"};
  EXPECT_EQ(Do("enterprise", "renew", number, use), 4);
  EXPECT_THAT(err_, AllOf(HasSubstr("[C3"), HasSubstr("续展应在")));
  EXPECT_EQ(
      Do("enterprise", "renew", number, {use[0], "--contract=contract.pdf"}),
      2);
  EXPECT_THAT(err_, HasSubstr("FILE=DAY"));
  // A demonstration's clock never passes the real one: an older certificate
  // ends soon.
  const std::string table =
      File("soon.csv",
           "legacy_numbers,name,holders,industry_code,region_code,sources,"
           "record_count,update_frequency,valid_from,valid_to,status\n"
           "SOON1,居民用气量数据集,P0000001,C4016,330382,ENTERPRISE,10,MONTHLY,"
           "2022-08-01," +
               SoonAfter(Today()) + ",VALID\n");
  ASSERT_EQ(
      Order("import", table,
            {"--record", table, "--system=省登记平台",
             "--issued-by=浙江省市场监督管理局", "--extracted-on=2024-06-01"}),
      0)
      << err_;
  const std::string soon = WordBehind("证书编号 ");
  const auto expiring = office_.Json(
      "enterprise", {"certificate", "expiring", "--party", kEnterpriseCode});
  ASSERT_EQ(expiring.list_value().values_size(), 1);
  EXPECT_EQ(TextIn(expiring.list_value().values(0), "number"), soon);
  EXPECT_EQ(Do("enterprise", "renew", soon, {use[0], "--to=2039-01-01"}), 4);
  EXPECT_THAT(err_, HasSubstr("renewal.valid_to"));
  const std::string request = Asked("enterprise", "renew", soon, use);
  ASSERT_EQ(Order("grant", request), 0) << err_;
  EXPECT_THAT(Shown(WordBehind("新证书编号 ")),
              AllOf(HasSubstr("有效"), HasSubstr(soon)));
}

}  // namespace
}  // namespace dataip::test
