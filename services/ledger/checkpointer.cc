#include "services/ledger/checkpointer.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/proof/chain.h"
#include "core/proof/note.h"
#include "services/common/error.h"
#include "services/common/logging.h"

namespace dataip::ledger {
namespace {

// Until a descriptor may have become free.
constexpr std::chrono::milliseconds kRetry{100};
constexpr int kTriesPerLog = 100;
constexpr int kTriesAtTheEnd = 20;

}  // namespace

Checkpointer::Checkpointer(Parts parts, proof::Frontier signed_edge)
    : parts_(parts),
      edge_(std::move(signed_edge)),
      thread_([this] { Run(); }) {}

Checkpointer::~Checkpointer() { Stop(); }

void Checkpointer::Submit(Sealed sealed) {
  {
    base::MutexLock lock(mutex_);
    next_ = std::make_unique<Sealed>(std::move(sealed));
  }
  changed_.NotifyOne();
}

void Checkpointer::Stop() {
  {
    base::MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.NotifyOne();
  if (thread_.joinable()) thread_.join();
}

void Checkpointer::Run() {
  while (true) {
    std::unique_ptr<Sealed> sealed;
    {
      base::MutexLock lock(mutex_);
      while (next_ == nullptr && !stopping_) changed_.Wait(mutex_);
      if (next_ == nullptr) return;
      sealed = std::move(next_);
    }
    Publish(std::move(*sealed));
  }
}

void Checkpointer::Publish(Sealed sealed) {
  if (parts_.publisher.refuses()) return;
  const auto fatal = [&](const absl::Status& status) {
    services::Fatal("checkpoint not published; the ledger ends",
                    {{"size", std::to_string(sealed.state.size)},
                     {"error", services::LogText(status)}});
  };
  if (const absl::Status status = HashAgain(sealed); !status.ok()) {
    fatal(status);
  }
  auto note = Sign(sealed);
  if (!note.ok()) fatal(note.status());
  if (const absl::Status status = Write(*note); !status.ok()) {
    if (absl::IsUnavailable(status)) return;
    fatal(status);
  }
  sealed.state.note = *std::move(note);
  parts_.publisher.Take(std::move(sealed.state));
}

absl::Status Checkpointer::Write(const std::string& note) {
  absl::Status status = parts_.file.WriteNote(note);
  for (int tries = 1, stopping = 0; absl::IsUnavailable(status); ++tries) {
    if (tries % kTriesPerLog == 1) {
      services::Log(services::Severity::kError, "checkpoint waits",
                    {{"error", std::string(status.message())}});
    }
    {
      const auto until = std::chrono::steady_clock::now() + kRetry;
      base::MutexLock lock(mutex_);
      while (changed_.WaitUntil(mutex_, until)) {
      }
      if (stopping_ && ++stopping > kTriesAtTheEnd) return status;
    }
    status = parts_.file.WriteNote(note);
  }
  return status;
}

// What is signed is what a reader will get, not what memory held when it was
// written.
absl::Status Checkpointer::HashAgain(const Sealed& sealed) {
  Hash chain_head;
  const uint64_t last = sealed.state.size - 1;
  RETURN_IF_ERROR(parts_.store.ForEachHeader(
      {edge_.size(), sealed.state.size},
      [&](uint64_t index, std::string_view header) {
        edge_.Append(hash::LeafHash(hash::AsBytes(header)));
        if (index == last) {
          chain_head = proof::NextPrev(hash::AsBytes(header));
        }
        return true;
      }));
  if (edge_.Root() != sealed.root || chain_head != sealed.chain_head) {
    return absl::DataLossError(
        "stored headers do not hash to what was appended");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Checkpointer::Sign(const Sealed& sealed) const {
  const Signing& signing = parts_.signing;
  const std::string text =
      proof::FormatCheckpoint({signing.origin, sealed.state.size, sealed.root});
  ASSIGN_OR_RETURN(std::string note,
                   crypto::SignNote(text, sealed.chain_head, signing.signers));
  // A signature that does not verify would brand the ledger for ever.
  RETURN_IF_ERROR(ReadNote(note, signing.origin, signing.verifiers).status());
  return note;
}

}  // namespace dataip::ledger
