// Words that people read instead of numbers of enums, and the words of the
// command line for them.
//
// Labels are Chinese, the seven of applications verbatim those of the live
// platform (rules 2.2); an unknown number is shown as the number.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dataip/registry/v1/application.pb.h"
#include "dataip/registry/v1/certificate.pb.h"
#include "dataip/registry/v1/licence.pb.h"
#include "dataip/registry/v1/party.pb.h"

namespace dataip::client {

std::string LabelOf(registry::v1::ApplicationState state);
std::string LabelOf(registry::v1::CertificateState state);
std::string LabelOf(registry::v1::OverlayKind kind);
std::string LabelOf(registry::v1::LicenceKind kind);
// "2024-07-10 至 2024-12-31": to its real last day.
std::string LicenceTermText(const registry::v1::Licence& licence);
// Of a licence by what is filed of it, on this day (`YYYY-MM-DD`): 待确认,
// 有效, 将终止 (as of a day to come), 已终止.
std::string LicenceStateText(const registry::v1::Licence& licence,
                             absl::string_view today);
std::string LabelOf(registry::v1::PartyKind kind);
std::string LabelOf(registry::v1::OfficerRole role);
std::string LabelOf(registry::v1::UpdateFrequency frequency);
std::string LabelOf(registry::v1::SourceCategory category);

// "固定 1,000.00 元" or "0.50 元 / 次"; "未公开" for a price that is not shown.
std::string PriceText(const registry::v1::LicencePrice& price);

// "2024-07-04 (10 个工作日)", or "" for an absent deadline.
std::string DeadlineText(const registry::v1::Deadline& deadline);

// Words of flags: the enum's names in lower case with '-' for '_', or as they
// are. INVALID_ARGUMENT lists the known ones.
absl::StatusOr<registry::v1::ApplicationState> ParseApplicationState(
    absl::string_view word);
absl::StatusOr<registry::v1::CertificateState> ParseCertificateState(
    absl::string_view word);
absl::StatusOr<registry::v1::LicenceKind> ParseLicenceKind(
    absl::string_view word);
absl::StatusOr<registry::v1::PartyKind> ParsePartyKind(absl::string_view word);
absl::StatusOr<registry::v1::OfficerRole> ParseOfficerRole(
    absl::string_view word);

// An instant: `2024-07-05T09:00:00+08:00`, seconds optional, in Asia/Shanghai
// when it names no offset (then also as FormatTime prints it), or a day, which
// is its first moment there. Unix ms.
absl::StatusOr<int64_t> ParseInstant(absl::string_view text);
// `7d`, `36h`, `90m`, `10s`; a bare number counts days. Milliseconds.
absl::StatusOr<int64_t> ParseAge(absl::string_view text);

}  // namespace dataip::client
