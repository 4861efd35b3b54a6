// Steps 2 to 8 of bundle.h, as far as they are not signatures.
#include "core/proof/bundle_steps.h"

#include <algorithm>

#include "core/base/hex.h"

namespace dataip::proof {
namespace {

std::string Hex(const Hash& hash) { return base::HexEncode(hash.span()); }

std::string HexOfSha256(const std::string& bytes) {
  return Hex(hash::Sha256(hash::AsBytes(bytes)));
}

}  // namespace

Hash BundleSteps::ContentSha256() const {
  return hash::Sha256(hash::AsBytes(bundle().content));
}

void BundleSteps::CheckCheckpoint() {
  const Claim form = {
      2, {"the checkpoint is a signed note", "检查点为签名文本"}, ""};
  const Parsed<SignedNote> note = ParseNote(bundle().checkpoint);
  if (!Check(form, note.flaw)) return;
  const Parsed<Checkpoint> checkpoint = ParseCheckpoint(note->text);
  Claim lines = {2,
                 {"the checkpoint states origin, size and root of this ledger",
                  "检查点写明本账本的名称、大小与根值"},
                 checkpoint.ok() ? Hex(checkpoint->root) : ""};
  if (!checkpoint.ok()) {
    Check(lines, checkpoint.flaw);
    return;
  }
  const bool of_ledger = checkpoint->origin == trust_.origin;
  if (!Check(lines, of_ledger, {"is of another ledger", "属于另一账本"})) {
    return;
  }
  opened_.checkpoint = checkpoint.value;
  AskNoteSignatures(*note);
}

void BundleSteps::AskNoteSignatures(const SignedNote& note) {
  for (const NoteKey& key : trust_.ledger_keys) {
    const bool asked = AskLines(key, note);
    const Claim claim = {
        2, {"the ledger key has signed", "账本密钥已签名"}, FormatVkey(key)};
    if (!asked) Check(claim, false, {"has not signed", "没有签名"});
  }
  for (const NoteKey& key : trust_.witness_keys) AskLines(key, note);
}

// Asks about the lines of one key; false when it has none. Two lines of one
// key that differ are refused.
bool BundleSteps::AskLines(const NoteKey& key, const SignedNote& note) {
  const SignatureLine* asked = nullptr;
  for (const SignatureLine& line : note.signatures) {
    if (!IsLineOf(key, line)) continue;
    const Claim claim = {2,
                         {"a signature line is well formed", "签名行格式正确"},
                         FormatVkey(key)};
    if (asked != nullptr) {
      Check(claim, *asked == line,
            {"is there twice and differs", "出现两次且不一致"});
      continue;
    }
    asked = &line;
    const Parsed<NoteSignature> read = ReadSignature(key, note.text, line);
    if (!read.ok()) {
      Check(claim, read.flaw);
      continue;
    }
    if (read->chain_head) opened_.chain_head = read->chain_head;
    SignatureQuestion question;
    question.step = 2;
    question.algorithm = key.type == NoteKeyType::kSm2
                             ? SignatureAlgorithm::kSm2
                             : SignatureAlgorithm::kEd25519;
    question.key = key.key;
    question.message = read->message;
    question.signature = read->signature;
    question.witness = key.type == NoteKeyType::kCosignature;
    question.signer = FormatVkey(key);
    opened_.questions.push_back(std::move(question));
  }
  return asked != nullptr;
}

void BundleSteps::CheckIssue() {
  const Claim form = {
      3, {"the issue header is well formed", "颁证条目头格式正确"}, ""};
  Parsed<EntryHeader> issue =
      DecodeHeader(hash::AsBytes(bundle().issue_header));
  if (!Check(form, issue.flaw)) return;
  Check({3,
         {"it is a transition of the registry", "条目为登记事务"},
         issue->type},
        issue->type == kTransitionType, {"is of another type", "条目类型不符"});
  const Claim inclusion = {3,
                           {"the issue header is in the tree of the checkpoint",
                            "颁证条目在检查点的树中"},
                           std::to_string(issue->index)};
  opened_.issue = std::move(issue.value);
  if (!Needs(inclusion, opened_.checkpoint.has_value())) return;
  const Checkpoint& checkpoint = *opened_.checkpoint;
  Check(inclusion,
        VerifyInclusion(hash::LeafHash(hash::AsBytes(bundle().issue_header)),
                        opened_.issue->index, checkpoint.size,
                        bundle().issue_path, checkpoint.root),
        {"the path does not lead to the root", "路径不通向根值"});
}

void BundleSteps::CheckUpdate() {
  const CertificateContent& content = *opened_.content;
  const std::string& first_bytes = bundle().status_records.front();
  const Claim update = {
      4,
      {"the issue header sets the first status of this certificate",
       "颁证条目写入本证书的首个状态"},
      HexOfSha256(first_bytes)};
  const bool known = opened_.issue && !opened_.records.empty();
  if (!Needs(update, known)) return;
  const Update expected = {CertificateKey(content.number),
                           hash::Sha256(hash::AsBytes(first_bytes))};
  const std::vector<Update>& updates = opened_.issue->updates;
  Check(update,
        std::find(updates.begin(), updates.end(), expected) != updates.end(),
        {"it sets another value or none", "没有写入或写入了其他值"});
  const StatusRecord& first = opened_.records.front();
  Check({4,
         {"the first status names this certificate and its content",
          "首个状态对应本证书及其内容"},
         Hex(ContentSha256())},
        first.version == 1 && content.origin == trust_.origin &&
            IsOfContent(first),
        {"it names something else", "首个状态对应其他内容"});
}

void BundleSteps::AskContentSignatures() {
  const CertificateContent& content = *opened_.content;
  const Claim claim = {
      5, {"the issuing authority has signed", "发证机构已签名"}, ""};
  if (!Needs(claim, opened_.issue.has_value())) return;
  SignatureQuestion question;
  question.step = 5;
  question.message =
      CertificateSigningMessage(trust_.origin, hash::AsBytes(bundle().content));
  question.at_ms = opened_.issue->time_ms;
  question.algorithm = SignatureAlgorithm::kSm2;
  question.signature = bundle().sm2.signature;
  question.chain = bundle().sm2.chain;
  question.key_id = content.issuing_sm2_key_id;
  question.signer = question.key_id;
  opened_.questions.push_back(question);
  question.algorithm = SignatureAlgorithm::kP256;
  question.signature = bundle().p256.signature;
  question.chain = bundle().p256.chain;
  question.key_id = content.issuing_p256_key_id;
  question.signer = question.key_id;
  opened_.questions.push_back(std::move(question));
}

void BundleSteps::CheckSealEntry() {
  const Claim form = {
      6, {"the seal header is well formed", "封印条目头格式正确"}, ""};
  const Bytes bytes = hash::AsBytes(bundle().seal_header);
  Parsed<EntryHeader> header = DecodeHeader(bytes);
  if (!Check(form, header.flaw)) return;
  const Parsed<Seal> seal =
      CheckSeal(*header, hash::AsBytes(bundle().seal_payload));
  const Claim content = {
      6,
      {"the seal states map root and chain head", "封印写明映射根与链首"},
      seal.ok() ? Hex(seal->map_root) : ""};
  if (!Check(content, seal.flaw)) return;
  map_root_ = seal->map_root;
  opened_.seal = std::move(header.value);
  const Claim inclusion = {6,
                           {"the seal is the last entry of the checkpoint",
                            "封印是检查点的最后一条"},
                           std::to_string(opened_.seal->index)};
  if (!Needs(inclusion, opened_.checkpoint.has_value())) return;
  const Checkpoint& checkpoint = *opened_.checkpoint;
  Check(
      inclusion,
      opened_.seal->index == checkpoint.size - 1 &&
          VerifyInclusion(hash::LeafHash(bytes), opened_.seal->index,
                          checkpoint.size, bundle().seal_path, checkpoint.root),
      {"it is not, or the path does not lead to the root",
       "不是最后一条，或路径不通向根值"});
  const Claim head = {6,
                      {"the SM2 signature covers the seal's SM3 chain head",
                       "SM2 签名覆盖封印的 SM3 链首"},
                      Hex(hash::Sm3(bytes))};
  if (!Needs(head, opened_.chain_head.has_value())) return;
  Check(head, hash::Sm3(bytes) == *opened_.chain_head,
        {"it covers another chain head", "覆盖的是另一链首"});
}

void BundleSteps::CheckMap() {
  const std::string& bytes = bundle().status_records.back();
  const Claim claim = {7,
                       {"the current status stands under the seal's map root",
                        "当前状态在封印的映射根之下"},
                       HexOfSha256(bytes)};
  if (!Needs(claim, map_root_.has_value())) return;
  const std::string key = CertificateKey(opened_.content->number);
  const Hash value = hash::Sha256(hash::AsBytes(bytes));
  const MapProof proof = {bundle().map_siblings,
                          MapProof::Terminal{MapKeyHash(key), value}};
  Check(claim, VerifyPresence(key, value, proof, *map_root_),
        {"the path does not lead to the map root", "路径不通向映射根"});
}

void BundleSteps::CheckCurrent() {
  const Claim claim = {8,
                       {"the current status is of this certificate and content",
                        "当前状态对应本证书及其内容"},
                       Hex(ContentSha256())};
  const std::vector<StatusRecord>& records = opened_.records;
  if (!Needs(claim, !records.empty())) return;
  // Those between the first and the current one too.
  Check(claim,
        std::all_of(records.begin(), records.end(),
                    [&](const StatusRecord& r) { return IsOfContent(r); }),
        {"it is of another certificate or content",
         "当前状态对应其他证书或内容"});
}

bool BundleSteps::IsOfContent(const StatusRecord& record) const {
  return record.number == opened_.content->number &&
         record.origin == trust_.origin &&
         record.content_sha256 == ContentSha256() &&
         record.demonstration == opened_.content->demonstration;
}

}  // namespace dataip::proof
