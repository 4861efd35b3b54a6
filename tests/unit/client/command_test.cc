#include "client/command.h"

#include "absl/strings/str_replace.h"
#include "core/crypto/command_signature.h"
#include "core/crypto/verify.h"
#include "tests/support/status_matchers.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using ::dataip::testing::IsOk;
using ::dataip::testing::StatusIs;
using ::testing::HasSubstr;

constexpr char kOrigin[] = "ledger.test/cli";

crypto::PrivateKey Key(crypto::Algorithm algorithm) {
  return *crypto::PrivateKey::Generate(algorithm);
}

v1::Command NoticeCommand() {
  google::protobuf::Timestamp now;
  now.set_seconds(1'718'845'200);
  v1::Command command = StartCommand({.actor = "officers/examiner-1",
                                      .now = now,
                                      .life_s = 3'600,
                                      .version = 3});
  command.mutable_open_notice()->set_application_no("20240000001");
  return command;
}

CommandFile HalfSigned(const crypto::PrivateKey& key) {
  CommandFile file;
  file.origin = kOrigin;
  file.commands.resize(2);
  for (PendingCommand& pending : file.commands) {
    pending.command = *SignCommand(NoticeCommand(), kOrigin, {&key, 1});
  }
  v1::Opening opening;
  opening.set_salt(std::string(32, '\xff'));
  opening.set_value("0577-\"数据\"");
  file.commands[1].openings.push_back(opening);
  return file;
}

TEST(StartCommand, HasAFreshIdAndTheTimesOfTheRegistry) {
  const v1::Command command = NoticeCommand();
  EXPECT_EQ(command.command_id().size(), 16u);
  EXPECT_NE(command.command_id(), NoticeCommand().command_id());
  EXPECT_EQ(command.issued_at().seconds(), 1'718'845'200);
  EXPECT_EQ(command.expires_at().seconds(), 1'718'848'800);
  EXPECT_EQ(command.version(), 3u);
}

TEST(SignCommand, RefusesNoKeyAKeyTwiceAndTooMany) {
  const v1::Command command = NoticeCommand();
  EXPECT_THAT(SignCommand(command, kOrigin, {}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  const crypto::PrivateKey key = Key(crypto::Algorithm::kEd25519);
  const std::vector<crypto::PrivateKey> twice = {key, key};
  EXPECT_THAT(SignCommand(command, kOrigin, twice),
              StatusIs(absl::StatusCode::kInvalidArgument));
  std::vector<crypto::PrivateKey> nine;
  for (int i = 0; i < 9; ++i) nine.push_back(Key(crypto::Algorithm::kEd25519));
  EXPECT_THAT(SignCommand(command, kOrigin, nine),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(SignCommand, SignsTheSameBytesInAscendingOrderOfKeyId) {
  const std::vector<crypto::PrivateKey> keys = {
      Key(crypto::Algorithm::kSm2), Key(crypto::Algorithm::kP256),
      Key(crypto::Algorithm::kEd25519)};
  ASSERT_OK_AND_ASSIGN(const v1::SignedCommand command,
                       SignCommand(NoticeCommand(), kOrigin, keys));
  ASSERT_EQ(command.signatures_size(), 3);
  std::string before;
  for (const v1::Signature& signature : command.signatures()) {
    EXPECT_LT(before, signature.key_id());
    before = signature.key_id();
    for (const crypto::PrivateKey& key : keys) {
      if (key.KeyId() != signature.key_id()) continue;
      EXPECT_TRUE(crypto::Verify(
          key.public_key(),
          hash::AsBytes(crypto::CommandMessage(
              {kOrigin, key.KeyId(), hash::AsBytes(command.command())})),
          hash::AsBytes(signature.signature())));
    }
  }
}

TEST(AddSignature, RefusesAKeyThatHasSigned) {
  const crypto::PrivateKey key = Key(crypto::Algorithm::kSm2);
  CommandFile file = HalfSigned(key);
  EXPECT_THAT(AddSignature(kOrigin, key, file.commands[0].command),
              StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST(CommandFile, ComesBackAsItWasWritten) {
  const CommandFile file = HalfSigned(Key(crypto::Algorithm::kSm2));
  const std::string text = FormatCommandFile(file);
  EXPECT_EQ(text.find("{\n  \"format\": 1,"), 0u);
  ASSERT_OK_AND_ASSIGN(const CommandFile read, ParseCommandFile(text));
  EXPECT_EQ(read.origin, kOrigin);
  ASSERT_EQ(read.commands.size(), 2u);
  EXPECT_EQ(read.commands[0].command.SerializeAsString(),
            file.commands[0].command.SerializeAsString());
  EXPECT_EQ(read.commands[1].openings[0].value(), "0577-\"数据\"");
  EXPECT_EQ(FormatCommandFile(read), text);
}

TEST(CommandFile, TakesTheSecondSignatureOfAnotherOfficer) {
  CommandFile file = HalfSigned(Key(crypto::Algorithm::kSm2));
  ASSERT_OK_AND_ASSIGN(CommandFile read,
                       ParseCommandFile(FormatCommandFile(file)));
  EXPECT_THAT(AddSignature(read.origin, Key(crypto::Algorithm::kP256),
                           read.commands[0].command),
              IsOk());
  EXPECT_EQ(read.commands[0].command.command(),
            file.commands[0].command.command());
  EXPECT_EQ(read.commands[0].command.signatures_size(), 2);
}

TEST(ParseCommandFile, RefusesEveryOtherSpelling) {
  const std::string text =
      FormatCommandFile(HalfSigned(Key(crypto::Algorithm::kSm2)));
  const std::pair<const char*, const char*> kEdits[] = {
      {"\"format\": 1,", "\"format\": 0,"},
      {"\"format\": 1,", "\"format\": 1, \"note\": \"x\","},
      {"\"format\": 1,", "\"format\": 1, \"format\": 1,"},
      {"\"origin\": ", "\"Origin\": "},
      {"\"signatures\"", "\"Signatures\""},
      {"\"openings\": []", "\"openings\": [1]"},
      {"\"command\": \"", "\"command\": \"!"},
      {"  ]\n}\n", "  ]\n}\n\n"}};
  for (const auto& [from, to] : kEdits) {
    std::string edited = text;
    edited.replace(edited.find(from), std::string(from).size(), to);
    EXPECT_THAT(ParseCommandFile(edited),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << to;
  }
  for (size_t size = 0; size < text.size(); size += 7) {
    EXPECT_THAT(ParseCommandFile(text.substr(0, size)),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST(ParseCommandFile, CannotReadAHigherFormat) {
  const std::string text = absl::StrReplaceAll(
      FormatCommandFile(HalfSigned(Key(crypto::Algorithm::kSm2))),
      {{"\"format\": 1,", "\"format\": 2,"}});
  EXPECT_THAT(ParseCommandFile(text), StatusIs(absl::StatusCode::kUnimplemented,
                                               HasSubstr("higher format")));
}

TEST(ParseCommandFile, RefusesACommandThatIsNotCanonical) {
  CommandFile file = HalfSigned(Key(crypto::Algorithm::kSm2));
  // An unknown field behind the known ones.
  file.commands[0].command.mutable_command()->append("\xf8\x07\x01", 3);
  EXPECT_THAT(ParseCommandFile(FormatCommandFile(file)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(SubjectOf, IsWhatTheCommandActsOn) {
  v1::Command command = NoticeCommand();
  EXPECT_EQ(BodyName(command), "open_notice");
  EXPECT_EQ(SubjectOf(command), "20240000001");
  command.mutable_advance_clock();
  EXPECT_EQ(SubjectOf(command), "");
  EXPECT_EQ(BodyName(v1::Command()), "");
}

}  // namespace
}  // namespace dataip::client
