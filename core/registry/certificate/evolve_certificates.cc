#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "core/registry/certificate/new_sheet.h"
#include "core/registry/certificate/rules.h"
#include "core/registry/state/licence_term.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "core/registry/values/money.h"
#include "core/registry/values/number_scheme.h"

namespace dataip::registry {
namespace {

void Add(Realised& realised, const v1::UsageRecorded& recorded) {
  realised.fen =
      AddFen(realised.fen, recorded.value_fen()).value_or(realised.fen);
  realised.events += static_cast<uint64_t>(recorded.counted_size());
}

void SetStatus(v1::Certificate& certificate, v1::StatusRecord record,
               const std::string& bytes) {
  *certificate.mutable_status() = std::move(record);
  certificate.add_status_records(bytes);
}

std::set<std::string> LicenceOverlaysOf(const v1::StatusRecord& record) {
  std::set<std::string> commitments;
  for (const v1::Overlay& overlay : record.overlays()) {
    if (overlay.kind() == v1::LICENCE) commitments.insert(overlay.commitment());
  }
  return commitments;
}

// The overlay that came with the licence that was filed or changed just
// before: one that was changed has lost its own, one that was filed is the
// last.
void KeepLicenceOverlay(State& state, const v1::Certificate& certificate,
                        const v1::StatusRecord& record) {
  const auto numbers = state.licences_of.find(certificate.number());
  if (numbers == state.licences_of.end() || numbers->second.empty()) return;
  const std::set<std::string> before = LicenceOverlaysOf(certificate.status());
  const std::set<std::string> now = LicenceOverlaysOf(record);
  std::string licence_no = numbers->second.back();
  for (const std::string& number : numbers->second) {
    const auto kept = state.licence_overlays.find(number);
    if (kept == state.licence_overlays.end()) continue;
    if (now.count(kept->second) == 0) licence_no = number;
  }
  for (const std::string& commitment : now) {
    if (before.count(commitment) == 0) {
      state.licence_overlays[licence_no] = commitment;
    }
  }
}

// The licence that hangs on a certificate no more.
void TakeOff(State& state, const v1::Licence& licence) {
  state.due.erase(LicenceDueOf(licence));
  state.licence_overlays.erase(licence.licence_no());
  state.unconfirmed_licences.erase(licence.licence_no());
}

bool EndsLicences(v1::CertificateState how) {
  return how == v1::CANCELLED || how == v1::REVOKED || how == v1::EXPIRED;
}

// No licence outlives its certificate.
void EndLicences(State& state, const v1::Certificate& certificate) {
  const auto numbers = state.licences_of.find(certificate.number());
  if (numbers == state.licences_of.end()) return;
  const std::string last_day =
      certificate.status().state() == v1::EXPIRED
          ? certificate.content().valid_to()
          : FormatDate(ShanghaiDate(state.last_decided_at_ms));
  for (const std::string& number : numbers->second) {
    const auto found = state.licences.find(number);
    if (found == state.licences.end() ||
        state.licence_overlays.count(number) == 0) {
      continue;
    }
    v1::Licence& licence = found->second.licence;
    TakeOff(state, licence);
    licence.set_ended_on(std::min(LastDayOf(licence), last_day));
    licence.set_version(licence.version() + 1);
  }
}

}  // namespace

void EvolveCertificateIssued(State& state, const v1::Event& event) {
  const v1::CertificateIssued& issued = event.certificate_issued();
  auto content = ParseCanonical<v1::CertificateContent>(issued.content());
  auto record = ParseCanonical<v1::StatusRecord>(issued.status_record());
  if (!content.ok() || !record.ok()) return;
  v1::Certificate& certificate = state.certificates[content->number()];
  certificate.set_number(content->number());
  certificate.set_content_bytes(issued.content());
  *certificate.mutable_content() = *std::move(content);
  SetStatus(certificate, *std::move(record), issued.status_record());
  CountUp(state.counters.certificates, CertificateSerial(certificate.number()));
  // A registration that no application led to.
  if (certificate.content().application_no().empty() &&
      certificate.content().replaces().empty()) {
    CountUp(state.counters.registrations,
            RegistrationSerial(certificate.content().registration_number()));
  }
  SettleNewSheet(state, certificate);
}

// The day stands in the content as valid_from; nothing more to keep.
void EvolveCertificateAnnounced(State&, const v1::Event&) {}

void EvolveStatusChanged(State& state, const v1::Event& event) {
  const std::string& bytes = event.status_changed().status_record();
  auto record = ParseCanonical<v1::StatusRecord>(bytes);
  if (!record.ok()) return;
  const auto found = state.certificates.find(record->number());
  if (found == state.certificates.end()) return;
  KeepLicenceOverlay(state, found->second, *record);
  SetStatus(found->second, *std::move(record), bytes);
  const v1::CertificateState now = found->second.status().state();
  if (now != v1::VALID) SettleExpiry(state, found->second);
  if (EndsLicences(now)) EndLicences(state, found->second);
}

void EvolveLicenceFiled(State& state, const v1::Event& event) {
  const v1::Licence& licence = event.licence_filed().licence();
  state.licences[licence.licence_no()].licence = licence;
  state.licences_of[licence.certificate_number()].push_back(
      licence.licence_no());
  ++state.counters.licences;
  state.unconfirmed_licences.insert(licence.licence_no());
  // Of what is not there nothing can be ended.
  if (state.certificates.count(licence.certificate_number()) != 0) {
    state.due.insert(LicenceDueOf(licence));
  }
}

void EvolveLicenceConfirmed(State& state, const v1::Event& event) {
  const auto found =
      state.licences.find(event.licence_confirmed().licence_no());
  if (found == state.licences.end()) return;
  v1::Licence& licence = found->second.licence;
  licence.set_confirmed_at_ms(state.last_decided_at_ms);
  state.unconfirmed_licences.erase(licence.licence_no());
  licence.set_version(licence.version() + 1);
}

void EvolveLicenceChanged(State& state, const v1::Event& event) {
  const v1::Licence& changed = event.licence_changed().licence();
  const auto found = state.licences.find(changed.licence_no());
  if (found == state.licences.end()) return;
  if (state.due.erase(LicenceDueOf(found->second.licence)) != 0) {
    state.due.insert(LicenceDueOf(changed));
  }
  found->second.licence = changed;
  if (changed.confirmed_at_ms() == 0) {
    state.unconfirmed_licences.insert(changed.licence_no());
  } else {
    state.unconfirmed_licences.erase(changed.licence_no());
  }
}

void EvolveLicenceEnded(State& state, const v1::Event& event) {
  const v1::LicenceEnded& ended = event.licence_ended();
  const auto found = state.licences.find(ended.licence_no());
  if (found == state.licences.end()) return;
  v1::Licence& licence = found->second.licence;
  const bool is_due = state.due.erase(LicenceDueOf(licence)) != 0;
  licence.set_ended_on(ended.ended_on());
  licence.set_version(licence.version() + 1);
  state.unconfirmed_licences.erase(ended.licence_no());
  const Due due = LicenceDueOf(licence);
  if (due.at_ms < state.last_decided_at_ms) {
    const auto overlay = state.licence_overlays.find(ended.licence_no());
    if (overlay == state.licence_overlays.end()) return;
    state.overlays_over_ms[overlay->second] = due.at_ms;
    state.licence_overlays.erase(overlay);
  } else if (is_due) {
    state.due.insert(due);
  }
}

void EvolveUsageRecorded(State& state, const v1::Event& event) {
  const v1::UsageRecorded& recorded = event.usage_recorded();
  const auto found = state.licences.find(recorded.licence_no());
  if (found == state.licences.end()) return;
  LicenceState& licence = found->second;
  for (const v1::CountedUsage& counted : recorded.counted()) {
    const v1::UsageEvent& usage = counted.event();
    licence.usage[{usage.source(), usage.id()}].counted = counted;
    if (usage.reverses_id().empty()) continue;
    const auto taken_back =
        licence.usage.find({usage.source(), usage.reverses_id()});
    if (taken_back != licence.usage.end()) taken_back->second.reversed = true;
  }
  Add(licence.realised, recorded);
  Add(state.value_of_certificate[recorded.certificate_number()], recorded);
  Add(state.value_of_party[licence.licence.licensor()], recorded);
  Add(state.value_total, recorded);
  const auto certificate =
      state.certificates.find(recorded.certificate_number());
  if (certificate == state.certificates.end()) return;
  certificate->second.set_realised_value_fen(
      state.value_of_certificate[recorded.certificate_number()].fen);
}

}  // namespace dataip::registry
