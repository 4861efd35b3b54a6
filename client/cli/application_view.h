// How applications are shown, to applicants and to officers.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/output.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {

class RegistryClient;

// The whole of it: state, form, decisions, history. What the reader may not
// see is "未公开" (client/cli/form_view.h).
Record ApplicationRecord(const registry::v1::GetApplicationResponse& response);

// NOT_FOUND when a list's filter names a party that there is not; OK for "".
absl::Status CheckParty(RegistryClient& registry, const std::string& party);

Table SummaryTable(
    const std::vector<registry::v1::ApplicationSummary>& applications);

// The others among `applications` with the same data file as `application`,
// by the SHA-256 of its deposit; none when that is not shown.
std::vector<registry::v1::ApplicationSummary> SameFile(
    const std::vector<registry::v1::ApplicationSummary>& applications,
    const registry::v1::Application& application);
// A line each: number, state, party, name, certificate.
std::string SameFileText(
    const std::vector<registry::v1::ApplicationSummary>& same);

// Downloads every file of the application (of its form, of proceedings, of the
// data department) into `folder`, which is made when
// it is missing; returns their paths.
absl::StatusOr<std::vector<std::string>> DownloadFiles(
    RegistryClient& registry, const registry::v1::Application& application,
    const std::string& folder);

}  // namespace dataip::client
