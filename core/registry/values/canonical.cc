#include "core/registry/values/canonical.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/message.h"
#include "google/protobuf/unknown_field_set.h"

namespace dataip::registry {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

absl::Status UnknownValue(const FieldDescriptor& field) {
  return absl::InvalidArgumentError(
      absl::StrCat("unknown enum value in ", field.full_name()));
}

absl::Status CheckEnums(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  const auto* known = field.enum_type();
  if (!field.is_repeated()) {
    const int value = reflection.GetEnumValue(message, &field);
    if (known->FindValueByNumber(value) == nullptr) return UnknownValue(field);
    return absl::OkStatus();
  }
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    const int value = reflection.GetRepeatedEnumValue(message, &field, i);
    if (known->FindValueByNumber(value) == nullptr) return UnknownValue(field);
  }
  return absl::OkStatus();
}

absl::Status CheckMessages(const Message& message,
                           const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  if (!field.is_repeated()) {
    return CheckKnown(reflection.GetMessage(message, &field));
  }
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    RETURN_IF_ERROR(
        CheckKnown(reflection.GetRepeatedMessage(message, &field, i)));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckKnown(const Message& message) {
  const Reflection& reflection = *message.GetReflection();
  if (!reflection.GetUnknownFields(message).empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "unknown field in ", message.GetDescriptor()->full_name()));
  }
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
      RETURN_IF_ERROR(CheckEnums(message, *field));
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      RETURN_IF_ERROR(CheckMessages(message, *field));
    }
  }
  return absl::OkStatus();
}

absl::Status ParseCanonicalInto(Bytes bytes, Message& message) {
  if (bytes.size() > static_cast<size_t>(INT32_MAX) ||
      !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::InvalidArgumentError(absl::StrCat(
        "not a ", message.GetDescriptor()->full_name(), " in protobuf"));
  }
  RETURN_IF_ERROR(CheckKnown(message));
  const std::string again = SerializeCanonical(message);
  const std::string_view came(reinterpret_cast<const char*>(bytes.data()),
                              bytes.size());
  if (again != came) {
    return absl::InvalidArgumentError(
        absl::StrCat("not the canonical spelling of a ",
                     message.GetDescriptor()->full_name(), " (formats 9)"));
  }
  return absl::OkStatus();
}

std::string SerializeCanonical(const Message& message) {
  std::string bytes(message.ByteSizeLong(), '\0');
  {
    google::protobuf::io::ArrayOutputStream array(
        bytes.data(), static_cast<int>(bytes.size()));
    google::protobuf::io::CodedOutputStream out(&array);
    out.SetSerializationDeterministic(true);
    message.SerializeWithCachedSizes(&out);
  }
  return bytes;
}

}  // namespace dataip::registry
