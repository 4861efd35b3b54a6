#include "core/registry/state/decided_commands.h"

#include <algorithm>
#include <tuple>

namespace dataip::registry {

DecidedCommands::Id::Id(absl::string_view command_id) {
  for (const char c : command_id.substr(0, sizeof(high) + sizeof(low))) {
    high = high << 8 | low >> 56;
    low = low << 8 | static_cast<uint8_t>(c);
  }
}

size_t DecidedCommands::PlaceOf(absl::string_view actor,
                                absl::string_view command_id) const {
  const auto [first, last] = places_.equal_range(Id(command_id));
  for (auto place = first; place != last; ++place) {
    const Decided& decided = decided_[place->second];
    if (decided.actor == actor && decided.command_id == command_id) {
      return place->second;
    }
  }
  return decided_.size();
}

const hash::Hash* DecidedCommands::Find(absl::string_view actor,
                                        absl::string_view command_id) const {
  const size_t place = PlaceOf(actor, command_id);
  return place == decided_.size() ? nullptr : &decided_[place].sha256;
}

void DecidedCommands::Put(absl::string_view actor, absl::string_view command_id,
                          const hash::Hash& sha256) {
  const size_t place = PlaceOf(actor, command_id);
  if (place < decided_.size()) {
    decided_[place].sha256 = sha256;
    return;
  }
  places_.emplace(Id(command_id), static_cast<uint32_t>(place));
  decided_.push_back({std::string(actor), std::string(command_id), sha256});
}

std::vector<DecidedCommands::Decided> DecidedCommands::All() const {
  std::vector<Decided> all(decided_.begin(), decided_.end());
  std::sort(all.begin(), all.end(), [](const Decided& a, const Decided& b) {
    return std::tie(a.command_id, a.actor) < std::tie(b.command_id, b.actor);
  });
  return all;
}

}  // namespace dataip::registry
