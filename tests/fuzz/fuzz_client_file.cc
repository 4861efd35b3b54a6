// JSON files that people hand to each other: half-signed commands and proofs
// of one record. A command file has one spelling; no bytes prove a record
// against a bundle that is none.
#include <cstdlib>

#include "client/command.h"
#include "client/filing/record_proof.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace dataip::client;
  const absl::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto file = ParseCommandFile(text);
  if (file.ok() && FormatCommandFile(*file) != text) std::abort();
  if (file.ok()) {
    for (const PendingCommand& pending : file->commands) {
      (void)ReadCommand(pending.command);
    }
  }
  if (CheckRecordProof(text, "").kind == RecordVerdict::Kind::kProved) {
    std::abort();
  }
  return 0;
}
