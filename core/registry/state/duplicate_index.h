// Where the search for duplicates (B18) looks: applications by file, field
// table, name and series.
#pragma once

#include <string>
#include <utility>

#include "core/registry/state/state.h"
#include "core/registry/values/name_index.h"
#include "dataip/registry/v1/application.pb.h"

namespace dataip::registry {

// SHA-256 (32 bytes) of names, types and units of the field table in order.
// Unsalted: equal tables have equal hashes everywhere.
std::string SchemaHash(const v1::ApplicationForm& form);

// The declared series of the primary applicant.
std::pair<std::string, std::string> SeriesOf(const v1::ApplicationForm& form);

// What stands of it in the index of names; `schema` is its SchemaHash.
NameBrief BriefOf(const v1::ApplicationForm& form, const std::string& schema,
                  const NamePairs& pairs);

// For the evolve functions: remove before the form changes, add after.
void AddToIndices(State& state, const v1::Application& application);
void RemoveFromIndices(State& state, const v1::Application& application);
// It ended without a registration: it stands in nobody's way (what its
// applicant files again is B20, by the file).
void ForgetName(State& state, const std::string& application_no);

}  // namespace dataip::registry
