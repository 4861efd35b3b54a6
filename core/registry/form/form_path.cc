#include "core/registry/form/form_path.h"

#include <map>
#include <optional>

#include "absl/strings/numbers.h"
#include "core/registry/values/canonical.h"
#include "dataip/registry/v1/application.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"

namespace dataip::registry {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// `name` or `name[index]`.
struct Step {
  std::string name;
  std::optional<int> index;
};

std::optional<Step> ParseStep(absl::string_view text) {
  Step step;
  const size_t open = text.find('[');
  step.name = std::string(text.substr(0, open));
  if (open == absl::string_view::npos) return step;
  if (text.back() != ']') return std::nullopt;
  const absl::string_view digits =
      text.substr(open + 1, text.size() - open - 2);
  int index = 0;
  if (!absl::SimpleAtoi(digits, &index) || index < 0 ||
      std::to_string(index) != digits) {
    return std::nullopt;
  }
  step.index = index;
  return step;
}

bool StepFits(const Message& message, const FieldDescriptor& field,
              const Step& step, bool last) {
  if (!field.is_repeated()) return !step.index.has_value();
  if (!step.index.has_value()) return last;
  return *step.index < message.GetReflection()->FieldSize(message, &field);
}

bool IsPathIn(const Message& message, absl::string_view path) {
  const size_t dot = path.find('.');
  const bool last = dot == absl::string_view::npos;
  const std::optional<Step> step = ParseStep(path.substr(0, dot));
  if (!step) return false;
  const FieldDescriptor* field =
      message.GetDescriptor()->FindFieldByName(step->name);
  if (field == nullptr || !StepFits(message, *field, *step, last)) return false;
  if (last) return true;
  if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return false;
  const auto& reflection = *message.GetReflection();
  const Message& below =
      field->is_repeated()
          ? reflection.GetRepeatedMessage(message, field, *step->index)
          : reflection.GetMessage(message, field);
  return IsPathIn(below, path.substr(dot + 1));
}

// Field number -> its bytes in the serialised form.
std::map<int, std::string> FieldBytes(const v1::ApplicationForm& form) {
  using google::protobuf::internal::WireFormatLite;
  const std::string bytes = SerializeCanonical(form);
  google::protobuf::io::CodedInputStream in(
      reinterpret_cast<const uint8_t*>(bytes.data()),
      static_cast<int>(bytes.size()));
  std::map<int, std::string> fields;
  int begin = 0;
  while (const uint32_t tag = in.ReadTag()) {
    if (!WireFormatLite::SkipField(&in, tag)) break;
    const int end = in.CurrentPosition();
    fields[WireFormatLite::GetTagFieldNumber(tag)].append(bytes, begin,
                                                          end - begin);
    begin = end;
  }
  return fields;
}

}  // namespace

std::string TopLevelField(absl::string_view path) {
  return std::string(path.substr(0, path.find_first_of(".[")));
}

bool IsFormPath(const v1::ApplicationForm& form, absl::string_view path) {
  return IsPathIn(form, path);
}

std::set<std::string> ChangedFields(const v1::ApplicationForm& before,
                                    const v1::ApplicationForm& after) {
  const std::map<int, std::string> old_bytes = FieldBytes(before);
  const std::map<int, std::string> new_bytes = FieldBytes(after);
  const auto* descriptor = v1::ApplicationForm::descriptor();
  std::set<std::string> changed;
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const int number = descriptor->field(i)->number();
    const auto was = old_bytes.find(number);
    const auto is = new_bytes.find(number);
    const bool same = was == old_bytes.end()
                          ? is == new_bytes.end()
                          : is != new_bytes.end() && was->second == is->second;
    if (!same) changed.insert(descriptor->field(i)->name());
  }
  return changed;
}

}  // namespace dataip::registry
