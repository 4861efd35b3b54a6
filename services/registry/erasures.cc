#include "services/registry/erasures.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/registry/erasure/redaction.h"
#include "services/common/error.h"

namespace dataip::registryd {
namespace {

absl::Status NoOrder(uint64_t index) {
  return services::MakeStatus(
      rpc::v1::DATA_LOSS,
      {absl::StrCat("the ledger names entry ", index,
                    " as an order to erase, and it is none for what was "
                    "erased"),
       absl::StrCat("账本称第 ", index, " 条为删除命令，而它并未令删该条")});
}

}  // namespace

bool Erasures::Learn(uint64_t order_index, const v1::Transition& transition) {
  bool news = false;
  for (const v1::Event& event : transition.events()) {
    if (!event.has_payload_erased()) continue;
    ErasureToDo& order = orders_[order_index];
    order.Clear();
    order.set_order_index(order_index);
    for (const v1::ErasedEntry& entry :
         event.payload_erased().order().entries()) {
      ledger::v1::PayloadToErase& payload = *order.add_payloads();
      payload.set_index(entry.index());
      payload.set_payload_sha256(entry.payload_sha256());
      payload.set_payload_sm3(entry.payload_sm3());
      const auto named = named_.find(entry.index());
      if (entry.index() >= order_index ||
          (named != named_.end() && named->second.order_index <= order_index)) {
        continue;
      }
      auto substitute = registry::ParseSubstitute(entry.substitute());
      // Decide lets no other pass; the entry then stays as it is.
      if (!substitute.ok()) continue;
      OrderedSubstitute ordered{
          entry.payload_sha256(), entry.payload_sm3(),
          Decided{std::move(substitute->transition),
                  std::move(substitute->command), substitute->command_sha256},
          std::move(substitute->parts)};
      named_.insert_or_assign(entry.index(),
                              Named{order_index, std::move(ordered)});
      news = true;
    }
  }
  return news;
}

absl::Status Erasures::LearnAhead(const ledger::v1::Entry& erased,
                                  const ledger::v1::Entry& order) {
  const uint64_t order_index = erased.erased_by();
  if (order_index <= erased.index() || order.index() != order_index) {
    return NoOrder(order_index);
  }
  ASSIGN_OR_RETURN(const SeenEntry seen, SeeTransition(order));
  const auto known = ahead_.emplace(order_index, seen.mark.leaf_hash).first;
  if (known->second != seen.mark.leaf_hash) return NoOrder(order_index);
  Learn(order_index, seen.decided->transition);
  const auto named = named_.find(erased.index());
  const bool names =
      named != named_.end() && named->second.order_index == order_index;
  return names ? absl::OkStatus() : NoOrder(order_index);
}

// An order is never erased itself, so that its substitute confirms nothing.
absl::Status Erasures::Confirm(const SeenEntry& entry) {
  const auto ahead = ahead_.find(entry.mark.index);
  if (ahead == ahead_.end()) return absl::OkStatus();
  if (ahead->second != entry.mark.leaf_hash || entry.substituted) {
    return NoOrder(entry.mark.index);
  }
  ahead_.erase(ahead);
  return absl::OkStatus();
}

std::optional<uint64_t> Erasures::Ahead() const {
  if (ahead_.empty()) return std::nullopt;
  return ahead_.begin()->first;
}

const OrderedSubstitute* Erasures::Find(uint64_t index) const {
  const auto found = named_.find(index);
  return found == named_.end() ? nullptr : &found->second.substitute;
}

uint64_t Erasures::OrderOf(uint64_t index) const {
  return named_.at(index).order_index;
}

const ErasureToDo& Erasures::OrderAt(uint64_t order_index) const {
  return orders_.at(order_index);
}

}  // namespace dataip::registryd
