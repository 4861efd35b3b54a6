#include "core/registry/erasure/rehearsal.h"

#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/registry/decide.h"
#include "core/registry/evolve.h"
#include "core/registry/values/canonical.h"

namespace dataip::registry {
namespace {

absl::Status Wrong(uint64_t index, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("entry ", index, ": ", what));
}

}  // namespace

Rehearsal::Rehearsal(const std::string& origin) { state_.origin = origin; }

absl::StatusOr<Rehearsal> Rehearsal::Create(const std::string& origin,
                                            const v1::ErasePayload& order) {
  Rehearsal rehearsal(origin);
  for (const v1::ErasedEntry& entry : order.entries()) {
    auto substitute = ParseSubstitute(entry.substitute());
    if (!substitute.ok()) {
      return Wrong(entry.index(), substitute.status().message());
    }
    rehearsal.named_.emplace(entry.index(),
                             Named{entry, *std::move(substitute)});
  }
  return rehearsal;
}

absl::Status Rehearsal::TakeNamed(const Entry& entry, Named& named) {
  const uint64_t index = entry.header.index;
  if (entry.substituted) return Wrong(index, "an earlier order names it");
  if (named.entry.payload_sha256() != entry.header.payload_sha256.text() ||
      named.entry.payload_sm3() != entry.header.payload_sm3.text()) {
    return Wrong(index, "the order has other digests than its header");
  }
  if (!FitsHeader(named.substitute, entry.header)) {
    return Wrong(index, "the substitute gives another header");
  }
  const absl::Status redaction =
      CheckRedaction(entry.transition, named.substitute.transition);
  if (!redaction.ok()) return Wrong(index, redaction.message());
  named.seen = true;
  return absl::OkStatus();
}

absl::Status Rehearsal::DecideAgain(const Entry& entry) const {
  std::vector<std::string> signers;
  for (const auto& signature : entry.transition.command().signatures()) {
    signers.push_back(signature.key_id());
  }
  const Decision decision = Decide(state_, {entry.command, std::move(signers)},
                                   entry.transition.context());
  const auto* events = std::get_if<Events>(&decision);
  bool same = events != nullptr && static_cast<int>(events->size()) ==
                                       entry.transition.events_size();
  for (int i = 0; same && i < entry.transition.events_size(); ++i) {
    same = SerializeCanonical((*events)[i]) ==
           SerializeCanonical(entry.transition.events(i));
  }
  if (same) return absl::OkStatus();
  return Wrong(entry.header.index,
               "with the substitutes in place it would be decided otherwise; "
               "leave in the texts that it was decided on, or name it too");
}

absl::Status Rehearsal::Take(const Entry& entry) {
  if (folded_one_ && !entry.substituted) RETURN_IF_ERROR(DecideAgain(entry));
  const auto named = named_.find(entry.header.index);
  if (named == named_.end()) {
    Fold(state_, entry.command, entry.command_sha256,
         entry.transition.context(), entry.transition.events());
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(TakeNamed(entry, named->second));
  FoldSubstitute(state_, named->second.substitute);
  folded_one_ = true;
  return absl::OkStatus();
}

absl::Status Rehearsal::Finish() const {
  for (const auto& [index, named] : named_) {
    if (!named.seen) return Wrong(index, "no transition stands there");
  }
  return absl::OkStatus();
}

}  // namespace dataip::registry
