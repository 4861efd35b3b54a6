// Manifests of backups and their lists of files: one spelling only.
#include <cstdlib>
#include <string_view>

#include "services/ledger/backup_manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  namespace ledger = dataip::ledger;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto manifest = ledger::ParseManifest(text);
  if (manifest.ok() && ledger::FormatManifest(*manifest) != text) std::abort();
  const auto files = ledger::ParseFileList(text);
  if (files.ok() && ledger::FormatFileList(*files) != text) std::abort();
  return 0;
}
