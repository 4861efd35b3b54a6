#include "services/registry/acknowledged.h"

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/registry/evolve.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "services/common/error.h"
#include "services/common/logging.h"

namespace dataip::registryd {
namespace {

absl::Status AnotherLedger(uint64_t index) {
  return services::MakeStatus(
      rpc::v1::WRONG_LEDGER,
      {absl::StrCat("the data folder has seen an entry ", index,
                    " that this ledger does not have: it belongs to another "
                    "ledger, or the ledger has lost entries"),
       absl::StrCat("数据目录记录过第 ", index,
                    " 条，而此账本没有：目录属于另一账本，或账本丢失了记录")});
}

void FoldInto(registry::State& state, SeenEntry& entry) {
  if (!entry.decided.has_value()) return;
  const Decided& decided = *entry.decided;
  entry.changes = ChangesOf(state, decided.command.actor(), decided.transition);
  entry.history = HistoryOf(state, entry.stream, decided.transition);
  registry::Fold(state, decided.command, decided.command_sha256,
                 decided.transition.context(), decided.transition.events());
  // After it: a key may have signed its own enrolment.
  entry.signers = SignersOf(state, decided.transition);
}

// Before the mark says that the order was seen; at the next start it is seen
// again, so that a crash in between loses nothing.
absl::Status EraseAsOrdered(Store& store, std::span<const SeenEntry> entries) {
  std::vector<Hash> digests;
  for (const SeenEntry& entry : entries) {
    for (const Hash& digest : OrderedErased(entry)) digests.push_back(digest);
  }
  return digests.empty() ? absl::OkStatus() : store.EraseOpenings(digests);
}

}  // namespace

Acknowledged::Acknowledged(Projection& projection, Store& store)
    : projection_(projection), store_(store) {
  if (projection.mark().has_value()) marks_.push_back(*projection.mark());
  const auto mark = store.GetMark();
  if (!mark.ok()) {
    services::Fatal("the store cannot be read",
                    {{"error", services::LogText(mark.status())}});
  }
  if (mark->has_value()) {
    marks_.push_back(**mark);
    remembered_ = (*mark)->index + 1;
  }
}

void Acknowledged::SetOrigin(const std::string& origin) {
  base::MutexLock lock(mutex_);
  state_.origin = origin;
}

void Acknowledged::SetObserver(Observer observer) {
  base::MutexLock lock(mutex_);
  observer_ = std::move(observer);
}

void Acknowledged::SetGrowthListener(GrowthListener listener) {
  base::MutexLock lock(mutex_);
  growth_listener_ = std::move(listener);
}

void Acknowledged::SetEntrySink(EntrySink sink) {
  base::MutexLock lock(mutex_);
  entry_sink_ = std::move(sink);
}

absl::Status Acknowledged::CheckMark(const SeenEntry& entry) const {
  for (const LedgerMark& mark : marks_) {
    if (mark.index == entry.mark.index && mark != entry.mark) {
      return AnotherLedger(mark.index);
    }
  }
  return absl::OkStatus();
}

absl::Status Acknowledged::CheckMarksReached() const {
  base::MutexLock lock(mutex_);
  for (const LedgerMark& mark : marks_) {
    if (mark.index >= tail_.next_index()) return AnotherLedger(mark.index);
  }
  return absl::OkStatus();
}

absl::StatusOr<SeenEntry> Acknowledged::Take(const ledger::v1::Entry& entry) {
  base::MutexLock lock(mutex_);
  if (again_.has_value()) return TakeAgain(entry);
  LedgerTail tail = tail_;
  ASSIGN_OR_RETURN(SeenEntry seen,
                   tail.Take(entry, erasures_.Find(entry.index())));
  RETURN_IF_ERROR(CheckMark(seen));
  RETURN_IF_ERROR(erasures_.Confirm(seen));
  FoldInto(state_, seen);
  NoteOrders(seen);
  tail_ = tail;
  if (observer_ && seen.decided.has_value()) observer_(*seen.decided);
  RememberOnceSure(seen);
  return seen;
}

absl::StatusOr<SeenEntry> Acknowledged::TakeAgain(
    const ledger::v1::Entry& entry) {
  LedgerTail tail = again_->tail;
  ASSIGN_OR_RETURN(SeenEntry seen,
                   tail.Take(entry, erasures_.Find(entry.index())));
  RETURN_IF_ERROR(tail.CheckFollows(tail_));
  RETURN_IF_ERROR(erasures_.Confirm(seen));
  FoldInto(again_->state, seen);
  NoteOrders(seen);
  again_->tail = tail;
  RememberOnceSure(seen);
  if (tail.next_index() < tail_.next_index()) return seen;
  state_ = std::move(again_->state);
  tail_ = again_->tail;
  again_.reset();
  return seen;
}

uint64_t Acknowledged::read_from() const {
  base::MutexLock lock(mutex_);
  return again_.has_value() ? again_->tail.next_index() : tail_.next_index();
}

bool Acknowledged::BeginAgainIfNeeded() {
  base::MutexLock lock(mutex_);
  if (!again_needed_) return false;
  again_needed_ = false;
  unsure_ = false;
  again_.emplace();
  again_->state.origin = state_.origin;
  return true;
}

bool Acknowledged::reading_again() const {
  base::MutexLock lock(mutex_);
  return again_.has_value();
}

bool Acknowledged::KnowsErasure(uint64_t index) const {
  base::MutexLock lock(mutex_);
  return erasures_.Find(index) != nullptr;
}

absl::Status Acknowledged::LearnOrder(const ledger::v1::Entry& erased,
                                      const ledger::v1::Entry& order) {
  base::MutexLock lock(mutex_);
  return erasures_.LearnAhead(erased, order);
}

bool Acknowledged::AwaitsOrder() const {
  base::MutexLock lock(mutex_);
  return erasures_.Ahead().has_value();
}

absl::Status Acknowledged::CheckAllRead() const {
  base::MutexLock lock(mutex_);
  if (again_.has_value()) RETURN_IF_ERROR(again_->tail.CheckReached(tail_));
  const auto ahead = erasures_.Ahead();
  if (!ahead.has_value()) return absl::OkStatus();
  return services::MakeStatus(
      rpc::v1::DATA_LOSS,
      {absl::StrCat("the ledger ends before entry ", *ahead,
                    ", which it names as an order to erase"),
       absl::StrCat("账本称第 ", *ahead,
                    " 条为删除命令，而账本在此之前已结束")});
}

absl::StatusOr<Decided> Acknowledged::DecidedAt(
    const ledger::v1::Entry& entry) const {
  auto substitute = SubstituteFor(entry.index());
  if (substitute.has_value()) return std::move(substitute->decided);
  return ParseTransition(entry.payload());
}

std::optional<OrderedSubstitute> Acknowledged::SubstituteFor(
    uint64_t index) const {
  base::MutexLock lock(mutex_);
  const OrderedSubstitute* found = erasures_.Find(index);
  return found == nullptr ? std::nullopt : std::optional(*found);
}

absl::Status Acknowledged::EndReading() {
  base::MutexLock lock(mutex_);
  RETURN_IF_ERROR(projection_.Rewrite(substituted_));
  substituted_.clear();
  for (const uint64_t order_index : std::exchange(standing_, {})) {
    if (order_sink_) order_sink_(erasures_.OrderAt(order_index));
  }
  return absl::OkStatus();
}

void Acknowledged::SetOrderSink(OrderSink sink) {
  base::MutexLock lock(mutex_);
  order_sink_ = std::move(sink);
}

// An order names what was folded as it stood: everything is read again.
void Acknowledged::NoteOrders(const SeenEntry& entry) {
  if (!entry.decided.has_value()) return;
  if (entry.substituted) {
    substituted_.push_back(entry);
    if (entry.standing) standing_.insert(erasures_.OrderOf(entry.mark.index));
  } else if (erasures_.Learn(entry.mark.index, entry.decided->transition)) {
    again_needed_ = true;
  }
}

void Acknowledged::TakeOwn(std::vector<Own> entries) {
  std::vector<SeenEntry> seen;
  seen.reserve(entries.size());
  base::MutexLock lock(mutex_);
  for (Own& own : entries) {
    FoldInto(state_, own.seen);
    NoteOrders(own.seen);
    tail_.Advance(own.seen, own.header);
    seen.push_back(std::move(own.seen));
  }
  Remember(seen);
}

// What rests on an order that the chain has not come to is not written down:
// all is read again when it has.
void Acknowledged::RememberOnceSure(const SeenEntry& entry) {
  const auto& mark = projection_.mark();
  const bool news = !mark.has_value() || mark->index < entry.mark.index;
  if (news && erasures_.Ahead().has_value()) unsure_ = again_needed_ = true;
  if (!unsure_) Remember({&entry, 1});
}

// A projection that could not be written is behind for good: the process ends
// and the next start makes it anew.
void Acknowledged::Remember(std::span<const SeenEntry> entries) {
  absl::Status status = EraseAsOrdered(store_, entries);
  if (status.ok()) status = projection_.Apply(entries);
  const LedgerMark& last = entries.back().mark;
  if (status.ok() && last.index >= remembered_) {
    status = store_.SetMark(last);
    remembered_ = last.index + 1;
  }
  if (!status.ok()) {
    services::Fatal("the data folder cannot be written",
                    {{"error", services::LogText(status)}});
  }
  for (const SeenEntry& entry : entries) {
    if (entry_sink_) entry_sink_(entry);
  }
  grown_.NotifyAll();
  if (growth_listener_) growth_listener_(last.index + 1);
}

LedgerTail Acknowledged::tail() const {
  base::MutexLock lock(mutex_);
  return tail_;
}

bool Acknowledged::AwaitSize(uint64_t size,
                             std::chrono::milliseconds patience) const {
  const auto until = std::chrono::steady_clock::now() + patience;
  base::MutexLock lock(mutex_);
  while (tail_.next_index() < size) {
    if (!grown_.WaitUntil(mutex_, until)) return tail_.next_index() >= size;
  }
  return true;
}

registry::State Acknowledged::Copy() const {
  base::MutexLock lock(mutex_);
  return state_;
}

}  // namespace dataip::registryd
