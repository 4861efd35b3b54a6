#include "services/ledger/ledger.h"

#include <algorithm>
#include <utility>

#include "core/base/limits.h"
#include "core/base/status_macros.h"

namespace dataip::ledger {
namespace {

// Beside the database: maps of old sizes while they are used.
constexpr char kRebuildsSuffix[] = "-rebuilds";

// A program that ended because the clock had jumped must not believe it when
// it is started again.
absl::StatusOr<std::optional<int64_t>> OffsetOnThisBoot(
    const Store& store, const std::string& boot_id) {
  ASSIGN_OR_RETURN(const auto last, store.ReadClockOffset());
  if (!last.has_value() || boot_id.empty() || last->boot_id != boot_id) {
    return std::nullopt;
  }
  return last->ms;
}

}  // namespace

absl::StatusOr<Signing> MakeSigning(absl::string_view origin,
                                    crypto::PrivateKey ed25519,
                                    crypto::PrivateKey sm2) {
  if (ed25519.algorithm() != crypto::Algorithm::kEd25519 ||
      sm2.algorithm() != crypto::Algorithm::kSm2) {
    return absl::InvalidArgumentError(
        "a ledger signs with one Ed25519 and one SM2 key");
  }
  Signing signing;
  signing.origin = std::string(origin);
  for (crypto::PrivateKey* key : {&ed25519, &sm2}) {
    ASSIGN_OR_RETURN(auto signer,
                     crypto::NoteSigner::Create(origin, std::move(*key)));
    ASSIGN_OR_RETURN(auto verifier,
                     crypto::NoteVerifier::FromVkey(signer.vkey()));
    signing.signers.push_back(std::move(signer));
    signing.verifiers.push_back(std::move(verifier));
  }
  return signing;
}

absl::StatusOr<std::unique_ptr<Ledger>> Ledger::Open(LedgerOptions options) {
  std::unique_ptr<Ledger> ledger(new Ledger);
  ledger->signing_ = std::move(options.signing);
  if (options.metrics != nullptr) {
    ledger->meters_ = std::make_unique<Meters>(*options.metrics);
  }
  ASSIGN_OR_RETURN(ledger->store_,
                   Store::Open(options.database_path, options.cache_bytes));
  ledger->file_ = std::make_unique<PublishedFile>(options.published_path);
  ASSIGN_OR_RETURN(CheckedLedger checked,
                   CheckAtStart(*ledger->store_, *ledger->file_,
                                ledger->signing_, options.map_cache_bytes));
  ledger->tree_ = std::move(checked.tree);
  ledger->states_ = std::make_unique<States>(options.sizes_kept);
  ledger->proofs_ = std::make_unique<Proofs>(
      Proofs::Parts{*ledger->store_, *ledger->tree_, *ledger->states_},
      options.database_path + kRebuildsSuffix);
  ledger->backups_ = std::make_unique<Backups>(
      std::move(options.backup), *ledger->store_, ledger->signing_,
      [states = ledger->states_.get()]() -> std::string {
        const auto newest = states->Newest();
        return newest == nullptr ? "" : newest->note;
      });
  ledger->notifier_ =
      std::make_unique<services::Worker>(limits::kNotificationsQueued);
  ledger->durable_ =
      std::make_unique<Milestone>(checked.head.size, *ledger->notifier_);
  ledger->published_ =
      std::make_unique<Milestone>(checked.served.size, *ledger->notifier_);
  ledger->publisher_ = std::make_unique<Publisher>(
      Publisher::Parts{ledger->signing_, *ledger->store_, *ledger->states_,
                       *ledger->published_},
      std::move(options.witnesses),
      [tree = ledger->tree_.get()] { return tree->Reader(); }, options.metrics);
  RETURN_IF_ERROR(ledger->ServePublished(checked));
  ledger->rebuilds_ =
      std::make_unique<services::Worker>(limits::kRebuildsQueued);
  ledger->eraser_ = std::make_unique<Eraser>(
      Eraser::Parts{*ledger->store_, *ledger->backups_, *ledger->durable_});
  ledger->eraser_->Resume();
  ledger->checkpointer_ = std::make_unique<Checkpointer>(
      Checkpointer::Parts{*ledger->store_, *ledger->file_, ledger->signing_,
                          *ledger->publisher_},
      checked.signed_edge);
  RETURN_IF_ERROR(ledger->SignLeftover(checked));
  ASSIGN_OR_RETURN(const auto last_offset_ms,
                   OffsetOnThisBoot(*ledger->store_, options.time.boot_id));
  const int64_t age_ms = checked.head.size == 0
                             ? 0
                             : options.time.wall_ms() - checked.head.time_ms;
  Clock clock(std::move(options.time),
              {checked.head.time_ms, last_offset_ms, options.clock_confirmed,
               [latch = &ledger->halting_] { latch->Set(); }});
  // Not refused: reads go on. Said, and seen in health and metrics.
  clock.Believe().IgnoreError();
  ledger->mapper_ = std::make_unique<Mapper>(std::move(checked.map));
  ledger->sequencer_ = std::make_unique<Sequencer>(
      Sequencer::Parts{*ledger->store_, *ledger->tree_, *ledger->checkpointer_,
                       *ledger->durable_, *ledger->mapper_,
                       ledger->meters_.get()},
      options.sequencer, std::move(clock),
      Sequencer::Start{checked.head, checked.last_epoch,
                       std::chrono::milliseconds(std::clamp<int64_t>(
                           age_ms, 0, limits::kSealRefreshMs))});
  ledger->publisher_->Start([ledger = ledger.get()] { ledger->Refuse(); });
  return ledger;
}

// Sizes served never shrink, over restarts too.
absl::Status Ledger::ServePublished(const CheckedLedger& checked) {
  const auto read =
      [&](uint64_t size,
          const std::string& note) -> absl::StatusOr<std::shared_ptr<State>> {
    ASSIGN_OR_RETURN(State state, ReadState(*store_, size, note));
    if (size == checked.head.sealed_size) state.map = checked.sealed_map;
    return std::make_shared<State>(std::move(state));
  };
  std::shared_ptr<State> served;
  std::shared_ptr<State> newest;
  if (checked.served.size > 0) {
    ASSIGN_OR_RETURN(served, read(checked.served.size, checked.served.note));
  }
  if (checked.published.size > checked.served.size) {
    ASSIGN_OR_RETURN(newest,
                     read(checked.published.size, checked.published.note));
  }
  return publisher_->Resume(std::move(served), std::move(newest));
}

// A seal that was written but not signed (formats.md 5).
absl::Status Ledger::SignLeftover(const CheckedLedger& checked) {
  const Head& head = checked.head;
  if (head.size == 0 || head.sealed_size != head.size ||
      checked.published.size == head.size) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(State state, ReadState(*store_, head.size, ""));
  state.map = checked.sealed_map;
  checkpointer_->Submit({tree_->Root(), head.chain_head, std::move(state)});
  return absl::OkStatus();
}

Ledger::~Ledger() { Stop(); }

void Ledger::EndLongWork() {
  if (backups_ != nullptr) backups_->Stop();
  if (proofs_ != nullptr) proofs_->StopRebuilds();
  if (eraser_ != nullptr) eraser_->Stop();
}

void Ledger::Stop() {
  EndLongWork();
  if (sequencer_ != nullptr) {
    base::MutexLock lock(stopping_);
    sequencer_->Stop();
  }
  if (mapper_ != nullptr) mapper_->Stop();
  if (checkpointer_ != nullptr) checkpointer_->Stop();
  if (publisher_ != nullptr) publisher_->Stop();
}

void Ledger::Refuse() {
  halting_.Set();
  base::MutexLock lock(stopping_);
  sequencer_->Stop();
}

}  // namespace dataip::ledger
