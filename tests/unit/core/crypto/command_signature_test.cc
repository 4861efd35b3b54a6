#include "core/crypto/command_signature.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/unit/core/crypto/bytes.h"

namespace dataip::crypto {
namespace {

using namespace std::string_literals;

TEST(CommandMessage, JoinsItsPartsWithZeroBytes) {
  EXPECT_EQ(CommandMessage({"ledger.example", "00ff", B("\x0a\x10"s)}),
            "dataip.command.v1\0ledger.example\0"s
            "00ff\0\x0a\x10"s);
}

TEST(CommandMessage, DiffersWhenAByteMovesToTheNeighbour) {
  EXPECT_NE(CommandMessage({"ab", "c", B("d")}),
            CommandMessage({"a", "bc", B("d")}));
  EXPECT_NE(CommandMessage({"ab", "c", B("d")}),
            CommandMessage({"ab", "cd", B("")}));
}

TEST(CertificateMessage, IsNoCommandMessage) {
  EXPECT_EQ(CertificateMessage("ledger.example", B("content")),
            "dataip.certificate.v1\0ledger.example\0content"s);
  EXPECT_NE(CertificateMessage("o", B("c")), CommandMessage({"o", "", B("c")}));
}

TEST(OpeningCommitment, IsSha256OfPrefixSaltAndValue) {
  const std::string salt(32, '\x07');
  EXPECT_EQ(
      OpeningCommitment(B(salt), B("330106198001010018")),
      hash::Sha256(B("dataip.opening.v1\0"s + salt + "330106198001010018")));
  EXPECT_NE(OpeningCommitment(B(salt), B("a")),
            OpeningCommitment(B(std::string(32, '\x08')), B("a")));
}

TEST(OpeningCommitmentDeathTest, DemandsASaltOf32Bytes) {
  EXPECT_DEATH(OpeningCommitment(B("short"), B("a")), "salt");
}

}  // namespace
}  // namespace dataip::crypto
