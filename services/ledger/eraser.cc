#include "services/ledger/eraser.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/proof/header.h"
#include "services/common/error.h"
#include "services/common/logging.h"

namespace dataip::ledger {
namespace {

using services::Log;
using services::Severity;

absl::Status Refused(const std::string& en, const std::string& zh) {
  return services::MakeStatus(rpc::v1::RULE_REFUSES, {en, zh});
}

absl::Status NotThis(size_t position, const std::string& en,
                     const std::string& zh) {
  return services::InvalidField(absl::StrCat("payloads[", position, "]"),
                                {en, zh});
}

absl::Status Stopping() {
  return services::MakeStatus(rpc::v1::NOT_SERVING,
                              {"the ledger is stopping; call again later",
                               "账本正在停止，请稍后重新调用"});
}

absl::Status TooMany() {
  return services::MakeStatus(rpc::v1::OVERLOADED,
                              {"too many erasures wait; call again later",
                               "等待执行的删除过多，请稍后重新调用"});
}

bool IsLedgersOwn(const proof::EntryHeader& header) {
  return header.type.rfind(proof::kLedgerTypePrefix, 0) == 0;
}

absl::StatusOr<proof::EntryHeader> HeaderAt(const Store& store,
                                            uint64_t index) {
  ASSIGN_OR_RETURN(const std::string bytes, store.ReadHeader(index));
  auto header = proof::DecodeHeader(hash::AsBytes(bytes));
  if (!header.ok()) {
    return services::MakeStatus(
        rpc::v1::DATA_LOSS,
        {absl::StrCat("header ", index, " is broken; restore a backup"),
         absl::StrCat("条目头 ", index, " 已损坏，请从备份恢复")});
  }
  return *std::move(header);
}

}  // namespace

Eraser::Eraser(Parts parts)
    : parts_(parts), pause_(parts.first_pause), thread_([this] { Run(); }) {}

Eraser::~Eraser() { Stop(); }

void Eraser::Stop() {
  std::vector<Asked> unanswered;
  {
    base::MutexLock lock(mutex_);
    stopping_ = true;
    unanswered.swap(queue_);
    changed_.NotifyAll();
  }
  parts_.store.StopPurging();
  for (const Asked& asked : unanswered) asked.done(Stopping());
  if (thread_.joinable()) thread_.join();
}

absl::Status Eraser::Check(const ErasureRequest& request) const {
  const uint64_t order = request.order_index;
  if (order >= parts_.durable.value()) {
    return Refused(
        absl::StrCat("there is no entry ", order, " yet that could order it"),
        absl::StrCat("尚无第 ", order, " 条，不能据以删除"));
  }
  ASSIGN_OR_RETURN(const auto ordering, HeaderAt(parts_.store, order));
  if (IsLedgersOwn(ordering)) {
    return Refused(absl::StrCat("entry ", order, " is the ledger's own"),
                   absl::StrCat("第 ", order, " 条是账本自身的条目"));
  }
  ASSIGN_OR_RETURN(const auto order_erased, parts_.store.ErasedBy(order));
  if (order_erased.has_value()) {
    return Refused(absl::StrCat("entry ", order, " was erased itself"),
                   absl::StrCat("第 ", order, " 条本身已被删除"));
  }
  for (size_t i = 0; i < request.payloads.size(); ++i) {
    const PayloadErasure& payload = request.payloads[i];
    if (payload.index >= order) {
      return Refused(
          absl::StrCat("entry ", payload.index, " is not earlier than order ",
                       order),
          absl::StrCat("第 ", payload.index, " 条不早于第 ", order, " 条命令"));
    }
    ASSIGN_OR_RETURN(const auto header, HeaderAt(parts_.store, payload.index));
    if (IsLedgersOwn(header)) {
      return NotThis(i, "is the ledger's own entry, which stays",
                     "是账本自身的条目，不得删除");
    }
    if (header.type != ordering.type) {
      return Refused(absl::StrCat("entry ", payload.index,
                                  " is of another type than "
                                  "order ",
                                  order),
                     absl::StrCat("第 ", payload.index, " 条与第 ", order,
                                  " 条命令类型不同"));
    }
    if (header.payload_sha256 != payload.payload_sha256 ||
        header.payload_sm3 != payload.payload_sm3) {
      return NotThis(i, "has other digests than its header; copy the header's",
                     "的摘要与记录头不符，请抄录记录头中的值");
    }
  }
  return absl::OkStatus();
}

absl::Status Eraser::Purge() {
  ASSIGN_OR_RETURN(const auto unpurged, parts_.store.UnpurgedErasures());
  if (unpurged.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(parts_.store.PurgeErased(unpurged));
  ASSIGN_OR_RETURN(const std::string backups, parts_.backups.Remake());
  RETURN_IF_ERROR(parts_.store.FinishErasures(unpurged));
  // Backups in a former folder are the operator's: say which was cleaned.
  Log(Severity::kInfo, "erased payloads are gone from the disk",
      {{"payloads", std::to_string(unpurged.size())},
       {"backups", backups.empty() ? "no backup_dir" : backups}});
  return absl::OkStatus();
}

absl::StatusOr<uint32_t> Eraser::Mark(const ErasureRequest& request) {
  RETURN_IF_ERROR(Check(request));
  std::vector<uint64_t> named;
  for (const PayloadErasure& payload : request.payloads) {
    named.push_back(payload.index);
  }
  ASSIGN_OR_RETURN(const std::vector<uint64_t> standing,
                   parts_.store.NotErased(named));
  const absl::Status erased =
      parts_.store.Erase({request.order_index, standing});
  if (!erased.ok()) {
    // A failed write leaves a state that only a restart clears. What cannot be
    // read was an answer above: it would be asked for again after the restart.
    services::Fatal("payloads could not be erased",
                    {{"error", services::LogText(erased)}});
  }
  if (!standing.empty()) {
    Log(Severity::kInfo, "payloads erased by order",
        {{"order", std::to_string(request.order_index)},
         {"payloads", std::to_string(standing.size())}});
  }
  return static_cast<uint32_t>(standing.size());
}

// Each try flushes and copies: whoever asks again and again does not make it
// work again and again.
absl::Status Eraser::Clean(bool more) {
  {
    base::MutexLock lock(mutex_);
    const bool later = clean_at_.has_value() && Clock::now() < *clean_at_;
    if (later && !more) return failed_;
  }
  if (more) pause_ = parts_.first_pause;
  failed_ = Purge();
  base::MutexLock lock(mutex_);
  clean_at_.reset();
  if (failed_.ok()) {
    pause_ = parts_.first_pause;
    return failed_;
  }
  if (stopping_) return failed_;
  Log(Severity::kWarning, "erased payloads are still on the disk",
      {{"error", services::LogText(failed_)},
       {"next_try_ms", std::to_string(pause_.count())}});
  clean_at_ = Clock::now() + pause_;
  pause_ = std::min(pause_ * 2, parts_.last_pause);
  return failed_;
}

// False when the thread has to end; nothing is taken when it is time to clean.
bool Eraser::WaitForWork(std::vector<Asked>& taken) {
  base::MutexLock lock(mutex_);
  while (!stopping_ && queue_.empty()) {
    if (!clean_at_.has_value()) {
      changed_.Wait(mutex_);
    } else if (!changed_.WaitUntil(mutex_, *clean_at_)) {
      break;
    }
  }
  taken.swap(queue_);
  return !stopping_;
}

void Eraser::Run() {
  std::vector<Asked> taken;
  while (WaitForWork(taken)) {
    std::vector<Marked> marked;
    bool more = false;
    for (const Asked& asked : std::exchange(taken, {})) {
      const auto erased = Mark(asked.request);
      if (!erased.ok()) {
        asked.done(erased.status());
        continue;
      }
      more = more || *erased > 0;
      marked.push_back({*erased, asked.done});
    }
    const absl::Status clean = Clean(more);
    for (const Marked& one : marked) {
      one.done(clean.ok() ? absl::StatusOr<uint32_t>(one.erased) : clean);
    }
  }
}

void Eraser::Erase(ErasureRequest request, Done done) {
  absl::Status refused;
  {
    base::MutexLock lock(mutex_);
    if (stopping_) {
      refused = Stopping();
    } else if (queue_.size() >= limits::kErasuresQueued) {
      refused = TooMany();
    } else {
      queue_.push_back({std::move(request), std::move(done)});
      changed_.NotifyAll();
      return;
    }
  }
  done(refused);
}

void Eraser::Resume() {
  base::MutexLock lock(mutex_);
  clean_at_ = Clock::now();
  changed_.NotifyAll();
}

}  // namespace dataip::ledger
