#include "services/ledger/wire.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "services/common/error.h"

namespace dataip::ledger {
namespace {

bool IsPlainName(const std::string& text, size_t max_bytes) {
  return !text.empty() && text.size() <= max_bytes &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= 0x21 && c <= 0x7e; });
}

void FillMapProof(const std::string& key, const proof::MapProof& proof,
                  v1::MapProof* to) {
  to->set_key(key);
  AddPath(proof.siblings, to->mutable_siblings());
  if (!proof.terminal.has_value()) return;
  to->mutable_terminal()->mutable_key_hash()->assign(
      proof.terminal->key_hash.text());
  to->mutable_terminal()->mutable_value()->assign(proof.terminal->value.text());
}

}  // namespace

absl::StatusOr<ErasureRequest> ReadErasure(
    const v1::ErasePayloadRequest& request) {
  const auto count = static_cast<size_t>(request.payloads_size());
  if (count < 1 || count > limits::kErasuresPerOrder) {
    return services::InvalidField(
        "payloads",
        {absl::StrCat("name 1 to ", limits::kErasuresPerOrder, " payloads"),
         absl::StrCat("应列出 1 至 ", limits::kErasuresPerOrder, " 条")});
  }
  ErasureRequest erasure{request.order_index(), {}};
  for (const v1::PayloadToErase& payload : request.payloads()) {
    const std::string field =
        absl::StrCat("payloads[", erasure.payloads.size(), "]");
    const auto sha256 = Hash::From(hash::AsBytes(payload.payload_sha256()));
    const auto sm3 = Hash::From(hash::AsBytes(payload.payload_sm3()));
    if (!sha256.has_value() || !sm3.has_value()) {
      return services::InvalidField(
          field, {"both digests have 32 bytes", "两个摘要均应为 32 字节"});
    }
    if (!erasure.payloads.empty() &&
        payload.index() <= erasure.payloads.back().index) {
      return services::InvalidField(
          field, {"indices ascend without repeats", "序号应依次递增且不重复"});
    }
    erasure.payloads.push_back({payload.index(), *sha256, *sm3});
  }
  return erasure;
}

void AddPath(const proof::Path& path, HashField* field) {
  for (const Hash& hash : path) {
    field->Add()->assign(hash.text());
  }
}

void FillEntry(uint64_t index, std::string_view header, v1::Entry* entry) {
  entry->set_index(index);
  entry->set_header(header.data(), header.size());
}

void FillPayload(const EntryView& stored, bool may_read, v1::Entry* entry) {
  if (!may_read) return entry->set_payload_status(v1::NOT_FOR_THIS_READER);
  if (stored.erased_by.has_value()) {
    entry->set_payload_status(v1::ERASED);
    entry->set_erased_by(*stored.erased_by);
    return;
  }
  entry->set_payload_status(v1::PRESENT);
  entry->set_payload(stored.payload.data(), stored.payload.size());
}

void FillCheckpoint(const State& state, v1::Checkpoint* checkpoint) {
  checkpoint->set_note(state.note);
  checkpoint->set_size(state.size);
  checkpoint->set_seal_time_ms(state.seal_time_ms);
}

v1::AppendResponse ToResponse(uint64_t sequence, Receipt receipt) {
  v1::AppendResponse response;
  response.set_sequence(sequence);
  response.set_first_index(receipt.first_index);
  for (std::string& header : receipt.headers) {
    response.add_headers(std::move(header));
  }
  return response;
}

absl::StatusOr<ExpectedTail> ReadExpected(
    const v1::OpenWriterRequest& request) {
  if (!IsPlainName(request.instance_id(), limits::kInstanceIdBytes)) {
    return services::InvalidField(
        "instance_id",
        {"1 to 64 visible ASCII characters", "须为 1 至 64 个可见 ASCII 字符"});
  }
  ExpectedTail expected;
  if (!request.has_expected()) return expected;
  const auto hash = Hash::From(hash::AsBytes(request.expected_leaf_hash()));
  if (!hash.has_value()) {
    return services::InvalidField("expected_leaf_hash",
                                  {"must be 32 bytes", "须为 32 字节"});
  }
  expected.index = request.expected_index();
  expected.leaf_hash = *hash;
  return expected;
}

absl::StatusOr<ProofsWanted> ReadWanted(
    const v1::GetStateProofRequest& request) {
  if (static_cast<size_t>(request.keys_size()) > limits::kProofKeys ||
      static_cast<size_t>(request.indices_size()) > limits::kProofIndices) {
    return services::InvalidField(
        request.keys_size() > request.indices_size() ? "keys" : "indices",
        {absl::StrCat("at most ", limits::kProofKeys, " in one call"),
         absl::StrCat("每次最多 ", limits::kProofKeys, " 个")});
  }
  ProofsWanted wanted;
  for (const std::string& key : request.keys()) {
    if (!IsPlainName(key, limits::kMapKeyBytes)) {
      return services::InvalidField(
          absl::StrCat("keys[", wanted.keys.size(), "]"),
          {"1 to 255 visible ASCII characters",
           "须为 1 至 255 个可见 ASCII 字符"});
    }
    wanted.keys.push_back(key);
  }
  wanted.indices.assign(request.indices().begin(), request.indices().end());
  return wanted;
}

absl::Status FillStateProof(const Proofs& proofs, const State& state,
                            const ProofsWanted& wanted,
                            v1::GetStateProofResponse* response) {
  ASSIGN_OR_RETURN(const StateProofs made, proofs.Prove(state, wanted));
  FillCheckpoint(state, response->mutable_checkpoint());
  v1::SealProof* seal = response->mutable_seal();
  seal->set_header(state.seal_header);
  seal->set_payload(state.seal_payload);
  AddPath(made.seal, seal->mutable_path());
  for (size_t i = 0; i < wanted.indices.size(); ++i) {
    v1::InclusionProof* inclusion = response->add_inclusions();
    inclusion->set_index(wanted.indices[i]);
    AddPath(made.inclusions[i], inclusion->mutable_path());
  }
  for (size_t i = 0; i < wanted.keys.size(); ++i) {
    FillMapProof(wanted.keys[i], made.map_proofs[i],
                 response->add_map_proofs());
  }
  return absl::OkStatus();
}

}  // namespace dataip::ledger
