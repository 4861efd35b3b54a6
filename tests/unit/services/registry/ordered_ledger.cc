#include "tests/unit/services/registry/ordered_ledger.h"

#include "core/crypto/random.h"
#include "core/registry/erasure/redaction.h"
#include "core/registry/state/context.h"
#include "core/registry/state/header_of.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"

namespace dataip::registryd {
namespace {

constexpr int64_t kStepMs = 50;
constexpr int64_t kLifeMs = 60'000;

v1::Transition TransitionAt(uint64_t index) {
  return *registry::ParseCanonical<v1::Transition>(
      Sample().drafts[index].payload);
}

}  // namespace

const test::SampleLedger& Sample() {
  static const test::SampleLedger* sample =
      new test::SampleLedger(*test::MakeSampleLedger({}));
  return *sample;
}

uint64_t FilingIndex(size_t n) {
  for (uint64_t i = 0;; ++i) {
    if (Sample().drafts[i].IsTransition() &&
        TransitionAt(i).events(0).has_application_submitted() && n-- == 0) {
      return i;
    }
  }
}

v1::ErasedEntry ErasedEntryOf(const NamedEntry& named) {
  const Bytes payload = hash::AsBytes(Sample().drafts[named.index].payload);
  v1::ErasedEntry entry;
  entry.set_index(named.index);
  entry.set_payload_sha256(std::string(hash::Sha256(payload).text()));
  entry.set_payload_sm3(std::string(hash::Sm3(payload).text()));
  entry.set_substitute(registry::SerializeCanonical(
      *registry::Redact(TransitionAt(named.substitute_of), named.paths)));
  return entry;
}

v1::ErasedEntry Redacted(uint64_t index) {
  return ErasedEntryOf({index, index});
}

SignedOrder SignOrder(const std::vector<v1::ErasedEntry>& entries) {
  SignedOrder order;
  v1::Command& command = order.command;
  command.set_command_id(crypto::RandomBytes(16));
  command.set_actor(registry::kRootActor);
  const int64_t now_ms = Sample().state.clock_ms;
  *command.mutable_issued_at() = registry::FromUnixMs(now_ms);
  *command.mutable_expires_at() = registry::FromUnixMs(now_ms + kLifeMs);
  v1::ErasePayload& body = *command.mutable_erase_payload();
  body.set_ordered_by("杭州互联网法院");
  body.set_legal_basis("个人信息保护法 第四十七条");
  for (const auto& entry : entries) *body.add_entries() = entry;
  order.signed_command =
      *test::SignCommand(Sample().origin, registry::SerializeCanonical(command),
                         {Sample().key_ids.at("root")}, Sample().keys);
  return order;
}

uint64_t OrderedLedger::Order(const std::vector<v1::ErasedEntry>& entries) {
  const SignedOrder order = SignOrder(entries);
  v1::Transition transition;
  *transition.mutable_command() = order.signed_command;
  *transition.mutable_context() = registry::ContextOf(
      Sample().state, order.command, Sample().state.clock_ms);
  *transition.add_events()->mutable_payload_erased()->mutable_order() =
      order.command.erase_payload();
  transition.set_salt(crypto::RandomBytes(hash::kHashBytes));
  const auto parts = registry::HeaderOf(transition.events());
  test::Draft draft;
  draft.time_ms = drafts_.back().time_ms + kStepMs;
  draft.type = parts.type;
  draft.stream = parts.stream;
  draft.payload = registry::SerializeCanonical(transition);
  drafts_.push_back(draft);
  return drafts_.size() - 1;
}

void OrderedLedger::Seal() {
  drafts_.push_back(test::SealDraft(drafts_.back().time_ms + kStepMs));
}

FakeLedger::Entries OrderedLedger::Entries() const {
  const auto book = test::MakeBook(Sample().origin, drafts_, Sample().signers);
  FakeLedger::Entries entries(book->size());
  for (uint64_t i = 0; i < book->size(); ++i) {
    entries[i].set_index(i);
    entries[i].set_header(book->headers[i]);
    entries[i].set_payload(book->payloads[i]);
    entries[i].set_payload_status(ledger::v1::PRESENT);
  }
  return entries;
}

void Erase(ledger::v1::Entry& entry, uint64_t order_index) {
  entry.clear_payload();
  entry.set_payload_status(ledger::v1::ERASED);
  entry.set_erased_by(order_index);
}

}  // namespace dataip::registryd
