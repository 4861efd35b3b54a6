// `dataip certificate`, `verify`, `bundle`, `licence`, `usage` and `value`.
#include "gmock/gmock.h"
#include "tests/integration/cli/office.h"

namespace dataip::test {
namespace {

using ::testing::HasSubstr;
using Words = std::vector<std::string>;

class Certificate : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (number_ != nullptr) return;  // Licence comes here a second time
    Office& office = Office::Shared();
    number_ = new std::string(office.Certify("CERTIFICATE-1"));
    bundle_ = new std::string(office.Path("one.bundle"));
    const Ended ended =
        office.Run("", {"certificate", "get", *number_, "--out", *bundle_,
                        "--tls-ca", office.Path("tls/ca.pem"), "--tls-cert",
                        office.Path("tls/enterprise.pem"), "--tls-key",
                        office.Path("tls/enterprise.key")});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
  }

  int Verify(const std::string& file, Words flags = {}) {
    Words words = {"verify", file};
    words.insert(words.end(), flags.begin(), flags.end());
    const Ended ended = office_.Run("", words);
    out_ = ended.out;
    err_ = ended.err;
    return ended.exit_code;
  }
  std::string Changed(const std::string& name, const std::string& bytes) {
    WriteFile(office_.Path(name), bytes);
    return office_.Path(name);
  }

  static const std::string* number_;
  static const std::string* bundle_;
  Office& office_ = Office::Shared();
  std::string out_;
  std::string err_;
};

const std::string* Certificate::number_ = nullptr;
const std::string* Certificate::bundle_ = nullptr;

TEST_F(Certificate, IsListedAndShown) {
  const auto list = office_.Json(
      "enterprise", {"certificate", "list", "--party", kEnterpriseCode});
  EXPECT_GT(list.list_value().values_size(), 0);
  const Ended shown =
      office_.Run("", {"certificate", "show", *number_, "--tls-ca",
                       office_.Path("tls/ca.pem"), "--tls-cert",
                       office_.Path("tls/licensee.pem"), "--tls-key",
                       office_.Path("tls/licensee.key")});
  EXPECT_THAT(shown.out, HasSubstr("有效"));
  EXPECT_THAT(shown.out, HasSubstr("演示"));
  EXPECT_EQ(
      office_.Run("enterprise", {"certificate", "show", "20240733009999999"})
          .exit_code,
      3);
  EXPECT_EQ(office_
                .Run("enterprise", {"certificate", "get", "20240733009999999",
                                    "--out", office_.Path("none.bundle")})
                .exit_code,
            3);
}

TEST_F(Certificate, GoesIntoAFolderWhenThereAreSeveral) {
  const Ended ended =
      office_.Run("enterprise",
                  {"certificate", "get", "-", "--out", office_.Path("bundles")},
                  *number_ + "\n");
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(Verify(office_.Path("bundles/" + *number_ + ".bundle")), 0);
}

TEST_F(Certificate, VerifiesOfflineStepByStep) {
  EXPECT_EQ(Verify(*bundle_), 0) << err_;
  EXPECT_EQ(err_, "");
  for (const char* step :
       {"1.", "2.", "3.", "4.", "5.", "6.", "7.", "8.", "9."}) {
    EXPECT_THAT(out_, HasSubstr(step));
  }
  EXPECT_THAT(out_, HasSubstr("DEMONSTRATION"));
  const size_t by_hand = out_.find("check.sh");
  ASSERT_NE(by_hand, std::string::npos);
  EXPECT_EQ(out_.find("check.sh", by_hand + 1), std::string::npos);
  EXPECT_EQ(
      Verify(*bundle_, {"--require", "unpledged,undisputed", "-o", "json"}), 0);
  EXPECT_THAT(out_, HasSubstr(*number_));
}

TEST_F(Certificate, ThatIsChangedOrCutIsNotGenuine) {
  std::string bytes = ReadFile(*bundle_);
  EXPECT_EQ(Verify(Changed("cut.bundle", bytes.substr(0, 1'000))), 20);
  bytes[bytes.size() / 2] ^= 1;
  EXPECT_EQ(Verify(Changed("flipped.bundle", bytes)), 20);
}

TEST_F(Certificate, IsNotInForceOutsideOfItsTerm) {
  EXPECT_EQ(Verify(*bundle_, {"--at=2035-01-01", "--max-age=36500d"}), 21);
  EXPECT_EQ(Verify(*bundle_, {"--at=2024-01-01", "--max-age=36500d"}), 21);
}

TEST_F(Certificate, CannotBeDecidedWithoutBytesOrByAnotherTrustFile) {
  EXPECT_EQ(Verify(Changed("empty.bundle", "")), 22);
  EXPECT_EQ(Verify("/none"), 22);
  EXPECT_EQ(Verify(*bundle_, {"--trust", "/none"}), 22);
  EXPECT_THAT(err_, HasSubstr("信任文件"));
  EXPECT_EQ(Verify(*bundle_, {"--trust", *bundle_}), 22);
  EXPECT_THAT(err_, HasSubstr("信任文件"));
  std::string trust = ReadFile(office_.Path("trust.json"));
  trust.replace(trust.find("\"demonstration\": true"), 21,
                "\"demonstration\": false");
  EXPECT_EQ(Verify(*bundle_, {"--trust", Changed("strict.json", trust)}), 22);
  EXPECT_EQ(Verify(*bundle_, {"--trust="}), 2);
  EXPECT_EQ(Verify(*bundle_, {"--at=never"}), 2);
  EXPECT_EQ(Verify(*bundle_, {"--require=gold"}), 2);
}

TEST_F(Certificate, IsStaleWhenItsSealIsTooOld) {
  EXPECT_EQ(Verify(*bundle_, {"--max-age=0s"}), 23) << out_;
}

TEST_F(Certificate, IsRepeatedByStockTools) {
  const std::string folder = office_.Path("unpacked");
  const Ended unpacked =
      office_.Run("", {"bundle", "unpack", *bundle_, folder});
  ASSERT_EQ(unpacked.exit_code, 0) << unpacked.err;
  const Ended checked = test::Run({"/bin/sh", {"check.sh"}, {}, folder});
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
  EXPECT_EQ(office_.Run("", {"bundle", "unpack", *bundle_, folder}).exit_code,
            6);
  EXPECT_EQ(office_
                .Run("", {"bundle", "unpack", Changed("bad.bundle", "x"),
                          office_.Path("unpacked-2")})
                .exit_code,
            2);
}

TEST_F(Certificate, UnpackedWithoutTrustCannotBeDecidedByHand) {
  const std::string folder = office_.Path("untrusted");
  const Ended unpacked =
      office_.Run("", {"bundle", "unpack", *bundle_, folder, "--trust="});
  EXPECT_EQ(unpacked.exit_code, 0) << unpacked.err;
  EXPECT_THAT(unpacked.err, HasSubstr("--trust TRUST.json"));
  EXPECT_EQ(test::Run({"/bin/sh", {"check.sh"}, {}, folder}).exit_code, 22);
}

class Licence : public Certificate {
 protected:
  Ended FileOne(const std::string& kind, const std::string& from,
                const std::string& to) {
    return office_.Run(
        "enterprise",
        {"licence", "file", "--certificate", *number_, "--licensee",
         kLicenseeCode, "--kind", kind, "--from", from, "--to", to,
         "--per-unit-fen=50", "--unit=次", "-o", "json"});
  }
};

TEST_F(Licence, NeedsOnePriceAKnownPartyAndTheHolder) {
  const Words common = {"licence", "file",       "--certificate", *number_,
                        "--from",  "2026-01-01", "--to",          "2026-02-01"};
  const auto with = [&](const std::string& who, const Words& more) {
    Words words = common;
    words.insert(words.end(), more.begin(), more.end());
    return office_.Run(who, words).exit_code;
  };
  EXPECT_EQ(with("enterprise", {"--licensee", kLicenseeCode}), 2);
  EXPECT_EQ(with("enterprise", {"--licensee", kLicenseeCode, "--fixed-fen=1",
                                "--per-unit-fen=1"}),
            2);
  EXPECT_EQ(with("enterprise", {"--licensee", "P9999999", "--fixed-fen=1"}), 3);
  EXPECT_EQ(with("licensee", {"--licensee", kLicenseeCode, "--fixed-fen=1"}),
            4);
}

TEST_F(Licence, EarnsByUsageThatIsSentOnce) {
  const auto certificate =
      office_.Json("enterprise", {"certificate", "show", *number_});
  const auto& content = FieldIn(FieldIn(certificate, "certificate"), "content");
  const std::string from = TextIn(content, "valid_from");
  const Ended filed = FileOne("exclusive", from, TextIn(content, "valid_to"));
  ASSERT_EQ(filed.exit_code, 0) << filed.err;
  EXPECT_EQ(FileOne("exclusive", from, from).exit_code, 4);
  const auto list = office_.Json(
      "enterprise", {"licence", "list", "--certificate", *number_});
  ASSERT_EQ(list.list_value().values_size(), 1);
  const std::string licence = TextIn(list.list_value().values(0), "licence_no");
  const std::string line = R"({"source":"gw","id":"a1","occurred_on":")" +
                           from +
                           R"(","quantity":1200})"
                           "\n";
  const std::string file = Changed("usage.ndjson", line);
  const Words send = {"usage", "send", file, "--licence", licence};
  EXPECT_EQ(office_.Run("licensee", send).exit_code, 4);
  const Ended sent = office_.Run("enterprise", send);
  EXPECT_EQ(sent.exit_code, 0);
  EXPECT_THAT(sent.out, HasSubstr("本次新增金额"));
  EXPECT_EQ(office_.Run("enterprise", send).exit_code, 0);
  Changed("usage.ndjson", line + "nonsense\n");
  EXPECT_EQ(office_.Run("enterprise", send).exit_code, 5);
  Changed("usage.ndjson", "nonsense\n");
  EXPECT_EQ(office_.Run("enterprise", send).exit_code, 2);
  EXPECT_EQ(office_.Json("enterprise", {"usage", "show", licence})
                .list_value()
                .values_size(),
            1);
  const auto value =
      office_.Json("enterprise", {"value", "show", "--certificate", *number_});
  EXPECT_EQ(TextIn(FieldIn(value, "value"), "fen"), "60000");
  EXPECT_EQ(
      office_.Run("enterprise", {"value", "show", "--party", kEnterpriseCode})
          .exit_code,
      0);
  EXPECT_EQ(office_.Run("enterprise", {"value", "show", "--certificate", "1"})
                .exit_code,
            3);
  EXPECT_EQ(
      office_.Run("enterprise", {"licence", "show", "L29990000001"}).exit_code,
      3);
}

}  // namespace
}  // namespace dataip::test
