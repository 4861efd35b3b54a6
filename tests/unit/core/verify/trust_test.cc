#include "core/verify/trust.h"

#include "absl/strings/str_replace.h"
#include "core/verify/json.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/core/verify/sample.h"

namespace dataip::verify {
namespace {

using ::dataip::testing::IsOk;
using ::dataip::testing::StatusIs;
using test::Sample;
using ::testing::Not;

std::string Replaced(const std::string& from, const std::string& to) {
  const std::string& text = Sample().trust_json;
  EXPECT_NE(text.find(from), std::string::npos) << from;
  return absl::StrReplaceAll(text, {{from, to}});
}

TEST(ParseTrust, ReadsWhatFormatTrustWrites) {
  const auto trust = ParseTrust(Sample().trust_json);
  ASSERT_THAT(trust, IsOk());
  EXPECT_EQ(trust->origin, Sample().origin);
  EXPECT_EQ(trust->ledger_keys.size(), 2u);
  EXPECT_EQ(trust->issuing_cas.size(), 2u);
  EXPECT_EQ(trust->max_age_hours, 168u);
  EXPECT_TRUE(trust->demonstration);
}

TEST(ParseTrust, CannotDecideAHigherFormat) {
  EXPECT_THAT(ParseTrust(Replaced("\"format\": 1", "\"format\": 2")),
              StatusIs(absl::StatusCode::kUnimplemented));
  EXPECT_THAT(ParseTrust("{\"format\": 9, \"new\": [1]}"),
              StatusIs(absl::StatusCode::kUnimplemented));
}

TEST(ParseTrust, RefusesWhatIsNotExactlyATrustFile) {
  const std::string wrong[] = {
      "",
      "[]",
      "{}",
      Sample().trust_json + "x",
      Replaced("\"format\": 1", "\"format\": 0"),
      Replaced("\"format\": 1", "\"format\": \"1\""),
      Replaced("\"format\": 1,", ""),
      Replaced("\"version\": 1", "\"version\": 1, \"version\": 1"),
      Replaced("\"version\": 1", "\"version\": 0"),
      Replaced("\"version\": 1", "\"version\": 2"),
      Replaced("\"version\": 1", "\"version\": 1.0"),
      Replaced("\"max_age_hours\": 168", "\"max_age_hours\": -1"),
      Replaced("\"max_age_hours\": 168", "\"max_age_hours\": 99999999999"),
      Replaced("\"demonstration\": true", "\"demonstration\": 1"),
      Replaced("\"demonstration\": true", "\"demo\": true"),
      Replaced("\"quorum\": 0", "\"quorum\": 1"),
      Replaced("\"root_key\": \"", "\"root_key\": \"0"),
      Replaced("\"origin\": \"sample", "\"origin\": \"other")};
  for (size_t i = 0; i < std::size(wrong); ++i) {
    EXPECT_THAT(ParseTrust(wrong[i]),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << i;
  }
}

TEST(ParseTrust, NeedsBothAlgorithms) {
  TrustText text = Sample().trust_text;
  text.ledger_keys.pop_back();
  EXPECT_THAT(ParseTrust(FormatTrust(text)), Not(IsOk()));
  text = Sample().trust_text;
  text.ledger_keys.push_back(text.ledger_keys[0]);
  EXPECT_THAT(ParseTrust(FormatTrust(text)), Not(IsOk()));
  text = Sample().trust_text;
  text.issuing_cas.pop_back();
  EXPECT_THAT(ParseTrust(FormatTrust(text)), Not(IsOk()));
}

TEST(ParseJson, RefusesWhatIsNotStrict) {
  for (const char* text :
       {"", "{", "[1,]", "{\"a\":1,}", "01", "-0", "1e3", "1.5", "+1", "nul",
        "\"\\x\"", "\"\\ud800\"", "\"a", "\"\xff\"", "\"\n\"", "[1] 2",
        "{\"a\":1,\"a\":2}", "99999999999999999999", "[[[[[[[[[[1]]]]]]]]]]"}) {
    EXPECT_THAT(ParseJson(text), Not(IsOk())) << text;
  }
}

TEST(ParseJson, ReadsValuesAndEscapes) {
  const auto json =
      ParseJson(" {\"a\": [1, -2, true, null, \"\\u4f60\\ud83d\\ude00\\n\"]} ");
  ASSERT_THAT(json, IsOk());
  const Json& list = *json->Find("a");
  EXPECT_EQ(list.elements[1].number, -2);
  EXPECT_EQ(list.elements[4].text, "你😀\n");
  const auto back = ParseJson(QuoteJson(list.elements[4].text + "\"\\\x01"));
  ASSERT_THAT(back, IsOk());
  EXPECT_EQ(back->text, "你😀\n\"\\\x01");
}

}  // namespace
}  // namespace dataip::verify
