#include "services/ledger/meters.h"

#include "services/ledger/ledger.h"

namespace dataip::ledger {
namespace {

using Seconds = std::chrono::duration<double>;

double SecondsSince(Meters::Time begun) {
  return Seconds(std::chrono::steady_clock::now() - begun).count();
}

// 0 before the first checkpoint.
double AgeOfCheckpoint(const Ledger& ledger) {
  const auto newest = ledger.states().Newest();
  if (newest == nullptr) return 0;
  const Seconds now = std::chrono::system_clock::now().time_since_epoch();
  return now.count() - static_cast<double>(newest->seal_time_ms) / 1'000;
}

}  // namespace

Meters::Meters(services::Metrics& metrics)
    : append_seconds_(metrics.AddHistogram(
          {"dataip_ledger_append_seconds",
           "From the arrival of a message of entries to its acknowledgement."},
          services::kSecondsBounds)),
      appended_messages_(
          metrics.AddCounter({"dataip_ledger_append_messages_total",
                              "Messages of entries that were acknowledged."})),
      refused_messages_(metrics.AddCounter(
          {"dataip_ledger_append_refused_total",
           "Messages of entries that were refused, for whatever reason."})),
      overloaded_messages_(metrics.AddCounter(
          {"dataip_ledger_append_overloaded_total",
           "Messages of entries that were refused because the queue was "
           "full."})),
      commit_seconds_(metrics.AddHistogram(
          {"dataip_ledger_commit_seconds",
           "One write of a batch to the disk, its sync included."},
          services::kSecondsBounds)),
      batch_entries_(metrics.AddHistogram(
          {"dataip_ledger_batch_entries", "Entries in one write."},
          services::kCountBounds)),
      entries_(metrics.AddCounter(
          {"dataip_ledger_entries_total",
           "Entries made durable by this process, seals included."})) {}

void Meters::Answered(Time received, const absl::Status& status) {
  if (status.ok()) {
    append_seconds_.Observe(SecondsSince(received));
    appended_messages_.Add();
    return;
  }
  refused_messages_.Add();
  if (absl::IsResourceExhausted(status)) overloaded_messages_.Add();
}

void Meters::Committed(Time begun, uint64_t entries) {
  commit_seconds_.Observe(SecondsSince(begun));
  batch_entries_.Observe(static_cast<double>(entries));
  entries_.Add(entries);
}

void MeasureLedger(Ledger& ledger, services::Metrics& metrics) {
  const auto gauge = [&metrics](const char* name, const char* help,
                                services::Metrics::Read read) {
    metrics.AddGauge({name, help}, std::move(read));
  };
  gauge("dataip_ledger_size", "Durable entries.",
        [&] { return static_cast<double>(ledger.durable().value()); });
  gauge("dataip_ledger_checkpoint_size", "Entries under the checkpoint.",
        [&] { return static_cast<double>(ledger.published().value()); });
  gauge("dataip_ledger_checkpoint_age_seconds",
        "Since the seal under the newest checkpoint.",
        [&] { return AgeOfCheckpoint(ledger); });
  gauge("dataip_ledger_queued_messages", "Messages waiting to be numbered.",
        [&] {
          return static_cast<double>(ledger.sequencer().queued().messages);
        });
  gauge("dataip_ledger_queued_bytes", "Bytes waiting to be numbered.",
        [&] { return static_cast<double>(ledger.sequencer().queued().bytes); });
  gauge("dataip_ledger_halted",
        "1 when nothing is appended: the clock is not believed, or a witness "
        "contradicts.",
        [&] { return ledger.halting().IsSet() ? 1 : 0; });
}

}  // namespace dataip::ledger
