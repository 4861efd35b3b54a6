#include "core/registry/values/canonical.h"

#include "dataip/registry/v1/command.pb.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace dataip::registry {
namespace {

using ::dataip::testing::StatusIs;
using ::testing::HasSubstr;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

v1::Command Sample() {
  v1::Command command;
  command.set_command_id(std::string(16, 'c'));
  command.mutable_issued_at()->set_seconds(1'700'000'000);
  command.set_actor("root");
  v1::RegisterOfficer* body = command.mutable_register_officer();
  body->set_officer_id("examiner-1");
  body->add_roles(v1::EXAMINER);
  body->add_roles(v1::APPROVER);
  return command;
}

TEST(ParseCanonical, ReadsWhatSerializeCanonicalWrites) {
  const std::string bytes = SerializeCanonical(Sample());
  const auto command = ParseCanonical<v1::Command>(bytes);
  ASSERT_OK(command);
  EXPECT_EQ(SerializeCanonical(*command), bytes);
  EXPECT_EQ(bytes, Sample().SerializeAsString());
}

TEST(ParseCanonical, RefusesEveryTruncation) {
  const std::string bytes = SerializeCanonical(Sample());
  for (size_t size = 1; size < bytes.size(); ++size) {
    const auto parsed = ParseCanonical<v1::Command>(bytes.substr(0, size));
    // A cut between two fields is a shorter canonical message.
    if (parsed.ok()) {
      EXPECT_EQ(SerializeCanonical(*parsed).size(), size);
    }
  }
  EXPECT_THAT(ParseCanonical<v1::Command>(bytes.substr(0, bytes.size() - 1)),
              StatusIs(kInvalid));
}

TEST(ParseCanonical, RefusesUnknownFieldsAtAnyDepth) {
  const std::string field_900("\xa2\x38\x01x", 4);
  EXPECT_THAT(
      ParseCanonical<v1::Command>(SerializeCanonical(Sample()) + field_900),
      StatusIs(kInvalid,
               HasSubstr("unknown field in dataip.registry.v1.Comm")));
  v1::Command command = Sample();
  v1::RegisterOfficer::GetReflection()
      ->MutableUnknownFields(command.mutable_register_officer())
      ->AddVarint(900, 1);
  EXPECT_THAT(ParseCanonical<v1::Command>(command.SerializeAsString()),
              StatusIs(kInvalid, HasSubstr("RegisterOfficer")));
}

TEST(ParseCanonical, RefusesUnknownEnumValues) {
  v1::Command command = Sample();
  command.mutable_register_officer()->add_roles(
      static_cast<v1::OfficerRole>(99));
  EXPECT_THAT(ParseCanonical<v1::Command>(command.SerializeAsString()),
              StatusIs(kInvalid, HasSubstr("roles")));
  command = Sample();
  command.mutable_register_officer()->mutable_key()->set_algorithm(
      static_cast<v1::KeyAlgorithm>(77));
  EXPECT_THAT(ParseCanonical<v1::Command>(command.SerializeAsString()),
              StatusIs(kInvalid, HasSubstr("algorithm")));
}

TEST(ParseCanonical, RefusesOtherSpellings) {
  const struct {
    const char* what;
    std::string bytes;
  } kSpellings[] = {
      {"default present", std::string("\x28\x00", 2)},
      {"long varint", std::string("\x28\x81\x00", 3)},
      {"fields descending", std::string("\x28\x01\x22\x01r", 5)},
      {"field twice", std::string("\x22\x01r\x22\x01r", 6)},
      {"empty string present", std::string("\x22\x00", 2)},
      {"long length", std::string("\x22\x81\x00r", 4)},
      {"unpacked enums", std::string("\x62\x04\x10\x01\x10\x02", 6)},
      {"invalid UTF-8", std::string("\x22\x01\xff", 3)},
      {"group", std::string("\x23\x24", 2)},
  };
  for (const auto& spelling : kSpellings) {
    EXPECT_THAT(ParseCanonical<v1::Command>(spelling.bytes), StatusIs(kInvalid))
        << spelling.what;
  }
}

TEST(ParseCanonical, AcceptsTheEmptyMessage) {
  EXPECT_OK(ParseCanonical<v1::Command>(std::string()));
}

}  // namespace
}  // namespace dataip::registry
