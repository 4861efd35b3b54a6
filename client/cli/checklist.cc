#include "client/cli/checklist.h"

#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/cli/application_precheck.h"
#include "core/registry/precheck/precheck.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

struct Statement {
  absl::string_view word;
  const char* text;
  bool (v1::Checklist::*made)() const;
  void (v1::Checklist::*make)(bool);
};

constexpr Statement kStatements[] = {
    {"sample", "已查看样本文件，其各行通向存证的根",
     &v1::Checklist::sample_checked, &v1::Checklist::set_sample_checked},
    {"masking", "样本中没有个人信息", &v1::Checklist::masking_checked,
     &v1::Checklist::set_masking_checked},
    {"files", "已查看合同与证据文件，或者没有此类文件",
     &v1::Checklist::files_checked, &v1::Checklist::set_files_checked},
    {"duplicates", "已查重，没有无法解释的重复",
     &v1::Checklist::duplicates_checked,
     &v1::Checklist::set_duplicates_checked}};

}  // namespace

absl::StatusOr<v1::Checklist> ParseChecklist(absl::string_view words) {
  v1::Checklist checklist;
  for (const absl::string_view word :
       absl::StrSplit(words, ',', absl::SkipEmpty())) {
    const Statement* found = nullptr;
    for (const Statement& statement : kStatements) {
      if (statement.word == word) found = &statement;
    }
    if (found == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--checked 没有这一项 (one of ", kAllStatements, "): ", word));
    }
    (checklist.*found->make)(true);
  }
  std::vector<std::string> missing;
  for (const Statement& statement : kStatements) {
    if ((checklist.*statement.made)()) continue;
    missing.push_back(absl::StrCat(statement.word, "（", statement.text, "）"));
  }
  if (missing.empty()) return checklist;
  return absl::InvalidArgumentError(
      absl::StrCat("公示前四项核查均须完成，--checked 缺少 (a notice needs all "
                   "four checks; missing): ",
                   absl::StrJoin(missing, "、")));
}

std::string ChecklistText(const v1::Checklist& checklist) {
  std::vector<std::string> lines;
  for (const Statement& statement : kStatements) {
    lines.push_back(
        absl::StrCat((checklist.*statement.made)() ? "[x] " : "[ ] ",
                     statement.word, " ", statement.text));
  }
  return absl::StrJoin(lines, "\n");
}

std::string RuleLines(
    const google::protobuf::RepeatedPtrField<v1::Finding>& findings) {
  std::vector<std::string> lines;
  std::set<absl::string_view> listed;
  for (const registry::PrecheckRule& rule : registry::PrecheckRules()) {
    listed.insert(rule.rule);
    google::protobuf::RepeatedPtrField<v1::Finding> its;
    for (const v1::Finding& finding : findings) {
      if (finding.rule() == rule.rule) *its.Add() = finding;
    }
    lines.push_back(absl::StrCat(its.empty() ? "[x] " : "[ ] ", rule.rule, " ",
                                 rule.name_zh));
    if (!its.empty()) lines.push_back(FindingLines(its));
  }
  google::protobuf::RepeatedPtrField<v1::Finding> others;
  for (const v1::Finding& finding : findings) {
    if (listed.count(finding.rule()) == 0) *others.Add() = finding;
  }
  if (!others.empty()) lines.push_back(FindingLines(others));
  return absl::StrJoin(lines, "\n");
}

}  // namespace dataip::client
