#include "core/verify/check.h"

#include "absl/strings/str_cat.h"
#include "core/crypto/verify.h"
#include "core/crypto/x509.h"
#include "core/proof/bundle.h"

namespace dataip::verify {
namespace {

using proof::SignatureAnswer;
using proof::SignatureQuestion;

constexpr int64_t kHourMs = 3600 * 1000;

SignatureAnswer Fails(std::string zh, std::string en) {
  return {SignatureAnswer::Result::kFails, std::move(en), std::move(zh)};
}

SignatureAnswer AnswerMathematics(const SignatureQuestion& question,
                                  const crypto::PublicKey& key) {
  if (crypto::Verify(key, hash::AsBytes(question.message),
                     hash::AsBytes(question.signature))) {
    return {SignatureAnswer::Result::kHolds, "", ""};
  }
  return Fails("签名不成立", "the signature does not hold");
}

SignatureAnswer AnswerKey(const SignatureQuestion& question) {
  const auto key = crypto::PublicKey::FromRaw(
      static_cast<crypto::Algorithm>(question.algorithm),
      hash::AsBytes(question.key));
  if (!key.ok()) {
    return Fails("不是合格的公钥", std::string(key.status().message()));
  }
  return AnswerMathematics(question, *key);
}

SignatureAnswer AnswerChain(const SignatureQuestion& question,
                            const Trust& trust) {
  crypto::ChainToVerify chain;
  chain.leaf_der = question.chain[0];
  chain.intermediates_der.assign(question.chain.begin() + 1,
                                 question.chain.end());
  chain.anchors_pem = trust.issuing_cas;
  chain.algorithm = static_cast<crypto::Algorithm>(question.algorithm);
  chain.at_unix_s = question.at_ms / 1000;
  const auto key = crypto::VerifyChain(chain);
  if (!key.ok()) {
    return Fails("证书链不通向信任文件的颁发机构",
                 std::string(key.status().message()));
  }
  if (key->KeyId() != question.key_id) {
    return Fails("证书的密钥不是登记证书所写的颁发密钥",
                 "the certificate's key is not the issuing key of the "
                 "content");
  }
  return AnswerMathematics(question, *key);
}

// What repeats a step in the folder that `dataip bundle unpack` writes.
std::string CommandOf(int step) {
  if (step < 1 || step > 9) return "";
  return absl::StrCat("sh check.sh ", step);
}

Verdict VerdictOf(proof::StepResult result) {
  switch (result) {
    case proof::StepResult::kHolds:
      return Verdict::kOk;
    case proof::StepResult::kFailed:
      return Verdict::kFailed;
    case proof::StepResult::kNotMade:
      return Verdict::kNotMade;
  }
  return Verdict::kNotMade;
}

void FillCertificate(const proof::OpenedBundle& opened, Report& report) {
  if (opened.bundle.has_value()) report.origin = opened.bundle->origin;
  if (opened.checkpoint.has_value()) report.size = opened.checkpoint->size;
  if (opened.issue.has_value()) {
    report.issue_index = opened.issue->index;
    report.issued_at_ms = opened.issue->time_ms;
  }
  if (opened.seal.has_value()) report.seal_time_ms = opened.seal->time_ms;
  if (opened.content.has_value()) {
    const proof::CertificateContent& content = *opened.content;
    report.certificate_number = content.number;
    report.registration_number = content.registration_number;
    report.application_no = content.application_no;
    report.name = content.name;
    report.valid_from = content.valid_from;
    report.valid_to = content.valid_to;
    report.demonstration = content.demonstration;
    report.replaces = content.replaces;
    report.legacy_numbers = content.legacy_numbers;
    for (const auto& holder : content.holders) {
      report.holders.push_back(holder.name.empty() ? holder.masked_name
                                                   : holder.name);
    }
  }
  const proof::StatusRecord* current = opened.current();
  if (current == nullptr) return;
  report.state = proof::StateName(current->state);
  report.replaced_by = current->replaced_by;
  report.demonstration |= current->demonstration;
  for (const proof::Overlay& overlay : current->overlays) {
    report.overlays.push_back(
        overlay.rank == 0 ? proof::OverlayName(overlay.kind)
                          : absl::StrCat(proof::OverlayName(overlay.kind), " ",
                                         overlay.rank));
  }
}

void FillConclusion(Report& report) {
  const std::string seal_time = FormatInstant(report.seal_time_ms);
  switch (report.conclusion) {
    case Conclusion::kInForce:
      report.conclusion_zh = absl::StrCat("真实，截至 ", seal_time, " 有效");
      report.conclusion_en =
          absl::StrCat("genuine, in force as of ", seal_time);
      break;
    case Conclusion::kNotGenuine:
      report.conclusion_zh = "不真实：有检查未通过";
      report.conclusion_en = "not genuine: a check was made and failed";
      break;
    case Conclusion::kNotInForce:
      report.conclusion_zh = "真实，但未在有效状态或不符合要求";
      report.conclusion_en = "genuine, but not in force or not as required";
      break;
    case Conclusion::kCannotDecide:
      report.conclusion_zh = "无法判定：有检查无法进行";
      report.conclusion_en = "cannot decide: a check could not be made";
      break;
    case Conclusion::kStale:
      report.conclusion_zh =
          absl::StrCat("真实，但状态陈旧（截至 ", seal_time, "），请取新件");
      report.conclusion_en =
          absl::StrCat("genuine, but the status is stale (as of ", seal_time,
                       "): get a newer bundle");
      break;
  }
}

Conclusion ConclusionOf(proof::Conclusion conclusion) {
  return static_cast<Conclusion>(static_cast<int>(conclusion));
}

}  // namespace

proof::BundleTrust BundleTrustOf(const Trust& trust) {
  proof::BundleTrust out;
  out.origin = trust.origin;
  for (const auto& key : trust.ledger_keys) {
    out.ledger_keys.push_back(key.note_key());
  }
  for (const auto& key : trust.witness_keys) {
    out.witness_keys.push_back(key.note_key());
  }
  out.witness_quorum = trust.witness_quorum;
  out.max_age_ms = int64_t{trust.max_age_hours} * kHourMs;
  out.demonstration = trust.demonstration;
  return out;
}

absl::StatusOr<Report> Check(Bytes bundle, const Trust& trust,
                             const CheckOptions& options) {
  if (bundle.empty()) {
    return absl::InvalidArgumentError("没有内容/there are no bytes to check");
  }
  const proof::OpenedBundle opened =
      proof::OpenBundle(bundle, BundleTrustOf(trust));
  std::vector<SignatureAnswer> answers;
  for (const SignatureQuestion& question : opened.questions) {
    answers.push_back(question.chain.empty() ? AnswerKey(question)
                                             : AnswerChain(question, trust));
  }
  const proof::BundleReport concluded = proof::ConcludeBundle(
      opened, answers,
      {options.now_ms, options.at_ms, options.max_age_ms,
       options.require_unpledged, options.require_undisputed});
  Report report;
  report.conclusion = ConclusionOf(concluded.conclusion);
  report.checked_at_ms = concluded.at_ms;
  report.witnessed = concluded.witnesses > 0;
  for (const proof::StepLine& line : concluded.lines) {
    report.steps.push_back({line.step, line.claim_zh, line.claim_en,
                            VerdictOf(line.result), line.anchor, line.reason_zh,
                            line.reason_en, CommandOf(line.step)});
  }
  FillCertificate(opened, report);
  FillConclusion(report);
  return report;
}

}  // namespace dataip::verify
