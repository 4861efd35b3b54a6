#include "services/registry/registry.h"

#include <atomic>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/registry/state/signing.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "services/common/error.h"
#include "services/common/logging.h"
#include "services/common/repeater.h"
#include "services/registry/answers.h"
#include "services/registry/authenticate.h"
#include "services/registry/bundle.h"
#include "services/registry/command_loop.h"
#include "services/registry/data_directory.h"
#include "services/registry/disclosed.h"
#include "services/registry/erasure_desk.h"
#include "services/registry/meters.h"
#include "services/registry/object_files.h"
#include "services/registry/openings.h"
#include "services/registry/ordered_openings.h"
#include "services/registry/orphans.h"
#include "services/registry/refusals.h"
#include "services/registry/repeated.h"
#include "services/registry/sketch_desk.h"
#include "services/registry/worker_pool.h"

namespace dataip::registryd {
namespace {

// Without the receipt.
v1::SubmitCommandResponse ResponseOf(Outcome& outcome) {
  v1::SubmitCommandResponse response;
  for (v1::Event& event : outcome.events) {
    *response.add_events() = std::move(event);
  }
  for (v1::Finding& finding : outcome.findings) {
    *response.add_findings() = std::move(finding);
  }
  return response;
}

}  // namespace

// Members are destroyed from the last to the first.
struct Registry::Parts {
  explicit Parts(DataDirectory directory_, RegistryOptions options_)
      : directory(std::move(directory_)),
        options(std::move(options_)),
        ledger(options.ledger) {}

  absl::Status OpenStores();
  absl::Status Replay();
  absl::Status FindOrigin();
  absl::Status CheckKeys() const;
  void Begin();
  void CutToActor(const v1::SubmitCommandRequest& request,
                  v1::SubmitCommandResponse& response) const;

  DataDirectory directory;
  RegistryOptions options;
  std::unique_ptr<Meters> meters;  // none without metrics
  client::LedgerClient ledger;
  std::unique_ptr<ErasureDesk> erasures;
  std::unique_ptr<Store> store;
  std::unique_ptr<Projection> projection;
  std::unique_ptr<FileStore> files;
  std::unique_ptr<Uploads> uploads;
  std::unique_ptr<Orphans> orphans;
  std::unique_ptr<Acknowledged> acknowledged;
  std::unique_ptr<CommandLoop> loop;
  std::unique_ptr<ReceiptDesk> receipts;
  std::unique_ptr<Authenticator> authenticator;
  std::optional<SketchKey> sketch_key;
  std::unique_ptr<SketchDesk> sketches;
  std::unique_ptr<Reads> reads;
  std::unique_ptr<Feed> feed;
  std::unique_ptr<BundleDesk> bundles;
  std::unique_ptr<WorkerPool> workers;
  std::unique_ptr<BatchDesk> batches;
  std::unique_ptr<services::Repeater> sweeper;
  std::unique_ptr<services::Repeater> purger;
  std::string origin;
  std::atomic<bool> stopping{false};
};

absl::Status Registry::Parts::OpenStores() {
  ASSIGN_OR_RETURN(store, Store::Open(directory.store_path(),
                                      options.openings_key.empty()
                                          ? directory.openings_key_path()
                                          : options.openings_key));
  ASSIGN_OR_RETURN(sketch_key, SketchKey::Open(options.sketch_key.empty()
                                                   ? directory.sketch_key_path()
                                                   : options.sketch_key));
  ASSIGN_OR_RETURN(projection, Projection::Open(directory.projections_path()));
  ASSIGN_OR_RETURN(files, FileStore::Open(directory.files_path()));
  ASSIGN_OR_RETURN(uploads, Uploads::Open(*store, options.now_ms, {}));
  store->SetOpeningsSink(
      [this](const auto& openings) { uploads->Filed(openings); });
  orphans = std::make_unique<Orphans>(Orphans::Parts{*store, *files, *uploads});
  acknowledged = std::make_unique<Acknowledged>(*projection, *store);
  erasures = std::make_unique<ErasureDesk>([this](const ErasureToDo& order) {
    // The ledger goes on when we no longer wait for it.
    const std::chrono::milliseconds patience{limits::kErasureAnswerMs};
    return ledger.ErasePayload(order, patience).status();
  });
  acknowledged->SetOrderSink(
      [this](const ErasureToDo& order) { erasures->Take(order); });
  loop = std::make_unique<CommandLoop>(CommandLoop::Parts{
      ledger, *acknowledged, *store, options.signer, options.clock_actor,
      options.now_ms, options.root_key});
  return absl::OkStatus();
}

// A ledger with entries names its origin in its checkpoint; an empty one only
// when it is opened.
absl::Status Registry::Parts::FindOrigin() {
  const auto first = ledger.GetEntry(0, false);
  if (absl::IsNotFound(first.status())) return absl::OkStatus();
  RETURN_IF_ERROR(first.status());
  ASSIGN_OR_RETURN(const auto checkpoint, ledger.GetCheckpoint(1));
  const std::string& note = checkpoint.note();
  origin = note.substr(0, note.find('\n'));
  return directory.BindTo(origin);
}

absl::Status Registry::Parts::CheckKeys() const {
  return acknowledged->With([&](const registry::State& state) -> absl::Status {
    if (!state.opened) return absl::OkStatus();
    const std::string& root = options.root_key;
    const std::string opened_by =
        registry::KeyIdOfMessage(state.registry.root_key());
    if (!root.empty() && opened_by != root) {
      return services::InvalidField(
          "root_key",
          {absl::StrCat("this registry was opened by ", opened_by, ", not by ",
                        root, "; correct it, or name the right ledger"),
           absl::StrCat("本登记簿由 ", opened_by, " 开立，而不是 ", root,
                        "；请更正，或改用正确的账本")});
    }
    RETURN_IF_ERROR(options.signer.CheckRegistry(state.registry));
    return options.clock_actor.CheckRegistry(state.registry);
  });
}

// All that could refuse comes before the epoch is opened: a registry that
// cannot serve must not fence the one that does.
absl::Status Registry::Parts::Replay() {
  std::set<std::string> committed;  // digests that commands commit to
  acknowledged->SetObserver([&](const Decided& decided) {
    for (FoundCommitment& found : CommitmentsIn(decided.command)) {
      committed.insert(std::move(found.digest));
    }
    // An entry ordered erased has no command body any more, but may still
    // commit to something.
    if (decided.command.body_case() != v1::Command::BODY_NOT_SET) return;
    for (FoundCommitment& found : CommitmentsIn(decided.transition)) {
      committed.insert(std::move(found.digest));
    }
  });
  RETURN_IF_ERROR(FindOrigin());
  acknowledged->SetOrigin(origin);
  RETURN_IF_ERROR(loop->Read());
  RETURN_IF_ERROR(acknowledged->CheckMarksReached());
  RETURN_IF_ERROR(CheckKeys());
  RETURN_IF_ERROR(loop->Open());
  if (origin.empty()) {
    origin = loop->origin();
    RETURN_IF_ERROR(directory.BindTo(origin));
    acknowledged->SetOrigin(origin);
  }
  acknowledged->SetObserver(nullptr);
  const auto erased = acknowledged->With(
      [](const registry::State& state) { return state.erased_openings; });
  return orphans->Begin({committed, erased});
}

void Registry::Parts::Begin() {
  receipts = std::make_unique<ReceiptDesk>(ledger, origin);
  authenticator = std::make_unique<Authenticator>(
      origin, Authenticator::Parts{*acknowledged, *files, *uploads});
  sketches = std::make_unique<SketchDesk>(
      SketchDesk::Parts{*acknowledged, *store, *files, *sketch_key});
  reads = std::make_unique<Reads>(Reads::Parts{
      *acknowledged, *receipts, PageTokens(store->token_key()), origin,
      IssuingPem(options.signer), options.now_ms, ledger, *sketches, *store});
  feed = std::make_unique<Feed>(*acknowledged, options.now_ms);
  bundles = std::make_unique<BundleDesk>(ledger, *acknowledged, *store,
                                         options.signer);
  WorkerPool::Size size;
  size.threads = options.worker_threads;
  workers = std::make_unique<WorkerPool>(size);
  batches = std::make_unique<BatchDesk>(
      BatchDesk::Parts{ledger, *acknowledged, *receipts, *reads, *workers});
  purger = std::make_unique<services::Repeater>(options.sweep_interval, [this] {
    if (const absl::Status purged = orphans->Purge(); !purged.ok()) {
      services::Log(services::Severity::kError, "erased openings stay",
                    {{"status", services::LogText(purged)}});
    }
  });
  sweeper =
      std::make_unique<services::Repeater>(options.sweep_interval, [this] {
        if (const absl::Status swept = orphans->SweepFiles(); !swept.ok()) {
          services::Log(services::Severity::kError, "unused files stay",
                        {{"status", services::LogText(swept)}});
        }
      });
  if (options.metrics != nullptr) {
    meters = std::make_unique<Meters>(*options.metrics);
    MeasureRegistry({*loop, *acknowledged, *receipts, *erasures},
                    *options.metrics);
    MeasureOrphans(*orphans, *options.metrics);
  }
  loop->Start();
  services::Log(
      services::Severity::kInfo, "deciding",
      {{"origin", origin},
       {"entries", std::to_string(acknowledged->tail().next_index())}});
}

// Decide saw that the command is its actor's.
void Registry::Parts::CutToActor(const v1::SubmitCommandRequest& request,
                                 v1::SubmitCommandResponse& response) const {
  if (!TellsOfOthers(response)) return;
  v1::Command command;
  Caller caller;
  if (command.ParseFromString(request.command().command())) {
    caller = {command.actor(), options.now_ms()};
  }
  acknowledged->With([&](const registry::State& state) {
    CutToReader(caller, state, response);
  });
}

absl::StatusOr<std::unique_ptr<Registry>> Registry::Start(
    RegistryOptions options) {
  ASSIGN_OR_RETURN(DataDirectory directory,
                   DataDirectory::Open(options.data_dir));
  auto parts =
      std::make_unique<Parts>(std::move(directory), std::move(options));
  RETURN_IF_ERROR(parts->OpenStores());
  RETURN_IF_ERROR(parts->Replay());
  parts->Begin();
  return std::unique_ptr<Registry>(new Registry(std::move(parts)));
}

Registry::Registry(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Registry::~Registry() { Stop(); }

void Registry::Stop() {
  parts_->stopping = true;
  parts_->sweeper->Stop();
  parts_->purger->Stop();
  parts_->loop->Stop();
  parts_->feed->Stop();
  parts_->workers->Stop();
  parts_->sketches->Stop();
  parts_->receipts->Stop();
  parts_->erasures->Stop();
}

void Registry::Submit(const Caller& caller,
                      const v1::SubmitCommandRequest& request,
                      Submitted submitted) {
  const auto answer = [this, &request, submitted,
                       received = std::chrono::steady_clock::now()](
                          absl::StatusOr<Outcome> outcome) {
    if (parts_->meters != nullptr) parts_->meters->Answered(received, outcome);
    if (!outcome.ok()) {
      submitted(outcome.status());
      return;
    }
    if (OrdersPurge(*outcome)) parts_->purger->Wake();
    if (outcome->repeated) {
      const bool taken = parts_->workers->Run(
          [this, &request, submitted] { AnswerRepeated(request, submitted); });
      if (!taken) submitted(parts_->stopping ? Stopping() : Overloaded());
      return;
    }
    v1::SubmitCommandResponse response = ResponseOf(*outcome);
    parts_->CutToActor(request, response);
    if (request.validate_only()) {
      submitted(std::move(response));
      return;
    }
    parts_->receipts->Await({outcome->index, std::move(outcome->header)},
                            [submitted, response = std::move(response)](
                                v1::Receipt receipt) mutable {
                              *response.mutable_receipt() = std::move(receipt);
                              submitted(std::move(response));
                            });
  };
  const bool taken = parts_->workers->Run(
      [this, &request, submitted, answer, sender = caller.actor.value_or("")] {
        auto submission = parts_->authenticator->Authenticate(sender, request);
        if (!submission.ok()) {
          answer(submission.status());
          return;
        }
        if (submission->openings_status.ok()) {
          submission->openings_status = CheckOrderedOpenings(
              *submission, *parts_->acknowledged, *parts_->store);
        }
        parts_->loop->Submit(*std::move(submission), answer);
      });
  if (!taken) submitted(parts_->stopping ? Stopping() : Overloaded());
}

void Registry::AnswerRepeated(const v1::SubmitCommandRequest& request,
                              const Submitted& submitted) const {
  auto outcome =
      OutcomeOfRepeated(request, *parts_->acknowledged, parts_->ledger);
  if (!outcome.ok()) {
    submitted(outcome.status());
    return;
  }
  v1::SubmitCommandResponse response = ResponseOf(*outcome);
  parts_->CutToActor(request, response);
  if (request.validate_only()) {
    submitted(std::move(response));
    return;
  }
  parts_->receipts->Await(
      {outcome->index, std::move(outcome->header)},
      [submitted, response = std::move(response)](v1::Receipt receipt) mutable {
        *response.mutable_receipt() = std::move(receipt);
        submitted(std::move(response));
      });
}

const Reads& Registry::reads() const { return *parts_->reads; }

const BatchDesk& Registry::batches() const { return *parts_->batches; }

Feed& Registry::feed() const { return *parts_->feed; }

const FileStore& Registry::files() const { return *parts_->files; }

Uploads& Registry::uploads() const { return *parts_->uploads; }

absl::StatusOr<v1::GetBundleResponse> Registry::GetBundle(
    const Caller& caller, const v1::GetBundleRequest& request) const {
  v1::GetBundleResponse response;
  const LedgerTail tail = parts_->acknowledged->tail();
  ASSIGN_OR_RETURN(*response.mutable_bundle(),
                   parts_->bundles->Make(caller, request));
  *response.mutable_position() = parts_->reads->PositionAt(
      tail.last().has_value() ? tail.last()->index : 0);
  return response;
}

absl::StatusOr<Registry::FoundFile> Registry::FindFile(
    const Caller& caller, const v1::DownloadFileRequest& request) const {
  if (absl::StartsWith(request.kind(), kDisclosedKind)) {
    ASSIGN_OR_RETURN(
        StoredOpening opening,
        FindDisclosed({*parts_->store, *parts_->acknowledged}, request));
    return FoundFile{hash::Sha256(hash::AsBytes(opening.value)),
                     opening.value.size(), opening.salt, opening.value};
  }
  ASSIGN_OR_RETURN(
      const std::string digest_text,
      FindFileDigest({*parts_->acknowledged, parts_->ledger}, caller, request));
  const auto digest = Hash::From(hash::AsBytes(digest_text));
  const std::string name =
      absl::StrCat(request.kind(), "[", request.position(), "]");
  if (!digest.has_value()) return NoSuch("file", "文件", name);
  const auto opening = parts_->store->GetOpening(*digest);
  const auto sha256 =
      opening.ok() ? Hash::From(hash::AsBytes(opening->value)) : std::nullopt;
  if (!sha256.has_value()) return NoSuch("file", "文件", name);
  ASSIGN_OR_RETURN(const uint64_t byte_size, parts_->files->SizeOf(*sha256));
  return FoundFile{*sha256, byte_size, opening->salt};
}

absl::Status Registry::halted() const { return parts_->loop->halted(); }

services::Latch& Registry::halting() { return parts_->loop->halting(); }

bool Registry::GoesOn() { return parts_->loop->GoesOn(); }

absl::StatusOr<Hash> Registry::ProjectionDigest() const {
  return parts_->projection->Digest();
}

std::string Registry::StateDigest() const {
  return parts_->acknowledged->With(
      [](const registry::State& state) { return registry::Digest(state); });
}

}  // namespace dataip::registryd
