#include "core/verify/erasure_judge.h"

#include "absl/strings/str_cat.h"
#include "core/verify/rules.h"

namespace dataip::verify {

void ErasureJudge::Believe(const v1::Transition& transition, uint64_t index) {
  for (const v1::Event& event : transition.events()) {
    if (event.has_payload_erased()) {
      Believe(event.payload_erased().order(), index);
    }
  }
}

void ErasureJudge::Believe(const v1::ErasePayload& order, uint64_t index) {
  for (const v1::ErasedEntry& named : order.entries()) {
    if (options_.orders->Holds(index, named)) lawful_.insert(named.index());
  }
}

void ErasureJudge::ReadOrder(const Prepared& entry) {
  if (options_.orders == nullptr || !entry.present) return;
  const crypto::PublicKey* const root =
      options_.orders->RootKey(trust_.root_key);
  if (root == nullptr || entry.header->stream != kOrderStream) return;
  const auto order =
      OrderOfRoot({trust_.origin, *root, *entry.header, entry.payload});
  if (order.has_value()) Believe(*order, entry.header->index);
}

void ErasureJudge::Judge(uint64_t size, ReplayReport& report) const {
  for (const ErasedByOrder& erased : report.erased) {
    if (report.broken.has_value() || report.undecided.has_value()) return;
    if (lawful_.contains(erased.index) ||
        options_.orders->Find(erased.index)->rehearsed) {
      continue;
    }
    const bool by_signature = options_.hashes_only && erased.order_index < size;
    // One that has not been carried out changes no hash.
    if (by_signature && erased.standing) continue;
    if (by_signature && options_.orders->RootKey(trust_.root_key) == nullptr) {
      report.undecided = Finding{
          erased.index, rule::kPayloadErased,
          "内容已删除，而账上没有根密钥，无法核对删除命令的签名",
          "the payload was erased, and root's key is not on the ledger to "
          "check the order's signature with"};
      return;
    }
    report.broken = Finding{
        erased.index, rule::kPayloadErased,
        absl::StrCat("内容已删除，而账上没有成立的删除命令；第 ",
                     erased.order_index, " 条不是"),
        absl::StrCat("the payload was erased, and no lawful order on the "
                     "ledger names it; entry ",
                     erased.order_index, " is none")};
  }
}

}  // namespace dataip::verify
