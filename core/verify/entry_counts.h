// How often the rules were checked that stand at every entry: found in the
// report by name once, not for each of millions.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/verify/rules.h"

namespace dataip::verify {

// Of `checks`, which outlives it.
struct EntryCounts {
  struct Payload {
    const char* rule;
    uint64_t& count;
  };

  explicit EntryCounts(std::map<std::string, uint64_t>& checks)
      : header_form(checks[rule::kHeaderForm]),
        header_index(checks[rule::kHeaderIndex]),
        header_time(checks[rule::kHeaderTime]),
        chain_prev(checks[rule::kChainPrev]),
        payload_present(checks[rule::kPayloadPresent]),
        payload{{rule::kPayloadSize, checks[rule::kPayloadSize]},
                {rule::kPayloadSha256, checks[rule::kPayloadSha256]},
                {rule::kPayloadSm3, checks[rule::kPayloadSm3]}} {}

  uint64_t& header_form;
  uint64_t& header_index;
  uint64_t& header_time;
  uint64_t& chain_prev;
  uint64_t& payload_present;
  Payload payload[3];  // in the order in which they are checked
};

}  // namespace dataip::verify
