// What the lists of reads.h share: filters, pages. For lists.cc, case_reads.cc
// and queue_reads.cc.
#pragma once

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/registry/values/canonical.h"
#include "services/registry/reads.h"

namespace dataip::registryd {

// What a page token is bound to: all of the request but the page.
template <typename Request>
std::string FilterOf(Request request) {
  request.clear_page_size();
  request.clear_page_token();
  return absl::StrCat(Request::descriptor()->name(), ":",
                      registry::SerializeCanonical(request));
}

// The party number that a filter means; the text itself when there is none.
inline std::string NumberOf(const registry::State& state,
                            const std::string& party) {
  const v1::Party* found = registry::FindPartyByAny(state, party);
  return found == nullptr ? party : found->party_number();
}

// Whether a filter lets the value pass: an empty one lets all.
template <typename Values>
bool Passes(const Values& wanted, int value) {
  return wanted.empty() ||
         std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

// `add(state, value, response)` adds a line, or answers false when the filter
// passes the value over.
template <typename Response, typename Request, typename Map, typename Add>
absl::StatusOr<Response> Reads::ListOf(
    const Request& request, const Map& (*map_of)(const registry::State&),
    const Add& add) const {
  const std::string filter = FilterOf(request);
  ASSIGN_OR_RETURN(const size_t lines, PageSize(request.page_size()));
  ASSIGN_OR_RETURN(std::string last,
                   parts_.tokens.Read(filter, request.page_token()));
  Response response;
  parts_.acknowledged.WithIndex(
      [&](const registry::State& state, uint64_t last_index) {
        *response.mutable_position() = PositionAt(last_index);
        const Map& map = map_of(state);
        size_t added = 0;
        for (auto at = map.upper_bound(last); at != map.end(); ++at) {
          if (added == lines) {
            response.set_next_page_token(parts_.tokens.Make(filter, last));
            return;
          }
          if (!add(state, at->second, response)) continue;
          ++added;
          last = at->first;
        }
      });
  return response;
}

}  // namespace dataip::registryd
