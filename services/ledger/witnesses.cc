#include "services/ledger/witnesses.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "services/common/checks.h"
#include "services/common/error.h"
#include "services/common/logging.h"

namespace dataip::ledger {
namespace {

absl::Status Wrong(const std::string& field, const std::string& en,
                   const std::string& zh) {
  return services::InvalidField(field, {en, zh});
}

absl::Status ConflictWith(const WitnessClient& witness,
                          const WitnessAnswer& answer) {
  return services::MakeStatus(
      rpc::v1::DATA_LOSS,
      {absl::StrCat(
           "this ledger signs no more: witness ", witness.name(), " at ",
           witness.url(), " contradicts it: ", answer.detail_en,
           ". Either the database was put back to an earlier day: restore the "
           "newest backup and leave the published file as it is; or entries "
           "that "
           "the world has seen are lost: this ledger is over, and a successor "
           "needs a new origin and keys; or another program signs with the "
           "same keys: stop it; or the witness is wrong: remove it from the "
           "configuration"),
       absl::StrCat(
           "本账本不再签署：见证人 ", witness.name(), "（", witness.url(),
           "）与之矛盾：", answer.detail_zh,
           "。若数据库被回退，请恢复最新备份，published 文件保持不动；若"
           "外界见过的条目已丢失，本账本即告终止，须以新的来源名和密"
           "钥另立账本；若另有程序使用同一密钥，请停止它；若见证人有"
           "误，请从配置中移除")});
}

const char* NameOf(WitnessFound found) {
  switch (found) {
    case WitnessFound::kCosigned:
      return "cosigned";
    case WitnessFound::kBehind:
      return "behind";
    case WitnessFound::kFailed:
      return "failed";
    case WitnessFound::kConflict:
      return "conflict";
  }
  return "failed";
}

}  // namespace

absl::StatusOr<WitnessOptions> WitnessOptions::From(
    const std::vector<std::string>& lines, uint64_t quorum,
    const std::string& policy) {
  WitnessOptions options;
  std::set<std::string> names;
  for (const std::string& line : lines) {
    auto setting = WitnessSetting::Parse(line);
    if (!setting.ok()) {
      const services::ErrorText why =
          services::SplitText(setting.status().message());
      return Wrong("witness", absl::StrCat(line, ": ", why.en),
                   absl::StrCat(line, "：", why.zh));
    }
    if (!names.insert(setting->key.name()).second) {
      return Wrong("witness", absl::StrCat(line, ": its name stands twice"),
                   absl::StrCat(line, "：名称重复"));
    }
    options.witnesses.push_back(*std::move(setting));
  }
  if (lines.size() > limits::kWitnesses) {
    return Wrong("witness", absl::StrCat("at most ", limits::kWitnesses),
                 absl::StrCat("最多 ", limits::kWitnesses, " 个"));
  }
  if (lines.empty() && quorum > 0) {
    return Wrong("witness_quorum",
                 "there are no witnesses: name some with `witness`, or remove "
                 "this line",
                 "没有见证人，请用 witness 设置，或删除该行");
  }
  if (quorum > lines.size() || (quorum == 0 && !lines.empty())) {
    return Wrong(
        "witness_quorum",
        absl::StrCat("must be set, from 1 to the number of witnesses, ",
                     lines.size()),
        absl::StrCat("必须设置，取值为 1 到见证人数 ", lines.size()));
  }
  options.quorum = quorum;
  if (policy != "publish" && policy != "hold") {
    return Wrong("witness_policy", "must be publish or hold",
                 "只能是 publish 或 hold");
  }
  if (policy == "hold" && lines.empty()) {
    return Wrong("witness_policy",
                 "there are no witnesses to wait for: name some with "
                 "`witness`, or remove this line",
                 "没有可等待的见证人，请用 witness 设置，或删除该行");
  }
  options.policy =
      policy == "hold" ? WitnessPolicy::kHold : WitnessPolicy::kPublish;
  options.transport.time_s = [] {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  };
  return options;
}

Witnesses::Witnesses(const WitnessOptions& options,
                     const WitnessClient::ReaderOf& reader_of,
                     std::function<void()> changed, services::Metrics* metrics)
    : quorum_(options.quorum), changed_(std::move(changed)), metrics_(metrics) {
  for (const WitnessSetting& setting : options.witnesses) {
    each_.push_back(std::make_unique<Each>(
        WitnessClient(setting, options.transport, reader_of)));
    if (metrics_ != nullptr) AddMetrics(*each_.back());
  }
}

void Witnesses::AddMetrics(Each& each) {
  const services::MetricLabels labels = {{"witness", each.client.name()}};
  metrics_->AddGauge(
      {"dataip_ledger_witness_size",
       "Size of the last checkpoint it has cosigned."},
      [&each] { return static_cast<double>(each.cosigned_size.load()); },
      labels);
  metrics_->AddGauge(
      {"dataip_ledger_witness_claims",
       "Times in a row it has claimed to have seen what was not signed here."},
      [&each] { return static_cast<double>(each.claims.load()); }, labels);
}

Witnesses::~Witnesses() { each_.clear(); }

void Witnesses::ExpectNothing() {
  for (const auto& each : each_) each->client.ExpectNothing();
}

void Witnesses::Signed(uint64_t size) { largest_signed_ = size; }

void Witnesses::Begin(const SignedCheckpoint& checkpoint) {
  base::MutexLock lock(mutex_);
  ++round_;
  for (const auto& each : each_) {
    if (each->busy) continue;
    each->busy = true;
    each->round = round_;
    each->line.clear();
    each->worker.Post([this, each = each.get(), checkpoint] {
      Report(*each, each->client.Ask(checkpoint, largest_signed_));
    });
  }
}

void Witnesses::Report(Each& each, const WitnessAnswer& answer) {
  LogAnswer(each, answer);
  if (metrics_ != nullptr) {
    metrics_
        ->AddCounter({"dataip_ledger_witness_requests_total",
                      "Requests for a cosignature, by what came of them."},
                     {{"witness", each.client.name()},
                      {"outcome", NameOf(answer.found)}})
        .Add();
  }
  each.cosigned_size = each.client.cosigned_size();
  {
    base::MutexLock lock(mutex_);
    each.busy = false;
    each.line = answer.line;
    Weigh(each, answer);
  }
  changed_();
}

// A witness that is behind, or does not answer, takes nothing back.
void Witnesses::Weigh(Each& each, const WitnessAnswer& answer) {
  if (answer.found == WitnessFound::kCosigned) {
    each.claims = 0;
    each.claim = absl::OkStatus();
  }
  if (answer.found != WitnessFound::kConflict) return;
  ++each.claims;
  each.claim = ConflictWith(each.client, answer);
  size_t claimants = 0;
  for (const auto& one : each_) claimants += one->claims > 0 ? 1 : 0;
  const bool confirmed = each.claims >= limits::kConflictClaims ||
                         claimants >= std::max(quorum_, size_t{2});
  if (confirmed && conflict_.ok()) conflict_ = each.claim;
}

// A witness that does not answer would fill the log.
void Witnesses::LogAnswer(Each& each, const WitnessAnswer& answer) {
  const bool reached = answer.found == WitnessFound::kCosigned;
  if (reached == each.reached && answer.found != WitnessFound::kConflict) {
    return;
  }
  each.reached = reached;
  const bool claims = answer.found == WitnessFound::kConflict;
  services::Log(claims    ? services::Severity::kError
                : reached ? services::Severity::kInfo
                          : services::Severity::kWarning,
                claims
                    ? "a witness claims to have seen what was not signed here"
                : reached ? "a witness cosigns"
                          : "a witness does not cosign",
                {{"witness", each.client.name()},
                 {"url", each.client.url()},
                 {"outcome", NameOf(answer.found)},
                 {"detail", answer.detail_en}});
}

Gathered Witnesses::Look() const {
  Gathered gathered;
  base::MutexLock lock(mutex_);
  gathered.conflict = conflict_;
  for (const auto& each : each_) {
    if (gathered.claim.ok()) gathered.claim = each->claim;
    if (each->round != round_) continue;
    gathered.waiting += each->busy ? 1 : 0;
    if (each->busy || each->line.empty()) continue;
    ++gathered.cosigned;
    gathered.lines += each->line;
  }
  return gathered;
}

}  // namespace dataip::ledger
