// Many like calls at once, a bounded number in flight.
#pragma once

#include <cstddef>
#include <functional>

namespace dataip::client {

// How many filings or decisions a client keeps in flight: the ledger gives a
// checkpoint every 200 ms, so one at a time would wait for most of them.
inline constexpr size_t kCommandsInFlight = 16;

// Runs body(0) .. body(count - 1), at most `in_flight` at once, each index
// once; indices are taken in order. Returns when all have ended. After `body`
// returned false no further index is started.
void ForEachInFlight(size_t count, size_t in_flight,
                     const std::function<bool(size_t)>& body);

}  // namespace dataip::client
