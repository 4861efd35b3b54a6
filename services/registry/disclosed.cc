#include "services/registry/disclosed.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>

#include "absl/strings/numbers.h"
#include "core/base/status_macros.h"
#include "core/registry/form/tiers.h"
#include "services/registry/reads.h"

namespace dataip::registryd {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// `path` is one of the whole form; lists that the reader does not see so far
// grow empty elements, so that indices mean the same to everybody.
void SetTextAt(Message& message, absl::string_view path,
               const std::string& text) {
  const size_t dot = path.find('.');
  const absl::string_view step = path.substr(0, dot);
  const size_t bracket = step.find('[');
  const FieldDescriptor* const field = message.GetDescriptor()->FindFieldByName(
      std::string(step.substr(0, bracket)));
  if (field == nullptr) return;
  const auto& reflection = *message.GetReflection();
  if (dot == absl::string_view::npos) {
    if (field->type() == FieldDescriptor::TYPE_STRING &&
        !field->is_repeated()) {
      reflection.SetString(&message, field, text);
    }
    return;
  }
  if (field->type() != FieldDescriptor::TYPE_MESSAGE) return;
  const absl::string_view rest = path.substr(dot + 1);
  if (!field->is_repeated()) {
    SetTextAt(*reflection.MutableMessage(&message, field), rest, text);
    return;
  }
  int index = 0;
  if (bracket == absl::string_view::npos ||
      !absl::SimpleAtoi(step.substr(bracket + 1, step.size() - bracket - 2),
                        &index)) {
    return;
  }
  while (reflection.FieldSize(message, field) <= index) {
    reflection.AddMessage(&message, field);
  }
  SetTextAt(*reflection.MutableRepeatedMessage(&message, field, index), rest,
            text);
}

absl::StatusOr<StoredOpening> OpeningOf(const Store& store,
                                        const v1::Application& application,
                                        const std::string& path) {
  const auto& disclosed = application.disclosed_fields();
  const v1::SealedField* const sealed =
      registry::FindSealed(application.form(), path);
  if (sealed == nullptr ||
      std::find(disclosed.begin(), disclosed.end(), path) == disclosed.end()) {
    return NoSuch("disclosed field", "已公开的字段", path);
  }
  const auto digest = Hash::From(hash::AsBytes(sealed->value().digest()));
  if (!digest.has_value()) {
    return NoSuch("disclosed field", "已公开的字段", path);
  }
  return store.GetOpening(*digest);
}

}  // namespace

void ShowDisclosed(const Store& store, const v1::Application& application,
                   v1::ApplicationForm& shown) {
  for (const std::string& path : application.disclosed_fields()) {
    if (registry::FindSealed(shown, path) == nullptr) {
      const auto* sealed = registry::FindSealed(application.form(), path);
      if (sealed != nullptr) *shown.add_sealed() = *sealed;
    }
    const auto opening = OpeningOf(store, application, path);
    if (opening.ok()) SetTextAt(shown, path, opening->value);
  }
}

absl::StatusOr<StoredOpening> FindDisclosed(
    const DisclosedParts& parts, const v1::DownloadFileRequest& request) {
  const std::string& application_no = request.application_no();
  const std::string path = request.kind().substr(kDisclosedKind.size());
  return parts.acknowledged.With(
      [&](const registry::State& state) -> absl::StatusOr<StoredOpening> {
        const auto* application =
            registry::FindApplication(state, application_no);
        if (application == nullptr) {
          return NoSuch("application", "申请", application_no);
        }
        return OpeningOf(parts.store, *application, path);
      });
}

}  // namespace dataip::registryd
