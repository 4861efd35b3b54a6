#include "services/registry/repeated.h"

#include <string>
#include <utility>

#include "core/base/status_macros.h"
#include "core/registry/precheck/findings.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "dataip/ledger/v1/ledger.pb.h"

namespace dataip::registryd {
namespace {

registry::Filed FiledWith(const v1::SubmitCommandRequest& request,
                          const v1::Command& command,
                          const v1::Transition& transition) {
  registry::Filed filed{command, {}, 0, ""};
  for (const v1::Signature& signature : request.command().signatures()) {
    filed.signer_key_ids.push_back(signature.key_id());
  }
  filed.decided_at_ms =
      registry::ToUnixMs(transition.context().decided_at()).value_or(0);
  for (const v1::Event& event : transition.events()) {
    if (!event.has_application_submitted()) continue;
    filed.application_no =
        event.application_submitted().application().application_no();
  }
  return filed;
}

}  // namespace

absl::StatusOr<Outcome> OutcomeOfRepeated(
    const v1::SubmitCommandRequest& request, const Acknowledged& acknowledged,
    client::LedgerClient& ledger) {
  ASSIGN_OR_RETURN(const auto command, registry::ParseCanonical<v1::Command>(
                                           request.command().command()));
  Outcome outcome;
  ASSIGN_OR_RETURN(outcome.index, acknowledged.projection().CommandIndex(
                                      command.actor(), command.command_id()));
  ASSIGN_OR_RETURN(auto entry, ledger.GetEntry(outcome.index, true));
  ASSIGN_OR_RETURN(const Decided decided, acknowledged.DecidedAt(entry));
  outcome.header = std::move(*entry.mutable_header());
  const auto& events = decided.transition.events();
  outcome.events.assign(events.begin(), events.end());
  const auto filed = FiledWith(request, command, decided.transition);
  outcome.findings = acknowledged.With([&](const registry::State& state) {
    return registry::FindingsOf(state, filed);
  });
  return outcome;
}

}  // namespace dataip::registryd
