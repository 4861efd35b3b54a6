#include "services/ledger/witness_client.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/crypto/cosigner.h"
#include "core/proof/add_checkpoint.h"
#include "core/proof/note.h"
#include "services/common/logging.h"
#include "services/common/url.h"

namespace dataip::ledger {
namespace {

constexpr int kOk = 200;
constexpr int kNotSigned = 403;
constexpr int kUnknownLog = 404;
constexpr int kConflict = 409;
constexpr int kNotConsistent = 422;
constexpr char kTlogSize[] = "text/x.tlog.size";

WitnessAnswer Failed(std::string en, std::string zh) {
  return {WitnessFound::kFailed, "", std::move(en), std::move(zh)};
}

WitnessAnswer OtherRoot(uint64_t size) {
  return {WitnessFound::kConflict, "",
          absl::StrCat("it has signed another tree of this origin at size ",
                       size, ": there are two histories"),
          absl::StrCat("它在规模 ", size,
                       " 处签署过本来源名的另一棵树：存在两份历史")};
}

WitnessAnswer Refused(int status) {
  if (status == kUnknownLog) {
    return Failed(
        "it does not know this origin (404); give its operator the "
        "origin and both vkeys",
        "它不认识本账本的来源名（404），请将来源名与两个 vkey 交给其"
        "运维方");
  }
  if (status == kNotSigned) {
    return Failed(
        "it knows other keys of this origin (403); give its "
        "operator both vkeys",
        "它所知的账本密钥不同（403），请将两个 vkey 交给其运维方");
  }
  return Failed(absl::StrCat("it answered ", status),
                absl::StrCat("它的应答为 ", status));
}

bool HasType(const services::HttpResponse& response) {
  const std::vector<std::string> parts =
      absl::StrSplit(response.content_type, absl::MaxSplits(';', 1));
  return parts.front() == kTlogSize;
}

}  // namespace

absl::StatusOr<WitnessSetting> WitnessSetting::Parse(absl::string_view line) {
  const std::vector<std::string> words =
      absl::StrSplit(line, ' ', absl::SkipEmpty());
  const auto wrong = [](absl::string_view en, absl::string_view zh) {
    return absl::InvalidArgumentError(absl::StrCat(en, " / ", zh));
  };
  if (words.size() != 2) {
    return wrong("expected VKEY URL", "应为 VKEY URL");
  }
  const auto key = crypto::NoteVerifier::FromVkey(words[0]);
  if (!key.ok() || key->note_key().type != proof::NoteKeyType::kCosignature) {
    return wrong(
        "not the vkey of a witness (type 04): `dataip keys show "
        "--witness NAME FILE` prints it",
        "不是见证人的 vkey（04 型），可用 dataip keys show --witness "
        "名称 文件 查看");
  }
  std::string url = words[1];
  while (absl::EndsWith(url, "/")) url.pop_back();
  const auto parsed = services::ParseUrl(url);
  if (!parsed.ok() || url.find_first_of("?#") != std::string::npos) {
    return wrong("the URL begins with http:// or https:// and has no ? or #",
                 "网址须以 http:// 或 https:// 开头，且不含 ? 或 #");
  }
  // Its refusals are not signed: whoever is on the way could forge them.
  if (!parsed->https && !services::IsLoopback(*parsed)) {
    return wrong("http:// only on this machine; elsewhere use https://",
                 "http:// 只可用于本机，其他地址须用 https://");
  }
  return WitnessSetting{*key, std::move(url)};
}

WitnessClient::WitnessClient(WitnessSetting setting, WitnessTransport transport,
                             ReaderOf reader_of)
    : setting_(std::move(setting)),
      transport_(std::move(transport)),
      reader_of_(std::move(reader_of)) {}

WitnessAnswer WitnessClient::Ask(const SignedCheckpoint& checkpoint,
                                 const std::atomic<uint64_t>& largest_signed) {
  const uint64_t size = checkpoint.size;
  // What it saw of ours and we do not ask for any more: the next one is newer.
  if (known_size_.value_or(size) > size) known_size_.reset();
  const uint64_t old_size = known_size_.value_or(size);
  const auto path = PathFrom(old_size, checkpoint);
  if (!path.ok()) {
    const std::string why(path.status().message());
    return Failed(why, why);
  }
  const uint64_t most_seen = untold_ ? 0 : std::numeric_limits<uint64_t>::max();
  untold_ = false;
  const auto response = transport_.fetch(
      {.url = setting_.url + "/add-checkpoint",
       .content_type = "text/plain; charset=utf-8",
       .body = proof::FormatAddCheckpoint(old_size, *path, checkpoint.note),
       .timeout = transport_.timeout,
       .response_bytes = limits::kWitnessResponseBytes});
  if (!response.ok()) {
    return Failed(absl::StrCat("no answer: ", response.status().message()),
                  absl::StrCat("没有应答：", response.status().message()));
  }
  switch (response->status) {
    case kOk:
      return TakeLines(checkpoint, response->body);
    case kConflict:
      return TakeConflict(*response, old_size, size,
                          std::min<uint64_t>(largest_signed, most_seen));
    case kNotConsistent:
      // PathFrom has verified what was sent.
      return old_size == 0 ? Refused(kNotConsistent) : OtherRoot(old_size);
    default:
      return Refused(response->status);
  }
}

// Verified before it is sent, up to the root that was signed: a refusal is then
// about the witness's root, not about our tree. The old root need not be known
// otherwise: a proof that leads to the signed root has that tree's own.
absl::StatusOr<proof::Path> WitnessClient::PathFrom(
    uint64_t old_size, const SignedCheckpoint& signed_checkpoint) const {
  const uint64_t size = signed_checkpoint.size;
  if (old_size == 0 || old_size == size) return proof::Path();
  const auto note = proof::ParseNote(signed_checkpoint.note);
  DATAIP_ASSERT(note.ok());  // we have made it
  const auto checkpoint = proof::ParseCheckpoint(note->text);
  DATAIP_ASSERT(checkpoint.ok() && checkpoint->size == size);
  const proof::NodeReader reader = reader_of_();
  auto path = proof::ConsistencyPath(old_size, size, reader);
  const auto old_root = proof::RootAt(old_size, reader);
  if (!path.has_value() || !old_root.has_value() ||
      !proof::VerifyConsistency(old_size, size, *old_root, checkpoint->root,
                                *path)) {
    return absl::DataLossError(absl::StrCat(
        "our own tree does not lead from size ", old_size,
        " to what was signed at ", size,
        ": it is damaged; restore a backup / 自身的树无法从规模 ", old_size,
        " 推导到规模 ", size, " 处已签署的根：数据已损坏，请恢复备份"));
  }
  return *std::move(path);
}

WitnessAnswer WitnessClient::TakeLines(const SignedCheckpoint& checkpoint,
                                       const std::string& body) {
  const auto lines =
      proof::ParseSignatureLines(body, limits::kForeignSignatureLineBytes);
  if (!lines.ok()) {
    return Failed(absl::StrCat("its answer is no signature lines: ",
                               proof::Describe(lines.flaw)),
                  absl::StrCat("它的应答不是签名行：",
                               proof::DescribeChinese(lines.flaw)));
  }
  const std::string text =
      checkpoint.note.substr(0, checkpoint.note.rfind("\n\n") + 1);
  for (const proof::SignatureLine& line : *lines) {
    // Other keys and types of signature are ignored.
    if (!proof::IsLineOf(setting_.key.note_key(), line)) continue;
    const auto time_s = crypto::VerifyCosignature(setting_.key, text, line);
    if (!time_s.ok()) {
      const std::string why(time_s.status().message());
      return Failed(why, absl::StrCat("其签名不成立：", why));
    }
    const int64_t skew_s = static_cast<int64_t>(*time_s) - transport_.time_s();
    if (std::abs(skew_s) > limits::kCosignatureSkewS) {
      return Failed(
          absl::StrCat("its clock differs from ours by ", skew_s, " s"),
          absl::StrCat("它的时钟与本机相差 ", skew_s, " 秒"));
    }
    known_size_ = checkpoint.size;
    cosigned_size_ = checkpoint.size;
    return {WitnessFound::kCosigned, proof::FormatSignatureLine(line), "", ""};
  }
  return Failed("its answer has no line of the configured key",
                "它的应答中没有所配置密钥的签名行");
}

WitnessAnswer WitnessClient::TakeConflict(
    const services::HttpResponse& response, uint64_t old_size, uint64_t size,
    uint64_t largest_signed) {
  const auto seen =
      HasType(response) ? proof::ParseTlogSize(response.body) : std::nullopt;
  if (!seen.has_value() || *seen == old_size) {
    if (old_size == size) return OtherRoot(size);
    return Failed("it answered 409 without another size",
                  "它的 409 应答没有给出其他规模");
  }
  if (*seen > largest_signed) {
    return {WitnessFound::kConflict, "",
            absl::StrCat("it has seen size ", *seen,
                         ", the largest that this ledger had signed is ",
                         largest_signed),
            absl::StrCat("它已见过规模 ", *seen,
                         "，而本账本签署过的最大规模为 ", largest_signed)};
  }
  known_size_ = *seen;
  if (*seen >= cosigned_size_) {
    return {WitnessFound::kBehind, "", absl::StrCat("it is at size ", *seen),
            absl::StrCat("它的规模为 ", *seen)};
  }
  const uint64_t before = std::exchange(cosigned_size_, *seen);
  return {WitnessFound::kBehind, "",
          absl::StrCat("it has forgotten: it signed size ", before,
                       " and is back at ", *seen,
                       "; its operator must retire its key"),
          absl::StrCat("它忘记了已签署的内容：曾签署规模 ", before,
                       "，现退回到 ", *seen, "；其运维方应停用该密钥")};
}

}  // namespace dataip::ledger
