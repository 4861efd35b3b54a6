// `dataip certificate`: revocations, freezes, older certificates.
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/integration/cli/certificate_life.h"

namespace dataip::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST_F(CertificateLife, ARevocationIsHeardThenDecided) {
  const std::string number = office_.Certify("LIFE-REVOKE");
  EXPECT_EQ(Do("examiner", "open-revocation", number,
               {"--ground=X99", "--reason=存证系伪造"}),
            2);
  EXPECT_THAT(err_, HasSubstr("open_revocation.grounds[0]"));
  EXPECT_EQ(Do("examiner", "open-revocation", number,
               {"--ground=R08", "--reason=存证系伪造", "--occasion=传闻"}),
            2);
  EXPECT_THAT(err_, HasSubstr("on-judgment"));
  EXPECT_EQ(Do("examiner", "open-revocation", number,
               {"--ground=R08", "--reason=存证系伪造", "--occasion=举报"}),
            2);
  EXPECT_THAT(err_, HasSubstr("open_revocation.document_no"));
  EXPECT_EQ(Do("enterprise", "open-revocation", number,
               {"--ground=R08", "--reason=存证系伪造"}),
            4);
  Words report = {"--ground=R08", "--reason=存证系伪造", "--occasion=on-report",
                  "--document-no=举报2024-3"};
  EXPECT_EQ(Do("examiner", "open-revocation", number, report), 2);
  EXPECT_THAT(
      err_, AllOf(HasSubstr("open_revocation.document"), HasSubstr("请上传")));
  report.insert(report.end(),
                {"--document", File("report.txt", "reported by a user")});
  ASSERT_EQ(Do("examiner", "open-revocation", number, report), 0) << err_;
  const std::string revocation = WordBehind("撤销案号 ");
  EXPECT_THAT(Shown(number), AllOf(HasSubstr(revocation), HasSubstr("争议")));
  const Words revoke = {"--effect=from-registration", "--reason=查证属实"};
  EXPECT_EQ(Order("revoke", revocation, revoke), 4);
  EXPECT_THAT(err_, HasSubstr("尚未陈述意见"));
  EXPECT_EQ(Do("licensee", "answer-revocation", revocation,
               {"--statement=存证由公证处出具"}),
            2);
  EXPECT_THAT(err_, HasSubstr("证书编号"));
  EXPECT_EQ(Do("enterprise", "answer-revocation", revocation,
               {"--statement=存证由公证处出具", "--file",
                File("notary.pdf", "a notary's deed")}),
            0)
      << err_;
  EXPECT_EQ(
      Do("enterprise", "answer-revocation", number, {"--statement=再次陈述"}),
      4);
  EXPECT_EQ(Order("revoke", revocation, {"--effect=never", "--reason=不实"}),
            2);
  EXPECT_EQ(Do("examiner", "encumbrances", number), 0);
  EXPECT_THAT(out_, AllOf(HasSubstr("已陈述意见"), HasSubstr("公证处"),
                          HasSubstr("application/pdf"), HasSubstr("举报2024-3"),
                          HasSubstr("text/plain")));
  ASSERT_EQ(Order("revoke", revocation, revoke), 0) << err_;
  EXPECT_EQ(StateOf(number), "REVOKED");
  // Revoked as from its beginning: on every day of it.
  EXPECT_EQ(Do("", "as-of", number,
               {"--on", Today(), "--tls-ca", office_.Path("tls/ca.pem"),
                "--tls-cert", office_.Path("tls/licensee.pem"), "--tls-key",
                office_.Path("tls/licensee.key")}),
            0)
      << err_;
  EXPECT_THAT(out_, HasSubstr("撤销"));
  EXPECT_EQ(Order("revoke", "V20249999999", revoke), 3);
}

TEST_F(CertificateLife, ARevocationIsDroppedByTheCertificatesNumber) {
  const std::string number = office_.Certify("LIFE-DROP");
  ASSERT_EQ(Do("examiner", "open-revocation", number,
               {"--ground=R05", "--ground=R02", "--reason=权属存疑"}),
            0)
      << err_;
  EXPECT_EQ(Order("drop-revocation", number, {"--reason=x"}), 2);
  EXPECT_EQ(Order("drop-revocation", number, {"--reason=经核实属实"}), 0)
      << err_;
  EXPECT_EQ(StateOf(number), "VALID");
}

TEST_F(CertificateLife, AFreezeHoldsTransfersUntilItsRelease) {
  const std::string number = office_.Certify("LIFE-FREEZE");
  const std::string document = File("order.pdf", "an order");
  Words freeze = {"--authority=温州市中级人民法院", "--document-no=浙03民初1号",
                  "--document", document, "--until=2023-01-01"};
  EXPECT_EQ(Order("freeze", number, freeze), 2);
  EXPECT_THAT(err_, AllOf(HasSubstr("freeze_certificate.until"),
                          HasSubstr("不早于今日"), HasSubstr("not before")));
  freeze.back() = "--until=2027-12-31";
  ASSERT_EQ(Order("freeze", number, freeze), 0) << err_;
  const std::string freeze_no = WordBehind("冻结编号 ");
  EXPECT_EQ(Do("enterprise", "transfer", number,
               {"--kind=assignment", "--to", kLicenseeCode, "--document",
                document, "--document-no=ZR-2"}),
            4);
  EXPECT_THAT(err_, HasSubstr("冻结"));
  EXPECT_EQ(Order("release-freeze", "F20249999999",
                  {"--document-no=之二", "--document", document}),
            3);
  EXPECT_EQ(Order("release-freeze", freeze_no,
                  {"--document-no=之二", "--document", document}),
            0)
      << err_;
  EXPECT_THAT(Shown(number), HasSubstr("有效"));
  EXPECT_EQ(Order("release-freeze", number,
                  {"--document-no=之二", "--document", document}),
            3);
}

TEST_F(CertificateLife, OlderCertificatesAreImportedOnce) {
  const std::string record = File("export.xml", "<records/>");
  const std::string head =
      "legacy_numbers,name,holders,industry_code,region_code,sources,"
      "record_count,update_frequency,valid_from,valid_to,status\n";
  const std::string good =
      "浙数登0017;DZ0017,居民用气量数据集,91330382MA00005413,C4016,330382,"
      "ENTERPRISE,1000,MONTHLY,2023-08-01,2026-07-31,VALID\n";
  const Words flags = {"--record", record, "--system=省登记平台",
                       "--issued-by=浙江省市场监督管理局",
                       "--extracted-on=2024-06-01"};
  EXPECT_EQ(Order("import", File("bad.csv", "name\nx\n"), flags), 2);
  EXPECT_THAT(err_, HasSubstr("legacy_numbers"));
  EXPECT_EQ(Order("import", File("one.csv", head + good)), 2);
  const std::string bad =
      "浙数登0018,又一数据集,P0000099,C4016,330382,ENTERPRISE,many,MONTHLY,"
      "2023-08-01,2026-07-31,VALID\n";
  EXPECT_EQ(Order("import", File("two.csv", head + good + bad), flags), 5);
  EXPECT_THAT(err_, AllOf(HasSubstr("holders"), HasSubstr("record_count")));
  const std::string number = WordBehind("证书编号 ");
  EXPECT_THAT(Shown("DZ0017"),
              AllOf(HasSubstr(number), HasSubstr("浙数登0017")));
  EXPECT_EQ(Do("enterprise", "as-of", "浙数登0017", {"--on", Today()}), 0)
      << err_;
  EXPECT_THAT(out_, AllOf(HasSubstr(number), HasSubstr("有效")));
  EXPECT_EQ(Do("enterprise", "as-of", "浙数登0017", {"--on=2023-09-01"}), 0);
  EXPECT_THAT(out_, AllOf(HasSubstr("由旧系统颁发"), HasSubstr("2023-08-01"),
                          HasSubstr("DZ0017")));
  EXPECT_EQ(Do("enterprise", "as-of", "浙数登0017", {"--on=2023-07-31"}), 0);
  EXPECT_THAT(out_, HasSubstr("当日尚未颁发"));
  EXPECT_EQ(Order("import", File("one.csv", head + good), flags), 0) << err_;
  EXPECT_THAT(err_, HasSubstr("浙数登0017"));
  EXPECT_EQ(out_, "");
  const std::string refused =
      "浙数登0019,又一数据集,P0000001,Z9999,330382,ENTERPRISE,10,MONTHLY,"
      "2023-08-01,2026-07-31,VALID\n";
  EXPECT_EQ(Order("import", File("three.csv", head + refused), flags), 2);
  EXPECT_THAT(err_, HasSubstr("import_certificate.industry_code"));
}

// What the registry could not say of them must not be lost in silence.
TEST_F(CertificateLife, OnlyWhatIsValidOrExpiredThereIsImported) {
  std::string table =
      "legacy_numbers,name,holders,industry_code,region_code,sources,"
      "record_count,update_frequency,valid_from,valid_to,status\n";
  for (const char* status : {"", "REVOKED", "CANCELLED", "PLEDGED", "FROZEN"}) {
    absl::StrAppend(&table, "旧证", status,
                    ",居民用气量数据集,P0000001,C4016,330382,ENTERPRISE,10,"
                    "MONTHLY,2023-08-01,2026-07-31,",
                    status, "\n");
  }
  // Their terms were not over on the day they were taken from there, and over.
  table +=
      "旧证6,居民用气量数据集,P0000001,C4016,330382,ENTERPRISE,10,MONTHLY,"
      "2023-08-01,2026-07-31,EXPIRED\n"
      "旧证7,居民用气量数据集,P0000001,C4016,330382,ENTERPRISE,10,MONTHLY,"
      "2020-08-01,2024-05-31,有效\n";
  const std::string file = File("states.csv", table);
  EXPECT_EQ(
      Order("import", file,
            {"--record", file, "--system=省登记平台",
             "--issued-by=浙江省市场监督管理局", "--extracted-on=2024-06-01"}),
      5);
  for (const char* line : {"2", "3", "4", "5", "6", "7", "8"}) {
    EXPECT_THAT(err_, HasSubstr(absl::StrCat("第 ", line, " 行")));
  }
  EXPECT_THAT(err_, AllOf(HasSubstr("status"), HasSubstr("原系统办结"),
                          HasSubstr("有效期未满，而状态为 EXPIRED"),
                          HasSubstr("有效期已满，而状态为 VALID")));
  EXPECT_EQ(out_, "");
  const std::string over =
      File("over.csv", table.substr(0, table.find('\n') + 1) +
                           "旧证8,居民用气量数据集,P0000001,C4016,330382,"
                           "ENTERPRISE,10,MONTHLY,2020-08-01,2024-05-31,"
                           "EXPIRED\n");
  ASSERT_EQ(
      Order("import", over,
            {"--record", over, "--system=省登记平台",
             "--issued-by=浙江省市场监督管理局", "--extracted-on=2024-06-01"}),
      0)
      << err_;
  EXPECT_EQ(StateOf(WordBehind("证书编号 ")), "EXPIRED");
}

}  // namespace
}  // namespace dataip::test
