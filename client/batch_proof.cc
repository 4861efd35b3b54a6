#include "client/batch_proof.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/status_macros.h"
#include "core/proof/bundle.h"
#include "core/proof/protobuf_reader.h"
#include "core/registry/values/canonical.h"
#include "dataip/bundle/v1/bundle.pb.h"
#include "dataip/registry/v1/certificate.pb.h"

namespace dataip::client {
namespace {

using bundle::v1::BatchMember;
using bundle::v1::BatchProof;
using bundle::v1::Bundle;

// The first and the last one.
constexpr int kMemberRecords = 2;

absl::Status NotOne(absl::string_view zh, absl::string_view en) {
  return absl::InvalidArgumentError(
      absl::StrCat("不是批次凭证：", zh, " (not a batch proof: ", en, ")"));
}

absl::StatusOr<std::string> NumberOf(const std::string& content) {
  ASSIGN_OR_RETURN(
      const auto parsed,
      registry::ParseCanonical<registry::v1::CertificateContent>(content));
  if (parsed.number().empty()) return absl::InvalidArgumentError("no number");
  return parsed.number();
}

// All of a proof but its members.
BatchProof SharedOf(const Bundle& bundle) {
  BatchProof proof;
  proof.set_format(kBatchProofFormat);
  proof.set_origin(bundle.origin());
  proof.set_checkpoint(bundle.checkpoint());
  proof.set_issue_header(bundle.issue_header());
  *proof.mutable_issue_path() = bundle.issue_path();
  proof.set_seal_header(bundle.seal_header());
  proof.set_seal_payload(bundle.seal_payload());
  *proof.mutable_seal_path() = bundle.seal_path();
  *proof.mutable_sm2_chain() = bundle.sm2().chain();
  *proof.mutable_p256_chain() = bundle.p256().chain();
  return proof;
}

BatchMember MemberOf(const Bundle& bundle) {
  BatchMember member;
  member.set_content(bundle.content());
  member.set_sm2_signature(bundle.sm2().signature());
  member.set_p256_signature(bundle.p256().signature());
  const auto& records = bundle.status_records();
  member.add_status_records(records.Get(0));
  if (records.size() > 1) {
    member.add_status_records(records.Get(records.size() - 1));
  }
  *member.mutable_map() = bundle.map();
  return member;
}

Bundle BundleOf(const BatchProof& proof, const BatchMember& member) {
  Bundle bundle;
  bundle.set_format(proof.format());
  bundle.set_origin(proof.origin());
  bundle.set_checkpoint(proof.checkpoint());
  bundle.set_issue_header(proof.issue_header());
  *bundle.mutable_issue_path() = proof.issue_path();
  bundle.set_content(member.content());
  bundle.mutable_sm2()->set_signature(member.sm2_signature());
  *bundle.mutable_sm2()->mutable_chain() = proof.sm2_chain();
  bundle.mutable_p256()->set_signature(member.p256_signature());
  *bundle.mutable_p256()->mutable_chain() = proof.p256_chain();
  *bundle.mutable_status_records() = member.status_records();
  bundle.set_seal_header(proof.seal_header());
  bundle.set_seal_payload(proof.seal_payload());
  *bundle.mutable_seal_path() = proof.seal_path();
  *bundle.mutable_map() = member.map();
  return bundle;
}

absl::StatusOr<Bundle> ParseBundle(const std::string& bytes) {
  if (!proof::DecodeBundle(hash::AsBytes(bytes)).ok()) {
    return absl::InvalidArgumentError(
        "其中一个凭证包不成形 (one of the bundles is none)");
  }
  return registry::ParseCanonical<Bundle>(bytes);
}

}  // namespace

uint64_t CheckpointSize(absl::string_view note) {
  const std::vector<absl::string_view> lines = absl::StrSplit(note, '\n');
  uint64_t size = 0;
  return lines.size() > 1 && absl::SimpleAtoi(lines[1], &size) ? size : 0;
}

absl::StatusOr<std::string> JoinBundles(
    const std::vector<std::string>& bundles) {
  if (bundles.empty() || bundles.size() > kBatchProofMembers) {
    return absl::InvalidArgumentError(
        absl::StrCat("批次凭证含 1 至 ", kBatchProofMembers,
                     " 件证书 (a batch proof has 1 to ", kBatchProofMembers,
                     " certificates)"));
  }
  std::map<std::string, BatchMember> members;
  std::string shared;
  BatchProof proof;
  for (const std::string& bytes : bundles) {
    ASSIGN_OR_RETURN(const Bundle bundle, ParseBundle(bytes));
    ASSIGN_OR_RETURN(const std::string number, NumberOf(bundle.content()));
    const BatchProof own = SharedOf(bundle);
    const std::string own_bytes = registry::SerializeCanonical(own);
    if (members.empty()) {
      shared = own_bytes;
      proof = own;
    }
    if (own_bytes != shared) {
      return absl::FailedPreconditionError(absl::StrCat(
          "证书 ", number, " 与其余证书不是同一记录、同一检查点 (certificate ",
          number, " is not of the same entry and checkpoint as the others)"));
    }
    if (!members.emplace(number, MemberOf(bundle)).second) {
      return absl::InvalidArgumentError(absl::StrCat(
          "证书 ", number, " 出现两次 (", number, " stands twice)"));
    }
  }
  for (auto& [number, member] : members) {
    *proof.add_members() = std::move(member);
  }
  return registry::SerializeCanonical(proof);
}

absl::StatusOr<std::vector<std::string>> SplitBatchProof(Bytes bytes) {
  if (bytes.size() > kBatchProofBytes) {
    return NotOne("过长", "it is too long");
  }
  // A higher format may hold anything behind its number.
  proof::ProtobufReader reader(bytes);
  const uint32_t format = reader.Uint32(1);
  if (format > kBatchProofFormat) {
    return absl::UnimplementedError(absl::StrCat(
        "批次凭证的格式 ", format, " 高于本程序，请升级 (format ", format,
        " of the batch proof is higher than this program knows; upgrade)"));
  }
  const auto proof = registry::ParseCanonical<BatchProof>(
      std::string(bytes.begin(), bytes.end()));
  if (!proof.ok() || format != kBatchProofFormat) {
    return NotOne("编码不规范", "its bytes are not in their one spelling");
  }
  const auto count = static_cast<size_t>(proof->members_size());
  if (count == 0 || count > kBatchProofMembers) {
    return NotOne("件数不在 1 至 120 之间", "it has no members, or too many");
  }
  std::vector<std::string> bundles;
  std::string before;
  for (const BatchMember& member : proof->members()) {
    const auto number = NumberOf(member.content());
    if (!number.ok() || *number <= before) {
      return NotOne("证书未按编号升序排列", "its members are out of order");
    }
    before = *number;
    std::string bundle = registry::SerializeCanonical(BundleOf(*proof, member));
    if (!member.has_map() || member.status_records_size() > kMemberRecords ||
        !proof::DecodeBundle(hash::AsBytes(bundle)).ok()) {
      return NotOne(absl::StrCat("证书 ", *number, " 的字段不成形"),
                    absl::StrCat("the fields of ", *number, " are wrong"));
    }
    bundles.push_back(std::move(bundle));
  }
  return bundles;
}

bool IsBatchProof(Bytes bytes) {
  return !proof::DecodeBundle(bytes).ok() && SplitBatchProof(bytes).ok();
}

}  // namespace dataip::client
