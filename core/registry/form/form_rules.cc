#include "core/registry/form/form_rules.h"

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/hash/hash.h"
#include "core/registry/form/form_checks.h"

namespace dataip::registry {

bool HasControlCharacter(absl::string_view text, bool lines) {
  // To the end, so that it goes over many bytes at once.
  bool found = false;
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    found |= byte == 0x7f || (byte < 0x20 && !(lines && c == '\n'));
  }
  return found || base::HasHiddenCharacter(text);
}

std::string Path::ToString() const {
  std::string path(list);
  if (index >= 0) absl::StrAppend(&path, "[", index, "]");
  if (!member.empty()) absl::StrAppend(&path, ".", member);
  return path;
}

void Report(const Path& path, Fault fault, Violations& out) {
  fault.field = path.ToString();
  out.push_back(ViolationOf(std::move(fault)));
}

void CheckText(const Path& path, const TextRule& rule, const std::string& text,
               Violations& out) {
  const size_t characters = base::CountCharacters(text);
  if (characters >= rule.min && characters <= rule.max &&
      (rule.min == 0 || !base::Trim(text).empty()) &&
      !HasControlCharacter(text, rule.lines)) {
    return;
  }
  Fault fault;
  fault.rule = std::string(rule.rule);
  if (characters < rule.min && base::Trim(text).empty()) {
    fault.zh = absl::StrCat(rule.zh, "不能为空，请填写");
    fault.en = absl::StrCat(rule.en, " is empty; fill it in");
  } else if (characters < rule.min || characters > rule.max) {
    fault.zh = absl::StrCat(rule.zh, "应为 ", rule.min, " 至 ", rule.max,
                            " 个字符，现为 ", characters, " 个，请修改");
    fault.en = absl::StrCat(rule.en, " takes ", rule.min, " to ", rule.max,
                            " characters, not ", characters, "; change it");
  } else if (rule.min > 0 && base::Trim(text).empty()) {
    fault.zh = absl::StrCat(rule.zh, "只有空白，请填写");
    fault.en = absl::StrCat(rule.en, " is blank; fill it in");
  } else {
    fault.zh = absl::StrCat(
        rule.zh,
        "含有控制字符或不显示的排版字符(如换向、零宽字符)，请删除后重新输入");
    fault.en = absl::StrCat(rule.en,
                            " holds a control character or an invisible one "
                            "(of direction, of no width); type it anew "
                            "without");
  }
  Report(path, std::move(fault), out);
}

bool IsPrintableWord(absl::string_view text, size_t limit) {
  if (text.empty() || text.size() > limit) return false;
  for (char c : text) {
    if (c < 0x21 || c > 0x7e) return false;
  }
  return true;
}

void CheckFile(const Path& path, const v1::FileCommitment& file,
               Violations& out) {
  if (!IsPrintableWord(file.kind(), limits::kReferenceBytes) ||
      !IsPrintableWord(file.media_type(), limits::kReferenceBytes * 2)) {
    Report(path,
           {"", "FILE", "文件的用途或媒体类型缺失或含非法字符，请重新上传",
            "the file's kind or media type is missing or has other characters "
            "than 0x21 to 0x7e; upload it again",
            ""},
           out);
  }
  if (file.byte_size() == 0 || file.byte_size() > limits::kFileBytes) {
    Report(path,
           {"", "FILE", "文件大小应为 1 字节至 20 MiB，请更换文件",
            "a file takes 1 byte to 20 MiB; use another file", ""},
           out);
  }
  if (file.sha256().digest().size() != hash::kHashBytes) {
    Report(path,
           {"", "FILE", "文件摘要的承诺应为 32 字节，请重新上传",
            "the commitment of the file's digest has 32 bytes; upload it again",
            ""},
           out);
  }
}

std::vector<rpc::v1::FieldViolation> ValidateForm(
    const v1::ApplicationForm& form, const FormContext& context) {
  Violations out;
  CheckIdentity(form, context, out);
  CheckApplicants(form, out);
  CheckPlace(form, context, out);
  CheckSources(form, context, out);
  CheckStructure(form, out);
  CheckProcessing(form, context, out);
  CheckEvidence(form, context, out);
  CheckSample(form, out);
  CheckDeclarations(form, context, out);
  CheckRequired(form, context, out);
  LeaveOutSealed(form, out);
  CheckTiers(form, context, out);
  return out;
}

}  // namespace dataip::registry
