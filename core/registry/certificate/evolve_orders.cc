// What is done to certificates ex officio.
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/crypto/command_signature.h"
#include "core/registry/certificate/certificate_content.h"
#include "core/registry/certificate/certificate_orders.h"
#include "core/registry/certificate/rules.h"
#include "core/registry/state/profiles.h"
#include "core/registry/tables/calendar.h"
#include "core/registry/values/canonical.h"

namespace dataip::registry {
namespace {

v1::Certificate* NewestIn(State& state, absl::string_view number) {
  const v1::Certificate* newest = NewestSheet(state, number);
  if (newest == nullptr) return nullptr;
  const auto found = state.certificates.find(newest->number());
  return found == state.certificates.end() ? nullptr : &found->second;
}

// The revocation to change, its version raised; null when there is none.
v1::Revocation* Touch(State& state, const std::string& revocation_no) {
  const auto found = state.revocations.find(revocation_no);
  if (found == state.revocations.end()) return nullptr;
  found->second.set_version(found->second.version() + 1);
  return &found->second;
}

// Decided or dropped: no deadline of it counts any more.
v1::Certificate* Close(State& state, v1::Revocation& revocation,
                       v1::RevocationState how) {
  revocation.set_state(how);
  state.open_revocations.erase(revocation.revocation_no());
  state.provisional.erase(revocation.revocation_no());
  v1::Certificate* newest = NewestIn(state, revocation.certificate_number());
  if (newest != nullptr) newest->clear_open_revocation();
  return newest;
}

std::optional<Due> FreezeDue(const v1::Freeze& freeze) {
  const auto until = ParseDate(freeze.until());
  if (!until) return std::nullopt;
  return Due{EndOfDayMs(*until), DueKind::kFreeze, freeze.freeze_no()};
}

}  // namespace

void EvolveCertificateExpired(State& state, const v1::Event& event) {
  const auto found =
      state.certificates.find(event.certificate_expired().certificate_number());
  if (found == state.certificates.end()) return;
  state.due.erase(ExpiryOf(state, found->second));
}

void EvolveRevocationOpened(State& state, const v1::Event& event) {
  const v1::Revocation& opened = event.revocation_opened().revocation();
  state.revocations[opened.revocation_no()] = opened;
  ++state.counters.revocations;
  state.open_revocations.insert(opened.revocation_no());
  if (opened.hearing_deadline().provisional()) {
    state.provisional.insert(opened.revocation_no());
  }
  v1::Certificate* sheet = NewestIn(state, opened.certificate_number());
  if (sheet != nullptr) sheet->set_open_revocation(opened.revocation_no());
}

void EvolveRevocationHeard(State& state, const v1::Event& event) {
  const v1::RevocationHeard& heard = event.revocation_heard();
  v1::Revocation* revocation = Touch(state, heard.revocation_no());
  if (revocation == nullptr) return;
  revocation->mutable_statement_files()->MergeFrom(heard.files());
  revocation->set_heard_at_ms(state.last_decided_at_ms);
  const v1::Certificate* sheet =
      NewestSheet(state, revocation->certificate_number());
  if (sheet != nullptr && sheet->content().holders_size() > 1) {
    // Others may still speak, until the deadline.
    std::string* said = revocation->mutable_statement();
    absl::StrAppend(said, said->empty() ? "" : "\n", heard.statement());
    return;
  }
  revocation->set_statement(heard.statement());
  revocation->set_state(v1::REVOCATION_HEARD);
  state.provisional.erase(heard.revocation_no());
}

void EvolveCertificateRevoked(State& state, const v1::Event& event) {
  const v1::CertificateRevoked& revoked = event.certificate_revoked();
  v1::Revocation* revocation = Touch(state, revoked.revocation_no());
  if (revocation == nullptr) return;
  const v1::Certificate* sheet =
      Close(state, *revocation, v1::REVOCATION_DECIDED);
  if (sheet == nullptr) return;
  state.due.erase(ExpiryOf(state, *sheet));
  if (revoked.effect() == v1::FROM_REGISTRATION) {
    state.annulled.insert(sheet->content().registration_number());
  }
}

void EvolveRevocationDropped(State& state, const v1::Event& event) {
  v1::Revocation* revocation =
      Touch(state, event.revocation_dropped().revocation_no());
  if (revocation != nullptr) {
    Close(state, *revocation, v1::REVOCATION_DROPPED);
  }
}

void EvolveCertificateFrozen(State& state, const v1::Event& event) {
  const v1::CertificateFrozen& frozen = event.certificate_frozen();
  const v1::Freeze& freeze = frozen.freeze();
  state.freezes[freeze.freeze_no()] = freeze;
  state.freeze_overlays[freeze.freeze_no()] =
      OverlayOf(v1::FREEZE, 0, frozen.salt(), SerializeCanonical(freeze))
          .commitment();
  ++state.counters.freezes;
  if (const auto due = FreezeDue(freeze)) state.due.insert(*due);
}

void EvolveFreezeReleased(State& state, const v1::Event& event) {
  const auto found = state.freezes.find(event.freeze_released().freeze_no());
  if (found == state.freezes.end()) return;
  const auto due = FreezeDue(found->second);
  if (due) state.due.erase(*due);
  const auto overlay = state.freeze_overlays.find(found->first);
  if (overlay != state.freeze_overlays.end()) {
    if (due && due->at_ms < state.last_decided_at_ms) {
      state.overlays_over_ms[overlay->second] = due->at_ms;
    }
    state.freeze_overlays.erase(overlay);
  }
  state.freezes.erase(found);
}

// The new sheet and the status of the one before stand beside it.
void EvolveCertificateCorrected(State&, const v1::Event&) {}

// Numbers, aliases and profile come with the sheet that is issued beside it.
void EvolveCertificateImported(State&, const v1::Event&) {}

}  // namespace dataip::registry
