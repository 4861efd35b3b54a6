#include "client/cli/sealing.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/cli/form_edit.h"
#include "client/cli/input_files.h"
#include "client/cli/output.h"
#include "client/pki/key_file.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/registry/form/form_path.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

absl::Status NoText(absl::string_view path) {
  return absl::InvalidArgumentError(absl::StrCat(
      "字段 ", path,
      " 没有可封存的文字，请核对路径 (there is no text to seal at this path; "
      "check it)"));
}

// `path` is one of the form.
absl::StatusOr<std::string> TextAt(const Message& message,
                                   absl::string_view path) {
  const size_t dot = path.find('.');
  const absl::string_view step = path.substr(0, dot);
  const size_t bracket = step.find('[');
  const FieldDescriptor* const field = message.GetDescriptor()->FindFieldByName(
      std::string(step.substr(0, bracket)));
  const auto& reflection = *message.GetReflection();
  if (dot == absl::string_view::npos) {
    if (field->type() != FieldDescriptor::TYPE_STRING || field->is_repeated()) {
      return NoText(path);
    }
    return reflection.GetString(message, field);
  }
  if (!field->is_repeated()) {
    return TextAt(reflection.GetMessage(message, field), path.substr(dot + 1));
  }
  int index = 0;
  if (bracket == absl::string_view::npos ||
      !absl::SimpleAtoi(step.substr(bracket + 1, step.size() - bracket - 2),
                        &index)) {
    return NoText(path);
  }
  return TextAt(reflection.GetRepeatedMessage(message, field, index),
                path.substr(dot + 1));
}

}  // namespace

absl::StatusOr<v1::DiscloseField> SealField(absl::string_view path,
                                            Filing& filing) {
  v1::ApplicationForm& form = filing.form;
  if (!registry::IsFormPath(form, path)) return NoText(path);
  ASSIGN_OR_RETURN(const std::string text, TextAt(form, path));
  if (text.empty()) return NoText(path);
  RETURN_IF_ERROR(SetField(form, path, ""));
  v1::SealedField sealed;
  sealed.set_field(std::string(path));
  *sealed.mutable_value() = Commit(text, filing.openings);
  // A later value takes the place of the earlier one.
  auto& all = *form.mutable_sealed();
  all.erase(std::remove_if(all.begin(), all.end(),
                           [&](const v1::SealedField& one) {
                             return one.field() == sealed.field();
                           }),
            all.end());
  *all.Add() = sealed;
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a.field() < b.field(); });
  v1::DiscloseField kept;
  kept.set_field(sealed.field());
  *kept.mutable_opening() = filing.openings.back();
  return kept;
}

void SetTier(const std::string& field, v1::DisclosureTier tier,
             v1::ApplicationForm& form) {
  auto& all = *form.mutable_tiers();
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) {
    return one.field() == field;
  });
  if (found != all.end()) {
    found->set_tier(tier);
    return;
  }
  v1::FieldTier& added = *all.Add();
  added.set_field(field);
  added.set_tier(tier);
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a.field() < b.field(); });
}

absl::Status WriteSealed(const std::string& path, const std::string& reference,
                         const std::vector<v1::DiscloseField>& sealed) {
  std::string lines;
  for (const v1::DiscloseField& one : sealed) {
    std::string line = ToJson(one);
    line.insert(
        1, absl::StrCat("\"client_reference\":", JsonString(reference), ","));
    absl::StrAppend(&lines, line, "\n");
  }
  return WriteNewFile(path, lines, Access::kOwnerOnly);
}

absl::StatusOr<v1::Opening> ReadSealed(const std::string& path,
                                       absl::string_view field) {
  ASSIGN_OR_RETURN(const std::string text,
                   ReadInputFile(path, limits::kCommandFileBytes));
  for (const absl::string_view line :
       absl::StrSplit(text, '\n', absl::SkipWhitespace())) {
    v1::DiscloseField one;
    // The reference is for people.
    google::protobuf::util::JsonParseOptions options;
    options.ignore_unknown_fields = true;
    const auto parsed = google::protobuf::util::JsonStringToMessage(
        std::string(line), &one, options);
    if (!parsed.ok() || one.field().empty()) {
      return absl::InvalidArgumentError(absl::StrCat(
          path, ": 不是封存内容的文件 (no file of sealed values): ",
          parsed.message().as_string()));
    }
    if (one.field() == field) return one.opening();
  }
  return absl::NotFoundError(absl::StrCat(
      path, ": 没有字段 ", field,
      " 的内容，请用提交时 --sealed-file 所写的文件 (nothing about this field; "
      "name the file that --sealed-file wrote when it was filed)"));
}

}  // namespace dataip::client
