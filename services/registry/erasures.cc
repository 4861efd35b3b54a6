#include "services/registry/erasures.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/registry/redaction.h"

namespace dataip::registryd {

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
      auto substitute = registry::ParseSubstitute(entry.substitute());
      // Decide lets no other pass; the entry then stays as it is.
      if (!substitute.ok() || named_.count(entry.index()) > 0) continue;
      named_.emplace(
          entry.index(),
          Named{order_index, Decided{std::move(substitute->transition),
                                     std::move(substitute->command),
                                     substitute->command_sha256}});
      news = true;
    }
  }
  return news;
}

absl::Status Erasures::LearnEntry(const ledger::v1::Entry& order) {
  ASSIGN_OR_RETURN(const Decided decided, ParseTransition(order.payload()));
  if (Learn(order.index(), decided.transition)) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(
      "entry ", order.index(), " is named as an order to erase, and is none"));
}

const Decided* Erasures::Find(uint64_t index) const {
  const auto found = named_.find(index);
  return found == named_.end() ? nullptr : &found->second.substitute;
}

const ErasureToDo& Erasures::OrderFor(uint64_t index) const {
  return orders_.at(named_.at(index).order_index);
}

}  // namespace dataip::registryd
