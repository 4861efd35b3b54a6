#include "core/verify/erasure.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/crypto/command_signature.h"
#include "core/crypto/verify.h"
#include "core/registry/state/header_of.h"
#include "core/registry/state/signing.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "core/verify/rules.h"

namespace dataip::verify {
namespace {

Finding Misfit(const ErasureOrder& order, absl::string_view zh,
               absl::string_view en) {
  return {
      order.order_index, rule::kErasureOrder,
      absl::StrCat("删除命令与其所列第 ", order.entry.index(), " 条不符：", zh),
      absl::StrCat("the order does not fit entry ", order.entry.index(),
                   ", which it names: ", en)};
}

bool SignedBy(const registry::State& state, const std::string& key_id,
              const v1::CertificateSignature& signature,
              const std::string& content) {
  const auto key = state.keys.find(key_id);
  return signature.key_id() == key_id && key != state.keys.end() &&
         crypto::Verify(key->second.key,
                        hash::AsBytes(crypto::CertificateMessage(
                            state.origin, hash::AsBytes(content))),
                        hash::AsBytes(signature.signature()));
}

// SM2 then P-256 by the issuing keys in force for each certificate, in order
// (formats.md 7).
bool CertificateHolds(const v1::Transition& substitute,
                      const registry::State& state) {
  const auto& signatures = substitute.certificate_signatures();
  int checked = 0;
  for (const v1::Event& event : substitute.events()) {
    if (!event.has_certificate_issued()) continue;
    const std::string& content = event.certificate_issued().content();
    if (signatures.size() < checked + 2 ||
        !SignedBy(state, state.issuing_sm2_key_id, signatures[checked],
                  content) ||
        !SignedBy(state, state.issuing_p256_key_id, signatures[checked + 1],
                  content)) {
      return false;
    }
    checked += 2;
  }
  return signatures.size() == checked;
}

// The root key of the registry that a payload opens, if it does.
std::optional<crypto::PublicKey> OpenedUnder(Bytes payload) {
  const auto transition = registry::ParseCanonical<v1::Transition>(payload);
  if (!transition.ok()) return std::nullopt;
  const auto command =
      registry::ParseCanonical<v1::Command>(transition->command().command());
  if (!command.ok() || !command->has_open_registry()) return std::nullopt;
  const auto key = registry::KeyOf(command->open_registry().root_key());
  return key.ok() ? std::optional(*key) : std::nullopt;
}

bool HeaderIs(const registry::EntryParts& parts,
              const proof::EntryHeader& header) {
  return parts ==
         registry::EntryParts{header.type, header.stream, header.updates};
}

bool SignedByRoot(const v1::SignedCommand& given, const OrderToRead& entry) {
  const std::string root_id = entry.root.KeyId();
  return given.signatures_size() == 1 &&
         given.signatures(0).key_id() == root_id &&
         crypto::Verify(
             entry.root,
             hash::AsBytes(crypto::CommandMessage(
                 {entry.origin, root_id, hash::AsBytes(given.command())})),
             hash::AsBytes(given.signatures(0).signature()));
}

}  // namespace

bool OrdersErasure(const v1::Transition& transition) {
  for (const v1::Event& event : transition.events()) {
    if (event.has_payload_erased()) return true;
  }
  return false;
}

std::optional<crypto::PublicKey> RootKeyIn(Bytes payload,
                                           const std::string& key_id) {
  const auto key = OpenedUnder(payload);
  if (!key.has_value() || key->KeyId() != key_id) return std::nullopt;
  return key;
}

std::optional<v1::ErasePayload> OrderOfRoot(const OrderToRead& entry) {
  const auto transition =
      registry::ParseCanonical<v1::Transition>(entry.payload);
  if (!transition.ok() || transition->events_size() != 1 ||
      !HeaderIs(registry::HeaderOf(transition->events()), entry.header)) {
    return std::nullopt;
  }
  const v1::SignedCommand& given = transition->command();
  const auto command = registry::ParseCanonical<v1::Command>(given.command());
  if (!command.ok() || !command->has_erase_payload() ||
      !SignedByRoot(given, entry)) {
    return std::nullopt;
  }
  const v1::ErasePayload& order = command->erase_payload();
  v1::Event as_signed;
  *as_signed.mutable_payload_erased()->mutable_order() = order;
  const auto count = static_cast<size_t>(order.entries_size());
  if (registry::SerializeCanonical(as_signed) !=
          registry::SerializeCanonical(transition->events(0)) ||
      count < 1 || count > limits::kErasuresPerOrder) {
    return std::nullopt;
  }
  for (const v1::ErasedEntry& named : order.entries()) {
    if (named.index() >= entry.header.index) return std::nullopt;
  }
  return order;
}

void ErasureOrders::Read(const ReplayEntry& entry) {
  if (entry.status != ReplayEntry::Payload::kPresent) return;
  const auto header = proof::DecodeHeader(hash::AsBytes(entry.header));
  if (!header.ok() || header->type != proof::kTransitionType ||
      header->stream != kOrderStream) {
    return;
  }
  const auto transition =
      registry::ParseCanonical<v1::Transition>(entry.payload);
  if (!transition.ok()) return;
  if (const auto key = OpenedUnder(hash::AsBytes(entry.payload))) {
    root_keys_.emplace(key->KeyId(), *key);
  }
  for (const v1::Event& event : transition->events()) {
    for (const auto& named : event.payload_erased().order().entries()) {
      // One that names itself or what comes later is broken where it stands.
      if (named.index() >= header->index) continue;
      Add({header->index, named,
           registry::ParseSubstitute(named.substitute())});
    }
  }
}

void ErasureOrders::AddRehearsed(const v1::ErasePayload& order) {
  for (const v1::ErasedEntry& named : order.entries()) {
    Add({limits::kIndex, named, registry::ParseSubstitute(named.substitute()),
         /*rehearsed=*/true});
  }
}

void ErasureOrders::Add(ErasureOrder order) {
  const uint64_t index = order.entry.index();
  const auto known = orders_.find(index);
  if (known != orders_.end() &&
      known->second.order_index <= order.order_index) {
    return;
  }
  orders_.insert_or_assign(index, std::move(order));
}

bool ErasureOrders::Holds(uint64_t index, const v1::ErasedEntry& entry) const {
  const ErasureOrder* const known = Find(entry.index());
  return known != nullptr && known->order_index == index &&
         registry::SerializeCanonical(known->entry) ==
             registry::SerializeCanonical(entry);
}

const crypto::PublicKey* ErasureOrders::RootKey(
    const std::string& key_id) const {
  const auto found = root_keys_.find(key_id);
  return found == root_keys_.end() ? nullptr : &found->second;
}

const ErasureOrder* ErasureOrders::Find(uint64_t index) const {
  const auto found = orders_.find(index);
  return found == orders_.end() ? nullptr : &found->second;
}

void ErasureOrders::CollectKeysInto(KeyRing& ring) const {
  for (const auto& [index, order] : orders_) {
    if (!order.substitute.ok()) continue;
    for (const v1::Event& event : order.substitute->transition.events()) {
      if (event.has_party_registered()) {
        CollectKey(event.party_registered().key(), ring);
      } else if (event.has_officer_registered()) {
        CollectKey(event.officer_registered().key(), ring);
      } else if (event.has_key_enrolled()) {
        CollectKey(event.key_enrolled().key(), ring);
      }
    }
  }
}

std::optional<Finding> CheckOrdered(const Prepared& entry,
                                    const ErasureOrder& order) {
  const proof::EntryHeader& header = *entry.header;
  if (order.entry.payload_sha256() != header.payload_sha256.text() ||
      order.entry.payload_sm3() != header.payload_sm3.text()) {
    return Misfit(order, "摘要与记录头不同",
                  "its digests are not the header's");
  }
  if (!order.substitute.ok()) {
    return Misfit(order, "没有合格的替代内容",
                  order.substitute.status().message());
  }
  if (!registry::FitsHeader(*order.substitute, header)) {
    return Misfit(order, "替代内容推出的记录头不同",
                  "the substitute gives another header");
  }
  if (!entry.transition.has_value()) return std::nullopt;
  const absl::Status redaction =
      registry::CheckRedaction(*entry.transition, order.substitute->transition);
  if (redaction.ok()) return std::nullopt;
  return Misfit(order, "替代内容不只是删去文字",
                absl::StrCat("the substitute does more than take out texts: ",
                             redaction.message()));
}

std::optional<Finding> TakeSubstitute(const proof::EntryHeader& header,
                                      const ErasureOrder& order,
                                      registry::State& state) {
  const registry::Substitute& substitute = *order.substitute;
  const v1::Transition& transition = substitute.transition;
  const int64_t decided_at_ms =
      *registry::ToUnixMs(transition.context().decided_at());
  if (decided_at_ms < state.last_decided_at_ms ||
      decided_at_ms > header.time_ms + limits::kDecisionAheadMs) {
    return Misfit(order, "替代内容的决定时间不可能",
                  "the substitute's time of decision cannot be");
  }
  if (!CertificateHolds(transition, state)) {
    return Misfit(order, "替代内容中证书的签名不成立",
                  "the certificate's signatures in the substitute do not hold");
  }
  registry::FoldSubstitute(state, substitute);
  return std::nullopt;
}

std::optional<TransitionFlaw> CheckOrderEntry(const Prepared& order,
                                              bool orders_read) {
  if (!orders_read) {
    return TransitionFlaw{
        {rule::kErasureOrder, "账上有删除命令，须先读取再核对",
         "an order to erase: orders are to be read beforehand"},
        true};
  }
  for (const v1::Event& event : order.transition->events()) {
    for (const v1::ErasedEntry& entry :
         event.payload_erased().order().entries()) {
      if (entry.index() < order.header->index) continue;
      return TransitionFlaw{
          {rule::kErasureOrder, "删除命令列有不早于它的条目",
           "the order names an entry that is not earlier than itself"},
          false};
    }
  }
  return std::nullopt;
}

}  // namespace dataip::verify
