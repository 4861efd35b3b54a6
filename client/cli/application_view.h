// How applications are shown, to applicants and to officers.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/output.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {

class RegistryClient;

Record ApplicationRecord(const registry::v1::GetApplicationResponse& response);

Table SummaryTable(
    const std::vector<registry::v1::ApplicationSummary>& applications);

// A file of a form, by the name under which the registry gives it.
struct FormFile {
  std::string kind;
  uint32_t position = 0;  // among the files of that kind
  std::string media_type;
  std::string file_name;  // for the folder: `sample-0.ndjson`
};

// In the order of the form: contracts, evidence, sample, attachments.
std::vector<FormFile> FilesOf(const registry::v1::ApplicationForm& form);

// Downloads every file of the application into `folder`, which is made when
// it is missing; returns their paths.
absl::StatusOr<std::vector<std::string>> DownloadFiles(
    RegistryClient& registry, const registry::v1::Application& application,
    const std::string& folder);

}  // namespace dataip::client
