// Words for what forms, histories and commands hold.
//
// Pure functions. An unknown number or name is shown as it is.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "dataip/registry/v1/application_form.pb.h"

namespace dataip::client {

std::string LabelOf(registry::v1::ObjectKind kind);
std::string LabelOf(registry::v1::Acquisition acquisition);
std::string LabelOf(registry::v1::FieldClassification classification);
std::string LabelOf(registry::v1::StorageFormat format);
std::string LabelOf(registry::v1::PublicState state);
std::string LabelOf(registry::v1::AiProcessingShare share);
std::string LabelOf(registry::v1::UseIntent intent);
std::string LabelOf(registry::v1::EvidenceKind kind);
std::string LabelOf(registry::v1::DepositCut cut);

// "公示开始" for `NoticeOpened`, the name of a history step's event.
std::string EventLabel(absl::string_view event);
// "开始公示" for `open_notice`, the field of a command's body.
std::string BodyLabel(absl::string_view body);

// A ground of refusal with its wording: "R03 不属于登记对象……". The wordings
// are those of profiles/ZJ-2023, which a test compares; a code of another
// profile stands alone.
std::string GroundLabel(absl::string_view code);

}  // namespace dataip::client
