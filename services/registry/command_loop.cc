#include "services/registry/command_loop.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/status.h"
#include "core/base/hex.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/crypto/random.h"
#include "core/registry/state/context.h"
#include "services/common/error.h"
#include "services/common/logging.h"
#include "services/registry/refusals.h"

namespace dataip::registryd {
namespace {

using services::Log;
using services::Severity;

constexpr std::chrono::milliseconds kTick{1'000};
constexpr std::chrono::milliseconds kFirstPause{50};
constexpr std::chrono::milliseconds kLastPause{1'000};
// While the ledger answers that it takes nothing: an operator has to act.
constexpr std::chrono::milliseconds kLastPauseHalted{5'000};
constexpr int kQuickFailures = 5;
constexpr size_t kInstanceRandomBytes = 16;

absl::Status NotServing(const std::string& en, const std::string& zh) {
  return services::MakeStatus(rpc::v1::NOT_SERVING, {en, zh});
}

absl::Status WithoutLedger() {
  return NotServing(
      "the ledger does not answer; send the same command again later",
      "账本暂时没有响应，请稍后重新发送同一指令");
}

// The ledger answers, but takes no entries.
bool IsNotServing(const absl::Status& status) {
  return client::ReasonOf(status) == rpc::v1::NOT_SERVING;
}

void AnswerEach(std::vector<Answer>& answers,
                const absl::StatusOr<Outcome>& outcome) {
  for (const Answer& answer : answers) answer(outcome);
  answers.clear();
}

}  // namespace

CommandLoop::CommandLoop(Parts parts)
    : ledger_(parts.ledger),
      acknowledged_(parts.acknowledged),
      store_(parts.store),
      signer_(std::move(parts.signer)),
      clock_actor_(std::move(parts.clock_actor)),
      now_ms_(std::move(parts.now_ms)),
      root_key_(std::move(parts.root_key)),
      line_(ledger_, acknowledged_,
            {absl::StrCat("registry-",
                          base::HexEncode(hash::AsBytes(
                              crypto::RandomBytes(kInstanceRandomBytes)))),
             [this] {
               base::MutexLock lock(mutex_);
               changed_.NotifyAll();
             }}),
      rehearsals_(limits::kRehearsalsQueued) {}

CommandLoop::~CommandLoop() { Stop(); }

absl::Status CommandLoop::Open() {
  absl::Status opened = line_.Open();
  if (!IsNotServing(opened) || acknowledged_.tail().next_index() == 0) {
    return opened;
  }
  line_.OpenLater(std::move(opened));
  return absl::OkStatus();
}

void CommandLoop::Start() {
  working_ = acknowledged_.Copy();
  thread_ = std::thread([this] { Run(); });
}

void CommandLoop::Submit(Submission submission, Answer answer) {
  absl::Status refused;
  {
    base::MutexLock lock(mutex_);
    if (stopping_) {
      refused = Stopping();
    } else if (!halted_.ok()) {
      refused = halted_;
    } else if (without_ledger_) {
      refused = WithoutLedger();
    } else if (queue_.size() >= limits::kQueuedCommands) {
      refused = Overloaded();
    } else {
      queue_.push_back({std::move(submission), {std::move(answer)}});
      changed_.NotifyAll();
      return;
    }
  }
  answer(refused);
}

size_t CommandLoop::queued() const {
  base::MutexLock lock(mutex_);
  return queue_.size();
}

absl::Status CommandLoop::halted() const {
  base::MutexLock lock(mutex_);
  return halted_;
}

bool CommandLoop::GoesOn() {
  base::MutexLock lock(mutex_);
  return std::exchange(turned_, false) || at_ledger_ > 0 || stopping_;
}

CommandLoop::AtLedger::AtLedger(CommandLoop& loop) : loop_(loop) {
  base::MutexLock lock(loop_.mutex_);
  ++loop_.at_ledger_;
}

CommandLoop::AtLedger::~AtLedger() {
  base::MutexLock lock(loop_.mutex_);
  --loop_.at_ledger_;
  loop_.turned_ = true;
}

void CommandLoop::Stop(std::chrono::milliseconds patience) {
  {
    base::MutexLock lock(mutex_);
    stopping_ = true;
    if (!stop_by_.has_value()) {
      stop_by_ = std::chrono::steady_clock::now() + patience;
    }
    for (client::EntryStream* const entries : rehearsed_) entries->Cancel();
    changed_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
  line_.Close();
  AnswerAll(Stopping());
}

void CommandLoop::Run() {
  while (WaitForWork()) {
    if (const absl::Status why = halted(); !why.ok()) {
      AnswerAll(why);
      continue;
    }
    if (line_.broken().has_value()) {
      Recover();
      continue;
    }
    ActOnDue();
    for (Waiting& waiting : TakeWaiting()) {
      Admit(std::move(waiting));
      ActOnDue();
    }
    Flush();
  }
}

// False when the thread has to end.
bool CommandLoop::WaitForWork() {
  auto tick = std::chrono::steady_clock::now() + kTick;
  base::MutexLock lock(mutex_);
  for (;;) {
    turned_ = true;
    const bool idle = queue_.empty() && line_.messages_in_flight() == 0;
    if (stopping_ && (idle || !halted_.ok() || line_.broken().has_value() ||
                      std::chrono::steady_clock::now() >= *stop_by_)) {
      return false;
    }
    if (halted_.ok() && line_.broken().has_value()) return true;
    const bool room = !line_.full();
    if (!queue_.empty() && (room || !halted_.ok())) return true;
    const auto until = stopping_ ? std::min(tick, *stop_by_) : tick;
    if (changed_.WaitUntil(mutex_, until)) continue;
    if (!stopping_ && room) return true;
    // Without room there is nothing to do before the ledger has answered.
    tick = std::chrono::steady_clock::now() + kTick;
  }
}

std::vector<CommandLoop::Waiting> CommandLoop::TakeWaiting() {
  std::vector<Waiting> taken;
  base::MutexLock lock(mutex_);
  while (!queue_.empty() && taken.size() < limits::kCommandsPerAppend) {
    taken.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return taken;
}

// After the stream has ended: settles what was sent by reading and opening
// again, then decides the rest anew on a rebuilt working state.
void CommandLoop::Recover() {
  const AtLedger at_ledger(*this);
  absl::Status why = line_.broken().value_or(absl::OkStatus());
  const rpc::v1::Reason reason = client::ReasonOf(why);
  Log(Severity::kWarning, "the append stream ended",
      {{"status", services::LogText(why)}});
  const auto since = std::chrono::steady_clock::now();
  std::chrono::milliseconds pause = kFirstPause;
  if (reason == rpc::v1::FENCED) {
    line_.Close();
    (void)line_.ReadToTail();
    Halt(why);
    return;
  }
  if (reason == rpc::v1::DATA_LOSS) {
    Halt(why);
    return;
  }
  if (!PauseAfterQuickFailures(why)) return;
  for (;;) {
    const absl::Status opened = line_.Open();
    if (opened.ok()) break;
    if (!MayPass(opened)) {
      Halt(opened);
      return;
    }
    if (std::chrono::steady_clock::now() - since >
        std::chrono::milliseconds(limits::kLedgerOutageMs)) {
      if (!without_ledger_told_) {
        Log(Severity::kError, "no ledger",
            {{"status", services::LogText(opened)}});
      }
      without_ledger_told_ = true;
      AnswerAll(WithoutLedger());
    }
    if (!WaitToRetry(pause)) return;
    pause = std::min(pause * 2,
                     IsNotServing(opened) ? kLastPauseHalted : kLastPause);
  }
  without_ledger_told_ = false;
  Redo();
}

// What fails again and again at once will not pass by trying: those who wait
// are told. False when the loop has to end.
bool CommandLoop::PauseAfterQuickFailures(const absl::Status& why) {
  const auto now = std::chrono::steady_clock::now();
  quick_failures_ = now - recovered_at_ < kTick ? quick_failures_ + 1 : 0;
  if (quick_failures_ >= kQuickFailures) {
    AnswerAll(NotServing(
        absl::StrCat("the ledger does not take it: ", why.message()),
        "账本拒绝写入，请稍后重新发送同一指令；如仍失败请联系运维人员"));
  }
  return quick_failures_ == 0 || WaitToRetry(kFirstPause * quick_failures_);
}

// False when the loop has to end: who stops does not wait for a ledger.
bool CommandLoop::WaitToRetry(std::chrono::milliseconds pause) {
  const auto until = std::chrono::steady_clock::now() + pause;
  base::MutexLock lock(mutex_);
  without_ledger_ = without_ledger_told_;
  while (!stopping_ && changed_.WaitUntil(mutex_, until)) {
  }
  return !stopping_;
}

void CommandLoop::Redo() {
  recovered_at_ = std::chrono::steady_clock::now();
  working_ = acknowledged_.Copy();
  std::vector<Pending> back = line_.TakeBack();
  base::MutexLock lock(mutex_);
  without_ledger_ = false;
  size_t redone = 0;
  const auto decide_anew = [&](Submission& submission,
                               std::vector<Answer>& answers) {
    if (answers.empty()) return;
    queue_.push_front({std::move(submission), std::move(answers)});
    ++redone;
  };
  for (auto pending = back.rbegin(); pending != back.rend(); ++pending) {
    auto& all = pending->held;
    for (auto held = all.rbegin(); held != all.rend(); ++held) {
      decide_anew(held->submission, held->answers);
    }
    decide_anew(pending->submission, pending->answers);
  }
  Log(Severity::kInfo, "writing to the ledger again",
      {{"decided_anew", std::to_string(redone)}});
}

void CommandLoop::Halt(const absl::Status& why) {
  const bool fenced = client::ReasonOf(why) == rpc::v1::FENCED;
  const absl::Status told =
      fenced ? NotServing(
                   "another registry writes to this ledger now; this "
                   "one has stopped deciding: send it there",
                   "另一个登记服务已接管该账本，本服务不再受理：请改发"
                   "到新的服务")
             : NotServing(absl::StrCat("this registry has stopped deciding: ",
                                       why.message()),
                          "登记服务已停止受理，请联系运维人员");
  Log(Severity::kError, fenced ? "fenced" : "halted",
      {{"status", services::LogText(why)}});
  {
    base::MutexLock lock(mutex_);
    halted_ = told;
  }
  halting_.Set();
  AnswerAll(told);
}

// Those on their way stay known, so that they are recognised on the ledger.
void CommandLoop::AnswerAll(const absl::Status& status) {
  std::vector<Answer> answers = line_.TakeAnswers();
  {
    base::MutexLock lock(mutex_);
    for (Waiting& waiting : queue_) {
      for (Answer& answer : waiting.answers) {
        answers.push_back(std::move(answer));
      }
    }
    queue_.clear();
  }
  AnswerEach(answers, status);
}

}  // namespace dataip::registryd
