#include "core/registry/values/identifiers.h"

#include "core/registry/values/number_scheme.h"
#include "gtest/gtest.h"

namespace dataip::registry {
namespace {

// Every other character in the last place.
template <typename IsValid>
void ExpectOneCheckCharacter(std::string text, IsValid is_valid) {
  ASSERT_TRUE(is_valid(text)) << text;
  const char right = text.back();
  for (char c : std::string("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
    text.back() = c;
    EXPECT_EQ(is_valid(text), c == right) << text;
  }
}

TEST(IsValidUscc, AcceptsRealCodesWithOneCheckCharacterEach) {
  for (const char* code :
       {"914403001922038216", "9144030071526726XG", "91330100716105852F",
        "11330105002500287C", "113300000024824107", "91330382MA00005413",
        "91330382MA00006569", "11330300000003308B"}) {
    ExpectOneCheckCharacter(code, IsValidUscc);
  }
}

TEST(IsValidUscc, RefusesOtherShapes) {
  for (const char* code :
       {"", "91440300192203821", "9144030019220382166", "9144I3001922038216",
        "91440300192203821x", "914403OO1922038216", "A14A03001922038216"}) {
    EXPECT_FALSE(IsValidUscc(code)) << code;
  }
}

TEST(IsValidUscc, ChecksTheOrganisationCodeInside) {
  // Right outer check character over a wrong inner one.
  std::string code = "91440300192203822";
  code += *UsccCheckCharacter(code);
  EXPECT_FALSE(IsValidUscc(code));
}

TEST(UsccCheckCharacter, RefusesOtherCharacters) {
  EXPECT_EQ(UsccCheckCharacter("9144030019220382"), std::nullopt);
  EXPECT_EQ(UsccCheckCharacter("9144030019220382I"), std::nullopt);
}

TEST(IsValidIdNumber, ChecksDateAndCheckCharacter) {
  ExpectOneCheckCharacter("11010519491231002X", IsValidIdNumber);
  EXPECT_TRUE(IsValidIdNumber("440524188001010014"));
  EXPECT_FALSE(IsValidIdNumber("11010519490231002X"));
  EXPECT_FALSE(IsValidIdNumber("11010519491231002"));
  EXPECT_FALSE(IsValidIdNumber("01010519491231002X"));
  EXPECT_FALSE(IsValidIdNumber("1101051949123100aX"));
}

// Of the three identifiers of GB/T 36904, the parts without dots.
TEST(IsValidMod3736, AcceptsRealIdentifiersWithOneCheckCharacterEach) {
  for (const char* text :
       {"11100000000013338W01111430000006122244L20230000403001U",
        "11100000000013338W00911330105002500287C20250522010020",
        "11100000MB032716990223401000000000160019"}) {
    ExpectOneCheckCharacter(text, IsValidMod3736);
  }
}

TEST(IsValidMod3736, RefusesOtherCharacters) {
  EXPECT_EQ(Mod3736CheckCharacter(""), std::nullopt);
  EXPECT_EQ(Mod3736CheckCharacter("12a"), std::nullopt);
  EXPECT_FALSE(IsValidMod3736("U"));
}

TEST(NormaliseIdentifier, TrimsWidensAndRaises) {
  EXPECT_EQ(NormaliseIdentifier("　９133０100716105852f "),
            "91330100716105852F");
}

TEST(IsOfficerId, RefusesOtherShapes) {
  for (const char* id : {"", "-a", "a-", "A1", "a_b", "a b", "审"}) {
    EXPECT_FALSE(IsOfficerId(id)) << id;
  }
  EXPECT_FALSE(IsOfficerId(std::string(65, 'a')));
  EXPECT_TRUE(IsOfficerId("examiner-1"));
}

TEST(IsPartyNumber, RefusesOtherShapes) {
  EXPECT_TRUE(IsPartyNumber("P0000001"));
  for (const char* number :
       {"", "P000001", "P00000001", "p0000001", "P000000x"}) {
    EXPECT_FALSE(IsPartyNumber(number)) << number;
  }
}

TEST(NumberScheme, MakesTheUnifiedForm) {
  const CivilDate day{2024, 7, 5};
  EXPECT_EQ(PartyNumber(1), "P0000001");
  EXPECT_EQ(ApplicationNumber(day, 54), "20240000054");
  EXPECT_EQ(LicenceNumber(day, 3), "L20240000003");
  EXPECT_EQ(NumberScheme{"3300"}.CertificateNumber(day, 1),
            "20240733000000001");
  EXPECT_EQ(NumberScheme{"3300"}.CertificateNumber(day, kSerial7),
            "20240733009999999");
}

TEST(NumberScheme, ReadsItsSerials) {
  const CivilDate day{2024, 7, 5};
  EXPECT_EQ(CertificateSerial(NumberScheme{"3300"}.CertificateNumber(day, 54)),
            54u);
  EXPECT_EQ(
      RegistrationSerial(RegistrationNumber(day, {'4', '1'}, 123'456'789)),
      123'456'789u);
  for (const char* other : {"", "123456", "2024-073300000x054", "浙数登2023"}) {
    EXPECT_EQ(CertificateSerial(other), 0u) << other;
    EXPECT_EQ(RegistrationSerial(other), 0u) << other;
  }
}

TEST(RegistrationNumber, HasSixteenCharactersAndItsCheck) {
  const std::string number =
      RegistrationNumber({2024, 7, 5}, {'4', '1'}, 123'456'789);
  EXPECT_EQ(number.substr(0, 15), "202441123456789");
  ASSERT_EQ(number.size(), 16u);
  ExpectOneCheckCharacter(number, IsValidMod3736);
}

}  // namespace
}  // namespace dataip::registry
