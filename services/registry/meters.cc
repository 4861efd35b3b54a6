#include "services/registry/meters.h"

#include <algorithm>
#include <string>

#include "client/status.h"
#include "services/registry/acknowledged.h"
#include "services/registry/command_loop.h"
#include "services/registry/erasure_desk.h"
#include "services/registry/receipts.h"

namespace dataip::registryd {
namespace {

using Seconds = std::chrono::duration<double>;

std::string NameOf(const absl::StatusOr<Outcome>& outcome) {
  if (!outcome.ok()) {
    return rpc::v1::Reason_Name(client::ReasonOf(outcome.status()));
  }
  if (outcome->repeated) return "REPEATED";
  return outcome->header.empty() ? "VALIDATED" : "RECORDED";
}

// The newest checkpoint, and the newest at which the state is true.
struct Checkpoints {
  SeenCheckpoint newest;
  SeenCheckpoint reached;
};

Checkpoints CheckpointsOf(const MeasuredParts& parts) {
  return parts.acknowledged.WithIndex(
      [&parts](const registry::State&, uint64_t last_index) {
        // In this order: `newest` is at least the other.
        Checkpoints checkpoints;
        checkpoints.reached = parts.receipts.NewestAt(last_index);
        checkpoints.newest = parts.receipts.Newest();
        return checkpoints;
      });
}

// 0 before the first checkpoint.
double AgeOf(const SeenCheckpoint& checkpoint) {
  if (checkpoint.size == 0) return 0;
  const Seconds now = std::chrono::system_clock::now().time_since_epoch();
  return now.count() - static_cast<double>(checkpoint.seal_time_ms) / 1'000;
}

}  // namespace

Meters::Meters(services::Metrics& metrics)
    : metrics_(metrics),
      decided_seconds_(metrics.AddHistogram(
          {"dataip_registry_command_seconds",
           "From the arrival of a command that was recorded to its durable "
           "entry."},
          services::kSecondsBounds)) {}

void Meters::Answered(Time received, const absl::StatusOr<Outcome>& outcome) {
  const std::string name = NameOf(outcome);
  metrics_
      .AddCounter({"dataip_registry_commands_total",
                   "Commands that were answered, by outcome."},
                  {{"outcome", name}})
      .Add();
  if (name != "RECORDED") return;
  const Seconds taken = std::chrono::steady_clock::now() - received;
  decided_seconds_.Observe(taken.count());
}

void MeasureRegistry(const MeasuredParts& parts, services::Metrics& metrics) {
  metrics.AddGauge(
      {"dataip_registry_queued_commands", "Commands waiting to be decided."},
      [parts] { return static_cast<double>(parts.loop.queued()); });
  metrics.AddGauge({"dataip_registry_halted", "1 when it decides no more."},
                   [parts] { return parts.loop.halted().ok() ? 0 : 1; });
  metrics.AddGauge(
      {"dataip_registry_entries", "Entries of the ledger in its state."},
      [parts] {
        return static_cast<double>(parts.acknowledged.tail().next_index());
      });
  metrics.AddGauge(
      {"dataip_registry_entries_behind",
       "Entries under the ledger's newest checkpoint that are not in its "
       "state."},
      [parts] {
        const Checkpoints checkpoints = CheckpointsOf(parts);
        return static_cast<double>(checkpoints.newest.size -
                                   checkpoints.reached.size);
      });
  metrics.AddGauge(
      {"dataip_registry_seal_age_seconds",
       "Since the seal of the checkpoint that its answers rest on."},
      [parts] { return AgeOf(CheckpointsOf(parts).reached); });
  MeasureErasures(parts.erasures, metrics);
}

void MeasureErasures(const ErasureDesk& erasures, services::Metrics& metrics) {
  metrics.AddGauge(
      {"dataip_registry_erasures_waiting",
       "Orders to erase that the ledger has not yet carried out."},
      [&erasures] { return static_cast<double>(erasures.waiting()); });
}

}  // namespace dataip::registryd
