#include "core/verify/prepared.h"

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/values/canonical.h"
#include "core/verify/rules.h"

namespace dataip::verify {
namespace {

constexpr size_t kSaltBytes = 32;

struct PayloadHashes {
  hash::Hash sha256;
  hash::Hash sm3;
};

std::optional<Breach> CheckPayload(const proof::EntryHeader& header,
                                   const PayloadHashes& hashes) {
  if (hashes.sha256 != header.payload_sha256) {
    return Breach{rule::kPayloadSha256, "内容的 SHA-256 与头部不符",
                  "the payload's SHA-256 is not the header's"};
  }
  if (hashes.sm3 != header.payload_sm3) {
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

// All that needs no payload.
void ReadHeader(const EntryView& entry, Prepared& prepared) {
  auto header = proof::DecodeHeader(entry.header);
  if (!header.ok()) {
    prepared.breach = Breach{
        rule::kHeaderForm,
        absl::StrCat("头部不规范：", proof::DescribeChinese(header.flaw)),
        absl::StrCat("the header ", proof::Describe(header.flaw))};
    return;
  }
  prepared.header = *std::move(header);
  prepared.present = entry.status == ReplayEntry::Payload::kPresent;
  prepared.erased = entry.status == ReplayEntry::Payload::kErased;
  if (!prepared.present) return;
  prepared.payload = entry.payload;
  if (entry.payload.size() != prepared.header->payload_size) {
    prepared.breach = Breach{rule::kPayloadSize, "内容长度与头部不符",
                             "the payload's size is not the header's"};
  }
}

void HashHeaders(std::span<Prepared> all) {
  std::vector<Bytes> headers;
  headers.reserve(all.size());
  for (const Prepared& one : all) headers.push_back(one.header_bytes);
  std::vector<hash::Hash> hashes(all.size());
  hash::LeafHashMany(headers, hashes);
  for (size_t i = 0; i < all.size(); ++i) all[i].leaf_hash = hashes[i];
  hash::Sm3Many(headers, hashes);
  for (size_t i = 0; i < all.size(); ++i) all[i].next_prev = hashes[i];
}

// Of every payload whose size is right, in their order.
std::vector<PayloadHashes> HashPayloads(std::span<Prepared* const> all) {
  std::vector<Bytes> payloads;
  payloads.reserve(all.size());
  for (const Prepared* one : all) payloads.push_back(one->payload);
  std::vector<hash::Hash> sha256(all.size());
  std::vector<hash::Hash> sm3(all.size());
  hash::Sha256Many(payloads, sha256);
  hash::Sm3Many(payloads, sm3);
  std::vector<PayloadHashes> hashes;
  hashes.reserve(all.size());
  for (size_t i = 0; i < all.size(); ++i) hashes.push_back({sha256[i], sm3[i]});
  return hashes;
}

}  // namespace

std::vector<Prepared> PrepareMany(std::span<const EntryView> entries,
                                  bool hashes_only) {
  std::vector<Prepared> all(entries.size());
  std::vector<Prepared*> with_payload;
  with_payload.reserve(all.size());
  for (size_t i = 0; i < all.size(); ++i) {
    all[i].header_bytes = entries[i].header;
    ReadHeader(entries[i], all[i]);
    if (all[i].present && !all[i].breach) with_payload.push_back(&all[i]);
  }
  HashHeaders(all);
  const std::vector<PayloadHashes> hashes = HashPayloads(with_payload);
  for (size_t i = 0; i < with_payload.size(); ++i) {
    Prepared& one = *with_payload[i];
    one.breach = CheckPayload(*one.header, hashes[i]);
    if (!one.breach.has_value() && !hashes_only &&
        one.header->type == proof::kTransitionType) {
      one.transition_breach = ReadTransition(one);
    }
  }
  return all;
}

Prepared Prepare(const ReplayEntry& entry, bool hashes_only) {
  const EntryView view = entry.view();
  return std::move(PrepareMany({&view, 1}, hashes_only)[0]);
}

}  // namespace dataip::verify
