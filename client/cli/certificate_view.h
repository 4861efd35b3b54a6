// How requests, revocations, freezes and pledges are shown: to those who ask,
// to those who sign them, and on certificates.
//
// Pure functions. Labels are Chinese; an unknown number is shown as the number.
#pragma once

#include <string>

#include "client/cli/output.h"
#include "dataip/registry/v1/certificate.pb.h"
#include "dataip/registry/v1/certificate_order.pb.h"
#include "dataip/registry/v1/certificate_request.pb.h"

namespace dataip::client {

std::string LabelOf(registry::v1::PledgeRequest::Action action);
std::string LabelOf(registry::v1::RequestState state);
std::string LabelOf(registry::v1::TransferKind kind);
std::string LabelOf(registry::v1::RevocationState state);
std::string LabelOf(registry::v1::RevocationEffect effect);
std::string LabelOf(registry::v1::RevocationOccasion occasion);

// A ground of revocation with its wording: "V02 人民法院、仲裁机构的生效裁决".
// The wordings are those of profiles/ZJ-2023, which a test compares; a code of
// another profile stands alone.
std::string RevocationGroundLabel(absl::string_view code);

// "变更", "转移（合并）", "质押登记": what a request asks.
std::string RequestKindText(const registry::v1::RequestBody& body);
// Every field of it, a line each.
void AppendRequestBody(const registry::v1::RequestBody& body, Record& record);
// What shall stand on the certificate.
void AppendChange(const registry::v1::ChangeRequest& change, Record& record);

// "P0000001（4000/10000）", a line each.
std::string NewHolderLines(
    const google::protobuf::RepeatedPtrField<registry::v1::NewHolder>& holders);

Record RequestRecord(const registry::v1::CertificateRequest& request);

// One block of lines each: number, what, until when.
std::string RevocationText(const registry::v1::Revocation& revocation);
std::string FreezeText(const registry::v1::Freeze& freeze);
std::string PledgeText(const registry::v1::Pledge& pledge);

// "质押 1、许可"; empty without overlays.
std::string OverlayText(const registry::v1::StatusRecord& status);
// A line: version, time, state, successor, overlays.
std::string StatusText(const registry::v1::StatusRecord& status);

}  // namespace dataip::client
