#include "client/cli/certificate_standing.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/certificate_view.h"
#include "client/cli/labels.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

std::string DayOf(const v1::StatusRecord& status) {
  return registry::FormatDate(registry::ShanghaiDate(
      registry::ToUnixMs(status.decided_at()).value_or(0)));
}

}  // namespace

absl::StatusOr<std::string> RevokedSince(RegistryClient& registry,
                                         const v1::Certificate& certificate) {
  if (certificate.status().state() != v1::REVOKED ||
      certificate.status_records().empty()) {
    return "";
  }
  ASSIGN_OR_RETURN(const auto first, registry::ParseCanonical<v1::StatusRecord>(
                                         certificate.status_records(0)));
  const std::string day = DayOf(first);
  if (day == DayOf(certificate.status())) return "";
  ASSIGN_OR_RETURN(const auto then,
                   registry.GetStatusOn(certificate.number(), day));
  return LabelOf(then.status().state() == v1::REVOKED ? v1::FROM_REGISTRATION
                                                      : v1::FROM_DECISION);
}

absl::StatusOr<std::string> RevocationBlock(RegistryClient& registry,
                                            const v1::Revocation& revocation) {
  std::string text = RevocationText(revocation);
  if (revocation.state() != v1::REVOCATION_DECIDED) return text;
  ASSIGN_OR_RETURN(const auto found,
                   registry.GetCertificate(revocation.certificate_number()));
  ASSIGN_OR_RETURN(const std::string since,
                   RevokedSince(registry, found.certificate()));
  if (!since.empty()) absl::StrAppend(&text, "\n撤销效力：", since);
  return text;
}

absl::StatusOr<std::string> RevocationLines(
    RegistryClient& registry, const v1::Certificate& certificate) {
  if (certificate.status().state() != v1::REVOKED) return "";
  std::vector<std::string> lines;
  ASSIGN_OR_RETURN(std::string since, RevokedSince(registry, certificate));
  if (!since.empty()) lines.push_back(std::move(since));
  const auto found = registry.GetEncumbrances(certificate.number());
  if (!found.ok() && !absl::IsPermissionDenied(found.status())) {
    return found.status();
  }
  if (found.ok()) {
    for (const v1::Revocation& one : found->revocations()) {
      if (one.state() != v1::REVOCATION_DECIDED) continue;
      for (const std::string& ground : one.grounds()) {
        lines.push_back(RevocationGroundLabel(ground));
      }
      lines.push_back(one.reason());
    }
  }
  return absl::StrJoin(lines, "\n");
}

bool WaitsForRenewal(v1::CertificateState state, const std::string& valid_to,
                     const std::string& day) {
  return state == v1::VALID && !valid_to.empty() && valid_to < day;
}

std::string StandingText(v1::CertificateState state, bool waits) {
  if (!waits) return LabelOf(state);
  return absl::StrCat(LabelOf(state),
                      "（有效期已届满，续展尚未决定 / term over, a renewal is "
                      "undecided）");
}

absl::StatusOr<std::string> RegistryToday(Invocation& invocation) {
  ASSIGN_OR_RETURN(const auto* const info, invocation.RegistryInfo());
  return registry::FormatDate(
      registry::ShanghaiDate(registry::ToUnixMs(info->now()).value_or(0)));
}

}  // namespace dataip::client
