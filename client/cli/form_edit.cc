#include "client/cli/form_edit.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>

#include <optional>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace dataip::client {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

absl::Status Wrong(absl::string_view path, absl::string_view zh,
                   absl::string_view en) {
  return absl::InvalidArgumentError(absl::StrCat("字段 ", path, " 无法设置：",
                                                 zh, " (the field ", path,
                                                 " cannot be set: ", en, ")"));
}

// `fields[3]`: a name, and an index when there is one.
struct PathPart {
  std::string name;
  std::optional<int> index;
};

absl::StatusOr<PathPart> ParsePart(absl::string_view part) {
  const size_t bracket = part.find('[');
  if (bracket == absl::string_view::npos) {
    return PathPart{std::string(part), std::nullopt};
  }
  int index = 0;
  const absl::string_view inside = part.substr(bracket + 1);
  if (inside.empty() || inside.back() != ']' ||
      !absl::SimpleAtoi(inside.substr(0, inside.size() - 1), &index) ||
      index < 0) {
    return Wrong(part, "方括号中应为序号，如 fields[3]",
                 "`[number]` is wanted, e.g. fields[3]");
  }
  return PathPart{std::string(part.substr(0, bracket)), index};
}

// Where a value goes: a field of a message, in a list at `index`.
struct Place {
  Message* message = nullptr;
  const FieldDescriptor* field = nullptr;
  std::optional<int> index;
};

absl::StatusOr<Place> FindPlace(Message& message, absl::string_view part) {
  ASSIGN_OR_RETURN(const PathPart parsed, ParsePart(part));
  const FieldDescriptor* const field =
      message.GetDescriptor()->FindFieldByName(parsed.name);
  if (field == nullptr)
    return Wrong(part, "没有这一字段，名称见 application show -o json",
                 "no such field; `application show -o json` has the names");
  if (field->is_repeated() != parsed.index.has_value()) {
    return field->is_repeated()
               ? Wrong(part, "是列表，请加序号，如 [0]",
                       "a list needs `[number]`")
               : Wrong(part, "不是列表，请去掉方括号",
                       "it is no list: leave out the brackets");
  }
  if (parsed.index.has_value() &&
      *parsed.index > message.GetReflection()->FieldSize(message, field)) {
    return Wrong(part, "序号超出列表", "past the end of the list");
  }
  return Place{&message, field, parsed.index};
}

Message& Descend(const Place& place) {
  const auto* const reflection = place.message->GetReflection();
  if (!place.index.has_value()) {
    return *reflection->MutableMessage(place.message, place.field);
  }
  if (*place.index == reflection->FieldSize(*place.message, place.field)) {
    return *reflection->AddMessage(place.message, place.field);
  }
  return *reflection->MutableRepeatedMessage(place.message, place.field,
                                             *place.index);
}

// Stores by the setter, or the list setters, of one C++ type.
#define DATAIP_STORE(Type, value)                                             \
  do {                                                                        \
    if (!place.index.has_value()) {                                           \
      reflection->Set##Type(place.message, place.field, value);               \
    } else if (*place.index ==                                                \
               reflection->FieldSize(*place.message, place.field)) {          \
      reflection->Add##Type(place.message, place.field, value);               \
    } else {                                                                  \
      reflection->SetRepeated##Type(place.message, place.field, *place.index, \
                                    value);                                   \
    }                                                                         \
    return absl::OkStatus();                                                  \
  } while (false)

absl::Status StoreText(const Place& place, const std::string& text) {
  const auto* const reflection = place.message->GetReflection();
  DATAIP_STORE(String, text);
}

absl::Status StoreNumber(const Place& place, absl::string_view text) {
  const auto* const reflection = place.message->GetReflection();
  const absl::string_view path = place.field->name();
  uint64_t natural = 0;
  int64_t whole = 0;
  switch (place.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_UINT32:
      if (!absl::SimpleAtoi(text, &natural) || natural > UINT32_MAX) break;
      DATAIP_STORE(UInt32, static_cast<uint32_t>(natural));
    case FieldDescriptor::CPPTYPE_UINT64:
      if (!absl::SimpleAtoi(text, &natural)) break;
      DATAIP_STORE(UInt64, natural);
    case FieldDescriptor::CPPTYPE_INT64:
      if (!absl::SimpleAtoi(text, &whole)) break;
      DATAIP_STORE(Int64, whole);
    default:
      return Wrong(path, "此类字段不能以文字填写，请用 --form",
                   "such a field cannot be set from text; use --form");
  }
  return Wrong(path, "应为不超限的十进制整数", "a number is wanted");
}

absl::Status StoreEnum(const Place& place, absl::string_view text) {
  const auto* const reflection = place.message->GetReflection();
  const auto* const value =
      place.field->enum_type()->FindValueByName(std::string(text));
  if (value == nullptr) {
    return Wrong(place.field->name(),
                 "没有这一可选词，须写全名，如 INTENT_PLEDGE",
                 "no such value; write it in full, e.g. INTENT_PLEDGE");
  }
  DATAIP_STORE(Enum, value);
}

absl::Status StoreBool(const Place& place, absl::string_view text) {
  const auto* const reflection = place.message->GetReflection();
  if (text != "true" && text != "false") {
    return Wrong(place.field->name(), "应为 true 或 false",
                 "true or false is wanted");
  }
  DATAIP_STORE(Bool, text == "true");
}

#undef DATAIP_STORE

absl::Status Store(const Place& place, absl::string_view value) {
  switch (place.field->type()) {
    case FieldDescriptor::TYPE_STRING:
      return StoreText(place, std::string(value));
    case FieldDescriptor::TYPE_ENUM:
      return StoreEnum(place, value);
    case FieldDescriptor::TYPE_BOOL:
      return StoreBool(place, value);
    case FieldDescriptor::TYPE_MESSAGE:
      return Wrong(place.field->name(), "请写到其中的字段，如 scenario.scope",
                   "name a field inside it, e.g. scenario.scope");
    case FieldDescriptor::TYPE_BYTES:
      return Wrong(place.field->name(), "由文件算出，请改用 --attach 或 --csv",
                   "it follows from a file: use --attach or --csv");
    default:
      return StoreNumber(place, value);
  }
}

}  // namespace

absl::Status SetField(Message& message, absl::string_view path,
                      absl::string_view value) {
  const size_t dot = path.find('.');
  ASSIGN_OR_RETURN(const Place place, FindPlace(message, path.substr(0, dot)));
  if (dot == absl::string_view::npos) return Store(place, value);
  if (place.field->type() != FieldDescriptor::TYPE_MESSAGE) {
    return Wrong(path, "其中没有下级字段", "it has no fields inside");
  }
  return SetField(Descend(place), path.substr(dot + 1), value);
}

std::string ValueAt(const Message& message, absl::string_view path) {
  const size_t dot = path.find('.');
  const auto part = ParsePart(path.substr(0, dot));
  if (!part.ok()) return "";
  const auto* const reflection = message.GetReflection();
  const FieldDescriptor* const field =
      message.GetDescriptor()->FindFieldByName(part->name);
  if (field == nullptr) return "";
  const bool in_list = part->index.has_value();
  if (in_list && (!field->is_repeated() ||
                  *part->index >= reflection->FieldSize(message, field))) {
    return "";
  }
  const bool inside = dot != absl::string_view::npos;
  const bool whole_list = field->is_repeated() && !in_list;
  if (inside &&
      (whole_list || field->type() != FieldDescriptor::TYPE_MESSAGE)) {
    return "";
  }
  if (inside) {
    return ValueAt(
        in_list ? reflection->GetRepeatedMessage(message, field, *part->index)
                : reflection->GetMessage(message, field),
        path.substr(dot + 1));
  }
  std::string text;
  const int count = whole_list ? reflection->FieldSize(message, field) : 1;
  for (int i = 0; i < count; ++i) {
    std::string one;
    const int index = whole_list ? i : in_list ? *part->index : -1;
    google::protobuf::TextFormat::PrintFieldValueToString(message, field, index,
                                                          &one);
    absl::StrAppend(&text, one, "\n");
  }
  return text;
}

absl::StatusOr<Assignment> ParseAssignment(absl::string_view text) {
  const size_t equals = text.find('=');
  if (equals == 0 || equals == absl::string_view::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat("应为 字段=值 (PATH=VALUE is wanted): ", text));
  }
  return Assignment{std::string(text.substr(0, equals)),
                    std::string(text.substr(equals + 1))};
}

}  // namespace dataip::client
