// Which texts of an event an order to erase can take out: people's words and
// descriptions. Numbers, dates, codes, keys and whatever later decisions look
// objects up by stay. A field that is not here stays; a test lists those.
#pragma once

#include <span>

#include "absl/strings/string_view.h"

namespace google::protobuf {
class FieldDescriptor;
}  // namespace google::protobuf

namespace dataip::registry {

// `Message.field`, ascending.
std::span<const absl::string_view> RedactableTexts();

bool IsRedactable(const google::protobuf::FieldDescriptor& field);

}  // namespace dataip::registry
