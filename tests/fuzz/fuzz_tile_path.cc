// Paths of tiles: what is read is spelled in one way only.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "client/export/export_layout.h"
#include "services/ledger/tile_path.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using dataip::ledger::TilePath;
  namespace client = dataip::client;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto path = dataip::ledger::ParseTilePath(text);
  if (!path.has_value() || path->kind == TilePath::Kind::kCheckpoint) return 0;
  const std::string spelled = path->kind == TilePath::Kind::kTile
                                  ? client::TilePath(path->level, path->piece)
                              : path->kind == TilePath::Kind::kEntries
                                  ? client::EntriesPath(path->piece)
                                  : client::PayloadPath(path->piece);
  if ("/" + spelled != text) std::abort();
  return 0;
}
