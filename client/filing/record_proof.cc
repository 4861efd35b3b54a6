#include "client/filing/record_proof.h"

#include <algorithm>
#include <optional>

#include "core/base/base64.h"
#include "core/base/hex.h"
#include "dataip/bundle/v1/bundle.pb.h"
#include "dataip/registry/v1/certificate.pb.h"
#include "nlohmann/json.hpp"

namespace dataip::client {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr int kFormat = 1;

struct ParsedProof {
  hash::Hash file_sha256;
  uint64_t leaf_count = 0;
  RecordProof record;
};

std::optional<hash::Hash> HashOf(const json& text) {
  if (!text.is_string()) return std::nullopt;
  const auto bytes = base::HexDecode(text.get<std::string>());
  return bytes.has_value() ? hash::Hash::From(*bytes) : std::nullopt;
}

std::optional<ParsedProof> Parse(const json& object) {
  ParsedProof out;
  const auto file = HashOf(object.value("file_sha256", json()));
  const json& leaves = object.value("leaf_count", json());
  const json& index = object.value("record_index", json());
  const json& path = object.value("path", json());
  const json& salt = object.value("salt", json());
  const json& record = object.value("record", json());
  if (!file.has_value() || !leaves.is_number_unsigned() ||
      !index.is_number_unsigned() || !path.is_array() || !salt.is_string() ||
      !record.is_string()) {
    return std::nullopt;
  }
  const auto salt_bytes = base::HexDecode(salt.get<std::string>());
  const auto record_bytes = base::Base64Decode(record.get<std::string>());
  if (!salt_bytes.has_value() || salt_bytes->size() != kRecordSaltBytes ||
      !record_bytes.has_value()) {
    return std::nullopt;
  }
  out.file_sha256 = *file;
  out.leaf_count = leaves.get<uint64_t>();
  out.record.index = index.get<uint64_t>();
  std::copy(salt_bytes->begin(), salt_bytes->end(), out.record.salt.begin());
  out.record.record.assign(record_bytes->begin(), record_bytes->end());
  for (const json& node : path) {
    const auto value = HashOf(node);
    if (!value.has_value()) return std::nullopt;
    out.record.path.push_back(*value);
  }
  return out;
}

RecordVerdict Refuse(absl::string_view zh, absl::string_view en) {
  RecordVerdict verdict;
  verdict.explanation_zh = std::string(zh);
  verdict.explanation_en = std::string(en);
  return verdict;
}

}  // namespace

std::string FormatRecordProof(const FileDeposit& deposit,
                              const RecordProof& record) {
  ordered_json out;
  out["format"] = kFormat;
  out["file_sha256"] = base::HexEncode(deposit.digest.sha256.bytes);
  out["leaf_count"] = deposit.digest.leaf_count;
  out["record_index"] = record.index;
  out["record"] = base::Base64Encode(hash::AsBytes(record.record));
  out["salt"] = base::HexEncode(record.salt);
  auto& path = out["path"] = ordered_json::array();
  for (const hash::Hash& node : record.path) {
    path.push_back(base::HexEncode(node.bytes));
  }
  return out.dump(2) + "\n";
}

RecordVerdict CheckRecordProof(absl::string_view proof,
                               const std::string& bundle) {
  const json object = json::parse(proof.begin(), proof.end(), nullptr,
                                  /*allow_exceptions=*/false);
  if (!object.is_object()) {
    return Refuse("证明文件不是 JSON 对象", "the proof is not a JSON object");
  }
  const json format = object.value("format", json());
  if (!format.is_number_unsigned() || format.get<uint64_t>() > kFormat) {
    RecordVerdict verdict =
        Refuse("证明文件的格式版本较新，无法判断", "a higher format of proof");
    verdict.kind = RecordVerdict::Kind::kCannotDecide;
    return verdict;
  }
  const auto parsed = Parse(object);
  if (!parsed.has_value()) {
    return Refuse("证明文件缺少字段或格式不符", "the proof is malformed");
  }
  bundle::v1::Bundle message;
  registry::v1::CertificateContent content;
  if (!message.ParseFromString(bundle) ||
      !content.ParseFromString(message.content())) {
    return Refuse("证书文件无法读取", "the bundle cannot be read");
  }
  const registry::v1::Deposit& deposit = content.deposit();
  const auto root = hash::Hash::From(hash::AsBytes(deposit.root()));
  if (deposit.file_sha256() != parsed->file_sha256.text() ||
      deposit.leaf_count() != parsed->leaf_count || !root.has_value()) {
    return Refuse("该记录出自另一数据文件，与证书的存证不符",
                  "the record is of another file than the one deposited");
  }
  if (!proof::VerifyInclusion(
          RecordLeaf(parsed->record.salt, parsed->record.record),
          parsed->record.index, parsed->leaf_count, parsed->record.path,
          *root)) {
    return Refuse("该记录不在证书存证的数据文件中",
                  "the record does not lead to the deposited root");
  }
  RecordVerdict verdict = Refuse("该记录确在证书存证的数据文件中",
                                 "the record stood in the deposited file");
  verdict.kind = RecordVerdict::Kind::kProved;
  verdict.index = parsed->record.index;
  verdict.record = parsed->record.record;
  return verdict;
}

}  // namespace dataip::client
