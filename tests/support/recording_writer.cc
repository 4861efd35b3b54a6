#include "tests/support/recording_writer.h"

#include <algorithm>
#include <set>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/proof/note.h"

namespace dataip::test {
namespace {

using ledger::v1::AppendRequest;
using ledger::v1::AppendResponse;

constexpr std::chrono::milliseconds kCheckpointWait{1'000};
// One message in so many carries a payload that fills RocksDB's buffers.
constexpr uint64_t kLargeEvery = 150;
constexpr size_t kLargeBytes = size_t{2} << 20;

}  // namespace

RecordingWriter::RecordingWriter(uint64_t seed, WriterLoad load)
    : load_(load), random_(seed) {}

RecordingWriter::Message RecordingWriter::NextMessage() {
  Message message;
  ++made_;
  const auto count = 1 + random_() % static_cast<uint64_t>(load_.most_entries);
  for (uint64_t i = 0; i < count; ++i) {
    ledger::v1::NewEntry* entry = message.request.add_entries();
    entry->set_type("test.Entry");
    entry->set_stream(absl::StrCat("messages/", made_));
    std::string payload = absl::StrCat(made_, "/", i, "/");
    size_t bytes = payload.size() + random_() % load_.most_payload_bytes;
    if (i == 0 && made_ % kLargeEvery == 0) bytes = kLargeBytes;
    const size_t named = payload.size();
    payload.resize(bytes);
    for (size_t at = named; at < bytes; ++at) {
      payload[at] = static_cast<char>(random_());
    }
    message.payloads.push_back(hash::Sha256(hash::AsBytes(payload)));
    entry->set_payload(std::move(payload));
    std::set<std::string> keys;
    for (uint64_t key = random_() % 4; key > 0; --key) {
      keys.insert(absl::StrCat("certificates/", random_() % load_.keys));
    }
    for (const std::string& key : keys) {
      ledger::v1::MapUpdate* update = entry->add_updates();
      update->set_key(key);
      update->mutable_value_sha256()->assign(message.payloads.back().text());
    }
  }
  return message;
}

absl::Status RecordingWriter::Open(client::LedgerClient& ledger,
                                   const Contents& contents) {
  std::deque<Message> missing;
  for (Message& message : unknown_) {
    const auto stored = std::count_if(
        message.payloads.begin(), message.payloads.end(),
        [&](const Hash& payload) {
          return contents.payloads.find(payload) != contents.payloads.end();
        });
    if (stored == 0) {
      missing.push_back(std::move(message));
    } else if (static_cast<size_t>(stored) != message.payloads.size()) {
      return absl::DataLossError("half a message is stored");
    }
  }
  unknown_ = std::move(missing);
  ledger::v1::OpenWriterRequest open;
  open.set_instance_id("recording");
  open.set_has_expected(contents.has_foreign);
  if (contents.has_foreign) {
    open.set_expected_index(contents.foreign_index);
    open.mutable_expected_leaf_hash()->assign(
        contents.foreign_leaf_hash.text());
  }
  ASSIGN_OR_RETURN(const auto opened, ledger.OpenWriter(open));
  if (opened.epoch() <= epoch_) {
    return absl::DataLossError(
        absl::StrCat("epoch ", opened.epoch(), " after epoch ", epoch_));
  }
  epoch_ = opened.epoch();
  base::MutexLock lock(mutex_);
  running_ = true;
  broken_ = false;
  return absl::OkStatus();
}

void RecordingWriter::SendAll(client::AppendStream& stream,
                              const std::function<bool()>& stop) {
  for (uint64_t sequence = 0; !stop(); ++sequence) {
    Message message;
    if (unknown_.empty()) {
      message = NextMessage();
    } else {
      message = std::move(unknown_.front());
      unknown_.pop_front();
    }
    message.request.set_epoch(epoch_);
    message.request.set_sequence(sequence);
    const AppendRequest request = message.request;
    {
      base::MutexLock lock(mutex_);
      while (sent_.size() >= load_.unacknowledged && !broken_) {
        changed_.Wait(mutex_);
      }
      // What is sent into a broken stream may still have arrived.
      sent_.push_back(std::move(message));
      if (broken_) return;
    }
    if (!stream.Send(request)) return;
  }
  stream.CloseSend();
}

absl::Status RecordingWriter::Run(client::LedgerClient& ledger,
                                  const std::function<bool()>& stop) {
  {
    base::MutexLock lock(mutex_);
    sent_.clear();
  }
  const auto stream = ledger.Append();
  std::thread sender([&] { SendAll(*stream, stop); });
  absl::Status ended;
  while (true) {
    const auto next = stream->Next();
    if (!next.ok()) ended = next.status();
    if (!next.ok() || !next->has_value()) break;
    base::MutexLock lock(mutex_);
    const Message message = std::move(sent_.front());
    sent_.pop_front();
    Acknowledge(message, **next);
    changed_.NotifyAll();
  }
  {
    base::MutexLock lock(mutex_);
    broken_ = true;
    running_ = false;
    changed_.NotifyAll();
  }
  sender.join();
  base::MutexLock lock(mutex_);
  // In the order in which they were made, before what was never sent.
  while (!sent_.empty()) {
    unknown_.push_front(std::move(sent_.back()));
    sent_.pop_back();
  }
  return ended;
}

void RecordingWriter::Acknowledge(const Message& message,
                                  const AppendResponse& response) {
  for (int i = 0; i < response.headers_size(); ++i) {
    acknowledged_[response.first_index() + static_cast<uint64_t>(i)] = {
        hash::LeafHash(hash::AsBytes(response.headers(i))),
        message.payloads[static_cast<size_t>(i)]};
  }
}

void RecordingWriter::Watch(client::LedgerClient& ledger) {
  uint64_t size = 0;
  while (true) {
    const auto checkpoint = ledger.GetCheckpoint(size + 1, kCheckpointWait);
    if (absl::IsDeadlineExceeded(checkpoint.status())) {
      base::MutexLock lock(mutex_);
      if (!running_) return;
      continue;
    }
    if (!checkpoint.ok()) return;
    const auto note = proof::ParseNote(checkpoint->note());
    if (!note.ok()) return;
    const auto parsed = proof::ParseCheckpoint(note->text);
    if (!parsed.ok()) return;
    size = parsed->size;
    base::MutexLock lock(mutex_);
    served_[size] = parsed->root;
  }
}

bool RecordingWriter::AwaitAcknowledged(uint64_t count,
                                        std::chrono::milliseconds at_most) {
  const auto until = std::chrono::steady_clock::now() + at_most;
  base::MutexLock lock(mutex_);
  while (acknowledged_.size() < count && !broken_) {
    if (!changed_.WaitUntil(mutex_, until)) break;
  }
  return acknowledged_.size() >= count;
}

std::map<uint64_t, Acknowledged> RecordingWriter::acknowledged() const {
  base::MutexLock lock(mutex_);
  return acknowledged_;
}

uint64_t RecordingWriter::acknowledged_count() const {
  base::MutexLock lock(mutex_);
  return acknowledged_.size();
}

ServedRoots RecordingWriter::served() const {
  base::MutexLock lock(mutex_);
  return served_;
}

}  // namespace dataip::test
