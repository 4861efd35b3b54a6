#include "tests/overload/load.h"

#include <algorithm>
#include <random>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/status.h"
#include "core/base/status_macros.h"

namespace dataip::test {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr size_t kPayloadBytes = 512;
constexpr int kUpdates = 2;
constexpr uint32_t kKeys = 100'000;
constexpr size_t kStrayBytes = size_t{64} << 10;
// Of what is due, so much waits at the client; the rest is shed.
constexpr milliseconds kLateness{500};
constexpr milliseconds kBetweenProofs{10};

}  // namespace

milliseconds Refusals::Add(const absl::Status& status) {
  if (absl::IsAborted(status)) {
    ++fenced;
    return milliseconds(0);
  }
  if (!absl::IsResourceExhausted(status)) {
    ++others;
    return milliseconds(0);
  }
  const auto detail = client::ErrorDetailOf(status);
  if (!detail.has_value() || detail->retry_after_ms() == 0) {
    ++without_advice;
    return milliseconds(100);
  }
  ++with_advice;
  return milliseconds(detail->retry_after_ms());
}

PacedWriter::Message PacedWriter::Make() {
  Message message;
  message.request.set_epoch(epoch_);
  message.request.set_sequence(next_sequence_++);
  for (int i = 0; i < kEntries; ++i) {
    ledger::v1::NewEntry* entry = message.request.add_entries();
    entry->set_type("test.Entry");
    std::string payload = absl::StrCat(message.request.sequence(), "/", i, "/");
    std::minstd_rand random(static_cast<uint32_t>(next_sequence_ * kEntries) +
                            i);
    while (payload.size() < kPayloadBytes) {
      payload += static_cast<char>(random());
    }
    message.payloads.push_back(hash::Sha256(hash::AsBytes(payload)));
    for (int j = 0; j < kUpdates; ++j) {
      ledger::v1::MapUpdate* update = entry->add_updates();
      update->set_key(absl::StrCat("things/", j, "/", random() % kKeys));
      update->set_value_sha256(std::string(32, static_cast<char>(random())));
    }
    entry->set_payload(std::move(payload));
  }
  return message;
}

void PacedWriter::Acknowledge(const Message& message,
                              const ledger::v1::AppendResponse& response) {
  ++acknowledged_messages_;
  for (int i = 0; i < response.headers_size(); ++i) {
    acknowledged_[response.first_index() + static_cast<uint64_t>(i)] = {
        hash::LeafHash(hash::AsBytes(response.headers(i))),
        message.payloads[static_cast<size_t>(i)]};
  }
}

bool PacedWriter::AwaitAdvised() {
  base::MutexLock lock(mutex_);
  while (!ended_ && SteadyClock::now() < advised_) {
    changed_.WaitUntil(mutex_, advised_);
  }
  return !ended_;
}

bool PacedWriter::AwaitDue(const Pace& pace, SteadyTime end) {
  base::MutexLock lock(mutex_);
  while (!ended_ && SteadyClock::now() < end &&
         waiting_.size() >= pace.unacknowledged) {
    changed_.WaitUntil(mutex_, end);
  }
  if (pace.messages_per_s > 0) {
    const auto interval = duration_cast<SteadyClock::duration>(
        std::chrono::duration<double>(1 / pace.messages_per_s));
    while (SteadyClock::now() - next_due_ > kLateness) {
      next_due_ += interval;
      ++shed_;
    }
    const SteadyTime due = std::min(next_due_, end);
    while (!ended_ && SteadyClock::now() < due) {
      changed_.WaitUntil(mutex_, due);
    }
    next_due_ += interval;
  }
  return !ended_ && SteadyClock::now() < end;
}

void PacedWriter::Send(client::AppendStream& stream, const Pace& pace,
                       SteadyTime end) {
  if (!AwaitAdvised()) return;
  std::vector<ledger::v1::AppendRequest> again;
  {
    base::MutexLock lock(mutex_);
    for (const Message& message : waiting_) again.push_back(message.request);
  }
  for (const auto& request : again) {
    if (!stream.Send(request)) return;
  }
  while (AwaitDue(pace, end)) {
    Message message = Make();
    const ledger::v1::AppendRequest request = message.request;
    {
      base::MutexLock lock(mutex_);
      waiting_.push_back(std::move(message));
    }
    if (!stream.Send(request)) return;
  }
  base::MutexLock lock(mutex_);
  if (!ended_) stream.CloseSend();
}

absl::Status PacedWriter::RunStream(const Pace& pace, SteadyTime end) {
  {
    base::MutexLock lock(mutex_);
    ended_ = false;
  }
  const auto stream = ledger_.Append();
  std::thread sender([&] { Send(*stream, pace, end); });
  absl::Status status;
  while (true) {
    const auto next = stream->Next();
    if (!next.ok()) status = next.status();
    if (!next.ok() || !next->has_value()) break;
    base::MutexLock lock(mutex_);
    Acknowledge(waiting_.front(), **next);
    waiting_.pop_front();
    changed_.NotifyAll();
  }
  {
    base::MutexLock lock(mutex_);
    ended_ = true;
    changed_.NotifyAll();
  }
  sender.join();
  return status;
}

absl::Status PacedWriter::Run(const Pace& pace, Refusals& refusals) {
  next_due_ = SteadyClock::now();
  const SteadyTime end = next_due_ + pace.time;
  while (true) {
    absl::Status status = RunStream(pace, end);
    if (!status.ok() && !absl::IsResourceExhausted(status)) return status;
    if (!status.ok()) advised_ = SteadyClock::now() + refusals.Add(status);
    base::MutexLock lock(mutex_);
    if (SteadyClock::now() >= end && waiting_.empty()) return absl::OkStatus();
  }
}

absl::StatusOr<microseconds> PacedWriter::AppendOne() {
  const Message message = Make();
  const auto begin = SteadyClock::now();
  auto response = ledger_.AppendOne(message.request);
  const auto took = duration_cast<microseconds>(SteadyClock::now() - begin);
  if (!response.ok()) {
    --next_sequence_;
    return response.status();
  }
  Acknowledge(message, *response);
  return took;
}

void Stray(client::LedgerClient& ledger, services::Latch& stop,
           Refusals& refusals) {
  ledger::v1::AppendRequest request;
  ledger::v1::NewEntry* entry = request.add_entries();
  entry->set_type("test.Stray");
  entry->set_payload(std::string(kStrayBytes, 's'));
  milliseconds advised{0};
  while (!stop.WaitFor(advised)) {
    const auto response = ledger.AppendOne(request);
    advised = response.ok() ? milliseconds(0) : refusals.Add(response.status());
    // An epoch that is over must never be written to.
    if (response.ok()) ++refusals.others;
  }
}

Reads ReadProofs(client::LedgerClient& ledger, services::Latch& stop) {
  Reads reads;
  ledger::v1::GetStateProofRequest request;
  request.add_keys("certificates/none");
  request.add_indices(0);
  while (!stop.WaitFor(kBetweenProofs)) {
    const auto begin = SteadyClock::now();
    if (!ledger.GetStateProof(request).ok()) ++reads.failed;
    reads.times.push_back(
        duration_cast<microseconds>(SteadyClock::now() - begin));
  }
  return reads;
}

}  // namespace dataip::test
