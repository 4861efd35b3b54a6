// Money in fen, checked: no sum or product ever wraps.
#pragma once

#include <cstdint>
#include <optional>

namespace dataip::registry {

inline constexpr char kCurrency[] = "CNY";

// Nothing when the result does not fit.
std::optional<int64_t> AddFen(int64_t a, int64_t b);
std::optional<int64_t> MultiplyFen(int64_t price_fen, int64_t quantity);
// -value; nothing for the smallest number, which has no opposite.
std::optional<int64_t> NegateFen(int64_t value_fen);

}  // namespace dataip::registry
