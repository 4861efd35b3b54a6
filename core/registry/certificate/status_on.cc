#include "core/registry/certificate/status_on.h"

#include <utility>
#include <vector>

#include "core/registry/certificate/certificate_content.h"
#include "core/registry/certificate/certificate_orders.h"
#include "core/registry/values/canonical.h"

namespace dataip::registry {
namespace {

// The last record that was decided by then.
std::optional<v1::StatusRecord> RecordAt(const v1::Certificate& sheet,
                                         int64_t at_ms) {
  for (int i = sheet.status_records_size() - 1; i >= 0; --i) {
    auto record = ParseCanonical<v1::StatusRecord>(sheet.status_records(i));
    if (!record.ok()) continue;
    if (ToUnixMs(record->decided_at()).value_or(0) <= at_ms) {
      return *std::move(record);
    }
  }
  return std::nullopt;
}

struct InForce {
  const v1::Certificate* sheet = nullptr;
  v1::StatusRecord record;
};

// The newest sheet of the chain that was there by then.
InForce InForceAt(const State& state, const v1::Certificate* newest,
                  int64_t at_ms) {
  for (const v1::Certificate* sheet = newest; sheet != nullptr;
       sheet = FindSheet(state, sheet->content().replaces())) {
    if (auto record = RecordAt(*sheet, at_ms)) {
      return {sheet, *std::move(record)};
    }
  }
  return {};
}

v1::CertificateState StateAt(const State& state, const v1::Certificate& sheet,
                             const v1::StatusRecord& record, int64_t at_ms) {
  if (state.annulled.count(sheet.content().registration_number()) > 0) {
    return v1::REVOKED;
  }
  if (record.state() != v1::VALID) return record.state();
  // A term that waits for a renewal is over without an end, yet.
  const Due end = ExpiryOf(state, sheet);
  const bool ended =
      sheet.status().state() == v1::EXPIRED || state.due.count(end) > 0;
  return ended && end.at_ms < at_ms ? v1::EXPIRED : v1::VALID;
}

// Whether the last day of the overlay was over by then, though the clock came
// to it later or not yet.
bool IsOver(const State& state, const std::string& commitment, int64_t at_ms) {
  const auto over = state.overlays_over_ms.find(commitment);
  if (over != state.overlays_over_ms.end()) return over->second < at_ms;
  for (const Due& due : state.due) {
    if (due.at_ms >= at_ms) break;
    const auto& overlays = due.kind == DueKind::kFreeze
                               ? state.freeze_overlays
                               : state.licence_overlays;
    if (due.kind != DueKind::kFreeze && due.kind != DueKind::kLicence) continue;
    const auto overlay = overlays.find(due.key);
    if (overlay != overlays.end() && overlay->second == commitment) return true;
  }
  return false;
}

void LeaveOutOver(const State& state, int64_t at_ms, v1::StatusRecord& record) {
  std::vector<v1::Overlay> lying;
  for (const v1::Overlay& overlay : record.overlays()) {
    if (!IsOver(state, overlay.commitment(), at_ms)) lying.push_back(overlay);
  }
  record.mutable_overlays()->Assign(lying.begin(), lying.end());
}

}  // namespace

std::optional<v1::StatusOn> StatusOn(const State& state,
                                     absl::string_view number,
                                     const CivilDate& day) {
  const v1::Certificate* newest = NewestSheet(state, number);
  if (newest == nullptr) return std::nullopt;
  const int64_t at_ms = EndOfDayMs(day);
  v1::StatusOn answer;
  answer.set_day(FormatDate(day));
  InForce told = InForceAt(state, newest, at_ms);
  if (told.sheet == nullptr) return answer;
  answer.set_number(told.sheet->number());
  if (const v1::Certificate* asked = FindSheet(state, number)) {
    // Before it was issued an older sheet spoke for the registration.
    auto record = RecordAt(*asked, at_ms);
    if (record) told = {asked, *std::move(record)};
  }
  answer.set_state(StateAt(state, *told.sheet, told.record, at_ms));
  LeaveOutOver(state, at_ms, told.record);
  *answer.mutable_status() = std::move(told.record);
  return answer;
}

}  // namespace dataip::registry
