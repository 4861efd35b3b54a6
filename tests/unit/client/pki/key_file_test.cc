#include "client/pki/key_file.h"

#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "gtest/gtest.h"
#include "tests/support/process.h"
#include "tests/support/status_matchers.h"

namespace dataip::client {
namespace {

using ::dataip::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

crypto::PrivateKey NewKey(crypto::Algorithm algorithm) {
  auto key = crypto::PrivateKey::Generate(algorithm);
  EXPECT_OK(key);
  return *std::move(key);
}

mode_t ModeOf(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(stat(path.c_str(), &status), 0);
  return status.st_mode & 07777;
}

size_t FilesIn(const std::string& folder) {
  size_t count = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    (void)file;
    ++count;
  }
  return count;
}

TEST(WriteKeyFile, NeverOverwrites) {
  test::TempDir dir;
  test::WriteFile(dir / "key.pem", "precious");
  EXPECT_THAT(WriteKeyFile(dir / "key.pem", NewKey(crypto::Algorithm::kP256)),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("key.pem")));
  EXPECT_EQ(test::ReadFile(dir / "key.pem"), "precious");
  EXPECT_EQ(FilesIn(dir.path()), 1u);
}

TEST(WriteKeyFile, LeavesNothingWhereItCannotWrite) {
  test::TempDir dir;
  EXPECT_THAT(
      WriteKeyFile(dir / "no/key.pem", NewKey(crypto::Algorithm::kP256)),
      StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(FilesIn(dir.path()), 0u);
}

TEST(WriteKeyFile, IsReadableByTheOwnerOnly) {
  test::TempDir dir;
  EXPECT_OK(WriteKeyFile(dir / "key.pem", NewKey(crypto::Algorithm::kSm2)));
  EXPECT_EQ(ModeOf(dir / "key.pem"), 0600u);
  EXPECT_OK(WriteNewFile(dir / "cert.pem", "c", Access::kEveryone));
  EXPECT_EQ(ModeOf(dir / "cert.pem"), 0644u);
  EXPECT_EQ(FilesIn(dir.path()), 2u);
}

TEST(ReadKeyFile, SaysWhichFileIsMissingOrWrong) {
  test::TempDir dir;
  EXPECT_THAT(ReadKeyFile(dir / "none.pem"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("none.pem")));
  test::WriteFile(dir / "wrong.pem", "secret words");
  const auto wrong = ReadKeyFile(dir / "wrong.pem");
  EXPECT_THAT(wrong, StatusIs(absl::StatusCode::kInvalidArgument,
                              HasSubstr("wrong.pem")));
  EXPECT_THAT(std::string(wrong.status().message()),
              Not(HasSubstr("secret words")));
  test::WriteFile(dir / "long.pem", std::string((1 << 20) + 1, 'x'));
  EXPECT_FALSE(ReadKeyFile(dir / "long.pem").ok());
  EXPECT_FALSE(ReadKeyFile(dir.path()).ok());
}

TEST(ReadKeyFile, ReadsWhatWriteKeyFileWrote) {
  test::TempDir dir;
  for (const auto algorithm :
       {crypto::Algorithm::kSm2, crypto::Algorithm::kP256,
        crypto::Algorithm::kEd25519}) {
    const crypto::PrivateKey key = NewKey(algorithm);
    const std::string path = dir / key.KeyId();
    ASSERT_OK(WriteKeyFile(path, key));
    ASSERT_OK_AND_ASSIGN(const auto again, ReadKeyFile(path));
    EXPECT_EQ(again.KeyId(), key.KeyId());
    ASSERT_OK_AND_ASSIGN(const auto public_part, ReadPublicKeyFile(path));
    EXPECT_EQ(public_part, key.public_key());
  }
}

TEST(ReadPublicKeyFile, TakesAPublicKeyAndNothingElse) {
  test::TempDir dir;
  const crypto::PrivateKey key = NewKey(crypto::Algorithm::kEd25519);
  test::WriteFile(dir / "public.pem", key.public_key().ToPem());
  ASSERT_OK_AND_ASSIGN(const auto read, ReadPublicKeyFile(dir / "public.pem"));
  EXPECT_EQ(read, key.public_key());
  test::WriteFile(dir / "other.pem", "x");
  EXPECT_THAT(ReadPublicKeyFile(dir / "other.pem"),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace dataip::client
