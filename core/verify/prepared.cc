#include "core/verify/prepared.h"

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/proof/chain.h"
#include "core/registry/canonical.h"
#include "core/verify/rules.h"

namespace dataip::verify {
namespace {

constexpr size_t kSaltBytes = 32;

std::optional<Breach> CheckPayload(const proof::EntryHeader& header,
                                   Bytes payload) {
  if (payload.size() != header.payload_size) {
    return Breach{rule::kPayloadSize, "内容长度与头部不符",
                  "the payload's size is not the header's"};
  }
  if (hash::Sha256(payload) != header.payload_sha256) {
    return Breach{rule::kPayloadSha256, "内容的 SHA-256 与头部不符",
                  "the payload's SHA-256 is not the header's"};
  }
  if (hash::Sm3(payload) != header.payload_sm3) {
    return Breach{rule::kPayloadSm3, "内容的 SM3 与头部不符",
                  "the payload's SM3 is not the header's"};
  }
  return std::nullopt;
}

// 1 to 8, key ids ascending without repeats (formats.md 7).
bool SignaturesInForm(const v1::SignedCommand& signed_command) {
  const int count = signed_command.signatures_size();
  if (count < 1 || count > static_cast<int>(limits::kSignaturesPerCommand)) {
    return false;
  }
  for (int i = 1; i < count; ++i) {
    if (signed_command.signatures(i - 1).key_id() >=
        signed_command.signatures(i).key_id()) {
      return false;
    }
  }
  return true;
}

std::optional<Breach> ReadTransition(Prepared& prepared) {
  auto transition = registry::ParseCanonical<v1::Transition>(prepared.payload);
  if (!transition.ok()) {
    return Breach{rule::kTransitionForm, "内容不是规范的 Transition",
                  std::string(transition.status().message())};
  }
  if (transition->salt().size() != kSaltBytes) {
    return Breach{rule::kTransitionSalt, "随机数不是 32 字节",
                  "the salt is not 32 bytes"};
  }
  const std::string& bytes = transition->command().command();
  auto command = registry::ParseCanonical<v1::Command>(bytes);
  if (!command.ok() || command->body_case() == v1::Command::BODY_NOT_SET) {
    return Breach{rule::kCommandForm, "命令不规范",
                  command.ok() ? "the command has no body"
                               : std::string(command.status().message())};
  }
  if (!SignaturesInForm(transition->command())) {
    return Breach{rule::kSignatureForm, "签名须为 1 至 8 个，按密钥升序不重复",
                  "signatures: 1 to 8, ascending by key, no repeats"};
  }
  prepared.command_sha256 = hash::Sha256(hash::AsBytes(bytes));
  for (const v1::Signature& signature : transition->command().signatures()) {
    prepared.key_ids.push_back(signature.key_id());
  }
  prepared.command = *std::move(command);
  prepared.transition = *std::move(transition);
  return std::nullopt;
}

}  // namespace

Prepared Prepare(const ReplayEntry& entry, bool hashes_only) {
  Prepared prepared;
  prepared.header_bytes = hash::AsBytes(entry.header);
  prepared.leaf_hash = hash::LeafHash(prepared.header_bytes);
  prepared.next_prev = proof::NextPrev(prepared.header_bytes);
  auto header = proof::DecodeHeader(prepared.header_bytes);
  if (!header.ok()) {
    prepared.breach = Breach{
        rule::kHeaderForm,
        absl::StrCat("头部不规范：", proof::DescribeChinese(header.flaw)),
        absl::StrCat("the header ", proof::Describe(header.flaw))};
    return prepared;
  }
  prepared.header = *std::move(header);
  prepared.present = entry.status == ReplayEntry::Payload::kPresent;
  prepared.erased = entry.status == ReplayEntry::Payload::kErased;
  if (!prepared.present) return prepared;
  prepared.payload = hash::AsBytes(entry.payload);
  prepared.breach = CheckPayload(*prepared.header, prepared.payload);
  if (!prepared.breach.has_value() && !hashes_only &&
      prepared.header->type == proof::kTransitionType) {
    prepared.transition_breach = ReadTransition(prepared);
  }
  return prepared;
}

}  // namespace dataip::verify
