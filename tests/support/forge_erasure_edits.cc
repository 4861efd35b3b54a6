// Payloads erased without an order, and an order that says something else than
// what it erases.
#include "core/base/status_macros.h"
#include "core/registry/erasure/redaction.h"
#include "core/registry/values/canonical.h"
#include "tests/support/forge_edits.h"

namespace dataip::test {
namespace {

using Kind = v1::Command;

bool IsFiling(const Forger& forger, uint64_t index) {
  return forger.KindOf(index) == Kind::kSubmitApplication;
}

bool FollowsFiling(const Forger& forger, uint64_t index) {
  return index > 0 && IsFiling(forger, index - 1);
}

absl::Status EraseSilently(Forger& forger, uint64_t index) {
  forger.draft(index).erased = true;
  return absl::OkStatus();
}

// Root's own key: the registry's first entry is signed by it.
std::vector<std::string> RootOf(const Forger& forger) {
  return forger.SignersAt(0);
}

absl::Status PutOtherWords(Forger& forger, uint64_t index) {
  ASSIGN_OR_RETURN(v1::Transition substitute,
                   registry::Redact(forger.TransitionAt(index - 1), {}));
  substitute.mutable_events(0)
      ->mutable_application_submitted()
      ->mutable_application()
      ->mutable_form()
      ->mutable_sources(0)
      ->set_method("从来没有人这样说过");
  const auto payload = hash::AsBytes(forger.draft(index - 1).payload);
  const registry::State state = forger.StateBefore(index);
  const int64_t now_ms = forger.DecidedAtMs(index - 1);
  v1::Command command;
  forger.Refresh(command, now_ms);
  command.set_actor(registry::kRootActor);
  v1::ErasePayload& order = *command.mutable_erase_payload();
  order.set_ordered_by("杭州互联网法院");
  order.set_legal_basis("个人信息保护法 第四十七条");
  v1::ErasedEntry& entry = *order.add_entries();
  entry.set_index(index - 1);
  entry.set_payload_sha256(std::string(hash::Sha256(payload).text()));
  entry.set_payload_sm3(std::string(hash::Sm3(payload).text()));
  entry.set_substitute(registry::SerializeCanonical(substitute));
  ASSIGN_OR_RETURN(const v1::Transition transition,
                   forger.Forge({state, command, RootOf(forger), now_ms}));
  forger.Insert(index, transition);
  return absl::OkStatus();
}

}  // namespace

std::vector<NamedEdit> ErasureEdits() {
  return {
      {"erased-without-order", "payload.erased", "没有命令就删除了内容",
       "payload erased without an order", IsFiling, EraseSilently,
       /*hashes_see=*/true},
      {"wrong-substitute", "erasure.order", "删除命令篡改了所删的内容",
       "order that puts other words in place of what it erases", FollowsFiling,
       PutOtherWords},
  };
}

}  // namespace dataip::test
