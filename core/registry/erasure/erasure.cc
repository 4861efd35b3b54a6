// ErasePayload: an order that payloads be erased (formats 6).
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/erasure/redaction.h"
#include "core/registry/erasure/rules.h"
#include "core/registry/state/case.h"

namespace dataip::registry {
namespace {

Refusal Invalid(std::string field, std::string zh, std::string en) {
  return Refuse(
      rpc::v1::INVALID_FIELD,
      {std::move(field), "ERASURE", std::move(zh), std::move(en), "formats 6"});
}

MaybeRefusal CheckEntry(const State& state, const v1::ErasedEntry& entry,
                        const std::string& field) {
  if (entry.payload_sha256().size() != hash::kHashBytes ||
      entry.payload_sm3().size() != hash::kHashBytes) {
    return Invalid(absl::StrCat(field, ".payload_sha256"),
                   "两个内容摘要均应为 32 字节，请抄录记录头中的值",
                   "both payload digests have 32 bytes; copy the header's");
  }
  if (state.erased.count(entry.index()) > 0) {
    return Refuse(rpc::v1::ALREADY_EXISTS,
                  {absl::StrCat(field, ".index"), "ERASURE",
                   absl::StrCat("第 ", entry.index(), " 条已令删除，请去掉"),
                   absl::StrCat("entry ", entry.index(),
                                " was ordered erased before; leave it out"),
                   "formats 6"});
  }
  const auto substitute = ParseSubstitute(entry.substitute());
  if (substitute.ok()) return std::nullopt;
  return Invalid(
      absl::StrCat(field, ".substitute"),
      absl::StrCat("替代内容不合格，请用 dataip registry redact 生成：",
                   substitute.status().message()),
      absl::StrCat("no substitute; make it with `dataip registry "
                   "redact`: ",
                   substitute.status().message()));
}

}  // namespace

// Which entries there are, and what their digests and headers are, it cannot
// know: the registry looks before it decides, the auditor afterwards.
Decision DecideErasePayload(const Case& a_case) {
  RETURN_IF_REFUSED(CheckVersion(a_case, 0));
  const v1::ErasePayload& body = a_case.command.erase_payload();
  RETURN_IF_REFUSED(CheckReason("erase_payload.ordered_by", body.ordered_by(),
                                limits::kReasonLeastCharacters,
                                limits::kAuthorityCharacters));
  RETURN_IF_REFUSED(CheckReason("erase_payload.legal_basis", body.legal_basis(),
                                limits::kReasonLeastCharacters,
                                limits::kReasonCharacters));
  const auto count = static_cast<size_t>(body.entries_size());
  if (count < 1 || count > limits::kErasuresPerOrder) {
    return Invalid(
        "erase_payload.entries",
        absl::StrCat("一道命令可列 1 至 ", limits::kErasuresPerOrder, " 条"),
        absl::StrCat("an order names 1 to ", limits::kErasuresPerOrder,
                     " entries"));
  }
  for (int i = 0; i < body.entries_size(); ++i) {
    const std::string field = absl::StrCat("erase_payload.entries[", i, "]");
    if (i > 0 && body.entries(i).index() <= body.entries(i - 1).index()) {
      return Invalid(absl::StrCat(field, ".index"),
                     "序号应依次递增且不重复，请重新排列",
                     "indices ascend without repeats; put them in order");
    }
    RETURN_IF_REFUSED(CheckEntry(a_case.state, body.entries(i), field));
  }
  Events events(1);
  *events[0].mutable_payload_erased()->mutable_order() = body;
  return events;
}

void EvolvePayloadErased(State& state, const v1::Event& event) {
  for (const v1::ErasedEntry& entry :
       event.payload_erased().order().entries()) {
    state.erased.emplace(entry.index(),
                         hash::Sha256(hash::AsBytes(entry.substitute())));
  }
}

}  // namespace dataip::registry
