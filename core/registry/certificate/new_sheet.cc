#include "core/registry/certificate/new_sheet.h"

#include <algorithm>
#include <string>

#include "core/registry/certificate/certificate_content.h"
#include "core/registry/state/profiles.h"

namespace dataip::registry {
namespace {

bool HasOpenRenewal(const State& state, const v1::Certificate& certificate) {
  return std::any_of(
      certificate.open_requests().begin(), certificate.open_requests().end(),
      [&](const std::string& number) {
        const auto* request = FindRequest(state, number);
        return request != nullptr && request->body().has_renewal();
      });
}

v1::ProfileRef FirstProfile(const State& state, const v1::Certificate& sheet) {
  const v1::Application* application =
      FindApplication(state, sheet.content().application_no());
  if (application != nullptr && !application->profile().sha256().empty()) {
    return application->profile();
  }
  return ProfileOn(state, ShanghaiDate(state.last_decided_at_ms));
}

// Every older number leads to the newest sheet in one step.
void PointNumbers(State& state, const v1::Certificate& sheet) {
  state.registration_numbers[sheet.content().registration_number()] =
      sheet.number();
  std::string older = sheet.content().replaces();
  while (!older.empty()) {
    state.aliases[older] = sheet.number();
    const auto found = state.certificates.find(older);
    older = found == state.certificates.end()
                ? std::string()
                : found->second.content().replaces();
  }
  for (const std::string& legacy : sheet.content().legacy_numbers()) {
    state.aliases[legacy] = sheet.number();
  }
}

void MoveRequests(State& state, v1::Certificate& before,
                  v1::Certificate& sheet) {
  for (const std::string& number : before.open_requests()) {
    const auto request = state.requests.find(number);
    if (request == state.requests.end()) continue;
    request->second.set_certificate_number(sheet.number());
  }
  *sheet.mutable_open_requests() = before.open_requests();
  before.clear_open_requests();
  sheet.set_open_revocation(before.open_revocation());
  before.clear_open_revocation();
}

// Licences follow the object; whoever holds it now is the licensor.
void MoveLicences(State& state, const std::string& before,
                  const v1::Certificate& sheet) {
  const auto numbers = state.licences_of.find(before);
  if (numbers == state.licences_of.end()) return;
  for (const std::string& number : numbers->second) {
    const auto found = state.licences.find(number);
    if (found == state.licences.end()) continue;
    v1::Licence& licence = found->second.licence;
    licence.set_certificate_number(sheet.number());
    if (IsHolder(sheet, licence.licensor())) continue;
    if (sheet.content().holders().empty()) continue;
    licence.set_licensor(sheet.content().holders(0).party_number());
  }
  state.licences_of[sheet.number()] = numbers->second;
  state.licences_of.erase(before);
}

void MovePledges(State& state, const std::string& before,
                 const v1::Certificate& sheet) {
  if (!HasOverlay(sheet.status(), v1::PLEDGE)) return;
  for (auto& [number, pledge] : state.pledges) {
    if (pledge.certificate_number() == before) {
      pledge.set_certificate_number(sheet.number());
    }
  }
}

}  // namespace

void SettleExpiry(State& state, const v1::Certificate& certificate) {
  const Due due = ExpiryOf(state, certificate);
  if (certificate.status().state() == v1::VALID &&
      !HasOpenRenewal(state, certificate)) {
    state.due.insert(due);
  } else {
    state.due.erase(due);
  }
}

void SettleNewSheet(State& state, v1::Certificate& sheet) {
  const auto before = state.certificates.find(sheet.content().replaces());
  // RequestGranted has set it for the sheet that comes of a request.
  if (sheet.profile().sha256().empty()) {
    *sheet.mutable_profile() = before == state.certificates.end()
                                   ? FirstProfile(state, sheet)
                                   : before->second.profile();
  }
  PointNumbers(state, sheet);
  if (before != state.certificates.end()) {
    state.due.erase(ExpiryOf(state, before->second));
    MoveRequests(state, before->second, sheet);
    MoveLicences(state, before->first, sheet);
    MovePledges(state, before->first, sheet);
  }
  SettleExpiry(state, sheet);
}

}  // namespace dataip::registry
