// Which file of an object is asked for, and whether the caller may have it.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "client/ledger_client.h"
#include "dataip/registry/v1/registry_service.pb.h"
#include "services/registry/acknowledged.h"
#include "services/registry/caller.h"

namespace dataip::registryd {

struct ObjectFilesParts {
  const Acknowledged& acknowledged;
  client::LedgerClient& ledger;  // has what an import says of its record
};

// The commitment of the file, 32 bytes. Who sees the whole object may have its
// files; the record of an imported certificate is for its holders, their
// agents and officers. NOT_FOUND when there is no such object or file,
// NOT_FOR_THIS_READER, INVALID_FIELD when two objects are named, and errors of
// LedgerClient::GetEntry.
absl::StatusOr<std::string> FindFileDigest(
    const ObjectFilesParts& parts, const Caller& caller,
    const v1::DownloadFileRequest& request);

}  // namespace dataip::registryd
