#include "services/registry/append_line.h"

#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/status.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "services/common/error.h"
#include "services/common/logging.h"

namespace dataip::registryd {
namespace {

std::string_view View(const std::string& text) { return text; }

ledger::v1::NewEntry NewEntryOf(const Pending& pending) {
  ledger::v1::NewEntry entry;
  entry.set_type(pending.parts.type);
  entry.set_stream(pending.parts.stream);
  entry.set_payload(pending.payload);
  for (const proof::Update& update : pending.parts.updates) {
    ledger::v1::MapUpdate& added = *entry.add_updates();
    added.set_key(update.key);
    added.set_value_sha256(std::string(update.value.text()));
  }
  return entry;
}

// The header that came back must be that of what was sent.
absl::StatusOr<proof::EntryHeader> CheckHeaderOf(const Pending& pending,
                                                 const std::string& bytes,
                                                 uint64_t index) {
  const auto header = proof::DecodeHeader(hash::AsBytes(bytes));
  if (!header.ok() || header->index != index ||
      View(header->type) != pending.parts.type ||
      View(header->stream) != pending.parts.stream ||
      header->updates != pending.parts.updates ||
      !proof::PayloadMatches(*header, hash::AsBytes(pending.payload))) {
    return services::MakeStatus(
        rpc::v1::DATA_LOSS,
        {absl::StrCat("the ledger answered with another header than that of "
                      "what was sent, at index ",
                      index),
         absl::StrCat("账本在第 ", index, " 条返回的记录头与所发内容不符")});
  }
  return *header;
}

absl::Status Fenced() {
  return services::MakeStatus(rpc::v1::FENCED,
                              {"another registry writes to this ledger now",
                               "另一个登记服务正在写入该账本"});
}

SeenEntry SeenOf(const Pending& pending, const std::string& header_bytes,
                 uint64_t index) {
  SeenEntry seen;
  seen.mark = {index, hash::LeafHash(hash::AsBytes(header_bytes))};
  seen.header = header_bytes;
  seen.stream = pending.parts.stream;
  seen.decided = Decided{pending.transition, pending.submission.command,
                         pending.submission.command_sha256};
  return seen;
}

void AnswerHeld(std::vector<Held>& all) {
  for (const Held& held : all) {
    for (const Answer& answer : held.answers) answer(held.outcome);
  }
  all.clear();
}

void AnswerWith(const SeenEntry& seen, Pending& pending) {
  AnswerHeld(pending.held);
  if (pending.answers.empty()) return;
  Outcome outcome;
  outcome.index = seen.mark.index;
  outcome.header = seen.header;
  const auto& events = pending.transition.events();
  outcome.events.assign(events.begin(), events.end());
  outcome.findings = std::move(pending.findings);
  for (const Answer& answer : pending.answers) answer(outcome);
  pending.answers.clear();
}

}  // namespace

AppendLine::AppendLine(client::LedgerClient& ledger, Acknowledged& acknowledged,
                       Options options)
    : ledger_(ledger),
      acknowledged_(acknowledged),
      options_(std::move(options)) {}

AppendLine::~AppendLine() { Close(); }

void AppendLine::Close() {
  if (stream_ != nullptr) stream_->Cancel();
  if (listener_.joinable()) listener_.join();
  stream_.reset();
}

absl::Status AppendLine::ReadToTail() {
  do {
    uint64_t from = 0;
    do {
      from = acknowledged_.read_from();
      RETURN_IF_ERROR(ReadOn());
      // An order may have come, and been carried out, while it read.
    } while (acknowledged_.AwaitsOrder() && acknowledged_.read_from() > from);
    RETURN_IF_ERROR(acknowledged_.CheckAllRead());
  } while (acknowledged_.BeginAgainIfNeeded());
  return acknowledged_.EndReading();
}

absl::Status AppendLine::ReadOn() {
  ledger::v1::ReadEntriesRequest request;
  request.set_start_index(acknowledged_.read_from());
  request.set_with_payloads(true);
  const auto entries = ledger_.ReadEntries(request);
  for (;;) {
    ASSIGN_OR_RETURN(const auto run, entries->Next());
    if (!run.has_value()) return absl::OkStatus();
    for (const ledger::v1::Entry& entry : run->entries()) {
      RETURN_IF_ERROR(LearnErasureOf(entry));
      const bool again = acknowledged_.reading_again();
      ASSIGN_OR_RETURN(const SeenEntry seen, acknowledged_.Take(entry));
      if (again || !seen.decided.has_value() || AnswerIfOurs(seen)) continue;
      if (was_open_) return Fenced();
    }
  }
}

// The order stands later than what it erased.
absl::Status AppendLine::LearnErasureOf(const ledger::v1::Entry& entry) {
  if (entry.payload_status() != ledger::v1::ERASED ||
      acknowledged_.KnowsErasure(entry.index())) {
    return absl::OkStatus();
  }
  const auto order = ledger_.GetEntry(entry.erased_by(), true);
  if (absl::IsNotFound(order.status())) {
    return services::MakeStatus(
        rpc::v1::DATA_LOSS,
        {absl::StrCat("entry ", entry.index(), " was erased by entry ",
                      entry.erased_by(), ", which the ledger does not have"),
         absl::StrCat("第 ", entry.index(), " 条据第 ", entry.erased_by(),
                      " 条删除，而账本没有该条")});
  }
  RETURN_IF_ERROR(order.status());
  return acknowledged_.LearnOrder(entry, *order);
}

absl::Status AppendLine::Open() {
  Close();
  for (std::optional<uint64_t> refused_at;;) {
    RETURN_IF_ERROR(ReadToTail());
    ledger::v1::OpenWriterRequest request;
    request.set_instance_id(options_.instance_id);
    const LedgerTail tail = acknowledged_.tail();
    if (const auto& last = tail.last_transition(); last.has_value()) {
      request.set_has_expected(true);
      request.set_expected_index(last->index);
      request.set_expected_leaf_hash(std::string(last->leaf_hash.text()));
    }
    const auto opened = ledger_.OpenWriter(request);
    if (absl::IsAborted(opened.status()) && refused_at != tail.next_index()) {
      refused_at = tail.next_index();
      continue;  // somebody wrote meanwhile: read on
    }
    if (absl::IsAborted(opened.status())) {
      return absl::InternalError(
          absl::StrCat("the ledger names another tail than it shows: ",
                       opened.status().message()));
    }
    RETURN_IF_ERROR(opened.status());
    origin_ = opened->origin();
    epoch_ = opened->epoch();
    break;
  }
  was_open_ = true;
  next_sequence_ = 0;
  {
    base::MutexLock lock(mutex_);
    broken_.reset();
  }
  stream_ = ledger_.Append();
  listener_ = std::thread([this] { Listen(); });
  return absl::OkStatus();
}

void AppendLine::OpenLater(absl::Status why) {
  base::MutexLock lock(mutex_);
  broken_ = std::move(why);
}

void AppendLine::Send(std::vector<Pending> commands, const Bounds& bounds) {
  ledger::v1::AppendRequest request;
  request.set_epoch(epoch_);
  request.set_sequence(next_sequence_);
  request.set_not_before_ms(bounds.not_before_ms);
  request.set_not_after_ms(bounds.not_after_ms);
  for (const Pending& pending : commands) {
    *request.add_entries() = NewEntryOf(pending);
  }
  {
    base::MutexLock lock(mutex_);
    messages_.push_back({next_sequence_, std::move(commands)});
  }
  ++next_sequence_;
  // False means that the stream has ended; the listener says so.
  stream_->Send(request);
}

void AppendLine::Listen() {
  absl::Status ended;
  for (;;) {
    const auto response = stream_->Next();
    ended = response.status();
    if (!ended.ok()) break;
    if (!response->has_value()) {
      ended = absl::UnavailableError("the ledger ended the stream");
      break;
    }
    ended = TakeResponse(**response);
    if (!ended.ok()) {
      stream_->Cancel();
      break;
    }
    options_.changed();
  }
  {
    base::MutexLock lock(mutex_);
    broken_ = ended;
  }
  options_.changed();
}

absl::Status AppendLine::TakeResponse(
    const ledger::v1::AppendResponse& response) {
  std::vector<Acknowledged::Own> own;
  {
    base::MutexLock lock(mutex_);
    if (messages_.empty() ||
        messages_.front().sequence != response.sequence() ||
        messages_.front().commands.size() !=
            static_cast<size_t>(response.headers_size())) {
      return services::MakeStatus(
          rpc::v1::DATA_LOSS,
          {absl::StrCat("the ledger acknowledged something else than what was "
                        "sent, at sequence ",
                        response.sequence()),
           absl::StrCat("账本确认的内容（序号 ", response.sequence(),
                        "）与所发内容不符")});
    }
    uint64_t index = response.first_index();
    for (const Pending& pending : messages_.front().commands) {
      const std::string& bytes = response.headers(static_cast<int>(own.size()));
      ASSIGN_OR_RETURN(auto header, CheckHeaderOf(pending, bytes, index));
      own.push_back({SeenOf(pending, bytes, index), std::move(header)});
      ++index;
    }
  }
  // The front stays in line meanwhile, so that Join finds it there or its
  // command in the acknowledged state.
  std::vector<SeenEntry> seen;
  for (const Acknowledged::Own& entry : own) {
    seen.push_back({entry.seen.mark, entry.seen.header, "", std::nullopt});
  }
  acknowledged_.TakeOwn(std::move(own));
  Message front;
  {
    base::MutexLock lock(mutex_);
    front = std::move(messages_.front());
    messages_.pop_front();
  }
  for (size_t i = 0; i < seen.size(); ++i) {
    AnswerWith(seen[i], front.commands[i]);
  }
  return absl::OkStatus();
}

bool AppendLine::AnswerIfOurs(const SeenEntry& seen) {
  Pending ours;
  {
    base::MutexLock lock(mutex_);
    if (messages_.empty()) return false;
    std::vector<Pending>& commands = messages_.front().commands;
    const Decided& decided = *seen.decided;
    // The same command and salt: exactly the entry that was sent.
    if (commands.front().transition.salt() != decided.transition.salt() ||
        commands.front().submission.command_sha256 != decided.command_sha256) {
      return false;
    }
    ours = std::move(commands.front());
    commands.erase(commands.begin());
    if (commands.empty()) messages_.pop_front();
  }
  AnswerWith(seen, ours);
  return true;
}

bool AppendLine::Join(const std::string& actor, const std::string& command_id,
                      const Answer& answer) {
  base::MutexLock lock(mutex_);
  for (Message& message : messages_) {
    for (Pending& pending : message.commands) {
      const v1::Command& command = pending.submission.command;
      if (command.actor() == actor && command.command_id() == command_id) {
        pending.answers.push_back(answer);
        return true;
      }
    }
  }
  return false;
}

bool AppendLine::Hold(Held& held) {
  base::MutexLock lock(mutex_);
  if (messages_.empty()) return false;
  messages_.back().commands.back().held.push_back(std::move(held));
  return true;
}

size_t AppendLine::messages_in_flight() const {
  base::MutexLock lock(mutex_);
  return messages_.size();
}

bool AppendLine::full() const {
  base::MutexLock lock(mutex_);
  if (messages_.empty()) return false;
  return messages_.size() >= limits::kAppendsInFlight ||
         messages_.back().commands.back().held.size() >=
             limits::kQueuedCommands;
}

std::optional<absl::Status> AppendLine::broken() const {
  base::MutexLock lock(mutex_);
  return broken_;
}

std::vector<Answer> AppendLine::TakeAnswers() {
  base::MutexLock lock(mutex_);
  std::vector<Answer> answers;
  for (Message& message : messages_) {
    for (Pending& pending : message.commands) {
      std::move(pending.answers.begin(), pending.answers.end(),
                std::back_inserter(answers));
      pending.answers.clear();
      for (Held& held : pending.held) {
        std::move(held.answers.begin(), held.answers.end(),
                  std::back_inserter(answers));
      }
      pending.held.clear();
    }
  }
  return answers;
}

std::vector<Pending> AppendLine::TakeBack() {
  base::MutexLock lock(mutex_);
  std::vector<Pending> back;
  for (Message& message : messages_) {
    for (Pending& pending : message.commands) {
      back.push_back(std::move(pending));
    }
  }
  messages_.clear();
  return back;
}

}  // namespace dataip::registryd
