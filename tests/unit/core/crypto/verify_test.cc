#include "core/crypto/verify.h"

#include <openssl/ec.h>

#include <random>
#include <string>
#include <thread>
#include <vector>

#include "core/crypto/openssl.h"
#include "core/crypto/signer.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/core/crypto/bytes.h"

namespace dataip::crypto {
namespace {

// GM/T 0003.5 annex A with the curve of GB/T 32918.5.
constexpr char kSm2Point[] =
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";
constexpr char kSm2Z[] =
    "b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3";
constexpr char kSm2E[] =
    "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640";
constexpr char kSm2R[] =
    "00f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3";
constexpr char kSm2S[] =
    "00b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";
constexpr char kSm2Order[] =
    "00fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";
constexpr char kP256Order[] =
    "00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
const std::string kSm2Message = "message digest";

PublicKey KeyOf(Algorithm algorithm, const std::string& hex) {
  auto key = PublicKey::FromRaw(algorithm, Hex(hex));
  EXPECT_OK(key);
  return *std::move(key);
}

PublicKey Sm2Key() { return KeyOf(Algorithm::kSm2, kSm2Point); }

bool VerifiesSm2(const std::vector<uint8_t>& signature) {
  return Verify(Sm2Key(), B(kSm2Message), signature);
}

TEST(VerifySm2, KnownAnswerOfGmt00035) {
  EXPECT_TRUE(VerifiesSm2(DerOf(kSm2R, kSm2S)));
  EXPECT_EQ(base::HexEncode(Sm2Key().prepared().sm2_z.span()), kSm2Z);
  EXPECT_EQ(base::HexEncode(
                MessageDigest(Sm2Key().prepared(), B(kSm2Message)).span()),
            kSm2E);
}

TEST(VerifyP256, KnownAnswerOfRfc6979) {
  const PublicKey key =
      KeyOf(Algorithm::kP256,
            "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
            "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
  const auto signature = DerOf(
      "00efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
      "00f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
  EXPECT_TRUE(Verify(key, B("sample"), signature));
  EXPECT_FALSE(Verify(key, B("samplf"), signature));
}

TEST(VerifyEd25519, KnownAnswersOfRfc8032) {
  EXPECT_TRUE(Verify(
      KeyOf(Algorithm::kEd25519,
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
      {},
      Hex("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8"
          "821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")));
  EXPECT_TRUE(Verify(
      KeyOf(Algorithm::kEd25519,
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"),
      Hex("72"),
      Hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085a"
          "c1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")));
}

struct BadForm {
  const char* name;
  std::vector<uint8_t> signature;
};

std::vector<BadForm> BadForms() {
  const std::vector<uint8_t> good = DerOf(kSm2R, kSm2S);
  std::vector<BadForm> forms = {
      {"empty", {}},
      {"only a tag", {0x30}},
      {"empty sequence", {0x30, 0x00}},
      {"one integer", Hex("3003020101")},
      {"three integers", Hex("3009020101020101020101")},
      {"r is zero", DerOf("00", kSm2S)},
      {"s is zero", DerOf(kSm2R, "00")},
      {"r has no byte", DerOf("", kSm2S)},
      {"r is the order", DerOf(kSm2Order, kSm2S)},
      {"s is the order", DerOf(kSm2R, kSm2Order)},
      {"r is negative", DerOf(std::string(kSm2R).substr(2), kSm2S)},
      {"s is negative", DerOf(kSm2R, std::string(kSm2S).substr(2))},
      {"r has a zero too many", DerOf("00" + std::string(kSm2R), kSm2S)},
      {"s has a zero too many", DerOf(kSm2R, "00" + std::string(kSm2S))},
      {"small r has a leading zero", DerOf("0001", kSm2S)},
      {"r has 33 bytes", DerOf("01" + std::string(kSm2R).substr(2), kSm2S)},
      {"raw r and s",
       Hex(std::string(kSm2R).substr(2) + std::string(kSm2S).substr(2))},
  };
  auto edit = [&](const char* name, auto change) {
    std::vector<uint8_t> bytes = good;
    change(bytes);
    forms.push_back({name, bytes});
  };
  edit("byte behind", [](auto& b) { b.push_back(0); });
  edit("byte inside the sequence", [](auto& b) {
    b.push_back(0);
    ++b[1];
  });
  edit("length one short", [](auto& b) { --b[1]; });
  edit("length one long", [](auto& b) { ++b[1]; });
  edit("long form of length", [](auto& b) { b.insert(b.begin() + 1, 0x81); });
  edit("indefinite length", [](auto& b) {
    b[1] = 0x80;
    b.push_back(0);
    b.push_back(0);
  });
  edit("long form of r's length", [](auto& b) {
    b.insert(b.begin() + 3, 0x81);
    ++b[1];
  });
  edit("set instead of sequence", [](auto& b) { b[0] = 0x31; });
  edit("octet string instead of integer", [](auto& b) { b[2] = 0x04; });
  return forms;
}

TEST(VerifySm2, RefusesEveryOtherFormOfASignature) {
  for (const BadForm& form : BadForms()) {
    EXPECT_FALSE(IsStrictSignature(Algorithm::kSm2, form.signature))
        << form.name;
    EXPECT_FALSE(VerifiesSm2(form.signature)) << form.name;
  }
}

TEST(VerifySm2, RefusesEveryTruncation) {
  const std::vector<uint8_t> good = DerOf(kSm2R, kSm2S);
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(
        VerifiesSm2({good.begin(), good.begin() + static_cast<long>(size)}));
  }
}

TEST(IsStrictSignature, EndsAtTheOrderOfTheCurve) {
  const std::string below_sm2 = std::string(kSm2Order).substr(0, 64) + "22";
  const std::string below_p256 = std::string(kP256Order).substr(0, 64) + "50";
  EXPECT_TRUE(IsStrictSignature(Algorithm::kSm2, DerOf(below_sm2, below_sm2)));
  EXPECT_TRUE(
      IsStrictSignature(Algorithm::kP256, DerOf(below_p256, below_p256)));
  EXPECT_FALSE(
      IsStrictSignature(Algorithm::kP256, DerOf(kP256Order, below_p256)));
  // The order of SM2 is the smaller one.
  EXPECT_TRUE(IsStrictSignature(Algorithm::kP256, DerOf("01", kSm2Order)));
  EXPECT_FALSE(IsStrictSignature(Algorithm::kSm2, DerOf("01", below_p256)));
  EXPECT_TRUE(IsStrictSignature(Algorithm::kSm2, DerOf("01", "7f")));
  EXPECT_TRUE(IsStrictSignature(Algorithm::kSm2, DerOf("0080", "01")));
}

// OpenSSL reads leniently and writes strictly: what it writes back unchanged
// is DER.
bool IsDerByOpenSsl(const std::vector<uint8_t>& bytes) {
  const unsigned char* at = bytes.data();
  ECDSA_SIG* const parsed =
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(bytes.size()));
  if (parsed == nullptr) return false;
  unsigned char* again = nullptr;
  const int size = i2d_ECDSA_SIG(parsed, &again);
  const bool same =
      size > 0 && std::vector<uint8_t>(again, again + size) == bytes;
  const bool positive = BN_is_negative(ECDSA_SIG_get0_r(parsed)) == 0 &&
                        BN_is_negative(ECDSA_SIG_get0_s(parsed)) == 0 &&
                        BN_is_zero(ECDSA_SIG_get0_r(parsed)) == 0 &&
                        BN_is_zero(ECDSA_SIG_get0_s(parsed)) == 0;
  OPENSSL_free(again);
  ECDSA_SIG_free(parsed);
  return same && positive;
}

TEST(IsStrictSignature, AgreesWithOpenSslOnMutations) {
  std::mt19937 random(1);
  const std::vector<std::vector<uint8_t>> seeds = {
      DerOf("01", "7f"), DerOf("0080", "01"), DerOf("7fff", "00ff00"),
      DerOf("1234567890abcdef", "00deadbeef")};
  int accepted = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::vector<uint8_t> bytes = seeds[random() % seeds.size()];
    for (unsigned edits = random() % 4; edits > 0; --edits) {
      const size_t at = random() % bytes.size();
      switch (random() % 3) {
        case 0:
          bytes[at] = static_cast<uint8_t>(random() % 8 == 0 ? 0x81 : random());
          break;
        case 1:
          bytes.insert(bytes.begin() + static_cast<long>(at), 0);
          break;
        default:
          if (bytes.size() > 1)
            bytes.erase(bytes.begin() + static_cast<long>(at));
      }
    }
    const bool strict = IsStrictSignature(Algorithm::kP256, bytes);
    accepted += strict;
    ASSERT_EQ(strict, IsDerByOpenSsl(bytes)) << base::HexEncode(bytes);
  }
  EXPECT_GT(accepted, 20'000);
}

class VerifyWith : public ::testing::TestWithParam<Algorithm> {
 protected:
  void SetUp() override {
    auto key = PrivateKey::Generate(GetParam());
    ASSERT_OK(key);
    key_.emplace(*std::move(key));
    auto signature = key_->Sign(B(message_));
    ASSERT_OK(signature);
    signature_ = *signature;
  }
  const PublicKey& key() const { return key_->public_key(); }

  const std::string message_ = "certificates/20261133000000042";
  std::optional<PrivateKey> key_;
  std::string signature_;
};

TEST_P(VerifyWith, RefusesEveryBitFlip) {
  ASSERT_TRUE(Verify(key(), B(message_), B(signature_)));
  for (size_t bit = 0; bit < signature_.size() * 8; ++bit) {
    std::string other = signature_;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(Verify(key(), B(message_), B(other))) << bit;
  }
  for (size_t bit = 0; bit < message_.size() * 8; ++bit) {
    std::string other = message_;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(Verify(key(), B(other), B(signature_))) << bit;
  }
}

TEST_P(VerifyWith, RefusesTruncatedAndExtendedSignatures) {
  EXPECT_FALSE(Verify(key(), B(message_), {}));
  EXPECT_FALSE(Verify(key(), B(message_), B(signature_ + '\0')));
  EXPECT_FALSE(Verify(key(), B(message_),
                      B(signature_.substr(0, signature_.size() - 1))));
}

TEST_P(VerifyWith, RefusesAnotherKey) {
  ASSERT_OK_AND_ASSIGN(const PrivateKey other,
                       PrivateKey::Generate(GetParam()));
  EXPECT_FALSE(Verify(other.public_key(), B(message_), B(signature_)));
}

TEST_P(VerifyWith, RefusesKeysOfOtherAlgorithms) {
  for (const Algorithm algorithm :
       {Algorithm::kSm2, Algorithm::kP256, Algorithm::kEd25519}) {
    if (algorithm == GetParam()) continue;
    ASSERT_OK_AND_ASSIGN(const PrivateKey other,
                         PrivateKey::Generate(algorithm));
    EXPECT_FALSE(Verify(other.public_key(), B(message_), B(signature_)));
  }
}

TEST_P(VerifyWith, GivesTheSameAnswersInManyThreadsOnOneKey) {
  std::string broken = signature_;
  broken.back() ^= 1;
  std::vector<int> wrong(4);
  std::vector<std::thread> threads;
  for (int& count : wrong) {
    threads.emplace_back([&, this] {
      for (int i = 0; i < 100; ++i) {
        count += !Verify(key(), B(message_), B(signature_));
        count += Verify(key(), B(message_), B(broken));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4));
}

INSTANTIATE_TEST_SUITE_P(Algorithms, VerifyWith,
                         ::testing::Values(Algorithm::kSm2, Algorithm::kP256,
                                           Algorithm::kEd25519),
                         [](const auto& parameter) {
                           const absl::string_view name =
                               AlgorithmName(parameter.param);
                           return std::string(name.data(), name.size());
                         });

// What OpenSSL does when it is not told the user ID, or another one.
std::string SignSm2As(const PrivateKey& key, const std::string& user_id,
                      const std::string& message) {
  EVP_PKEY* const pkey = key.prepared().pkey.get();
  const PkeyCtxPtr pkey_ctx(EVP_PKEY_CTX_new(pkey, nullptr));
  const MdCtxPtr ctx(EVP_MD_CTX_new());
  if (!user_id.empty()) {
    EVP_PKEY_CTX_set1_id(pkey_ctx.get(), user_id.data(), user_id.size());
  }
  EVP_MD_CTX_set_pkey_ctx(ctx.get(), pkey_ctx.get());
  EVP_DigestSignInit(ctx.get(), nullptr, EVP_sm3(), nullptr, pkey);
  std::string signature(80, '\0');
  size_t size = signature.size();
  EXPECT_EQ(EVP_DigestSign(ctx.get(),
                           reinterpret_cast<unsigned char*>(signature.data()),
                           &size, B(message).data(), message.size()),
            1);
  signature.resize(size);
  return signature;
}

TEST(VerifySm2, RefusesOtherUserIds) {
  ASSERT_OK_AND_ASSIGN(const PrivateKey key,
                       PrivateKey::Generate(Algorithm::kSm2));
  for (const char* user_id : {"", "1234567812345679", "ALICE123@YAHOO.COM"}) {
    const std::string signature = SignSm2As(key, user_id, kSm2Message);
    EXPECT_FALSE(Verify(key.public_key(), B(kSm2Message), B(signature)))
        << user_id;
  }
  EXPECT_TRUE(Verify(key.public_key(), B(kSm2Message),
                     B(SignSm2As(key, "1234567812345678", kSm2Message))));
}

TEST(VerifyP256, RefusesAnotherHash) {
  ASSERT_OK_AND_ASSIGN(const PrivateKey key,
                       PrivateKey::Generate(Algorithm::kP256));
  // A signature over the hash as message is one over SHA-256(SHA-256(m)).
  const hash::Hash digest = hash::Sha256(B(kSm2Message));
  ASSERT_OK_AND_ASSIGN(const std::string signature, key.Sign(digest.span()));
  EXPECT_FALSE(Verify(key.public_key(), B(kSm2Message), B(signature)));
}

TEST(Verify, LeavesNoErrorsInOpenSslsQueue) {
  const std::string garbage(64, 'x');
  ASSERT_OK_AND_ASSIGN(const PrivateKey key,
                       PrivateKey::Generate(Algorithm::kEd25519));
  EXPECT_FALSE(Verify(key.public_key(), B("m"), B(garbage)));
  EXPECT_FALSE(VerifiesSm2(DerOf("01", "01")));
  EXPECT_FALSE(
      PublicKey::FromRaw(Algorithm::kSm2, std::vector<uint8_t>(65, 4)).ok());
  EXPECT_EQ(OpenSslFailure("nothing").message(), "nothing: no reason given");
}

}  // namespace
}  // namespace dataip::crypto
