// OpenBundle of bundle.h: step 1, and the order of the others.
#include "core/proof/bundle.h"

#include "core/base/hex.h"
#include "core/proof/bundle_steps.h"

namespace dataip::proof {
namespace {

Wording WordsOf(Flaw flaw) { return {Describe(flaw), DescribeChinese(flaw)}; }

constexpr Wording kEarlierFailed = {"an earlier check did not succeed",
                                    "前面的检查未通过"};

}  // namespace

BundleSteps::BundleSteps(const BundleTrust& trust) : trust_(trust) {
  opened_.witness_quorum = trust.witness_quorum;
  opened_.max_age_ms = trust.max_age_ms;
}

OpenedBundle BundleSteps::Run(Bytes bytes) {
  if (Decode(bytes) && IsForTrust()) {
    CheckHistory();
    CheckNameOpenings();
    CheckCheckpoint();
    CheckIssue();
    CheckUpdate();
    AskContentSignatures();
    CheckSealEntry();
    CheckMap();
    CheckCurrent();
  }
  return std::move(opened_);
}

void BundleSteps::Add(const Claim& claim, StepResult result, Wording reason) {
  opened_.lines.push_back({claim.step, result, claim.words.english,
                           claim.words.chinese, claim.anchor, reason.english,
                           reason.chinese});
}

bool BundleSteps::Check(const Claim& claim, bool holds, Wording reason) {
  const Wording none = {"", ""};
  Add(claim, holds ? StepResult::kHolds : StepResult::kFailed,
      holds ? none : reason);
  return holds;
}

bool BundleSteps::Check(const Claim& claim, Flaw flaw) {
  return Check(claim, flaw == Flaw::kNone, WordsOf(flaw));
}

bool BundleSteps::Needs(const Claim& claim, bool there) {
  if (!there) Add(claim, StepResult::kNotMade, kEarlierFailed);
  return there;
}

bool BundleSteps::Decode(Bytes bytes) {
  const Claim claim = {1, {"the bundle is canonical", "凭证包为规范编码"}, ""};
  Parsed<Bundle> bundle = DecodeBundle(bytes);
  if (bundle.flaw == Flaw::kFormat || bytes.empty()) {
    const Wording no_bytes = {"there are no bytes", "没有内容"};
    Add(claim, StepResult::kNotMade,
        bytes.empty() ? no_bytes : WordsOf(Flaw::kFormat));
    return false;
  }
  if (!Check(claim, bundle.flaw)) return false;
  opened_.bundle = std::move(bundle.value);
  Parsed<CertificateContent> content =
      DecodeCertificateContent(hash::AsBytes(opened_.bundle->content));
  const Claim readable = {
      1, {"the certificate's content is canonical", "证书内容为规范编码"}, ""};
  if (!Check(readable, content.flaw)) return false;
  opened_.content = std::move(content.value);
  return true;
}

bool BundleSteps::IsForTrust() {
  const Claim origin = {1,
                        {"the bundle is of the trust file's ledger",
                         "凭证包属于信任文件中的账本"},
                        bundle().origin};
  if (bundle().origin != trust_.origin) {
    Add(origin, StepResult::kNotMade,
        {"the trust file does not name this ledger", "信任文件未列出该账本"});
    return false;
  }
  Check(origin, true, {"", ""});
  if (!opened_.content->demonstration || trust_.demonstration) return true;
  Add({1,
       {"the certificate is not of a demonstration", "证书不是演示证书"},
       ""},
      StepResult::kNotMade,
      {"it is, and the trust file does not accept demonstrations",
       "证书为演示证书，而信任文件不接受演示"});
  return false;
}

void BundleSteps::DecodeRecords() {
  for (const std::string& bytes : bundle().status_records) {
    Parsed<StatusRecord> record = DecodeStatusRecord(hash::AsBytes(bytes));
    const Claim claim = {
        1,
        {"a status record is canonical", "状态记录为规范编码"},
        base::HexEncode(hash::Sha256(hash::AsBytes(bytes)).span())};
    if (!record.ok()) {
      Check(claim, record.flaw);
      opened_.records.clear();
      return;
    }
    opened_.records.push_back(*std::move(record));
  }
}

void BundleSteps::CheckHistory() {
  DecodeRecords();
  const std::vector<StatusRecord>& records = opened_.records;
  const Claim claim = {
      1,
      {"the status records follow each other", "状态记录前后相接"},
      std::to_string(bundle().status_records.size())};
  if (!Needs(claim, !records.empty())) return;
  bool holds = records.front().version == 1;
  for (size_t i = 1; i < records.size(); ++i) {
    const StatusRecord& earlier = records[i - 1];
    const StatusRecord& later = records[i];
    holds = holds && later.version > earlier.version;
    // The first and the current one alone may leave others out between them.
    const bool next = later.version - earlier.version == 1;
    const Hash named = later.previous_sha256.value_or(Hash{});
    const Hash before =
        hash::Sha256(hash::AsBytes(bundle().status_records[i - 1]));
    holds = holds && (next ? named == before : records.size() == 2);
  }
  if (!Check(claim, holds ? Flaw::kNone : Flaw::kStatusHistory)) {
    opened_.records.clear();
  }
}

void BundleSteps::CheckNameOpenings() {
  const std::vector<NameOpening>& openings = bundle().name_openings;
  if (openings.empty()) return;
  const std::vector<CertificateHolder>& holders = opened_.content->holders;
  bool holds = true;
  for (size_t i = 0; i < openings.size(); ++i) {
    const NameOpening& opening = openings[i];
    const bool in_order = i == 0 || openings[i - 1].holder < opening.holder;
    holds = holds && in_order && opening.holder < holders.size() &&
            holders[opening.holder].name_commitment ==
                OpeningCommitment(hash::AsBytes(opening.salt),
                                  hash::AsBytes(opening.name));
  }
  Check({1,
         {"the names given are those that were committed to",
          "披露的姓名与证书中的承诺一致"},
         ""},
        holds ? Flaw::kNone : Flaw::kNameOpening);
}

OpenedBundle OpenBundle(Bytes bytes, const BundleTrust& trust) {
  return BundleSteps(trust).Run(bytes);
}

}  // namespace dataip::proof
