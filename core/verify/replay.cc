#include "core/verify/replay.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/proof/chain.h"
#include "core/proof/map.h"
#include "core/proof/seal.h"
#include "core/verify/batch.h"
#include "core/verify/checkpoint_check.h"
#include "core/verify/entry_counts.h"
#include "core/verify/erasure.h"
#include "core/verify/erasure_judge.h"
#include "core/verify/prepared.h"
#include "core/verify/rules.h"
#include "core/verify/transition_check.h"
#include "core/verify/watched_tree.h"

namespace dataip::verify {
namespace {

void OneAfterTheOther(size_t count, const std::function<void(size_t)>& work) {
  for (size_t i = 0; i < count; ++i) work(i);
}

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
    if (options.orders != nullptr) options.orders->CollectKeysInto(ring);
  }

  const Trust& trust;
  ReplayOptions options;
  ReplayReport report;
  EntryCounts counts{report.checks};
  registry::State state;
  ErasureJudge judge{options, trust};
  KeyRing ring;
  ValueTotals values;
  uint64_t index = 0;  // of the entry that is taken, then of the next one
  WatchedTree tree;
  proof::Map map;
  hash::Hash prev;  // of the next entry; the chain head at size
  std::string last_type;
  // Time of the first entry since the last seal.
  std::optional<int64_t> unsealed_since_ms;
  // State and map are those of all entries so far.
  bool deciding = true;

  void Count(const std::string& rule) { ++report.checks[rule]; }

  void Break(Breach breach) {
    deciding = false;
    if (report.broken.has_value()) return;
    report.broken =
        Finding{index, std::move(breach.rule), std::move(breach.message_zh),
                std::move(breach.message_en)};
  }

  void Undecide(Breach breach) {
    deciding = false;
    if (report.undecided.has_value()) return;
    report.undecided =
        Finding{index, std::move(breach.rule), std::move(breach.message_zh),
                std::move(breach.message_en)};
  }

  void Settle(std::optional<TransitionFlaw> flaw) {
    if (!flaw.has_value()) return;
    flaw->undecided ? Undecide(std::move(flaw->breach))
                    : Break(std::move(flaw->breach));
  }

  // A finding on another entry than the one that is taken.
  bool BreakAt(std::optional<Finding> finding) {
    if (!finding.has_value()) return false;
    deciding = false;
    if (!report.broken.has_value()) report.broken = std::move(finding);
    return true;
  }

  void Take(const Prepared& entry, const SignatureAnswers& answers) {
    if (!report.broken.has_value()) TakeChecked(entry, answers);
    if (entry.header.has_value()) {
      report.last_time_ms = entry.header->time_ms;
      last_type = entry.header->type;
    }
    prev = entry.next_prev;
    ++index;
  }

  void TakeChecked(const Prepared& entry, const SignatureAnswers& answers) {
    if (!PlaceHolds(entry) || !PayloadHolds(entry) || !OrderHolds(entry)) {
      return;
    }
    if (options.hashes_only) return judge.ReadOrder(entry);
    if (!deciding || !SealedInTime(*entry.header)) return;
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
    ++counts.header_form;
    if (!entry.header.has_value()) {
      Break(*entry.breach);
      return false;
    }
    ++counts.header_index;
    if (entry.header->index != index) {
      Break({rule::kHeaderIndex, "头部的序号不是它的位置",
             "the header's index is not its position"});
      return false;
    }
    ++counts.header_time;
    if (entry.header->time_ms < report.last_time_ms) {
      Break({rule::kHeaderTime, "入账时间早于上一条目",
             "the entry's time lies before that of the entry before"});
      return false;
    }
    ++counts.chain_prev;
    if (entry.header->prev != prev) {
      Break({rule::kChainPrev, "SM3 链在此断开",
             "prev is not the SM3 of the header before"});
      return false;
    }
    return true;
  }

  bool PayloadHolds(const Prepared& entry) {
    ++counts.payload_present;
    if (!entry.present) return MissingPayloadHolds(entry);
    for (EntryCounts::Payload& payload : counts.payload) {
      ++payload.count;
      if (entry.breach.has_value() && entry.breach->rule == payload.rule) {
        Break(*entry.breach);
        return false;
      }
    }
    return true;
  }

  // One that is not here: erased by order, or not for this reader.
  bool MissingPayloadHolds(const Prepared& entry) {
    if (!entry.erased || options.orders == nullptr) {
      report.orders_unread |= entry.erased;
      Undecide({rule::kPayloadPresent, "内容已删除或不向此读者提供",
                "the payload was erased or is not for this reader"});
      return false;
    }
    Count(rule::kPayloadErased);
    if (OrderFor(entry) != nullptr) return true;
    Break({rule::kPayloadErased, "内容已删除，而账上没有删除命令",
           "the payload was erased, and no order on the ledger names it"});
    return false;
  }

  // The order that names the entry, if any.
  const ErasureOrder* OrderFor(const Prepared& entry) const {
    return options.orders == nullptr
               ? nullptr
               : options.orders->Find(entry.header->index);
  }

  // Whether the order that names the entry, if any, fits it.
  bool OrderHolds(const Prepared& entry) {
    const ErasureOrder* order = OrderFor(entry);
    if (order == nullptr) return true;
    Count(rule::kErasureOrder);
    report.erased.push_back(
        {entry.header->index, order->order_index, entry.present});
    return !BreakAt(CheckOrdered(entry, *order));
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
    const ErasureOrder* order = OrderFor(entry);
    if (!entry.present) {
      if (BreakAt(TakeSubstitute(*entry.header, *order, state))) return;
      return TakeFolded(order->substitute->transition);
    }
    for (const char* name : kFormRules) {
      Count(name);
      if (entry.transition_breach.has_value() &&
          entry.transition_breach->rule == name) {
        return Break(*entry.transition_breach);
      }
    }
    if (OrdersErasure(*entry.transition)) {
      Count(rule::kErasureOrder);
      report.orders_unread |= options.orders == nullptr;
      auto flaw = CheckOrderEntry(entry, options.orders != nullptr);
      if (flaw.has_value()) return Settle(std::move(flaw));
    }
    const CountRule count = [this](const std::string& name) { Count(name); };
    const registry::Substitute* substitute =
        order == nullptr ? nullptr : &*order->substitute;
    auto flaw =
        CheckTransition({entry, answers, trust, substitute}, state, count);
    if (flaw.has_value()) return Settle(std::move(flaw));
    judge.Believe(*entry.transition, index);
    TakeFolded(order == nullptr ? *entry.transition : substitute->transition);
  }

  // What follows from a transition that is folded into the state.
  void TakeFolded(const v1::Transition& transition) {
    report.demonstration = state.registry.demonstration();
    report.certificates = state.certificates.size();
    AddUsage(transition);
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
};

int ReplayReport::ExitCode() const {
  if (broken.has_value()) return 20;
  return undecided.has_value() ? 22 : 0;
}

Replayer::Replayer(const Trust& trust, ReplayOptions options)
    : progress_(std::make_unique<Progress>(trust, std::move(options))) {}

Replayer::~Replayer() = default;

void Replayer::Feed(std::span<const ReplayEntry> entries) {
  std::vector<EntryView> views;
  views.reserve(entries.size());
  for (const ReplayEntry& entry : entries) views.push_back(entry.view());
  const ReplayOptions& options = progress_->options;
  const auto batch =
      Batch::Prepare(views, options.hashes_only || !progress_->deciding);
  ListSignatures(*batch);
  options.parallel_for(batch->signature_count(),
                       [&](size_t i) { batch->VerifySignature(i); });
  Take(*batch);
}

void Replayer::ListSignatures(Batch& batch) {
  Progress& progress = *progress_;
  if (progress.options.hashes_only) return;
  for (size_t i = 0; i < batch.size(); ++i) {
    if (!batch.entries_[i].command.has_value()) continue;
    CollectKeys(*batch.entries_[i].command, progress.ring);
    verify::ListSignatures(batch.entries_[i], progress.trust.origin,
                           progress.ring, batch.answers_[i], batch.signatures_);
  }
  batch.holds_.assign(batch.signatures_.size(), 0);
}

void Replayer::Take(Batch& batch) {
  Progress& progress = *progress_;
  if (!progress.deciding) {
    // However far ahead it was prepared: hashes only from here.
    for (Prepared& entry : batch.entries_) entry.transition.reset();
  } else {
    // Afterwards, since two signatures of one command share their answer.
    for (size_t i = 0; i < batch.signatures_.size(); ++i) {
      if (!batch.holds_[i]) *batch.signatures_[i].answer = false;
    }
    progress.report.signatures += batch.signatures_.size();
  }
  for (size_t i = 0; i < batch.size(); ++i) {
    progress.Take(batch.entries_[i], batch.answers_[i]);
  }
  progress.tree.Append(batch.leaf_hashes_, batch.subtree_);
}

bool Replayer::deciding() const { return progress_->deciding; }

void Replayer::WatchSize(uint64_t size) { progress_->tree.Watch(size); }

std::optional<hash::Hash> Replayer::RootAtWatched(uint64_t size) const {
  return progress_->tree.RootAt(size);
}

void Replayer::CheckCheckpoint(absl::string_view note) {
  Progress& progress = *progress_;
  const CountRule count = [&](const std::string& name) {
    progress.Count(name);
  };
  const ComputedEnd end{progress.tree.size(), progress.tree.Root(),
                        progress.prev,
                        progress.options.hashes_only ? "" : progress.last_type};
  progress.Settle(CheckNote(note, progress.trust, end, count));
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
  progress_->judge.Judge(progress_->index, report);
  report.size = progress_->tree.size();
  report.root = progress_->tree.Root();
  report.chain_head = progress_->prev;
  report.map_root = progress_->map.Root();
  report.realised = progress_->values.totals();
  for (const auto& [name, times] : report.checks) {
    if (times == 0) report.never_exercised.push_back(name);
  }
  return report;
}

}  // namespace dataip::verify
