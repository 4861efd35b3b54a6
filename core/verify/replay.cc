#include "core/verify/replay.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/crypto/note_signer.h"
#include "core/crypto/verify.h"
#include "core/proof/chain.h"
#include "core/proof/map.h"
#include "core/proof/note.h"
#include "core/proof/seal.h"
#include "core/proof/tree.h"
#include "core/verify/prepared.h"
#include "core/verify/rules.h"
#include "core/verify/transition_check.h"

namespace dataip::verify {
namespace {

void OneAfterTheOther(size_t count, const std::function<void(size_t)>& work) {
  for (size_t i = 0; i < count; ++i) work(i);
}

// The rules of CheckPayload in the order in which they are checked.
constexpr const char* kPayloadRules[] = {
    rule::kPayloadSize, rule::kPayloadSha256, rule::kPayloadSm3};
constexpr const char* kFormRules[] = {rule::kTransitionForm,
                                      rule::kTransitionSalt, rule::kCommandForm,
                                      rule::kSignatureForm};

// formats.md 5 says ten minutes; one more for clocks.
constexpr int64_t kUnsealedMs = 11 * 60'000;

}  // namespace

struct Replayer::Progress {
  Progress(const Trust& its_trust, ReplayOptions its_options)
      : trust(its_trust), options(std::move(its_options)) {
    if (!options.parallel_for) options.parallel_for = OneAfterTheOther;
    for (const std::string& name : AllRules()) report.checks[name] = 0;
    state.origin = trust.origin;
    prev = proof::ChainStart(trust.origin);
  }

  const Trust& trust;
  ReplayOptions options;
  ReplayReport report;
  registry::State state;
  KeyRing ring;
  ValueTotals values;
  proof::Frontier frontier;
  proof::Map map;
  hash::Hash prev;  // of the next entry; the chain head at size
  std::string last_type;
  // Time of the first entry since the last seal.
  std::optional<int64_t> unsealed_since_ms;
  std::map<uint64_t, std::optional<hash::Hash>> watched;
  // State and map are those of all entries so far.
  bool deciding = true;

  void Count(const std::string& rule) { ++report.checks[rule]; }

  void Break(Breach breach) {
    deciding = false;
    if (report.broken.has_value()) return;
    report.broken =
        Finding{frontier.size(), std::move(breach.rule),
                std::move(breach.message_zh), std::move(breach.message_en)};
  }

  void Undecide(Breach breach) {
    deciding = false;
    if (report.undecided.has_value()) return;
    report.undecided =
        Finding{frontier.size(), std::move(breach.rule),
                std::move(breach.message_zh), std::move(breach.message_en)};
  }

  // One signature job a thread; answers are written afterwards, since two
  // signatures of one command share theirs.
  void VerifySignatures(const std::vector<SignatureToVerify>& list) {
    std::vector<char> holds(list.size(), 0);
    options.parallel_for(list.size(), [&](size_t i) {
      holds[i] = crypto::Verify(list[i].key, hash::AsBytes(list[i].message),
                                hash::AsBytes(list[i].signature));
    });
    for (size_t i = 0; i < list.size(); ++i) {
      if (!holds[i]) *list[i].answer = false;
    }
    report.signatures += list.size();
  }

  std::vector<SignatureAnswers> AnswerSignatures(
      const std::vector<Prepared>& batch) {
    std::vector<SignatureAnswers> answers(batch.size());
    if (options.hashes_only || !deciding) return answers;
    std::vector<SignatureToVerify> list;
    for (size_t i = 0; i < batch.size(); ++i) {
      if (!batch[i].command.has_value()) continue;
      CollectKeys(*batch[i].command, ring);
      ListSignatures(batch[i], trust.origin, ring, answers[i], list);
    }
    VerifySignatures(list);
    return answers;
  }

  void Take(const Prepared& entry, const SignatureAnswers& answers) {
    if (!report.broken.has_value()) TakeChecked(entry, answers);
    if (entry.header.has_value()) {
      report.last_time_ms = entry.header->time_ms;
      last_type = entry.header->type;
    }
    prev = entry.next_prev;
    frontier.Append(entry.leaf_hash);
    if (const auto wanted = watched.find(frontier.size());
        wanted != watched.end()) {
      wanted->second = frontier.Root();
    }
  }

  void TakeChecked(const Prepared& entry, const SignatureAnswers& answers) {
    if (!PlaceHolds(entry) || !PayloadHolds(entry)) return;
    if (options.hashes_only || !deciding || !SealedInTime(*entry.header)) {
      return;
    }
    if (entry.header->type == proof::kSealType) {
      TakeSeal(entry);
    } else if (entry.header->type == proof::kTransitionType) {
      TakeTransition(entry, answers);
    } else {
      return RefuseType(entry.header->type);
    }
    for (const proof::Update& update : entry.header->updates) {
      map.Set(update.key, update.value);
    }
  }

  void RefuseType(const std::string& type) {
    Count(rule::kTypeKnown);
    Undecide({rule::kTypeKnown, "不认识的条目类型 " + type,
              "entries of an unknown type: " + type});
  }

  // No entry follows one that has waited too long for its seal.
  bool SealedInTime(const proof::EntryHeader& header) {
    Count(rule::kSealInterval);
    const int64_t since_ms = unsealed_since_ms.value_or(header.time_ms);
    unsealed_since_ms = since_ms;
    if (header.type == proof::kSealType) unsealed_since_ms.reset();
    if (header.time_ms - since_ms <= kUnsealedMs) return true;
    Break({rule::kSealInterval, "此前的条目超过十分钟未封印",
           "the entries before have waited over ten minutes for a seal"});
    return false;
  }

  // Index, time and chain.
  bool PlaceHolds(const Prepared& entry) {
    Count(rule::kHeaderForm);
    if (!entry.header.has_value()) {
      Break(*entry.breach);
      return false;
    }
    Count(rule::kHeaderIndex);
    if (entry.header->index != frontier.size()) {
      Break({rule::kHeaderIndex, "头部的序号不是它的位置",
             "the header's index is not its position"});
      return false;
    }
    Count(rule::kHeaderTime);
    if (entry.header->time_ms < report.last_time_ms) {
      Break({rule::kHeaderTime, "入账时间早于上一条目",
             "the entry's time lies before that of the entry before"});
      return false;
    }
    Count(rule::kChainPrev);
    if (entry.header->prev != prev) {
      Break({rule::kChainPrev, "SM3 链在此断开",
             "prev is not the SM3 of the header before"});
      return false;
    }
    return true;
  }

  bool PayloadHolds(const Prepared& entry) {
    Count(rule::kPayloadPresent);
    if (!entry.present) {
      Undecide({rule::kPayloadPresent, "内容已删除或不向此读者提供",
                "the payload was erased or is not for this reader"});
      return false;
    }
    for (const char* name : kPayloadRules) {
      Count(name);
      if (entry.breach.has_value() && entry.breach->rule == name) {
        Break(*entry.breach);
        return false;
      }
    }
    return true;
  }

  void TakeSeal(const Prepared& entry) {
    ++report.seals;
    Count(rule::kSealForm);
    const auto seal = proof::CheckSeal(*entry.header, entry.payload);
    if (!seal.ok() && seal.flaw != proof::Flaw::kSealChainHead) {
      return Break(
          {rule::kSealForm,
           absl::StrCat("封印不规范：", proof::DescribeChinese(seal.flaw)),
           absl::StrCat("the seal ", proof::Describe(seal.flaw))});
    }
    Count(rule::kSealChainHead);
    if (!seal.ok()) {
      return Break({rule::kSealChainHead, "封印的链头不是它的 prev",
                    "the seal's chain head is not its prev"});
    }
    Count(rule::kSealMapRoot);
    if (seal->map_root != map.Root()) {
      Break({rule::kSealMapRoot, "封印的状态根与重算不符",
             "the seal's map root is not the one computed again"});
    }
  }

  void TakeTransition(const Prepared& entry, const SignatureAnswers& answers) {
    ++report.transitions;
    for (const char* name : kFormRules) {
      Count(name);
      if (entry.transition_breach.has_value() &&
          entry.transition_breach->rule == name) {
        return Break(*entry.transition_breach);
      }
    }
    const CountRule count = [this](const std::string& name) { Count(name); };
    auto flaw = CheckTransition({entry, answers, trust}, state, count);
    if (flaw.has_value()) {
      return flaw->undecided ? Undecide(std::move(flaw->breach))
                             : Break(std::move(flaw->breach));
    }
    report.demonstration = state.registry.demonstration();
    report.certificates = state.certificates.size();
    AddUsage(*entry.transition);
  }

  void AddUsage(const v1::Transition& transition) {
    for (const v1::Event& event : transition.events()) {
      if (!event.has_usage_recorded()) continue;
      Count(rule::kValueTotals);
      const auto differs = values.Add(event.usage_recorded(), state);
      if (!differs.has_value()) continue;
      Break({rule::kValueTotals,
             absl::StrCat("运用金额合计与逐项之和不符：", *differs),
             absl::StrCat("the realised value is not the sum of the usage "
                          "events: ",
                          *differs)});
    }
  }

  void CheckNote(absl::string_view note);
  bool CheckSignatures(const crypto::VerifiedNote& verified);
};

// Whether every ledger key and enough witnesses signed.
bool Replayer::Progress::CheckSignatures(const crypto::VerifiedNote& verified) {
  size_t witnesses = 0;
  bool all_ledger_keys = true;
  for (size_t i = 0; i < verified.signed_by.size(); ++i) {
    if (i < trust.ledger_keys.size()) {
      all_ledger_keys &= verified.signed_by[i];
    } else if (verified.signed_by[i]) {
      ++witnesses;
    }
  }
  if (!all_ledger_keys) {
    Break({rule::kCheckpointSignatures, "检查点缺少账本密钥的签名",
           "a ledger key has not signed the checkpoint"});
    return false;
  }
  Count(rule::kCheckpointWitnesses);
  if (witnesses < trust.witness_quorum) {
    Break({rule::kCheckpointWitnesses, "见证人签名不足",
           "too few witnesses have signed the checkpoint"});
    return false;
  }
  return true;
}

void Replayer::Progress::CheckNote(absl::string_view note) {
  std::vector<crypto::NoteVerifier> keys = trust.ledger_keys;
  keys.insert(keys.end(), trust.witness_keys.begin(), trust.witness_keys.end());
  Count(rule::kCheckpointForm);
  const auto verified = crypto::VerifyNote(note, keys);
  if (!verified.ok() && absl::IsInvalidArgument(verified.status())) {
    return Break({rule::kCheckpointForm, "检查点不是签名文本",
                  std::string(verified.status().message())});
  }
  Count(rule::kCheckpointSignatures);
  if (!verified.ok()) {
    return Break({rule::kCheckpointSignatures, "检查点的签名不成立",
                  std::string(verified.status().message())});
  }
  if (!CheckSignatures(*verified)) return;
  const auto checkpoint = proof::ParseCheckpoint(verified->text);
  if (!checkpoint.ok()) {
    return Break({rule::kCheckpointForm,
                  proof::DescribeChinese(checkpoint.flaw),
                  proof::Describe(checkpoint.flaw)});
  }
  Count(rule::kCheckpointOrigin);
  if (checkpoint->origin != trust.origin) {
    return Undecide({rule::kCheckpointOrigin, "是另一账本，信任文件未列",
                     "another ledger, which the trust file does not name"});
  }
  Count(rule::kCheckpointSize);
  if (checkpoint->size != frontier.size()) {
    return Break({rule::kCheckpointSize, "检查点的大小与条目数不符",
                  "the checkpoint's size is not the number of entries"});
  }
  Count(rule::kCheckpointRoot);
  if (checkpoint->root != frontier.Root()) {
    return Break({rule::kCheckpointRoot, "检查点的根与重算不符",
                  "the checkpoint's root is not the one computed again"});
  }
  Count(rule::kCheckpointChainHead);
  if (verified->chain_head != prev) {
    return Break({rule::kCheckpointChainHead, "检查点的链头与重算不符",
                  "the checkpoint's chain head is not the one computed "
                  "again"});
  }
  if (options.hashes_only) return;
  Count(rule::kCheckpointLastLeaf);
  if (last_type != proof::kSealType) {
    Break({rule::kCheckpointLastLeaf, "检查点的最后一条不是封印",
           "the checkpoint's last leaf is not a seal"});
  }
}

int ReplayReport::ExitCode() const {
  if (broken.has_value()) return 20;
  return undecided.has_value() ? 22 : 0;
}

Replayer::Replayer(const Trust& trust, ReplayOptions options)
    : progress_(std::make_unique<Progress>(trust, std::move(options))) {}

Replayer::~Replayer() = default;

void Replayer::Feed(std::span<const ReplayEntry> batch) {
  Progress& progress = *progress_;
  std::vector<Prepared> prepared(batch.size());
  const bool hashes_only = progress.options.hashes_only || !progress.deciding;
  progress.options.parallel_for(batch.size(), [&](size_t i) {
    prepared[i] = Prepare(batch[i], hashes_only);
  });
  const auto answers = progress.AnswerSignatures(prepared);
  for (size_t i = 0; i < prepared.size(); ++i) {
    progress.Take(prepared[i], answers[i]);
  }
}

void Replayer::WatchSize(uint64_t size) {
  progress_->watched.emplace(size, std::nullopt);
}

std::optional<hash::Hash> Replayer::RootAtWatched(uint64_t size) const {
  const auto found = progress_->watched.find(size);
  return found == progress_->watched.end() ? std::nullopt : found->second;
}

void Replayer::CheckCheckpoint(absl::string_view note) {
  progress_->CheckNote(note);
}

void Replayer::RecordBroken(Finding finding) {
  progress_->deciding = false;
  if (progress_->report.broken.has_value()) return;
  progress_->report.broken = std::move(finding);
}

void Replayer::RecordUndecided(Finding finding) {
  if (progress_->report.undecided.has_value()) return;
  progress_->report.undecided = std::move(finding);
}

void Replayer::CountCheck(const std::string& rule, uint64_t times) {
  progress_->report.checks[rule] += times;
}

ReplayReport Replayer::Finish() const {
  ReplayReport report = progress_->report;
  report.size = progress_->frontier.size();
  report.root = progress_->frontier.Root();
  report.chain_head = progress_->prev;
  report.map_root = progress_->map.Root();
  report.realised = progress_->values.totals();
  for (const auto& [name, times] : report.checks) {
    if (times == 0) report.never_exercised.push_back(name);
  }
  return report;
}

}  // namespace dataip::verify
