#include "core/registry/rule_names.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "gtest/gtest.h"

namespace dataip::registry {
namespace {

// Words in capitals that the sources quote and that name no rule: clauses and
// the confidences of a profile's values.
const std::set<std::string> kOtherWords = {"ARCHITECTURE",
                                           "ASSUMED",
                                           "FROM_REGISTRATION",
                                           "JUDGMENT",
                                           "PUBLIC",
                                           "SEALED",
                                           "EXAMINER",
                                           "ANYONE",
                                           "BLOCKS",
                                           "CNY",
                                           "LOCAL_DECISION",
                                           "R04",
                                           "R12",
                                           "RECALLED",
                                           "SOURCED",
                                           "INTERESTED",
                                           "ON_JUDGMENT",
                                           "TELLS",
                                           "WARNS",
                                           "WEAK"};

std::set<std::string> QuotedInSources() {
  const std::regex word("\"([A-Z][A-Z0-9_]+)\"");
  std::set<std::string> words;
  for (const auto& file : std::filesystem::recursive_directory_iterator(
           DATAIP_SOURCE_DIR "/core/registry")) {
    if (!file.is_regular_file() || file.path().stem() == "rule_names") continue;
    std::ifstream in(file.path());
    const std::string text((std::istreambuf_iterator<char>(in)),
                           std::istreambuf_iterator<char>());
    for (std::sregex_iterator it(text.begin(), text.end(), word), end;
         it != end; ++it) {
      words.insert((*it)[1]);
    }
  }
  return words;
}

TEST(DecideRuleNames, AreAllAndOnlyThoseThatTheSourcesUse) {
  std::set<std::string> used = QuotedInSources();
  for (const std::string& word : kOtherWords) {
    EXPECT_EQ(used.erase(word), 1u) << word;
  }
  std::set<std::string> named;
  for (const absl::string_view name : DecideRuleNames()) {
    named.emplace(name);
  }
  EXPECT_EQ(named, used);
}

TEST(DecideRuleNames, AscendAndDoNotRepeat) {
  const auto names = DecideRuleNames();
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

}  // namespace
}  // namespace dataip::registry
