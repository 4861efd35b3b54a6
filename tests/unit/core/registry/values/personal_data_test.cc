#include "core/registry/values/personal_data.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dataip::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Kind = PersonalDataKind;

TEST(ScanCell, NeverTakesAMeasurementForANumberOfAPerson) {
  for (const char* text :
       {"13800138000.5", "13.800138000", "1.3800138e10", "-13800138000",
        "+13800138000", "6222020200112230.25", "0.13800138000"}) {
    EXPECT_THAT(ScanCell({text, ""}), IsEmpty()) << text;
    EXPECT_THAT(ScanCell({text, "string"}), IsEmpty()) << text;
  }
  EXPECT_THAT(ScanCell({"13800138000", "decimal"}), IsEmpty());
  EXPECT_THAT(ScanCell({"4111111111111111", "double"}), IsEmpty());
}

TEST(ScanCell, NeverTakesATimeForANumberOfAPerson) {
  EXPECT_THAT(ScanCell({"2018-01-01 00:00:00", "datetime"}), IsEmpty());
  EXPECT_THAT(ScanCell({"20180101000000", "datetime"}), IsEmpty());
  EXPECT_THAT(ScanCell({"13800138000", "datetime"}), IsEmpty());
  EXPECT_THAT(ScanCell({"2018-01-01T00:00:00Z", ""}), IsEmpty());
}

TEST(ScanCell, LeavesOrdinaryCellsAlone) {
  for (const char* text :
       {"", "3021", "Apartment", "12345678901", "20180101", "C4016",
        "1380013800", "138001380001", "一号换热站", "https://example.org",
        "a@b", "浙", "浙A1234", "沿路布设"}) {
    EXPECT_THAT(ScanCell({text, "string"}), IsEmpty()) << text;
  }
}

TEST(ScanCell, FindsIdNumbersByTheirCheckCharacter) {
  EXPECT_THAT(ScanCell({"11010519491231002X", "string"}),
              ElementsAre(Kind::kIdNumber));
  EXPECT_THAT(ScanCell({"身份证11010519491231002x。", ""}),
              ElementsAre(Kind::kIdNumber));
  EXPECT_THAT(ScanCell({"110105194912310021", ""}), IsEmpty());
}

TEST(ScanCell, FindsMobilePhonesInEverySpelling) {
  for (const char* text :
       {"13800138000", "+8613800138000", "86 138 0013 8000", "138-0013-8000",
        "电话:１３８００１３８０００", "tel 19912345678"}) {
    EXPECT_THAT(ScanCell({text, "string"}), ElementsAre(Kind::kMobilePhone))
        << text;
  }
  EXPECT_THAT(ScanCell({"13800138000", "integer"}),
              ElementsAre(Kind::kMobilePhone));
  EXPECT_THAT(ScanCell({"12800138000", "string"}), IsEmpty());
}

TEST(ScanCell, FindsBankCardsByLuhn) {
  EXPECT_THAT(ScanCell({"4111 1111 1111 1111", ""}),
              ElementsAre(Kind::kBankCard));
  EXPECT_THAT(ScanCell({"6222021234567890129", ""}), IsEmpty());
  EXPECT_THAT(ScanCell({"4111111111111112", ""}), IsEmpty());
  EXPECT_THAT(ScanCell({"0000000000000000", ""}), IsEmpty());
}

TEST(ScanCell, FindsEmailPlateAndAddress) {
  EXPECT_THAT(ScanCell({"zhang.san@example.com", ""}),
              ElementsAre(Kind::kEmail));
  EXPECT_THAT(ScanCell({"车牌浙C12345", ""}), ElementsAre(Kind::kPlate));
  EXPECT_THAT(ScanCell({"浙A·D12345", ""}), ElementsAre(Kind::kPlate));
  EXPECT_THAT(ScanCell({"乐清市柳市镇长江路12号3幢501室", ""}),
              ElementsAre(Kind::kAddress));
}

TEST(ScanCell, KnowsTheWordsOfAddressesOnlyWithANumber) {
  for (const char* address :
       {"东岸村3组12户", "和平胡同8号", "阳光家园2座", "时代大厦 12 室"}) {
    EXPECT_THAT(ScanCell({address, ""}), ElementsAre(Kind::kAddress))
        << address;
  }
  for (const char* other : {"公寓", "联排住宅", "东岸村", "3组", "第12号表"}) {
    EXPECT_THAT(ScanCell({other, ""}), IsEmpty()) << other;
  }
}

TEST(ScanCell, ReportsEachKindOnce) {
  EXPECT_THAT(ScanCell({"13800138000,13900139000,a@example.com", ""}),
              ElementsAre(Kind::kMobilePhone, Kind::kEmail));
}

TEST(ScanPublicText, AllowsTalkOfPlacesButNotNumbersOfPersons) {
  EXPECT_THAT(ScanPublicText("覆盖人民路1号换热站"), IsEmpty());
  EXPECT_THAT(ScanPublicText("联系 13800138000"),
              ElementsAre(Kind::kMobilePhone));
}

TEST(MaskingAdvice, ExistsForEveryKind) {
  for (Kind kind : {Kind::kIdNumber, Kind::kMobilePhone, Kind::kBankCard,
                    Kind::kEmail, Kind::kPlate, Kind::kAddress}) {
    EXPECT_FALSE(NameZh(kind).empty());
    EXPECT_FALSE(NameEn(kind).empty());
    EXPECT_FALSE(MaskingAdvice(kind).empty());
    EXPECT_FALSE(MaskingAdviceEn(kind).empty());
  }
}

}  // namespace
}  // namespace dataip::registry
