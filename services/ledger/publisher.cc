#include "services/ledger/publisher.h"

#include <algorithm>
#include <utility>

#include "core/base/status_macros.h"
#include "core/crypto/cosigner.h"
#include "core/proof/note.h"
#include "services/common/error.h"
#include "services/common/logging.h"

namespace dataip::ledger {
namespace {

using SteadyClock = std::chrono::steady_clock;

// Text and the lines of keys that are named like the origin: the ledger's own.
std::string OwnLines(const std::string& note, const std::string& origin) {
  auto parsed = proof::ParseNote(note);
  if (!parsed.ok()) return note;
  std::erase_if(parsed->signatures, [&](const proof::SignatureLine& line) {
    return line.name != origin;
  });
  return proof::FormatNote(*parsed);
}

size_t CountLines(const std::string& note) {
  const auto parsed = proof::ParseNote(note);
  return parsed.ok() ? parsed->signatures.size() : 0;
}

}  // namespace

Publisher::Publisher(Parts parts, WitnessOptions options,
                     const WitnessClient::ReaderOf& reader_of,
                     services::Metrics* metrics)
    : parts_(parts), options_(std::move(options)), metrics_(metrics) {
  if (options_.witnesses.empty()) return;
  witnesses_ = std::make_unique<Witnesses>(
      options_, reader_of,
      [this] {
        {
          base::MutexLock lock(mutex_);
          answered_ = true;
        }
        changed_.NotifyAll();
      },
      metrics);
  SetConflict(false);
  SetWitnessed(true);
}

Publisher::~Publisher() { Stop(); }

absl::Status Publisher::Resume(std::shared_ptr<State> served,
                               std::shared_ptr<State> newest) {
  if (served != nullptr) served->note = WithKnownLines(served->note);
  if (newest == nullptr) newest = served;
  if (witnesses_ == nullptr || newest == nullptr) {
    if (witnesses_ != nullptr) witnesses_->ExpectNothing();
    if (newest != nullptr) Serve(*newest, "");
    return absl::OkStatus();
  }
  witnesses_->Signed(newest->size);
  Begin(newest, /*served=*/newest == served);
  {
    base::MutexLock lock(mutex_);
    const auto done = [&] {
      const Gathered gathered = witnesses_->Look();
      return gathered.waiting == 0 || !gathered.claim.ok();
    };
    while (!done() && changed_.WaitUntil(mutex_, round_->until)) {
    }
  }
  const Gathered gathered = witnesses_->Look();
  if (!gathered.claim.ok()) return gathered.claim;
  if (served != nullptr && newest != served) Serve(*served, "");
  if (newest == served && gathered.cosigned < options_.quorum) {
    // As it was; a later round adds what comes.
    Serve(*served, "");
    SetWitnessed(false);
  } else {
    Decide(gathered);
  }
  round_.reset();
  return absl::OkStatus();
}

void Publisher::Start(std::function<void()> refuse) {
  if (witnesses_ == nullptr) return;
  refuse_ = std::move(refuse);
  thread_ = std::thread([this] { Run(); });
}

void Publisher::Take(State state) {
  if (witnesses_ == nullptr) return Serve(state, "");
  witnesses_->Signed(state.size);
  {
    base::MutexLock lock(mutex_);
    next_ = std::make_shared<State>(std::move(state));
  }
  changed_.NotifyAll();
}

bool Publisher::refuses() const {
  base::MutexLock lock(mutex_);
  return refuses_;
}

void Publisher::Stop() {
  if (!thread_.joinable()) return;
  {
    base::MutexLock lock(mutex_);
    stop_by_ =
        SteadyClock::now() + options_.interval + options_.transport.timeout;
  }
  changed_.NotifyAll();
  thread_.join();
}

void Publisher::Run() {
  while (Wait()) {
    LookAtRound();
    BeginWhatIsDue();
  }
}

bool Publisher::Wait() {
  base::MutexLock lock(mutex_);
  while (!HasWork()) {
    const Time now = SteadyClock::now();
    if (stop_by_.has_value()) {
      const bool idle = next_ == nullptr && (!round_ || round_->decided);
      if (refuses_ || idle || now >= *stop_by_) return false;
    }
    const Time until = NextTime();
    if (until == Time::max()) {
      changed_.Wait(mutex_);
    } else {
      changed_.WaitUntil(mutex_, until);
    }
  }
  answered_ = false;
  return true;
}

// When there is something to do though nobody calls.
Publisher::Time Publisher::NextTime() const {
  Time next = stop_by_.value_or(Time::max());
  if (refuses_) return next;
  if (round_.has_value()) return std::min(next, round_->until);
  if (next_ != nullptr || !witnessed_) next = std::min(next, next_round_);
  return next;
}

bool Publisher::HasWork() const {
  if (refuses_) return false;
  const Time now = SteadyClock::now();
  // Beside a round too, whose witnesses may take all of its time.
  if (next_ != nullptr && !witnessed_ && !holds()) return true;
  if (round_.has_value()) return answered_ || now >= round_->until;
  const bool probes = !witnessed_ && !stop_by_.has_value();
  return (next_ != nullptr || probes) && now >= next_round_;
}

std::string Publisher::WithKnownLines(const std::string& note) const {
  const auto parsed = proof::ParseNote(note);
  if (!parsed.ok()) return note;
  std::string known = OwnLines(note, parts_.signing.origin);
  for (const WitnessSetting& witness : options_.witnesses) {
    for (const proof::SignatureLine& line : parsed->signatures) {
      if (!crypto::VerifyCosignature(witness.key, parsed->text, line).ok()) {
        continue;
      }
      known += proof::FormatSignatureLine(line);
      break;
    }
  }
  return known;
}

void Publisher::Begin(std::shared_ptr<State> state, bool served) {
  const Time now = SteadyClock::now();
  const std::string own = OwnLines(state->note, parts_.signing.origin);
  witnesses_->Begin({state->size, own});
  const size_t lines = CountLines(state->note) - CountLines(own);
  round_ = Round{std::move(state), now + options_.transport.timeout, served,
                 /*decided=*/false, lines};
  next_round_ = now + options_.interval;
}

void Publisher::BeginWhatIsDue() {
  std::shared_ptr<State> next;
  {
    base::MutexLock lock(mutex_);
    if (refuses_) return;
    const bool may_serve = !witnessed_ && !holds();
    const bool may_ask =
        !round_.has_value() && SteadyClock::now() >= next_round_;
    if (may_serve || may_ask) next = std::exchange(next_, nullptr);
  }
  if (next != nullptr && !witnessed_ && !holds()) {
    Serve(*next, "");
    next.reset();
  }
  if (round_.has_value() || SteadyClock::now() < next_round_) return;
  if (next != nullptr) {
    Begin(std::move(next), /*served=*/false);
  } else if (const auto newest = parts_.states.Newest();
             !witnessed_ && newest != nullptr) {
    Begin(std::make_shared<State>(*newest), /*served=*/true);
  }
}

void Publisher::LookAtRound() {
  if (!round_.has_value()) return;
  const Gathered gathered = witnesses_->Look();
  // Before anything was served one claim is enough, as at a start.
  const absl::Status conflict =
      parts_.states.Newest() == nullptr ? gathered.claim : gathered.conflict;
  if (!conflict.ok()) {
    {
      base::MutexLock lock(mutex_);
      refuses_ = true;
      next_.reset();
    }
    SetConflict(true);
    services::Log(services::Severity::kError, "the ledger signs no more",
                  {{"error", std::string(conflict.message())}});
    round_.reset();
    refuse_();
    return;
  }
  const bool over =
      gathered.waiting == 0 || SteadyClock::now() >= round_->until;
  const bool hopeless = gathered.cosigned + gathered.waiting < options_.quorum;
  const bool reached = gathered.cosigned >= options_.quorum;
  if (!round_->decided && (reached || over || hopeless)) Decide(gathered);
  if (!over) return;
  // Lines that came after the quorum.
  if (round_->served && gathered.cosigned > round_->lines) {
    Serve(*round_->state, gathered.lines);
  }
  round_.reset();
}

void Publisher::Decide(const Gathered& gathered) {
  round_->decided = true;
  const bool reached = gathered.cosigned >= options_.quorum;
  SetWitnessed(reached);
  const auto newest = parts_.states.Newest();
  if (reached && newest != nullptr && newest->size > round_->state->size) {
    // Served beside this round: it gets its lines in the next one.
    base::MutexLock lock(mutex_);
    if (next_ == nullptr) next_ = std::make_shared<State>(*newest);
    return;
  }
  if (!reached && holds() && !round_->served) {
    base::MutexLock lock(mutex_);
    if (next_ == nullptr) next_ = round_->state;
    return;
  }
  if (reached || !round_->served) {
    Serve(*round_->state, gathered.lines);
    round_->served = true;
    round_->lines = gathered.cosigned;
  }
}

void Publisher::Serve(const State& state, const std::string& lines) {
  const auto newest = parts_.states.Newest();
  if (newest != nullptr && newest->size > state.size) return;
  auto served = std::make_shared<State>(state);
  if (!lines.empty()) {
    served->note = OwnLines(state.note, parts_.signing.origin) + lines;
  }
  const Store::StoredCheckpoint stored{served->size, served->note};
  const absl::Status status = parts_.store.WriteCheckpoint(stored);
  if (!status.ok()) {
    services::Fatal("checkpoint not published; the ledger ends",
                    {{"size", std::to_string(state.size)},
                     {"error", services::LogText(status)}});
  }
  const uint64_t size = served->size;
  parts_.states.Add(std::move(served), SteadyClock::now());
  parts_.published.Advance(size);
}

void Publisher::SetConflict(bool conflict) const {
  if (metrics_ == nullptr) return;
  metrics_
      ->AddGauge({"dataip_ledger_witness_conflict",
                  "1 when a witness has seen what was not signed here."})
      .Set(conflict ? 1 : 0);
}

void Publisher::SetWitnessed(bool witnessed) {
  if (witnessed != witnessed_) {
    services::Log(
        witnessed ? services::Severity::kInfo : services::Severity::kWarning,
        witnessed ? "checkpoints are witnessed"
                  : "checkpoints are not witnessed",
        {{"policy", holds() ? "hold" : "publish"}});
  }
  witnessed_ = witnessed;
  if (metrics_ == nullptr) return;
  metrics_
      ->AddGauge({"dataip_ledger_witnessed",
                  "1 while enough witnesses cosign, else 0."})
      .Set(witnessed ? 1 : 0);
}

}  // namespace dataip::ledger
