// What the kinds "ledger" and "map" share.
#pragma once

#include <string>

#include "core/proof/header.h"
#include "core/proof/map.h"
#include "tests/conformance/cases.h"

namespace dataip::conformance {

// A map with the root that the file states for it.
struct MapAtRoot {
  proof::Map map;
  hash::Hash root;
};

// A list of cases: its member, and what stands before its name in messages.
struct ListName {
  std::string member;
  std::string prefix;
};

// [key, value].
absl::StatusOr<proof::Update> ReadUpdate(const Json& pair);

absl::Status RunMapProofs(const Json& json, const ListName& list,
                          const MapAtRoot& map, Tally& tally);

}  // namespace dataip::conformance
