// Lawful orders to erase payloads, as they stand in a ledger's entries.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "client/export/ledger_export.h"
#include "core/crypto/key.h"
#include "core/hash/hash.h"
#include "core/proof/header.h"
#include "core/verify/trust.h"

namespace dataip::client {

struct OrderedErasure {
  uint64_t index = 0;  // earlier than the order
  hash::Hash payload_sha256;
  hash::Hash payload_sm3;
};

// Finds orders among entries that are shown to it in order, from the one that
// opens the registry on: that one holds the root key whose id the trust file
// names. Not thread safe.
class OrderReader {
 public:
  // `trust` outlives it.
  explicit OrderReader(const verify::Trust& trust) : trust_(&trust) {}

  // What this entry orders erased: nothing unless root, and nobody else, has
  // signed it in its one form (verify::OrderOfRoot), and nothing before the
  // entry with root's key was shown. Whether the state allows the order is the
  // auditor's to decide.
  std::vector<OrderedErasure> Take(const proof::EntryHeader& header,
                                   const ExportedEntry& entry);

 private:
  const verify::Trust* trust_;
  std::optional<crypto::PublicKey> root_;
};

}  // namespace dataip::client
