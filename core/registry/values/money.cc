#include "core/registry/values/money.h"

#include <limits>

namespace dataip::registry {

std::optional<int64_t> AddFen(int64_t a, int64_t b) {
  int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
  return sum;
}

std::optional<int64_t> MultiplyFen(int64_t price_fen, int64_t quantity) {
  int64_t product = 0;
  if (__builtin_mul_overflow(price_fen, quantity, &product)) {
    return std::nullopt;
  }
  return product;
}

std::optional<int64_t> NegateFen(int64_t value_fen) {
  if (value_fen == std::numeric_limits<int64_t>::min()) return std::nullopt;
  return -value_fen;
}

}  // namespace dataip::registry
