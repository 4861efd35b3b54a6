// The public part of an entry as a function of its events (architecture: the
// registry appends just this, and the auditor computes it again).
#pragma once

#include <string>
#include <vector>

#include "core/proof/header.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::registry {

struct EntryParts {
  std::string type;
  std::string stream;
  std::vector<proof::Update> updates;  // keys ascending, one a key

  friend bool operator==(const EntryParts&, const EntryParts&) = default;
};

// Streams: `registry` (its opening, orders to erase), `tables/<name>`,
// `officers/<id>`, `parties/<number>`, `clock`, `applications/<no>`,
// `licences/<no>`; the first event's. Keys: `certificates/<certificate
// number>`; the last status record of a number counts. All parts are empty when
// there is no event or a status record does not parse, which no entry's header
// equals.
EntryParts HeaderOf(const std::vector<v1::Event>& events);
EntryParts HeaderOf(
    const google::protobuf::RepeatedPtrField<v1::Event>& events);

// `certificates/<certificate number>`.
std::string CertificateKey(const std::string& certificate_number);

}  // namespace dataip::registry
