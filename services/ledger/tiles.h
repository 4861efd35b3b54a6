// The ledger over HTTP as the field serves logs: C2SP tlog-tiles, and payloads
// beside them (formats.md 6). The same tree of files as an export.
//
//   /checkpoint                    no-cache
//   /tile/<L>/<N>[.p/<W>]          a year, immutable
//   /tile/entries/<N>[.p/<W>]      the same
//   /payload/<N>[.p/<W>]           no-store
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "services/common/http.h"
#include "services/ledger/ledger.h"
#include "services/ledger/tile_path.h"

namespace dataip::ledger {

// What is asked for beyond the newest checkpoint's size, or is spelled
// otherwise, is NOT FOUND. A partial tile is the beginning of the full one, of
// any width that the checkpoint's size allows. Thread safe.
class Tiles {
 public:
  enum class Payloads {
    kNobody,       // the server speaks TLS elsewhere: over HTTP nobody has a
                   // name
    kThisMachine,  // as Access without TLS
  };

  // The ledger outlives it.
  Tiles(const Ledger& ledger, Payloads payloads)
      : ledger_(ledger), payloads_(payloads) {}

  services::HttpResponse Answer(const services::HttpRequest& request) const;

 private:
  absl::StatusOr<std::string> Entries(const IndexRange& range) const;
  absl::StatusOr<std::string> PayloadPiece(const IndexRange& range,
                                           bool may_read, uint64_t& next) const;
  absl::StatusOr<uint64_t> PayloadBytes(const IndexRange& range,
                                        bool may_read) const;
  services::HttpResponse AnswerPayloads(const services::HttpRequest& request,
                                        const IndexRange& range,
                                        bool may_read) const;

  const Ledger& ledger_;
  const Payloads payloads_;
};

}  // namespace dataip::ledger
