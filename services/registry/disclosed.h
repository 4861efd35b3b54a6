// Sealed values that were disclosed: shown to everybody with what proves them
// (formats 1), as long as the store has their openings.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dataip/registry/v1/registry_service.pb.h"
#include "services/registry/acknowledged.h"
#include "services/registry/store.h"

namespace dataip::registryd {

namespace v1 = ::dataip::registry::v1;

// Before a path, as the kind of file by which anybody downloads the value of a
// disclosed field with its salt.
inline constexpr absl::string_view kDisclosedKind = "disclosed/";

// Writes the disclosed texts of `application` to their paths in `shown`, which
// is what a reader sees of its form, and beside them their commitments. One
// that was ordered erased since stays empty.
void ShowDisclosed(const Store& store, const v1::Application& application,
                   v1::ApplicationForm& shown);

// What opens the field that the request's kind names. NOT_FOUND when there is
// no such application, when the field was not disclosed, and when it was
// ordered erased.
struct DisclosedParts {
  const Store& store;
  const Acknowledged& acknowledged;
};
absl::StatusOr<StoredOpening> FindDisclosed(
    const DisclosedParts& parts, const v1::DownloadFileRequest& request);

}  // namespace dataip::registryd
