#include "services/witness/witness.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/base64.h"
#include "core/base/status_macros.h"
#include "core/proof/tree.h"
#include "services/common/error.h"
#include "services/common/logging.h"

namespace dataip::witness {
namespace {

constexpr int kOk = 200;
constexpr int kMalformed = 400;
constexpr int kNotSigned = 403;
constexpr int kUnknownLog = 404;
constexpr int kConflict = 409;
constexpr int kNotConsistent = 422;
constexpr int kFailed = 500;
constexpr int kNotNow = 503;

Answer Refuse(int status, absl::string_view why) {
  return {status, "text/plain; charset=utf-8", absl::StrCat(why, "\n")};
}

Answer Conflict(uint64_t size) {
  return {kConflict, "text/x.tlog.size", absl::StrCat(size, "\n")};
}

bool IsConsistent(const proof::AddCheckpoint& request, const Seen& seen) {
  const proof::Checkpoint& next = request.checkpoint;
  if (next.size == 0 && next.root != proof::Frontier().Root()) return false;
  // Nothing is proved from an empty tree, or from a tree to itself.
  if (seen.size == 0 || seen.size == next.size) return request.path.empty();
  return proof::VerifyConsistency(seen.size, next.size, *seen.root, next.root,
                                  request.path);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Witness>> Witness::Open(
    WitnessOptions options, services::Metrics& metrics) {
  const std::string vkey = options.key.vkey();
  ASSIGN_OR_RETURN(const auto verifier, crypto::NoteVerifier::FromVkey(vkey));
  std::vector<std::string> origins;
  for (const WatchedLog& log : options.logs) origins.push_back(log.origin());
  ASSIGN_OR_RETURN(auto memory,
                   Memory::Open(options.data_dir, verifier, origins));
  return std::unique_ptr<Witness>(
      new Witness(std::move(options), vkey, std::move(memory), metrics));
}

Witness::Witness(WitnessOptions options, std::string vkey,
                 std::unique_ptr<Memory> memory, services::Metrics& metrics)
    : key_(std::move(options.key)),
      vkey_(std::move(vkey)),
      time_s_(std::move(options.time_s)),
      memory_(std::move(memory)),
      metrics_(metrics) {
  for (WatchedLog& watched : options.logs) {
    const std::string origin = watched.origin();
    auto log = std::make_unique<Log>(std::move(watched), memory_->Of(origin));
    metrics_.AddGauge(
        {"dataip_witness_size", "Size of the last checkpoint signed."},
        [log = log.get()] {
          base::MutexLock lock(log->mutex);
          return static_cast<double>(log->file.seen().size);
        },
        {{"origin", origin}});
    logs_[origin] = std::move(log);
  }
}

Answer Witness::AddCheckpoint(const std::string& body) {
  Answer answer = Decide(body);
  metrics_
      .AddCounter({"dataip_witness_requests_total",
                   "Requests to add a checkpoint, by the answer's status."},
                  {{"status", std::to_string(answer.status)}})
      .Add();
  return answer;
}

Answer Witness::Decide(const std::string& body) {
  const auto request = proof::ParseAddCheckpoint(body);
  if (!request.ok()) {
    return Refuse(kMalformed, proof::Describe(request.flaw));
  }
  const auto log = logs_.find(request->checkpoint.origin);
  if (log == logs_.end()) return Refuse(kUnknownLog, "not a log of ours");
  const absl::Status status = log->second->watched.Check(*request);
  if (absl::IsInvalidArgument(status)) {
    return Refuse(kMalformed, "a checkpoint of this log has three lines");
  }
  if (!status.ok()) return Refuse(kNotSigned, status.message());
  if (request->old_size > request->checkpoint.size) {
    return Refuse(kMalformed, "the old size is larger than the checkpoint's");
  }
  return Advance(*request, *log->second);
}

// The log has signed it, so it may be what the world needs to prove two
// histories. But anybody can send public checkpoints again and again, in turn.
void Witness::KeepEvidence(const proof::AddCheckpoint& request,
                           const Seen& seen, Evidence& evidence) {
  if (evidence.text == request.note.text) return;
  const std::optional<uint64_t> left_out = evidence.lines.Take();
  if (!left_out.has_value()) return;
  evidence.text = request.note.text;
  services::Log(
      services::Severity::kError, evidence.what,
      {{"origin", request.checkpoint.origin},
       {"size", std::to_string(seen.size)},
       {"root", seen.root ? base::Base64Encode(seen.root->span()) : ""},
       {"note", proof::FormatNote(request.note)},
       {"lines_left_out", std::to_string(*left_out)}});
}

Answer Witness::Advance(const proof::AddCheckpoint& request, Log& log) {
  base::MutexLock lock(log.mutex);
  const Seen& seen = log.file.seen();
  if (request.old_size != seen.size) return Conflict(seen.size);
  const bool same_size =
      seen.root.has_value() && request.checkpoint.size == seen.size;
  if (same_size && request.checkpoint.root != *seen.root) {
    KeepEvidence(request, seen, log.two_roots);
    return Conflict(seen.size);
  }
  if (!IsConsistent(request, seen)) {
    KeepEvidence(request, seen, log.no_proof);
    return Refuse(kNotConsistent, "the consistency proof does not verify");
  }
  return Sign(request, log);
}

// The line leaves when the checkpoint is on the disk, and not before. What is
// there already is not written again: anybody may send it as often as he likes.
Answer Witness::Sign(const proof::AddCheckpoint& request, Log& log) {
  const std::string& text = request.note.text;
  const auto line = key_.SignatureLine(text, time_s_());
  if (!line.ok()) return Refuse(kFailed, "cannot sign");
  const Seen next{request.checkpoint.size, request.checkpoint.root};
  if (next == log.file.seen()) return {kOk, "", *line};
  const absl::Status written = log.file.Write(next, text, *line);
  if (absl::IsUnavailable(written)) {
    return Refuse(kNotNow, "no free file descriptor; try again later");
  }
  if (!written.ok()) {
    services::Fatal("checkpoint not stored; the witness ends",
                    {{"origin", request.checkpoint.origin},
                     {"error", services::LogText(written)}});
  }
  return {kOk, "", *line};
}

}  // namespace dataip::witness
