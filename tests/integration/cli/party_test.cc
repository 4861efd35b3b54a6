// `dataip registry`, `clock`, `officer`, `party`, `keys` and `trust`.
#include "gmock/gmock.h"
#include "tests/integration/cli/office.h"

namespace dataip::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Registry, OpensOnce) {
  Office& office = Office::Shared();
  const Ended again = office.Run(
      "root", {"registry", "open", "--clock-key=" + office.KeyFile("clock"),
               "--issuing-sm2=" + office.Path("keys/issuing-sm2.pem"),
               "--issuing-p256=" + office.Path("keys/issuing-p256.pem"),
               "--demonstration-start=2024-06-20T09:00+08:00"});
  EXPECT_EQ(again.exit_code, 6) << again.err;
}

TEST(Registry, RefusesATableByAnotherThanRootOrOfAnotherVersion) {
  Office& office = Office::Shared();
  const std::string file = DATAIP_SOURCE_DIR "/deploy/tables/regions.csv";
  EXPECT_EQ(office.Run("examiner", {"registry", "load-table", "regions", file})
                .exit_code,
            4);
  EXPECT_EQ(
      office.Run("root", {"registry", "load-table", "regions", file}).exit_code,
      6);
  EXPECT_EQ(office
                .Run("root", {"registry", "load-table", "regions", "/dev/null",
                              "--version=1"})
                .exit_code,
            2);
}

TEST(Registry, ShowsItsTables) {
  Office& office = Office::Shared();
  const auto info = office.Json(
      "", {"registry", "show", "--tls-ca", office.Path("tls/ca.pem"),
           "--tls-cert", office.Path("tls/licensee.pem"), "--tls-key",
           office.Path("tls/licensee.key")});
  EXPECT_EQ(TextIn(FieldIn(info, "registry"), "profile_id"), "ZJ-2023");
  EXPECT_EQ(FieldIn(info, "tables").list_value().values_size(), 4);
}

TEST(Clock, GoesForwardOnlyAndByRootOnly) {
  Office& office = Office::Shared();
  EXPECT_NE(
      office.Run("root", {"clock", "advance", "--to=2024-06-01"}).exit_code, 0);
  EXPECT_EQ(
      office.Run("examiner", {"clock", "advance", "--to=2024-06-21"}).exit_code,
      4);
  EXPECT_EQ(office.Run("root", {"clock", "advance", "--to=tomorrow"}).exit_code,
            2);
}

TEST(Officer, IsAddedByRootOnly) {
  Office& office = Office::Shared();
  EXPECT_EQ(
      office
          .Run("examiner", {"officer", "add", "examiner-2", "--role=examiner",
                            "--officer-key=" + office.KeyFile("spare")})
          .exit_code,
      4);
  EXPECT_EQ(office
                .Run("root", {"officer", "add", "examiner-1", "--role=examiner",
                              "--officer-key=" + office.KeyFile("spare")})
                .exit_code,
            6);
  const Ended list = office.Run("root", {"officer", "list"});
  EXPECT_EQ(list.exit_code, 0);
  EXPECT_THAT(list.out, HasSubstr("officers/approver-1  审批员"));
}

TEST(Party, IsRefusedWithAWrongCodeOrASecondTime) {
  Office& office = Office::Shared();
  const auto add = [&](const std::string& uscc) {
    return office.Run("examiner", {"party", "register", "--kind=legal-person",
                                   "--name=某某有限公司", "--uscc=" + uscc,
                                   "--party-key=" + office.KeyFile("spare")});
  };
  const Ended wrong = add("91330382MA00005414");
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("GB 32100"));
  EXPECT_EQ(add(kEnterpriseCode).exit_code, 6);
}

TEST(Party, IsRegisteredByAnOfficerOnly) {
  Office& office = Office::Shared();
  EXPECT_EQ(office
                .Run("enterprise",
                     {"party", "register", "--kind=legal-person",
                      "--name=某某有限公司", "--uscc=91330100716105852F",
                      "--party-key=" + office.KeyFile("spare")})
                .exit_code,
            4);
}

TEST(Party, ThatIsAPersonIsShownMaskedOnly) {
  Office& office = Office::Shared();
  const std::string key = office.Path("keys/person.pem");
  ASSERT_EQ(office.Run("", {"keys", "new", "--algorithm=sm2", "--out=" + key})
                .exit_code,
            0);
  const auto add = [&](std::vector<std::string> more) {
    std::vector<std::string> words = {
        "party",         "register",    "--kind=natural-person",
        "--name=张三丰", "--party-key", key};
    words.insert(words.end(), more.begin(), more.end());
    return office.Run("examiner", words, "11010519491231002X\n");
  };
  EXPECT_EQ(add({"--id-number-file=-"}).exit_code, 2);  // nobody checked it
  EXPECT_EQ(
      add({"--identity-checked", "--id-number=110105194912310021"}).exit_code,
      2);
  const Ended added = add({"--identity-checked", "--id-number-file=-"});
  ASSERT_EQ(added.exit_code, 0) << added.err;
  const Ended list = office.Run("examiner", {"party", "list", "-o", "json"});
  EXPECT_THAT(list.out, HasSubstr("张**"));
  EXPECT_THAT(list.out, Not(HasSubstr("三丰")));
  EXPECT_THAT(list.out, Not(HasSubstr("110105")));
}

TEST(Party, IsFoundByNumberAndByCode) {
  Office& office = Office::Shared();
  const auto shown =
      office.Json("enterprise", {"party", "show", kEnterpriseCode});
  EXPECT_EQ(TextIn(FieldIn(shown, "party"), "party_number"), kEnterprise);
  EXPECT_EQ(office.Run("enterprise", {"party", "show", "P0000001"}).exit_code,
            0);
  EXPECT_EQ(office.Run("enterprise", {"party", "show", "P9999999"}).exit_code,
            3);
}

TEST(Keys, AreNeverOverwritten) {
  Office& office = Office::Shared();
  EXPECT_EQ(office
                .Run("", {"keys", "new", "--algorithm=sm2",
                          "--out=" + office.KeyFile("root")})
                .exit_code,
            6);
  EXPECT_EQ(office
                .Run("", {"keys", "new", "--algorithm=rsa",
                          "--out=" + office.Path("keys/new.pem")})
                .exit_code,
            2);
}

TEST(Keys, AreEnrolledByTheirOwnerOnce) {
  Office& office = Office::Shared();
  const std::string key = office.Path("keys/second.pem");
  ASSERT_EQ(office.Run("", {"keys", "new", "--algorithm=p256", "--out=" + key})
                .exit_code,
            0);
  const Ended enrolled =
      office.Run("licensee", {"keys", "enrol", "--new-key=" + key});
  EXPECT_EQ(enrolled.exit_code, 0) << enrolled.err;
  EXPECT_EQ(
      office
          .Run("licensee", {"keys", "enrol", "--new-key=" + key, "--version=2"})
          .exit_code,
      6);
}

TEST(Trust, IsShownWithKeyIdsAndComparedWithTheRegistry) {
  Office& office = Office::Shared();
  const Ended shown = office.Run("enterprise", {"trust", "show", "--compare"});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("根密钥"));
  const auto json = office.Json("", {"trust", "show"});
  EXPECT_EQ(TextIn(json, "origin"), "cli.dataip.test/1");
  WriteFile(office.Path("other-trust.json"), "{}");
  EXPECT_EQ(office
                .Run("", {"trust", "show", "--trust",
                          office.Path("other-trust.json")})
                .exit_code,
            2);
}

}  // namespace
}  // namespace dataip::test
