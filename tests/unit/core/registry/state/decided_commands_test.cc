#include "core/registry/state/decided_commands.h"

#include <string>

#include "gtest/gtest.h"

namespace dataip::registry {
namespace {

hash::Hash DigestOf(const std::string& text) {
  return hash::Sha256(hash::AsBytes(text));
}

const std::string kId(16, 'i');

TEST(DecidedCommands, AreFoundByActorAndId) {
  DecidedCommands commands;
  EXPECT_EQ(commands.Find("P0000001", kId), nullptr);
  commands.Put("P0000001", kId, DigestOf("one"));
  commands.Put("P0000002", kId, DigestOf("two"));
  commands.Put("P0000001", std::string(16, 'j'), DigestOf("three"));
  ASSERT_NE(commands.Find("P0000001", kId), nullptr);
  EXPECT_EQ(*commands.Find("P0000001", kId), DigestOf("one"));
  EXPECT_EQ(*commands.Find("P0000002", kId), DigestOf("two"));
  EXPECT_EQ(commands.Find("P0000003", kId), nullptr);
  EXPECT_EQ(commands.Find("P0000002", std::string(16, 'j')), nullptr);
  EXPECT_EQ(commands.size(), 3u);
}

// Ids of another length are refused by Decide; they are not mixed up here.
TEST(DecidedCommands, TellIdsOfOtherLengthsApart) {
  DecidedCommands commands;
  commands.Put("root", kId, DigestOf("one"));
  EXPECT_EQ(commands.Find("root", kId + "i"), nullptr);
  EXPECT_EQ(commands.Find("root", kId.substr(1)), nullptr);
  EXPECT_EQ(commands.Find("root", ""), nullptr);
  commands.Put("root", kId + "i", DigestOf("two"));
  EXPECT_EQ(*commands.Find("root", kId), DigestOf("one"));
  EXPECT_EQ(*commands.Find("root", kId + "i"), DigestOf("two"));
}

TEST(DecidedCommands, KeepTheLastDigestOfOne) {
  DecidedCommands commands;
  commands.Put("root", kId, DigestOf("original"));
  commands.Put("root", kId, DigestOf("substitute"));
  EXPECT_EQ(*commands.Find("root", kId), DigestOf("substitute"));
  EXPECT_EQ(commands.size(), 1u);
}

TEST(DecidedCommands, ListTheSameInWhateverOrderTheyCame) {
  DecidedCommands one;
  DecidedCommands other;
  const std::string later(16, 'j');
  one.Put("a", kId, DigestOf("1"));
  one.Put("b", kId, DigestOf("2"));
  one.Put("a", later, DigestOf("3"));
  other.Put("a", later, DigestOf("3"));
  other.Put("b", kId, DigestOf("2"));
  other.Put("a", kId, DigestOf("1"));
  const auto all = one.All();
  const auto again = other.All();
  ASSERT_EQ(all.size(), 3u);
  ASSERT_EQ(again.size(), 3u);
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].actor, again[i].actor);
    EXPECT_EQ(all[i].command_id, again[i].command_id);
    EXPECT_EQ(all[i].sha256, again[i].sha256);
  }
}

TEST(DecidedCommands, ACopyIsIndependent) {
  DecidedCommands commands;
  commands.Put("root", kId, DigestOf("one"));
  DecidedCommands copy = commands;
  copy.Put("root", std::string(16, 'j'), DigestOf("two"));
  EXPECT_EQ(commands.size(), 1u);
  EXPECT_EQ(copy.size(), 2u);
  EXPECT_EQ(*copy.Find("root", kId), DigestOf("one"));
}

}  // namespace
}  // namespace dataip::registry
