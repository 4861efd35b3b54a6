#include "services/common/line_budget.h"

#include <utility>

namespace dataip::services {

std::optional<uint64_t> LineBudget::Take(Clock::time_point now) {
  base::MutexLock lock(mutex_);
  if (!since_.has_value() || now - *since_ >= span_) {
    since_ = now;
    used_ = 0;
  }
  if (used_ >= lines_) {
    ++left_out_;
    return std::nullopt;
  }
  ++used_;
  return std::exchange(left_out_, 0);
}

}  // namespace dataip::services
