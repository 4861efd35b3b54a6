#include "core/base/languages.h"

#include <cstddef>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/base/text.h"

namespace dataip::base {
namespace {

constexpr absl::string_view kOpen = " (";
constexpr absl::string_view kColon = ": ";

bool IsAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }

// "path: " in "path: 中文".
absl::string_view SubjectOf(absl::string_view chinese) {
  size_t first = 0;
  while (first < chinese.size() && IsAscii(chinese[first])) ++first;
  const size_t colon = chinese.substr(0, first).rfind(kColon);
  if (colon == absl::string_view::npos) return "";
  return chinese.substr(0, colon + kColon.size());
}

// Of the parenthesis at `open`; npos when it stays open.
size_t CloseOf(absl::string_view text, size_t open) {
  size_t depth = 0;
  for (size_t i = open; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')' && --depth == 0) return i;
  }
  return absl::string_view::npos;
}

std::optional<Sentences> SplitAtParenthesis(absl::string_view text) {
  for (size_t at = text.find(kOpen); at != absl::string_view::npos;
       at = text.find(kOpen, at + 1)) {
    const absl::string_view chinese = text.substr(0, at);
    const size_t close = CloseOf(text, at + 1);
    if (CountHan(chinese) == 0 || close == absl::string_view::npos) continue;
    const size_t begin = at + kOpen.size();
    const absl::string_view english = text.substr(begin, close - begin);
    if (english.empty() || CountHan(english) > 0) continue;
    const Sentences rest = SplitLanguages(text.substr(close + 1));
    return Sentences{absl::StrCat(chinese, rest.zh),
                     absl::StrCat(SubjectOf(chinese), english, rest.en)};
  }
  return std::nullopt;
}

std::optional<Sentences> SplitAtSlash(absl::string_view text) {
  size_t found = absl::string_view::npos;
  for (size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] != '/' || IsAscii(text[i - 1])) continue;
    if (!absl::ascii_isalpha(static_cast<unsigned char>(text[i + 1]))) continue;
    if (found != absl::string_view::npos) return std::nullopt;
    found = i;
  }
  if (found == absl::string_view::npos) return std::nullopt;
  const absl::string_view chinese = text.substr(0, found);
  const absl::string_view english = text.substr(found + 1);
  if (CountHan(chinese) == 0 || CountHan(english) > 0) return std::nullopt;
  return Sentences{std::string(chinese),
                   absl::StrCat(SubjectOf(chinese), english)};
}

}  // namespace

Sentences SplitLanguages(absl::string_view message) {
  auto sentences = SplitAtParenthesis(message);
  if (!sentences.has_value()) sentences = SplitAtSlash(message);
  if (sentences.has_value()) return *sentences;
  return {std::string(message), std::string(message)};
}

}  // namespace dataip::base
