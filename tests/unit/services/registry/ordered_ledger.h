// The sample ledger with orders to erase behind it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dataip/registry/v1/erasure.pb.h"
#include "tests/support/sample_ledger.h"
#include "tests/unit/services/registry/fake_ledger.h"

namespace dataip::registryd {

namespace v1 = ::dataip::registry::v1;

// Made once for the program.
const test::SampleLedger& Sample();

// Where the sample's n-th filing stands, from 0.
uint64_t FilingIndex(size_t n);

// A text of every filing that no later decision reads.
inline constexpr char kMethodPath[] =
    "events[0].application_submitted.application.form.sources[0].method";

// What an order says of the sample's entry: with `substitute_of` in its place,
// redacted.
struct NamedEntry {
  uint64_t index = 0;
  uint64_t substitute_of = 0;
  std::vector<std::string> paths = {kMethodPath};
};
v1::ErasedEntry ErasedEntryOf(const NamedEntry& named);
// The entry with its own method taken out.
v1::ErasedEntry Redacted(uint64_t index);

// A signed ErasePayload of root.
struct SignedOrder {
  v1::SignedCommand signed_command;
  v1::Command command;
};
SignedOrder SignOrder(const std::vector<v1::ErasedEntry>& entries);

class OrderedLedger {
 public:
  // Index of the order's entry.
  uint64_t Order(const std::vector<v1::ErasedEntry>& entries);
  void Seal();
  // The first entry was written later: a history of other hashes.
  void Delay() { drafts_.front().time_ms += 1; }

  // Every payload stands; the last entry is a seal.
  FakeLedger::Entries Entries() const;

 private:
  std::vector<test::Draft> drafts_ = Sample().drafts;
};

void Erase(ledger::v1::Entry& entry, uint64_t order_index);

}  // namespace dataip::registryd
