#include "services/ledger/states.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/limits.h"
#include "core/base/status_macros.h"

namespace dataip::ledger {

void States::Add(std::shared_ptr<const State> state, Time now) {
  // Maps are freed after the lock is given back: that may take a while.
  std::vector<Kept> dropped;
  base::MutexLock lock(mutex_);
  DATAIP_ASSERT(states_.empty() || states_.back().state->size <= state->size);
  if (!states_.empty() && states_.back().state->size == state->size) {
    dropped.push_back(std::move(states_.back()));
    states_.pop_back();
  }
  states_.push_back({std::move(state), now});
  while (states_.size() > 1 && (now - states_.front().since > kept_ ||
                                states_.size() > limits::kStatesKept)) {
    dropped.push_back(std::move(states_.front()));
    states_.pop_front();
  }
}

std::shared_ptr<const State> States::Newest() const {
  base::MutexLock lock(mutex_);
  return states_.empty() ? nullptr : states_.back().state;
}

std::shared_ptr<const State> States::At(uint64_t size) const {
  base::MutexLock lock(mutex_);
  const auto found = std::lower_bound(states_.begin(), states_.end(), size,
                                      [](const Kept& kept, uint64_t wanted) {
                                        return kept.state->size < wanted;
                                      });
  if (found == states_.end() || found->state->size != size) return nullptr;
  return found->state;
}

}  // namespace dataip::ledger
