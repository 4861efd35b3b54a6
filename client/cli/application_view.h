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

// A sealed value that was disclosed, and what proves it.
struct DisclosedValue {
  std::string field;
  registry::v1::Opening opening;
  std::string commitment;  // 32 bytes
};
// Those of the application that are still there, each compared with its
// commitment (formats 1); DATA_LOSS when one does not fit.
absl::StatusOr<std::vector<DisclosedValue>> DisclosedValues(
    RegistryClient& registry, const registry::v1::Application& application);
// Puts them into a record of ApplicationRecord.
void AppendDisclosed(const std::vector<DisclosedValue>& values, Record& record);
// The answer in JSON with a member `disclosed`, if there are any: field,
// opening (salt, value in base64, as everywhere), text, commitment.
std::string ApplicationJson(
    const registry::v1::GetApplicationResponse& response,
    const std::vector<DisclosedValue>& values);

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
