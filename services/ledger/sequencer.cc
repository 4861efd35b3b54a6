#include "services/ledger/sequencer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/proof/chain.h"
#include "services/common/error.h"
#include "services/common/logging.h"

namespace dataip::ledger {
namespace {

using SteadyClock = std::chrono::steady_clock;

// What a batch holds beside headers and payloads: keys, lengths, tiles.
constexpr size_t kBatchBytesPerEntry = 72;
constexpr size_t kExpectedBatchBytes = size_t{8} << 20;

// Changes of the map that are handed on before the batch is complete.
constexpr size_t kChangesAtOnce = 256;

absl::Status Overloaded() {
  return services::Overloaded(
      {absl::StrCat("the queue is full; send the same sequence again after ",
                    limits::kOverloadRetryMs, " ms"),
       absl::StrCat("账本写入队列已满，请在 ", limits::kOverloadRetryMs,
                    " 毫秒后从同一序号重发")});
}

absl::Status OutsideWindow(int64_t time_ms) {
  return services::MakeStatus(
      rpc::v1::OUTSIDE_WINDOW,
      {absl::StrCat("the ledger's time ", time_ms,
                    " ms is outside the message's bounds; decide again"),
       absl::StrCat("账本时间 ", time_ms,
                    " 毫秒不在消息限定的时间窗内，请重新作出决定")});
}

absl::Status OtherTail(const Head& head) {
  rpc::v1::ErrorDetail detail;
  detail.set_reason(rpc::v1::UNEXPECTED_POSITION);
  const std::string last =
      head.has_foreign ? absl::StrCat(head.foreign_index) : "none";
  detail.set_message_zh(absl::StrCat("账本末尾条目与预期不符（最后的外部条目：",
                                     last, "），请读至末尾后重试"));
  absl::Status status = services::MakeStatus(detail, "");
  // The one reason with two codes (error.proto).
  absl::Status aborted = absl::AbortedError(absl::StrCat(
      "the last entry is another (", last, "); read to the end and try again"));
  status.ForEachPayload(
      [&aborted](absl::string_view url, const absl::Cord& payload) {
        aborted.SetPayload(url, payload);
      });
  return aborted;
}

// Until when the last seal is fresh enough.
SteadyClock::time_point RefreshTime(const SequencerOptions& options) {
  return SteadyClock::now() + options.seal_refresh;
}

}  // namespace

absl::Status StoppingStatus() {
  return services::MakeStatus(
      rpc::v1::NOT_SERVING,
      {"the ledger is stopping; try again later", "账本正在停止，请稍后重试"});
}

Sequencer::Sequencer(Parts parts, SequencerOptions options, Clock clock,
                     Start start)
    : parts_(parts),
      options_(options),
      clock_(std::move(clock)),
      gate_(start.last_epoch),
      head_(std::move(start.head)),
      batch_(parts.store.NewBatch()),
      last_seal_(SteadyClock::now() - options.checkpoint_interval),
      refresh_at_(RefreshTime(options) - start.age),
      committer_(parts,
                 [this] {
                   base::MutexLock lock(mutex_);
                   changed_.NotifyOne();
                 }),
      thread_([this] { Run(); }) {}

Sequencer::~Sequencer() { Stop(); }

void Sequencer::Append(PreparedMessage message, AppendDone done) {
  absl::Status refused;
  {
    base::MutexLock lock(mutex_);
    if (stopping_) {
      refused = StoppingStatus();
    } else if (!HasRoom(message.bytes)) {
      refused = Overloaded();
    } else {
      ++queued_.messages;
      queued_.bytes += message.bytes;
      queue_.push_back(AppendItem{std::move(message), std::move(done)});
    }
  }
  if (!refused.ok()) return done(refused);
  changed_.NotifyOne();
}

void Sequencer::OpenWriter(ExpectedTail expected, OpenDone done) {
  absl::Status refused;
  {
    base::MutexLock lock(mutex_);
    if (stopping_) {
      refused = StoppingStatus();
    } else if (!HasRoom(0)) {
      refused = Overloaded();
    } else {
      ++queued_.messages;
      queue_.push_back(OpenItem{expected, std::move(done)});
    }
  }
  if (!refused.ok()) return done(refused);
  changed_.NotifyOne();
}

void Sequencer::Ask(std::function<void()> answered) {
  {
    base::MutexLock lock(mutex_);
    if (!stopping_) {
      ++queued_.messages;
      queue_.push_back(AskItem{std::exchange(answered, nullptr)});
    }
  }
  if (answered != nullptr) return answered();
  changed_.NotifyOne();
}

Sequencer::Queued Sequencer::queued() {
  base::MutexLock lock(mutex_);
  return queued_;
}

bool Sequencer::HasRoom(size_t bytes) const {
  return queued_.messages == 0 ||
         (queued_.messages < options_.queued_messages &&
          queued_.bytes + bytes <= options_.queued_bytes);
}

void Sequencer::Leave(size_t bytes) {
  base::MutexLock lock(mutex_);
  --queued_.messages;
  queued_.bytes -= bytes;
}

void Sequencer::Stop() {
  {
    base::MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.NotifyOne();
  if (thread_.joinable()) thread_.join();
}

void Sequencer::Run() {
  std::deque<Item> items;
  while (Take(items)) {
    if (items.empty() && committer_.IsReady()) Flush();
    while (!items.empty()) {
      // Before it is answered: who waits for the answer has a place then.
      Leave(BytesOf(items.front()));
      std::visit([this](auto& each) { Handle(each); }, items.front());
      items.pop_front();
      if (committer_.IsReady()) Flush();
      SealWhenDue();
    }
    SealWhenDue();
  }
  if (head_.sealed_size != head_.size) Seal();
  FlushAndWait();
}

size_t Sequencer::BytesOf(const Item& item) {
  const auto* const append = std::get_if<AppendItem>(&item);
  return append == nullptr ? 0 : append->message.bytes;
}

bool Sequencer::Take(std::deque<Item>& items) {
  const auto seal_time = SealTime();
  base::MutexLock lock(mutex_);
  while (queue_.empty() && !stopping_) {
    if (batch_entries_ > 0 && committer_.IsReady()) return true;
    if (!seal_time.has_value()) {
      changed_.Wait(mutex_);
    } else if (!changed_.WaitUntil(mutex_, *seal_time)) {
      return true;
    }
  }
  items.swap(queue_);
  return !items.empty();
}

void Sequencer::Handle(AppendItem& item) {
  if (const absl::Status status = Admit(item); !status.ok()) {
    item.done(status);
  }
  if (batch_entries_ >= options_.batch_entries ||
      batch_bytes_ >= limits::kBatchBytes) {
    Flush();
  }
}

// Answers a repeat, or adds the message to the batch; an error is for the
// caller to answer.
absl::Status Sequencer::Admit(AppendItem& item) {
  PreparedMessage& message = item.message;
  ASSIGN_OR_RETURN(const WriterGate::Admission admission, gate_.Admit(message));
  if (admission.repeated) {
    // The first time may still be on its way.
    FlushAndWait();
    item.done(ReadReceipt(admission.placed));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const int64_t time_ms, clock_.Now());
  if ((message.not_before_ms != 0 && time_ms < message.not_before_ms) ||
      (message.not_after_ms != 0 && time_ms > message.not_after_ms)) {
    return OutsideWindow(time_ms);
  }
  Receipt receipt{head_.size, {}};
  receipt.headers.reserve(message.entries.size());
  gate_.Accept(message, {head_.size, message.entries.size()});
  for (PreparedEntry& entry : message.entries) {
    head_.foreign_leaf_hash = AddEntry(entry, time_ms);
    receipt.headers.push_back(std::move(entry.header));
  }
  head_.has_foreign = true;
  head_.foreign_index = head_.size - 1;
  if (changes_.size() >= kChangesAtOnce) MapChanges();
  unacknowledged_.push_back({std::move(item.done), std::move(receipt)});
  return absl::OkStatus();
}

absl::StatusOr<Receipt> Sequencer::ReadReceipt(const Placed& placed) const {
  Receipt receipt{placed.first_index, {}};
  RETURN_IF_ERROR(parts_.store.ForEachHeader(
      {placed.first_index, placed.first_index + placed.count},
      [&receipt](uint64_t, std::string_view header) {
        receipt.headers.emplace_back(header);
        return true;
      }));
  return receipt;
}

Hash Sequencer::AddEntry(PreparedEntry& entry, int64_t time_ms) {
  proof::SetPosition({head_.size, time_ms, head_.chain_head}, entry.header);
  const Bytes header = hash::AsBytes(entry.header);
  batch_.AddEntry(head_.size, entry.header, entry.payload);
  batch_bytes_ += entry.header.size() + entry.payload.size();
  ++batch_entries_;
  const Hash leaf_hash = hash::LeafHash(header);
  parts_.tree.Add(leaf_hash, batch_);
  head_.chain_head = proof::NextPrev(header);
  head_.time_ms = time_ms;
  ++head_.size;
  changes_.insert(changes_.end(), entry.changes.begin(), entry.changes.end());
  return leaf_hash;
}

void Sequencer::Handle(OpenItem& item) {
  FlushAndWait();
  // Who cannot write needs no epoch, and shall not believe that it can.
  if (const absl::Status halted = clock_.Believe(); !halted.ok()) {
    return item.done(halted);
  }
  const ExpectedTail& expected = item.expected;
  const bool same =
      expected.index.has_value() == head_.has_foreign &&
      (!head_.has_foreign || (*expected.index == head_.foreign_index &&
                              expected.leaf_hash == head_.foreign_leaf_hash));
  if (!same) return item.done(OtherTail(head_));
  const uint64_t epoch = gate_.NextEpoch();
  if (const absl::Status status = parts_.store.WriteEpoch(epoch);
      !status.ok()) {
    services::Fatal("epoch not stored; the ledger ends",
                    {{"error", services::LogText(status)}});
  }
  gate_.Opened();
  item.done(OpenedWriter{epoch, head_.size});
}

void Sequencer::Handle(AskItem& item) {
  FlushAndWait();
  item.answered();
}

std::optional<Sequencer::SteadyTime> Sequencer::SealTime() const {
  if (head_.size == 0 || clock_.halted()) return std::nullopt;
  if (head_.sealed_size == head_.size) return refresh_at_;
  // What the mapper holds until the next seal is bounded.
  if (parts_.mapper.WantsSeal()) return last_seal_;
  return last_seal_ + options_.checkpoint_interval;
}

void Sequencer::SealWhenDue() {
  const auto seal_time = SealTime();
  if (seal_time.has_value() && *seal_time <= SteadyClock::now()) Seal();
}

void Sequencer::Seal() {
  const auto time_ms = clock_.Now();
  if (!time_ms.ok()) return;
  MapChanges();
  PreparedEntry entry =
      PrepareSeal({parts_.mapper.RootAt(head_.size), head_.chain_head});
  AddEntry(entry, *time_ms);
  head_.sealed_size = head_.size;
  sealed_ = Sealed{parts_.tree.Root(),
                   head_.chain_head,
                   {head_.size, "", *time_ms, std::move(entry.header),
                    std::move(entry.payload), nullptr}};
  last_seal_ = SteadyClock::now();
  refresh_at_ = RefreshTime(options_);
  Flush();
}

void Sequencer::Flush() {
  if (batch_entries_ == 0) return;
  MapChanges();
  batch_.SetHead(head_);
  batch_.SetClockOffset({clock_.boot_id(), clock_.offset_ms()});
  Commit commit{std::move(batch_), head_.size, parts_.tree.TakeAdded(),
                std::move(unacknowledged_), std::move(sealed_)};
  unacknowledged_.clear();
  sealed_.reset();
  // The next one is likely to be as large.
  batch_ = parts_.store.NewBatch(
      std::min(batch_bytes_ + batch_entries_ * kBatchBytesPerEntry,
               kExpectedBatchBytes));
  batch_entries_ = 0;
  batch_bytes_ = 0;
  committer_.Submit(std::move(commit));
}

void Sequencer::MapChanges() {
  if (changes_.empty()) return;
  parts_.mapper.Add(std::exchange(changes_, {}));
}

void Sequencer::FlushAndWait() {
  Flush();
  committer_.AwaitAll();
}

}  // namespace dataip::ledger
